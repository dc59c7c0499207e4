#include "app/http/httpserver.h"

#include "app/http/httpexchange.h"
#include "app/http/microhttpd.h"
#include "smtp/syntax/hostport.h"

#include <cerrno>
#include <cstring>
#include <limits>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

/// Of each connection: the request's header, what is made of it, and the response's header.
constexpr size_t connectionMemory = 24 * 1024;
/// Seconds beyond the idle ones that a client may leave a response unread; sweep() is there before for the
/// rest.
constexpr unsigned int stalled = 5;

socklen_t fill(sockaddr_storage &place, const QHostAddress &address, quint16 port)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        auto *in = reinterpret_cast<sockaddr_in *>(&place);
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        in->sin_addr.s_addr = htonl(address.toIPv4Address());
        return sizeof(sockaddr_in);
    }
    auto *in = reinterpret_cast<sockaddr_in6 *>(&place);
    in->sin6_family = AF_INET6;
    in->sin6_port = htons(port);
    const Q_IPV6ADDR octets = address.toIPv6Address();
    std::memcpy(&in->sin6_addr, &octets, sizeof octets);
    return sizeof(sockaddr_in6);
}

bool isGone(int socket)
{
    char octet = 0;
    const ssize_t size = ::recv(socket, &octet, 1, MSG_PEEK | MSG_DONTWAIT);
    return size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR);
}

} // namespace

/// What libmicrohttpd calls.
struct HttpServer::Callbacks
{
    static void *requestLine(void *server, const char *target, MHD_Connection *connection)
    {
        auto *self = static_cast<HttpServer *>(server);
        auto *exchange = new HttpExchange(*self, connection, target); // requestEnded() deletes it
        Connection &place = self->m_connections[connection];
        place.exchange = exchange;
        place.waiting.start();
        return exchange;
    }

    static MHD_Result request(void *, MHD_Connection *, const char *, const char *method, const char *,
        const char *octets, size_t *size, void **place)
    {
        auto *exchange = static_cast<HttpExchange *>(*place);
        HttpExchange::Step step = HttpExchange::Step::Done;
        if (!exchange->hasBegun())
            step = exchange->begin(method);
        else if (*size > 0)
            step = exchange->takeBody(octets, std::exchange(*size, 0));
        else
            step = exchange->proceed();
        return step == HttpExchange::Step::Close ? MHD_NO : MHD_YES;
    }

    static void requestEnded(
        void *server, MHD_Connection *connection, void **place, MHD_RequestTerminationCode)
    {
        auto *self = static_cast<HttpServer *>(server);
        const auto known = self->m_connections.find(connection);
        if (known != self->m_connections.end()) {
            known->exchange = nullptr;
            known->waiting.start();
        }
        delete static_cast<HttpExchange *>(*place);
        *place = nullptr;
    }

    static void connection(
        void *server, MHD_Connection *connection, void **, MHD_ConnectionNotificationCode code)
    {
        auto *self = static_cast<HttpServer *>(server);
        if (code == MHD_CONNECTION_NOTIFY_STARTED)
            self->connectionStarted(connection);
        else
            self->m_connections.remove(connection);
    }

    /// The target is taken as it came; its segments are decoded after it was divided.
    static size_t unescape(void *, MHD_Connection *, char *text) { return std::strlen(text); }
};

HttpServer::HttpServer(QList<HttpRoute> routes, HttpSettings settings, QObject *parent)
    : QObject(parent), m_routes(std::move(routes)), m_settings(std::move(settings)),
      m_access(m_settings.address, m_settings.token)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &HttpServer::run);
    connect(&m_sweep, &QTimer::timeout, this, &HttpServer::sweep);
}

HttpServer::~HttpServer()
{
    if (!m_daemon)
        return;
    m_notifier.reset();
    for (const Connection &one : std::as_const(m_connections)) {
        if (one.exchange)
            one.exchange->abandon();
    }
    m_timer.stop();
    microHttpd().stopDaemon(m_daemon);
}

