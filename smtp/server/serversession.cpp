#include "smtp/server/serversession.h"

#include "smtp/session/wallclock.h"
#include "smtp/syntax/proxyheader.h"

#include <QSslConfiguration>

#include <algorithm>
#include <array>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace glasspost::smtp {

namespace {

constexpr qint64 readBufferSize = 256 * 1024;
constexpr qint64 replyWatermark = 256 * 1024; // a client that does not read its replies is not read either
constexpr std::chrono::seconds closeGrace{10};

SessionFacts factsOf(const QTcpSocket &socket)
{
    SessionFacts facts;
    facts.id = newSessionId();
    facts.role = SessionRole::Server;
    facts.startedAt = microsecondsNow();
    const auto plain = [](const QHostAddress &address) {
        bool isIPv4 = false;
        const quint32 ipv4 = address.toIPv4Address(&isIPv4); // an IPv4 peer of a dual-stack socket
        return isIPv4 ? QHostAddress(ipv4) : address;
    };
    facts.peerAddress = plain(socket.peerAddress());
    facts.peerPort = socket.peerPort();
    facts.localAddress = plain(socket.localAddress());
    facts.localPort = socket.localPort();
    return facts;
}

} // namespace

ServerSession::ServerSession(std::unique_ptr<QTcpSocket> socket, const ServerSettings &settings,
    const Binding &binding, const ServerEngine::Owner &owner, QObject *parent)
    : QObject(parent), m_settings(settings), m_binding(binding), m_socket(std::move(socket)),
      m_engine(settings, binding, factsOf(*m_socket), owner, *this)
{
    m_socket->setReadBufferSize(readBufferSize);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &ServerSession::readSocket);
    connect(m_socket.get(), &QTcpSocket::bytesWritten, this, &ServerSession::wroteSocket);
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this, &ServerSession::socketError);
    connect(m_socket.get(), &QTcpSocket::disconnected, this, &ServerSession::socketClosed);
    if (auto *tls = qobject_cast<QSslSocket *>(m_socket.get())) {
        connect(tls, &QSslSocket::encrypted, this, &ServerSession::handshakeDone);
        connect(tls, &QSslSocket::sslErrors, this, &ServerSession::judgeTlsErrors);
    }
    m_timer.setSingleShot(true);
    m_timer.setTimerType(
        m_settings.limits.idle < std::chrono::seconds(5) ? Qt::PreciseTimer : Qt::CoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &ServerSession::checkTime);
}

ServerSession::~ServerSession()
{
    m_socket->disconnect(this);
    m_engine.shutdown();
    m_engine.end(ServerEnding::Shutdown); // a message that waits for its 250 gets none any more
}

void ServerSession::start()
{
    m_sinceOctet.start();
    beginUnit();
    m_timer.start(m_settings.limits.idle);
    m_engine.start();
}

void ServerSession::beginUnit()
{
    m_sinceUnit.start();
    m_unitOctets = 0;
}

/// A PROXY header is taken off to its last octet and no further, since TLS may begin behind it. False while
/// it is not whole. (QSslSocket reads ahead in read(), in peek() and skip() it does not.)
bool ServerSession::readProxyHeader()
{
    constexpr qint64 longest = 16 + 65535;
    const QByteArray seen = m_socket->peek(longest);
    const ProxySpan span = findProxyHeader(seen);
    if (span.status == ProxySpan::Status::Incomplete)
        return false;
    const qsizetype size = span.status == ProxySpan::Status::Complete ? span.size : seen.size();
    m_socket->skip(size);
    m_engine.receive(QByteArrayView(seen).first(size));
    return true;
}

void ServerSession::readSocket()
{
    if (m_reading) // wantsInput() from within receive()
        return;
    m_reading = true;
    if (m_engine.state() == ServerState::Proxy && !readProxyHeader()) {
        m_reading = false;
        return;
    }
    std::array<char, 64 * 1024> buffer; // NOLINT: filled by read()
    while (m_socket->bytesAvailable() > 0) {
        if (!m_closing && (!m_engine.isReading() || m_socket->bytesToWrite() > replyWatermark))
            break;
        const qint64 count = m_socket->read(buffer.data(), static_cast<qint64>(buffer.size()));
        if (count <= 0)
            break;
        m_sinceOctet.start();
        m_unitOctets += count;
        if (!m_closing)
            m_engine.receive(QByteArrayView(buffer.data(), count));
    }
    m_reading = false;
}

