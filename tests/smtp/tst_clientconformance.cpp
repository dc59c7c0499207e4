// Lines of the client catalogue that need more than a script: TLS and sign-in against our own listener over
// real sockets, and servers that misbehave in time or in size. Rows bear the line's number.

#include "smtp/session/certificatename.h"
#include "tests/support/courier.h"
#include "tests/support/memoryuse.h"

#include <QCryptographicHash>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <memory>

using namespace glasspost;
using namespace glasspost::test;
using namespace std::chrono_literals;

namespace {

/// Accepts everything up to DATA, which gets 354; then calls.
LineServer::Answer untilData(std::function<void(QTcpSocket &)> then)
{
    return [then = std::move(then)](QTcpSocket &socket, int, const QByteArray &line) {
        if (line == "DATA") {
            socket.write("354 go\r\n");
            then(socket);
        } else if (line == "QUIT") {
            socket.write("221 bye\r\n");
            socket.disconnectFromHost();
        } else if (line.startsWith("EHLO") || line.startsWith("MAIL") || line.startsWith("RCPT")) {
            socket.write("250 ok\r\n");
        }
    };
}

/// No form of the password may stand in a transcript.
bool hidesThePassword(const QByteArray &transcript)
{
    const QByteArray plain = '\0' + user + '\0' + password;
    const QByteArray forms[]
        = {password, password.toBase64(), plain.toBase64(), plain.toBase64().chopped(4), password.toHex()};
    return std::none_of(std::begin(forms), std::end(forms),
        [&transcript](const QByteArray &form) { return transcript.contains(form); });
}

enum class Trust {
    Everybody, ///< and nothing that is secret
    EverybodyWithSecret,
    Authority,
    Pinned,
    PinnedAnother,
    Accepted ///< by a person
};

} // namespace

Q_DECLARE_METATYPE(Trust)
Q_DECLARE_METATYPE(glasspost::smtp::ClientCredentials)
Q_DECLARE_METATYPE(glasspost::test::CertificateWish)

class TestClientConformance : public QObject
{
    Q_OBJECT

    Certified m_authority = makeCertificate({"Our authority", CertificateWish::Use::Authority});
    Certified m_stranger = makeCertificate({"Another authority", CertificateWish::Use::Authority});

private Q_SLOTS:
    void initTestCase() { QVERIFY(!m_authority.certificate.isNull() && !m_stranger.certificate.isNull()); }

