#include "mail/accept/acceptor.h"
#include "mail/message/statusreport.h"
#include "mail/queue/queuerunner.h"
#include "tests/mail/reportreaders.h"
#include "tests/support/awaited.h"
#include "tests/support/crash.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

constexpr qint64 minute = 60 * 1000;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;
constexpr int messages = 200;

/// The servers of a small internet, each with a temper of its own, and what they took.
class World : public DeliveryService
{
public:
    explicit World(const qint64 &now) : m_now(now), m_start(now) { }

    quint64 deliver(
        const smtp::Envelope &envelope, SourceFactory, const std::optional<OutgoingRoute> &) override
    {
        const quint64 id = ++m_last;
        QTimer::singleShot(0, this, [this, id, envelope, connection = m_connections] {
            if (connection == m_connections)
                answer(id, envelope);
        });
        return id;
    }
    void noted(quint64) override { }
    [[nodiscard]] std::optional<Account> accountAwaitingPassword(
        const std::optional<OutgoingRoute> &) const override
    {
        return std::nullopt;
    }
    void close(const QByteArray &) override { }

    /// Whoever sent is gone, before anything was taken.
    void hangUp() { ++m_connections; }

    QHash<QByteArray, int> taken; ///< "queue id recipient": how often

private:
    void answer(quint64 id, const smtp::Envelope &envelope)
    {
        QMap<QByteArray, smtp::DeliveryReport> parts; // by host
        smtp::DeliveryReport whole;
        for (const smtp::EnvelopeRecipient &one : envelope.recipients) {
            whole.recipients.append(resultFor(envelope, one.forwardPath));
            parts[one.forwardPath.domain].recipients.append(whole.recipients.last());
        }
        for (const smtp::DeliveryReport &part : std::as_const(parts))
            Q_EMIT partFinished(id, part, ++m_part);
        Q_EMIT finished(id, whole);
    }

    smtp::RecipientReport resultFor(const smtp::Envelope &envelope, const smtp::Mailbox &recipient)
    {
        const QByteArray key = envelope.envelopeId + ' ' + recipient.toBytes();
        smtp::RecipientReport report;
        report.recipient = recipient;
        report.stage = smtp::DeliveryStage::EndOfData;
        report.remoteHost = "mx." + recipient.domain;
        report.at = m_now * 1000;
        report.sessionId = "S1";
        if (recipient.domain == "dsn.example")
            report.offered = smtp::Capability::Dsn;
        report.result = temper(recipient, key);
        if (report.result == smtp::DeliveryResult::Unknown) {
            report.status = {4, 4, 2};
            report.reason = "connection lost after the dot";
            return report;
        }
        const int code = report.result == smtp::DeliveryResult::Delivered ? 250
            : report.result == smtp::DeliveryResult::Refused              ? 550
                                                                          : 451;
        report.reply = {code, {code / 100, 0, 0}, {"as it pleases"}};
        report.status = report.reply.enhanced;
        if (report.result == smtp::DeliveryResult::Delivered)
            ++taken[key];
        return report;
    }

    smtp::DeliveryResult temper(const smtp::Mailbox &recipient, const QByteArray &key)
    {
        using Result = smtp::DeliveryResult;
        const qint64 time = m_now - m_start;
        const QByteArray &host = recipient.domain;
        if (recipient.localPart.startsWith('x'))
            return Result::Refused;
        if (host == "flaky.example")
            return m_random.bounded(10) < 4 ? Result::Deferred : Result::Delivered;
        if (host == "late.example") // down at first, then back
            return time < 3 * day ? Result::Deferred : Result::Delivered;
        if (host == "vanishing.example")
            return time < day / 2 ? Result::Delivered : Result::Deferred;
        if (host == "dead.example")
            return Result::Deferred;
        if (host == "grey.example") {
            const qint64 first = m_firstSeen.value(key, m_now);
            m_firstSeen.insert(key, first);
            return m_now - first < 5 * minute ? Result::Deferred : Result::Delivered;
        }
        if (host == "cut.example")
            return m_random.bounded(10) < 3 ? Result::Unknown : Result::Delivered;
        return Result::Delivered;
    }

    const qint64 &m_now;
    qint64 m_start;
    quint64 m_last = 0;
    quint64 m_part = 0;
    int m_connections = 0;
    QHash<QByteArray, qint64> m_firstSeen;
    QRandomGenerator m_random{7};
};

const QList<QByteArray> hosts = {"good.example", "dsn.example", "flaky.example", "late.example",
    "vanishing.example", "dead.example", "grey.example", "cut.example"};

} // namespace

/// A week of mail on a fake clock, with servers that defer, vanish and come back, and the
/// program stopped in the middle of it now and then. Each recipient ends in one state, and the sender is told
/// of each thing once.
class TestQueueWeek : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void aWeek();