void ServerSession::wroteSocket()
{
    if (m_closing)
        endWriting();
    else
        readSocket();
}

void ServerSession::send(const QByteArray &octets)
{
    m_socket->write(octets);
    if (auto *tls = qobject_cast<QSslSocket *>(m_socket.get()))
        tls->flush();
    else
        m_socket->flush();
    beginUnit();
}

void ServerSession::startHandshake()
{
    auto *tls = qobject_cast<QSslSocket *>(m_socket.get());
    tls->setSslConfiguration(serverTlsConfiguration(m_settings, m_binding));
    m_sinceHandshake.start();
    m_tls = TlsHandle::during([tls] { tls->startServerEncryption(); });
}

void ServerSession::judgeTlsErrors(const QList<QSslError> &errors)
{
    if (areTlsErrorsTolerable(m_settings, m_binding, errors))
        qobject_cast<QSslSocket *>(m_socket.get())->ignoreSslErrors();
}

void ServerSession::handshakeDone()
{
    const auto *tls = qobject_cast<QSslSocket *>(m_socket.get());
    m_engine.tlsEstablished(tlsEstablishedOn(*tls, m_tls, m_sinceHandshake.elapsed()));
    beginUnit();
    readSocket();
}

void ServerSession::close()
{
    m_closing = true;
    m_timer.start(closeGrace);
    endWriting();
}

/// Ends our half alone and goes on reading into nothing: a full close while the client still sends would make
/// a reset of it, and the last reply would be lost on the way.
void ServerSession::endWriting()
{
    auto *tls = qobject_cast<QSslSocket *>(m_socket.get());
#ifdef Q_OS_UNIX
    if (tls == nullptr || !tls->isEncrypted()) {
        if (m_socket->bytesToWrite() == 0)
            ::shutdown(static_cast<int>(m_socket->socketDescriptor()), SHUT_WR);
        return;
    }
#endif
    Q_UNUSED(tls)
    m_socket->disconnectFromHost();
}

void ServerSession::startDelay(std::chrono::milliseconds time)
{
    QTimer::singleShot(time, this, [this] { m_engine.delayOver(); });
}

void ServerSession::wantsInput()
{
    beginUnit(); // the time that the owner took is not the client's
    m_sinceOctet.start();
    readSocket();
}

void ServerSession::stateEntered(ServerState, ServerState)
{
    beginUnit();
}

void ServerSession::socketError(QAbstractSocket::SocketError error)
{
    if (error == QAbstractSocket::RemoteHostClosedError)
        return; // disconnected() follows; what is buffered comes first
    const bool handshake = m_engine.state() == ServerState::Handshake;
    m_engine.end(handshake ? ServerEnding::HandshakeFailed : ServerEnding::ConnectionLost,
        m_socket->errorString().toUtf8());
}

void ServerSession::socketClosed()
{
    if (!m_closing)
        readSocket();
    m_closing = true;
    m_engine.end(m_engine.state() == ServerState::Handshake ? ServerEnding::HandshakeFailed
                                                            : ServerEnding::PeerClosed);
    m_timer.stop();
    Q_EMIT finished();
}

/// One timer serves for idle time and minimum rate: it is looked at when it fires, never restarted for an
/// octet.
void ServerSession::checkTime()
{
    if (m_closing) {
        m_socket->abort();
        return;
    }
    const qint64 idle = m_settings.limits.idle.count();
    const int rate = m_settings.limits.minimumRate;
    const qint64 allowance = rate > 0 ? idle + m_unitOctets * 1000 / rate : -1;
    if (!m_engine.isWaitingForClient()) {
        m_timer.start(m_settings.limits.idle);
    } else if (m_sinceOctet.elapsed() >= idle) {
        m_engine.end(ServerEnding::IdleTimeout);
    } else if (allowance >= 0 && m_sinceUnit.elapsed() >= allowance) {
        m_engine.end(ServerEnding::TooSlow);
    } else {
        qint64 next = idle - m_sinceOctet.elapsed();
        if (allowance >= 0)
            next = std::min(next, allowance - m_sinceUnit.elapsed());
        m_timer.start(std::chrono::milliseconds(std::max<qint64>(next, 1)));
    }
}

} // namespace glasspost::smtp
