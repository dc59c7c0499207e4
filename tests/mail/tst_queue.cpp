#include "mail/queue/queue.h"
#include "mail/queue/reportfolding.h"
#include "mail/queue/statefile.h"

#include "mail/base/posix.h"
#include "tests/support/awaited.h"

#include <QtTest>

#include <atomic>
#include <mutex>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

constexpr qint64 second = 1000;
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

/// A disk that is full while the test says so, and on which nothing is written while it holds `busy`.
class FullDisk : public FileSystemCalls
{
public:
    std::atomic<bool> fails = false;
    std::mutex busy;
    ssize_t write(int file, const char *data, size_t size) override
    {
        const std::lock_guard lock(busy);
        return fails ? (errno = ENOSPC, -1) : FileSystemCalls::write(file, data, size);
    }
};

const Attempted deferred{0, {}, AttemptOutcome::Deferred};
const Attempted delivered{0, {}, AttemptOutcome::Delivered};

smtp::Envelope envelopeTo(const QList<QByteArray> &names)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "example.net"};
    for (const QByteArray &name : names)
        envelope.recipients.append(smtp::EnvelopeRecipient{{name, "example.org"}, {}, {}});
    return envelope;
}

} // namespace

/// The queue over a real journal and folder, with clocks that the test turns.
class TestQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void survivesARestart();
    void attemptNotedBeforeACrashMakesNoStorm();
    void attemptIsNotedWhenTheMessageStands();
    void deliveredRecipientsStayDelivered();
    void doneEntriesLeaveAndAreRemembered();
    void oldRecordsAreDropped();
    void clockJumps_data();
    void clockJumps();
    void undoTimeSurvivesAClockSetBack();
    void timesShownFollowTheClock();
    void holdAndRelease();
    void removeWhileBusyIsRefused();
    void removalIsToldWhenItIsDurable();
    void refusedRemovalIsTakenBack();
    void waitingForAPersonIsNoAge();
    void withdrawnBeforeAnythingLeft();
    void restingQueueServesWhatIsAsked();
    void damagedFilesAreLeftAlone();
    void byPriority();
    void expireOwesTheReport();
    void postponedByHand();
    void otherRouteByHand();
    void busyEntriesAreNotEdited_data();
    void busyEntriesAreNotEdited();
    void heldUntilTheTimeAsked();
    void timeInQueueIsSane();
    void laterReportsAreFoldedIn();
    void doneEntriesAreKnownBeforeTheirFile();
    void twoReportsOnOneThatIsDone();
    void reportOnOneThatIsJustDone();
    void receiptsAreFoldedIn();

private:
    void open();
    void close();
    void restart();
    QByteArray put(
        const QList<QByteArray> &names, qint64 notBefore = 0, const QByteArray &messageIdField = {});
    QByteArray putEntry(const QueueEntry &entry);
    QByteArray putEnvelope(
        const smtp::Envelope &envelope, qint64 notBefore = 0, const QByteArray &messageIdField = {});
    void attempt(const QByteArray &id, int recipient, qint64 wait);
    void record(const QByteArray &id, const QueueEvents &events);
    RecipientState state(const QByteArray &id, int recipient = 0) const;
    void pass(qint64 milliseconds);
    void fold(const FoundReport &found);
    bool stands(const char *path) const;

    FullDisk m_calls;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Queue> m_queue;
    qint64 m_wall = 0;
    qint64 m_monotonic = 0;
};

void TestQueue::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_wall = 1700000000000;
    m_monotonic = 5000;
    open();
}

void TestQueue::cleanup()
{
    close();
    m_folder.reset();
}

void TestQueue::open()
{
    JournalSettings settings;
    settings.calls = &m_calls;
    auto journal = Journal::open(m_folder->path(), settings);
    QVERIFY2(journal, qPrintable(journal ? QString() : journal.error().systemText));
    m_journal = std::move(*journal);
    auto queue = Queue::open(
        m_folder->path(), *m_journal, {[this] { return m_wall; }, [this] { return m_monotonic; }});
    QVERIFY(queue);
    m_queue = std::move(*queue);
}

