// What each event makes of an entry; and that no order of events, answers of the disk and crashes loses a
// hold, a removal, a result or a note.
#include "mail/queue/queue.h"
#include "tests/support/crash.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

QueueEntry entryTo(const QList<QByteArray> &names)
{
    QueueEntry entry;
    entry.id = "Q1";
    entry.messageIdField = "m1@example.net";
    for (const QByteArray &name : names) {
        QueueRecipient one;
        one.recipient.forwardPath = {name, "example.org"};
        entry.recipients.append(one);
    }
    return entry;
}

QByteArray nameOf(RecipientState state)
{
    static const char *const names[]
        = {"waiting", "delivering", "delivered", "deferred", "failed", "expired", "held"};
    return names[int(state)];
}

/// "held: bob deferred 1 @500 failure; ...": flag of the entry, then recipient, state, attempts, time, what
/// was told.
QByteArray describe(const QueueEntry &entry)
{
    QByteArrayList parts;
    for (const QueueRecipient &one : entry.recipients) {
        QByteArray part = one.recipient.forwardPath.localPart + ' ' + nameOf(entry.stateOf(one)) + ' '
            + QByteArray::number(one.attempts()) + " @" + QByteArray::number(one.nextAttemptAt);
        for (const auto &[what, word] : {std::pair(DsnKind::Failure, " failure"),
                 std::pair(DsnKind::Delay, " delay"), std::pair(DsnKind::Success, " success")})
            part += one.notified.testFlag(what) ? word : "";
        parts.append(part);
    }
    return (entry.held ? "held: " : "") + parts.join("; ");
}

smtp::RecipientReport saying(const QByteArray &reason)
{
    smtp::RecipientReport report;
    report.reason = reason;
    report.at = 7;
    return report;
}

Attempted attempted(int recipient, AttemptOutcome outcome)
{
    return {recipient, saying("said"), outcome};
}

const QString reportPath = QStringLiteral("queue/report");

/// A disk on which what was written becomes durable, or is refused, when the test says so.
class SlowDisk : public test::QuickDisk
{
public:
    int fdatasync(int) override
    {
        const QMutexLocker lock(&m_mutex);
        while (m_left == 0)
            m_wakes.wait(&m_mutex);
        m_left -= m_left > 0 ? 1 : 0;
        return m_fails ? (errno = ENOSPC, -1) : 0;
    }

    void let(int syncs, bool fail) ///< -1: all that come
    {
        const QMutexLocker lock(&m_mutex);
        m_left = syncs;
        m_fails = fail;
        m_wakes.wakeAll();
    }

private:
    QMutex m_mutex;
    QWaitCondition m_wakes;
    int m_left = -1;
    bool m_fails = false;
};

/// What was seen of one fact about an entry, and what of that a crash may leave.
class Fact
{
public:
    [[nodiscard]] int now() const { return m_values.last(); }
    /// It is seen; the number is for keep().
    qsizetype see(int value)
    {
        m_values.append(value);
        return m_values.size() - 1;
    }
    void keep(qsizetype number)
    {
        m_kept = std::max(m_kept, number);
    } ///< durable: nothing older may come back
    void stage(int value) { m_staged = value; } ///< in a transaction that is on its way
    void unstage() { m_staged.reset(); }
    [[nodiscard]] bool mayBe(int value) const
    {
        return m_values.mid(m_kept).contains(value) || m_staged == value;
    }

private:
    QList<int> m_values{0};
    qsizetype m_kept = 0;
    std::optional<int> m_staged;
};

/// What the test knows of an entry: about each recipient its attempts and whether it was delivered.
struct Model
{
    Fact held;
    Fact removed;
    Fact notified;
    std::array<Fact, 2> attempts;
    std::array<Fact, 2> delivered;