    void certificates_data()
    {
        QTest::addColumn<CertificateWish>("wish");
        QTest::addColumn<QByteArray>("issuer");
        QTest::addColumn<Trust>("trust");
        QTest::addColumn<QByteArray>("fault");
        using Use = CertificateWish::Use;
        const auto row = [](const char *name, const CertificateWish &wish, const char *issuer, Trust trust,
                             const char *fault) {
            QTest::newRow(name) << wish << QByteArray(issuer) << trust << QByteArray(fault);
        };
        row("own authority", {}, "ours", Trust::Authority, "");
        row("wildcard", {"*.example.test"}, "ours", Trust::Authority, "");
        row("pinned", {}, "", Trust::Pinned, "");
        row("pinned, whatever its name and time", {"x.example", Use::Server, -7200, -3600}, "", Trust::Pinned,
            "");
        row("F5 C46 self-signed", {}, "", Trust::Authority, "could not be verified");
        row("F5 C46 wrong name", {"other.example.test"}, "ours", Trust::Authority, "could not be verified");
        row("F5 C46 wildcard of another level", {"*.test"}, "ours", Trust::Authority,
            "could not be verified");
        row("F5 C46 expired", {hostName, Use::Server, -7200, -3600}, "ours", Trust::Authority,
            "could not be verified");
        row("F5 C46 not yet valid", {hostName, Use::Server, 3600, 7200}, "ours", Trust::Authority,
            "could not be verified");
        row("F5 C46 unknown authority", {}, "another", Trust::Authority, "could not be verified");
        row("F5 C46 for clients only", {hostName, Use::ClientOnly}, "ours", Trust::Authority,
            "could not be verified");
        row("F5 C46 not the pinned one", {}, "ours", Trust::PinnedAnother, "not the pinned one");
        row("F5 C46 expired, verification off", {hostName, Use::Server, -7200, -3600}, "ours",
            Trust::Everybody, "");
        row("F5 C46 self-signed, verification off", {}, "", Trust::Everybody, "");
        row("T79 the common name fits, the alternative names do not",
            {hostName, Use::Server, -3600, 3600, "DNS:other.example.test"}, "ours", Trust::Authority,
            "do not include mail.example.test");
        row("T79 the common name alone", {hostName, Use::Server, -3600, 3600, "none"}, "ours",
            Trust::Authority, "");
        row("T75 self-signed", {}, "", Trust::EverybodyWithSecret, "the password was not sent");
        row("T75 wrong name and unknown authority", {"other.example.test"}, "another",
            Trust::EverybodyWithSecret, "the password was not sent");
        row("T75 wrong name", {"other.example.test"}, "ours", Trust::EverybodyWithSecret,
            "could not be verified");
        row("T75 expired", {hostName, Use::Server, -7200, -3600}, "ours", Trust::EverybodyWithSecret,
            "could not be verified");
        row("T75 for clients only", {hostName, Use::ClientOnly}, "ours", Trust::EverybodyWithSecret,
            "could not be verified");
        row("T75 verified, though nobody asked for it", {}, "ours", Trust::EverybodyWithSecret, "");
        row("T75 accepted by the person", {"other.example.test"}, "another", Trust::Accepted, "");
    }

