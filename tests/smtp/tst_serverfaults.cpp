// Faults that others had (docs/catalogue/faults.md), played against the listener over a socket. Rows bear the
// fault's number, or the catalogue line of what needs more than a script.
#include "smtp/server/network.h"
#include "tests/support/loopwatch.h"
#include "tests/support/memoryserver.h"
#include "tests/support/memoryuse.h"

#include <QElapsedTimer>
#include <QSslSocket>
#include <QTest>
#include <QTimer>

#include <array>
#include <atomic>
#include <ctime>
#include <memory>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
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

/// A client on a thread of its own that says the opening and then the same octets again and again, as fast as
/// they are taken, reading whatever is answered, until its end.
class Flooder
{
public:
    Flooder(quint16 port, QByteArray opening, QByteArray octets)
        : m_thread([this, port, opening = std::move(opening), octets = std::move(octets)] {
              run(port, opening, octets);
          })
    { }
    ~Flooder()
    {
        m_stop = true;
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(Flooder)

    [[nodiscard]] qint64 sent() const { return m_sent; }

private:
    void run(quint16 port, const QByteArray &opening, const QByteArray &octets)
    {
        QTcpSocket socket; // without an event loop: its waitFor functions are its loop
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
        if (!socket.waitForReadyRead(10000))
            return;
        socket.write(opening);
        const QByteArray block = octets.repeated(int(64 * 1024 / octets.size()) + 1);
        while (!m_stop && socket.state() == QAbstractSocket::ConnectedState) {
            if (socket.bytesToWrite() < block.size())
                socket.write(block);
            if (socket.waitForBytesWritten(20))
                m_sent = m_sent + block.size();
            socket.readAll();
        }
        socket.abort();
    }

    std::atomic<bool> m_stop{false};
    std::atomic<qint64> m_sent{0};
    std::thread m_thread;
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
        QTest::newRow("S111 T89 for one address") << true << QByteArray("421 4.7.0");
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

    void floods_data()
    {
        QTest::addColumn<QByteArray>("opening");
        QTest::addColumn<QByteArray>("octets");
        const QByteArray text = QByteArray(998, 'x') + "\r\n";
        const auto row = [](const char *tag, const QByteArray &opening, const QByteArray &octets) {
            QTest::newRow(tag) << opening << octets;
        };
        row("T94 NOOP", "EHLO a.example\r\n", "NOOP\r\n");
        row("T94 MAIL and RSET", "EHLO a.example\r\n", "MAIL FROM:<a@example.org>\r\nRSET\r\n");
        row("T94 RCPT", "EHLO a.example\r\nMAIL FROM:<a@example.org>\r\n", "RCPT TO:<b@example.test>\r\n");
        row("T94 BDAT of one octet", toData.first(toData.size() - 6), "BDAT 1\r\nx");
        row("T94 empty lines", {}, "\r\n");
        row("T94 a line without an end", {}, "x");
        row("T94 what comes after the end", "QUIT\r\n", text);
        row("T94 a message without an end", toData + "Subject: x\r\n\r\n", text);
        row("T110 a bare LF, and no end", toData + "Subject: x\n\r\n\r\n", text);
        row("T110 past SIZE, and no end", toData + "Subject: x\r\n\r\n" + text.repeated(60), text);
        row("T110 past the header's limit, and no end", toData, "X: " + text);
        row("T110 short lines, and no end", toData + "Subject: x\n\r\n\r\n", "\r\n");
        row("T110 dots, and no end", toData + "Subject: x\n\r\n\r\n", "..\r\n");
    }

    /// Each turn is short, and whoever else sends a message has it taken.
    void floods()
    {
        QFETCH(QByteArray, opening);
        QFETCH(QByteArray, octets);
        House house([](smtp::ServerSettings &settings) {
            if (QByteArrayView(QTest::currentDataTag()).contains("SIZE"))
                settings.limits.messageSize = 50000;
        });
        house.mail.keepBodies = false;
        const Flooder flooder(house.bound.port, opening, octets);
        QTRY_VERIFY(flooder.sent() > 256 * 1024 || house.transcripts.sessions.size() == 1);
        const LoopWatch watch;
        for (int i = 1; i <= 10; ++i) {
            Talker other(house);
            other.write(oneMessage + "QUIT\r\n");
            QTRY_VERIFY(other.said.contains("\r\n221 "));
            QVERIFY2(other.said.contains("\r\n250 2.0.0"), other.said.constData());
            house.transcripts.entries = {};
        }
        const QByteArray took = QByteArray::number(qint64(watch.longest().count())) + " us";
        QVERIFY2(watch.longest() < LoopWatch::bound(), took.constData());
    }

    void withoutMessage_data()
    {
        QTest::addColumn<QByteArray>("opening");
        QTest::addColumn<QByteArray>("octets");
        QTest::addColumn<bool>("cut");
        QTest::newRow("T119 NOOP") << QByteArray("EHLO a.example\r\n") << QByteArray("NOOP\r\n") << true;
        QTest::newRow("T119 RCPT") << toData.first(toData.size() - 6)
                                   << QByteArray("RCPT TO:<b@example.test>\r\n") << true;
        QTest::newRow("T119 a message that is refused already") << toData + "Subject: x\n\r\n\r\n"
                                                                << QByteArray("x\r\n") << true;
        QTest::newRow("T119 messages") << QByteArray() << oneMessage << false;
        QTest::newRow("T119 one message, slowly") << toData + "Subject: x\r\n\r\n"
                                                  << QByteArray("x\r\n") << false;
    }

    /// Something is said each 50 ms, so that no other time-out applies.
    void withoutMessage()
    {
        QFETCH(QByteArray, opening);
        QFETCH(QByteArray, octets);
        QFETCH(bool, cut);
        House house([](smtp::ServerSettings &settings) {
            settings.limits.withoutMessage = std::chrono::milliseconds(1200);
            settings.limits.junkCommands = 100000;
            settings.limits.errorDelay = std::chrono::milliseconds(0);
        });
        Talker client(house);
        client.write(opening);
        QElapsedTimer passed;
        passed.start();
        QTimer pace;
        connect(&pace, &QTimer::timeout, this, [&] { client.write(octets); });
        pace.start(50);
        if (cut) {
            QTRY_COMPARE(house.transcripts.sessions.size(), 1);
            QVERIFY2(client.said.contains("421 4.4.2 mail.example.test No message"), client.said.constData());
            QVERIFY(house.transcripts.sessions.constFirst().ending.startsWith("no message for too long"));
        } else {
            QTRY_VERIFY(passed.elapsed() > 3000);
            QCOMPARE(house.listener->connectionCount(), 1);
        }
    }

    void connectionShares_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::addColumn<bool>("together");
        const auto row = [](const char *tag, const char *one, const char *other, bool together) {
            QTest::newRow(tag) << QString::fromLatin1(one) << QString::fromLatin1(other) << together;
        };
        row("T89 an address", "192.0.2.1", "192.0.2.1", true);
        row("T89 its neighbour", "192.0.2.1", "192.0.2.2", false);
        row("T89 addresses of one customer", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true);
        row("T89 another customer", "2001:db8:1:2::1", "2001:db8:1:3::1", false);
        row("T89 loopback", "127.0.0.1", "127.9.9.9", true);
        row("T89 loopback, both kinds", "127.0.0.1", "::1", true);
        row("T89 not loopback", "127.0.0.1", "192.0.2.1", false);
    }