    [[nodiscard]] QByteArray differenceInMemory(const QueueEntry &entry) const
    {
        if (removed.now() == 1)
            return entry.id.isEmpty() ? "" : "a removed one is there";
        return difference(entry, [](const Fact &fact, int value) { return fact.now() == value; });
    }
    [[nodiscard]] QByteArray differenceOnDisk(const QueueEntry &entry) const
    {
        if (entry.id.isEmpty())
            return removed.mayBe(1) ? "" : "it is lost";
        if (!removed.mayBe(0))
            return "a removed one came back";
        return difference(entry, [](const Fact &fact, int value) { return fact.mayBe(value); });
    }

private:
    template <typename Check>
    [[nodiscard]] QByteArray difference(const QueueEntry &entry, const Check &check) const
    {
        if (!check(held, entry.held ? 1 : 0))
            return "held: " + describe(entry);
        if (!check(notified, entry.recipients.at(0).notified.testFlag(DsnKind::Delay) ? 1 : 0))
            return "notified: " + describe(entry);
        for (int i = 0; i < 2; ++i) {
            const QueueRecipient &one = entry.recipients.at(i);
            if (!check(attempts.at(size_t(i)), one.attempts()))
                return "attempts: " + describe(entry);
            if (!check(delivered.at(size_t(i)), entry.stateOf(one) == RecipientState::Delivered ? 1 : 0))
                return "delivered: " + describe(entry);
        }
        return {};
    }
};

} // namespace

class TestQueueEvents : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void applied_data();
    void applied();
    void earlierReportsStay();
    void reportsAreFolded_data();
    void reportsAreFolded();
    void sessionsAreListedOnce();
    void nothingIsLostAtAnyPoint_data();
    void nothingIsLostAtAnyPoint();
    void nothingIsLostInAnyOrder_data();
    void nothingIsLostInAnyOrder();

private:
    /// Where a delivery is.
    enum class Point { Free, Begun, Noted, OneEnded, BothEnded, ReportStaged };
    using Changes = QList<std::pair<Fact *, int>>;

    void put();
    void record(
        const QueueEvents &events, const Changes &changes, const std::function<void(bool)> &then = {});
    void setHeld(bool held);
    void remove();
    void step();
    void begin();
    void undo(const QList<int> &recipients);
    void end(int recipient, Point then);
    void report();
    void turn(int syncs = -1, bool fail = false);
    void advanceTo(Point point);
    [[nodiscard]] QByteArray seen() const;
    [[nodiscard]] QByteArray afterACrash() const;
    void checkEnd();

    SlowDisk m_disk;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Queue> m_queue;
    QByteArray m_id;
    Model m_model;
    Point m_point = Point::Free;
    bool m_isRemoving = false;
    QRandomGenerator m_random;
};

void TestQueueEvents::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    JournalSettings settings;
    settings.calls = &m_disk;
    settings.checkpointMilliseconds = 3600 * 1000; // whatever a crash finds is in its segments
    m_journal = std::move(Journal::open(m_folder->path(), settings).value());
    m_queue = std::move(Queue::open(m_folder->path(), *m_journal).value());
}

void TestQueueEvents::cleanup()
{
    m_disk.let(-1, false);
    m_queue.reset();
    m_journal.reset();
    m_folder.reset();
}

