#include "mail/queue/deliveryagent.h"

#include "smtp/server/listener.h"
#include "tests/support/loopwatch.h"
#include "tests/support/stubmail.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// Answers from a table.
class TableLookup : public smtp::ExchangerLookup
{
public:
    void lookup(const QByteArray &domain, QObject *context, std::function<void(const QByteArray &)> note,
        std::function<void(const smtp::ExchangerResult &)> done) override
    {
        ++asked;
        const smtp::LookupFailure none{
            smtp::LookupFailure::Kind::NoSuchDomain, {5, 1, 2}, "there is no such domain"};
        const smtp::ExchangerResult result = table.value(domain, tl::unexpected(none));
        QTimer::singleShot(0, context, [note, done, domain, result] {
            note("MX " + domain);
            done(result);
        });
    }

    void lookupHost(const QByteArray &host, QObject *context, Note note, Done done) override
    {
        const smtp::LookupFailure none{
            smtp::LookupFailure::Kind::Temporary, {4, 4, 4}, "no such host: " + host};
        const QHostAddress address(QString::fromUtf8(host));
        smtp::ExchangerResult result = tl::unexpected(none);
        if (!address.isNull())
            result = QList<smtp::Exchanger>{{0, host, {address}}};
        QTimer::singleShot(0, context, [note, done, result = hosts.value(host, result)] { done(result); });
    }

    QHash<QByteArray, smtp::ExchangerResult> table;
    QHash<QByteArray, smtp::ExchangerResult> hosts;
    int asked = 0;
};

/// Greets each connection with one line and closes.
class GreetAndClose : public QTcpServer
{
public:
    explicit GreetAndClose(const QByteArray &line)
    {
        connect(this, &QTcpServer::newConnection, this, [this, line] {
            QTcpSocket *socket = nextPendingConnection();
            socket->write(line + "\r\n");
            socket->disconnectFromHost();
            ++connections;
        });
    }
    int connections = 0;
};

/// Says what is hoped for, line by line, but nothing after the dot until it is told; refuses every sign-in.
class SlowAtTheDot : public QTcpServer
{
public:
    SlowAtTheDot()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            ++connections;
            socket->setReadBufferSize(64 * 1024);
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
            socket->write("220 slow.example\r\n");
        });
    }

    void answer(const QByteArray &line)
    {
        for (QTcpSocket *socket : std::exchange(m_waiting, {}))
            socket->write(line + "\r\n");
    }

    int connections = 0;
    int dots = 0;
    int signIns = 0;

private:
    void read(QTcpSocket *socket)
    {
        if (m_dataEnds.contains(socket))
            readData(socket);
        while (!m_dataEnds.contains(socket) && socket->canReadLine()) {
            const QByteArray line = socket->readLine().trimmed();
            if (line == "DATA") {
                m_dataEnds.insert(socket, {});
                socket->write("354 go on\r\n");
            } else if (line.startsWith("AUTH")) {
                ++signIns;
                socket->write("535 5.7.8 no\r\n");
            } else {
                socket->write(
                    line.startsWith("EHLO") ? "250-slow.example\r\n250 AUTH PLAIN\r\n" : "250 ok\r\n");
            }
        }
    }

    /// Not line by line: a large message would take this server longer than the client.
    void readData(QTcpSocket *socket)
    {
        QByteArray &end = m_dataEnds[socket];
        end = (end + socket->readAll()).right(5);
        if (end != "\r\n.\r\n")
            return;
        m_dataEnds.remove(socket);
        m_waiting.append(socket);
        ++dots;
    }

    QHash<QTcpSocket *, QByteArray> m_dataEnds; ///< the last octets so far, of those within a message
    QList<QTcpSocket *> m_waiting;
};

const QHostAddress first(QStringLiteral("127.0.0.1"));
const QHostAddress second(QStringLiteral("127.0.0.2"));

smtp::Exchanger exchanger(quint16 preference, const char *host, const QHostAddress &address)
{
    return {preference, host, {address}};
}

