// Smarthosts as people have them: one that wants a sign-in only when the message comes, one that takes few
// connections at a time. Over loopback sockets, with the shipped defaults.

#include "mail/queue/deliveryagent.h"
#include "mail/routing/routelookup.h"
#include "mail/system/mailsystem.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"
#include "tests/support/stubmail.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>
#include <functional>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

/// What it answers; each session counts its own messages.
struct Temper
{
    QByteArray mail = "250 2.1.0 ok";
    QByteArray rcpt = "250 2.1.5 ok";
    QByteArray data = "354 go on";
    int limit = 1000; ///< sessions at once
    enum class TurnAway {
        AtGreeting,
        AtGreetingForGood,
        AtMail,
        AtMailByPolicy,
        AtSignIn,
        Silently,
        ByRefusal
    };
    TurnAway turnAway = TurnAway::AtGreeting;
    int messagesPerSession = 1000; ///< then 421 to MAIL
    QByteArray offer = "250 PIPELINING";
    QByteArray cramMd5 = "504 5.5.4 not known";
};

class Smarthost : public QTcpServer
{
public:
    explicit Smarthost(const Temper &given) : temper(given) { listen(QHostAddress::LocalHost); }

    Temper temper;
    QList<QByteArray> senders; ///< of every MAIL that was accepted
    int messages = 0;
    QList<QByteArray> signIns; ///< mechanisms
    int turnedAway = 0;
    int sessions = 0;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QTcpSocket(this);
        socket->setSocketDescriptor(descriptor);
        ++sessions;
        ++m_live;
        const bool over = m_live > temper.limit;
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            --m_live;
            m_accepted.remove(socket);
            socket->deleteLater();
            if (!isListening())
                listen(QHostAddress::LocalHost, m_port);
        });
        if (over && greet(*socket))
            return;
        socket->write("220 smart ESMTP\r\n");
        if (temper.turnAway == Temper::TurnAway::ByRefusal && m_live >= temper.limit) {
            m_port = serverPort();
            close(); // the system refuses whoever comes now
        }
        connect(
            socket, &QTcpSocket::readyRead, this, [this, socket, over, inData = false, taken = 0]() mutable {
                while (socket->canReadLine()) {
                    const QByteArray line = socket->readLine().chopped(2);
                    if (inData && line != ".")
                        continue;
                    if (std::exchange(inData, false)) {
                        ++messages;
                        ++taken;
                        socket->write("250 2.0.0 taken\r\n");
                    } else {
                        inData
                            = line == "DATA" && m_accepted.value(socket) > 0 && temper.data.startsWith("354");
                        answer(*socket, line, over, taken);
                    }
                }
            });
    }

private:
    /// True when that was all.
    bool greet(QTcpSocket &socket)
    {
        using enum Temper::TurnAway;
        const QHash<Temper::TurnAway, QByteArray> words{{AtGreeting, "421 4.7.0 too many connections\r\n"},
            {AtGreetingForGood, "554 5.7.0 too many connections\r\n"}, {Silently, ""}};
        if (!words.contains(temper.turnAway))
            return false;
        ++turnedAway;
        socket.write(words.value(temper.turnAway));
        socket.disconnectFromHost();
        return true;
    }

    void answer(QTcpSocket &socket, const QByteArray &line, bool over, int taken)
    {
        using enum Temper::TurnAway;
        if (line.startsWith("EHLO")) {
            socket.write("250-smart\r\n" + temper.offer + "\r\n");
        } else if (line.startsWith("AUTH")) {
            turnedAway += over ? 1 : 0;
            signIns.append(line.split(' ').value(1));
            if (signIns.constLast() == "CRAM-MD5")
                socket.write(temper.cramMd5 + "\r\n");
            else
                socket.write(over ? "454 4.7.0 too many sessions of this user\r\n" : "235 2.7.0 ok\r\n");
        } else if (line.startsWith("MAIL")) {
            const bool turns = over && (temper.turnAway == AtMail || temper.turnAway == AtMailByPolicy);
            turnedAway += turns ? 1 : 0;
            if (taken >= temper.messagesPerSession || (turns && temper.turnAway == AtMail)) {
                socket.write("421 4.3.2 enough\r\n");
                socket.disconnectFromHost();
                return;
            }
            m_accepted.remove(&socket);
            if (!turns && temper.mail.startsWith('2')) {
                senders.append(line);
                m_accepted.insert(&socket, 0);
            }
            socket.write((turns ? "451 4.7.1 too many connections" : temper.mail) + "\r\n");
        } else if (line == "DATA") {
            socket.write((m_accepted.value(&socket) > 0 ? temper.data : "503 5.5.1 no recipient") + "\r\n");
        } else if (line.startsWith("RCPT")) {
            const bool begun = m_accepted.contains(&socket);
            if (begun && temper.rcpt.startsWith('2'))
                ++m_accepted[&socket];
            socket.write((begun ? temper.rcpt : "503 5.5.1 MAIL first") + "\r\n");
        } else if (line == "QUIT") {
            socket.write("221 bye\r\n");
            socket.disconnectFromHost();
        } else {
            socket.write("250 ok\r\n");
        }
    }

    int m_live = 0;
    quint16 m_port = 0;
    QHash<const QTcpSocket *, int> m_accepted; // recipients; nothing while there is no transaction
};