void TestQueueEvents::applied_data()
{
    QTest::addColumn<QueueEvents>("before");
    QTest::addColumn<QueueEvents>("events");
    QTest::addColumn<QByteArray>("expected");
    const QueueEvents begun{AttemptBegan{0, 500}};
    const QueueEvents deferred{AttemptBegan{0, 500}, attempted(0, AttemptOutcome::Deferred)};
    const auto row
        = [](const char *name, const QueueEvents &before, const QueueEvents &events, const char *expected) {
              QTest::newRow(name) << before << events << QByteArray(expected);
          };
    row("nothing", {}, {}, "bob waiting 0 @0; carol waiting 0 @0");
    row("begun", {}, begun, "bob delivering 1 @500; carol waiting 0 @0");
    row("never opened", begun, {AttemptUndone{0, 900}}, "bob waiting 0 @900; carol waiting 0 @0");
    row("never opened again", deferred, {AttemptBegan{0, 800}, AttemptUndone{0, 900}},
        "bob deferred 1 @900; carol waiting 0 @0");
    row("delivered", begun, {attempted(0, AttemptOutcome::Delivered)},
        "bob delivered 1 @500; carol waiting 0 @0");
    row("failed", begun, {attempted(0, AttemptOutcome::Failed)}, "bob failed 1 @500; carol waiting 0 @0");
    row("expired", begun, {attempted(0, AttemptOutcome::Expired)}, "bob expired 1 @500; carol waiting 0 @0");
    row("deferred", begun, {attempted(0, AttemptOutcome::Deferred)},
        "bob deferred 1 @500; carol waiting 0 @0");
    row("interrupted", begun, {AttemptInterrupted{0, {}}}, "bob deferred 1 @0; carol waiting 0 @0");
    row("killed", begun, {Restarted()}, "bob deferred 1 @500; carol waiting 0 @0");
    row("put off", {}, {PutOff{1, 300}}, "bob waiting 0 @0; carol waiting 0 @300");
    row("held", deferred, {Held()}, "held: bob held 1 @500; carol held 0 @0");
    row("held twice", deferred, {Held(), Held()}, "held: bob held 1 @500; carol held 0 @0");
    row("released", deferred, {Held(), Released()}, "bob deferred 1 @500; carol waiting 0 @0");
    row("held while delivering", begun, {Held()}, "held: bob delivering 1 @500; carol held 0 @0");
    row("held, then deferred", begun, {Held(), attempted(0, AttemptOutcome::Deferred)},
        "held: bob held 1 @500; carol held 0 @0");
    row("held, then delivered", begun, {Held(), attempted(0, AttemptOutcome::Delivered)},
        "held: bob delivered 1 @500; carol held 0 @0");
    row("held, then never opened", begun, {Held(), AttemptUndone{0, 900}},
        "held: bob held 0 @900; carol held 0 @0");
    row("held, then interrupted", begun, {Held(), AttemptInterrupted{0, {}}},
        "held: bob held 1 @0; carol held 0 @0");
    row("held, then killed", begun, {Held(), Restarted()}, "held: bob held 1 @500; carol held 0 @0");
    row("released while delivering", begun, {Held(), Released()},
        "bob delivering 1 @500; carol waiting 0 @0");
    row("to be tried", deferred, {TryRequested()}, "bob deferred 1 @0; carol waiting 0 @0");
    row("postponed", deferred, {Postponed{900}}, "bob deferred 1 @0; carol waiting 0 @0");
    row("rerouted", deferred, {Rerouted()}, "bob deferred 1 @0; carol waiting 0 @0");
    row("given up", deferred, {Expired{9}}, "bob expired 1 @500; carol expired 0 @0");
    row("given up while held", deferred, {Held(), Expired{9}}, "bob expired 1 @500; carol expired 0 @0");
    row("given up after a delivery", begun, {attempted(0, AttemptOutcome::Delivered), Expired{9}},
        "bob delivered 1 @500; carol expired 0 @0");
    row("returned", begun, {attempted(0, AttemptOutcome::Failed), Returned{9}},
        "bob failed 1 @500; carol expired 0 @0");
    row("notified", {},
        {Notified{0, DsnKind::Delay}, Notified{0, DsnKind::Failure}, Notified{1, DsnKind::Success}},
        "bob waiting 0 @0 failure delay; carol waiting 0 @0 success");
    row("clock set", deferred, {ClockSet{{700, 0}}}, "bob deferred 1 @700; carol waiting 0 @0");
}

void TestQueueEvents::applied()
{
    QFETCH(QueueEvents, before);
    QFETCH(QueueEvents, events);
    QTEST(describe(applyAll(applyAll(entryTo({"bob", "carol"}), before), events)), "expected");
}

/// Who was never tried is told why all the same; who was tried keeps what the server said.
void TestQueueEvents::earlierReportsStay()
{
    const QueueEntry entry
        = applyAll(entryTo({"bob", "carol"}), {AttemptBegan{0, 500}, attempted(0, AttemptOutcome::Deferred)});
    for (const QueueEvent &event : {QueueEvent(Expired{9}), QueueEvent(Returned{9})}) {
        const QueueEntry after = apply(entry, event);
        QCOMPARE(after.recipients.at(0).lastReport(), std::optional(saying("said")));
        const smtp::RecipientReport ours = std::get<Ended>(after.recipients.at(1).progress).lastReport;
        QCOMPARE(ours.status, (smtp::EnhancedStatusCode{5, 4, 7}));
        QCOMPARE(ours.at, 9000);
        QVERIFY(!ours.reason.isEmpty());
    }
    QCOMPARE(apply(entry, Postponed{900}).notBefore, 900);
    OutgoingRoute route;
    route.host = QStringLiteral("smtp.example.org");
    QCOMPARE(apply(entry, Rerouted{route}).route, route);
}