smtp::Envelope envelopeTo(const QList<QByteArray> &addresses)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    for (const QByteArray &address : addresses) {
        const qsizetype at = address.indexOf('@');
        envelope.recipients.append(smtp::EnvelopeRecipient{{address.left(at), address.mid(at + 1)}, {}, {}});
    }
    return envelope;
}

SourceFactory message()
{
    return [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); };
}

} // namespace

/// The agent over real sockets: hosts in order, destinations apart, connections kept.
class TestDeliveryAgent : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void nextHostAfterARefusedConnection();
    void nextHostAfterA5xxGreeting();
    void addressesOfOneHostAreRaced();
    void nextAddressOfTheSameHost();
    void smarthostByName();
    void tlsDemandBinds_data();
    void tlsDemandBinds();
    void everyHostDownDefersAndWaitingJobsShareIt();
    void destinationsAreApart();
    void lookupFailureHasATranscript();
    void connectionIsKeptForTheNextMessage();
    void nextMessageWaitsForTheNote();
    void moreConnectionsOnlyForManyMessages();
    void ownRouteIsTaken();
    void rateToOneSite();
    void deadHostIsTriedLast();
    void unreadableMessageIsDeferred();
    void waitingJobsOpenNoMessage();
    void closeWaitsForTheReplyAfterTheDot();
    void refusedSignInIsTriedNoMore();
    void abortDefers();
    void endsWhatHasNotBegun_data();
    void endsWhatHasNotBegun();
    void aLargeMessageKeepsNobodyWaiting_data();
    void aLargeMessageKeepsNobodyWaiting();

private:
    void listenOn(const QHostAddress &address, quint16 port);
    [[nodiscard]] LookupFactory lookups() const
    {
        return [lookup = m_lookup](const OutgoingRoute &) { return lookup; };
    }
    smtp::DeliveryReport deliver(const smtp::Envelope &envelope, const SourceFactory &source = message());

    std::shared_ptr<TableLookup> m_lookup;
    std::unique_ptr<test::StubMail> m_mail;
    std::unique_ptr<test::StubTranscripts> m_serverSide;
    std::unique_ptr<test::StubTranscripts> m_transcripts;
    std::unique_ptr<smtp::Listener> m_listener;
    std::unique_ptr<DeliveryAgent> m_agent;
    DeliverySettings m_settings;
};

void TestDeliveryAgent::init()
{
    m_lookup = std::make_shared<TableLookup>();
    m_mail = std::make_unique<test::StubMail>();
    m_serverSide = std::make_unique<test::StubTranscripts>();
    m_transcripts = std::make_unique<test::StubTranscripts>();
    m_settings = {};
    m_settings.heloName = "a.example";
    m_settings.limits.connectionsPerDestination = 2;
    listenOn(second, 0);
    m_agent = std::make_unique<DeliveryAgent>(m_settings, lookups(), *m_transcripts);
    m_lookup->table.insert("two.example",
        QList<smtp::Exchanger>{
            exchanger(10, "mx1.two.example", first), exchanger(20, "mx2.two.example", second)});
    m_lookup->table.insert("up.example", QList<smtp::Exchanger>{exchanger(10, "mx.up.example", second)});
    m_lookup->table.insert("down.example", QList<smtp::Exchanger>{exchanger(10, "mx.down.example", first)});
}

void TestDeliveryAgent::cleanup()
{
    m_agent.reset();
    m_listener.reset();
}

void TestDeliveryAgent::listenOn(const QHostAddress &address, quint16 port)
{
    smtp::ServerSettings server;
    server.hostName = "mx.example";
    m_listener = std::make_unique<smtp::Listener>(server, *m_mail, *m_serverSide, nullptr);
    smtp::Binding binding;
    binding.address = address;
    binding.port = port;
    const auto had = m_listener->listen(binding);
    QVERIFY(had);
    m_settings.route.port = had->port;
}

