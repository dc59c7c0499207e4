#include "app/http/httpexchange.h"

#include "app/http/microhttpd.h"

#include <QFile>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace glasspost::app {

int socketOf(MHD_Connection *connection)
{
    return microHttpd().connectionInfo(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

namespace {

ssize_t readStreamOf(void *exchange, uint64_t, char *buffer, size_t most)
{
    return ssize_t(static_cast<HttpExchange *>(exchange)->readStream(buffer, most));
}

void takeSocketOf(void *, MHD_Connection *, void *exchange, const char *early, size_t size, MHD_socket socket,
    MHD_UpgradeResponseHandle *handle)
{
    static_cast<HttpExchange *>(exchange)->takeSocket(socket, QByteArray(early, qsizetype(size)), handle);
}

MHD_Response *octetsOf(const HttpResponse &response)
{
    if (!response.file)
        return microHttpd().responseFromBuffer(size_t(response.body.size()),
            const_cast<char *>(response.body.constData()), MHD_RESPMEM_MUST_COPY);
    const int file = ::open(QFile::encodeName(response.file->path()).constData(), O_RDONLY | O_CLOEXEC);
    struct stat facts = {};
    if (file < 0 || ::fstat(file, &facts) != 0)
        return nullptr;
    return microHttpd().responseFromFile(uint64_t(facts.st_size), file); // closes it
}

struct ResponseUnref
{
    void operator()(MHD_Response *response) const { microHttpd().destroyResponse(response); }
};

} // namespace

HttpExchange::HttpExchange(HttpServer &server, MHD_Connection *connection, QByteArray target)
    : m_server(server), m_connection(connection), m_target(std::move(target))
{ }

HttpExchange::~HttpExchange()
{
    dropBody();
}

QByteArray HttpExchange::field(const char *name) const
{
    return microHttpd().connectionValue(m_connection, MHD_HEADER_KIND, name);
}

/// -1 when the header does not say.
qint64 HttpExchange::announcedSize() const
{
    bool isNumber = false;
    const qint64 size = field(MHD_HTTP_HEADER_CONTENT_LENGTH).toLongLong(&isNumber);
    return isNumber ? size : -1;
}

HttpExchange::Step HttpExchange::begin(const QByteArray &method)
{
    m_hasBegun = true;
    m_request.method = method;
    m_response = examine();
    // An answer before the request's end ends the connection: for one that has a body to be passed over.
    const bool hasBody = announcedSize() > 0 || !field(MHD_HTTP_HEADER_TRANSFER_ENCODING).isEmpty();
    return m_response && hasBody ? proceed() : Step::Done;
}

std::optional<HttpResponse> HttpExchange::examine()
{
    const auto *size = microHttpd().connectionInfo(m_connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (size != nullptr && qint64(size->header_size) > m_server.m_settings.headerLimit)
        return refusal(431, QStringLiteral("Request Header Fields Too Large"));
    auto path = pathOf(m_target);
    const QString mailbox = path ? takeInbox(*path) : QString();
    auto found = path ? m_server.m_routes.find(m_request.method, *path)
                      : tl::unexpected(refusal(400, QStringLiteral("Bad Request")));
    const HttpCredentials credentials{m_request.method, field("Host"), field("Origin"),
        field("Sec-Fetch-Site"), field("Sec-Fetch-Mode"), field("Sec-Fetch-Dest"), field("Authorization")};
    const bool isOpen = found && found->route->isOpen;
    if (const auto refused = m_server.m_access.refusalOf(credentials, !isOpen))
        return refused;
    if (!found)
        return found.error();
    m_route = found->route;
    m_request.path = *path;
    m_request.mailbox = mailbox;
    m_request.captured = found->captured;
    m_request.query = queryOf(m_target);
    m_request.lastEventId = field("Last-Event-ID");
    m_request.wantsEvents = field("Accept").contains("text/event-stream");
    m_request.webSocketKey = field("Sec-WebSocket-Key");
    if (m_request.method == "GET")
        m_request.webSocket = webSocketWish(
            {field("Upgrade"), field("Connection"), field("Sec-WebSocket-Version"), m_request.webSocketKey});
    if (announcedSize() > m_route->bodyLimit)
        return refusal(413, QStringLiteral("Request Entity Too Large"));
    return std::nullopt;
}

// While octets of it come nothing can be answered: what is too much is passed over to the end, if the end is
// near.
HttpExchange::Step HttpExchange::takeBody(const char *octets, size_t size)
{
    if (m_response) // refused already, and nothing that we read announced a body
        return Step::Close;
    m_received += qint64(size);
    if (m_received > m_route->bodyLimit)
        m_bodyRefusal = 413;
    else if (m_server.m_bodies + qint64(size) > m_server.m_settings.bodiesLimit)
        m_bodyRefusal = 503;
    if (m_bodyRefusal != 0) {
        dropBody();
        return m_received > 2 * m_route->bodyLimit ? Step::Close : Step::Done;
    }
    if (m_request.body.isEmpty() && announcedSize() > 0)
        m_request.body.reserve(std::min<qint64>(announcedSize(), 1024 * 1024));
    m_request.body.append(octets, qsizetype(size));
    m_counted += qint64(size);
    m_server.m_bodies += qint64(size);
    return Step::Done;
}

void HttpExchange::dropBody()
{
    m_request.body = {};
    m_server.m_bodies -= std::exchange(m_counted, 0);
}

HttpExchange::Step HttpExchange::proceed()
{
    if (m_isAbandoned)
        return Step::Close;
    if (m_response)
        return queue(*std::exchange(m_response, std::nullopt));
    if (m_bodyRefusal == 413)
        return queue(refusal(413, QStringLiteral("Request Entity Too Large")));
    if (m_bodyRefusal != 0)
        return queue(refusal(m_bodyRefusal, QStringLiteral("Too many requests at once")));
    if (!std::exchange(m_isDispatched, true))
        dispatch();
    return Step::Done;
}

void HttpExchange::dispatch()
{
    suspend();
    m_route->handler(m_request, this).then(this, [this](const mail::Result<HttpResponse> &result) {
        answer(result ? *result : refusal(result.error()));
    });
    m_request.body = {}; // it counts until the answer: the handler has what it made of it
}

void HttpExchange::answer(HttpResponse response)
{
    m_response = std::move(response);
    dropBody();
    resume();
}

void HttpExchange::abandon()
{
    m_isAbandoned = true;
    if (m_webSocket)
        m_webSocket->end();
    resume();
}

void HttpExchange::suspend()
{
    microHttpd().suspendConnection(m_connection);
    m_isSuspended = true;
}

void HttpExchange::resume()
{
    if (!std::exchange(m_isSuspended, false))
        return;
    microHttpd().resumeConnection(m_connection);
    m_server.runSoon();
}

HttpExchange::Step HttpExchange::queue(const HttpResponse &response)
{
    m_isAnswered = true;
    m_stream = response.stream;
    if (!response.webSocketAccept.isEmpty())
        return upgrade(response);
    if (m_stream)
        connect(m_stream.get(), &HttpStream::written, this, &HttpExchange::streamOn);
    const std::unique_ptr<MHD_Response, ResponseUnref> octets(m_stream
            ? microHttpd().responseFromCallback(MHD_SIZE_UNKNOWN, 16 * 1024, readStreamOf, this, nullptr)
            : octetsOf(response));
    if (!octets)
        return Step::Close;
    microHttpd().addResponseHeader(
        octets.get(), MHD_HTTP_HEADER_CONTENT_TYPE, response.contentType.constData());
    microHttpd().addResponseHeader(octets.get(), "X-Content-Type-Options", "nosniff");
    microHttpd().addResponseHeader(octets.get(), "Referrer-Policy", "no-referrer");
    microHttpd().addResponseHeader(octets.get(), MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    for (const auto &[name, value] : response.fields)
        microHttpd().addResponseHeader(octets.get(), name.constData(), value.constData());
    const bool isQueued
        = microHttpd().queueResponse(m_connection, unsigned(response.status), octets.get()) == MHD_YES;
    return isQueued ? Step::Done : Step::Close;
}

/// RFC 6455 4.2.2; the library says that the connection is upgraded.
HttpExchange::Step HttpExchange::upgrade(const HttpResponse &response)
{
    const std::unique_ptr<MHD_Response, ResponseUnref> head(
        microHttpd().responseForUpgrade(takeSocketOf, nullptr));
    if (!head)
        return Step::Close;
    microHttpd().addResponseHeader(head.get(), MHD_HTTP_HEADER_UPGRADE, "websocket");
    microHttpd().addResponseHeader(head.get(), "Sec-WebSocket-Accept", response.webSocketAccept.constData());
    const bool isQueued
        = microHttpd().queueResponse(m_connection, MHD_HTTP_SWITCHING_PROTOCOLS, head.get()) == MHD_YES;
    return isQueued ? Step::Done : Step::Close;
}

/// The library looks at the connection no more until it has it back: neither for its time-out nor for
/// requests.
void HttpExchange::takeSocket(int socket, const QByteArray &early, MHD_UpgradeResponseHandle *handle)
{
    m_upgrade = handle;
    m_webSocket = std::make_unique<WebSocket>(socket, std::move(m_stream), early);
    connect(m_webSocket.get(), &WebSocket::ended, this, &HttpExchange::giveSocketBack);
}

/// Which closes it, and ends this exchange the next time that the library runs.
void HttpExchange::giveSocketBack()
{
    microHttpd().upgradeAction(std::exchange(m_upgrade, nullptr), MHD_UPGRADE_ACTION_CLOSE);
    m_server.runSoon();
}

void HttpExchange::streamOn()
{
    // The library waits until the client reads, which is what it does not do.
    if (m_stream->isCutOff())
        ::shutdown(socketOf(m_connection), SHUT_RDWR);
    resume();
}

qint64 HttpExchange::readStream(char *buffer, size_t most)
{
    if (m_isAbandoned || m_stream->isCutOff())
        return MHD_CONTENT_READER_END_WITH_ERROR;
    const QByteArray octets = m_stream->take(qsizetype(most));
    if (octets.isEmpty())
        suspend();
    std::memcpy(buffer, octets.constData(), size_t(octets.size()));
    return octets.size();
}

} // namespace glasspost::app
