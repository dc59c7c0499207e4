// Any order of queue events, with removals among them, against a model of one entry: after each event the
// queue must show what the model says, and a crash must leave what was last durable or something newer, so
// that no hold and no removal is lost. The disk refuses one write in eight. Two hundred orders with a fixed
// seed and as many with a new one, which is printed.
//
//     mail_queuemodel --orders 100000 --seed 7      so many orders, all of this seed
#include "mail/queue/queue.h"
#include "tests/support/crash.h"

#include <QEventLoop>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <set>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// What the model knows of a recipient.
struct Recipient
{
    RecipientState state = RecipientState::Waiting; ///< never Held, which is the entry's
    int attempts = 0;
    qint64 nextAttemptAt = 0;
    DsnKinds notified;
    bool isRead = false;

    [[nodiscard]] bool isPending() const
    {
        return state == RecipientState::Waiting || state == RecipientState::Deferred;
    }
    void wait() { state = attempts > 0 ? RecipientState::Deferred : RecipientState::Waiting; }
    friend bool operator==(const Recipient &, const Recipient &) = default;
};

/// The whole model: what every event makes of an entry to bob and carol.
struct Model
{
    bool isGone = false;
    bool held = false;
    qint64 notBefore = 0;
    QString host; ///< of the entry's own route
    QList<QByteArray> sessions;
    std::array<Recipient, 2> recipients;

    Recipient &at(int index) { return recipients.at(size_t(index)); }
    void forgetPlans()
    {
        for (Recipient &one : recipients)
            one.nextAttemptAt = 0;
    }
    void giveUp()
    {
        for (Recipient &one : recipients)
            one.state = one.isPending() ? RecipientState::Expired : one.state;
    }

    void operator()(const AttemptBegan &event)
    {
        at(event.recipient).state = RecipientState::Delivering;
        at(event.recipient).attempts += 1;
        at(event.recipient).nextAttemptAt = event.nextAttemptAt;
    }
    void operator()(const AttemptUndone &event)
    {
        at(event.recipient).attempts -= 1;
        at(event.recipient).wait();
        at(event.recipient).nextAttemptAt = event.nextAttemptAt;
    }
    void operator()(const Attempted &event)
    {
        static const QHash<AttemptOutcome, RecipientState> states
            = {{AttemptOutcome::Delivered, RecipientState::Delivered},
                {AttemptOutcome::Deferred, RecipientState::Deferred},
                {AttemptOutcome::Failed, RecipientState::Failed},
                {AttemptOutcome::Expired, RecipientState::Expired}};
        at(event.recipient).state = states.value(event.outcome);
    }
    void operator()(const AttemptInterrupted &event)
    {
        at(event.recipient).state = RecipientState::Deferred;
        at(event.recipient).nextAttemptAt = 0;
    }
    void operator()(const PutOff &event) { at(event.recipient).nextAttemptAt = event.nextAttemptAt; }
    void operator()(const SessionOpened &event)
    {
        if (!sessions.contains(event.sessionId))
            sessions.append(event.sessionId);
    }
    void operator()(const Returned &) { giveUp(); }
    void operator()(const Notified &event) { at(event.recipient).notified |= event.what; }
    void operator()(const TryRequested &) { forgetPlans(); }
    void operator()(const Held &) { held = true; }
    void operator()(const Released &) { held = false; }
    void operator()(const Postponed &event)
    {
        notBefore = event.notBefore;
        forgetPlans();
    }
    void operator()(const Rerouted &event)
    {
        host = event.route ? event.route->host : QString();
        forgetPlans();
    }
    void operator()(const Expired &)
    {
        held = false;
        giveUp();
    }
    void operator()(const ReportFolded &event)
    {
        at(event.receipt.finalRecipient.startsWith("bob@") ? 0 : 1).isRead = true;
    }
    void operator()(const ClockSet &event)
    {
        for (int i = 0; i < 2; ++i)
            at(i).nextAttemptAt = event.nextAttemptAt.at(i);
    }
    void operator()(const Restarted &)
    {
        for (Recipient &one : recipients)
            one.state = one.state == RecipientState::Delivering ? RecipientState::Deferred : one.state;
    }

