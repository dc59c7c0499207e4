// Extensions of the client that need TLS, a Unix socket or random bodies; the others are scripts in
// tests/dialogues/client.

#include "smtp/client/contentframer.h"
#include "smtp/client/proxyannouncement.h"
#include "smtp/session/longworkpool.h"
#include "tests/support/courier.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QRandomGenerator>
#include <QSemaphore>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using namespace glasspost::test;
using smtp::ContentFramer;

namespace {

/// Takes one message after another, and says in EHLO what it was told to.
LineServer::Answer takeAll(const QByteArray &keyword)
{
    return [keyword, inData = false](QTcpSocket &socket, int, const QByteArray &line) mutable {
        if (line.startsWith("EHLO"))
            socket.write("250-mx\r\n250-STARTTLS\r\n250 " + keyword + "\r\n");
        else if (line == "DATA" || (inData && line != "."))
            socket.write(std::exchange(inData, true) ? "" : "354 go\r\n");
        else
            socket.write(std::exchange(inData, false) ? "250 taken\r\n" : "250 ok\r\n");
    };
}

enum class Trust { Authority, Nobody };

/// Random octets in which line ends and dots are frequent.
QByteArray randomBody(QRandomGenerator &random)
{
    static const QByteArray letters = "a.\n\r.b \n.\0\xe4";
    QByteArray message;
    const int length = random.bounded(2000);
    for (int i = 0; i < length; ++i)
        message += letters.at(random.bounded(int(letters.size())));
    return message;
}

/// What must arrive in lines: every line end CRLF, a last one added.
QByteArray inLines(QByteArray octets)
{
    octets.replace("\r\n", "\n").replace('\r', '\n');
    if (!octets.isEmpty() && !octets.endsWith('\n'))
        octets += '\n';
    return octets.replace("\n", "\r\n");
}

/// Hands out a text in random pieces.
class PieceSource : public smtp::MessageSource
{
public:
    PieceSource(QByteArray text, quint32 seed) : m_text(std::move(text)), m_random(seed) { }
    [[nodiscard]] qint64 wireSize() const override { return -1; }
    [[nodiscard]] bool hasEightBit() const override { return true; }
    bool rewind() override
    {
        m_place = 0;
        return true;
    }
    QByteArray read(qint64 maximum) override
    {
        const QByteArray piece = m_text.mid(m_place, 1 + m_random.bounded(quint32(maximum)));
        m_place += piece.size();
        return piece;
    }
    [[nodiscard]] bool failed() const override { return false; }
    [[nodiscard]] smtp::MessageConverter toSevenBit() const override
    {
        return [](const std::stop_token &) { return tl::unexpected(smtp::ConversionFault::Forbidden); };
    }

private:
    QByteArray m_text;
    qsizetype m_place = 0;
    QRandomGenerator m_random;
};

/// Is converted for as long as nobody stops that.
class EndlessConversion final : public PieceSource
{
public:
    explicit EndlessConversion(std::shared_ptr<QSemaphore> began)
        : PieceSource("Subject: x\n\ntext\n", 1), m_began(std::move(began))
    { }
    [[nodiscard]] smtp::MessageConverter toSevenBit() const override
    {
        return [began = m_began](const std::stop_token &stop) {
            QSemaphore stopped;
            const std::stop_callback wake(stop, [&stopped] { stopped.release(); });
            began->release();
            stopped.acquire();
            return tl::unexpected(smtp::ConversionFault::NotNow);
        };
    }

private:
    std::shared_ptr<QSemaphore> m_began;
};

} // namespace

Q_DECLARE_METATYPE(Trust)

class TestClientExtensions : public QObject
{
    Q_OBJECT