    /// Each certificate by STARTTLS and by implicit TLS, with a password that must not leave before TLS is
    /// trusted.
    void certificates()
    {
        QFETCH(CertificateWish, wish);
        QFETCH(QByteArray, issuer);
        QFETCH(Trust, trust);
        QFETCH(QByteArray, fault);
        const Certified *signer = issuer.isEmpty() ? nullptr : issuer == "ours" ? &m_authority : &m_stranger;
        const Certified identity = makeCertificate(wish, signer);
        QVERIFY(!identity.certificate.isNull());
        for (const smtp::TlsMode tls :
            {smtp::TlsMode::Opportunistic, smtp::TlsMode::Required, smtp::TlsMode::Implicit}) {
            House house(identity, tls);
            QVERIFY(house.port != 0);
            smtp::ClientSettings settings = settingsFor(tls);
            settings.verifyCertificate = trust != Trust::Everybody && trust != Trust::EverybodyWithSecret;
            settings.authorities = {m_authority.certificate};
            if (trust != Trust::Everybody)
                settings.credentials = {user, password};
            if (trust == Trust::Accepted)
                settings.acceptedFingerprints
                    = {identity.certificate.digest(QCryptographicHash::Sha256).toHex()};
            const Certified &pinned = trust == Trust::Pinned ? identity : m_authority;
            if (trust == Trust::Pinned || trust == Trust::PinnedAnother)
                settings.pinnedFingerprint = pinned.certificate.digest(QCryptographicHash::Sha256);
            Courier courier(settings, house.port);
            QTRY_VERIFY(courier.finished);
            const QByteArray transcript = courier.transcript();
            QVERIFY2(
                hidesThePassword(transcript + house.transcripts.lines().join('\n')), transcript.constData());
            if (fault.isEmpty()) {
                QVERIFY2(courier.recipient.result == smtp::DeliveryResult::Delivered, transcript.constData());
                QCOMPARE(house.mail.messages.size(), 1);
                QTRY_COMPARE(house.transcripts.sessions.value(0).user,
                    trust == Trust::Everybody ? QByteArray() : user);
                QVERIFY(courier.transcripts.sessions.value(0).tls.startsWith("TLSv1."));
                QCOMPARE(transcript.contains("certificate verified"),
                    trust == Trust::Authority || trust == Trust::EverybodyWithSecret);
                continue;
            }
            QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
            QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::StartTls);
            QCOMPARE(courier.recipient.status, (smtp::EnhancedStatusCode{4, 7, 5}));
            QVERIFY2(courier.recipient.reason.contains(fault), courier.recipient.reason.constData());
            QVERIFY(house.mail.messages.isEmpty());
            QVERIFY(!transcript.contains("C: AUTH") && !transcript.contains("C: MAIL"));
        }
    }

    void certifiedNames_data()
    {
        QTest::addColumn<QByteArray>("common");
        QTest::addColumn<QByteArray>("alternatives");
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("fits");
        const auto row = [](const char *name, const char *common, const char *alternatives, const char *host,
                             bool fits) {
            QTest::newRow(name) << QByteArray(common) << QByteArray(alternatives) << QByteArray(host) << fits;
        };
        row("T79 alternative name", "x.test", "DNS:a.test", "a.test", true);
        row("T79 in other case, with a final dot", "x.test", "DNS:A.Test", "a.tesT.", true);
        row("T79 one of several", "x.test", "DNS:b.test,DNS:a.test", "a.test", true);
        row("T79 common name beside alternatives", "a.test", "DNS:b.test", "a.test", false);
        row("T79 common name beside an address", "a.test", "IP:192.0.2.1", "a.test", false);
        row("T79 common name beside a mail address", "a.test", "email:a@a.test", "a.test", true);
        row("T79 common name alone", "a.test", "none", "a.test", true);
        row("T79 an address", "x.test", "IP:127.0.0.1", "127.0.0.1", true);
        row("T79 an address literal", "x.test", "IP:2001:db8::1", "[IPv6:2001:db8:0::1]", true);
        row("T79 an address as a DNS name", "x.test", "DNS:127.0.0.1", "127.0.0.1", false);
        row("T79 an address as the common name", "127.0.0.1", "none", "127.0.0.1", false);
        row("T79 another address", "x.test", "IP:127.0.0.2", "127.0.0.1", false);
        row("T79 wildcard", "x.test", "DNS:*.a.test", "mx.a.test", true);
        row("T79 wildcard for two labels", "x.test", "DNS:*.a.test", "mx.b.a.test", false);
        row("T79 wildcard for none", "x.test", "DNS:*.a.test", "a.test", false);
        row("T79 wildcard for a top domain", "x.test", "DNS:*.test", "a.test", false);
        row("T79 part of a label", "x.test", "DNS:m*.a.test", "mx.a.test", false);
        row("T79 wildcard within", "x.test", "DNS:mx.*.test", "mx.a.test", false);
        row("T79 U-label", "x.test", "DNS:xn--bcher-kva.test",
            "b\xc3\xbc"
            "cher.test",
            true);
    }

    /// RFC 6125 6.4.
    void certifiedNames()
    {
        QFETCH(QByteArray, common);
        QFETCH(QByteArray, alternatives);
        QFETCH(QByteArray, host);
        const Certified made
            = makeCertificate({common, CertificateWish::Use::Server, -3600, 3600, alternatives});
        QVERIFY(!made.certificate.isNull());
        QTEST(smtp::certificateNames(made.certificate, host), "fits");
    }

    void secretsNeedProof_data()
    {
        QTest::addColumn<QByteArray>("offer");
        QTest::addColumn<bool>("handshake");
        QTest::addColumn<smtp::ClientCredentials>("credentials");
        const smtp::ClientCredentials word{user, password};
        for (const char *mechanism : {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"}) {
            QTest::addRow("T75 %s, self-signed", mechanism) << QByteArray(mechanism) << true << word;
            QTest::addRow("T75 %s, handshake fails", mechanism) << QByteArray(mechanism) << false << word;
        }
        const smtp::ClientCredentials token{user, {}, smtp::ClearAuth::Never, password};
        QTest::newRow("T75 token, self-signed") << QByteArray("XOAUTH2 OAUTHBEARER") << true << token;
        QTest::newRow("T75 token, handshake fails") << QByteArray("XOAUTH2 OAUTHBEARER") << false << token;
    }

    /// TLS that is taken where it is offered is enough for mail, and not for a secret: neither an unverified
    /// server gets it, nor is it sent in the clear when the handshake fails.
    void secretsNeedProof()
    {
        QFETCH(QByteArray, offer);
        QFETCH(bool, handshake);
        QFETCH(smtp::ClientCredentials, credentials);
        QByteArray heard;
        LineServer server(
            [&](QTcpSocket &socket, int, const QByteArray &line) {
                heard += line + '\n';
                if (line == "STARTTLS") {
                    socket.write("220 go\r\n");
                    socket.disconnectFromHost(); // amid the handshake
                } else {
                    socket.write(line.startsWith("EHLO")
                            ? "250-mx\r\n250-STARTTLS\r\n250 AUTH " + offer + "\r\n"
                            : QByteArray("235 ok\r\n"));
                }
            },
            handshake ? makeCertificate({}, nullptr) : Certified(), smtp::TlsMode::Opportunistic);
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::Opportunistic);
        settings.credentials = credentials;
        Courier courier(settings, server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(heard, QByteArray("EHLO client.example.net\n") + (handshake ? "" : "STARTTLS\n"));
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::StartTls);
    }

    /// RFC 3207 4.2: what was learnt in the clear is void, so EHLO is said again inside.
    void ehloAgainInsideTls()
    {
        House house(makeCertificate({}, &m_authority), smtp::TlsMode::Opportunistic);
        Courier courier(settingsFor(smtp::TlsMode::Opportunistic), house.port);
        QTRY_VERIFY(courier.finished);
        const QList<QByteArray> lines = courier.transcripts.lines();
        const qsizetype tls = lines.indexOf("C: STARTTLS");
        QVERIFY(tls > 0);
        QCOMPARE(lines.count("C: EHLO client.example.net"), 2);
        QVERIFY(lines.lastIndexOf("C: EHLO client.example.net") > tls);
        QCOMPARE(lines.count("S: 250-STARTTLS"), 1);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Delivered);
    }

    void tlsNotOffered() // C43
    {
        House house(Certified(), smtp::TlsMode::Opportunistic);
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::Required);
        settings.credentials = {user, password, smtp::ClearAuth::Loopback};
        Courier strict(settings, house.port);
        QTRY_VERIFY(strict.finished);
        QCOMPARE(strict.recipient.stage, smtp::DeliveryStage::StartTls);
        QCOMPARE(strict.recipient.result, smtp::DeliveryResult::Deferred);
        QVERIFY(!strict.transcript().contains("C: AUTH") && !strict.transcript().contains("C: MAIL"));
        Courier easy(settingsFor(smtp::TlsMode::Opportunistic), house.port);
        QTRY_VERIFY(easy.finished);
        QCOMPARE(easy.recipient.result, smtp::DeliveryResult::Delivered);
        QVERIFY(easy.transcript().contains("in the clear"));
    }

    void brokenHandshake_data()
    {
        QTest::addColumn<smtp::TlsMode>("tls");
        QTest::addColumn<bool>("verify");
        QTest::addColumn<bool>("silent");
        QTest::addColumn<bool>("delivered");
        QTest::newRow("C47 cut, must") << smtp::TlsMode::Required << false << false << false;
        QTest::newRow("C47 cut, may") << smtp::TlsMode::Opportunistic << false << false << true;
        QTest::newRow("C47 cut, may, but verified") << smtp::TlsMode::Opportunistic << true << false << false;
        QTest::newRow("C47 silent, must") << smtp::TlsMode::Required << false << true << false;
        QTest::newRow("C47 silent, may") << smtp::TlsMode::Opportunistic << false << true << true;
    }

    void brokenHandshake()
    {
        QFETCH(smtp::TlsMode, tls);
        QFETCH(bool, verify);
        QFETCH(bool, silent);
        QFETCH(bool, delivered);
        bool inData = false;
        LineServer server([&](QTcpSocket &socket, int, const QByteArray &line) {
            if (line == "STARTTLS") {
                socket.write("220 go\r\n");
                if (!silent)
                    QTimer::singleShot(10, &socket, [&socket] { socket.abort(); });
            } else if (line.startsWith("EHLO")) {
                socket.write("250-mx\r\n250 STARTTLS\r\n");
            } else if (line == "DATA") {
                inData = true;
                socket.write("354 go\r\n");
            } else if (!inData || line == ".") {
                inData = false;
                socket.write("250 ok\r\n");
            }
        });
        smtp::ClientSettings settings = settingsFor(tls);
        settings.verifyCertificate = verify;
        settings.timeouts.handshake = 100ms;
        settings.timeouts.quit = 100ms;
        Courier courier(settings, server.port());
        QTRY_VERIFY(courier.finished);
        const QByteArray transcript = courier.transcript();
        QCOMPARE(courier.recipient.result == smtp::DeliveryResult::Delivered, delivered);
        QCOMPARE(server.connections(), delivered ? 2 : 1);
        QCOMPARE(transcript.contains("trying again in the clear"), delivered);
        if (!delivered) {
            QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
            QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::StartTls);
        }
    }

    void signIn_data()
    {
        QTest::addColumn<QByteArray>("mechanism");
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<bool>("fits");
        for (const char *mechanism : {"PLAIN", "LOGIN", "SCRAM-SHA-256"}) {
            QTest::addRow("AUTH %s", mechanism) << QByteArray(mechanism) << password << true;
            QTest::addRow("C52 %s, wrong password", mechanism)
                << QByteArray(mechanism) << QByteArray("incorrect horse") << false;
        }
    }

    /// A relay between the two leaves one mechanism in the server's offer.
    void signIn()
    {
        QFETCH(QByteArray, mechanism);
        QFETCH(QByteArray, given);
        QFETCH(bool, fits);
        House house(Certified(), smtp::TlsMode::None);
        QTcpSocket inner;
        QPointer<QTcpSocket> outer;
        QTcpServer door;
        QVERIFY(door.listen(QHostAddress::LocalHost));
        connect(&door, &QTcpServer::newConnection, this, [&] {
            outer = door.nextPendingConnection();
            connect(outer, &QTcpSocket::readyRead, &inner, [&] { inner.write(outer->readAll()); });
            connect(outer, &QTcpSocket::disconnected, &inner, [&] { inner.disconnectFromHost(); });
            inner.connectToHost(QHostAddress(QHostAddress::LocalHost), house.port);
        });
        connect(&inner, &QTcpSocket::readyRead, this, [&] {
            const QByteArray offer = "AUTH SCRAM-SHA-256 PLAIN LOGIN";
            if (outer)
                outer->write(inner.readAll().replace(offer, "AUTH " + mechanism));
        });
        connect(&inner, &QTcpSocket::disconnected, this, [&] {
            if (outer)
                outer->disconnectFromHost();
        });
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.credentials = {user, given, smtp::ClearAuth::Loopback};
        Courier courier(settings, door.serverPort());
        QTRY_VERIFY(courier.finished);
        const QByteArray both = courier.transcript() + house.transcripts.lines().join('\n');
        QVERIFY2(both.contains("C: AUTH " + mechanism), both.constData());
        QVERIFY2(hidesThePassword(both) && !both.contains(given) && !both.contains(given.toBase64()),
            both.constData());
        QVERIFY2((courier.recipient.result == smtp::DeliveryResult::Delivered) == fits, both.constData());
        if (fits) {
            QTRY_COMPARE(house.transcripts.sessions.value(0).user, user);
            return;
        }
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::Auth);
        QCOMPARE(courier.recipient.reply.code, 535);
        QVERIFY(house.mail.messages.isEmpty());
    }

    void endlessReply_data()
    {
        QTest::addColumn<QByteArray>("chunk");
        QTest::newRow("C12 endless lines") << QByteArray("250-more and more\r\n").repeated(3000);
        QTest::newRow("C12 one endless line") << QByteArray(64 * 1024, 'x');
    }

    /// 10 MB and more of a reply: given up early, with flat memory.
    void endlessReply()
    {
        QFETCH(QByteArray, chunk);
        qint64 written = 0;
        LineServer server([&](QTcpSocket &socket, int, const QByteArray &line) {
            if (!line.startsWith("EHLO"))
                return;
            const auto more = [&] {
                while (socket.bytesToWrite() < 256 * 1024 && written < 10 * 1024 * 1024) {
                    socket.write(chunk);
                    written += chunk.size();
                }
            };
            connect(&socket, &QTcpSocket::bytesWritten, &socket, more);
            socket.write("250-");
            more();
        });
        const qint64 before = memoryInUse();
        qint64 most = 0;
        QTimer look;
        connect(&look, &QTimer::timeout, this, [&] { most = std::max(most, memoryInUse()); });
        look.start(0);
        Courier courier(settingsFor(smtp::TlsMode::None), server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.status, (smtp::EnhancedStatusCode{4, 5, 0}));
        QVERIFY(courier.recipient.reason.contains("too long"));
        QVERIFY2(most - before < 6 * 1024 * 1024, QByteArray::number(most - before).constData());
    }

    void answerInMidBody_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<smtp::DeliveryResult>("result");
        QTest::newRow("C31 5xx is used") << QByteArray("552 5.3.4 enough") << smtp::DeliveryResult::Refused;
        QTest::newRow("C31 4xx is used") << QByteArray("452 4.3.1 full") << smtp::DeliveryResult::Deferred;
        QTest::newRow("C31 250 is a breach") << QByteArray("250 ok") << smtp::DeliveryResult::Deferred;
        QTest::newRow("C17 421") << QByteArray("421 4.3.2 bye") << smtp::DeliveryResult::Deferred;
    }

    void answerInMidBody()
    {
        QFETCH(QByteArray, reply);
        QFETCH(smtp::DeliveryResult, result);
        LineServer server(untilData([&](QTcpSocket &socket) {
            QTimer::singleShot(20, &socket, [&socket, reply] { socket.write(reply + "\r\n"); });
        }));
        // More than any socket buffer takes, so that the body cannot be over when the reply comes.
        Courier courier(settingsFor(smtp::TlsMode::None), server.port(),
            std::make_shared<MemorySource>(QByteArray(1022, 'x') + "\r\n", 2'000'000));
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, result);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::Body);
        if (!reply.startsWith("250"))
            QCOMPARE(courier.recipient.reply.code, reply.first(3).toInt());
    }

    /// C34, the worst way: the group lies unread, so the end is a reset.
    void refusedThenReset()
    {
        LineServer server([](QTcpSocket &socket, int, const QByteArray &line) {
            if (line.startsWith("EHLO")) {
                socket.setReadBufferSize(40); // of the group, MAIL alone
                socket.write("250-mx\r\n250 PIPELINING\r\n");
            } else if (line.startsWith("MAIL")) {
                socket.write("550 5.7.1 go away\r\n");
                socket.flush();
                socket.abort();
            }
        });
        smtp::Envelope envelope = Courier::plainEnvelope();
        envelope.recipients.fill(smtp::EnvelopeRecipient(envelope.recipients.constFirst()), 50);
        Courier courier(settingsFor(smtp::TlsMode::None), Courier::loopback(server.port()), envelope);
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Refused);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::Mail);
        QCOMPARE(courier.recipient.status, (smtp::EnhancedStatusCode{5, 7, 1}));
    }

    void stalledReader_data()
    {
        QTest::addColumn<qint64>("buffer");
        QTest::newRow("C35 reads no further") << qint64(1);
        QTest::newRow("C35 reads less than a line") << qint64(100);
    }

    void stalledReader()
    {
        QFETCH(qint64, buffer);
        LineServer server(untilData([buffer](QTcpSocket &socket) { socket.setReadBufferSize(buffer); }));
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        QCOMPARE(settings.timeouts.dataBlock, 3min);
        settings.timeouts.dataBlock = 300ms;
        Courier courier(settings, server.port(),
            std::make_shared<MemorySource>(QByteArray(1022, 'x') + "\r\n", 64 * 1024));
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::Body);
        QCOMPARE(courier.recipient.status, (smtp::EnhancedStatusCode{4, 4, 2}));
        QVERIFY(courier.recipient.reason.contains("time-out"));
    }

    /// C35, the other way: each block is slow, none too slow; the whole takes longer than a block may.
    void slowReader()
    {
        constexpr qint64 size = 24 * 1024 * 1024;
        qint64 taken = 0;
        QByteArray tail;
        QTimer pace;
        QTcpServer door;
        QVERIFY(door.listen(QHostAddress::LocalHost));
        bool inData = false;
        connect(&door, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *socket = door.nextPendingConnection();
            socket->setReadBufferSize(512 * 1024);
            socket->write("220 mx\r\n");
            connect(socket, &QTcpSocket::readyRead, this, [&, socket] {
                while (!inData && socket->canReadLine()) {
                    inData = socket->readLine() == "DATA\r\n";
                    socket->write(inData ? "354 go\r\n" : "250 ok\r\n");
                }
            });
            connect(&pace, &QTimer::timeout, socket, [&, socket] {
                if (!inData)
                    return;
                const QByteArray some = socket->read(512 * 1024);
                taken += some.size();
                tail = (tail + some).right(5);
                if (tail == "\r\n.\r\n") {
                    inData = false;
                    socket->write("250 ok\r\n");
                }
            });
        });
        pace.start(20);
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.timeouts.dataBlock = 500ms;
        Courier courier(settings, door.serverPort(),
            std::make_shared<MemorySource>(QByteArray(1022, 'x') + "\r\n", size / 1024));
        QTRY_VERIFY_WITH_TIMEOUT(courier.finished, 60'000);
        QVERIFY2(courier.recipient.result == smtp::DeliveryResult::Delivered,
            courier.recipient.reason.constData());
        QCOMPARE(taken, size + 3);
    }

    void afterTheDot_data()
    {
        QTest::addColumn<int>("delay");
        QTest::addColumn<smtp::DeliveryResult>("result");
        QTest::newRow("C29 silence") << -1 << smtp::DeliveryResult::Unknown;
        QTest::newRow("C29 late, yet in time") << 100 << smtp::DeliveryResult::Delivered;
    }

    void afterTheDot()
    {
        QFETCH(int, delay);
        QFETCH(smtp::DeliveryResult, result);
        LineServer server([&, inData = false](QTcpSocket &socket, int, const QByteArray &line) mutable {
            if (line == "." && inData) {
                inData = false;
                if (delay >= 0)
                    QTimer::singleShot(delay, &socket, [&socket] { socket.write("250 ok\r\n"); });
            } else if (!inData) {
                inData = line == "DATA";
                socket.write(inData ? "354 go\r\n" : "250 ok\r\n");
            }
        });
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.timeouts.dataTermination = delay < 0 ? 100ms : 4000ms;
        Courier courier(settings, server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, result);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::EndOfData);
    }

    void implicitTlsWithoutTls_data()
    {
        QTest::addColumn<QByteArray>("greeting");
        QTest::newRow("C63 silent server") << QByteArray();
        QTest::newRow("C63 plain SMTP") << QByteArray("220 mx ESMTP\r\n");
    }

    void implicitTlsWithoutTls()
    {
        QFETCH(QByteArray, greeting);
        LineServer server([](QTcpSocket &, int, const QByteArray &) {}, greeting);
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::Implicit);
        settings.timeouts.handshake = 200ms;
        Courier courier(settings, server.port());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::StartTls);
        QVERIFY(courier.recipient.reason.startsWith("no TLS with " + hostName));
        QVERIFY(!courier.transcript().contains("C: "));
    }
};

QTEST_GUILESS_MAIN(TestClientConformance)
#include "tst_clientconformance.moc"