private:
    void open();
    void close();
    void submit(int number);
    void pass(qint64 milliseconds);
    void settle();
    [[nodiscard]] QStringList reportFiles() const;
    void checkReports();

    std::unique_ptr<QTemporaryDir> m_folder;
    test::QuickDisk m_calls; // what is tested here is time, not durability
    qint64 m_wall = 0;
    qint64 m_monotonic = 1000;
    std::unique_ptr<World> m_world;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Queue> m_queue;
    std::unique_ptr<Acceptor> m_acceptor;
    std::unique_ptr<Reporter> m_reporter;
    std::unique_ptr<QueueRunner> m_runner;
    QHash<QByteArray, smtp::Envelope> m_sent; // by queue id
    QRandomGenerator m_random{11};
};

void TestQueueWeek::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_wall = QDateTime::currentMSecsSinceEpoch();
    m_world = std::make_unique<World>(m_wall);
    open();
}

void TestQueueWeek::cleanup()
{
    close();
    m_folder.reset();
}

void TestQueueWeek::open()
{
    JournalSettings journalSettings;
    journalSettings.calls = &m_calls;
    auto journal = Journal::open(m_folder->path(), journalSettings);
    QVERIFY(journal);
    m_journal = std::move(*journal);
    auto store = Store::open(m_folder->path(), *m_journal);
    QVERIFY(store);
    m_store = std::move(*store);
    const Clock clock{[this] { return m_wall; }, [this] { return m_monotonic; }};
    auto queue = Queue::open(m_folder->path(), *m_journal, clock);
    QVERIFY(queue);
    m_queue = std::move(*queue);
    Settings settings;
    settings.hostName = QStringLiteral("a.example");
    settings.users.append({QStringLiteral("alice"), {}});
    m_acceptor = std::make_unique<Acceptor>(*m_store, *m_queue, AcceptanceRules{Router(settings)}, clock);
    m_reporter = std::make_unique<Reporter>(*m_queue, *m_acceptor, [](const smtp::RecipientReport &) {
        return Task<QByteArray>(QByteArray("12:00:00.000 S: 451 4.0.0 as it pleases\n"));
    });
    m_reporter->configure("a.example", RetrySchedule::standard());
    m_runner = std::make_unique<QueueRunner>(*m_queue, *m_world, *m_acceptor, *m_reporter);
    QVERIFY(test::awaited(m_store->createUser(QStringLiteral("alice"))));
}

void TestQueueWeek::close()
{
    m_runner.reset();
    m_reporter.reset();
    m_acceptor.reset();
    m_queue.reset();
    m_store.reset();
    m_journal.reset();
}

void TestQueueWeek::submit(int number)
{
    static const QList<smtp::NotifyFlags> wishes = {{}, {}, {}, smtp::Notify::Never,
        smtp::Notify::Success | smtp::Notify::Failure | smtp::Notify::Delay, smtp::Notify::Failure};
    IncomingMessage message;
    if (number % 20 != 0)
        message.envelope.reversePath = {"alice", "a.example"};
    else if (number % 40 == 0)
        message.session.id = "S9"; // a report of somebody else's on its way; the rest are our own
    message.envelope.envelopeId = "E" + QByteArray::number(number);
    message.envelope.dsnReturn = number % 3 == 0 ? smtp::DsnReturn::Full : smtp::DsnReturn::Unspecified;
    const int recipients = 1 + m_random.bounded(12);
    for (int i = 0; i < recipients; ++i) {
        const QByteArray name = (m_random.bounded(15) == 0 ? "x" : "u") + QByteArray::number(i);
        const QByteArray &host = hosts.at(m_random.bounded(int(hosts.size())));
        const smtp::NotifyFlags wish = wishes.at(m_random.bounded(int(wishes.size())));
        message.envelope.recipients.append(smtp::EnvelopeRecipient{{name, host}, wish, {}});
    }
    message.messageId = QByteArray::number(number) + "@a.example";
    message.content = "From: alice@a.example\nMessage-ID: <" + message.messageId
        + ">\nSubject: " + QByteArray::number(number) + "\n\ntext\n";
    const Promised promised = m_acceptor->accept(message, m_acceptor->planFor(message), {});
    const Result<Accepted> accepted = test::awaited(promised.durable);
    QVERIFY(accepted);
    m_sent.insert(accepted->queueId, message.envelope);
}

void TestQueueWeek::pass(qint64 milliseconds)
{
    m_wall += milliseconds;
    m_monotonic += milliseconds;
}

// Everything that is due now has had its attempt, and its reports.
void TestQueueWeek::settle()
{
    m_runner->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_runner->isIdle() && m_queue->dueEntries(1).isEmpty(), 60000);
}