smtp::DeliveryReport TestDeliveryAgent::deliver(const smtp::Envelope &envelope, const SourceFactory &source)
{
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    const quint64 id = m_agent->deliver(envelope, source);
    [&] { QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 20000); }();
    [&] { QCOMPARE(finished.value(0).value(0).toULongLong(), id); }();
    return finished.value(0).value(1).value<smtp::DeliveryReport>();
}

void TestDeliveryAgent::nextHostAfterARefusedConnection()
{
    const smtp::DeliveryReport report = deliver(envelopeTo({"bob@two.example"}));
    QVERIFY(report.allDelivered());
    QCOMPARE(report.recipients.first().remoteHost, QByteArray("mx2.two.example"));
    QCOMPARE(report.recipients.first().remoteAddress, second);
}

void TestDeliveryAgent::nextHostAfterA5xxGreeting()
{
    GreetAndClose rude("554 5.3.2 not today");
    QVERIFY(rude.listen(first, m_settings.route.port));
    QVERIFY(deliver(envelopeTo({"bob@two.example"})).allDelivered()); // C3: the next one
    const smtp::DeliveryReport last = deliver(envelopeTo({"bob@down.example"}));
    QCOMPARE(last.recipients.first().result, smtp::DeliveryResult::Refused); // C3: the last one decides
    QCOMPARE(last.recipients.first().reply.code, 554);
    QCOMPARE(rude.connections, 2);
}

void TestDeliveryAgent::addressesOfOneHostAreRaced()
{
    m_lookup->table.insert("both.example", QList<smtp::Exchanger>{{10, "mx.both.example", {first, second}}});
    QSignalSpy sessions(m_agent.get(), &DeliveryAgent::sessionOpened);
    const smtp::DeliveryReport report = deliver(envelopeTo({"bob@both.example"}));
    QVERIFY(report.allDelivered());
    QCOMPARE(report.recipients.first().remoteAddress, second);
    QCOMPARE(sessions.size(), 1); // one session, and both attempts stand in it
    const QByteArray port = ':' + QByteArray::number(m_settings.route.port);
    QVERIFY(m_transcripts->lines().contains("-: connecting to " + first.toString().toLatin1() + port));
    QVERIFY(m_transcripts->lines().contains("-: connecting to " + second.toString().toLatin1() + port));
}

// RFC 5321 5.1: a host that greets badly at one of its addresses is tried at its others.
void TestDeliveryAgent::nextAddressOfTheSameHost()
{
    GreetAndClose rude("421 4.3.2 not here");
    QVERIFY(rude.listen(first, m_settings.route.port));
    m_lookup->table.insert("both.example", QList<smtp::Exchanger>{{10, "mx.both.example", {first, second}}});
    const smtp::DeliveryReport report = deliver(envelopeTo({"bob@both.example"}));
    QVERIFY(report.allDelivered());
    QCOMPARE(report.recipients.first().remoteAddress, second);
    QCOMPARE(rude.connections, 1);
}

void TestDeliveryAgent::smarthostByName()
{
    m_settings.route.kind = OutgoingRoute::Kind::Smarthost;
    m_settings.route.host = QStringLiteral("relay.example");
    m_agent->configure(m_settings, lookups());
    const smtp::DeliveryReport unknown = deliver(envelopeTo({"bob@up.example"}));
    QCOMPARE(unknown.recipients.first().result, smtp::DeliveryResult::Deferred);
    QCOMPARE(unknown.recipients.first().status, (smtp::EnhancedStatusCode{4, 4, 4}));
    QCOMPARE(m_transcripts->sessions.first().peerName, QByteArray("relay.example"));
    m_lookup->hosts.insert("relay.example", QList<smtp::Exchanger>{{0, "relay.example", {second}}});
    const smtp::DeliveryReport known = deliver(envelopeTo({"bob@up.example"}));
    QVERIFY(known.allDelivered());
    QCOMPARE(known.recipients.first().remoteHost, QByteArray("relay.example"));
}