void TestQueue::close()
{
    m_queue.reset();
    m_journal.reset();
}

void TestQueue::restart()
{
    close();
    m_monotonic = 10; // of another boot
    open();
}

void TestQueue::pass(qint64 milliseconds)
{
    m_wall += milliseconds;
    m_monotonic += milliseconds;
}

QByteArray TestQueue::put(const QList<QByteArray> &names, qint64 notBefore, const QByteArray &messageIdField)
{
    return putEnvelope(envelopeTo(names), notBefore, messageIdField);
}

QByteArray TestQueue::putEnvelope(
    const smtp::Envelope &envelope, qint64 notBefore, const QByteArray &messageIdField)
{
    return putEntry(m_queue->prepare(envelope, notBefore, "S1", QStringLiteral("subject"), messageIdField));
}

QByteArray TestQueue::putEntry(const QueueEntry &entry)
{
    const Committed committed = m_journal->commit(m_queue->steps(entry, "Subject: subject\n\ntext\n"));
    [&] { QVERIFY(test::awaited(committed.applied)); }();
    m_queue->insert(entry);
    return entry.id;
}

// What the runner does before it opens a connection.
void TestQueue::attempt(const QByteArray &id, int recipient, qint64 wait)
{
    record(id, {AttemptBegan{recipient, m_wall + wait}});
}

// Until all of it is in its file.
void TestQueue::record(const QByteArray &id, const QueueEvents &events)
{
    const Task<void> recorded = m_queue->record(id, events);
    QVERIFY(test::awaited(recorded));
    QVERIFY(test::awaited(m_journal->commit({}).applied));
}

RecipientState TestQueue::state(const QByteArray &id, int recipient) const
{
    const QueueEntry entry = m_queue->entry(id);
    return entry.stateOf(entry.recipients.at(recipient));
}

bool TestQueue::stands(const char *path) const
{
    return QFile::exists(m_folder->filePath(QString::fromLatin1(path)));
}

void TestQueue::survivesARestart()
{
    const QByteArray id = put({"bob", "carol"});
    const QueueEntry before = m_queue->entry(id);
    QCOMPARE(m_queue->due(id), (QList<int>{0, 1}));
    restart();
    QueueEntry after = m_queue->entry(id);
    QCOMPARE(after, before);
    QCOMPARE(m_queue->dueEntries(10), QList<QByteArray>{id});
    QFile message(m_queue->messageFile(id));
    QVERIFY(message.open(QIODevice::ReadOnly));
    QCOMPARE(message.readAll(), QByteArray("Subject: subject\n\ntext\n"));
}

void TestQueue::attemptNotedBeforeACrashMakesNoStorm()
{
    const QByteArray id = put({"bob"});
    attempt(id, 0, 5 * minute);
    restart(); // as after kill -9: nobody said how it ended
    QCOMPARE(state(id), RecipientState::Deferred);
    QCOMPARE(m_queue->entry(id).recipients.first().attempts(), 1);
    QVERIFY(m_queue->due(id).isEmpty());
    QCOMPARE(m_queue->nextDueIn(), 5 * minute);
    pass(5 * minute);
    QCOMPARE(m_queue->due(id), QList<int>{0});
}

// One that has just come in may still be on its way into its file; one found at the start is there.
void TestQueue::attemptIsNotedWhenTheMessageStands()
{
    const QByteArray id = put({"bob"});
    for (int attempt = 0; attempt < 2; ++attempt) {
        bool stood = false;
        const auto noted
            = [&](const Result<void> &result) { stood = result && QFile::exists(m_queue->messageFile(id)); };
        m_queue->record(id, {AttemptBegan{0, m_wall + minute}}, Answer::WhenFiled).then(this, noted);
        QTRY_VERIFY(stood);
        restart();
    }
}

