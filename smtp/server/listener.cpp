#include "smtp/server/listener.h"

#include "smtp/server/network.h"
#include "smtp/server/serverreplies.h"
#include "smtp/server/serversession.h"
#include "smtp/session/wallclock.h"

#include <QHash>
#include <QSet>
#include <QTcpServer>

#include <functional>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace glasspost::smtp {

namespace {

constexpr int backlog = 1024;

/// A QTcpServer that hands over descriptors, so that the session chooses the kind of socket.
class Server final : public QTcpServer
{
public:
    explicit Server(std::function<void(qintptr)> accepted) : m_accepted(std::move(accepted))
    {
        setListenBacklogSize(backlog);
    }

    /// A reply goes out at once. What is accepted inherits it.
    void setNoDelay()
    {
        const int on = 1;
        ::setsockopt(static_cast<int>(socketDescriptor()), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }

protected:
    void incomingConnection(qintptr descriptor) override { m_accepted(descriptor); }

private:
    std::function<void(qintptr)> m_accepted;
};

ListenError::Kind kindOf(QAbstractSocket::SocketError error)
{
    if (error == QAbstractSocket::AddressInUseError)
        return ListenError::Kind::AddressInUse;
    if (error == QAbstractSocket::SocketAccessError)
        return ListenError::Kind::NotPermitted;
    if (error == QAbstractSocket::SocketAddressNotAvailableError)
        return ListenError::Kind::AddressNotAvailable;
    return ListenError::Kind::Other;
}

struct Bound
{
    Binding binding;
    std::unique_ptr<Server> server;
};

} // namespace

struct Listener::Private
{
    Listener &q;
    ServerSettings settings;
    ServerEngine::Owner owner;
    std::vector<Bound> bound;
    QSet<ServerSession *> sessions;
    QHash<QHostAddress, int> perAddress; ///< by network
    bool shuttingDown = false;
    KeyDerivation derivation = KeyDerivation();

    void accept(const Binding &binding, qintptr descriptor);
    [[nodiscard]] Reply overLimit(const QHostAddress &peer) const;
    void recordTurnedAway(const ServerSocket::Ends &ends, const Reply &reply);
    void ended(ServerSession *session);
    void finishIfDone();
};

Reply Listener::Private::overLimit(const QHostAddress &peer) const
{
    if (sessions.size() >= settings.limits.connections)
        return makeReply(421, {4, 3, 2}, settings.hostName + " Too many connections, try again later");
    const int share
        = peer.isLoopback() ? settings.limits.connectionsFromLoopback : settings.limits.connectionsPerAddress;
    if (perAddress.value(peer) >= share)
        return makeReply(421, {4, 7, 0}, settings.hostName + " Too many connections from your address");
    return {};
}

void Listener::Private::accept(const Binding &binding, qintptr descriptor)
{
    auto socket = std::make_unique<ServerSocket>(descriptor);
    const QHostAddress peer = networkOf(socket->ends().peerAddress);
    const Reply refused = overLimit(peer);
    if (!refused.isNull()) {
        recordTurnedAway(socket->ends(), refused);
        socket->write(refused.toWire());
        return;
    }
    ++perAddress[peer];
    auto *session = new ServerSession(std::move(socket), settings, binding, owner, derivation, &q);
    sessions.insert(session);
    QObject::connect(session, &ServerSession::finished, &q, [this, session, peer] {
        if (--perAddress[peer] <= 0)
            perAddress.remove(peer);
        ended(session);
    });
    Q_EMIT q.connectionCountChanged(static_cast<int>(sessions.size()));
    session->start();
}

void Listener::Private::recordTurnedAway(const ServerSocket::Ends &ends, const Reply &reply)
{
    const qint64 now = microsecondsNow();
    SessionFacts facts;
    facts.id = newSessionId();
    facts.startedAt = now;
    facts.peerAddress = ends.peerAddress;
    facts.peerPort = ends.peerPort;
    facts.localAddress = ends.localAddress;
    facts.localPort = ends.localPort;
    owner.transcripts.opened(facts);
    owner.transcripts.recorded(facts.id, {now, Speaker::Server, false, reply.toBytes(), 0});
    facts.outcome = SessionOutcome::Refused;
    facts.endedAt = now;
    facts.ending = reply.toBytes();
    owner.transcripts.closed(facts);
}

void Listener::Private::ended(ServerSession *session)
{
    if (!sessions.remove(session))
        return;
    session->deleteLater();
    Q_EMIT q.connectionCountChanged(static_cast<int>(sessions.size()));
    finishIfDone();
}

void Listener::Private::finishIfDone()
{
    if (shuttingDown && sessions.isEmpty())
        Q_EMIT q.finished();
}

Listener::Listener(ServerSettings settings, TransactionHandlerFactory &handlers, TranscriptSink &transcripts,
    CredentialStore *credentials, QObject *parent)
    : QObject(parent),
      d(new Private{*this, std::move(settings), {handlers, transcripts, credentials}, {}, {}, {}, false})
{ }

Listener::~Listener()
{
    // The sessions use the settings in d, so they go first.
    const QSet<ServerSession *> sessions = std::exchange(d->sessions, {});
    for (ServerSession *session : sessions)
        delete session;
}

tl::expected<Binding, ListenError> Listener::listen(const Binding &binding)
{
    Binding had = binding;
    auto holder = std::make_shared<Binding>(binding);
    auto server
        = std::make_unique<Server>([this, holder](qintptr descriptor) { d->accept(*holder, descriptor); });
    // Fails closed: a binding that must speak TLS never serves in the clear.
    const bool needsTls = binding.tls == TlsMode::Implicit || binding.tls == TlsMode::Required;
    if (needsTls && (d->settings.certificate.isNull() || d->settings.privateKey.isNull()))
        return tl::unexpected(ListenError{
            ListenError::Kind::Other, binding, QStringLiteral("TLS needs a certificate and its key")});
    if (!server->listen(binding.address, binding.port))
        return tl::unexpected(ListenError{kindOf(server->serverError()), binding, server->errorString()});
    server->setNoDelay();
    had.port = server->serverPort();
    *holder = had;
    d->bound.push_back({had, std::move(server)});
    return had;
}

QList<Binding> Listener::bindings() const
{
    QList<Binding> bindings;
    for (const Bound &bound : d->bound)
        bindings.append(bound.binding);
    return bindings;
}

int Listener::connectionCount() const
{
    return static_cast<int>(d->sessions.size());
}

void Listener::shutdown()
{
    if (std::exchange(d->shuttingDown, true))
        return;
    for (const Bound &bound : d->bound)
        bound.server->close();
    const QSet<ServerSession *> sessions = d->sessions; // some end at once
    for (ServerSession *session : sessions)
        session->shutdown();
    if (d->sessions.isEmpty())
        QMetaObject::invokeMethod(
            this, [this] { d->finishIfDone(); }, Qt::QueuedConnection);
}

} // namespace glasspost::smtp
