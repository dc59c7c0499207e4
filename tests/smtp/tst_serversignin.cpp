// TLS and sign-in at the listener, over a socket, with GNU SASL at the client's end. Rows bear the line of
// the server catalogue.
#include "tests/support/certificates.h"
#include "tests/support/memoryserver.h"

#include <QSslCipher>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#include <gsasl.h>

#include <memory>

using namespace glasspost;
using namespace glasspost::test;

namespace {

/// A client that speaks TLS from the first octet.
class TlsClient : public QSslSocket
{
public:
    explicit TlsClient(const House &house, QSsl::SslProtocol protocol = QSsl::TlsV1_3)
    {
        setPeerVerifyMode(QSslSocket::VerifyNone);
        setProtocol(protocol);
        connect(this, &QSslSocket::readyRead, this, [this] { said += readAll(); });
        connect(this, &QSslSocket::connected, this,
            [this] { m_handle = smtp::TlsHandle::during([this] { startClientEncryption(); }); });
        house.connectTo(*this);
    }
    [[nodiscard]] smtp::ChannelBindings bindings() const { return m_handle.channelBindings(); }
    [[nodiscard]] smtp::TlsHandle::Session session() const { return m_handle.session(); }
    /// The line said last, once there is one.
    QByteArray takeLine()
    {
        const qsizetype end = said.indexOf("\r\n");
        const QByteArray line = said.left(end);
        said.remove(0, end + 2);
        return line;
    }

    QByteArray said;

private:
    smtp::TlsHandle m_handle;
};

/// The client's half of SCRAM, by GNU SASL.
class ScramClient
{
public:
    ScramClient(const char *mechanism, const QByteArray &password, const smtp::ChannelBindings &bindings)
    {
        gsasl_init(&m_context);
        gsasl_client_start(m_context, mechanism, &m_session);
        set(GSASL_AUTHID, "alice");
        set(GSASL_PASSWORD, password);
        if (!bindings.exporter.isEmpty())
            set(GSASL_CB_TLS_EXPORTER, bindings.exporter.toBase64());
        if (!bindings.unique.isEmpty())
            set(GSASL_CB_TLS_UNIQUE, bindings.unique.toBase64());
    }
    ~ScramClient()
    {
        gsasl_finish(m_session);
        gsasl_done(m_context);
    }
    Q_DISABLE_COPY_MOVE(ScramClient)

    /// Base64 in and out.
    QByteArray answer(const QByteArray &challenge)
    {
        char *output = nullptr;
        const int result = gsasl_step64(m_session, challenge.constData(), &output);
        const QByteArray text(output);
        gsasl_free(output);
        return result == GSASL_OK || result == GSASL_NEEDS_MORE ? text : "*";
    }

private:
    void set(Gsasl_property property, const QByteArray &value)
    {
        gsasl_property_set(m_session, property, value.constData());
    }

    Gsasl *m_context = nullptr;
    Gsasl_session *m_session = nullptr;
};

enum class Bound { Truly, Falsely, NotAtAll, TakenOut };

void offerSignIn(smtp::ServerSettings &settings)
{
    withCertificate(settings);
    settings.offerAuth = true;
    settings.limits.errorDelay = std::chrono::milliseconds(1);
}

QByteArray fingerprint(const QSslCertificate &certificate)
{
    return certificate.digest(QCryptographicHash::Sha256);
}

} // namespace

Q_DECLARE_METATYPE(Bound)