void TestQueue::deliveredRecipientsStayDelivered()
{
    const QByteArray id = put({"bob", "carol"});
    attempt(id, 0, 5 * minute);
    record(id, {delivered});
    restart();
    QCOMPARE(m_queue->due(id), QList<int>{1}); // C66
}

void TestQueue::doneEntriesLeaveAndAreRemembered()
{
    QSignalSpy removed(m_queue.get(), &Queue::removed);
    const QByteArray id = put({"bob"});
    Attempted kept = delivered;
    kept.report.reason = "kept";
    kept.report.at = 1;
    record(id, {kept});
    QCOMPARE(removed.size(), 1);
    QVERIFY(m_queue->entries().isEmpty());
    QVERIFY(!QFile::exists(m_queue->messageFile(id)));
    QCOMPARE(m_queue->entry(id).recipients.first().lastReport()->reason, QByteArray("kept"));
    restart();
    QVERIFY(m_queue->entries().isEmpty());
    QCOMPARE(state(id), RecipientState::Delivered);
    QVERIFY(m_queue->entry("../../etc/passwd").id.isEmpty());
}

void TestQueue::oldRecordsAreDropped()
{
    doneEntriesLeaveAndAreRemembered();
    const QDir records(m_folder->filePath(QStringLiteral("queue/done")));
    QCOMPARE(records.entryList(QDir::Files).size(), 1);
    m_wall = QDateTime::currentMSecsSinceEpoch() + 8 * day;
    restart();
    QTRY_VERIFY(records.entryList(QDir::Files).isEmpty());
}

void TestQueue::clockJumps_data()
{
    QTest::addColumn<qint64>("jump");
    QTest::addColumn<bool>("whileOff");
    QTest::newRow("C67 a year ahead") << 365 * day << false;
    QTest::newRow("C67 a day back") << -day << false;
    QTest::newRow("C67 a year ahead while off") << 365 * day << true;
    QTest::newRow("C67 a day back while off") << -day << true;
    QTest::newRow("to 1970 while off") << -qint64(1700000000000) << true;
}

void TestQueue::clockJumps()
{
    QFETCH(qint64, jump);
    QFETCH(bool, whileOff);
    const QByteArray id = put({"bob"});
    attempt(id, 0, 3 * hour);
    if (whileOff)
        close();
    m_wall += jump;
    if (whileOff)
        open();
    m_queue->checkClock();
    QVERIFY(m_queue->nextDueIn() <= 3 * hour); // not stuck
    QVERIFY(m_queue->age(id) <= day); // not near five days: no bounce
    pass(3 * hour);
    if (whileOff)
        QCOMPARE(m_queue->due(id), QList<int>{0});
    else
        QCOMPARE(state(id), RecipientState::Delivering);
}

void TestQueue::undoTimeSurvivesAClockSetBack()
{
    const QByteArray id = put({"bob"}, m_wall + 5 * second);
    QVERIFY(m_queue->due(id).isEmpty());
    QCOMPARE(m_queue->nextDueIn(), 5 * second);
    m_wall -= day;
    m_queue->checkClock();
    pass(5 * second);
    QCOMPARE(m_queue->due(id), QList<int>{0});
}

void TestQueue::timesShownFollowTheClock()
{
    const QByteArray id = put({"bob"});
    attempt(id, 0, hour);
    record(id, {deferred});
    m_wall -= day;
    m_queue->checkClock();
    QCOMPARE(m_queue->entry(id).recipients.first().nextAttemptAt, m_wall + hour);
    QCOMPARE(m_queue->nextDueIn(), hour);
}

