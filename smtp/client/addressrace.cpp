#include "smtp/client/addressrace.h"

#include "smtp/syntax/hostport.h"

#include <QTcpSocket>

#include <algorithm>
#include <fcntl.h>
#include <utility>

namespace glasspost::smtp {

AddressRace::AddressRace(QObject *parent) : QObject(parent)
{
    m_stagger.setSingleShot(true);
    connect(&m_stagger, &QTimer::timeout, this, &AddressRace::startNext);
}

AddressRace::~AddressRace()
{
    for (const Attempt &attempt : m_attempts)
        attempt.socket->disconnect(this);
}

void AddressRace::start(const QList<QHostAddress> &addresses, quint16 port, std::chrono::milliseconds stagger)
{
    m_waiting = addresses;
    m_port = port;
    m_stagger.setInterval(stagger);
    if (m_waiting.isEmpty())
        return Q_EMIT lost({}, "there is no address");
    startNext();
}

void AddressRace::stop(const QByteArray &reason)
{
    m_waiting.clear();
    m_stagger.stop();
    giveUpRest(reason);
}

void AddressRace::startNext()
{
    if (m_waiting.isEmpty())
        return;
    auto socket = std::make_unique<QTcpSocket>();
    QTcpSocket *raced = socket.get();
    m_attempts.push_back({m_waiting.takeFirst(), std::move(socket)});
    const QHostAddress address = m_attempts.back().address;
    connect(raced, &QTcpSocket::connected, this, [this, raced] { connected(raced); });
    // Queued: connectToHost() itself may fail, and then this would come from within it.
    connect(
        raced, &QTcpSocket::errorOccurred, this, [this, raced] { failed(raced); }, Qt::QueuedConnection);
    if (!m_waiting.isEmpty())
        m_stagger.start();
    Q_EMIT noted("connecting to " + hostPort(address, m_port).toLatin1());
    raced->connectToHost(address, m_port);
}

AddressRace::Attempt AddressRace::take(const QTcpSocket *socket)
{
    const auto found = std::find_if(m_attempts.begin(), m_attempts.end(),
        [socket](const Attempt &attempt) { return attempt.socket.get() == socket; });
    if (found == m_attempts.end())
        return {};
    Attempt attempt = std::move(*found);
    m_attempts.erase(found);
    attempt.socket->disconnect(this);
    return attempt;
}

void AddressRace::connected(const QTcpSocket *socket)
{
    Attempt winner = take(socket);
    // The connection outlives the socket object, which nothing was read from yet.
    const int descriptor = ::fcntl(int(winner.socket->socketDescriptor()), F_DUPFD_CLOEXEC, 0);
    winner.socket->abort();
    winner.socket.release()->deleteLater(); // it is its signal that brought us here
    m_waiting.clear();
    m_stagger.stop();
    giveUpRest("given up, another address answered first");
    Q_EMIT won(descriptor, winner.address);
}

void AddressRace::failed(const QTcpSocket *socket)
{
    Attempt loser = take(socket);
    if (!loser.socket)
        return;
    const QByteArray reason = loser.socket->errorString().toUtf8();
    loser.socket.release()->deleteLater();
    if (m_waiting.isEmpty() && m_attempts.empty())
        return Q_EMIT lost(loser.address, reason);
    Q_EMIT noted(hostPort(loser.address, m_port).toLatin1() + ": " + reason);
    startNext(); // RFC 8305 5: a failure need not wait for the delay
}

void AddressRace::giveUpRest(const QByteArray &reason)
{
    for (Attempt &attempt : std::exchange(m_attempts, {})) {
        attempt.socket->disconnect(this);
        attempt.socket->abort();
        attempt.socket.release()->deleteLater();
        Q_EMIT noted(hostPort(attempt.address, m_port).toLatin1() + ": " + reason);
    }
}

QList<QHostAddress> racingOrder(const QList<QHostAddress> &addresses)
{
    QList<QHostAddress> six;
    QList<QHostAddress> four;
    for (const QHostAddress &address : addresses)
        (address.protocol() == QAbstractSocket::IPv6Protocol ? six : four).append(address);
    QList<QHostAddress> order;
    for (qsizetype i = 0; i < std::max(six.size(), four.size()); ++i) {
        if (i < six.size())
            order.append(six.at(i));
        if (i < four.size())
            order.append(four.at(i));
    }
    return order;
}

} // namespace glasspost::smtp
