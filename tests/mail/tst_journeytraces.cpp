// What sessions found out stands in the record of the message that they carried: read back as it was, piece
// by piece, of those sessions alone; a damaged or missing piece is said to be so.
#include "mail/base/crc32c.h"
#include "mail/journey/journeyline.h"
#include "mail/journey/journeystore.h"
#include "tests/support/awaited.h"
#include "tests/support/journeys.h"

#include <QtTest>

#include <random>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

const QByteArray carried = "1J1B9AUMIJ5AAAAAA";
const QByteArray session = "1J1B9AUMIJ5GHHBMQ";

smtp::SessionFacts factsOf(const QByteArray &id)
{
    smtp::SessionFacts facts;
    facts.id = id;
    facts.role = smtp::SessionRole::Client;
    facts.outcome = smtp::SessionOutcome::Completed;
    facts.startedAt = noon * 1000;
    facts.endedAt = facts.startedAt + 1;
    return facts;
}

/// Its first attempt was made in that session.
QList<JourneyNote> notesOf(const QByteArray &id)
{
    const QueueEntry came = entryTo(id, {"bob", "carol"});
    const QueueEvents events = everything().first(3);
    return {{JourneyNote::Kind::Came, noon, came, {}},
        {JourneyNote::Kind::Events, noon + 1, applyAll(came, events), events}};
}

smtp::SessionTrace bothPieces()
{
    return smtp::joined(traceOf(session), traceOf(session, 1));
}

} // namespace

class TestJourneyTraces : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("journeys")));
        QVERIFY(QDir(m_folder->path()).mkpath(QStringLiteral("queue/done")));
    }
    void cleanup() { m_folder.reset(); }

    void piecesAreReadBack();
    void aPieceThatIsMissingIsSaid();
    void strangersLeaveNone();
    void whatEndedEarlyIsKept();
    void anOlderRecordHasNone();
    void eventsHaveRoomBesideThem();
    void damageIsSaid();
    void whatCannotBeReadIsSaid_data();
    void whatCannotBeReadIsSaid();

private:
    [[nodiscard]] QString folder() const { return m_folder->path() + QStringLiteral("/journeys"); }
    [[nodiscard]] QString file() const { return folder() + QStringLiteral("/2026-11-28.jsonl"); }
    [[nodiscard]] QByteArray octets() const
    {
        QFile opened(file());
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    [[nodiscard]] Journey read(const QByteArray &id = carried) const
    {
        return JourneyFiles(folder()).find({id}).value(0);
    }
    void keep(const QList<smtp::SessionTrace> &pieces) const
    {
        JourneyFiles files(folder());
        QVERIFY(!files.append(notesOf(carried), {}).error);
        for (const smtp::SessionTrace &piece : pieces) // each in a write of its own
            QVERIFY(!files.append({}, {}, {piece}).error);
        QVERIFY(!files.append({}, {factsOf(session)}).error);
    }

    std::optional<QTemporaryDir> m_folder;
};

void TestJourneyTraces::piecesAreReadBack()
{
    keep({traceOf(session), traceOf(session, 1)});
    const Journey journey = read();
    QVERIFY(!journey.isDamaged);
    QCOMPARE(journey.sessions.size(), 1);
    QCOMPARE(journey.traces.size(), 1);
    QVERIFY(journey.traces.first() == bothPieces());
    QCOMPARE(journey.traces.first().stages.size(), 4 + 5 + 5);
}

void TestJourneyTraces::aPieceThatIsMissingIsSaid()
{
    keep({traceOf(session), traceOf(session, 2)});
    const Journey journey = read();
    QVERIFY(journey.isDamaged);
    QCOMPARE(journey.traces.value(0).stages.size(), 4 + 5 + 5);
}

void TestJourneyTraces::strangersLeaveNone()
{
    {
        const auto store = JourneyStore::open(m_folder->path(), 0);
        QVERIFY(store);
        (*store)->note(entryTo(carried, {"bob", "carol"}), {});
        const QueueEvents opening = everything().first(2);
        (*store)->note(applyAll(entryTo(carried, {"bob", "carol"}), opening), opening);
        (*store)->noteTrace(traceOf("1J1B9AUMIJ5STRANG"));
        (*store)->noteTrace(traceOf(session));
        (*store)->noteTrace(traceOf(session, 1));
        (*store)->noteSessions({factsOf("1J1B9AUMIJ5STRANG"), factsOf(session)});
    }
    QVERIFY(read().traces.value(0) == bothPieces());
    QVERIFY(!octets().contains("1J1B9AUMIJ5STRANG"));
}

