// TLS of the client against servers that cheat: nothing goes in the clear where TLS is required, nothing said
// in the clear counts inside TLS; what a certificate showed reaches the owner whole; client certificates;
// resumption.

#include "tests/support/courier.h"

#include <QCryptographicHash>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace glasspost;
using namespace glasspost::test;
using namespace std::chrono_literals;
using Mode = smtp::TlsMode;

namespace {

/// What a server answers to EHLO and STARTTLS; everything else gets 250, and DATA 354.
struct Trick
{
    QByteArray ehlo = "250-mx\r\n250 STARTTLS\r\n";
    QByteArray startTls;
    enum class Then { Nothing, Close, NoTls } then = Then::Nothing;
};

/// Plays a trick and keeps every octet it was told in the clear.
class Trickster : public QTcpServer
{
public:
    explicit Trickster(Trick trick) : m_trick(std::move(trick)) { listen(QHostAddress::LocalHost); }
    QByteArray heard;

protected:
    void incomingConnection(qintptr descriptor) override
    {
        auto *socket = new QTcpSocket(this);
        socket->setSocketDescriptor(descriptor);
        socket->write("220 mx ESMTP\r\n");
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            while (socket->canReadLine()) {
                const QByteArray line = socket->readLine();
                heard += line;
                answer(*socket, line.trimmed());
            }
        });
    }

private:
    void answer(QTcpSocket &socket, const QByteArray &line)
    {
        if (line.startsWith("EHLO")) {
            socket.write(m_trick.ehlo);
        } else if (line == "STARTTLS") {
            socket.write(m_trick.startTls);
            if (m_trick.then == Trick::Then::Close)
                socket.disconnectFromHost();
            else if (m_trick.then == Trick::Then::NoTls)
                connect(
                    &socket, &QTcpSocket::readyRead, &socket, [&socket] { socket.write("250 evil\r\n"); });
        } else {
            socket.write(line == "DATA" ? "354 go\r\n" : line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
        }
    }

    Trick m_trick;
};

/// "openssl s_server" with one context for all its connections, so that a session can be resumed; it says
/// what it is told to on standard input.
class SessionServer
{
public:
    SessionServer(const QString &folder, const Certified &identity)
    {
        QFile pem(folder + QStringLiteral("/server.pem"));
        if (pem.open(QIODevice::WriteOnly))
            pem.write(identity.certificatePem + identity.keyPem);
        pem.close();
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(QStringLiteral("openssl"),
            {QStringLiteral("s_server"), QStringLiteral("-accept"), QStringLiteral("127.0.0.1:0"),
                QStringLiteral("-cert"), pem.fileName(), QStringLiteral("-key"), pem.fileName()});
        QObject::connect(
            &m_process, &QProcess::readyRead, &m_process, [this] { m_output += m_process.readAll(); });
    }
    ~SessionServer()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// 0 while it does not listen yet.
    [[nodiscard]] quint16 port() const
    {
        const qsizetype at = m_output.indexOf("ACCEPT 127.0.0.1:");
        const qsizetype end = m_output.indexOf('\n', at);
        return at < 0 || end < 0 ? 0 : m_output.mid(at + 17, end - at - 17).trimmed().toUShort();
    }
    void say(const QByteArray &line) { m_process.write(line + "\n"); }

private:
    QProcess m_process;
    QByteArray m_output;
};

/// The facts of the handshakes of one session.
struct Handshakes
{
    explicit Handshakes(smtp::ClientSession &session)
    {
        QObject::connect(&session, &smtp::ClientSession::tlsExamined, &session,
            [this](const smtp::TlsFacts &facts) { all.append(facts); });
    }
    QList<smtp::TlsFacts> all;
};

} // namespace

Q_DECLARE_METATYPE(Trick)

class TestClientTls : public QObject
{
    Q_OBJECT

    Certified m_authority = makeCertificate({"Our authority", CertificateWish::Use::Authority});

private Q_SLOTS:
    void required_data()
    {
        QTest::addColumn<Trick>("trick");
        using Then = Trick::Then;
        const auto row = [](const char *name, const char *ehlo, const char *startTls, Then then) {
            QTest::newRow(name) << Trick{ehlo, startTls, then};
        };
        const char *offer = "250-mx\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n";
        row("F4 C43 not offered", "250-mx\r\n250 AUTH PLAIN\r\n", "", Then::Nothing);
        row("F4 C43 offered as another word", "250-mx\r\n250-AUTH PLAIN\r\n250 XXXXXXXA\r\n", "",
            Then::Nothing);
        row("F4 C44 454", offer, "454 4.7.0 not now\r\n", Then::Nothing);
        row("F4 C44 502", offer, "502 5.5.1 what\r\n", Then::Nothing);
        row("F4 C44 354", offer, "354 go on\r\n", Then::Nothing);
        row("C6 EHLO refused", "502 5.5.1 what\r\n", "", Then::Nothing);
        row("F3 C45 more in the segment of the 220", offer, "220 go\r\n250-mx\r\n250 AUTH PLAIN\r\n",
            Then::Nothing);
        row("F3 C45 half a line behind the 220", offer, "220 go\r\n250", Then::Nothing);
        row("F3 C45 all the replies there will be, pipelined", offer,
            "220 go\r\n250 mx\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n221 bye\r\n", Then::Nothing);
        row("C47 cut behind the 220", offer, "220 go\r\n", Then::Close);
        row("C47 octets that are no TLS", offer, "220 go\r\n", Then::NoTls);
    }

