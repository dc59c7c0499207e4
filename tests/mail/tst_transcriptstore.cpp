#include "mail/transcripts/transcriptstore.h"
#include "tests/support/awaited.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace glasspost;
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

Result<Transcript> transcriptOf(TranscriptStore &store, const QByteArray &id)
{
    return test::awaited(store.transcript(id));
}

QList<QByteArray> listed(TranscriptStore &store, int offset, int limit)
{
    QList<QByteArray> ids;
    const auto sessions = test::awaited(store.sessions(offset, limit));
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
    void factsWithoutWhatWasSaid();
    void liveSessionIsWhole();
    void givesTheLastLines();
    void listsNewestFirst();
    void cutSessionIsBroken();
    void batchesForTheWindow();
    void oldDaysGo();
    void manySessions();
    void floodIsBounded_data();
    void floodIsBounded();
    void dayIsBounded();
    void folderIsBounded();
    void mailComesFirst();
    void windowThatIsBusy();
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

void tst_TranscriptStore::factsWithoutWhatWasSaid()
{
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    smtp::SessionFacts session = facts("S1");
    store->opened(session);
    session.user = "ann";
    store->changed(session);
    QCOMPARE(test::awaited(store->facts("S1")).value_or(facts({})), session);
    session.outcome = smtp::SessionOutcome::Completed;
    session.messages = 3;
    session.octets = 4096;
    session.refusedRecipients = 2;
    session.deferredRecipients = 1;
    store->closed(session);
    store->opened(facts("S2"));
    store = std::move(*TranscriptStore::open(folder.path(), 0));
    QCOMPARE(test::awaited(store->facts("S1")).value_or(facts({})), session);
    QCOMPARE(test::awaited(store->facts("S2")).value_or(facts({})).outcome,
        smtp::SessionOutcome::Broken); // cut off
    QVERIFY(!test::awaited(store->facts("unknown")).has_value());
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

/// Of a session that is on disk in many blocks; another's are between them.
void tst_TranscriptStore::givesTheLastLines()
{
    const QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    store->opened(facts("S1"));
    store->opened(facts("S2"));
    QList<smtp::TranscriptEntry> said;
    for (int block = 0; block < 5; ++block) {
        for (int i = 0; i < 10; ++i) {
            said.append(line("NOOP " + QByteArray::number(said.size()), said.size() + 1));
            store->recorded("S1", said.last());
            store->recorded("S2", line("RSET"));
        }
        QCOMPARE(transcriptOf(*store, "S1").value_or(Transcript()).second, said); // a question writes first
    }
    for (const int most : {1, 9, 10, 11, 25, 50, 1000}) {
        const auto last = test::awaited(store->transcript("S1", most));
        QVERIFY(last);
        QCOMPARE(last->first.id, QByteArray("S1"));
        QCOMPARE(last->second, said.last(std::min<qsizetype>(most, said.size())));
    }
    QVERIFY(!test::awaited(store->transcript("S3", 10)));
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

namespace {

qint64 folderSize(const QTemporaryDir &folder)
{
    qint64 size = 0;
    const QDir sessions(folder.filePath(QStringLiteral("sessions")));
    for (const QFileInfo &file : sessions.entryInfoList(QDir::Files))
        size += file.size();
    return size;
}

/// Waits until what was noted is written.
qsizetype linesOf(TranscriptStore &store, const QByteArray &id)
{
    return transcriptOf(store, id).value_or(Transcript()).second.size();
}

bool saysLeftOut(const Transcript &transcript, const QByteArray &why)
{
    return std::any_of(transcript.second.begin(), transcript.second.end(), [&](const auto &entry) {
        return entry.speaker == smtp::Speaker::Event && entry.bytes.contains(" lines left out: " + why);
    });
}

} // namespace

void tst_TranscriptStore::floodIsBounded_data()
{
    QTest::addColumn<smtp::TranscriptEntry>("entry");
    QTest::addColumn<int>("times");
    const QByteArray controls(32 * 1024, '\x01');
    QTest::newRow("T88 lines") << line("NOOP") << 100000;
    QTest::newRow("T88 long lines") << line(QByteArray(12000, 'x')) << 2000;
    QTest::newRow("T88 lines of control characters") << line(controls.left(12000)) << 2000;
    QTest::newRow("T111 refused messages of control characters, 6.4 MB")
        << smtp::TranscriptEntry{1, smtp::Speaker::Client, true, controls, controls.size()} << 200;
    QTest::newRow("T111 refused messages that are no UTF-8")
        << smtp::TranscriptEntry{1, smtp::Speaker::Client, true, QByteArray(32 * 1024, '\xff'), 32 * 1024}
        << 2000;
}

void tst_TranscriptStore::floodIsBounded()
{
    QFETCH(smtp::TranscriptEntry, entry);
    QFETCH(int, times);
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    store->opened(facts("S1"));
    for (int i = 0; i < times; ++i) {
        store->recorded("S1", entry);
        if (i % 1000 == 0)
            (void)listed(*store, 0, 1);
    }
    store->recorded("S1", {2, smtp::Speaker::Event, false, "closed: too many errors", 0});
    store->closed(facts("S1"));
    const auto kept = transcriptOf(*store, "S1");
    QVERIFY(kept.has_value());
    const mail::TranscriptLimits limits;
    const qint64 size = folderSize(folder);
    const qint64 wire = qint64(times) * (entry.isData ? entry.dataSize : entry.bytes.size());
    QVERIFY2(size < limits.session + limits.session / 4, qPrintable(QString::number(size)));
    const auto has = [&kept](const QByteArray &words) {
        return std::any_of(
            kept->second.begin(), kept->second.end(), [&](const auto &one) { return one.bytes == words; });
    };
    QVERIFY(has("closed: too many errors"));
    QCOMPARE(kept->second.first(), entry);
    if (entry.isData) { // each is there, and says how much it was
        QVERIFY2(size < 2 * limits.contents && size < wire, qPrintable(QString::number(size)));
        QCOMPARE(kept->second.size(), times + 1);
        QCOMPARE(kept->second.at(times - 1).dataSize, entry.dataSize);
    } else {
        QVERIFY(saysLeftOut(*kept, "the session's transcript has reached its limit"));
    }
}

/// Sessions past the day's limit are listed, and say what they lack; far past it they are not.
void tst_TranscriptStore::dayIsBounded()
{
    QTemporaryDir folder;
    mail::TranscriptLimits limits;
    limits.day = 100'000;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0, limits));
    int troubles = 0;
    QObject context;
    QObject::connect(store.get(), &TranscriptStore::troubled, &context, [&] { ++troubles; });
    for (int i = 0; i < 2000; ++i) {
        const smtp::SessionFacts session = facts("S" + QByteArray::number(i));
        store->opened(session);
        for (int j = 0; j < 10; ++j)
            store->recorded(session.id, line("a line of the dialogue"));
        store->closed(session);
        if (i % 20 == 0)
            (void)listed(*store, 0, 1);
    }
    QVERIFY2(folderSize(folder) < limits.day * 3 / 2, qPrintable(QString::number(folderSize(folder))));
    QCOMPARE(linesOf(*store, "S0"), 10);
    const QList<QByteArray> sessions = listed(*store, 0, 5000);
    QVERIFY2(sessions.size() > 50 && sessions.size() < 1000, qPrintable(QString::number(sessions.size())));
    const auto last = transcriptOf(*store, sessions.first());
    QVERIFY(saysLeftOut(*last, "the day's transcripts have reached their limit"));
    QTRY_COMPARE(troubles, 1);
}

void tst_TranscriptStore::folderIsBounded()
{
    QTemporaryDir folder;
    QDir(folder.path()).mkpath(QStringLiteral("sessions"));
    const auto pathOf = [&](int day) {
        return folder.filePath(QStringLiteral("sessions/2001-01-%1.jsonl").arg(day, 2, 10, QLatin1Char('0')));
    };
    for (int day = 1; day <= 9; ++day) {
        QFile file(pathOf(day));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(1000));
    }
    mail::TranscriptLimits limits;
    limits.folder = 5500;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0, limits));
    store->opened(facts("S1"));
    QTRY_VERIFY(!QFile::exists(pathOf(4)));
    (void)linesOf(*store, "S1");
    QVERIFY(QFile::exists(pathOf(5)) && QFile::exists(pathOf(9)));
}