/// A look-up that fails is over before it is said for which message it was.
void TestJourneyTraces::whatEndedEarlyIsKept()
{
    {
        const auto store = JourneyStore::open(m_folder->path(), 0);
        QVERIFY(store);
        (*store)->noteTrace(traceOf(session));
        (*store)->note(entryTo(carried, {"bob", "carol"}), {});
        const QueueEvents opening = everything().first(2);
        (*store)->note(applyAll(entryTo(carried, {"bob", "carol"}), opening), opening);
        (*store)->noteSessions({factsOf(session)});
    }
    QVERIFY(read().traces.value(0) == traceOf(session));
}

void TestJourneyTraces::anOlderRecordHasNone()
{
    keep({});
    const Journey journey = read();
    QVERIFY(!journey.isDamaged);
    QVERIFY(journey.traces.isEmpty());
    QCOMPARE(journey.events.size(), 3);
}

/// Past their part of a day's file traces end, and nothing of what happened is missing.
void TestJourneyTraces::eventsHaveRoomBesideThem()
{
    constexpr int many = 50;
    JourneyLimits limits;
    limits.traces = 10'000;
    limits.day = 20'000;
    JourneyFiles files(folder(), limits);
    for (int piece = 0; piece < many; ++piece)
        QVERIFY(!files.append({}, {}, {traceOf(session, piece)}).error);
    QVERIFY(octets().size() > limits.traces);
    QVERIFY(!files.append(notesOf(carried), {factsOf(session)}).error);
    const Journey journey = files.find({carried}).value(0);
    QVERIFY(!journey.isDamaged);
    QCOMPARE(journey.events.size(), 3);
    QCOMPARE(journey.sessions.size(), 1);
    QVERIFY(journey.traces.value(0).piece > 0 && journey.traces.value(0).piece < many - 1);
}

/// One octet changed, left out or added, or a whole line taken out of the middle: 3,000 records.
void TestJourneyTraces::damageIsSaid()
{
    keep({traceOf(session), traceOf(session, 1)});
    const Journey whole = read();
    const QByteArray sound = octets();
    std::mt19937 random(14); // NOLINT(cert-msc51-cpp): the same each time
    const auto below = [&random](qsizetype limit) {
        return std::uniform_int_distribution<qsizetype>(0, limit - 1)(random);
    };
    int said = 0;
    for (int i = 0; i < 3000; ++i) {
        QByteArray damaged = sound;
        const qsizetype at = below(damaged.size());
        switch (below(4)) {
        case 0:
            damaged[at] = char(damaged[at] ^ char(1 + below(255)));
            break;
        case 1:
            damaged.remove(at, 1 + below(3));
            break;
        case 2:
            damaged.insert(at, char(below(256)));
            break;
        default:
            QList<QByteArray> lines = damaged.split('\n');
            lines.removeAt(below(2) == 0 ? 1 : 4); // an event, or the first piece: others follow
            damaged = lines.join('\n');
        }
        QFile opened(file());
        QVERIFY(opened.open(QIODevice::WriteOnly) && opened.write(damaged) == damaged.size());
        opened.close();
        const Journey now = read();
        QVERIFY2(now.isDamaged || now == whole, "a damaged record passes for a whole one");
        said += now.isDamaged ? 1 : 0;
        for (const smtp::SessionTrace &trace : now.traces) {
            for (const smtp::TracedStage &stage : trace.stages)
                QVERIFY2(whole.traces.first().stages.contains(stage), "a stage that never was");
        }
    }
    QVERIFY2(said > 2800, qPrintable(QString::number(said)));
}

void TestJourneyTraces::whatCannotBeReadIsSaid_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isDamaged");
    QTest::newRow("facts") << QByteArray(R"({"session":"S","facts":{"started":1})") << false;
    QTest::newRow("facts of no session") << QByteArray(R"({"session":"","facts":{"started":1})") << true;
    QTest::newRow("facts that are none") << QByteArray(R"({"session":"S","facts":7)") << true;
    QTest::newRow("neither facts nor a trace") << QByteArray(R"({"session":"S")") << true;
}

/// The seal says that a line is as it was written, not that it can be read.
void TestJourneyTraces::whatCannotBeReadIsSaid()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, isDamaged);
    const QByteArray mark = QByteArray::number(crc32c(line), 16).rightJustified(8, '0');
    Journey journey;
    foldSession(journey, line + ",\"crc\":\"" + mark + "\"}");
    QCOMPARE(journey.isDamaged, isDamaged);
    QCOMPARE(journey.sessions.size(), isDamaged ? 0 : 1);
}

QTEST_GUILESS_MAIN(TestJourneyTraces)
#include "tst_journeytraces.moc"
