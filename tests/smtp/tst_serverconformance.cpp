// Lines of the server catalogue that need more than a script. Rows bear the line's number.
#include "tests/support/memoryserver.h"
#include "tests/support/memoryuse.h"

#include <QElapsedTimer>
#include <QSslSocket>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <vector>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

using namespace glasspost;
using namespace glasspost::test;

namespace {

/// What must be otherwise for a state to be reached.
MemoryServer::Prepare needsOf(smtp::ServerState state)
{
    switch (state) {
    case smtp::ServerState::Opening:
        return [](MemoryServer &server) { server.mail.holdAnswers = true; };
    case smtp::ServerState::Rejecting:
        return [](MemoryServer &server) {
            server.mail.answers[StubMail::Question::Connect]["*"] = replyFrom("554 5.7.1 Not you");
        };
    case smtp::ServerState::Auth:
        return offerAuth;
    case smtp::ServerState::Handshake:
        return offerTls;
    case smtp::ServerState::Proxy:
        return [](MemoryServer &server) { server.settings.trustedPeers = {{QHostAddress::LocalHost, 8}}; };
    case smtp::ServerState::Greeted:
    case smtp::ServerState::Identified:
    case smtp::ServerState::MailGiven:
    case smtp::ServerState::RcptGiven:
    case smtp::ServerState::Data:
    case smtp::ServerState::Chunk:
    case smtp::ServerState::Chunks:
    case smtp::ServerState::ChunksFailed:
    case smtp::ServerState::Closed:
        break;
    }
    return {};
}

/// Brings a server into a state by what a client says.
QByteArray wayTo(smtp::ServerState state)
{
    switch (state) {
    case smtp::ServerState::Identified:
        return "EHLO a.example\r\n";
    case smtp::ServerState::MailGiven:
        return "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\n";
    case smtp::ServerState::RcptGiven:
        return "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\n";
    case smtp::ServerState::Data:
        return toData;
    case smtp::ServerState::Chunk:
        return wayTo(smtp::ServerState::RcptGiven) + "BDAT 1000\r\n";
    case smtp::ServerState::Chunks:
        return wayTo(smtp::ServerState::RcptGiven) + "BDAT 2\r\n\r\n";
    case smtp::ServerState::ChunksFailed:
        return wayTo(smtp::ServerState::RcptGiven) + "BDAT 2\r\n\n\n";
    case smtp::ServerState::Auth:
        return "EHLO a.example\r\nAUTH PLAIN\r\n";
    case smtp::ServerState::Handshake:
        return "EHLO a.example\r\nSTARTTLS\r\n";
    case smtp::ServerState::Closed:
        return "QUIT\r\n";
    case smtp::ServerState::Opening:
    case smtp::ServerState::Rejecting:
    case smtp::ServerState::Greeted:
    case smtp::ServerState::Proxy:
        break;
    }
    return {};
}

smtp::Binding bindingFor(smtp::ServerState state)
{
    smtp::Binding binding;
    if (state == smtp::ServerState::Proxy)
        binding.proxyHeaders = smtp::ProxyHeaders::Expected;
    return binding;
}

QByteArray exampleOf(smtp::Verb verb)
{
    if (verb == smtp::Verb::Ehlo || verb == smtp::Verb::Helo)
        return smtp::verbName(verb).toByteArray() + " b.example";
    if (verb == smtp::Verb::Mail)
        return "MAIL FROM:<c@example.org>";
    if (verb == smtp::Verb::Rcpt)
        return "RCPT TO:<d@example.test>";
    if (verb == smtp::Verb::Vrfy || verb == smtp::Verb::Expn)
        return smtp::verbName(verb).toByteArray() + " d";
    if (verb == smtp::Verb::Bdat)
        return "BDAT 0";
    return verb == smtp::Verb::Unknown ? QByteArray("XYZZY") : smtp::verbName(verb).toByteArray();
}

/// One that succeeds when it is in order, and leaves the session where the table says.
QByteArray goodExampleOf(smtp::Verb verb)
{
    if (verb == smtp::Verb::Auth)
        return "AUTH PLAIN";
    if (verb == smtp::Verb::Xclient)
        return "XCLIENT ADDR=192.0.2.1";
    return exampleOf(verb);
}

/// Where a session stands that came to that state, when what it awaits has come: the owner's answer to
/// XCLIENT, and the octets of an empty chunk.
smtp::ServerState stateAtRest(smtp::ServerState next)
{
    if (next == smtp::ServerState::Opening)
        return smtp::ServerState::Greeted;
    return next == smtp::ServerState::Chunk ? smtp::ServerState::Chunks : next;
}

/// No command is served there but, after a 554, QUIT.
bool isOutsideCommands(smtp::ServerState state)
{
    return !smtp::readsCommands(state) || state == smtp::ServerState::Rejecting;
}

/// Everything that a verb may need is there.
void offerAll(MemoryServer &server)
{
    offerTls(server);
    offerAuth(server);
    server.settings.offerXclient = true;
    server.settings.trustedPeers = {{QHostAddress(QHostAddress::LocalHost), 8}};
}

/// What a verb gets where no command is served: the code, and whether the connection is closed then.
QByteArray answerOutside(smtp::ServerState state, smtp::Verb verb)
{
    switch (state) {
    case smtp::ServerState::Opening:
        return "554 closed"; // S2
    case smtp::ServerState::Rejecting:
        return verb == smtp::Verb::Quit ? "221 closed" : "503"; // RFC 5321 3.1
    case smtp::ServerState::Auth:
        return "501"; // a response that is none
    case smtp::ServerState::Closed:
    case smtp::ServerState::Proxy: // no header
        return " closed";
    case smtp::ServerState::Data: // octets of the message
    case smtp::ServerState::Chunk:
    case smtp::ServerState::Handshake: // octets in the clear, which count for nothing
    case smtp::ServerState::Greeted:
    case smtp::ServerState::Identified:
    case smtp::ServerState::MailGiven:
    case smtp::ServerState::RcptGiven:
    case smtp::ServerState::Chunks:
    case smtp::ServerState::ChunksFailed:
        break;
    }
    return {};
}

} // namespace

