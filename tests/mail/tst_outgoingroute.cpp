// The outgoing route: its settings as a file, the certificates it names, LMTP by a Unix socket, TLS sessions
// kept from one connection to the next.

#include "mail/queue/deliveryagent.h"
#include "mail/queue/messagesources.h"
#include "mail/queue/routeidentity.h"
#include "mail/settings/settingsfile.h"
#include "tests/support/courier.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

void writeFile(const QString &path, const QByteArray &octets)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(octets);
}

/// Speaks LMTP at a Unix socket and takes everything.
class LmtpServer : public QLocalServer
{
public:
    LmtpServer()
    {
        connect(this, &QLocalServer::newConnection, this, [this] {
            QLocalSocket *socket = nextPendingConnection();
            socket->write("220 lmtp\r\n");
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(*socket); });
        });
    }
    QList<QByteArray> lines;

private:
    void read(QLocalSocket &socket)
    {
        while (socket.canReadLine()) {
            const QByteArray line = socket.readLine().trimmed();
            lines.append(line);
            const bool dot = m_inData && line == ".";
            if (!m_inData || dot)
                socket.write(line == "DATA" ? "354 go\r\n" : "250 ok\r\n");
            if (dot) // the second recipient's
                socket.write("452 4.2.2 over quota\r\n");
            m_inData = line == "DATA" || (m_inData && !dot);
        }
    }
    bool m_inData = false;
};

smtp::Envelope envelopeTo(const QList<QByteArray> &names)
{
    smtp::Envelope envelope;
    envelope.reversePath = {"alice", "a.example"};
    for (const QByteArray &name : names)
        envelope.recipients.append(smtp::EnvelopeRecipient{{name, "b.example"}, {}, {}});
    return envelope;
}

/// A smarthost is named by its address here.
class OneHost : public smtp::ExchangerLookup
{
public:
    void lookup(const QByteArray &domain, QObject *context, std::function<void(const QByteArray &)> note,
        std::function<void(const smtp::ExchangerResult &)> done) override
    {
        lookupHost(domain, context, std::move(note), std::move(done));
    }
    void lookupHost(const QByteArray &host, QObject *context, std::function<void(const QByteArray &)>,
        std::function<void(const smtp::ExchangerResult &)> done) override
    {
        const QList<smtp::Exchanger> one{{0, host, {QHostAddress(QString::fromLatin1(host))}}};
        QTimer::singleShot(0, context, [done, one] { done(one); });
    }
};

/// One delivery by one route, and its report.
struct Delivered
{
    smtp::DeliveryReport report;
    StubTranscripts transcripts;

    explicit Delivered(const DeliverySettings &settings, const smtp::Envelope &envelope)
    {
        DeliveryAgent agent(
            settings, [](const OutgoingRoute &) { return std::make_shared<OneHost>(); }, transcripts);
        QSignalSpy finished(&agent, &DeliveryAgent::finished);
        agent.deliver(envelope, [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); });
        if (finished.wait())
            report = finished.constFirst().at(1).value<smtp::DeliveryReport>();
    }
};

} // namespace

class TestOutgoingRoute : public QObject
{
    Q_OBJECT

    Certified m_authority = makeCertificate({"Our authority", CertificateWish::Use::Authority});

private Q_SLOTS:
    void settingsFile()
    {
        QTemporaryDir folder;
        Settings settings = Settings::forFirstStart();
        settings.route.kind = OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("/run/dovecot/lmtp");
        settings.route.protocol = smtp::ClientProtocol::Lmtp;
        settings.route.authorityFile = QStringLiteral("/etc/ca.pem");
        settings.route.fingerprint = QStringLiteral("ab:cd");
        settings.route.certificateFile = QStringLiteral("/etc/me.pem");
        settings.route.keyFile = QStringLiteral("/etc/me.key");
        settings.route.passedOver = smtp::Capability::Chunking;
        settings.route.mechanisms = {QStringLiteral("PLAIN"), QStringLiteral("LOGIN")};
        settings.route.authInClear = smtp::ClearAuth::Anywhere;
        settings.messageIdDomain = QStringLiteral("ids.example.org");
        settings.spamd = QStringLiteral("127.0.0.1:783");
        QVERIFY(saveSettings(folder.path(), settings));
        const auto read = loadSettings(folder.path());
        QVERIFY(read);
        QCOMPARE(read->route, settings.route);
        QCOMPARE(read->messageIdDomain, settings.messageIdDomain);
        QCOMPARE(read->spamd, settings.spamd);
    }