void TestDeliveryAgent::tlsDemandBinds_data()
{
    QTest::addColumn<smtp::TlsDemand::Kind>("kind");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("C49 DANE") << smtp::TlsDemand::Kind::Dane << QByteArray("DANE requires TLS");
    QTest::newRow("C49 DANE, unusable records")
        << smtp::TlsDemand::Kind::DaneUnverified << QByteArray("DANE requires TLS");
    QTest::newRow("C48 MTA-STS") << smtp::TlsDemand::Kind::MtaSts << QByteArray("MTA-STS requires TLS");
}

// The listener here offers no TLS and the route is content with that; what the domain published is not.
void TestDeliveryAgent::tlsDemandBinds()
{
    QFETCH(smtp::TlsDemand::Kind, kind);
    QFETCH(QByteArray, words);
    const smtp::TlsDemand demand{kind, {{3, 1, 1, QByteArray(32, 'x')}}, {"mx.dane.example"}};
    m_lookup->table.insert("dane.example", QList<smtp::Exchanger>{{10, "mx.dane.example", {second}, demand}});
    const smtp::DeliveryReport report = deliver(envelopeTo({"bob@dane.example"}));
    const smtp::RecipientReport &bob = report.recipients.first();
    QCOMPARE(bob.result, smtp::DeliveryResult::Deferred);
    QCOMPARE(bob.stage, smtp::DeliveryStage::StartTls);
    QCOMPARE(bob.status.subject, 7);
    QVERIFY2(bob.reason.contains(words), bob.reason.constData());
    QVERIFY(m_mail->messages.isEmpty());
}

void TestDeliveryAgent::everyHostDownDefersAndWaitingJobsShareIt()
{
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    QSignalSpy sessions(m_agent.get(), &DeliveryAgent::sessionOpened);
    constexpr int count = 10;
    for (int i = 0; i < count; ++i)
        m_agent->deliver(envelopeTo({"bob@down.example"}), message());
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), count, 20000);
    for (const QList<QVariant> &one : finished) {
        const auto report = one.value(1).value<smtp::DeliveryReport>();
        QCOMPARE(report.recipients.first().result, smtp::DeliveryResult::Deferred);
        QCOMPARE(report.recipients.first().stage, smtp::DeliveryStage::Connect);
    }
    QVERIFY(sessions.size() < count);
}

void TestDeliveryAgent::destinationsAreApart()
{
    const smtp::DeliveryReport report
        = deliver(envelopeTo({"x@nowhere.example", "bob@up.example", "y@down.example", "carol@UP.example"}));
    QCOMPARE(report.recipients.size(), 4);
    QCOMPARE(report.recipients.at(0).result, smtp::DeliveryResult::Refused);
    QCOMPARE(report.recipients.at(0).status, (smtp::EnhancedStatusCode{5, 1, 2}));
    QCOMPARE(report.recipients.at(1).result, smtp::DeliveryResult::Delivered);
    QCOMPARE(report.recipients.at(2).result, smtp::DeliveryResult::Deferred);
    QCOMPARE(report.recipients.at(3).result, smtp::DeliveryResult::Delivered);
    QCOMPARE(report.recipients.at(1).sessionId, report.recipients.at(3).sessionId);
}

void TestDeliveryAgent::lookupFailureHasATranscript()
{
    const smtp::DeliveryReport report = deliver(envelopeTo({"x@nowhere.example"}));
    const QByteArray id = report.recipients.first().sessionId;
    QVERIFY(!id.isEmpty());
    QCOMPARE(report.recipients.first().stage, smtp::DeliveryStage::Lookup);
    QCOMPARE(m_transcripts->sessions.size(), 1);
    QCOMPARE(m_transcripts->sessions.first().id, id);
    QCOMPARE(m_transcripts->sessions.first().outcome, smtp::SessionOutcome::Broken);
    QCOMPARE(m_transcripts->sessions.first().peerName, QByteArray("nowhere.example"));
    QVERIFY(m_transcripts->lines().contains("-: MX nowhere.example"));
}

