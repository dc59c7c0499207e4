// The queue of a machine that is offline: what would leave it waits, what stays here does not, and all of it
// goes on when there is a network again. So it does after an end of the program before anything was opened.
#include "mail/accept/acceptor.h"
#include "mail/queue/queuerunner.h"
#include "mail/queue/reachability.h"
#include "tests/support/awaited.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// Takes everything it is given.
class Carriers : public DeliveryService
{
public:
    QList<QByteArray> taken; ///< local-parts

    quint64 deliver(
        const smtp::Envelope &envelope, SourceFactory, const std::optional<OutgoingRoute> &) override
    {
        smtp::DeliveryReport whole;
        for (const smtp::EnvelopeRecipient &one : envelope.recipients) {
            taken.append(one.forwardPath.localPart);
            smtp::RecipientReport report;
            report.recipient = one.forwardPath;
            report.result = smtp::DeliveryResult::Delivered;
            report.at = 1;
            whole.recipients.append(report);
        }
        const quint64 id = ++m_last;
        QTimer::singleShot(0, this, [this, id, whole] {
            Q_EMIT partFinished(id, whole, id);
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
};

OutgoingRoute smarthost(const char *host)
{
    OutgoingRoute route;
    route.kind = OutgoingRoute::Kind::Smarthost;
    route.host = QString::fromLatin1(host);
    return route;
}

} // namespace

class TestReachability : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Queue> m_queue;
    std::unique_ptr<Acceptor> m_acceptor;
    std::unique_ptr<Reporter> m_reporter;
    std::unique_ptr<Carriers> m_service;
    std::unique_ptr<QueueRunner> m_runner;

    /// In the queue, and tried as soon as may be.
    QByteArray post(const QByteArray &name, const std::optional<OutgoingRoute> &route = std::nullopt)
    {
        IncomingMessage message;
        message.envelope.recipients.append(smtp::EnvelopeRecipient{{name, "b.example"}, {}, {}});
        message.content = "Subject: hi\n\ntext\n";
        message.route = route;
        const Promised promised = m_acceptor->accept(message, m_acceptor->planFor(message), {});
        return test::awaited(promised.durable).value_or(Accepted()).queueId;
    }
    [[nodiscard]] RecipientState state(const QByteArray &id) const
    {
        const QueueEntry entry = m_queue->entry(id);
        return entry.stateOf(entry.recipients.constFirst());
    }
    [[nodiscard]] bool isPutOff(const QByteArray &id) const
    {
        return m_queue->entry(id).recipients.constFirst().nextAttemptAt != 0;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_journal = std::move(Journal::open(m_folder->path()).value());
        m_store = std::move(Store::open(m_folder->path(), *m_journal).value());
        m_queue = std::move(Queue::open(m_folder->path(), *m_journal).value());
        Settings settings;
        settings.hostName = QStringLiteral("a.example");
        m_acceptor = std::make_unique<Acceptor>(*m_store, *m_queue, AcceptanceRules{Router(settings)});
        m_reporter = std::make_unique<Reporter>(*m_queue, *m_acceptor, AttemptTexts());
        m_service = std::make_unique<Carriers>();
        m_runner = std::make_unique<QueueRunner>(*m_queue, *m_service, *m_acceptor, *m_reporter);
        m_runner->start();
    }
    void cleanup()
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

    void waitsWhileOffline()
    {
        m_runner->setReachability(Reachability::Offline);
        const QByteArray id = post("bob");
        QTRY_VERIFY(isPutOff(id));
        QVERIFY(m_service->taken.isEmpty());
        QCOMPARE(m_queue->entry(id).recipients.constFirst().attempts(), 0); // no attempt is counted
        QCOMPARE(state(id), RecipientState::Waiting);
        m_queue->act(QueueAction::TryNow, {id}); // asked for or not: there is no network
        QTRY_VERIFY(isPutOff(id));
        QVERIFY(m_service->taken.isEmpty());
        m_runner->setReachability(Reachability::Online);
        QTRY_COMPARE(m_service->taken, QList<QByteArray>{"bob"});
        QTRY_VERIFY(m_queue->entries().isEmpty());
    }

    void whatStaysHereGoesOn()
    {
        m_runner->setReachability(Reachability::Offline);
        const QByteArray remote = post("bob", smarthost("smtp.example.org"));
        post("carol", smarthost("127.0.0.1"));
        QTRY_COMPARE(m_service->taken, QList<QByteArray>{"carol"});
        QTRY_VERIFY(isPutOff(remote));
        QCOMPARE(m_service->taken.size(), 1);
    }

    /// Where nothing tells, mail is tried.
    void unknownIsOnline()
    {
        m_runner->setReachability(Reachability::Unknown);
        post("bob");
        QTRY_COMPARE(m_service->taken.size(), 1);
    }

    void whatAPersonPutOffStaysSo()
    {
        m_runner->setReachability(Reachability::Offline);
        const QByteArray later = post("bob");
        const QByteArray held = post("carol");
        QTRY_VERIFY(isPutOff(later) && isPutOff(held));
        QueueRequest request(QueueAction::Postpone);
        request.at = QDateTime::currentMSecsSinceEpoch() + 3'600'000;
        m_queue->act(request, {later});
        m_queue->act(QueueAction::Hold, {held});
        const QByteArray other = post("dave");
        QTRY_VERIFY(isPutOff(other));
        m_runner->setReachability(Reachability::Online);
        QTRY_COMPARE(m_service->taken, QList<QByteArray>{"dave"});
        QCOMPARE(state(held), RecipientState::Held);
    }

    /// The attempt is written down before anything is opened: when the program ends in between, there was
    /// none.
    void anEndBeforeTheConnectionIsNoAttempt()
    {
        QObject until;
        connect(m_queue.get(), &Queue::changed, &until, [this](const QList<QueueEntry> &entries) {
            if (entries.constFirst().recipients.constFirst().isDelivering())
                m_runner->stop();
        });
        const QByteArray id = post("bob");
        const auto bob = [&] { return m_queue->entry(id).recipients.constFirst(); };
        QTRY_COMPARE(state(id), RecipientState::Waiting);
        QTRY_COMPARE(bob().attempts(), 0);
        QCOMPARE(bob().nextAttemptAt, 0);
        QVERIFY(m_service->taken.isEmpty());
        disconnect(m_queue.get(), nullptr, &until, nullptr);
        m_runner->start();
        QTRY_COMPARE(m_service->taken, QList<QByteArray>{"bob"});
    }

    void needsANetwork_data()
    {
        QTest::addColumn<OutgoingRoute>("route");
        QTest::addColumn<QByteArray>("domain");
        QTest::addColumn<bool>("needs");
        QTest::newRow("smarthost") << smarthost("smtp.example.org") << QByteArray("b.example") << true;
        QTest::newRow("at 127.0.0.1") << smarthost("127.0.0.1") << QByteArray("b.example") << false;
        QTest::newRow("at ::1") << smarthost("::1") << QByteArray("b.example") << false;
        QTest::newRow("at localhost") << smarthost("LocalHost") << QByteArray("b.example") << false;
        QTest::newRow("at a socket") << smarthost("/run/lmtp") << QByteArray("b.example") << false;
        QTest::newRow("direct") << OutgoingRoute() << QByteArray("b.example") << true;
        QTest::newRow("to a literal") << OutgoingRoute() << QByteArray("[192.0.2.1]") << true;
        QTest::newRow("to loopback") << OutgoingRoute() << QByteArray("[127.0.0.1]") << false;
        QTest::newRow("to loopback, IPv6") << OutgoingRoute() << QByteArray("[IPv6:::1]") << false;
        QTest::newRow("to half a literal") << OutgoingRoute() << QByteArray("[127.0.0.1") << true;
    }
    void needsANetwork()
    {
        QFETCH(OutgoingRoute, route);
        QFETCH(QByteArray, domain);
        QTEST(needsNetwork(route, domain), "needs");
    }
};

QTEST_GUILESS_MAIN(TestReachability)
#include "tst_reachability.moc"