    [[nodiscard]] bool isDelivering() const
    {
        return std::any_of(recipients.begin(), recipients.end(),
            [](const Recipient &one) { return one.state == RecipientState::Delivering; });
    }
    /// Nothing more will become of it: whoever did not get it, the sender was told so.
    [[nodiscard]] bool isOver() const
    {
        return isGone || std::all_of(recipients.begin(), recipients.end(), [](const Recipient &one) {
            return one.state == RecipientState::Delivered
                || (!one.isPending() && one.state != RecipientState::Delivering
                    && one.notified.testFlag(DsnKind::Failure));
        });
    }
    friend bool operator==(const Model &, const Model &) = default;
};

Model removed()
{
    Model model;
    model.isGone = true;
    return model;
}

Model modelOf(const QueueEntry &entry)
{
    if (entry.id.isEmpty())
        return removed();
    Model model;
    model.held = entry.held;
    model.notBefore = entry.notBefore;
    model.host = entry.route ? entry.route->host : QString();
    model.sessions = entry.attemptSessionIds;
    QueueEntry released = entry;
    released.held = false;
    for (int i = 0; i < 2; ++i) {
        const QueueRecipient &one = entry.recipients.at(i);
        model.at(i) = {
            released.stateOf(one), one.attempts(), one.nextAttemptAt, one.notified, one.receipt.has_value()};
    }
    return model;
}

QByteArray words(const Model &model)
{
    if (model.isGone)
        return "removed";
    QByteArray all = model.held ? "held" : "free";
    all += ", not before " + QByteArray::number(model.notBefore) + ", by " + model.host.toUtf8()
        + ", sessions " + model.sessions.join(' ');
    for (const Recipient &one : model.recipients)
        all += "; state " + QByteArray::number(int(one.state)) + ", attempts "
            + QByteArray::number(one.attempts) + ", next at " + QByteArray::number(one.nextAttemptAt)
            + ", notified " + QByteArray::number(int(one.notified)) + (one.isRead ? ", read" : "");
    return all;
}

/// One of any kind, whether it may come or not.
QueueEvent anyEvent(QRandomGenerator &random)
{
    const int one = random.bounded(2);
    const qint64 at = 1000 * (1 + random.bounded(9));
    OutgoingRoute route;
    route.kind = OutgoingRoute::Kind::Smarthost;
    route.host = QStringLiteral("smtp%1.example.org").arg(random.bounded(3));
    const QByteArray reader = random.bounded(2) == 0 ? "bob@example.org" : "carol@example.org";
    const std::array<QueueEvent, std::variant_size_v<QueueEvent>> all = {AttemptBegan{one, at},
        AttemptUndone{one, at}, Attempted{one, {}, AttemptOutcome(random.bounded(4))},
        AttemptInterrupted{one, {}}, PutOff{one, at}, SessionOpened{"S" + QByteArray::number(at)},
        Returned{at}, Notified{one, DsnKind(1 << random.bounded(3))}, TryRequested(), Held(), Released(),
        Postponed{at}, Rerouted{random.bounded(2) == 0 ? std::optional(route) : std::nullopt}, Expired{at},
        ReportFolded{{}, {"m1", reader, "displayed"}, at}, ClockSet{{at, at + 1}}, Restarted()};
    return all.at(random.bounded(quint32(all.size())));
}

/// An attempt begins with what waits and ends when it began; everything else comes when it comes.
bool mayCome(const Model &model, const QueueEvent &event)
{
    return std::visit(
        [&model](const auto &one) {
            using Event = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<Event, AttemptBegan> || std::is_same_v<Event, PutOff>)
                return model.recipients.at(size_t(one.recipient)).isPending();
            else if constexpr (
                std::is_same_v<Event,
                    AttemptUndone> || std::is_same_v<Event, Attempted> || std::is_same_v<Event, AttemptInterrupted>)
                return model.recipients.at(size_t(one.recipient)).state == RecipientState::Delivering;
            else
                return true;
        },
        event);
}

/// What the task is answered with, as soon as it is: test::awaited() looks every ten milliseconds, which
/// would be most of what an order takes.
template <typename T> Result<T> answerOf(const Task<T> &task)
{
    QEventLoop loop;
    std::optional<Result<T>> answer;
    task.then(&loop, [&](Result<T> result) {
        answer = std::move(result);
        loop.quit();
    });
    QTimer::singleShot(20000, &loop, &QEventLoop::quit);
    loop.exec();
    return answer.value_or(tl::unexpected(Error{ErrorCode::InputOutput, {}, QStringLiteral("no answer")}));
}