void TestQueue::holdAndRelease()
{
    const QByteArray id = put({"bob"});
    QCOMPARE(m_queue->act(QueueAction::Hold, {id}).begun, 1);
    QCOMPARE(m_queue->act(QueueAction::Hold, {id}).begun, 0);
    QVERIFY(m_queue->due(id).isEmpty());
    QCOMPARE(state(id), RecipientState::Held);
    QCOMPARE(m_queue->act(QueueAction::TryNow, {}).begun, 0);
    restart();
    QVERIFY(m_queue->entry(id).held || !stands("queue"));
    QCOMPARE(m_queue->nextDueIn(), qint64(-1));
    QCOMPARE(m_queue->act(QueueAction::Release, {}).begun, 1);
    QCOMPARE(m_queue->due(id), QList<int>{0});
    QCOMPARE(m_queue->act(QueueAction::Release, {"nothing"}).begun, 0);
}

void TestQueue::removeWhileBusyIsRefused()
{
    const QByteArray id = put({"bob"});
    m_queue->setInDelivery(id, true);
    QVERIFY(m_queue->dueEntries(10).isEmpty());
    QCOMPARE(m_queue->act(QueueAction::Remove, {id}).begun, 0); // C68
    m_queue->setInDelivery(id, false);
    QCOMPARE(m_queue->act(QueueAction::Remove, {id}).begun, 1);
    QTRY_VERIFY(m_queue->entries().isEmpty());
    restart();
    QVERIFY(m_queue->entries().isEmpty());
}

void TestQueue::removalIsToldWhenItIsDurable()
{
    const QByteArray id = put({"bob"});
    QSignalSpy removed(m_queue.get(), &Queue::removed);
    int answer = -1;
    QObject context; // which goes before what it writes to
    const Queue::Acted acted = m_queue->act(QueueAction::Remove, {id});
    acted.done.then(&context, [&answer](const Result<int> &count) { answer = *count; });
    QCOMPARE(acted.begun, 1);
    QCOMPARE(removed.size(), 0);
    QCOMPARE(answer, -1);
    QVERIFY(m_queue->dueEntries(10).isEmpty());
    QCOMPARE(m_queue->act(QueueAction::Hold, {id}).begun, 0); // its state file must not be written again
    QCOMPARE(m_queue->act(QueueAction::Remove, {id}).begun, 0);
    QTRY_COMPARE(answer, 1);
    QCOMPARE(removed.size(), 1);
}

void TestQueue::refusedRemovalIsTakenBack()
{
    const QByteArray id = put({"bob"});
    QSignalSpy removed(m_queue.get(), &Queue::removed);
    QSignalSpy troubled(m_queue.get(), &Queue::troubled);
    m_calls.fails = true;
    QCOMPARE(test::awaited(m_queue->act(QueueAction::Remove, {id}).done), Result<int>(0));
    m_calls.fails = false;
    QCOMPARE(removed.size(), 0);
    QVERIFY(!troubled.isEmpty());
    QCOMPARE(m_queue->dueEntries(10), QList<QByteArray>{id});
    QCOMPARE(m_queue->act(QueueAction::Remove, {id}).begun, 1);
    QTRY_VERIFY(m_queue->entries().isEmpty());
}

// The first 451 must not be the last: time in which nothing could be tried is no time spent trying.
void TestQueue::waitingForAPersonIsNoAge()
{
    const QByteArray later = put({"bob"}, m_wall + 6 * day);
    const QByteArray held = put({"carol"});
    const QByteArray locked = put({"dave"});
    m_queue->act(QueueAction::Hold, {held});
    attempt(locked, 0, 5 * minute);
    pass(6 * day);
    m_queue->pauseAge(locked);
    m_queue->act(QueueAction::Release, {held});
    for (const QByteArray &id : {later, held, locked})
        QCOMPARE(m_queue->age(id), 0);
    attempt(held, 0, 5 * minute);
    attempt(later, 0, 5 * minute);
    pass(hour);
    for (const QByteArray &id : {later, held, locked})
        QCOMPARE(m_queue->age(id), hour);
    m_queue->act(QueueAction::Hold, {held});
    pass(6 * day);
    restart();
    m_wall += day;
    QVERIFY(m_queue->age(held) < 2 * hour);
}

