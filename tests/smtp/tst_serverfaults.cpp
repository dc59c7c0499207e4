// Faults that others had (docs/catalogue/faults.md), played against the listener over a socket. Rows bear the
// fault's number, or the catalogue line of what needs more than a script.
#include "tests/support/memoryserver.h"
#include "tests/support/memoryuse.h"

#include <QSslSocket>
#include <QTest>

#include <array>
#include <memory>
#include <vector>

using namespace glasspost;
using namespace glasspost::test;

namespace {

/// Collects what the server says.
class Talker : public QTcpSocket
{
public:
    explicit Talker(const House &house)
    {
        connect(this, &QTcpSocket::readyRead, this, [this] { said += readAll(); });
        house.connectTo(*this);
    }
    QByteArray said;
};

const QByteArray oneMessage = toData + "Subject: x\r\n\r\nHello\r\n.\r\n";

} // namespace

class TestServerFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void earlyTalker_data()
    {
        QTest::addColumn<QByteArray>("octets");
        QTest::newRow("S2 a command before the greeting") << QByteArray("EHLO a.example\r\n");
        QTest::newRow("S2 half a command before the greeting") << QByteArray("EH");
    }

    void earlyTalker()
    {
        QFETCH(QByteArray, octets);
        House house;
        house.mail.holdAnswers = true;
        Talker client(house);
        client.write(octets);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QVERIFY2(client.said.startsWith("554 5.5.0 "), client.said.constData());
    }

    void chunksOfOneOctet_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("S65 100,000 x BDAT 1") << 100'000;
        QTest::newRow("F9 BDAT under the sanitizer") << 1'000;
    }

    void chunksOfOneOctet()
    {
        QFETCH(int, count);
        House house;
        house.mail.keepBodies = false;
        Talker client(house);
        client.write("EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\n");
        QTRY_VERIFY(client.said.contains("250 2.1.5"));
        client.said.clear();
        constexpr int group = 1000;
        const qint64 before = memoryInUse();
        for (int done = 0; done < count; done += group) {
            client.write(QByteArray("BDAT 1\r\nx").repeated(group));
            QTRY_COMPARE(client.said.count("250 2.0.0 1 octets received\r\n"), group);
            client.said.clear();
            house.transcripts.entries = {};
        }
        QVERIFY2(
            memoryInUse() - before < 1024 * 1024, QByteArray::number(memoryInUse() - before).constData());
        client.write("BDAT 0 LAST\r\n");
        QTRY_VERIFY(client.said.startsWith("250 2.0.0"));
        QCOMPARE(house.mail.octetsTaken, qint64(count));
    }

    void endlessLine_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("F10 a line without an end") << QByteArray("NOOP ");
        QTest::newRow("F10 a response of AUTH without an end")
            << QByteArray("EHLO a.example\r\nAUTH PLAIN\r\n");
    }

    void endlessLine()
    {
        QFETCH(QByteArray, start);
        House house([](smtp::ServerSettings &settings) { settings.offerAuth = true; });
        house.mail.passwords.insert("alice", "secret");
        Talker client(house);
        client.write(start);
        const QByteArray chunk(64 * 1024, 'x');
        const qint64 before = memoryInUse();
        connect(&client, &QTcpSocket::bytesWritten, this, [&] {
            if (client.bytesToWrite() == 0 && client.state() == QAbstractSocket::ConnectedState)
                client.write(chunk);
        });
        QTRY_VERIFY(client.said.contains("500 5.5.2"));
        QVERIFY(memoryInUse() - before < 4 * 1024 * 1024);
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(house.listener->connectionCount(), 0);
    }

    void placesAreFreed_data()
    {
        QTest::addColumn<bool>("perAddress");
        QTest::addColumn<QByteArray>("reply");
        QTest::newRow("S111 for one address") << true << QByteArray("421 4.7.0");
        QTest::newRow("S111 in all") << false << QByteArray("421 4.3.2");
    }

    void placesAreFreed()
    {
        QFETCH(bool, perAddress);
        QFETCH(QByteArray, reply);
        House house([&](smtp::ServerSettings &settings) {
            (perAddress ? settings.limits.connectionsFromLoopback : settings.limits.connections) = 1;
        });
        Talker first(house);
        QTRY_VERIFY(first.said.startsWith("220 "));
        Talker second(house);
        QTRY_VERIFY(second.said.startsWith(reply));
        QTRY_COMPARE(second.state(), QAbstractSocket::UnconnectedState);
        first.disconnectFromHost();
        QTRY_COMPARE(house.listener->connectionCount(), 0);
        Talker third(house);
        QTRY_VERIFY(third.said.startsWith("220 "));
    }

    void shutdown_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("kept");
        QTest::newRow("S112 idle") << QByteArray("EHLO a.example\r\n") << 0;
        QTest::newRow("S112 a message answered 250 is kept") << oneMessage << 1;
        QTest::newRow("S112 inside a message") << toData + "Subject: x\r\n" << 0;
        QTest::newRow("S112 inside a chunk") << QByteArray(
            "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.test>\r\nBDAT 100\r\nSubject: "
            "x\r\n") << 0;
    }

    void shutdown()
    {
        QFETCH(QByteArray, said);
        QFETCH(int, kept);
        House house;
        Talker client(house);
        client.write(said);
        QTRY_VERIFY(client.said.contains(kept > 0 ? "250 2.0.0 Message accepted" : "250 HELP"));
        house.listener->shutdown();
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QVERIFY2(client.said.endsWith(" Shutting down, try again later\r\n"), client.said.constData());
        QVERIFY(client.said.contains("421 4.3.2"));
        QCOMPARE(house.mail.messages.size(), kept);
    }

    void garbageBesideOthers_data()
    {
        QTest::addColumn<QByteArray>("garbage");
        QTest::newRow("F39 bad base64") << QByteArray("EHLO x\r\nAUTH PLAIN\r\n!!!!\r\n").repeated(5);
        QTest::newRow("F39 NUL and 8-bit") << QByteArray("\0\xff\x80\r\n", 5).repeated(5);
        QTest::newRow("F39 a response that never ends")
            << "EHLO x\r\nAUTH LOGIN\r\n" + QByteArray(200'000, 'A');
        QTest::newRow("F39 half a TLS record") << QByteArray("\x16\x03\x01", 3);
    }

    /// Eight clients send garbage while one sends mail: the mail arrives all the same.
    void garbageBesideOthers()
    {
        QFETCH(QByteArray, garbage);
        House house([](smtp::ServerSettings &settings) { settings.offerAuth = true; });
        house.mail.passwords.insert("alice", "secret");
        std::vector<std::unique_ptr<Talker>> loud;
        for (int i = 0; i < 8; ++i) {
            loud.push_back(std::make_unique<Talker>(house));
            loud.back()->write(garbage);
        }
        Talker client(house);
        client.write(oneMessage + oneMessage + "QUIT\r\n");
        QTRY_VERIFY(client.said.contains("221 2.0.0"));
        QCOMPARE(house.mail.messages.size(), 2);
    }

    void brokenHandshake_data()
    {
        QTest::addColumn<QByteArray>("hello");
        QTest::newRow("F39 no TLS at all") << QByteArray("EHLO a.example\r\n");
        QTest::newRow("F39 a version that nobody speaks") << QByteArray::fromHex("160301000401000000");
        QTest::newRow("F39 half a record") << QByteArray::fromHex("160301");
    }

    /// Who breaks off a handshake ends with it alone: the session is told as broken, and the next is served.
    void brokenHandshake()
    {
        QFETCH(QByteArray, hello);
        House house(withCertificate, bindingWith(smtp::TlsMode::Opportunistic));
        Talker client(house);
        client.write("EHLO a.example\r\nSTARTTLS\r\n");
        QTRY_VERIFY(client.said.contains("220 2.0.0 "));
        client.write(hello);
        client.disconnectFromHost();
        QTRY_COMPARE(house.listener->connectionCount(), 0);
        const smtp::SessionFacts &facts = house.transcripts.sessions.constFirst();
        QVERIFY2(facts.ending.startsWith("TLS handshake failed"), facts.ending.constData());
        Talker next(house);
        next.write(oneMessage);
        QTRY_COMPARE(house.mail.messages.size(), 1);
    }

    /// TLS decrypts the next record while the reply to the last one is written: none may lie there unread.
    void recordsAtOnce()
    {
        House house(withCertificate, bindingWith(smtp::TlsMode::Implicit));
        QSslSocket client;
        client.setPeerVerifyMode(QSslSocket::VerifyNone);
        QByteArray said;
        connect(&client, &QSslSocket::readyRead, this, [&] { said += client.readAll(); });
        client.connectToHostEncrypted(house.bound.address.toString(), house.bound.port);
        QTRY_VERIFY(said.startsWith("220 "));
        const QList<QByteArray> lines = oneMessage.split('\n');
        for (const QByteArray &line : lines) {
            if (line.isEmpty())
                continue;
            client.write(line + '\n');
            client.flush(); // a record each
        }
        QTRY_COMPARE(house.mail.messages.size(), 1);
    }

    void hostileWords_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::newRow("F11 a shell's word") << QByteArray("MAIL FROM:<`rm${IFS}-rf`|x@example.org>");
        QTest::newRow("F11 a line feed") << QByteArray("MAIL FROM:<a\nRCPT@example.org>");
        QTest::newRow("F25 escape sequences") << QByteArray("MAIL FROM:<\x1b[2Ja@example.org>");
        QTest::newRow("F25 a forged line") << QByteArray("NOOP \r250 2.0.0 Ok");
    }

    /// Whatever a client says, a reply is one line of printable ASCII, and a path with a control goes no
    /// further.
    void hostileWords()
    {
        QFETCH(QByteArray, command);
        House house;
        Talker client(house);
        client.write("EHLO a.example\r\n" + command + "\r\nQUIT\r\n");
        QTRY_VERIFY(client.said.contains("221 2.0.0"));
        for (const QByteArray &line : client.said.split('\n')) {
            for (const char c : line.trimmed())
                QVERIFY(c >= ' ' && c <= '~');
        }
        const bool hasControl = command.contains('\n') || command.contains('\r') || command.contains('\x1b');
        QCOMPARE(client.said.contains("250 2.1.0"), !hasControl && command.startsWith("MAIL"));
    }
};

QTEST_GUILESS_MAIN(TestServerFaults)
#include "tst_serverfaults.moc"
