#include "smtp/server/listener.h"

#include "smtp/server/network.h"
#include "smtp/server/serverreplies.h"
#include "smtp/server/serversession.h"
#include "smtp/server/unixlistener.h"
#include "smtp/session/wallclock.h"

#include <QHash>
#include <QSet>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTimer>

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <functional>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace glasspost::smtp {

namespace {

constexpr int connectionBacklog = 1024;

/// A QTcpServer for its address alone: it hands over descriptors, so that the session chooses the kind of
/// socket, and accepts by itself. Qt's (6.4) forgets why accept() failed, and tries again without end when no
/// descriptor is free.
class Server final : public QTcpServer
{
public:
    using Accepted = std::function<void(int descriptor)>;
    using Paused = std::function<void(int error)>; ///< errno; accepting begins again by itself

    Server(Accepted accepted, Paused paused) : m_accepted(std::move(accepted)), m_paused(std::move(paused))
    {
        setListenBacklogSize(connectionBacklog);
        m_pause.setSingleShot(true);
        m_pause.setInterval(std::chrono::seconds(1));
        connect(&m_pause, &QTimer::timeout, this, [this] { m_ready->setEnabled(true); });
    }

    bool bind(const Binding &binding)
    {
        if (binding.descriptor < 0)
            return listen(binding.address, binding.port);
        const int copy = ::fcntl(binding.descriptor, F_DUPFD_CLOEXEC, 0);
        return copy >= 0 && setSocketDescriptor(copy);
    }

    /// Once it listens.
    void start()
    {
        pauseAccepting();
        // A reply goes out at once. What is accepted inherits it.
        const int on = 1;
        ::setsockopt(descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch();
    }

    /// At a Unix socket in place of an address.
    void start(std::unique_ptr<UnixListener> listener)
    {
        m_unix = std::move(listener);
        watch();
    }

    void stop()
    {
        m_pause.stop();
        if (m_ready) {
            m_ready->setEnabled(false);
            m_ready.release()->deleteLater(); // it may be telling just now
        }
        close();
        m_unix.reset();
    }

private:
    [[nodiscard]] int descriptor() const
    {
        return m_unix ? m_unix->descriptor() : static_cast<int>(socketDescriptor());
    }

    void watch()
    {
        m_ready = std::make_unique<QSocketNotifier>(descriptor(), QSocketNotifier::Read);
        connect(m_ready.get(), &QSocketNotifier::activated, this, &Server::acceptSome);
    }

    void acceptSome()
    {
        constexpr int mostInATurn = 32;
        for (int i = 0; i < mostInATurn && m_ready; ++i) {
            const int accepted = ::accept4(descriptor(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            if (accepted >= 0) {
                m_isPaused = false;
                m_accepted(accepted);
                continue;
            }
            const int error = errno;
            if (error == EINTR || error == ECONNABORTED)
                continue;
            if (error != EAGAIN && error != EWOULDBLOCK)
                pause(error);
            return;
        }
    }

    /// Told of once, however often it is tried.
    void pause(int error)
    {
        m_ready->setEnabled(false);
        m_pause.start();
        if (!std::exchange(m_isPaused, true))
            m_paused(error);
    }

    Accepted m_accepted;
    Paused m_paused;
    std::unique_ptr<UnixListener> m_unix; ///< null: an address
    std::unique_ptr<QSocketNotifier> m_ready;
    QTimer m_pause;
    bool m_isPaused = false;
};

ListenError::Kind kindOf(int error)
{
    if (error == EADDRINUSE)
        return ListenError::Kind::AddressInUse;
    if (error == EACCES || error == EPERM || error == EROFS)
        return ListenError::Kind::NotPermitted;
    return ListenError::Kind::Other;
}

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
    ServerConversation::Services services;
    std::vector<Bound> bound;
    QSet<ServerSession *> sessions;
    QHash<QHostAddress, int> perAddress; ///< by network
    bool shuttingDown = false;
    KeyDerivation derivation = KeyDerivation();

    void accept(const Binding &binding, int descriptor);
    void pausedAccepting(const Binding &binding, int error);
    [[nodiscard]] Reply overLimit(const QHostAddress &peer) const;
    void recordTurnedAway(const ServerSocket::Ends &ends, const Reply &reply);
    void ended(ServerSession *session);
    void finishIfDone();
};

Reply Listener::Private::overLimit(const QHostAddress &peer) const
{
    if (sessions.size() >= settings.limits.connections)
        return makeReply(421, {4, 3, 2}, settings.hostName + " Too many connections, try again later");
    if (perAddress.value(peer) >= connectionShare(settings.limits, peer))
        return makeReply(421, {4, 7, 0}, settings.hostName + " Too many connections from your address");
    return {};
}

void Listener::Private::accept(const Binding &binding, int descriptor)
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
    auto *session = new ServerSession(std::move(socket), settings, binding, services, derivation, &q);
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
    services.transcripts.opened(facts);
    services.transcripts.recorded(facts.id, {now, Speaker::Server, false, reply.toBytes(), 0});
    facts.outcome = SessionOutcome::Refused;
    facts.endedAt = now;
    facts.ending = reply.toBytes();
    services.transcripts.closed(facts);
}

/// Said where refused sessions are: who waits in the meantime has none yet.
void Listener::Private::pausedAccepting(const Binding &binding, int error)
{
    const QString why = qt_error_string(error);
    const qint64 now = microsecondsNow();
    SessionFacts facts;
    facts.id = newSessionId();
    facts.startedAt = now;
    facts.localAddress = binding.address;
    facts.localPort = binding.port;
    facts.outcome = SessionOutcome::Broken;
    facts.endedAt = now;
    facts.ending = "connections wait, none can be accepted: " + why.toUtf8();
    services.transcripts.opened(facts);
    services.transcripts.recorded(facts.id, {now, Speaker::Event, false, facts.ending, 0});
    services.transcripts.closed(facts);
    Q_EMIT q.acceptPaused(why);
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
    auto server = std::make_unique<Server>([this, holder](int descriptor) { d->accept(*holder, descriptor); },
        [this, holder](int error) { d->pausedAccepting(*holder, error); });
    // Fails closed: a binding that must speak TLS never serves in the clear.
    const bool needsTls = binding.tls == TlsMode::Implicit || binding.tls == TlsMode::Required;
    if (needsTls && !d->settings.identity)
        return tl::unexpected(ListenError{
            ListenError::Kind::Other, binding, QStringLiteral("TLS needs a certificate and its key")});
    if (!binding.unixPath.isEmpty()) {
        auto unixListener = binding.descriptor < 0 ? UnixListener::listen(binding.unixPath, connectionBacklog)
                                                   : UnixListener::adopt(binding.descriptor);
        if (!unixListener)
            return tl::unexpected(
                ListenError{kindOf(unixListener.error()), binding, qt_error_string(unixListener.error())});
        server->start(std::move(*unixListener));
        had.port = 0;
    } else {
        if (!server->bind(binding))
            return tl::unexpected(ListenError{kindOf(server->serverError()), binding, server->errorString()});
        server->start();
        had.port = server->serverPort();
    }
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
        bound.server->stop();
    const QSet<ServerSession *> sessions = d->sessions; // some end at once
    for (ServerSession *session : sessions)
        session->shutdown();
    if (d->sessions.isEmpty())
        QMetaObject::invokeMethod(
            this, [this] { d->finishIfDone(); }, Qt::QueuedConnection);
}

} // namespace glasspost::smtp