void TestQueueEvents::reportsAreFolded_data()
{
    QTest::addColumn<QList<QByteArray>>("recipients");
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QByteArray>("told"); // one letter a recipient
    using Names = QList<QByteArray>;
    QTest::newRow("the first") << Names{"bob", "carol"} << QByteArray("bob@example.org") << QByteArray("+-");
    QTest::newRow("whatever the domain's case")
        << Names{"bob", "carol"} << QByteArray("carol@Example.ORG") << QByteArray("-+");
    QTest::newRow("not the local part's")
        << Names{"bob", "carol"} << QByteArray("Bob@example.org") << QByteArray("--");
    QTest::newRow("somebody else") << Names{"bob", "carol"} << QByteArray("dave@example.org")
                                   << QByteArray("--");
    QTest::newRow("the only one") << Names{"bob"} << QByteArray("robert@elsewhere.example")
                                  << QByteArray("+");
}

void TestQueueEvents::reportsAreFolded()
{
    QFETCH(QList<QByteArray>, recipients);
    QFETCH(QByteArray, address);
    QFETCH(QByteArray, told);
    ReportFolded report{{"far.example", {}, {}, {}}, {}, 9};
    report.report.recipients.append({address, address, ReportAction::Failed, {5, 2, 2}, {}, "full"});
    const QueueEntry reported = apply(entryTo(recipients), report);
    const QueueEntry read = apply(entryTo(recipients), ReportFolded{{}, {"m1", address, "displayed"}, 9});
    for (int i = 0; i < recipients.size(); ++i) {
        const bool isMeant = told.at(i) == '+';
        QCOMPARE(reported.recipients.at(i).later.has_value(), isMeant);
        QCOMPARE(read.recipients.at(i).receipt.has_value(), isMeant);
    }
}

void TestQueueEvents::sessionsAreListedOnce()
{
    const QueueEvents events{SessionOpened{"S1"}, SessionOpened{"S2"}, SessionOpened{"S1"}};
    QCOMPARE(applyAll(entryTo({"bob"}), events).attemptSessionIds, (QList<QByteArray>{"S1", "S2"}));
}

void TestQueueEvents::put()
{
    turn(); // a sync that was to fail, and that nothing needed, is not for this one
    m_model = {};
    m_point = Point::Free;
    m_isRemoving = false;
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "example.net"};
    for (const char *name : {"bob", "carol"})
        envelope.recipients.append(smtp::EnvelopeRecipient{{name, "example.org"}, {}, {}});
    const QueueEntry entry = m_queue->prepare(envelope, 0, {});
    m_id = entry.id;
    FileTransaction steps = m_queue->steps(entry, "Subject: hi\n\ntext\n");
    steps.append({FileStep::Kind::Remove, reportPath, {}, {}, {}}); // of the one before
    m_journal->commit(steps).durable.then(this, [](const Result<void> &result) { QVERIFY(result); });
    turn();
    m_queue->insert(entry);
}

// Answers of the disk arrive: of so many syncs, or of everything.
void TestQueueEvents::turn(int syncs, bool fail)
{
    m_disk.let(syncs, fail);
    if (syncs < 0) {
        const auto answered = std::make_shared<bool>(false);
        m_journal->commit({}).durable.then(this, [answered](const Result<void> &) { *answered = true; });
        [&] { QTRY_VERIFY(*answered); }();
        m_disk.let(0, false);
    }
    QCoreApplication::processEvents();
}

void TestQueueEvents::record(
    const QueueEvents &events, const Changes &changes, const std::function<void(bool)> &then)
{
    QList<std::pair<Fact *, qsizetype>> seen;
    for (const auto &[fact, value] : changes)
        seen.append({fact, fact->see(value)});
    m_queue->record(m_id, events).then(this, [this, id = m_id, seen, then](const Result<void> &result) {
        if (id != m_id)
            return;
        for (const auto &[fact, number] : seen) {
            if (result)
                fact->keep(number);
        }
        if (then)
            then(result.has_value());
    });
}