OutgoingRoute routeTo(const Smarthost &server)
{
    OutgoingRoute route;
    route.kind = OutgoingRoute::Kind::Smarthost;
    route.host = QStringLiteral("127.0.0.1");
    route.port = server.serverPort();
    return route;
}

smtp::Envelope envelopeFrom(const QByteArray &sender, const QByteArray &recipient = "bob@far.example")
{
    const auto mailbox = [](const QByteArray &text) {
        return smtp::Mailbox{text.left(text.indexOf('@')), text.mid(text.indexOf('@') + 1)};
    };
    smtp::Envelope envelope;
    envelope.reversePath = mailbox(sender);
    envelope.recipients = {{mailbox(recipient), {}, {}}};
    return envelope;
}

} // namespace

Q_DECLARE_METATYPE(Temper)

class TestSmarthost : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup()
    {
        m_system.reset();
        m_folder.reset();
    }

    void wantsASignIn_data()
    {
        QTest::addColumn<Temper>("temper");
        QTest::addColumn<bool>("asks");
        const auto row = [](const char *name, const QByteArray &mail, const QByteArray &rcpt,
                             const QByteArray &data, bool asks = true) {
            Temper temper;
            temper.mail = mail.isEmpty() ? temper.mail : mail;
            temper.rcpt = rcpt.isEmpty() ? temper.rcpt : rcpt;
            temper.data = data.isEmpty() ? temper.data : data;
            QTest::newRow(name) << temper << asks;
        };
        row("T14 530 to MAIL", "530 5.7.0 Authentication required", {}, {});
        row("T14 530 to RCPT", {}, "530 5.7.1 Client was not authenticated", {});
        row("T14 530 to DATA", {}, {}, "530 5.7.0 Authentication required");
        row("T14 530 without an enhanced code", "530 sign in first", {}, {});
        row("T14 538 to MAIL", "538 5.7.11 Encryption required", {}, {});
        row("T14 534 to RCPT", {}, "534 5.7.9 Application-specific password required", {});
        row("T14 535 to MAIL", "535 5.7.8 Bad credentials", {}, {});
        row("T14 503 to MAIL", "503 5.5.1 AUTH first", {}, {});
        row("T14 550 with the code of a sign-in", {}, "550 5.7.8 Not signed in", {});
        row("T14 530 that asks for STARTTLS", "530 5.7.0 Must issue a STARTTLS command first", {}, {}, false);
    }

    /// The message waits and nobody gets a bounce; a person is asked, and then it leaves.
    void wantsASignIn()
    {
        QFETCH(Temper, temper);
        QFETCH(bool, asks);
        Smarthost server(temper);
        start(server, {});
        QSignalSpy needed(&m_system->outbox(), &Outbox::passwordNeeded);
        submit(envelopeFrom("alice@elsewhere.example"));
        QTRY_COMPARE(states(), QList<RecipientState>{RecipientState::Deferred});
        QTRY_COMPARE(needed.count(), asks ? 1 : 0);
        if (asks)
            QCOMPARE(needed.first(), (QVariantList{QStringLiteral("127.0.0.1"), QString()}));
        QCOMPARE(inbox().size(), 0);
        server.temper = Temper();
        server.senders.clear();
        server.temper.offer = "250 AUTH PLAIN";
        Settings settings = m_system->settings().value();
        settings.route.user = QStringLiteral("alice");
        settings.route.authInClear = smtp::ClearAuth::Loopback;
        m_system->settings().set(settings);
        m_system->outbox().setPassword(QStringLiteral("127.0.0.1"), QStringLiteral("alice"), "secret");
        if (!asks)
            m_system->outbox().act(QueueAction::TryNow, ids());
        QTRY_COMPARE(server.messages, 1);
        QTRY_VERIFY(states().isEmpty());
        QCOMPARE(server.senders, QList<QByteArray>{"MAIL FROM:<alice@elsewhere.example>"});
    }

    void reports_data()
    {
        QTest::addColumn<QByteArray>("sender");
        QTest::addColumn<bool>("ownRoute");
        QTest::addColumn<QString>("identityUser");
        const QString alice = QStringLiteral("alice");
        QTest::newRow("T14 an identity of another domain")
            << QByteArray("a.b@elsewhere.example") << false << alice;
        QTest::newRow("T14 however it is written") << QByteArray("A.B@Elsewhere.EXAMPLE") << false << alice;
        QTest::newRow("T14 a message with a route of its own")
            << QByteArray("a.b@elsewhere.example") << true << alice;
        QTest::newRow("T14 an identity whose user is gone")
            << QByteArray("a.b@elsewhere.example") << false << QStringLiteral("gone");
        QTest::newRow("T14 a local user") << QByteArray("alice@mail.example.test") << true << alice;
    }

    /// Refused for good: the report is in our Inbox, and never leaves.
    void reports()
    {
        QFETCH(QByteArray, sender);
        QFETCH(bool, ownRoute);
        QFETCH(QString, identityUser);
        Temper temper;
        temper.rcpt = "550 5.1.1 no such user";
        Smarthost server(temper);
        start(server, identityUser);
        submit(envelopeFrom(sender), ownRoute ? std::optional(routeTo(server)) : std::nullopt);
        QTRY_COMPARE(inbox().size(), 1);
        QTRY_VERIFY(states().isEmpty());
        QVERIFY(source().contains("550 5.1.1 no such user"));
        QCOMPARE(server.senders, QList<QByteArray>{"MAIL FROM:<" + sender + ">"});
    }

    /// A report to somebody else that no server takes: the postmaster has it, and it is said.
    void reportThatIsRefused_data()
    {
        QTest::addColumn<QByteArray>("later");
        QTest::newRow("T14 a report that is refused") << QByteArray();
    }
    void reportThatIsRefused()
    {
        Temper temper;
        temper.rcpt = "550 5.7.1 nothing from here";
        Smarthost server(temper);
        start(server, {});
        QSignalSpy troubled(m_system.get(), &MailSystem::troubled);
        submit(envelopeFrom("stranger@foreign.example"));
        QTRY_COMPARE(inbox().size(), 1);
        QTRY_VERIFY(states().isEmpty());
        const QByteArray kept = source();
        QVERIFY2(
            kept.contains("stranger@foreign.example") && kept.contains("bob@far.example"), kept.constData());
        QCOMPARE(server.senders, (QList<QByteArray>{"MAIL FROM:<stranger@foreign.example>", "MAIL FROM:<>"}));
        QTRY_COMPARE(troubled.count(), 1);
        const auto error = troubled.first().first().value<Error>();
        QCOMPARE(error.code, ErrorCode::ReportNotSent);
        QCOMPARE(error.subject, QStringLiteral("stranger@foreign.example"));
    }

    void takesFewConnections_data()
    {
        QTest::addColumn<Temper>("temper");
        QTest::addColumn<bool>("signsIn");
        using enum Temper::TurnAway;
        const auto row = [](const char *name, Temper::TurnAway how, int limit = 1, int perSession = 1000,
                             const QByteArray &offer = "250 PIPELINING") {
            Temper temper;
            temper.turnAway = how;
            temper.limit = limit;
            temper.messagesPerSession = perSession;
            temper.offer = offer;
            QTest::newRow(name) << temper << offer.contains("AUTH");
        };
        row("T15 one at a time, 421 at the greeting", AtGreeting);
        row("T15 one at a time, 554 at the greeting", AtGreetingForGood);
        row("T15 one at a time, closed without a word", Silently);
        row("T15 one at a time, the next is refused", ByRefusal);
        row("T15 one at a time, 421 to MAIL", AtMail);
        row("T15 one at a time, 451 4.7.1 to MAIL", AtMailByPolicy);
        row("T15 one at a time, 454 to AUTH", AtSignIn, 1, 1000, "250 AUTH PLAIN");
        row("T15 two at a time", AtGreeting, 2);
        row("T15 one at a time, 421 after five messages", AtGreeting, 1, 5);
        row("T15 one at a time, five messages a session by LIMITS", AtGreeting, 1, 1000,
            "250 LIMITS MAILMAX=5");
        row("T15 one at a time, without PIPELINING", AtMail, 1, 1000, "250 HELP");
    }

    /// Twelve that are queued all leave in one attempt, and the limit is remembered for the next twelve.
    void takesFewConnections()
    {
        QFETCH(Temper, temper);
        QFETCH(bool, signsIn);
        Smarthost server(temper);
        DeliverySettings settings;
        settings.heloName = "client.example.test";
        settings.route = routeTo(server);
        if (signsIn) {
            settings.route.user = QStringLiteral("alice");
            settings.route.authInClear = smtp::ClearAuth::Loopback;
            settings.passwords.insert(Account::of(settings.route), "secret");
        }
        test::StubTranscripts transcripts;
        DeliveryAgent agent(
            settings, [](const OutgoingRoute &way) { return lookupFor(way, "client.example.test"); },
            transcripts);
        QList<smtp::RecipientReport> reports;
        connect(&agent, &DeliveryAgent::finished, this,
            [&reports](quint64, const smtp::DeliveryReport &report) { reports += report.recipients; });
        for (const int round : {1, 2}) {
            for (int i = 0; i < 12; ++i)
                agent.deliver(envelopeFrom("alice@elsewhere.example"),
                    [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); });
            QTRY_COMPARE_WITH_TIMEOUT(reports.size(), 12 * round, 20000);
            for (const smtp::RecipientReport &one : std::as_const(reports))
                QVERIFY2(one.result == smtp::DeliveryResult::Delivered,
                    one.reply.toBytes() + one.reason + '\n' + transcripts.lines().join('\n'));
            QCOMPARE(server.messages, 12 * round);
            if (round == 1)
                server.turnedAway = 0;
        }
        QCOMPARE(server.turnedAway, 0); // learnt
    }

    void mechanismIsRemembered_data()
    {
        QTest::addColumn<QByteArray>("crammed");
        QTest::newRow("T17 success is remembered") << QByteArray("535 5.7.8 no");
        QTest::newRow("T17 success after 454 is remembered") << QByteArray("454 4.7.0 no");
    }

    /// What was refused once is not tried again before what succeeded.
    void mechanismIsRemembered()
    {
        QFETCH(QByteArray, crammed);
        Temper temper;
        temper.offer = "250 AUTH CRAM-MD5 PLAIN";
        temper.cramMd5 = crammed;
        Smarthost server(temper);
        DeliverySettings settings;
        settings.heloName = "client.example.test";
        settings.route = routeTo(server);
        settings.route.user = QStringLiteral("alice");
        settings.route.authInClear = smtp::ClearAuth::Loopback;
        settings.passwords.insert(Account::of(settings.route), "secret");
        settings.limits.connectionsPerDestination = 1;
        settings.limits.messagesPerConnection = 1;
        test::StubTranscripts transcripts;
        DeliveryAgent agent(
            settings, [](const OutgoingRoute &way) { return lookupFor(way, "client.example.test"); },
            transcripts);
        for (int i = 0; i < 3; ++i)
            agent.deliver(envelopeFrom("alice@elsewhere.example"),
                [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); });
        QTRY_COMPARE(server.messages, 3);
        QCOMPARE(server.signIns, (QList<QByteArray>{"CRAM-MD5", "PLAIN", "PLAIN", "PLAIN"}));
    }