mail::Result<int> HttpServer::openSocket() const
{
    const auto failed = [this](int socket) {
        const int reason = errno;
        if (socket >= 0)
            ::close(socket);
        const mail::ErrorCode code = reason == EADDRINUSE ? mail::ErrorCode::InUse
            : reason == EACCES                            ? mail::ErrorCode::NotPermitted
                                                          : mail::ErrorCode::InputOutput;
        return tl::unexpected(mail::Error{code, smtp::hostPort(m_settings.address, m_settings.port),
            QString::fromLocal8Bit(std::strerror(reason))});
    };
    sockaddr_storage address = {};
    const socklen_t size = fill(address, m_settings.address, m_settings.port);
    const int socket = ::socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (socket < 0)
        return failed(socket);
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(socket, reinterpret_cast<const sockaddr *>(&address), size) != 0 || ::listen(socket, 511) != 0)
        return failed(socket);
    return socket;
}

mail::Result<quint16> HttpServer::listen()
{
    if (!loadMicroHttpd())
        return tl::unexpected(
            mail::Error{mail::ErrorCode::NotFound, QStringLiteral("libmicrohttpd.so.12"), {}});
    const mail::Result<int> socket = openSocket();
    if (!socket)
        return tl::unexpected(socket.error());
    m_daemon = microHttpd().startDaemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_ALLOW_UPGRADE, 0,
        nullptr, nullptr, &Callbacks::request, this, MHD_OPTION_LISTEN_SOCKET, *socket,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, connectionMemory, MHD_OPTION_CONNECTION_LIMIT,
        m_settings.connections, MHD_OPTION_CONNECTION_TIMEOUT,
        unsigned(std::chrono::ceil<std::chrono::seconds>(m_settings.idle).count()) + stalled,
        MHD_OPTION_URI_LOG_CALLBACK, &Callbacks::requestLine, this, MHD_OPTION_NOTIFY_COMPLETED,
        &Callbacks::requestEnded, this, MHD_OPTION_NOTIFY_CONNECTION, &Callbacks::connection, this,
        MHD_OPTION_UNESCAPE_CALLBACK, &Callbacks::unescape, this, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    if (!m_daemon) {
        ::close(*socket);
        return tl::unexpected(mail::Error{
            mail::ErrorCode::InputOutput, smtp::hostPort(m_settings.address, m_settings.port), {}});
    }
    m_notifier = std::make_unique<QSocketNotifier>(
        microHttpd().daemonInfo(m_daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &HttpServer::run);
    m_sweep.start(std::chrono::seconds(1));
    return microHttpd().daemonInfo(m_daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void HttpServer::runSoon()
{
    m_timer.start(0);
}

void HttpServer::run()
{
    microHttpd().run(m_daemon);
    MHD_UNSIGNED_LONG_LONG wait = 0;
    if (microHttpd().timeout(m_daemon, &wait) == MHD_YES)
        m_timer.start(int(std::min<MHD_UNSIGNED_LONG_LONG>(wait, std::numeric_limits<int>::max())));
}

void HttpServer::connectionStarted(MHD_Connection *connection)
{
    m_connections[connection].waiting.start();
}

/// Closes the connections whose request does not come to its end, and gives up what nobody waits for any
/// more. libmicrohttpd's own time-out starts again with each octet, and looks at no connection that is
/// suspended.
void HttpServer::sweep()
{
    for (auto one = m_connections.cbegin(); one != m_connections.cend(); ++one) {
        HttpExchange *exchange = one->exchange;
        const int socket = socketOf(one.key());
        if (exchange && exchange->isAwaited()) {
            if (isGone(socket))
                exchange->abandon();
        } else if (!(exchange && exchange->isAnswered())
            && one->waiting.hasExpired(m_settings.idle.count())) {
            static constexpr char timedOut[] = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n"
                                               "Content-Length: 0\r\n\r\n";
            if (exchange)
                ::send(socket, timedOut, sizeof timedOut - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
            ::shutdown(socket, SHUT_RDWR);
        }
    }
}

} // namespace glasspost::app