void TestQueue::withdrawnBeforeAnythingLeft()
{
    QSignalSpy withdrawn(m_queue.get(), &Queue::withdrawn);
    const MessageId copy{{QStringLiteral("alice"), QStringLiteral("Sent")}, "1.M1"};
    for (const int attempts : {1, 0}) {
        QueueEntry entry = m_queue->prepare(envelopeTo({"bob"}), m_wall + 5 * second, {});
        entry.sentCopy = copy;
        const QByteArray id = putEntry(entry);
        if (attempts == 1)
            record(id, {AttemptBegan(), deferred});
        QCOMPARE(m_queue->act(QueueAction::Remove, {id}).begun, 1);
        QTRY_VERIFY(m_queue->entries().isEmpty());
        QCOMPARE(withdrawn.size(), attempts == 0 ? 1 : 0);
    }
    QCOMPARE(withdrawn.first().first().value<MessageId>(), copy);
}

void TestQueue::restingQueueServesWhatIsAsked()
{
    m_queue->setPaused(true);
    const QByteArray first = put({"bob"});
    const QByteArray other = put({"carol"});
    QCOMPARE(m_queue->nextDueIn(), qint64(-1));
    QVERIFY(m_queue->due(first).isEmpty());
    QCOMPARE(m_queue->act(QueueAction::TryNow, {first}).begun, 1);
    QCOMPARE(m_queue->dueEntries(10), QList<QByteArray>{first});
    QVERIFY(m_queue->due(other).isEmpty());
}

void TestQueue::damagedFilesAreLeftAlone()
{
    const QByteArray id = put({"bob"});
    close();
    QFile damaged(m_folder->filePath(QStringLiteral("queue/broken.json")));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write("{\"id\":");
    damaged.close();
    open();
    QSignalSpy troubled(m_queue.get(), &Queue::troubled);
    QTRY_COMPARE(troubled.size(), 1);
    QCOMPARE(troubled.first().first().value<Error>().code, ErrorCode::Damaged);
    QCOMPARE(m_queue->entries().size(), 1);
    QCOMPARE(m_queue->entries().first().id, id);
    QVERIFY(stands("queue/broken.json"));
}

// RFC 6710: the highest first; of one priority, the longest due.
void TestQueue::byPriority()
{
    QList<QByteArray> ids;
    for (const std::optional<int> priority : {std::optional<int>(), std::optional<int>(-4),
             std::optional<int>(9), std::optional<int>(), std::optional<int>(3)}) {
        smtp::Envelope envelope = envelopeTo({"bob"});
        envelope.priority = priority;
        ids.append(putEnvelope(envelope));
        pass(second);
    }
    const QList<QByteArray> expected{ids.at(2), ids.at(4), ids.at(0), ids.at(3), ids.at(1)};
    QCOMPARE(m_queue->dueEntries(10), expected);
    QCOMPARE(m_queue->dueEntries(2), expected.mid(0, 2));
    QCOMPARE(m_queue->nextDueIn(), 0);
}

void TestQueue::expireOwesTheReport()
{
    const QByteArray id = put({"bob", "carol"});
    record(id, {delivered});
    m_queue->act(QueueAction::Hold, {id});
    QCOMPARE(m_queue->act(QueueAction::Expire, {id}).begun, 1);
    QCOMPARE(state(id, 0), RecipientState::Delivered);
    QCOMPARE(state(id, 1), RecipientState::Expired);
    QCOMPARE(m_queue->entry(id).recipients.at(1).lastReport()->status, (smtp::EnhancedStatusCode{5, 4, 7}));
    QCOMPARE(m_queue->dueEntries(10), QList<QByteArray>{id}); // for its report
    QVERIFY(m_queue->due(id).isEmpty());
}

