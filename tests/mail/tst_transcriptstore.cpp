#include "mail/store/transcriptstore.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using mail::Completion;
using mail::Result;
using mail::Transcript;
using mail::TranscriptStore;

namespace {

constexpr qint64 Day = 86'400'000'000;

smtp::SessionFacts facts(const QByteArray &id, qint64 startedAt = 1'795'000'000'000'000)
{
    smtp::SessionFacts session;
    session.id = id;
    session.startedAt = startedAt;
    session.peerAddress = QHostAddress(QStringLiteral("192.0.2.7"));
    session.peerPort = 4711;
    session.esmtp = true;
    session.peerName = "odd\xff name";
    return session;
}

smtp::TranscriptEntry line(const QByteArray &bytes, qint64 at = 1)
{
    return {at, smtp::Speaker::Client, false, bytes, 0};
}

template <typename T, typename Call> Result<T> wait(Call call)
{
    std::optional<Result<T>> result;
    call(Completion<T>([&](Result<T> had) { result = std::move(had); }));
    if (!QTest::qWaitFor([&] { return result.has_value(); }, 20000))
        return tl::unexpected(mail::Error{});
    return *result;
}

Result<Transcript> transcriptOf(TranscriptStore &store, const QByteArray &id)
{
    QObject context;
    return wait<Transcript>([&](auto done) { store.transcript(id, &context, done); });
}

QList<QByteArray> listed(TranscriptStore &store, int offset, int limit)
{
    QObject context;
    QList<QByteArray> ids;
    const auto sessions
        = wait<QList<smtp::SessionFacts>>([&](auto done) { store.sessions(offset, limit, &context, done); });
    for (const smtp::SessionFacts &session : sessions.value_or(QList<smtp::SessionFacts>()))
        ids.append(session.id);
    return ids;
}

} // namespace

class tst_TranscriptStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesBackEveryOctet();
    void liveSessionIsWhole();
    void listsNewestFirst();
    void cutSessionIsBroken();
    void batchesForTheWindow();
    void oldDaysGo();
    void manySessions();
};

void tst_TranscriptStore::givesBackEveryOctet()
{
    QTemporaryDir folder;
    QList<smtp::TranscriptEntry> said;
    for (int octet = 0; octet < 256; ++octet)
        said.append(line(QByteArray(1, char(octet)) + "x", octet));
    said.append({7, smtp::Speaker::Server, false, "\"quoted\\\" \xE2\x82\xAC", 0});
    said.append({8, smtp::Speaker::Client, true, "From: x\r\n\0\xff", 123456});
    smtp::SessionFacts session = facts("S1");
    {
        auto store = std::move(*TranscriptStore::open(folder.path(), 0));
        store->opened(session);
        for (const smtp::TranscriptEntry &entry : said)
            store->recorded("S1", entry);
        session.outcome = smtp::SessionOutcome::Completed;
        session.ending = "QUIT";
        store->closed(session);
    }
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    const auto back = transcriptOf(*store, "S1");
    QVERIFY(back.has_value());
    QCOMPARE(back->first, session);
    QCOMPARE(back->second, said);
    QVERIFY(!transcriptOf(*store, "unknown").has_value());
}

void tst_TranscriptStore::liveSessionIsWhole()
{
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    store->opened(facts("S1"));
    for (int i = 0; i < 5; ++i) {
        store->recorded("S1", line("line " + QByteArray::number(i), i));
        const auto now = transcriptOf(*store, "S1");
        QCOMPARE(now->second.size(), i + 1);
        QCOMPARE(now->first.outcome, smtp::SessionOutcome::Open);
    }
    QCOMPARE(listed(*store, 0, 10), QList<QByteArray>{"S1"});
}

