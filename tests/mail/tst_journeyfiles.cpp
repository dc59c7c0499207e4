// The record of a message's way while the disk refuses it: nothing is lost that was little, and of much the
// last is kept.
#include "mail/journey/journeyfiles.h"
#include "tests/support/journeys.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

class TestJourneyFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder.emplace(); }
    void cleanup() { m_folder.reset(); }

    void waitsForTheDisk();
    void keepsWhatAnEntryIsOfMuchThatWaits();
    void readsOldDaysAgain();

private:
    [[nodiscard]] QString folder() const { return m_folder->path(); }
    [[nodiscard]] QString file() const { return folder() + QStringLiteral("/2026-11-28.jsonl"); }
    std::optional<QTemporaryDir> m_folder;
};

/// For the reserve that mail has, too.
void TestJourneyFiles::waitsForTheDisk()
{
    JourneyLimits limits;
    limits.diskReserve = std::numeric_limits<qint64>::max();
    JourneyFiles full(folder(), limits);
    const QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    const JourneyFiles::Appended refused = full.append({{JourneyNote::Kind::Came, noon, came, {}}}, {});
    QVERIFY(refused.error && refused.error->code == ErrorCode::NoSpace);
    QVERIFY(refused.hasLeft);
    QVERIFY(!QFile::exists(file()));
    QVERIFY(QDir().mkpath(file())); // no file can be written there
    JourneyFiles files(folder());
    QVERIFY(files.append({{JourneyNote::Kind::Came, noon, came, {}}}, {}).hasLeft);
    QVERIFY(QDir().rmdir(file()));
    const JourneyFiles::Appended written = files.append({}, {});
    QVERIFY(!written.error && !written.hasLeft);
    QCOMPARE(files.find({came.id}).value(0).entry.id, came.id);
}

void TestJourneyFiles::keepsWhatAnEntryIsOfMuchThatWaits()
{
    JourneyLimits limits;
    limits.left = 3;
    JourneyFiles files(folder(), limits);
    QVERIFY(QDir().mkpath(file()));
    const QueueEntry oldest = entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    const QueueEntry removed = entryTo("1J1B9AUMIJ5BBBBBB", {"bob"});
    const QueueEntry came = entryTo("1J1B9AUMIJ5CCCCCC", {"bob", "carol"});
    QList<JourneyNote> notes{{JourneyNote::Kind::Came, noon, oldest, {}},
        {JourneyNote::Kind::Came, noon, removed, {}}, {JourneyNote::Kind::Removed, noon + 5, removed, {}},
        {JourneyNote::Kind::Came, noon, came, {}}};
    QueueEntry now = came;
    for (const QueueEvent &event : everything().first(3)) {
        now = apply(now, event);
        notes.append({JourneyNote::Kind::Events, noon, now, {event}});
    }
    const QueueEntry whole = now;
    now = apply(now, everything().at(3));
    notes.append({noon, now, {everything().at(3)}});
    QVERIFY(files.append(notes, {}).hasLeft);
    QVERIFY(QDir().rmdir(file()));
    QVERIFY(!files.append({}, {}).hasLeft);
    JourneyFiles fresh(folder());
    QVERIFY(fresh.find({oldest.id}).value(0).entry.id.isEmpty());
    QCOMPARE(fresh.find({removed.id}).value(0).removedAt, noon + 5);
    const Journey kept = fresh.find({came.id}).value(0);
    QVERIFY(whole.recipients != now.recipients);
    QVERIFY(kept.entry.recipients == now.recipients);
    QCOMPARE(kept.events.size(), 1);
    QVERIFY(!kept.isDamaged);
}

/// What was forgotten of a day's file is read from it once more.
void TestJourneyFiles::readsOldDaysAgain()
{
    constexpr int days = 4;
    JourneyLimits limits;
    limits.remembered = 0;
    JourneyFiles files(folder(), limits);
    QList<QByteArray> ids;
    for (int i = 0; i < days; ++i) {
        QueueEntry came = entryTo("1J1B9AUMIJ5AAAAA" + QByteArray::number(i), {"bob"});
        came.queuedAt = noon + i * 86'400'000LL;
        came.messageIdField = "same@example.net";
        ids.append(came.id);
        QVERIFY(!files.append({{JourneyNote::Kind::Came, noon, came, {}}}, {}).error);
    }
    for (int again = 0; again < 2; ++again) {
        QList<QByteArray> found;
        for (const Journey &journey : files.find(ids + QList<QByteArray>{"1J1B9AUMIJ5ZZZZZZ"})) {
            QVERIFY(!journey.isDamaged);
            found.append(journey.entry.id);
        }
        QCOMPARE(found, ids);
        std::reverse(found.begin(), found.end());
        QCOMPARE(files.withMessageId("same@example.net", {}), found);
    }
    const QueueEntry now = apply(entryTo(ids.first(), {"bob"}), Held());
    QVERIFY(!files.append({{JourneyNote::Kind::Events, noon, now, {Held()}}}, {}).error);
    QCOMPARE(files.find({ids.first()}).value(0).events.size(), 1);
}

QTEST_APPLESS_MAIN(TestJourneyFiles)
#include "tst_journeyfiles.moc"