void TestQueue::postponedByHand()
{
    const QByteArray id = put({"bob"});
    attempt(id, 0, 5 * minute);
    record(id, {deferred});
    QueueRequest later(QueueAction::Postpone);
    later.at = m_wall + 6 * day;
    QCOMPARE(m_queue->act(later, {id}).begun, 1);
    QCOMPARE(m_queue->nextDueIn(), 6 * day);
    pass(6 * day);
    QCOMPARE(m_queue->due(id), QList<int>{0});
    QVERIFY(m_queue->age(id) < hour); // no age: the next 451 is not the last
    later.at = m_wall - hour;
    QCOMPARE(m_queue->act(later, {id}).begun, 1);
    QCOMPARE(m_queue->nextDueIn(), 0);
}

void TestQueue::otherRouteByHand()
{
    const QByteArray id = put({"bob"});
    attempt(id, 0, hour);
    record(id, {deferred});
    QueueRequest reroute(QueueAction::Reroute);
    reroute.route = OutgoingRoute();
    reroute.route->kind = OutgoingRoute::Kind::Smarthost;
    reroute.route->host = QStringLiteral("smtp.example.org");
    QCOMPARE(m_queue->act(reroute, {id}).begun, 1);
    QCOMPARE(m_queue->due(id), QList<int>{0});
    restart();
    QCOMPARE(m_queue->entry(id).route, reroute.route);
    reroute.route.reset();
    QCOMPARE(m_queue->act(reroute, {id}).begun, 1);
    QVERIFY(!m_queue->entry(id).route);
}

void TestQueue::busyEntriesAreNotEdited_data()
{
    QTest::addColumn<QueueAction>("action");
    QTest::newRow("C68 remove") << QueueAction::Remove;
    QTest::newRow("C68 expire") << QueueAction::Expire;
    QTest::newRow("C68 set the next attempt") << QueueAction::Postpone;
    QTest::newRow("C68 another route") << QueueAction::Reroute;
}

void TestQueue::busyEntriesAreNotEdited()
{
    QFETCH(QueueAction, action);
    const QByteArray id = put({"bob"});
    m_queue->setInDelivery(id, true);
    const QueueEntry before = m_queue->entry(id);
    QCOMPARE(m_queue->act(action, {id}).begun, 0);
    QCOMPARE(m_queue->entry(id), before);
}

// FUTURERELEASE, RFC 4865.
void TestQueue::heldUntilTheTimeAsked()
{
    smtp::Envelope envelope = envelopeTo({"bob"});
    envelope.holdUntil = m_wall / 1000 + 3600;
    const QByteArray id = putEnvelope(envelope);
    QVERIFY(m_queue->due(id).isEmpty());
    QCOMPARE(m_queue->nextDueIn(), hour);
    restart();
    QCOMPARE(m_queue->entry(id).envelope.holdUntil, envelope.holdUntil);
    pass(hour);
    QCOMPARE(m_queue->due(id), QList<int>{0});
}

// What DELIVERBY counts: waiting included, whatever the wall clock does.
void TestQueue::timeInQueueIsSane()
{
    const QByteArray id = put({"bob"});
    m_queue->act(QueueAction::Hold, {id});
    pass(2 * hour);
    m_wall += 365 * day;
    m_queue->checkClock();
    QCOMPARE(m_queue->inQueue(id), 2 * hour);
    m_queue->pauseAge(id);
    QCOMPARE(m_queue->inQueue(id), 2 * hour);
    record(id, {Released()});
    restart();
    QCOMPARE(m_queue->inQueue(id), 2 * hour);
    m_wall -= 400 * day;
    restart();
    QVERIFY(m_queue->inQueue(id) <= day);
}

void TestQueue::fold(const FoundReport &found)
{
    m_queue->record(
        entryAbout(found, m_queue->unfiledEntries()), {ReportFolded{found.report, found.receipt, m_wall}});
}