void TestDeliveryAgent::connectionIsKeptForTheNextMessage()
{
    const smtp::DeliveryReport one = deliver(envelopeTo({"bob@up.example"}));
    const smtp::DeliveryReport two = deliver(envelopeTo({"bob@up.example"}));
    QVERIFY(one.allDelivered() && two.allDelivered());
    QCOMPARE(one.recipients.first().sessionId, two.recipients.first().sessionId);
    QCOMPARE(m_lookup->asked, 1);
}

// What a crash may repeat is one message a connection: the next one goes when the last one's 250 is noted.
void TestDeliveryAgent::nextMessageWaitsForTheNote()
{
    m_settings.nextMessage = DeliverySettings::NextMessage::WhenNoted;
    m_settings.limits.connectionsPerDestination = 1;
    m_agent->configure(m_settings, lookups());
    m_lookup->table.insert("fence.example", m_lookup->table.value("up.example"));
    QSignalSpy parts(m_agent.get(), &DeliveryAgent::partFinished);
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    m_agent->deliver(envelopeTo({"bob@up.example"}), message());
    m_agent->deliver(envelopeTo({"carol@up.example"}), message());
    QTRY_COMPARE(parts.size(), 1);
    m_agent->deliver(envelopeTo({"dave@fence.example"}), message()); // a whole delivery later
    QTRY_COMPARE(finished.size(), 2);
    const auto kept = [&] {
        QList<QByteArray> names;
        for (const test::StubMessage &one : m_mail->messages)
            names.append(one.envelope.recipients.first().forwardPath.localPart);
        return names;
    };
    QCOMPARE(kept(), (QList<QByteArray>{"bob", "dave"}));
    m_agent->noted(parts.first().value(2).toULongLong());
    QTRY_COMPARE(finished.size(), 3);
    QCOMPARE(kept(), (QList<QByteArray>{"bob", "dave", "carol"}));
}

void TestDeliveryAgent::moreConnectionsOnlyForManyMessages()
{
    SlowAtTheDot slow;
    QVERIFY(slow.listen(first, m_settings.route.port));
    m_settings.limits.connectionsPerDestination = 20;
    m_agent->configure(m_settings, lookups());
    for (int i = 0; i < 3; ++i)
        m_agent->deliver(envelopeTo({"bob@down.example"}), message());
    QTRY_COMPARE(slow.dots, 2);
    QCOMPARE(slow.connections, 2);
    for (int i = 0; i < 20; ++i)
        m_agent->deliver(envelopeTo({"bob@down.example"}), message());
    QTRY_VERIFY(slow.dots > 8);
}

void TestDeliveryAgent::ownRouteIsTaken()
{
    OutgoingRoute smarthost;
    smarthost.kind = OutgoingRoute::Kind::Smarthost;
    smarthost.host = second.toString();
    smarthost.port = m_settings.route.port;
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    m_agent->deliver(envelopeTo({"x@nowhere.example", "y@down.example"}), message(), smarthost);
    m_agent->deliver(envelopeTo({"x@nowhere.example"}), message());
    QTRY_COMPARE(finished.size(), 2);
    for (const QList<QVariant> &one : finished) {
        const auto report = one.value(1).value<smtp::DeliveryReport>();
        QCOMPARE(report.allDelivered(), report.recipients.size() == 2);
    }
    smarthost.user = QStringLiteral("alice");
    const Account alice{second.toString(), QStringLiteral("alice")};
    QCOMPARE(m_agent->accountAwaitingPassword(smarthost), std::optional<Account>(alice));
    QVERIFY(!m_agent->accountAwaitingPassword(std::nullopt));
}