private:
    void start(const Smarthost &server, const QString &identityUser)
    {
        m_system = std::make_unique<MailSystem>(m_folder->path());
        StartOptions options;
        options.adjust = [route = routeTo(server), identityUser](Settings settings) {
            settings.hostName = QStringLiteral("mail.example.test");
            settings.users = {{QStringLiteral("alice"), {}}};
            settings.identities = {{{}, QStringLiteral("a.b@elsewhere.example"), identityUser}};
            settings.route = route;
            return settings;
        };
        QVERIFY(test::start(*m_system, options));
    }

    void submit(const smtp::Envelope &envelope, const std::optional<OutgoingRoute> &route = std::nullopt)
    {
        const QByteArray message = "From: a@elsewhere.example\nSubject: x\n\ntext\n";
        QVERIFY(test::awaited(m_system->outbox().submitMessage(envelope, message, {.route = route})));
    }

    QList<QByteArray> ids()
    {
        QList<QByteArray> all;
        const auto entries = test::awaited(m_system->outbox().entries()).value();
        for (const QueueEntry &entry : entries)
            all.append(entry.id);
        return all;
    }

    QList<RecipientState> states()
    {
        QList<RecipientState> all;
        const auto entries = test::awaited(m_system->outbox().entries()).value();
        for (const QueueEntry &entry : entries) {
            for (const QueueRecipient &one : entry.recipients)
                all.append(entry.stateOf(one));
        }
        return all;
    }

    QList<MessageRow> inbox()
    {
        RowQuery query;
        query.folder = {QStringLiteral("alice"), {}};
        return test::awaited(m_system->mailboxes().rows(query)).value().rows;
    }

    QByteArray source()
    {
        const MessageId id = inbox().first().id;
        return test::awaited(m_system->mailboxes().message(id)).value().source;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailSystem> m_system;
};

QTEST_GUILESS_MAIN(TestSmarthost)
#include "tst_smarthost.moc"