/// Refuses what it is told to; waits for nothing.
class RefusingDisk : public test::QuickDisk
{
public:
    int fdatasync(int) override { return m_refuses ? (errno = ENOSPC, -1) : 0; }
    void setRefuses(bool refuses) { m_refuses = refuses; }

private:
    std::atomic_bool m_refuses = false;
};

/// One entry in a queue of its own, and what the model says of it.
class ModelledEntry
{
public:
    ModelledEntry();

    [[nodiscard]] const Model &model() const { return m_model; }
    /// Both see it. What ends the entry is never refused.
    void record(const QueueEvent &event, bool isRefused = false);
    /// While an attempt runs it is refused (C68). A hold may come while the removal is on its way.
    void remove(bool isRefused, bool isHeldMeanwhile);
    /// The model does not: for the check of the check.
    void recordUnseen(const QueueEvent &event) { answerOf(m_queue->record(m_id, {event})); }
    [[nodiscard]] QByteArray fault() const;
    [[nodiscard]] QByteArray faultAfterACrash() const;

private:
    RefusingDisk m_disk;
    QTemporaryDir m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Queue> m_queue;
    QByteArray m_id;
    Model m_model;
    QList<Model> m_left; ///< what a crash may leave: the last that was durable, and all after it
};

ModelledEntry::ModelledEntry()
{
    JournalSettings settings;
    settings.calls = &m_disk;
    settings.checkpointMilliseconds = 3600 * 1000; // whatever a crash finds is in its segments
    m_journal = std::move(Journal::open(m_folder.path(), settings).value());
    m_queue = std::move(Queue::open(m_folder.path(), *m_journal).value());
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "example.net"};
    for (const char *name : {"bob", "carol"})
        envelope.recipients.append(smtp::EnvelopeRecipient{{name, "example.org"}, {}, {}});
    const QueueEntry entry = m_queue->prepare(envelope, 0, {});
    m_id = entry.id;
    const Result<void> durable
        = answerOf(m_journal->commit(m_queue->steps(entry, QByteArray("Subject: hi\n\ntext\n"))).durable);
    Q_ASSERT(durable);
    m_queue->insert(entry);
    m_left = {m_model};
}

void ModelledEntry::record(const QueueEvent &event, bool isRefused)
{
    std::visit(m_model, event);
    m_disk.setRefuses(isRefused && !m_model.isOver());
    const bool isDurable = answerOf(m_queue->record(m_id, {event})).has_value() && !isOnlySeen(event);
    m_disk.setRefuses(false);
    m_queue->setInDelivery(m_id, m_model.isDelivering());
    if (isDurable)
        m_left.clear();
    m_left.append(m_model);
}

void ModelledEntry::remove(bool isRefused, bool isHeldMeanwhile)
{
    m_disk.setRefuses(isRefused);
    const Queue::Acted acted = m_queue->act(QueueAction::Remove, {m_id});
    QCOMPARE(acted.begun, m_model.isDelivering() ? 0 : 1);
    if (isHeldMeanwhile) {
        m_queue->record(m_id, {Held()});
        m_model(Held());
        m_left.append(m_model);
    }
    const bool isRemoved = answerOf(acted.done).value_or(0) == 1;
    m_disk.setRefuses(false);
    if (isRemoved)
        m_left.clear();
    if (isRemoved)
        m_model = removed();
    if (acted.begun == 1)
        m_left.append(removed());
}

QByteArray ModelledEntry::fault() const
{
    const Model found = modelOf(m_queue->entry(m_id));
    return found == m_model ? "" : "expected " + words(m_model) + "\nfound    " + words(found);
}

QByteArray ModelledEntry::faultAfterACrash() const
{
    const QTemporaryDir copy;
    test::copyQueue(m_folder.path(), copy.path());
    test::QuickDisk disk;
    JournalSettings settings;
    settings.calls = &disk;
    const auto journal = Journal::open(copy.path(), settings);
    const auto queue = journal ? Queue::open(copy.path(), **journal) : tl::unexpected(journal.error());
    if (!queue)
        return "no queue after a crash";
    const Model found = modelOf((*queue)->entry(m_id));
    QByteArray all = "after a crash, found " + words(found);
    for (Model left : m_left) {
        left(Restarted());
        if (left == found)
            return {};
        all += "\nexpected " + words(left);
    }
    return all;
}