class TestServerConformance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStateTimesEveryVerb_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("verb");
        for (const smtp::ServerState state : smtp::allServerStates) {
            for (int verb = 0; verb < smtp::verbCount; ++verb) {
                const auto name = exampleOf(static_cast<smtp::Verb>(verb));
                QTest::addRow("%s in state %d", name.constData(), static_cast<int>(state))
                    << static_cast<int>(state) << verb;
            }
        }
    }

    void everyStateTimesEveryVerb()
    {
        QFETCH(int, state);
        QFETCH(int, verb);
        const auto place = static_cast<smtp::ServerState>(state);
        MemoryServer server(needsOf(place), bindingFor(place));
        server.say(wayTo(place));
        QCOMPARE(server.conversation.state(), place);
        const auto &rule = smtp::ServerEngine::ruleFor(static_cast<smtp::Verb>(verb));
        QCOMPARE(static_cast<int>(rule.verb), verb);
        const QByteArray reply = server.say(exampleOf(rule.verb) + "\r\n");
        if (isOutsideCommands(place)) {
            QCOMPARE(answerOutside(place, rule.verb), reply.left(3) + (server.closed ? " closed" : ""));
            return;
        }
        const QByteArray code = reply.left(3);
        const bool isInOrder = smtp::orderOf(place, rule.verb).kind == smtp::CommandOrder::Kind::Allowed;
        if (rule.verb == smtp::Verb::Unknown)
            QCOMPARE(code, QByteArray("500"));
        else if (rule.run == nullptr || rule.verb == smtp::Verb::StartTls || rule.verb == smtp::Verb::Auth
            || rule.verb == smtp::Verb::Xclient)
            QCOMPARE(code, QByteArray("502")); // known, not offered here
        else if (!isInOrder)
            QCOMPARE(code, QByteArray("503"));
        else
            QVERIFY2(code.startsWith('2') || code == "354" || code == "554", reply.constData());
    }

    void everyCommandLeadsWhereTheTableSays_data() { everyStateTimesEveryVerb_data(); }

    /// With all on offer nothing but the table decides: a command that is in order leads where its row says,
    /// any other one is refused and leaves the state as it is.
    void everyCommandLeadsWhereTheTableSays()
    {
        QFETCH(int, state);
        QFETCH(int, verb);
        using Order = smtp::CommandOrder::Kind;
        const auto place = static_cast<smtp::ServerState>(state);
        const smtp::CommandOrder order = smtp::orderOf(place, static_cast<smtp::Verb>(verb));
        if (!smtp::readsCommands(place)) {
            QCOMPARE(int(order.kind), int(Order::OutOfOrder));
            return;
        }
        MemoryServer server([place](MemoryServer &prepared) {
            if (const auto prepare = needsOf(place))
                prepare(prepared);
            offerAll(prepared);
        });
        server.say(wayTo(place));
        QCOMPARE(server.conversation.state(), place);
        const QByteArray reply = server.say(goodExampleOf(static_cast<smtp::Verb>(verb)) + "\r\n");
        const bool hasNoRecipient
            = place == smtp::ServerState::MailGiven && static_cast<smtp::Verb>(verb) == smtp::Verb::Data;
        if (order.kind == Order::Allowed && !hasNoRecipient) {
            QVERIFY2(reply.startsWith('2') || reply.startsWith('3'), reply.constData());
            QCOMPARE(int(server.conversation.state()), int(stateAtRest(order.next)));
        } else {
            QVERIFY2(reply.startsWith(hasNoRecipient ? "554" : "50"), reply.constData());
            QCOMPARE(int(server.conversation.state()), int(place));
        }
    }

    /// Every state is come to, and each but the last leads on by itself, not only by breaking off: none is
    /// left over, none is a trap.
    void everyStateIsOnTheWay()
    {
        QList<smtp::ServerState> known{smtp::ServerState::Opening};
        QList<smtp::ServerState> chunkEnds;
        const auto add = [&known](smtp::ServerState state) {
            if (!known.contains(state))
                known.append(state);
        };
        for (qsizetype i = 0; i < known.size(); ++i) {
            const smtp::ServerState from = known.at(i);
            const auto isWayOut = [from](smtp::ServerState next) { return next != from; };
            bool leadsOn = from == smtp::ServerState::Closed;
            for (int verb = 0; verb < smtp::verbCount; ++verb) {
                const auto order = smtp::orderOf(from, static_cast<smtp::Verb>(verb));
                if (order.kind != smtp::CommandOrder::Kind::Allowed)
                    continue;
                add(order.next);
                leadsOn = leadsOn || isWayOut(order.next);
            }
            for (int trigger = 0; trigger < smtp::serverTriggerCount; ++trigger) {
                const auto next = smtp::stateAfter(from, static_cast<smtp::ServerTrigger>(trigger));
                if (!next)
                    continue;
                add(*next);
                const bool isBreak = static_cast<smtp::ServerTrigger>(trigger) == smtp::ServerTrigger::Ended;
                leadsOn = leadsOn || (!isBreak && isWayOut(*next));
            }
            for (int end = 0; end < smtp::chunkEndCount; ++end) {
                if (const auto next = smtp::stateAfter(from, static_cast<smtp::ChunkEnd>(end))) {
                    add(*next);
                    chunkEnds.append(*next);
                }
            }
            // A chunk ends by the state that it was said in.
            QVERIFY2(leadsOn || from == smtp::ServerState::Chunk, qPrintable(QString::number(int(from))));
            QCOMPARE(
                int(*smtp::stateAfter(from, smtp::ServerTrigger::Ended)), int(smtp::ServerState::Closed));
        }
        QVERIFY(!chunkEnds.isEmpty());
        QCOMPARE(std::size_t(known.size()), smtp::allServerStates.size());
    }

    void falseEnds_data()
    {
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<bool>("refused");
        const std::pair<const char *, QByteArray> ends[]
            = {{"S68 LF.LF", "\n.\n"}, {"S69 LF.CRLF", "\n.\r\n"}, {"S70 CRLF.LF", "\r\n.\n"},
                {"S71 CR.CR", "\r.\r"}, {"S72 CR.LF", "\r.\n"}, {"S73 LF.CR", "\n.\r"},
                {"S74 CR.CRLF", "\r.\r\n"}, {"S75 CRLF.CR", "\r\n.\r"}, {"S76 CRLF.CRCRLF", "\r\n.\r\r\n"},
                {"S77 CRCRLF.CRCRLF", "\r\r\n.\r\r\n"}};
        for (const auto &[name, octets] : ends)
            QTest::newRow(name) << octets << true;
        QTest::newRow("S78 CRLF NUL.CRLF") << QByteArray("\r\n\0.\r\n", 6) << false;
        QTest::newRow("S79 CRLF.NUL CRLF") << QByteArray("\r\n.\0\r\n", 6) << false;
    }

    /// Split at every octet boundary: one message or none, never two.
    void falseEnds()
    {
        QFETCH(QByteArray, end);
        QFETCH(bool, refused);
        const QByteArray body = "text" + end
            + "MAIL FROM:<smuggled@x.example>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n\r\n.\r\n";
        for (qsizetype cut = 0; cut <= body.size(); ++cut) {
            MemoryServer server;
            server.say(toData);
            const QByteArray reply = server.sayAtOnce(body, cut);
            QVERIFY2(reply.startsWith(refused ? "550 5.5.2 bare <" : "250 "), reply.constData());
            QCOMPARE(reply.count('\n'), 1);
            QCOMPARE(server.mail.messages.size(), refused ? 0 : 1);
            QCOMPARE(server.conversation.state(), smtp::ServerState::Identified);
        }
    }

    void oneWriteForAGroup()
    {
        MemoryServer server;
        server.writes = 0;
        server.say(toData);
        QCOMPARE(server.writes, 1); // S47
    }

    void answersComeLater()
    {
        MemoryServer server;
        server.mail.holdAnswers = true;
        server.say("EHLO a.example\r\n");
        QCOMPARE(server.say("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\n"), QByteArray());
        QVERIFY(!server.conversation.isReading());
        server.mail.release();
        server.mail.release();
        QVERIFY(server.take().contains("250 2.1.5"));
        QVERIFY(server.conversation.isReading());
    }

    void pausedDataIsKept()
    {
        MemoryServer server;
        server.say(toData);
        server.mail.pauseData = true;
        QCOMPARE(server.say("one\r\n.\r\nNOOP\r\n"), QByteArray());
        QVERIFY(!server.conversation.isReading());
        server.mail.pauseData = false;
        server.conversation.resumeData();
        QCOMPARE(server.take().count('\n'), 2);
        QCOMPARE(server.mail.messages.value(0).body, QByteArray("one\r\n"));
    }

    void earlyTalker() // S2
    {
        StubMail mail;
        mail.holdAnswers = true;
        StubTranscripts transcripts;
        smtp::ServerSettings settings;
        settings.hostName = "mail.example.test";
        smtp::Listener listener(settings, mail, transcripts, nullptr);
        const auto bound = listener.listen(anyPort());
        QVERIFY(bound);
        QTcpSocket client;
        client.connectToHost(bound->address, bound->port);
        client.write("EHLO a.example\r\n");
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(client.readAll().startsWith("554 5.5.0 "));
    }

    void endlessLine() // S86
    {
        MemoryServer server;
        const QByteArray chunk(64 * 1024, 'x');
        for (int i = 0; i < 10 && !server.closed; ++i)
            server.conversation.receive(chunk);
        QVERIFY(server.closed);
        QVERIFY(server.take().startsWith("500 5.5.2"));
    }

    void idle() // S110
    {
        StubMail mail;
        StubTranscripts transcripts;
        smtp::ServerSettings settings;
        settings.hostName = "mail.example.test";
        settings.limits.idle = std::chrono::milliseconds(50);
        smtp::Listener listener(settings, mail, transcripts, nullptr);
        const auto bound = listener.listen(anyPort());
        QVERIFY(bound);
        QTcpSocket client;
        client.connectToHost(bound->address, bound->port);
        QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(client.readAll().contains("421 4.4.2"));
    }

    void connectionsPerAddress() // S111
    {
        StubMail mail;
        StubTranscripts transcripts;
        smtp::ServerSettings settings;
        settings.hostName = "mail.example.test";
        settings.limits.connectionsFromLoopback = 1;
        smtp::Listener listener(settings, mail, transcripts, nullptr);
        const auto bound = listener.listen(anyPort());
        QVERIFY(bound);
        QTcpSocket first;
        first.connectToHost(bound->address, bound->port);
        QTRY_VERIFY(first.canReadLine());
        QTcpSocket second;
        second.connectToHost(bound->address, bound->port);
        QTRY_VERIFY(second.canReadLine());
        QVERIFY(second.readAll().startsWith("421 4.7.0"));
        first.disconnectFromHost();
        QTRY_COMPARE(listener.connectionCount(), 0);
        QTcpSocket third;
        third.connectToHost(bound->address, bound->port);
        QTRY_VERIFY(third.canReadLine());
        QVERIFY(third.readAll().startsWith("220 "));
    }

    void shutdown() // S112
    {
        MemoryServer server;
        server.say(toData);
        server.mail.holdAnswers = true;
        server.say("one\r\n.\r\n");
        server.conversation.shutdown();
        QVERIFY(!server.closed);
        server.mail.release();
        const QByteArray said = server.take();
        QVERIFY2(said.startsWith("250 2.0.0") && said.contains("421 4.3.2"), said.constData());
        QVERIFY(server.closed);
    }

    void startTls_data()
    {
        QTest::addColumn<bool>("implicit");
        QTest::newRow("S94 STARTTLS") << false;
        QTest::newRow("implicit TLS") << true;
    }

    void startTls()
    {
        QFETCH(bool, implicit);
        StubMail mail;
        StubTranscripts transcripts;
        const auto made = smtp::makeSelfSigned("mail.example.test");
        QVERIFY(made);
        smtp::ServerSettings settings;
        settings.hostName = "mail.example.test";
        settings.identity = {{made->certificate}, made->key};
        smtp::Listener listener(settings, mail, transcripts, nullptr);
        smtp::Binding binding = anyPort();
        binding.tls = implicit ? smtp::TlsMode::Implicit : smtp::TlsMode::Required;
        const auto bound = listener.listen(binding);
        QVERIFY(bound);
        QSslSocket client;
        client.setPeerVerifyMode(QSslSocket::VerifyNone);
        QByteArray got;
        connect(&client, &QSslSocket::readyRead, this, [&] { got += client.readAll(); });
        if (implicit) {
            client.connectToHostEncrypted(bound->address.toString(), bound->port);
        } else {
            client.connectToHost(bound->address, bound->port);
            client.write("EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nSTARTTLS\r\nNOOP\r\n");
            QTRY_VERIFY(got.contains("220 2.0.0"));
            QVERIFY(got.contains("530 5.7.0") && got.contains("250-STARTTLS")); // S96
            got.clear();
            client.startClientEncryption();
            QTRY_VERIFY(client.isEncrypted());
            client.write("MAIL FROM:<a@example.org>\r\n");
            QTRY_VERIFY(got.contains("503 5.5.1"));
            QVERIFY(!got.contains("250 2.0.0")); // S93: the NOOP is gone
        }
        client.write("EHLO a.example\r\nQUIT\r\n");
        QTRY_VERIFY(got.contains("221 2.0.0"));
        QVERIFY(!got.contains("STARTTLS\r\n"));
        QTRY_COMPARE(transcripts.sessions.size(), 1);
        QVERIFY(transcripts.sessions.value(0).tls.startsWith("TLSv1."));
    }

    /// STARTTLS and AUTH where they are offered.
    void offeredVerbs_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("code");
        using enum smtp::ServerState;
        const auto row
            = [](const char *name, smtp::ServerState state, const char *command, const char *code) {
                  QTest::newRow(name) << static_cast<int>(state) << QByteArray(command) << QByteArray(code);
              };
        row("STARTTLS when greeted", Greeted, "STARTTLS", "220");
        row("STARTTLS after EHLO", Identified, "STARTTLS", "220");
        row("STARTTLS in a transaction", MailGiven, "STARTTLS", "503");
        row("STARTTLS behind RCPT", RcptGiven, "STARTTLS", "503");
        row("S92 STARTTLS x", Identified, "STARTTLS x", "501");
        row("AUTH before EHLO", Greeted, "AUTH PLAIN", "503");
        row("AUTH after EHLO", Identified, "AUTH PLAIN", "334");
        row("S24 AUTH in a transaction", MailGiven, "AUTH PLAIN", "503");
        row("S24 AUTH behind RCPT", RcptGiven, "AUTH PLAIN", "503");
    }

    void offeredVerbs()
    {
        QFETCH(int, state);
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, code);
        MemoryServer server([](MemoryServer &prepared) {
            offerTls(prepared);
            offerAuth(prepared);
        });
        server.say(wayTo(static_cast<smtp::ServerState>(state)));
        QCOMPARE(server.say(command + "\r\n").left(3), code);
    }

    void tlsRequired_data()
    {
        QTest::addColumn<int>("verb");
        QTest::addColumn<bool>("certificate");
        for (int verb = 0; verb < smtp::verbCount; ++verb) {
            const QByteArray name = exampleOf(static_cast<smtp::Verb>(verb));
            QTest::addRow("S96 %s", name.constData()) << verb << true;
            QTest::addRow("S96 %s, no certificate", name.constData()) << verb << false;
        }
    }

    /// A binding that requires TLS serves nothing in the clear, also when it has no certificate.
    void tlsRequired()
    {
        QFETCH(int, verb);
        QFETCH(bool, certificate);
        MemoryServer server(certificate ? MemoryServer::Prepare(offerTls) : MemoryServer::Prepare(),
            bindingWith(smtp::TlsMode::Required));
        server.say("EHLO a.example\r\n");
        const auto &rule = smtp::ServerEngine::ruleFor(static_cast<smtp::Verb>(verb));
        const QByteArray code = server.say(exampleOf(rule.verb) + "\r\n").left(3);
        using enum smtp::Verb;
        if (rule.verb == StartTls)
            QCOMPARE(code, QByteArray(certificate ? "220" : "454"));
        else if (rule.verb == Ehlo || rule.verb == Noop)
            QCOMPARE(code, QByteArray("250"));
        else if (rule.verb == Quit)
            QCOMPARE(code, QByteArray("221"));
        else if (rule.verb == Xclient)
            QCOMPARE(code, QByteArray("502")); // not offered here
        else if (rule.run == nullptr)
            QVERIFY(code == "500" || code == "502");
        else
            QCOMPARE(code, QByteArray("530"));
    }

    void tlsIsRequiredBeforeXclient()
    {
        const auto prepare = [](MemoryServer &server) {
            offerTls(server);
            server.settings.offerXclient = true;
        };
        MemoryServer server(prepare, bindingWith(smtp::TlsMode::Required));
        server.say("EHLO a.example\r\n");
        QCOMPARE(server.say("XCLIENT ADDR=192.0.2.1\r\n").left(3), QByteArray("530"));
    }

    void tlsWithoutCertificate()
    {
        for (const smtp::TlsMode tls : {smtp::TlsMode::Required, smtp::TlsMode::Implicit}) {
            House house({}, bindingWith(tls));
            QVERIFY(house.listener->bindings().isEmpty());
        }
    }

    void brokenHandshake_data()
    {
        QTest::addColumn<bool>("implicit");
        QTest::addColumn<QByteArray>("octets");
        const QByteArray mail = "MAIL FROM:<a@example.org>\r\nQUIT\r\n";
        QTest::newRow("S95 commands in the clear") << false << mail;
        QTest::newRow("S95 cut") << false << QByteArray();
        QTest::newRow("S95 half a ClientHello, then cut")
            << false << QByteArray("\x16\x03\x01\x02\x00\x01", 6);
        QTest::newRow("S95 implicit, commands in the clear") << true << "EHLO a.example\r\n" + mail;
        QTest::newRow("S95 implicit, cut") << true << QByteArray();
    }

    void brokenHandshake()
    {
        QFETCH(bool, implicit);
        QFETCH(QByteArray, octets);
        House house(
            withCertificate, bindingWith(implicit ? smtp::TlsMode::Implicit : smtp::TlsMode::Opportunistic));
        QTcpSocket client;
        house.connectTo(client);
        QByteArray got;
        connect(&client, &QTcpSocket::readyRead, this, [&] { got += client.readAll(); });
        if (!implicit) {
            client.write("EHLO a.example\r\nSTARTTLS\r\n");
            QTRY_VERIFY(got.contains("220 2.0.0"));
        }
        QTRY_COMPARE(house.listener->connectionCount(), 1);
        got.clear();
        client.write(octets);
        if (octets.isEmpty() || octets.startsWith('\x16'))
            client.disconnectFromHost();
        QTRY_COMPARE(house.listener->connectionCount(), 0);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QVERIFY2(!got.contains("\r\n"), got.constData()); // a TLS alert at most
        QCOMPARE(house.transcripts.sessions.size(), 1);
        const smtp::SessionFacts facts = house.transcripts.sessions.value(0);
        QCOMPARE(facts.outcome, smtp::SessionOutcome::Broken);
        QVERIFY2(facts.ending.startsWith("TLS handshake failed"), facts.ending.constData());
        QVERIFY(!house.transcripts.lines().join('\n').contains("C: MAIL"));
    }

    void scramFaults_data()
    {
        QTest::addColumn<QByteArray>("who");
        QTest::addColumn<QByteArray>("binding");
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("S103 wrong proof")
            << QByteArray("alice") << QByteArray("n,,") << QByteArray("535 5.7.8");
        QTest::newRow("S100 unknown user")
            << QByteArray("bob") << QByteArray("n,,") << QByteArray("535 5.7.8");
        QTest::newRow("S103 wrong channel binding")
            << QByteArray("alice") << QByteArray("y,,") << QByteArray("535 5.7.7");
    }

    void scramFaults()
    {
        QFETCH(QByteArray, who);
        QFETCH(QByteArray, binding);
        QFETCH(QByteArray, reply);
        MemoryServer server(offerAuth);
        server.say("EHLO a.example\r\n");
        const QByteArray first = "n,,n=" + who + ",r=rOprNGfwEbeRWgbNEkqO";
        const QByteArray challenge = server.say("AUTH SCRAM-SHA-256 " + first.toBase64() + "\r\n");
        QVERIFY2(challenge.startsWith("334 "), challenge.constData());
        const QByteArray asked = QByteArray::fromBase64(challenge.mid(4).trimmed());
        const QByteArray nonce = asked.first(asked.indexOf(','));
        QVERIFY(nonce.startsWith("r=rOprNGfwEbeRWgbNEkqO"));
        const QByteArray last
            = "c=" + binding.toBase64() + ',' + nonce + ",p=" + QByteArray(32, 'x').toBase64();
        const QByteArray said = server.say(last.toBase64() + "\r\n");
        QVERIFY2(said.startsWith(reply), said.constData());
        QVERIFY(server.conversation.facts().user.isEmpty());
    }

    void abortedAuth_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::newRow("S105 PLAIN") << QByteArray("AUTH PLAIN\r\n*\r\n");
        QTest::newRow("S105 LOGIN") << QByteArray("AUTH LOGIN\r\nYWxpY2U=\r\n*\r\n");
        QTest::newRow("S105 SCRAM") << "AUTH SCRAM-SHA-256 " + QByteArray("n,,n=alice,r=abcdefgh").toBase64()
                + "\r\n*\r\n";
    }

    void abortedAuth() // S105: 1000 times, no leak
    {
        QFETCH(QByteArray, command);
        MemoryServer server([](MemoryServer &prepared) {
            offerAuth(prepared);
            prepared.settings.limits.errors = 10'000;
        });
        server.say("EHLO a.example\r\n");
        const auto repeat = [&](int times) {
            for (int i = 0; i < times; ++i) {
                if (!server.say(command).endsWith("501 5.7.0 Sign-in cancelled\r\n"))
                    return false;
            }
            server.transcripts.entries = {};
            return true;
        };
        QVERIFY(repeat(50));
        const qint64 before = memoryInUse();
        QVERIFY(repeat(1000));
        // A leaked session of GNU SASL would be some KiB each time.
        const qint64 grown = memoryInUse() - before;
        QVERIFY2(grown < 512 * 1024, QByteArray::number(grown).constData());
    }

    void manyHeaders_data()
    {
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("S89 address fields") << QByteArray("To: a@example.org\r\n");
        QTest::newRow("S89 one folded field") << QByteArray(" a@example.org,\r\n");
        QTest::newRow("S89 one line") << QByteArray("a@example.org,");
    }

    /// 100,000 of them take some ten times as long as 10,000.
    void manyHeaders()
    {
        QFETCH(QByteArray, field);
        const auto timeFor = [&field](int times) {
            MemoryServer server(
                [](MemoryServer &prepared) { prepared.settings.limits.headerSize = 100 * 1024 * 1024; });
            server.say(toData);
            const QByteArray header = "Cc: x\r\n" + field.repeated(times) + "\r\n\r\n.\r\n";
            QElapsedTimer timer;
            timer.start();
            QByteArray reply;
            for (qsizetype at = 0; at < header.size(); at += 1000)
                reply += server.say(header.mid(at, 1000));
            return reply.startsWith("250 ") ? std::max<qint64>(timer.nsecsElapsed(), 1) : -1;
        };
        const qint64 few = std::max(timeFor(10'000), timeFor(10'000));
        const qint64 many = timeFor(100'000);
        QVERIFY(few > 0 && many > 0);
        QVERIFY2(many < 40 * few + 500'000'000, QByteArray::number(many / few).constData());
    }

    void largeMessage_data()
    {
        QTest::addColumn<QByteArray>("piece");
        QTest::addColumn<int>("times");
        QTest::newRow("200 MB in lines") << QByteArray(998, 'x').append("\r\n").repeated(64) << 3125;
        QTest::newRow("S85 one line of 60 MB") << QByteArray(64'000, 'x') << 940;
    }

    /// Through a socket into a handler that forgets; memory stays flat.
    void largeMessage()
    {
        QFETCH(QByteArray, piece);
        QFETCH(int, times);
        House house([](smtp::ServerSettings &settings) { settings.limits.messageSize = 1'000'000'000; });
        house.mail.keepBodies = false;
        QTcpSocket client;
        house.connectTo(client);
        QByteArray got;
        int left = 0;
        qint64 most = 0;
        const auto more = [&] {
            while (left > 0 && client.bytesToWrite() < 256 * 1024) {
                client.write(--left > 0 ? piece : piece + "\r\n.\r\n");
                most = std::max(most, memoryInUse());
            }
        };
        connect(&client, &QTcpSocket::readyRead, this, [&] { got += client.readAll(); });
        connect(&client, &QTcpSocket::bytesWritten, this, more);
        client.write(toData);
        QTRY_VERIFY(got.contains("354 "));
        got.clear();
        client.write("Subject: x\r\n\r\n");
        const qint64 before = memoryInUse();
        left = times;
        more();
        QTRY_VERIFY_WITH_TIMEOUT(!got.isEmpty(), 120'000);
        QVERIFY2(got.startsWith("250 2.0.0"), got.constData());
        QCOMPARE(house.mail.octetsTaken, qint64(times) * piece.size() + 2 + 14);
        QVERIFY2(most - before < 16 * 1024 * 1024, QByteArray::number(most - before).constData());
    }

    void longLineIsKeptWhole() // S85
    {
        MemoryServer server;
        server.say(toData);
        const QByteArray message
            = "Subject: x\r\n\r\n" + QByteArray("0123456789").repeated(1024 * 1024) + "\r\n";
        QCOMPARE(server.say(message + ".\r\n").left(3), QByteArray("250"));
        QCOMPARE(server.mail.messages.value(0).body, message);
    }

    void idleConnections() // S111
    {
        constexpr int count = 500;
#ifdef Q_OS_UNIX
        rlimit files{};
        getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
#endif
        House house;
        const qint64 before = memoryInUse();
        std::vector<std::unique_ptr<QTcpSocket>> idle;
        for (int i = 0; i < count; ++i) {
            idle.push_back(std::make_unique<QTcpSocket>());
            house.connectTo(*idle.back());
        }
        QTRY_COMPARE_WITH_TIMEOUT(house.listener->connectionCount(), count, 60'000);
        const qint64 each = (memoryInUse() - before) / count;
        QVERIFY2(each < 200 * 1024, QByteArray::number(each).constData());
        QTcpSocket client;
        house.connectTo(client);
        client.write(toData + "Subject: x\r\n\r\nHello\r\n.\r\nQUIT\r\n");
        QTRY_COMPARE(house.mail.messages.size(), 1);
        idle.clear();
        QTRY_COMPARE_WITH_TIMEOUT(house.listener->connectionCount(), 0, 60'000);
    }

    void minimumRate_data()
    {
        QTest::addColumn<QByteArray>("way");
        QTest::addColumn<int>("octets");
        QTest::addColumn<bool>("cut");
        QTest::newRow("S110 a command, too slow") << QByteArray("EHLO a.example\r\n") << 1 << true;
        QTest::newRow("S110 a message, too slow") << toData << 1 << true;
        QTest::newRow("S110 a message, fast enough") << toData << 400 << false;
    }

    /// So many octets each 10 ms, with a floor of 2000 a second: never idle, yet perhaps too slow.
    void minimumRate()
    {
        QFETCH(QByteArray, way);
        QFETCH(int, octets);
        QFETCH(bool, cut);
        House house([](smtp::ServerSettings &settings) {
            settings.limits.idle = std::chrono::milliseconds(1000);
            settings.limits.minimumRate = 2000;
        });
        QTcpSocket client;
        house.connectTo(client);
        QByteArray got;
        connect(&client, &QTcpSocket::readyRead, this, [&] { got += client.readAll(); });
        client.write(way);
        QTRY_VERIFY(got.contains(way == toData ? "354 " : "250 "));
        got.clear();
        int ticks = 0;
        QTimer pace;
        connect(&pace, &QTimer::timeout, this, [&] {
            ++ticks;
            client.write(QByteArray(octets, 'x'));
        });
        pace.start(10);
        if (cut) {
            QTRY_COMPARE_WITH_TIMEOUT(client.state(), QAbstractSocket::UnconnectedState, 20'000);
            QVERIFY2(got.startsWith("421 4.4.2") && got.contains("Too slow"), got.constData());
        } else {
            QElapsedTimer passed;
            passed.start();
            QTRY_VERIFY_WITH_TIMEOUT(passed.elapsed() > 2500 && ticks > 20, 20'000);
            QVERIFY2(got.isEmpty(), got.constData());
            QCOMPARE(house.listener->connectionCount(), 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestServerConformance)
#include "tst_serverconformance.moc"