void TestDeliveryAgent::rateToOneSite()
{
    m_settings.limits.messagesPerMinute = 600; // one in 100 ms
    m_agent->configure(m_settings, lookups());
    QElapsedTimer timer;
    timer.start();
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    for (int i = 0; i < 4; ++i)
        m_agent->deliver(envelopeTo({"bob@up.example"}), message());
    QTRY_COMPARE(finished.size(), 4);
    QVERIFY2(timer.elapsed() >= 300, qPrintable(QString::number(timer.elapsed())));
}

// The dead first exchanger costs one connection, not one for each message.
void TestDeliveryAgent::deadHostIsTriedLast()
{
    m_settings.limits.messagesPerConnection = 1;
    m_agent->configure(m_settings, lookups());
    QSignalSpy sessions(m_agent.get(), &DeliveryAgent::sessionOpened);
    QVERIFY(deliver(envelopeTo({"bob@two.example"})).allDelivered());
    QCOMPARE(sessions.size(), 2);
    QVERIFY(deliver(envelopeTo({"bob@two.example"})).allDelivered());
    QCOMPARE(sessions.size(), 3);
}

// Too many open files or a disk in trouble says nothing of the message: it must not come back as
// undeliverable.
void TestDeliveryAgent::unreadableMessageIsDeferred()
{
    const smtp::DeliveryReport report
        = deliver(envelopeTo({"bob@up.example"}), fileSources(QStringLiteral("/nowhere/at/all"), 1));
    QCOMPARE(report.recipients.first().result, smtp::DeliveryResult::Deferred);
    QCOMPARE(report.recipients.first().stage, smtp::DeliveryStage::Local);
    QCOMPARE(report.recipients.first().status, (smtp::EnhancedStatusCode{4, 3, 0}));
}

void TestDeliveryAgent::waitingJobsOpenNoMessage()
{
    SlowAtTheDot slow;
    QVERIFY(slow.listen(first, m_settings.route.port));
    int opened = 0;
    for (int i = 0; i < 10; ++i) {
        m_agent->deliver(envelopeTo({"bob@down.example"}), [&opened](const std::stop_token &) {
            ++opened;
            return bytesSource("Subject: x\n\ntext\n");
        });
    }
    QTRY_COMPARE(slow.dots, m_settings.limits.connectionsPerDestination);
    QCOMPARE(opened, m_settings.limits.connectionsPerDestination);
}

void TestDeliveryAgent::closeWaitsForTheReplyAfterTheDot()
{
    SlowAtTheDot slow;
    QVERIFY(slow.listen(first, m_settings.route.port));
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    QSignalSpy idle(m_agent.get(), &DeliveryAgent::becameIdle);
    m_agent->deliver(envelopeTo({"bob@down.example"}), message());
    QTRY_COMPARE(slow.dots, 1);
    const quint64 late = m_agent->deliver(envelopeTo({"carol@down.example"}), message());
    m_agent->close("shutting down");
    QTRY_COMPARE(finished.size(), 1); // the one that had not begun, and nothing is dialled for it
    QCOMPARE(finished.first().value(0).toULongLong(), late);
    QVERIFY(!m_agent->isIdle());
    slow.answer("250 2.0.0 kept");
    QTRY_COMPARE(idle.size(), 1);
    QCOMPARE(finished.size(), 2);
    QVERIFY(finished.last().value(1).value<smtp::DeliveryReport>().allDelivered());
    QCOMPARE(slow.connections, 1);
}