    void recipientLimit_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("limit"); // 0: no setting
        QTest::newRow("T83 five recipients") << QByteArray("5") << 5;
        QTest::newRow("T83 one recipient") << QByteArray("1") << 1;
        QTest::newRow("no recipient at all") << QByteArray("0") << 0;
    }

    void recipientLimit()
    {
        QFETCH(QByteArray, value);
        QFETCH(int, limit);
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("settings.ini")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[listener-limits]\nrecipients = " + value + '\n');
        file.close();
        const auto read = loadSettings(folder.path());
        QCOMPARE(read.has_value(), limit > 0);
        if (read)
            QCOMPARE(int(read->listener.limits.recipients), limit);
    }

    void settingsRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("subject");
        QTest::newRow("certificate without key")
            << QByteArray("certificate-file=a") << QStringLiteral("key-file");
        QTest::newRow("LMTP on port 25") << QByteArray("protocol=lmtp") << QStringLiteral("protocol");
        QTest::newRow("unknown extension")
            << QByteArray("passed-over=CHUNKING WHAT") << QStringLiteral("WHAT");
        QTest::newRow("unknown protocol") << QByteArray("protocol=uucp") << QStringLiteral("uucp");
    }

    void settingsRefused()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, subject);
        QTemporaryDir folder;
        Settings settings = Settings::forFirstStart();
        settings.route.kind = OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("mail.example");
        QVERIFY(saveSettings(folder.path(), settings));
        QFile file(folder.filePath(QStringLiteral("settings.ini")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QList<QByteArray> lines = file.readAll().split('\n');
        const QByteArray key = line.first(line.indexOf('=')) + " =";
        const qsizetype section = lines.indexOf("[route]");
        QVERIFY(section >= 0);
        lines.removeIf([&key](const QByteArray &one) { return one.startsWith(key); });
        lines.insert(lines.indexOf("[route]") + 1, line);
        file.resize(0);
        file.write(lines.join('\n'));
        file.close();
        const auto read = loadSettings(folder.path());
        QVERIFY(!read);
        QVERIFY2((read.error().subject + read.error().systemText).contains(subject),
            qPrintable(read.error().subject + read.error().systemText));
    }

    void identity()
    {
        QTemporaryDir folder;
        const Certified mine = makeCertificate({"alice", CertificateWish::Use::ClientOnly}, &m_authority);
        OutgoingRoute route;
        route.certificateFile = folder.filePath(QStringLiteral("me.pem"));
        route.keyFile = folder.filePath(QStringLiteral("me.key"));
        writeFile(route.certificateFile, mine.certificatePem + m_authority.certificatePem);
        writeFile(route.keyFile, mine.keyPem);
        smtp::ClientSettings settings;
        QVERIFY(readRouteIdentity(route, settings));
        QCOMPARE(
            settings.ownCertificate, (QList<QSslCertificate>{mine.certificate, m_authority.certificate}));
        QCOMPARE(settings.ownKey, mine.key);
    }

    void identityFaults_data()
    {
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("fault");
        const Certified mine = makeCertificate({"alice", CertificateWish::Use::ClientOnly});
        QTest::newRow("no certificate") << QByteArray("text") << mine.keyPem << QByteArray("no certificate");
        QTest::newRow("no key") << mine.certificatePem << QByteArray("text") << QByteArray("no usable key");
        QTest::newRow("no file") << mine.certificatePem << QByteArray() << QByteArray("No such file");
    }

    /// A file that cannot be used defers the message, and says which.
    void identityFaults()
    {
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, fault);
        QTemporaryDir folder;
        DeliverySettings settings;
        settings.heloName = "us.example";
        settings.route.kind = OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("/nobody/listens/here");
        settings.route.certificateFile = folder.filePath(QStringLiteral("me.pem"));
        settings.route.keyFile = folder.filePath(QStringLiteral("me.key"));
        writeFile(settings.route.certificateFile, certificate);
        if (!key.isEmpty())
            writeFile(settings.route.keyFile, key);
        const Delivered delivered(settings, envelopeTo({"bob"}));
        const smtp::RecipientReport report = delivered.report.recipients.value(0);
        QCOMPARE(report.result, smtp::DeliveryResult::Deferred);
        QCOMPARE(report.status.toBytes(), QByteArray("4.3.5"));
        QVERIFY2(report.reason.contains(fault), report.reason.constData());
    }

    /// A pinned certificate is a wish for TLS: without it nothing goes in the clear, whatever the mode.
    void pinnedIsNotForgotten() // C47
    {
        LineServer server(
            [](QTcpSocket &socket, int, const QByteArray &line) {
                socket.write(line.startsWith("EHLO") ? "250-mx\r\n250 STARTTLS\r\n" : "250 ok\r\n");
            },
            makeCertificate({}), smtp::TlsMode::Opportunistic);
        DeliverySettings settings;
        settings.heloName = "us.example";
        settings.route.kind = OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("127.0.0.1");
        settings.route.port = server.port();
        settings.route.fingerprint = QStringLiteral("00").repeated(32);
        const Delivered delivered(settings, envelopeTo({"bob"}));
        QCOMPARE(server.connections(), 1);
        QCOMPARE(delivered.report.recipients.value(0).stage, smtp::DeliveryStage::StartTls);
        QVERIFY(!delivered.transcripts.lines().join('\n').contains("C: MAIL"));
    }

    void lmtpBySocket()
    {
        QTemporaryDir folder;
        LmtpServer server;
        QVERIFY(server.listen(folder.filePath(QStringLiteral("lmtp"))));
        DeliverySettings settings;
        settings.heloName = "us.example";
        settings.route.kind = OutgoingRoute::Kind::Smarthost;
        settings.route.protocol = smtp::ClientProtocol::Lmtp;
        settings.route.host = server.fullServerName();
        const Delivered delivered(settings, envelopeTo({"bob", "carl"}));
        QCOMPARE(delivered.report.recipients.size(), 2);
        QCOMPARE(delivered.report.recipients.at(0).result, smtp::DeliveryResult::Delivered);
        QCOMPARE(delivered.report.recipients.at(1).result, smtp::DeliveryResult::Deferred);
        QCOMPARE(delivered.report.recipients.at(1).status.toBytes(), QByteArray("4.2.2"));
        QCOMPARE(server.lines.value(0), QByteArray("LHLO us.example"));
    }

    void longLines_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<bool>("isLong");
        const QByteArray header = "Subject: x\n\n";
        QTest::newRow("C41 998 octets") << header + QByteArray(998, 'x') + "\r\n" << false;
        QTest::newRow("C41 999 octets") << header + QByteArray(999, 'x') + '\n' << true;
        QTest::newRow("C41 999 octets at the end") << header + QByteArray(999, 'x') << true;
        QTest::newRow("C41 two halves")
            << header + QByteArray(600, 'x') + '\r' + QByteArray(600, 'x') << false;
    }

    void longLines()
    {
        QFETCH(QByteArray, message);
        QFETCH(bool, isLong);
        const auto source = bytesSource(message);
        QCOMPARE(source->hasLongLine(), isLong);
        const smtp::ConvertedMessage inShortLines = source->toSevenBit()({});
        QVERIFY(inShortLines && !(*inShortLines)->hasLongLine());
    }
};

QTEST_GUILESS_MAIN(TestOutgoingRoute)
#include "tst_outgoingroute.moc"