void tst_TranscriptStore::listsNewestFirst()
{
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    const qint64 start = facts({}).startedAt;
    QList<QByteArray> expected;
    for (int i = 0; i < 30; ++i) {
        const QByteArray id = "S" + QByteArray::number(i);
        smtp::SessionFacts session = facts(id, start + (i / 10) * Day + i * 1000);
        store->opened(session);
        store->closed(session);
        expected.prepend(id);
    }
    QCOMPARE(listed(*store, 0, 100), expected);
    QCOMPARE(listed(*store, 7, 10), expected.mid(7, 10));
    QCOMPARE(listed(*store, 29, 10), expected.mid(29));
    QCOMPARE(QDir(folder.filePath(QStringLiteral("sessions"))).entryList(QDir::Files).size(), 3);
    store = std::move(*TranscriptStore::open(folder.path(), 0));
    QCOMPARE(listed(*store, 12, 10), expected.mid(12, 10));
}

void tst_TranscriptStore::cutSessionIsBroken()
{
    QTemporaryDir folder;
    {
        auto store = std::move(*TranscriptStore::open(folder.path(), 0));
        store->opened(facts("S1"));
        store->recorded("S1", line("EHLO x"));
        QVERIFY(transcriptOf(*store, "S1").has_value());
        store->recorded("S1", line("MAIL"));
    }
    const QDir sessions(folder.filePath(QStringLiteral("sessions")));
    QFile file(sessions.filePath(sessions.entryList(QDir::Files).value(0)));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.resize(file.size() - 5));
    file.close();
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    const auto back = transcriptOf(*store, "S1");
    QCOMPARE(back->second, QList<smtp::TranscriptEntry>{line("EHLO x")});
    QCOMPARE(back->first.outcome, smtp::SessionOutcome::Broken);
    store->opened(facts("S2"));
    store.reset();
    store = std::move(*TranscriptStore::open(folder.path(), 0));
    QCOMPARE(listed(*store, 0, 10), (QList<QByteArray>{"S2", "S1"}));
}

void tst_TranscriptStore::batchesForTheWindow()
{
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    qsizetype entries = 0;
    QList<QByteArray> ids;
    QObject context;
    QObject::connect(store.get(), &TranscriptStore::batched, &context,
        [&](const QList<smtp::SessionFacts> &sessions,
            const QList<std::pair<QByteArray, smtp::TranscriptEntry>> &batch) {
            QVERIFY(batch.size() <= 2000);
            entries += batch.size();
            for (const smtp::SessionFacts &session : sessions)
                ids.append(session.id);
        });
    store->opened(facts("S1"));
    store->recorded("S1", line("EHLO x"));
    store->closed(facts("S1"));
    QTRY_COMPARE(entries, 1);
    QVERIFY(ids.contains("S1"));
    store->opened(facts("S2"));
    for (int i = 0; i < 20000; ++i)
        store->recorded("S2", line("x"));
    QTRY_COMPARE(transcriptOf(*store, "S2")->second.size(), 20000);
}

void tst_TranscriptStore::oldDaysGo()
{
    QTemporaryDir folder;
    QDir(folder.path()).mkpath(QStringLiteral("sessions"));
    const QString old = folder.filePath(QStringLiteral("sessions/2001-01-01.jsonl"));
    QFile file(old);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    auto store = std::move(*TranscriptStore::open(folder.path(), 30));
    store->opened(facts("S1"));
    QTRY_VERIFY(!QFile::exists(old));
}

void tst_TranscriptStore::manySessions()
{
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    for (int i = 0; i < 5000; ++i) {
        const smtp::SessionFacts session = facts("S" + QByteArray::number(i), facts({}).startedAt + i);
        store->opened(session);
        for (int j = 0; j < 8; ++j)
            store->recorded(session.id, line("a line of the dialogue"));
        store->closed(session);
    }
    QCOMPARE(listed(*store, 0, 2), (QList<QByteArray>{"S4999", "S4998"}));
    QCOMPARE(listed(*store, 4999, 2), QList<QByteArray>{"S0"});
    QCOMPARE(transcriptOf(*store, "S17")->second.size(), 8);
}

QTEST_GUILESS_MAIN(tst_TranscriptStore)
#include "tst_transcriptstore.moc"