QStringList TestQueueWeek::reportFiles() const
{
    QStringList files;
    QDirIterator mails(m_folder->filePath(QStringLiteral("mail/alice")),
        {QStringLiteral("new"), QStringLiteral("cur")}, QDir::Dirs);
    while (mails.hasNext()) {
        const QDir folder(mails.next());
        const QStringList names = folder.entryList(QDir::Files);
        for (const QString &name : names)
            files.append(folder.filePath(name));
    }
    return files;
}

void TestQueueWeek::aWeek()
{
    int submitted = 0;
    int restarts = 0;
    const qint64 start = m_monotonic;
    while (submitted < messages || !m_queue->entries().isEmpty()) {
        const qint64 time = m_monotonic - start;
        QVERIFY2(time < 7 * day, "a week was not enough");
        while (submitted < messages && time >= submitted * (day / messages))
            submit(submitted++);
        if (restarts < 4 && time > (restarts + 1) * day - hour) { // in the middle of whatever runs
            ++restarts;
            QSignalSpy changed(m_queue.get(), &Queue::changed);
            m_runner->start();
            QTRY_VERIFY(!changed.isEmpty() || m_queue->dueEntries(1).isEmpty());
            m_world->hangUp();
            close();
            m_monotonic += 1;
            open();
        }
        settle();
        const qint64 next = m_queue->nextDueIn();
        const bool isFirstDay = submitted < messages;
        pass(std::clamp<qint64>(
            next, isFirstDay ? 5 * minute : 20 * minute, isFirstDay ? 5 * minute : 3 * hour));
    }
    QCOMPARE(restarts, 4);
    checkReports();
}

void TestQueueWeek::checkReports()
{
    for (auto sent = m_sent.constBegin(); sent != m_sent.constEnd(); ++sent)
        QTRY_VERIFY(!m_queue->entry(sent.key()).id.isEmpty()); // written, and every report before it
    QHash<QByteArray, int> told; // "queue id recipient action"
    const QStringList files = reportFiles();
    QStringList actions;
    for (const QString &name : files) {
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto report = readStatusReport(file.readAll());
        QVERIFY2(report, qPrintable(name));
        QStringList words;
        for (const ReportedRecipient &one : report->recipients) {
            ++told[report->envelopeId + ' ' + one.finalRecipient + ' ' + QByteArray::number(int(one.action))];
            static const char *const names[] = {"failed", "delayed", "delivered", "relayed", "expanded"};
            words.append(QString::fromLatin1(names[int(one.action)]));
        }
        actions.append(words.join(u' '));
    }
    QVERIFY(files.size() > 100);
    for (const test::ReportReader &reader : test::reportReaders) {
        const test::ReadByOthers read = test::readReports(reader, files);
        QCOMPARE(read.trouble, QString());
        QCOMPARE(read.actions, actions);
    }

    QHash<RecipientState, int> ended;
    qsizetype expected = 0;
    for (auto sent = m_sent.constBegin(); sent != m_sent.constEnd(); ++sent) {
        const QueueEntry entry = m_queue->entry(sent.key());
        QVERIFY(entry.isDone());
        QVERIFY(!isOwedAnyReport(entry));
        for (const QueueRecipient &one : entry.recipients) {
            ++ended[entry.stateOf(one)];
            const QByteArray who = sent->envelopeId + ' ' + one.recipient.forwardPath.toBytes();
            const int taken = m_world->taken.value(who);
            const bool delivered = entry.stateOf(one) == RecipientState::Delivered;
            QCOMPARE(delivered, taken > 0);
            QVERIFY2(taken <= 1 || one.recipient.forwardPath.domain == "cut.example", who);
            const std::pair<DsnKind, ReportAction> kinds[] = {{DsnKind::Failure, ReportAction::Failed},
                {DsnKind::Delay, ReportAction::Delayed}, {DsnKind::Success, ReportAction::Relayed}};
            for (const auto &[what, action] : kinds) {
                const int count = told.value(who + ' ' + QByteArray::number(int(action)));
                QVERIFY2(count == (one.notified.testFlag(what) ? 1 : 0), who);
                expected += count;
            }
            const bool isReport = sent->reversePath.isNull();
            const bool mayTell = isReport ? entry.originSessionId.isEmpty() // the postmaster
                                          : one.recipient.notify != smtp::Notify::Never;
            QCOMPARE(one.notified.testFlag(DsnKind::Failure), !delivered && mayTell);
        }
    }
    int all = 0;
    for (const int count : std::as_const(told))
        all += count;
    QCOMPARE(all, expected); // nothing was told of anybody else
    for (const RecipientState state :
        {RecipientState::Delivered, RecipientState::Failed, RecipientState::Expired})
        QVERIFY(ended.value(state) > 20);
    QCOMPARE(ended.size(), 3);
}

QTEST_GUILESS_MAIN(TestQueueWeek)
#include "tst_queueweek.moc"
