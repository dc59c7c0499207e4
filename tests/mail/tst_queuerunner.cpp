// Which sessions each attempt went through: the record of every attempt names them, also where a later one
// finds the connection of the first still open.
#include "mail/accept/acceptor.h"
#include "mail/queue/queuerunner.h"
#include "tests/support/awaited.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const QByteArray session = "1J1B9AUMIJ5GHHBMQ";

/// Has one connection, through which each recipient goes in a transaction of its own, and comes back.
class OneConnection : public DeliveryService
{
public:
    quint64 deliver(
        const smtp::Envelope &envelope, SourceFactory, const std::optional<OutgoingRoute> &) override
    {
        smtp::DeliveryReport whole;
        for (const smtp::EnvelopeRecipient &one : envelope.recipients) {
            smtp::RecipientReport report;
            report.recipient = one.forwardPath;
            report.result = smtp::DeliveryResult::Deferred;
            report.stage = smtp::DeliveryStage::Rcpt;
            report.reply = {452, {4, 2, 2}, {"mailbox full"}};
            report.status = report.reply.enhanced;
            report.sessionId = session;
            report.at = 1;
            whole.recipients.append(report);
        }
        const quint64 id = ++m_last;
        QTimer::singleShot(0, this, [this, id, whole] {
            for (const smtp::RecipientReport &one : whole.recipients) {
                Q_EMIT sessionOpened(id, session);
                Q_EMIT partFinished(id, {{one}}, ++m_lastPart);
            }
            Q_EMIT finished(id, whole);
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

private:
    quint64 m_last = 0;
    quint64 m_lastPart = 0;
};

} // namespace

class TestQueueRunner : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void everyAttemptNamesItsSessions();

private:
    /// How often something like that was recorded.
    template <class Event> [[nodiscard]] qsizetype countOf() const
    {
        return std::count_if(m_happened.begin(), m_happened.end(),
            [](const QueueEvent &event) { return std::holds_alternative<Event>(event); });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Queue> m_queue;
    std::unique_ptr<Acceptor> m_acceptor;
    std::unique_ptr<Reporter> m_reporter;
    std::unique_ptr<OneConnection> m_service;
    std::unique_ptr<QueueRunner> m_runner;
    QueueEvents m_happened;
};

void TestQueueRunner::init()
{
    m_happened.clear();
    m_folder = std::make_unique<QTemporaryDir>();
    m_journal = std::move(Journal::open(m_folder->path()).value());
    m_store = std::move(Store::open(m_folder->path(), *m_journal).value());
    m_queue = std::move(Queue::open(m_folder->path(), *m_journal).value());
    connect(m_queue.get(), &Queue::happened, this,
        [this](const QueueEntry &, const QList<QueueEvent> &events) { m_happened += events; });
    Settings settings;
    settings.hostName = QStringLiteral("a.example");
    m_acceptor = std::make_unique<Acceptor>(*m_store, *m_queue, AcceptanceRules{Router(settings)});
    m_reporter = std::make_unique<Reporter>(*m_queue, *m_acceptor, AttemptTexts());
    m_service = std::make_unique<OneConnection>();
    m_runner = std::make_unique<QueueRunner>(*m_queue, *m_service, *m_acceptor, *m_reporter);
    m_runner->start();
}

void TestQueueRunner::cleanup()
{
    m_runner.reset();
    m_service.reset();
    m_reporter.reset();
    m_acceptor.reset();
    m_queue.reset();
    m_store.reset();
    m_journal.reset();
    m_folder.reset();
}

void TestQueueRunner::everyAttemptNamesItsSessions()
{
    IncomingMessage message;
    for (const char *name : {"bob", "carol"})
        message.envelope.recipients.append(smtp::EnvelopeRecipient{{name, "b.example"}, {}, {}});
    message.content = "Subject: hi\n\ntext\n";
    const auto accepted
        = test::awaited(m_acceptor->accept(message, m_acceptor->planFor(message), {}).durable);
    QVERIFY(accepted);
    for (int attempt = 1; attempt <= 2; ++attempt) {
        QTRY_COMPARE(countOf<Attempted>(), 2 * attempt);
        QTRY_VERIFY(m_runner->isIdle());
        QCOMPARE(countOf<SessionOpened>(), attempt);
        m_queue->act(QueueAction::TryNow, {accepted->queueId});
    }
    QCOMPARE(m_queue->entry(accepted->queueId).attemptSessionIds, QList<QByteArray>{session});
}

QTEST_GUILESS_MAIN(TestQueueRunner)
#include "tst_queuerunner.moc"