    Certified m_authority = makeCertificate({"Our authority", CertificateWish::Use::Authority});

private Q_SLOTS:
    void conversionEndsWithTheSession()
    {
        const auto began = std::make_shared<QSemaphore>();
        LineServer server(takeAll("HELP"));
        auto courier = std::make_unique<Courier>(
            settingsFor(smtp::TlsMode::None), server.port(), std::make_shared<EndlessConversion>(began));
        QTRY_COMPARE(began->available(), 1);
        courier.reset();
        QVERIFY(smtp::longWorkPool().waitForDone(10000));
    }

    void requireTls_data()
    {
        QTest::addColumn<QByteArray>("keyword");
        QTest::addColumn<smtp::TlsMode>("tls");
        QTest::addColumn<Trust>("trust");
        QTest::addColumn<QByteArray>("status"); // empty: delivered
        using Mode = smtp::TlsMode;
        const auto row
            = [](const char *name, const char *keyword, Mode tls, Trust trust, const char *status) {
                  QTest::newRow(name) << QByteArray(keyword) << tls << trust << QByteArray(status);
              };
        row("C50 offered, certificate verified", "REQUIRETLS", Mode::Opportunistic, Trust::Authority, "");
        row("C50 offered, TLS from the first octet", "REQUIRETLS", Mode::Implicit, Trust::Authority, "");
        row("C50 not offered", "HELP", Mode::Opportunistic, Trust::Authority, "5.7.30");
        row("C50 offered, certificate not verified", "REQUIRETLS", Mode::Opportunistic, Trust::Nobody,
            "5.7.10");
        row("C50 offered, but no TLS is made", "REQUIRETLS", Mode::None, Trust::Authority, "5.7.10");
    }

