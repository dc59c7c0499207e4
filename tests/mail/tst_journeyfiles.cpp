// The record of a message's way while the disk refuses it: nothing is lost that was little, and of much the
// last is kept.
#include "mail/base/dayfiles.h"
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
    void listsNewestFirst();
    void listsByState_data();
    void listsByState();
    void listsWhatAReportSaidLater();

private:
    void write(JourneyFiles &files, const QueueEntry &came, const QueueEvents &events = {});
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

void TestJourneyFiles::write(JourneyFiles &files, const QueueEntry &came, const QueueEvents &events)
{
    QList<JourneyNote> notes{{JourneyNote::Kind::Came, came.queuedAt, came, {}}};
    QueueEntry now = came;
    for (const QueueEvent &event : events) {
        now = apply(now, event);
        notes.append({JourneyNote::Kind::Events, came.queuedAt, now, {event}});
    }
    QVERIFY(!files.append(notes, {}).error);
}

/// Over the days, and page by page.
void TestJourneyFiles::listsNewestFirst()
{
    JourneyFiles files(folder());
    QList<QByteArray> newest;
    for (int i = 0; i < 6; ++i) {
        QueueEntry came = entryTo("1J1B9AUMIJ5AAAAA" + QByteArray::number(i), {"bob"});
        came.queuedAt = noon + i / 2 * millisecondsOfDay + i;
        write(files, came);
        newest.prepend(came.id);
    }
    const auto idsOf = [&files](const JourneyFilter &filter) {
        QList<QByteArray> ids;
        for (const Journey &journey : files.list(filter).value_or(JourneyList()).journeys)
            ids.append(journey.entry.id);
        return ids;
    };
    QCOMPARE(idsOf({}), newest);
    QCOMPARE(files.list({})->next, QByteArray());
    QCOMPARE(idsOf({.since = noon + millisecondsOfDay + 3}), newest.first(3));
    QList<QByteArray> paged;
    JourneyFilter page{.limit = 4};
    for (const int size : {4, 2}) {
        const auto list = files.list(page);
        QVERIFY(list);
        QCOMPARE(list->journeys.size(), size);
        for (const Journey &journey : list->journeys)
            paged.append(journey.entry.id);
        page.olderThan = list->next;
    }
    QCOMPARE(paged, newest);
    QVERIFY(page.olderThan.isEmpty());
    const auto unknown = files.list({.olderThan = "1J1B9AUMIJ5ZZZZZZ"});
    QVERIFY(!unknown && unknown.error().code == ErrorCode::NotFound);
}

void TestJourneyFiles::listsByState_data()
{
    QTest::addColumn<RecipientState>("state");
    QTest::addColumn<QList<QByteArray>>("ids");
    QTest::newRow("waiting") << RecipientState::Waiting << QList<QByteArray>{"waiting"};
    QTest::newRow("deferred") << RecipientState::Deferred << QList<QByteArray>{"deferred"};
    QTest::newRow("held") << RecipientState::Held << QList<QByteArray>{"held"};
    QTest::newRow("delivered") << RecipientState::Delivered << QList<QByteArray>{"mixed", "delivered"};
    QTest::newRow("failed") << RecipientState::Failed << QList<QByteArray>{"mixed"};
    QTest::newRow("expired") << RecipientState::Expired << QList<QByteArray>();
}

void TestJourneyFiles::listsByState()
{
    using Result = smtp::DeliveryResult;
    QFETCH(RecipientState, state);
    QFETCH(QList<QByteArray>, ids);
    const QueueEvents deferred{AttemptBegan{0, noon + 60'000},
        Attempted{0, reportOf("bob", Result::Deferred, notNow), AttemptOutcome::Deferred}};
    const QueueEvents delivered{AttemptBegan{0, 0},
        Attempted{0, reportOf("bob", Result::Delivered, taken), AttemptOutcome::Delivered}};
    JourneyFiles files(folder());
    write(files, entryTo("waiting", {"bob"}));
    write(files, entryTo("deferred", {"bob"}), deferred);
    write(files, entryTo("held", {"bob"}), {Held()});
    write(files, entryTo("delivered", {"bob"}), delivered);
    write(files, entryTo("mixed", {"bob", "carol"}),
        delivered
            + QueueEvents{AttemptBegan{1, 0},
                Attempted{1, reportOf("carol", Result::Refused, never), AttemptOutcome::Failed}});
    const QueueEntry removed = entryTo("removed", {"bob"});
    write(files, removed);
    QVERIFY(!files.append({{JourneyNote::Kind::Removed, noon, removed, {}}}, {}).error);
    QList<QByteArray> found;
    for (const Journey &journey : files.list({.state = state}).value_or(JourneyList()).journeys)
        found.append(journey.entry.id);
    QCOMPARE(found, ids);
}

/// What was delivered and came back failed.
void TestJourneyFiles::listsWhatAReportSaidLater()
{
    JourneyFiles files(folder());
    QueueEntry came = entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    came.messageIdField = "m@example.net";
    write(files, came,
        {AttemptBegan{0, 0},
            Attempted{0, reportOf("bob", smtp::DeliveryResult::Delivered, taken), AttemptOutcome::Delivered},
            ReportFolded{bounceOf("bob"), {}, noon + 100'000}});
    const auto failed = files.list({.state = RecipientState::Failed});
    QVERIFY(failed);
    QCOMPARE(failed->journeys.size(), 1);
    QVERIFY(failed->journeys.first().entry.recipients.first().later.has_value());
    QCOMPARE(files.list({.state = RecipientState::Delivered})->journeys.size(), 1);
}

QTEST_APPLESS_MAIN(TestJourneyFiles)
#include "tst_journeyfiles.moc"
