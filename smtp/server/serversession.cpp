#include "smtp/server/serversession.h"

#include "smtp/session/wallclock.h"
#include "smtp/syntax/proxyheader.h"

#include <QElapsedTimer>

#include <algorithm>
#include <array>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype readAtOnce = 64 * 1024;
constexpr qsizetype commandsAtOnce = 8 * 1024; // hundreds of commands, which cost more than their octets
constexpr qint64 longestTurn = 2; // milliseconds that one client keeps the others waiting
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
    const Binding &binding, const ServerConversation::Services &services, KeyDerivation &derivation,
    QObject *parent)
    : QObject(parent), m_settings(settings), m_derivation(derivation), m_binding(binding),
      m_socket(std::move(socket)), m_conversation(settings, binding, factsOf(*m_socket), services, *this)
{
    connect(m_socket.get(), &ServerSocket::readyRead, this, &ServerSession::readSocket);
    connect(m_socket.get(), &ServerSocket::wrote, this, &ServerSession::wroteSocket);
    connect(m_socket.get(), &ServerSocket::encrypted, this, &ServerSession::handshakeDone);
    connect(m_socket.get(), &ServerSocket::failed, this, &ServerSession::socketFailed);
    connect(m_socket.get(), &ServerSocket::finished, this, &ServerSession::clientFinished);
    connect(m_socket.get(), &ServerSocket::closed, this, &ServerSession::socketClosed);
    m_nextTurn.setSingleShot(true);
    m_nextTurn.setInterval(1); // one of 0 would come before the others' turns
    connect(&m_nextTurn, &QTimer::timeout, this, &ServerSession::readSocket);
    m_timer.setSingleShot(true);
    m_timer.setTimerType(
        m_settings.limits.idle < std::chrono::seconds(5) ? Qt::PreciseTimer : Qt::CoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &ServerSession::timerFired);
}

ServerSession::~ServerSession()
{
    m_socket->disconnect(this);
    m_conversation.shutdown();
    m_conversation.end(ServerEnding::Shutdown); // a message that waits for its 250 gets none any more
}

void ServerSession::start()
{
    m_conversation.start();
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
    m_conversation.receive(QByteArrayView(buffer.data(), m_socket->read(buffer.data(), taken)));
    return span.status != ProxySpan::Status::Incomplete;
}

bool ServerSession::mayRead() const
{
    const bool hasRoom = m_conversation.isReading() || m_conversation.backlogSize() < readAhead;
    return m_closing || (hasRoom && m_socket->bytesToWrite() <= replyWatermark);
}

/// One turn: a client that sends without end lets the others in between.
void ServerSession::readSocket()
{
    read(Reading::OneTurn);
}

void ServerSession::read(Reading reading)
{
    if (m_reading) // rested() from within receive()
        return;
    m_reading = true;
    QElapsedTimer turn;
    turn.start();
    std::array<char, readAtOnce> buffer; // NOLINT: filled by read()
    bool hasMore = m_conversation.state() != ServerState::Proxy || readProxyHeader();
    while (hasMore && mayRead() && (reading == Reading::All || !turn.hasExpired(longestTurn))) {
        const qint64 most = m_conversation.state() == ServerState::Data ? readAtOnce : commandsAtOnce;
        const qint64 count = m_socket->read(buffer.data(), most);
        if (count <= 0)
            break;
        if (!m_closing)
            m_conversation.receive(QByteArrayView(buffer.data(), count));
        hasMore = count == most || m_socket->holdsMore();
    }
    m_reading = false;
    if (m_clientIsFinished)
        endWhenDone();
    else if (mayRead())
        m_socket->resumeReading();
    else
        m_socket->pauseReading();
    if (mayRead() && m_socket->holdsMore()) // what TLS has decrypted is told of once
        m_nextTurn.start();
}

void ServerSession::wroteSocket()
{
    if (m_clientIsFinished)
        endWhenDone();
    else if (!m_closing)
        readSocket();
}

/// Half a close is none: what came is served to its end, and answered (nc, socat and the like close so).
void ServerSession::clientFinished()
{
    m_clientIsFinished = true;
    endWhenDone();
}

void ServerSession::endWhenDone()
{
    const bool isServed = m_conversation.isReading() && m_conversation.backlogSize() == 0;
    if (!m_closing && isServed)
        m_conversation.end(ServerEnding::PeerClosed);
    if (m_closing && m_socket->bytesToWrite() == 0)
        socketClosed();
}

void ServerSession::send(const QByteArray &octets)
{
    if (m_conversation.state() == ServerState::Closed)
        m_socket->writeLast(octets); // close() is next
    else
        m_socket->write(octets);
}

void ServerSession::startHandshake()
{
    m_socket->startTls(
        serverTlsConfiguration(m_settings, m_binding), ClientCertificateDemands::of(m_settings, m_binding));
}

void ServerSession::handshakeDone(const TlsEstablished &tls)
{
    m_conversation.tlsEstablished(tls);
}

/// What the client still sends goes into nothing, until it closes too or the grace is over.
void ServerSession::close()
{
    m_closing = true;
    m_timer.start(closeGrace);
    m_socket->endWriting();
    m_socket->resumeReading();
}

void ServerSession::deriveKeys(const KeyRequest &request)
{
    m_derivation.derive(facts().peerAddress, request, this,
        [this](const std::optional<ScramKeys> &keys) { m_conversation.keysDerived(keys); });
}

void ServerSession::rested()
{
    armTimer();
    const bool reads = m_conversation.isReading();
    const bool hadStopped = !std::exchange(m_wasReading, reads);
    if (reads && hadStopped)
        readSocket();
}

void ServerSession::socketFailed(const QByteArray &why)
{
    const bool handshake = m_conversation.state() == ServerState::Handshake;
    m_conversation.end(handshake ? ServerEnding::HandshakeFailed : ServerEnding::ConnectionLost, why);
}

void ServerSession::socketClosed()
{
    if (std::exchange(m_isOver, true))
        return;
    m_nextTurn.stop();
    if (!m_closing)
        read(Reading::All);
    m_closing = true;
    m_conversation.end(m_conversation.state() == ServerState::Handshake ? ServerEnding::HandshakeFailed
                                                                        : ServerEnding::PeerClosed);
    m_timer.stop();
    Q_EMIT finished();
}

/// Looks at the engine's time-outs when it fires, and is set only when one comes sooner than it would.
void ServerSession::armTimer()
{
    const auto next = m_closing ? std::nullopt : m_conversation.nextTimeout();
    if (!next || (m_timer.isActive() && m_timerEnds <= *next))
        return;
    using namespace std::chrono;
    m_timerEnds = *next;
    m_timer.start(std::max(1ms, ceil<milliseconds>(*next - steady_clock::now())));
}

void ServerSession::timerFired()
{
    if (m_closing)
        m_socket->abort();
    else
        m_conversation.timeoutPassed(Moment::now());
}

} // namespace glasspost::smtp