void TestQueueEvents::setHeld(bool held)
{
    if (!m_isRemoving)
        record({held ? QueueEvent(Held()) : QueueEvent(Released())}, {{&m_model.held, held ? 1 : 0}});
}

void TestQueueEvents::remove()
{
    const bool isPossible = m_point == Point::Free && !m_isRemoving;
    const Queue::Acted acted = m_queue->act(QueueAction::Remove, {m_id});
    acted.done.then(this, [this, isPossible](const Result<int> &removed) {
        if (!isPossible)
            return;
        m_isRemoving = false;
        m_model.removed.unstage();
        if (*removed == 1)
            m_model.removed.keep(m_model.removed.see(1));
    });
    QCOMPARE(acted.begun, isPossible ? 1 : 0);
    if (!isPossible)
        return;
    m_isRemoving = true;
    m_model.removed.stage(1);
}

void TestQueueEvents::begin()
{
    QList<int> recipients{0};
    if (m_model.delivered.at(1).now() == 0)
        recipients.append(1);
    QueueEvents events;
    Changes changes;
    for (const int i : std::as_const(recipients)) {
        events.append(AttemptBegan{i, 500});
        Fact &attempts = m_model.attempts.at(size_t(i));
        changes.append({&attempts, attempts.now() + 1});
    }
    m_point = Point::Begun;
    m_queue->setInDelivery(m_id, true);
    record(events, changes, [this, recipients](bool noted) {
        if (noted)
            m_point = Point::Noted;
        else
            undo(recipients);
    });
}

void TestQueueEvents::undo(const QList<int> &recipients)
{
    QueueEvents events;
    for (const int i : recipients) {
        events.append(AttemptUndone{i, 900});
        Fact &attempts = m_model.attempts.at(size_t(i));
        attempts.see(attempts.now() - 1);
    }
    m_queue->record(m_id, events);
    m_queue->setInDelivery(m_id, false);
    m_point = Point::Free;
}

// The first recipient is deferred whenever it is tried, so that the entry stays.
void TestQueueEvents::end(int recipient, Point then)
{
    m_point = then;
    Fact &delivered = m_model.delivered.at(size_t(recipient));
    if (delivered.now() == 1)
        return;
    const bool isTaken = recipient == 1 && m_random.bounded(2) == 0;
    m_queue->record(m_id, {SessionOpened{"S1"}});
    record({attempted(recipient, isTaken ? AttemptOutcome::Delivered : AttemptOutcome::Deferred)},
        {{&delivered, isTaken ? 1 : 0}});
}

// The report and the note of it stand or fall together.
void TestQueueEvents::report()
{
    m_point = Point::ReportStaged;
    FileTransaction steps = m_queue->stage(m_id, {Notified{0, DsnKind::Delay}});
    steps.append({FileStep::Kind::Replace, reportPath, {}, "Subject: report\n", {}});
    m_model.notified.stage(1);
    m_journal->commit(steps).durable.then(m_queue.get(), [this](const Result<void> &result) {
        m_model.notified.unstage();
        if (result) {
            m_queue->confirm(m_id);
            m_model.notified.keep(m_model.notified.see(1));
        } else {
            m_queue->abandon(m_id);
        }
        m_queue->setInDelivery(m_id, false);
        m_point = Point::Free;
    });
}

void TestQueueEvents::step()
{
    switch (m_point) {
    case Point::Free:
        if (!m_isRemoving && m_model.held.now() == 0 && m_queue->contains(m_id))
            begin();
        return;
    case Point::Noted:
        end(0, Point::OneEnded);
        return;
    case Point::OneEnded:
        end(1, Point::BothEnded);
        return;
    case Point::BothEnded:
        report();
        return;
    case Point::Begun:
    case Point::ReportStaged:
        return; // the disk's turn
    }
}

void TestQueueEvents::advanceTo(Point point)
{
    while (m_point != point) {
        step();
        if (m_point == Point::Begun && point != Point::Begun)
            turn();
    }
}

QByteArray TestQueueEvents::seen() const
{
    return m_model.differenceInMemory(m_queue->entry(m_id));
}

