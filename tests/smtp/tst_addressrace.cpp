// Several addresses of one host, over loopback (RFC 8305). An address that never answers is a listening
// socket whose queue is full: the kernel drops what would connect to it.

#include "smtp/client/addressrace.h"
#include "smtp/syntax/hostport.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <arpa/inet.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

using namespace glasspost::smtp;
using std::chrono::hours;
using std::chrono::milliseconds;

namespace {

/// Takes no connection and refuses none.
class SilentHost
{
public:
    SilentHost(const char *address, quint16 port) : m_listener(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        ::inet_pton(AF_INET, address, &where.sin_addr);
        m_isThere = ::bind(m_listener, reinterpret_cast<sockaddr *>(&where), sizeof where) == 0
            && ::listen(m_listener, 0) == 0;
        for (int &one : m_fill) { // the first is taken into the queue, the others wait for ever
            one = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
            ::connect(one, reinterpret_cast<sockaddr *>(&where), sizeof where);
        }
    }
    ~SilentHost()
    {
        ::close(m_listener);
        for (const int one : m_fill)
            ::close(one);
    }
    Q_DISABLE_COPY_MOVE(SilentHost)
    [[nodiscard]] bool isThere() const { return m_isThere; }

private:
    int m_listener;
    int m_fill[4] = {};
    bool m_isThere = false;
};

const QHostAddress first(QStringLiteral("127.0.0.1"));
const QHostAddress second(QStringLiteral("127.0.0.2"));
const QHostAddress third(QStringLiteral("127.0.0.3"));

} // namespace

class AddressRaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_race = std::make_unique<AddressRace>();
        m_notes.clear();
        m_winner.clear();
        m_socket = std::make_unique<QTcpSocket>();
        m_losses = 0;
        connect(m_race.get(), &AddressRace::noted, this,
            [this](const QByteArray &line) { m_notes.append(line); });
        connect(
            m_race.get(), &AddressRace::won, this, [this](qintptr descriptor, const QHostAddress &address) {
                m_socket->setSocketDescriptor(descriptor);
                m_winner = address;
            });
        connect(m_race.get(), &AddressRace::lost, this, [this] { ++m_losses; });
    }

    void firstAnswers()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::Any));
        m_race->start({first, second}, server.serverPort(), hours(1));
        QTRY_COMPARE(m_winner, first);
        QCOMPARE(m_notes.size(), 1); // the second was never tried
        QVERIFY(!m_race->isRunning());
    }

    void theConnectionCarriesOctets()
    {
        QTcpServer server;
        connect(&server, &QTcpServer::newConnection, this,
            [&] { server.nextPendingConnection()->write("220 there\r\n"); });
        QVERIFY(server.listen(QHostAddress::LocalHost));
        m_race->start({first}, server.serverPort(), hours(1));
        QTRY_COMPARE(m_socket->bytesAvailable(), 11);
        QCOMPARE(m_socket->readAll(), QByteArray("220 there\r\n"));
        QCOMPARE(m_socket->peerAddress(), first);
        QCOMPARE(m_socket->peerPort(), server.serverPort());
    }

    void c60RefusedGoesOnAtOnce()
    {
        QTcpServer server;
        QVERIFY(server.listen(second));
        m_race->start({first, second}, server.serverPort(), hours(1)); // the delay is not waited for
        QTRY_COMPARE(m_winner, second);
        QCOMPARE(m_notes.size(), 3);
        QVERIFY2(m_notes.at(1).startsWith("127.0.0.1:"), m_notes.at(1).constData());
    }

    void silentIsOvertaken()
    {
        QTcpServer server;
        std::optional<SilentHost> silent;
        for (int tries = 0; tries < 20 && !(silent && silent->isThere()); ++tries) {
            server.close(); // a port that is free at one address may be taken at the other
            QVERIFY(server.listen(second));
            silent.emplace("127.0.0.1", server.serverPort());
        }
        QVERIFY(silent->isThere());
        m_race->start({first, second, third}, server.serverPort(), milliseconds(20));
        QTRY_COMPARE(m_winner, second);
        QVERIFY(m_notes.contains(
            hostPort(first, server.serverPort()).toLatin1() + ": given up, another address answered first"));
        QCOMPARE(m_losses, 0);
    }

    void nobodyAnswers()
    {
        quint16 port = 0;
        {
            QTcpServer gone;
            QVERIFY(gone.listen(QHostAddress::Any));
            port = gone.serverPort();
        }
        QSignalSpy lost(m_race.get(), &AddressRace::lost);
        m_race->start({first, second, third}, port, milliseconds(20));
        QTRY_COMPARE(m_losses, 1);
        QVERIFY(m_winner.isNull());
        QVERIFY(!lost.first().at(1).toByteArray().isEmpty());
        m_race->start({}, port, milliseconds(20));
        QCOMPARE(m_losses, 2);
    }

    void stopped()
    {
        QTcpServer probe;
        QVERIFY(probe.listen(second));
        const SilentHost silent("127.0.0.1", probe.serverPort());
        QVERIFY(silent.isThere());
        m_race->start({first}, probe.serverPort(), hours(1));
        m_race->stop("time-out");
        QVERIFY(!m_race->isRunning());
        QCOMPARE(m_notes.last(), hostPort(first, probe.serverPort()).toLatin1() + ": time-out");
        QCOMPARE(m_losses, 0);
    }

    void destroyedWhileRacing()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::Any));
        m_race->start({first, second}, server.serverPort(), milliseconds(0));
        m_race.reset();
        QTRY_VERIFY(server.hasPendingConnections()); // it had connected; nobody is told
        QVERIFY(m_winner.isNull());
    }

    void order_data()
    {
        QTest::addColumn<QByteArrayList>("given");
        QTest::addColumn<QByteArrayList>("order");
        QTest::newRow("C60 IPv6 first, then by turns")
            << QByteArrayList{"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"}
            << QByteArrayList{"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2"};
        QTest::newRow("one family") << QByteArrayList{"192.0.2.1", "192.0.2.2"}
                                    << QByteArrayList{"192.0.2.1", "192.0.2.2"};
        QTest::newRow("one IPv6, three IPv4") << QByteArrayList{"192.0.2.1", "2001:db8::1", "192.0.2.2",
            "192.0.2.3"} << QByteArrayList{"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"};
        QTest::newRow("none") << QByteArrayList{} << QByteArrayList{};
    }
    void order()
    {
        QFETCH(QByteArrayList, given);
        QFETCH(QByteArrayList, order);
        QList<QHostAddress> addresses;
        for (const QByteArray &one : given)
            addresses.append(QHostAddress(QString::fromLatin1(one)));
        QByteArrayList found;
        for (const QHostAddress &one : racingOrder(addresses))
            found.append(one.toString().toLatin1());
        QCOMPARE(found, order);
    }

private:
    std::unique_ptr<AddressRace> m_race;
    std::unique_ptr<QTcpSocket> m_socket;
    QList<QByteArray> m_notes;
    QHostAddress m_winner;
    int m_losses = 0;
};

QTEST_GUILESS_MAIN(AddressRaceTest)
#include "smtp/syntax/hostport.h"
#include "tst_addressrace.moc"