constexpr int removal = std::variant_size_v<QueueEvent>; // beside the numbers of the events

/// Empty, or what differs. Adds the kinds of what came to played.
QByteArray playOrder(QRandomGenerator &random, std::set<int> &played)
{
    ModelledEntry entry;
    QByteArray order;
    for (int left = 1 + random.bounded(60); left > 0 && !entry.model().isOver(); --left) {
        const bool isRefused = random.bounded(8) == 0;
        if (random.bounded(30) == 0) {
            entry.remove(isRefused, random.bounded(2) == 0);
            played.insert(removal);
            order += " removal";
        } else {
            QueueEvent event = anyEvent(random);
            while (!mayCome(entry.model(), event))
                event = anyEvent(random);
            entry.record(event, isRefused);
            played.insert(int(event.index()));
            order += ' ' + QByteArray::number(qsizetype(event.index()));
        }
        if (const QByteArray fault = entry.fault(); !fault.isEmpty())
            return fault + "\nafter the events" + order;
    }
    const QByteArray fault = entry.faultAfterACrash();
    return fault.isEmpty() ? "" : fault + "\nafter the events" + order;
}

struct Wish
{
    int orders = 200;
    quint32 seed = 0; ///< 0: a fixed one and then a new one
};
Wish wish;

/// "--orders N" and "--seed N" are ours; the rest is Qt Test's.
QList<char *> takeOwnArguments(int argc, char **argv)
{
    QList<char *> rest;
    for (int i = 0; i < argc; ++i) {
        const QByteArray word(argv[i]);
        if (word == "--orders" && i + 1 < argc)
            wish.orders = QByteArray(argv[++i]).toInt();
        else if (word == "--seed" && i + 1 < argc)
            wish.seed = QByteArray(argv[++i]).toUInt();
        else
            rest.append(argv[i]);
    }
    return rest;
}

} // namespace

class TestQueueModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void seesWhatIsLost();
    void anyOrder_data();
    void anyOrder();
};

/// A hold, a release and a removal of which the queue or the model does not know.
void TestQueueModel::seesWhatIsLost()
{
    ModelledEntry entry;
    entry.record(Held());
    QCOMPARE(entry.fault(), QByteArray());
    QCOMPARE(entry.faultAfterACrash(), QByteArray());
    entry.recordUnseen(Released());
    QVERIFY(!entry.fault().isEmpty());
    QVERIFY(!entry.faultAfterACrash().isEmpty());
    entry.record(Held());
    QCOMPARE(entry.fault(), QByteArray());
    entry.remove(false, true);
    QCOMPARE(entry.fault(), QByteArray());
    QCOMPARE(entry.faultAfterACrash(), QByteArray());
    QVERIFY(entry.model().isGone);
}

void TestQueueModel::anyOrder_data()
{
    QTest::addColumn<quint32>("seed");
    if (wish.seed != 0) {
        QTest::newRow("the seed that was asked for") << wish.seed;
        return;
    }
    QTest::newRow("a fixed seed") << quint32(20261130);
    QTest::newRow("a new seed") << QRandomGenerator::system()->generate();
}

void TestQueueModel::anyOrder()
{
    QFETCH(quint32, seed);
    qInfo("%d orders, --seed %u", wish.orders, seed);
    QRandomGenerator random(seed);
    std::set<int> played;
    for (int i = 0; i < wish.orders; ++i) {
        const QByteArray fault = playOrder(random, played);
        QVERIFY2(fault.isEmpty(), fault.constData());
    }
    QVERIFY2(wish.orders < 100 || int(played.size()) == removal + 1, "some kind of event never came");
}

int main(int argc, char **argv)
{
    QList<char *> arguments = takeOwnArguments(argc, argv);
    int count = static_cast<int>(arguments.size());
    QCoreApplication application(count, arguments.data());
    TestQueueModel test;
    return QTest::qExec(&test, count, arguments.data());
}
#include "tst_queuemodel.moc"
