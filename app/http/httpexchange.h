#pragma once

#include "app/http/httpserver.h"
#include "app/http/websocket.h"

struct MHD_UpgradeResponseHandle;

namespace glasspost::app {

/// One request and its response. Made when the request's first line is there, gone with the last octet of the
/// response or with the connection; handlers have it as their context.
class HttpExchange : public QObject
{
    Q_OBJECT
public:
    HttpExchange(HttpServer &server, MHD_Connection *connection, QByteArray target);
    ~HttpExchange() override;

    enum class Step {
        Done, ///< more of the request may come, or the answer is awaited
        Close ///< nothing can be said any more
    };
    /// The header is there: whether it may be asked is decided before any of the body is taken.
    Step begin(const QByteArray &method);
    Step takeBody(const char *octets, size_t size);
    /// All of the request is there, or the handler has answered since.
    Step proceed();

    [[nodiscard]] bool hasBegun() const { return m_hasBegun; }
    [[nodiscard]] bool isAwaited() const { return m_isSuspended; } ///< the client waits for more from us
    /// The whole request is there: no time runs for it any more.
    [[nodiscard]] bool isAnswered() const { return m_isDispatched || m_isAnswered; }
    /// The client has gone, or the server ends.
    void abandon();
    /// At most so many octets of the stream; less than 0 when it ends.
    qint64 readStream(char *buffer, size_t most);
    /// The connection is a WebSocket now. early: what came behind the request.
    void takeSocket(int socket, const QByteArray &early, MHD_UpgradeResponseHandle *handle);

private:
    std::optional<HttpResponse> examine();
    [[nodiscard]] QByteArray field(const char *name) const;
    [[nodiscard]] qint64 announcedSize() const;
    void dispatch();
    void answer(HttpResponse response);
    Step queue(const HttpResponse &response);
    Step upgrade(const HttpResponse &response);
    void giveSocketBack();
    void streamOn();
    void suspend();
    void resume();
    void dropBody();

    HttpServer &m_server;
    MHD_Connection *m_connection;
    QByteArray m_target;
    HttpRequest m_request;
    const HttpRoute *m_route = nullptr;
    std::optional<HttpResponse> m_response;
    std::shared_ptr<HttpStream> m_stream;
    std::unique_ptr<WebSocket> m_webSocket;
    MHD_UpgradeResponseHandle *m_upgrade = nullptr; ///< while m_webSocket has the connection
    qint64 m_received = 0; ///< octets of the body, kept or not
    qint64 m_counted = 0; ///< of them in the server's sum
    int m_bodyRefusal = 0; ///< status; 0: none
    bool m_hasBegun = false;
    bool m_isDispatched = false;
    bool m_isSuspended = false;
    bool m_isAnswered = false;
    bool m_isAbandoned = false;
};

[[nodiscard]] int socketOf(MHD_Connection *connection);

} // namespace glasspost::app