    /// Whatever the server does, where TLS is required nothing but the introduction goes in the clear: no
    /// address, no password, no message.
    void required()
    {
        QFETCH(Trick, trick);
        Trickster server(trick);
        smtp::ClientSettings settings = settingsFor(Mode::Required);
        settings.credentials = {user, password, smtp::ClearAuth::Loopback};
        settings.timeouts.handshake = 200ms;
        Courier courier(settings, server.serverPort());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::StartTls);
        for (const char *word : {"AUTH", "MAIL", "RCPT", "DATA", "HELO", "Hello"})
            QVERIFY2(!server.heard.contains(word), server.heard.constData());
    }

    /// RFC 3207 4.2: what the server says inside TLS counts, not what was said before.
    void askedAgainInside() // C45
    {
        LineServer server(
            [](QTcpSocket &socket, int, const QByteArray &line) {
                const bool secure = static_cast<QSslSocket &>(socket).isEncrypted();
                if (line.startsWith("EHLO"))
                    socket.write(
                        secure ? "250-mx\r\n250 SIZE 5\r\n" : "250-mx\r\n250-DSN\r\n250 STARTTLS\r\n");
                else
                    socket.write(line == "QUIT" ? "221 bye\r\n" : "250 ok\r\n");
            },
            makeCertificate({}, &m_authority), Mode::Opportunistic);
        StubTranscripts transcripts;
        smtp::ClientSession session(settingsFor(Mode::Required), transcripts);
        QSignalSpy finished(&session, &smtp::ClientSession::sessionFinished);
        session.connectToServer(Courier::loopback(server.port()));
        QTRY_COMPARE(session.state(), smtp::ClientState::Ready);
        QCOMPARE(session.capabilities().flags, smtp::CapabilityFlags(smtp::Capability::Size));
        QCOMPARE(session.capabilities().sizeLimit, 5);
        session.quit();
        QTRY_COMPARE(finished.count(), 1);
    }

    /// Replies that come inside TLS before their commands are as wrong there (C32).
    void prematureInside()
    {
        LineServer server(
            [](QTcpSocket &socket, int, const QByteArray &line) {
                const bool secure = static_cast<QSslSocket &>(socket).isEncrypted();
                socket.write(secure ? "250-mx\r\n250 HELP\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n"
                                    : "250-mx\r\n250 STARTTLS\r\n");
                Q_UNUSED(line)
            },
            makeCertificate({}, &m_authority), Mode::Opportunistic);
        Courier courier(settingsFor(Mode::Required), server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.status.toBytes(), QByteArray("4.5.0"));
    }

    void shown_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<bool>("verify");
        QTest::addColumn<bool>("fits");
        using Use = CertificateWish::Use;
        QTest::newRow("C46 fits") << CertificateWish() << true << true;
        QTest::newRow("C46 expired and of another name, refused")
            << CertificateWish{"other.example", Use::Server, -7200, -3600} << true << false;
        QTest::newRow("C46 expired and of another name, taken")
            << CertificateWish{"other.example", Use::Server, -7200, -3600} << false << false;
    }

    /// A certificate reaches the owner with its chain and everything that is wrong with it.
    void shown()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(bool, verify);
        QFETCH(bool, fits);
        const Certified identity = makeCertificate(wish, &m_authority);
        House house(identity, Mode::Opportunistic, {m_authority.certificate});
        smtp::ClientSettings settings = settingsFor(Mode::Required);
        settings.verifyCertificate = verify;
        settings.authorities = {m_authority.certificate};
        StubTranscripts transcripts;
        smtp::ClientSession session(settings, transcripts);
        Handshakes handshakes(session);
        QSignalSpy finished(&session, &smtp::ClientSession::sessionFinished);
        session.connectToServer(Courier::loopback(house.port));
        session.quit();
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(handshakes.all.size(), 1);
        const smtp::TlsFacts facts = handshakes.all.constFirst();
        QCOMPARE(facts.host, hostName);
        QCOMPARE(facts.chain, (QList<QSslCertificate>{identity.certificate, m_authority.certificate}));
        QCOMPARE(facts.fingerprint, identity.certificate.digest(QCryptographicHash::Sha256));
        QCOMPARE(facts.errors.size(), fits ? 0 : 2);
        QVERIFY(facts.handshakeTime < 10'000);
        const QByteArray said = transcripts.lines().join('\n');
        QVERIFY2(said.contains("-: its issuer Our authority, issued by Our authority"), said.constData());
        QVERIFY(said.contains(facts.fingerprint.toHex(':')));
        QCOMPARE(said.contains("certificate verified"), fits);
        if (verify && !fits)
            return;
        QVERIFY(said.contains("-: handshake took ") && said.contains(" ms, new session"));
        QVERIFY(facts.summary.startsWith("TLSv1."));
        QVERIFY(fits || session.tlsSession().isEmpty()); // resumed, it would look like a verified one
    }

    /// EXTERNAL (RFC 4422 A): the certificate signs in.
    void clientCertificate_data()
    {
        QTest::addColumn<bool>("shows");
        QTest::newRow("EXTERNAL with a certificate") << true;
        QTest::newRow("C51 EXTERNAL without one is no way to sign in") << false;
    }

    void clientCertificate()
    {
        QFETCH(bool, shows);
        const Certified mine = makeCertificate({"alice", CertificateWish::Use::ClientOnly}, &m_authority);
        QByteArray seen;
        QByteArray response;
        LineServer server(
            [&, inData = false](QTcpSocket &socket, int, const QByteArray &line) mutable {
                seen = static_cast<QSslSocket &>(socket).peerCertificate().digest(QCryptographicHash::Sha256);
                if (line.startsWith("AUTH"))
                    response = line;
                if (line.startsWith("EHLO"))
                    socket.write("250-mx\r\n250-STARTTLS\r\n250 AUTH EXTERNAL\r\n");
                else if (line.startsWith("AUTH"))
                    socket.write("235 ok\r\n");
                else if (line == "DATA")
                    socket.write(std::exchange(inData, true) ? "" : "354 go\r\n");
                else if (!inData || line == ".")
                    socket.write(std::exchange(inData, false) ? "250 taken\r\n" : "250 ok\r\n");
            },
            makeCertificate({}, &m_authority), Mode::Opportunistic);
        smtp::ClientSettings settings = settingsFor(Mode::Required);
        settings.credentials.user = user;
        if (shows) {
            settings.ownCertificate = {mine.certificate};
            settings.ownKey = mine.key;
        }
        Courier courier(settings, server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(response, shows ? "AUTH EXTERNAL " + user.toBase64() : QByteArray());
        QCOMPARE(courier.recipient.result,
            shows ? smtp::DeliveryResult::Delivered : smtp::DeliveryResult::Deferred);
        if (shows)
            QCOMPARE(seen, mine.certificate.digest(QCryptographicHash::Sha256));
    }

    void boundToTls_data()
    {
        QTest::addColumn<QList<QByteArray>>("allowed");
        QTest::addColumn<QByteArray>("command");
        QTest::newRow("C51 -PLUS is the strongest")
            << QList<QByteArray>() << QByteArray("C: AUTH SCRAM-SHA-256-PLUS ***");
        QTest::newRow("the plain form, though -PLUS is offered")
            << QList<QByteArray>{"SCRAM-SHA-256"} << QByteArray("C: AUTH SCRAM-SHA-256 ***");
    }

    /// RFC 5802 6: a sign-in bound to the connection, and one that does not deny that it could be.
    void boundToTls()
    {
        QFETCH(QList<QByteArray>, allowed);
        QFETCH(QByteArray, command);
        House house(makeCertificate({}, &m_authority), Mode::Opportunistic);
        smtp::ClientSettings settings = settingsFor(Mode::Required);
        settings.authorities = {m_authority.certificate};
        settings.credentials = {user, password};
        settings.credentials.mechanisms = allowed;
        Courier courier(settings, house.port);
        QTRY_VERIFY(courier.finished);
        QVERIFY2(courier.said(command), courier.transcript().constData());
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Delivered);
    }

    void resumed()
    {
        QTemporaryDir folder;
        SessionServer server(folder.path(), makeCertificate({}, &m_authority));
        QTRY_VERIFY_WITH_TIMEOUT(server.port() != 0, 30'000);
        smtp::ClientSettings settings = settingsFor(Mode::Implicit);
        settings.authorities = {m_authority.certificate};
        settings.verifyCertificate = true;
        for (const auto resumption :
            {smtp::TlsFacts::Resumption::Fresh, smtp::TlsFacts::Resumption::Resumed}) {
            StubTranscripts transcripts;
            smtp::ClientSession session(settings, transcripts);
            Handshakes handshakes(session);
            QSignalSpy finished(&session, &smtp::ClientSession::sessionFinished);
            session.connectToServer(Courier::loopback(server.port()));
            QTRY_COMPARE(session.state(), smtp::ClientState::Greeting);
            server.say("220 mx");
            QTRY_COMPARE(session.state(), smtp::ClientState::Ehlo);
            QTRY_VERIFY(!session.tlsSession().isEmpty());
            QCOMPARE(handshakes.all.size(), 1);
            QVERIFY2(handshakes.all.constFirst().resumption == resumption,
                transcripts.lines().join('\n').constData());
            QVERIFY(handshakes.all.constFirst().errors.isEmpty());
            settings.tlsSession = session.tlsSession();
            session.abort("seen enough");
            QTRY_COMPARE(finished.count(), 1);
        }
    }
};

QTEST_GUILESS_MAIN(TestClientTls)
#include "tst_clienttls.moc"
