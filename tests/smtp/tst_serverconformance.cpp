// Lines of the server catalogue that need more than a script. Rows bear the line's number.
#include "smtp/server/listener.h"
#include "smtp/server/selfsigned.h"
#include "smtp/server/serverengine.h"
#include "tests/support/stubmail.h"

#include <QSignalSpy>
#include <QSslSocket>
#include <QTest>

using namespace glasspost;
using namespace glasspost::test;

namespace {

smtp::Binding anyPort()
{
    smtp::Binding binding;
    binding.port = 0;
    return binding;
}

/// A server engine in memory.
class MemoryServer final : private smtp::ServerTransport
{
public:
    MemoryServer() : engine(settings, {}, {}, {mail, transcripts, nullptr}, *this)
    {
        settings.hostName = "mail.example.test";
        engine.start();
        take();
    }

    QByteArray take() { return std::exchange(m_sent, {}); }
    QByteArray say(const QByteArray &octets)
    {
        engine.receive(octets);
        return take();
    }
    QByteArray sayAtOnce(const QByteArray &octets, qsizetype cut)
    {
        engine.receive(QByteArrayView(octets).first(cut));
        engine.receive(QByteArrayView(octets).sliced(cut));
        return take();
    }

    smtp::ServerSettings settings;
    StubMail mail;
    StubTranscripts transcripts;
    smtp::ServerEngine engine;
    int writes = 0;
    bool closed = false;

private:
    void send(const QByteArray &octets) override
    {
        ++writes;
        m_sent += octets;
    }
    void startHandshake() override { }
    void close() override { closed = true; }
    void wantsInput() override { }
    void stateEntered(smtp::ServerState, smtp::ServerState) override { }

    QByteArray m_sent;
};

const QByteArray toData
    = "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\nDATA\r\n";

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
    case smtp::ServerState::Closed:
        return "QUIT\r\n";
    case smtp::ServerState::Opening:
    case smtp::ServerState::TurnedAway:
    case smtp::ServerState::Greeted:
    case smtp::ServerState::Auth:
    case smtp::ServerState::Handshake:
        break;
    }
    return {};
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

} // namespace

class TestServerConformance : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStateTimesEveryVerb_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("verb");
        using enum smtp::ServerState;
        for (const smtp::ServerState state : {Greeted, Identified, MailGiven, RcptGiven}) {
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
        MemoryServer server;
        const auto place = static_cast<smtp::ServerState>(state);
        server.say(wayTo(place));
        QCOMPARE(server.engine.state(), place);
        const auto &rule = smtp::ServerEngine::ruleFor(static_cast<smtp::Verb>(verb));
        QCOMPARE(static_cast<int>(rule.verb), verb);
        const QByteArray reply = server.say(exampleOf(rule.verb) + "\r\n");
        const QByteArray code = reply.first(3);
        if (rule.verb == smtp::Verb::Unknown)
            QCOMPARE(code, QByteArray("500"));
        else if (rule.run == nullptr || rule.verb == smtp::Verb::StartTls || rule.verb == smtp::Verb::Auth
            || rule.verb == smtp::Verb::Bdat)
            QCOMPARE(code, QByteArray("502")); // known, not offered here
        else if (!rule.states.testFlag(place))
            QCOMPARE(code, QByteArray("503"));
        else
            QVERIFY2(code.startsWith('2') || code == "354" || code == "554", reply.constData());
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
            QCOMPARE(server.engine.state(), smtp::ServerState::Identified);
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
        QVERIFY(!server.engine.isReading());
        server.mail.release();
        server.mail.release();
        QVERIFY(server.take().contains("250 2.1.5"));
        QVERIFY(server.engine.isReading());
    }

    void pausedDataIsKept()
    {
        MemoryServer server;
        server.say(toData);
        server.mail.pauseData = true;
        QCOMPARE(server.say("one\r\n.\r\nNOOP\r\n"), QByteArray());
        QVERIFY(!server.engine.isReading());
        server.mail.pauseData = false;
        server.engine.resumeData();
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
            server.engine.receive(chunk);
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
        settings.limits.connectionsPerAddress = 1;
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
        server.engine.shutdown();
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
        settings.certificate = made->certificate;
        settings.privateKey = made->key;
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
};

QTEST_GUILESS_MAIN(TestServerConformance)
#include "tst_serverconformance.moc"