void TestQueue::laterReportsAreFoldedIn()
{
    const QByteArray waiting = put({"bob"});
    const QByteArray done = put({"carol"});
    record(done, {delivered});
    QVERIFY(m_queue->entries().size() == 1);
    const auto reportOn = [](const char *address) {
        return StatusReport{
            "far.example", {}, {}, {{address, address, ReportAction::Failed, {5, 2, 2}, {}, "full"}}};
    };
    StatusReport report = reportOn("bob@example.org");
    report.envelopeId = waiting;
    fold({report, {}, {}});
    QCOMPARE(m_queue->entry(waiting).recipients.first().later->status, (smtp::EnhancedStatusCode{5, 2, 2}));
    QSignalSpy removed(m_queue.get(), &Queue::removed);
    fold({reportOn("carol@example.org"), {}, done});
    QTRY_VERIFY(m_queue->entry(done).recipients.first().later.has_value());
    QCOMPARE(removed.size(), 1);
    fold({reportOn("carol@example.org"), {}, "../../etc/passwd"});
    QCOMPARE(m_queue->entries().size(), 1);
}

/// Whoever asks at that moment, too: the window does, when a message that is open has left.
void TestQueue::doneEntriesAreKnownBeforeTheirFile()
{
    const QByteArray id = put({"bob"});
    m_queue->record(id, {delivered});
    QVERIFY(m_queue->entries().isEmpty());
    QVERIFY(m_queue->entry(id).isDone());
    QTRY_VERIFY(stands(("queue/done/" + id + ".json").constData()));
    QVERIFY(m_queue->entry(id).isDone());
}

/// By its Message-ID, before its record can be read.
void TestQueue::reportOnOneThatIsJustDone()
{
    const QByteArray done = put({"carol"}, 0, "m1@example.net");
    std::unique_lock busy(m_calls.busy);
    m_queue->record(done, {delivered});
    QVERIFY(!stands(("queue/done/" + done + ".json").constData()));
    fold({{}, {"m1@example.net", "carol@example.org", "displayed"}, {}});
    QVERIFY(m_queue->entry(done).recipients.first().receipt);
    busy.unlock();
    QTRY_VERIFY(stands(("queue/done/" + done + ".json").constData()));
    QTRY_VERIFY(m_queue->unfiledEntries().isEmpty());
    QVERIFY(m_queue->entry(done).recipients.first().receipt);
}

/// The second comes before the record with the first is in its file.
void TestQueue::twoReportsOnOneThatIsDone()
{
    const QByteArray done = put({"carol", "dave"});
    record(done, {delivered, Attempted{1, {}, AttemptOutcome::Delivered}});
    QVERIFY(m_queue->entries().isEmpty());
    for (const char *address : {"carol@example.org", "dave@example.org"})
        fold({{"far.example", {}, {}, {{address, address, ReportAction::Failed, {5, 2, 2}, {}, "full"}}}, {},
            done});
    const auto bothKnown = [&] {
        const QList<QueueRecipient> all = m_queue->entry(done).recipients;
        return std::all_of(
            all.begin(), all.end(), [](const QueueRecipient &one) { return one.later.has_value(); });
    };
    QVERIFY(bothKnown());
    restart();
    QVERIFY(bothKnown());
}

/// RFC 8098: by the Message-ID, to the recipient that it names.
void TestQueue::receiptsAreFoldedIn()
{
    const QByteArray id = put({"bob", "carol"}, 0, "m1@example.net");
    fold({{}, {"m2@example.net", "carol@example.org", "displayed"}, {}});
    QVERIFY(!m_queue->entry(id).recipients.at(1).receipt);
    fold({{}, {"m1@example.net", "carol@Example.ORG", "displayed"}, {}});
    QCOMPARE(m_queue->entry(id).recipients.at(1).receipt->disposition, QByteArray("displayed"));
    QVERIFY(!m_queue->entry(id).recipients.at(0).receipt);
    const Result<QueueEntry> read = readState(writeState(m_queue->entry(id)));
    QCOMPARE(read->recipients.at(1).receipt, m_queue->entry(id).recipients.at(1).receipt);
}

QTEST_GUILESS_MAIN(TestQueue)
#include "tst_queue.moc"