class TestServerSignIn : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The challenge tells nobody whether there is such a user.
    void scramChallenge_data()
    {
        QTest::addColumn<QByteArray>("who");
        QTest::newRow("S100 known") << QByteArray("alice");
        QTest::newRow("S100 unknown") << QByteArray("bob");
    }

    void scramChallenge()
    {
        QFETCH(QByteArray, who);
        House house([](smtp::ServerSettings &settings) { settings.offerAuth = true; });
        house.mail.passwords.insert("alice", "secret");
        const auto ask = [&] {
            QTcpSocket client;
            QByteArray got;
            connect(&client, &QTcpSocket::readyRead, this, [&] { got += client.readAll(); });
            house.connectTo(client);
            client.write("EHLO a.example\r\nAUTH SCRAM-SHA-256 "
                + QByteArray("n,,n=" + who + ",r=abcdefgh").toBase64() + "\r\n");
            [&] { QTRY_VERIFY(got.contains("\r\n334 ")); }();
            const QByteArray sent = got.mid(got.indexOf("\r\n334 ") + 6).trimmed();
            return QByteArray::fromBase64(sent).split(','); // r=, s=, i=
        };
        const QList<QByteArray> first = ask();
        QCOMPARE(first.size(), 3);
        const QByteArray salt = QByteArray::fromBase64(first.at(1).mid(2));
        QCOMPARE(salt.size(), 16);
        QVERIFY2(!salt.contains(who), salt.constData());
        QCOMPARE(first.at(2), QByteArray("i=10000"));
        QCOMPARE(ask().value(1), first.at(1)); // another salt each time would tell, too
    }

    void scram_data()
    {
        QTest::addColumn<QByteArray>("mechanism");
        QTest::addColumn<bool>("latest");
        QTest::addColumn<Bound>("bound");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QByteArray>("reply");
        const QByteArray plain = "SCRAM-SHA-256", plus = "SCRAM-SHA-256-PLUS", right = "secret";
        const auto row = [](const char *name, const QByteArray &mechanism, bool latest, Bound bound,
                             const QByteArray &password, const char *reply) {
            QTest::newRow(name) << mechanism << latest << bound << password << QByteArray(reply);
        };
        row("S103 right", plain, true, Bound::NotAtAll, right, "235 2.7.0");
        row("S103 wrong password", plain, true, Bound::NotAtAll, "wrong", "535 5.7.8");
        row("S103 -PLUS with tls-exporter", plus, true, Bound::Truly, right, "235 2.7.0");
        row("S103 -PLUS with tls-unique", plus, false, Bound::Truly, right, "235 2.7.0");
        row("S103 -PLUS, wrong password", plus, true, Bound::Truly, "wrong", "535 5.7.8");
        row("S103 -PLUS, another connection's binding", plus, true, Bound::Falsely, right, "535 5.7.7");
        row("S103 -PLUS taken out on the way", plain, true, Bound::TakenOut, right, "535 5.7.7");
    }

    void scram()
    {
        QFETCH(QByteArray, mechanism);
        QFETCH(bool, latest);
        QFETCH(Bound, bound);
        QFETCH(QByteArray, password);
        QFETCH(QByteArray, reply);
        House house(offerSignIn, bindingWith(smtp::TlsMode::Implicit));
        house.mail.passwords.insert("alice", "secret");
        TlsClient client(house, latest ? QSsl::TlsV1_3 : QSsl::TlsV1_2);
        QTRY_VERIFY(client.said.contains("220 "));
        client.said.clear();
        client.write("EHLO a.example\r\n");
        QTRY_VERIFY(client.said.contains("250 HELP"));
        QVERIFY2(client.said.contains("AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN\r\n"),
            client.said.constData());
        client.said.clear();
        const bool isBound = mechanism.endsWith("-PLUS");
        smtp::ChannelBindings bindings = isBound ? client.bindings() : smtp::ChannelBindings();
        QCOMPARE(bindings.isEmpty(), !isBound);
        if (bound == Bound::Falsely)
            bindings.exporter[0] = static_cast<char>(bindings.exporter.at(0) + 1);
        ScramClient scramClient(mechanism.constData(), password, bindings);
        // "y": I could bind, and you do not offer it.
        const QByteArray first = bound == Bound::TakenOut
            ? QByteArray("y,,n=alice,r=rOprNGfwEbeRWgbN").toBase64()
            : scramClient.answer({});
        client.write("AUTH " + mechanism + ' ' + first + "\r\n");
        QByteArray line;
        for (int step = 0; step < 4; ++step) {
            QTRY_VERIFY(client.said.contains("\r\n"));
            line = client.takeLine();
            if (!line.startsWith("334 "))
                break;
            client.write(scramClient.answer(line.mid(4)) + "\r\n");
        }
        QVERIFY2(line.startsWith(reply), line.constData());
        client.write("QUIT\r\n");
        QTRY_COMPARE(house.transcripts.sessions.size(), 1);
        QCOMPARE(house.transcripts.sessions.constFirst().user,
            reply.startsWith("235") ? QByteArray("alice") : QByteArray());
        const bool isNoted = house.transcripts.lines().contains("-: signed in with " + mechanism);
        QCOMPARE(isNoted, reply.startsWith("235"));
    }

    void external_data()
    {
        QTest::addColumn<bool>("shown");
        QTest::addColumn<bool>("known");
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("EXTERNAL") << true << true << QByteArray("AUTH EXTERNAL =") << QByteArray("235 2.7.0");
        QTest::newRow("EXTERNAL, as oneself")
            << true << true << QByteArray("AUTH EXTERNAL YWxpY2U=") << QByteArray("235 2.7.0");
        QTest::newRow("EXTERNAL, for somebody else")
            << true << true << QByteArray("AUTH EXTERNAL Ym9i") << QByteArray("535 5.7.8");
        QTest::newRow("EXTERNAL with nobody's certificate")
            << true << false << QByteArray("AUTH EXTERNAL =") << QByteArray("504 5.5.4");
        QTest::newRow("EXTERNAL without a certificate")
            << false << true << QByteArray("AUTH EXTERNAL =") << QByteArray("504 5.5.4");
    }

    void external()
    {
        QFETCH(bool, shown);
        QFETCH(bool, known);
        QFETCH(QByteArray, command);
        QFETCH(QByteArray, reply);
        const Certified alice = makeCertificate({"alice", CertificateWish::Use::ClientOnly});
        House house(offerSignIn, bindingWith(smtp::TlsMode::Opportunistic, smtp::ClientCertificate::Asked));
        house.mail.furtherMechanisms = {"EXTERNAL"};
        if (known)
            house.mail.certificates.insert(fingerprint(alice.certificate), "alice");
        QSslSocket client;
        QByteArray said;
        connect(&client, &QSslSocket::readyRead, this, [&] { said += client.readAll(); });
        client.setPeerVerifyMode(QSslSocket::VerifyNone);
        if (shown) {
            client.setLocalCertificate(alice.certificate);
            client.setPrivateKey(alice.key);
        }
        house.connectTo(client);
        client.write("EHLO a.example\r\nSTARTTLS\r\n");
        QTRY_VERIFY(said.contains("220 2.0.0"));
        said.clear();
        client.startClientEncryption();
        QTRY_VERIFY(client.isEncrypted());
        client.write("EHLO a.example\r\n");
        QTRY_VERIFY(said.contains("250 HELP"));
        QCOMPARE(said.contains("EXTERNAL"), shown && known);
        said.clear();
        client.write(command.toUpper().startsWith("AUTH") ? command + "\r\n" : QByteArray());
        QTRY_VERIFY(said.contains("\r\n"));
        QVERIFY2(said.startsWith(reply), said.constData());
        const QByteArray noted = house.transcripts.lines().join('\n');
        QCOMPARE(noted.contains("certificate of the client: alice, valid until "), shown);
        QVERIFY(noted.contains(" ms, new session"));
    }

    void clientCertificateRequired_data()
    {
        QTest::addColumn<QByteArray>("shown");
        QTest::addColumn<bool>("authorities");
        QTest::addColumn<bool>("served");
        QTest::newRow("S95 required, none") << QByteArray() << false << false;
        QTest::newRow("S95 required, any") << QByteArray("stranger") << false << true;
        QTest::newRow("S95 required of an authority, signed by it") << QByteArray("signed") << true << true;
        QTest::newRow("S95 required of an authority, signed by nobody")
            << QByteArray("stranger") << true << false;
    }

    void clientCertificateRequired()
    {
        QFETCH(QByteArray, shown);
        QFETCH(bool, authorities);
        QFETCH(bool, served);
        const Certified authority = makeCertificate({"Authority", CertificateWish::Use::Authority});
        const CertificateWish wish{"alice", CertificateWish::Use::ClientOnly};
        const Certified alice = shown == "signed" ? makeCertificate(wish, &authority) : makeCertificate(wish);
        House house(
            [&](smtp::ServerSettings &settings) {
                withCertificate(settings);
                if (authorities)
                    settings.tls.clientAuthorities = {authority.certificate};
            },
            bindingWith(smtp::TlsMode::Implicit, smtp::ClientCertificate::Required));
        QSslSocket client;
        QByteArray said;
        connect(&client, &QSslSocket::readyRead, this, [&] { said += client.readAll(); });
        client.setPeerVerifyMode(QSslSocket::VerifyNone);
        if (!shown.isEmpty()) {
            client.setLocalCertificate(alice.certificate);
            client.setPrivateKey(alice.key);
        }
        client.connectToHostEncrypted(house.bound.address.toString(), house.bound.port);
        if (served) {
            QTRY_VERIFY(said.startsWith("220 "));
            return;
        }
        QTRY_COMPARE(house.transcripts.sessions.size(), 1);
        QVERIFY(house.transcripts.sessions.constFirst().ending.startsWith("TLS handshake failed"));
        QVERIFY(said.isEmpty());
    }

    void tlsPolicy_data()
    {
        QTest::addColumn<bool>("latestOnly");
        QTest::addColumn<QByteArray>("ciphers");
        QTest::addColumn<bool>("clientIsLatest");
        QTest::addColumn<QByteArray>("summary"); // empty: no TLS
        QTest::newRow("S95 TLS 1.3 asked, 1.2 offered") << true << QByteArray() << false << QByteArray();
        QTest::newRow("TLS 1.3 alone") << true << QByteArray() << true << QByteArray("TLSv1.3 ");
        QTest::newRow("TLS 1.2 still") << false << QByteArray() << false << QByteArray("TLSv1.2 ");
        QTest::newRow("one cipher") << false << QByteArray("ECDHE-RSA-AES128-GCM-SHA256") << false
                                    << QByteArray("TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256");
    }

    void tlsPolicy()
    {
        QFETCH(bool, latestOnly);
        QFETCH(QByteArray, ciphers);
        QFETCH(bool, clientIsLatest);
        QFETCH(QByteArray, summary);
        House house(
            [&](smtp::ServerSettings &settings) {
                withCertificate(settings);
                if (latestOnly)
                    settings.tls.minimum = smtp::TlsPolicy::Version::Tls13;
                settings.tls.ciphers = ciphers;
            },
            bindingWith(smtp::TlsMode::Implicit));
        TlsClient client(house, clientIsLatest ? QSsl::TlsV1_3 : QSsl::TlsV1_2);
        if (!summary.isEmpty())
            QTRY_VERIFY(client.said.startsWith("220 "));
        client.write("QUIT\r\n");
        QTRY_COMPARE(house.transcripts.sessions.size(), 1);
        const QByteArray tls = house.transcripts.sessions.constFirst().tls;
        QVERIFY2(summary.isEmpty() ? tls.isEmpty() : tls.startsWith(summary), tls.constData());
    }

    void proxyBeforeTls_data()
    {
        QTest::addColumn<QByteArray>("header");
        const QByteArray binary
            = QByteArray("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x01\xc0\0\x02\x02\x04\xd2\0\x19", 28);
        QTest::newRow("PROXY version 1") << QByteArray("PROXY TCP4 192.0.2.1 192.0.2.2 1234 25\r\n");
        QTest::newRow("PROXY version 2") << binary;
    }

    /// The ClientHello comes right behind the header, in the same segment as well.
    void proxyBeforeTls()
    {
        QFETCH(QByteArray, header);
        smtp::Binding binding = bindingWith(smtp::TlsMode::Implicit);
        binding.proxyHeaders = smtp::ProxyHeaders::Expected;
        House house(
            [](smtp::ServerSettings &settings) {
                withCertificate(settings);
                settings.trustedPeers = {{QHostAddress(QHostAddress::LocalHost), 8}};
            },
            binding);
        QSslSocket client;
        QByteArray said;
        connect(&client, &QSslSocket::readyRead, this, [&] { said += client.readAll(); });
        connect(&client, &QSslSocket::connected, this, [&] {
            client.write(header);
            client.startClientEncryption();
        });
        client.setPeerVerifyMode(QSslSocket::VerifyNone);
        house.connectTo(client);
        QTRY_VERIFY(said.startsWith("220 "));
        client.write("QUIT\r\n");
        QTRY_COMPARE(house.transcripts.sessions.size(), 1);
        const smtp::SessionFacts facts = house.transcripts.sessions.constFirst();
        QCOMPARE(facts.peerAddress, QHostAddress(QStringLiteral("192.0.2.1")));
        QCOMPARE(facts.peerPort, quint16(1234));
        QVERIFY(facts.tls.startsWith("TLSv1.3 "));
    }
};

QTEST_GUILESS_MAIN(TestServerSignIn)
#include "tst_serversignin.moc"