/// Nothing is written while the disk is too full, and that is said once it is not, and to whoever listens.
void tst_TranscriptStore::mailComesFirst()
{
    QTemporaryDir folder;
    mail::TranscriptLimits limits;
    limits.diskReserve = std::numeric_limits<qint64>::max();
    auto store = std::move(*TranscriptStore::open(folder.path(), 0, limits));
    int troubles = 0;
    QObject context;
    QObject::connect(store.get(), &TranscriptStore::troubled, &context, [&](const mail::Error &error) {
        QCOMPARE(error.code, mail::ErrorCode::NoSpace);
        ++troubles;
    });
    store->opened(facts("S1"));
    for (int i = 0; i < 100; ++i) {
        store->recorded("S1", line("NOOP"));
        (void)linesOf(*store, "S1");
    }
    QTRY_COMPARE(troubles, 1);
    QCOMPARE(folderSize(folder), 0);
}

/// A window that does nothing for a while: what waits for it stays small, and it gets the end of the flood.
void tst_TranscriptStore::windowThatIsBusy()
{
    QTemporaryDir folder;
    auto store = std::move(*TranscriptStore::open(folder.path(), 0));
    qsizetype entries = 0;
    qsizetype sessions = 0;
    QByteArray latest;
    QObject context;
    QObject::connect(store.get(), &TranscriptStore::batched, &context,
        [&](const QList<smtp::SessionFacts> &told, const auto &batch) {
            entries += batch.size();
            sessions += told.size();
            latest = told.isEmpty() ? latest : told.last().id;
        });
    for (int i = 0; i < 44000; ++i) { // no event is handled meanwhile
        const smtp::SessionFacts session = facts("S" + QByteArray::number(i));
        store->opened(session);
        store->recorded(session.id, line("EHLO client.test"));
        store->closed(session);
    }
    QTRY_COMPARE_WITH_TIMEOUT(latest, QByteArray("S43999"), 30'000);
    QVERIFY2(entries <= 3 * 2000, qPrintable(QString::number(entries)));
    QVERIFY2(sessions <= 3 * 4000, qPrintable(QString::number(sessions)));
}

QTEST_GUILESS_MAIN(tst_TranscriptStore)
#include "tst_transcriptstore.moc"