// What a start finds that comes right now: in the files, and in the journal that is written before them.
QByteArray TestQueueEvents::afterACrash() const
{
    const QTemporaryDir copy;
    test::copyQueue(m_folder->path(), copy.path());
    test::QuickDisk disk;
    JournalSettings settings;
    settings.calls = &disk;
    const auto journal = Journal::open(copy.path(), settings);
    if (!journal)
        return "no journal";
    const auto queue = Queue::open(copy.path(), **journal);
    if (!queue)
        return "no queue";
    const QueueEntry entry = (*queue)->entry(m_id);
    if (const QByteArray difference = m_model.differenceOnDisk(entry); !difference.isEmpty())
        return difference;
    const bool isNoted = !entry.id.isEmpty() && entry.recipients.at(0).notified.testFlag(DsnKind::Delay);
    if (!entry.id.isEmpty() && isNoted != QFile::exists(copy.filePath(reportPath)))
        return isNoted ? "noted without a report" : "a report without its note";
    return {};
}

// With a disk that takes everything, what is seen is what is there.
void TestQueueEvents::checkEnd()
{
    turn();
    for (int i = 0; i < 10 && (m_point != Point::Free || m_isRemoving); ++i) {
        step();
        turn();
    }
    if (m_queue->contains(m_id))
        record({Held()}, {{&m_model.held, 1}}); // whole: also what was refused before
    turn();
    QCOMPARE(seen(), QByteArray());
    QCOMPARE(afterACrash(), QByteArray());
    if (m_model.removed.now() == 1)
        return;
    const auto isFiled = [&] {
        const auto now = Queue::open(m_folder->path(), *m_journal);
        return describe((*now)->entry(m_id)) == describe(m_queue->entry(m_id));
    };
    QTRY_VERIFY(isFiled());
}

void TestQueueEvents::nothingIsLostAtAnyPoint_data()
{
    QTest::addColumn<int>("point");
    QTest::addColumn<bool>("removal");
    QTest::addColumn<bool>("refused");
    const std::pair<Point, const char *> points[]
        = {{Point::Free, "before it begins"}, {Point::Begun, "begun, not noted"},
            {Point::Noted, "while delivering"}, {Point::OneEnded, "after the first result"},
            {Point::BothEnded, "after the last result"}, {Point::ReportStaged, "between report and durable"}};
    for (const auto &[point, name] : points) {
        for (const bool refused : {false, true}) {
            const QByteArray ending = refused ? " on a full disk" : "";
            QTest::newRow(QByteArray(name) + ": hold" + ending) << int(point) << false << refused;
            QTest::newRow(QByteArray(name) + ": remove" + ending) << int(point) << true << refused;
        }
    }
}

void TestQueueEvents::nothingIsLostAtAnyPoint()
{
    QFETCH(int, point);
    QFETCH(bool, removal);
    QFETCH(bool, refused);
    put();
    advanceTo(Point(point));
    if (removal)
        remove();
    else
        setHeld(true);
    QCOMPARE(seen(), QByteArray());
    QCOMPARE(afterACrash(), QByteArray());
    turn(1, refused);
    QCOMPARE(seen(), QByteArray());
    QCOMPARE(afterACrash(), QByteArray());
    turn(-1, refused);
    QCOMPARE(seen(), QByteArray());
    QCOMPARE(afterACrash(), QByteArray());
    checkEnd();
}

void TestQueueEvents::nothingIsLostInAnyOrder_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 3; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestQueueEvents::nothingIsLostInAnyOrder()
{
    QFETCH(quint32, seed);
    m_random.seed(seed);
    put();
    for (int i = 0; i < 250; ++i) {
        if (m_model.removed.now() == 1)
            put();
        const int dice = m_random.bounded(20);
        if (dice < 4)
            setHeld(m_model.held.now() == 0);
        else if (dice < 5)
            remove();
        else if (dice < 6) // a report of somebody's, whatever happens to the entry
            m_queue->record(m_id, {ReportFolded{{}, {"m1", "bob@example.org", "displayed"}, 9}});
        else if (dice < 15)
            step();
        else
            turn(dice < 18 ? 1 : -1, m_random.bounded(4) == 0);
        QCOMPARE(seen(), QByteArray());
        if (i % 16 == 0)
            QCOMPARE(afterACrash(), QByteArray());
    }
    checkEnd();
}

QTEST_GUILESS_MAIN(TestQueueEvents)
#include "tst_queueevents.moc"