void TestDeliveryAgent::refusedSignInIsTriedNoMore()
{
    SlowAtTheDot server;
    QVERIFY(server.listen(first));
    m_settings.route.kind = OutgoingRoute::Kind::Smarthost;
    m_settings.route.host = first.toString();
    m_settings.route.port = server.serverPort();
    m_settings.route.tls = smtp::TlsMode::None;
    m_settings.route.user = QStringLiteral("alice");
    m_settings.route.authInClear = smtp::ClearAuth::Loopback;
    m_settings.passwords.insert(Account::of(m_settings.route), "wrong");
    m_agent->configure(m_settings, lookups());
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    for (int i = 0; i < 10; ++i)
        m_agent->deliver(envelopeTo({"bob@up.example"}), message());
    QTRY_COMPARE(finished.size(), 10);
    QVERIFY(server.signIns >= 1 && server.signIns <= m_settings.limits.connectionsPerDestination);
    const int tried = server.signIns;
    m_settings.passwords.clear();
    m_agent->configure(m_settings, lookups());
    const smtp::DeliveryReport report = deliver(envelopeTo({"bob@up.example"}));
    QCOMPARE(report.recipients.first().result, smtp::DeliveryResult::Deferred);
    QCOMPARE(report.recipients.first().stage, smtp::DeliveryStage::Auth);
    QCOMPARE(server.signIns, tried);
}

void TestDeliveryAgent::abortDefers()
{
    QTcpServer silent; // accepts, never greets
    QVERIFY(silent.listen(first, m_settings.route.port));
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    QSignalSpy accepted(&silent, &QTcpServer::newConnection);
    m_agent->deliver(envelopeTo({"bob@down.example"}), message());
    QTRY_COMPARE(accepted.size(), 1);
    m_agent->abort("enough");
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(finished.first().value(1).value<smtp::DeliveryReport>().recipients.first().result,
        smtp::DeliveryResult::Deferred);
}

void TestDeliveryAgent::endsWhatHasNotBegun_data()
{
    QTest::addColumn<qsizetype>("lines");
    QTest::newRow("a small message") << qsizetype(1);
    QTest::newRow("a large one, which is being measured") << qsizetype(1000000);
}

void TestDeliveryAgent::endsWhatHasNotBegun()
{
    QFETCH(qsizetype, lines);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("message")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Subject: x\n\n" + QByteArray("A line of a text.\n").repeated(lines));
    file.close();
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    m_agent->deliver(envelopeTo({"bob@up.example"}), fileSources(file.fileName(), file.size()));
    m_agent->close("shutting down");
    QCOMPARE(finished.size(), 1);
    const auto report = finished.value(0).value(1).value<smtp::DeliveryReport>();
    QCOMPARE(report.recipients.first().result, smtp::DeliveryResult::Deferred);
    QVERIFY(m_agent->isIdle());
}

void TestDeliveryAgent::aLargeMessageKeepsNobodyWaiting_data()
{
    QTest::addColumn<QByteArray>("recipient");
    QTest::newRow("it is measured") << QByteArray("bob@up.example");
    QTest::newRow("it is converted to 7 bits") << QByteArray("bob@down.example");
}

/// Other sessions go on on this thread meanwhile.
void TestDeliveryAgent::aLargeMessageKeepsNobodyWaiting()
{
    QFETCH(QByteArray, recipient);
    SlowAtTheDot sevenBitServer;
    QVERIFY(sevenBitServer.listen(first, m_settings.route.port));
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("message")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("Subject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n");
    const QByteArray line = "gr\xc3\xbc\xc3\x9f"
                            "e, gr\xc3\xbc\xc3\x9f"
                            "e, gr\xc3\xbc\xc3\x9f"
                            "e\n";
    file.write(line.repeated(1000000));
    file.close();
    m_mail->keepBodies = false; // the time it takes to copy them is not the client's
    QSignalSpy finished(m_agent.get(), &DeliveryAgent::finished);
    const test::LoopWatch watch;
    m_agent->deliver(envelopeTo({recipient}), fileSources(file.fileName(), file.size(), folder.path()));
    QTRY_VERIFY_WITH_TIMEOUT((sevenBitServer.answer("250 ok"), !finished.isEmpty()), 60000);
    QVERIFY(finished.value(0).value(1).value<smtp::DeliveryReport>().allDelivered());
    QVERIFY2(watch.longest() < test::LoopWatch::bound(),
        qPrintable(QString::number(watch.longest().count()) + QStringLiteral(" us")));
}

QTEST_GUILESS_MAIN(TestDeliveryAgent)
#include "tst_deliveryagent.moc"