    void requireTls()
    {
        QFETCH(QByteArray, keyword);
        QFETCH(smtp::TlsMode, tls);
        QFETCH(Trust, trust);
        QFETCH(QByteArray, status);
        LineServer server(takeAll(keyword), makeCertificate({}, &m_authority), tls);
        smtp::ClientSettings settings = settingsFor(tls);
        if (trust == Trust::Authority)
            settings.authorities = {m_authority.certificate};
        smtp::Envelope envelope = Courier::plainEnvelope();
        envelope.requireTls = true;
        Courier courier(settings, Courier::loopback(server.port()), envelope);
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.said("C: MAIL FROM:<a@example.org> REQUIRETLS"), status.isEmpty());
        if (status.isEmpty()) {
            QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Delivered);
            return;
        }
        QCOMPARE(courier.recipient.status.toBytes(), status);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Refused);
        QVERIFY(!courier.transcript().contains("C: MAIL"));
    }

    void lmtpOverUnixSocket()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("lmtp"));
        QLocalServer server;
        QVERIFY(server.listen(path));
        bool inData = false;
        connect(&server, &QLocalServer::newConnection, this, [&] {
            QLocalSocket *socket = server.nextPendingConnection();
            socket->write("220 lmtp\r\n");
            connect(socket, &QLocalSocket::readyRead, this, [&inData, socket] {
                while (socket->canReadLine()) {
                    const QByteArray line = socket->readLine();
                    const bool dot = line == ".\r\n";
                    if (!inData || dot)
                        socket->write(line == "DATA\r\n" ? "354 go\r\n" : "250 ok\r\n");
                    inData = !dot && (inData || line == "DATA\r\n");
                }
            });
        });
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.protocol = smtp::ClientProtocol::Lmtp;
        smtp::Endpoint endpoint;
        endpoint.host = hostName;
        endpoint.socketPath = path.toLocal8Bit();
        Courier courier(settings, endpoint, Courier::plainEnvelope());
        QTRY_VERIFY(courier.finished);
        QVERIFY2(
            courier.recipient.result == smtp::DeliveryResult::Delivered, courier.transcript().constData());
        QVERIFY(courier.said("C: LHLO client.example.net"));
        QVERIFY(courier.said("-: connecting to " + endpoint.socketPath));
    }

    void lmtpNoSocket_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("C1 nobody listens") << QByteArray("/nonexistent/lmtp");
        QTest::newRow("a path no socket can have") << QByteArray("/" + QByteArray(200, 'x'));
    }

    void lmtpNoSocket()
    {
        QFETCH(QByteArray, path);
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::None);
        settings.protocol = smtp::ClientProtocol::Lmtp;
        smtp::Endpoint endpoint;
        endpoint.socketPath = path;
        Courier courier(settings, endpoint, Courier::plainEnvelope());
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(courier.recipient.stage, smtp::DeliveryStage::Connect);
        QVERIFY(courier.recipient.reason.startsWith(path + ": "));
    }

    /// The PROXY header goes in the clear, before TLS's first octet.
    void proxyBeforeTls()
    {
        QByteArray first;
        QTcpServer door;
        QVERIFY(door.listen(QHostAddress::LocalHost));
        connect(&door, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *socket = door.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [&first, socket] {
                first += socket->readAll();
                if (first.size() > 60)
                    socket->abort();
            });
        });
        smtp::ClientSettings settings = settingsFor(smtp::TlsMode::Implicit);
        settings.proxy
            = {smtp::ProxyAnnouncement::Version::V1, QHostAddress(QStringLiteral("192.0.2.7")), 99};
        Courier courier(settings, door.serverPort());
        QTRY_VERIFY(courier.finished);
        const QByteArray header
            = "PROXY TCP4 192.0.2.7 127.0.0.1 99 " + QByteArray::number(door.serverPort()) + "\r\n";
        QVERIFY2(first.startsWith(header + "\x16\x03"), first.left(80).toHex(' ').constData());
    }

    void proxyHeaders()
    {
        using smtp::ProxyAnnouncement;
        const QHostAddress six(QStringLiteral("2001:db8::1"));
        const QHostAddress mapped(QStringLiteral("::ffff:192.0.2.1"));
        ProxyAnnouncement one{ProxyAnnouncement::Version::V1, six, 1};
        QCOMPARE(smtp::proxyHeader(one, six, 25), QByteArray("PROXY TCP6 2001:db8::1 2001:db8::1 1 25\r\n"));
        one.source = mapped;
        QCOMPARE(smtp::proxyHeader(one, QHostAddress(QStringLiteral("192.0.2.2")), 25),
            QByteArray("PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\n"));
        one.version = ProxyAnnouncement::Version::V2;
        one.source = six;
        QCOMPARE(smtp::proxyHeader(one, six, 25).toHex(),
            QByteArray("0d0a0d0a000d0a515549540a21210024"
                       "20010db800000000000000000000000120010db800000000000000000000000100010019"));
        QCOMPARE(smtp::proxyHeader(one, mapped, 25).toHex(), QByteArray("0d0a0d0a000d0a515549540a21000000"));
        one.version = ProxyAnnouncement::Version::None;
        QCOMPARE(smtp::proxyHeader(one, six, 25), QByteArray());
    }

    void randomChunks_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 200; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    /// However a source hands its octets out and whatever the chunks' size, the chunks make up the message.
    void randomChunks()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        const QByteArray text = randomBody(random);
        for (const auto framing : {ContentFramer::Framing::Chunks, ContentFramer::Framing::BinaryChunks}) {
            PieceSource source(text, seed);
            ContentFramer body;
            QVERIFY(body.begin(source, framing));
            QByteArray wire;
            const qint64 size = 1 + random.bounded(300);
            while (body.end() == ContentFramer::End::More) {
                const auto chunk = body.takeChunk(size);
                QVERIFY(chunk);
                QVERIFY(chunk->octets.size() <= 2 * size + 2);
                QVERIFY(!chunk->octets.isEmpty() || body.end() == ContentFramer::End::Last);
                wire += chunk->octets;
            }
            QCOMPARE(int(body.end()), int(ContentFramer::End::Last));
            QCOMPARE(wire, framing == ContentFramer::Framing::Chunks ? inLines(text) : text);
        }
    }
};

QTEST_GUILESS_MAIN(TestClientExtensions)
#include "tst_clientextensions.moc"