    void connectionShares()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QFETCH(bool, together);
        const QHostAddress first(one);
        const QHostAddress second(other);
        QCOMPARE(smtp::networkOf(first) == smtp::networkOf(second), together);
        const smtp::ServerLimits limits;
        QCOMPARE(smtp::connectionShare(limits, first), first.isLoopback() ? 1100 : 50);
        QVERIFY(smtp::connectionShare(limits, second) <= limits.connections);
    }

    /// T116: connections wait while no descriptor is free, without the processor's time, and are served then.
    void noDescriptorFree_data()
    {
        QTest::addColumn<int>("waiting");
        QTest::newRow("T116 one waits") << 1;
        QTest::newRow("T116 some wait") << 5;
    }

    void noDescriptorFree()
    {
        QFETCH(int, waiting);
        House house;
        int told = 0;
        connect(house.listener.get(), &smtp::Listener::acceptPaused, this, [&] { ++told; });
        std::vector<std::unique_ptr<Talker>> clients;
        for (int i = 0; i < waiting; ++i) {
            clients.push_back(std::make_unique<Talker>(house));
            QVERIFY(clients.back()->waitForConnected(10000)); // not accepted yet: the loop has not run
        }
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        const int next = ::dup(0);
        ::close(next);
        rlimit none = before;
        none.rlim_cur = static_cast<rlim_t>(next);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
        const std::clock_t start = std::clock();
        QTRY_COMPARE_WITH_TIMEOUT(told, 1, 5000);
        QElapsedTimer passed;
        passed.start();
        QTRY_VERIFY_WITH_TIMEOUT(passed.elapsed() > 1500, 5000);
        const double spent = double(std::clock() - start) / CLOCKS_PER_SEC;
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QCOMPARE(told, 1);
        QVERIFY2(spent < 0.7, qPrintable(QString::number(spent)));
        QVERIFY(house.transcripts.sessions.constFirst().ending.startsWith("connections wait, "));
        for (const auto &client : clients)
            QTRY_VERIFY(client->said.startsWith("220 "));
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
