#include "smtp/server/serversession.h"

#include "smtp/session/wallclock.h"
#include "smtp/syntax/proxyheader.h"

#include <algorithm>
#include <array>

namespace glasspost::smtp {

namespace {

constexpr qsizetype readAtOnce = 64 * 1024;
constexpr qsizetype readAhead = 64 * 1024; // while the engine waits for its owner: tells that the client went
constexpr qint64 replyWatermark = 256 * 1024; // a client that does not read its replies is not read either
constexpr std::chrono::seconds closeGrace{10};

SessionFacts factsOf(const ServerSocket &socket)
{
    const ServerSocket::Ends &ends = socket.ends();
    SessionFacts facts;
    facts.id = newSessionId();
    facts.role = SessionRole::Server;
    facts.startedAt = microsecondsNow();
    facts.peerAddress = ends.peerAddress;
    facts.peerPort = ends.peerPort;
    facts.localAddress = ends.localAddress;
    facts.localPort = ends.localPort;
    return facts;
}

} // namespace

ServerSession::ServerSession(std::unique_ptr<ServerSocket> socket, const ServerSettings &settings,
    const Binding &binding, const ServerEngine::Owner &owner, QObject *parent)
    : QObject(parent), m_settings(settings), m_binding(binding), m_socket(std::move(socket)),
      m_engine(settings, binding, factsOf(*m_socket), owner, *this)
{
    connect(m_socket.get(), &ServerSocket::readyRead, this, &ServerSession::readSocket);
    connect(m_socket.get(), &ServerSocket::wrote, this, &ServerSession::wroteSocket);
    connect(m_socket.get(), &ServerSocket::encrypted, this, &ServerSession::handshakeDone);
    connect(m_socket.get(), &ServerSocket::failed, this, &ServerSession::socketFailed);
    connect(m_socket.get(), &ServerSocket::closed, this, &ServerSession::socketClosed);
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
/// it is not whole.
bool ServerSession::readProxyHeader()
{
    std::array<char, readAtOnce> buffer; // NOLINT: filled by peek()
    const qint64 seen = m_socket->peek(buffer.data(), readAtOnce);
    const qsizetype before = m_proxyHeader.size();
    m_proxyHeader.append(buffer.data(), seen);
    const ProxySpan span = findProxyHeader(m_proxyHeader);
    const qint64 taken = span.status == ProxySpan::Status::Complete ? span.size - before : seen;
    m_engine.receive(QByteArrayView(buffer.data(), m_socket->read(buffer.data(), taken)));
    return span.status != ProxySpan::Status::Incomplete;
}

bool ServerSession::mayRead() const
{
    const bool hasRoom = m_engine.isReading() || m_engine.backlogSize() < readAhead;
    return m_closing || (hasRoom && m_socket->bytesToWrite() <= replyWatermark);
}

void ServerSession::readSocket()
{
    if (m_reading) // wantsInput() from within receive()
        return;
    m_reading = true;
    std::array<char, readAtOnce> buffer; // NOLINT: filled by read()
    bool hasMore = m_engine.state() != ServerState::Proxy || readProxyHeader();
    while (hasMore && mayRead()) {
        const qint64 count = m_socket->read(buffer.data(), readAtOnce);
        if (count <= 0)
            break;
        m_sinceOctet.start();
        m_unitOctets += count;
        if (!m_closing)
            m_engine.receive(QByteArrayView(buffer.data(), count));
        hasMore = count == readAtOnce || m_socket->holdsMore();
    }
    m_reading = false;
    if (mayRead())
        m_socket->resumeReading();
    else
        m_socket->pauseReading();
}

void ServerSession::wroteSocket()
{
    if (!m_closing)
        readSocket();
}

void ServerSession::send(const QByteArray &octets)
{
    if (m_engine.state() == ServerState::Closed)
        m_socket->writeLast(octets); // close() is next
    else
        m_socket->write(octets);
    beginUnit();
}

void ServerSession::startHandshake()
{
    m_socket->startTls(serverTlsConfiguration(m_settings, m_binding), [this](const QList<QSslError> &errors) {
        return areTlsErrorsTolerable(m_settings, m_binding, errors);
    });
}

void ServerSession::handshakeDone(const TlsEstablished &tls)
{
    m_engine.tlsEstablished(tls);
    beginUnit();
    readSocket();
}

/// What the client still sends goes into nothing, until it closes too or the grace is over.
void ServerSession::close()
{
    m_closing = true;
    m_timer.start(closeGrace);
    m_socket->endWriting();
    m_socket->resumeReading();
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

void ServerSession::socketFailed(const QByteArray &why)
{
    const bool handshake = m_engine.state() == ServerState::Handshake;
    m_engine.end(handshake ? ServerEnding::HandshakeFailed : ServerEnding::ConnectionLost, why);
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
