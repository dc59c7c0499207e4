#pragma once

#include "app/http/httpaccess.h"
#include "app/http/httproutes.h"

#include <QElapsedTimer>
#include <QHash>
#include <QSocketNotifier>
#include <QTimer>

#include <chrono>
#include <memory>

struct MHD_Connection;
struct MHD_Daemon;

namespace glasspost::app {

class HttpExchange;

struct HttpSettings
{
    QHostAddress address = QHostAddress(QHostAddress::LocalHost);
    quint16 port = 0; ///< 0: a free one
    QByteArray token; ///< empty: none is asked for
    qint64 headerLimit = 16 * 1024; ///< octets
    qint64 bodiesLimit = 40 * 1024 * 1024; ///< octets of all bodies that are on their way in
    unsigned int connections = 1200; ///< at once; a further one waits
    std::chrono::milliseconds idle = std::chrono::seconds(30); ///< without a whole request
};

/// HTTP/1.1 for programs on this machine, by libmicrohttpd within our event loop: one thread, and nothing is
/// held while a handler's answer is awaited. On the thread that made it.
class HttpServer : public QObject
{
    Q_OBJECT
public:
    HttpServer(QList<HttpRoute> routes, HttpSettings settings, QObject *parent = nullptr);
    /// What is not answered yet is broken off.
    ~HttpServer() override;

    /// The port bound. InUse for a taken one, NotPermitted for one that only the system may open; subject is
    /// "address:port".
    mail::Result<quint16> listen();

private:
    friend class HttpExchange;
    struct Callbacks;
    struct Connection
    {
        QElapsedTimer waiting; ///< for a whole request
        HttpExchange *exchange = nullptr; ///< from the request's first line to the response's end
    };

    mail::Result<int> openSocket() const;
    void runSoon();
    void run();
    void sweep();
    void connectionStarted(MHD_Connection *connection);
    void connectionClosed(MHD_Connection *connection);

    HttpRoutes m_routes;
    HttpSettings m_settings;
    HttpAccess m_access;
    qint64 m_bodies = 0; ///< octets held now
    QHash<MHD_Connection *, Connection> m_connections;
    QTimer m_timer;
    QTimer m_sweep;
    std::unique_ptr<QSocketNotifier> m_notifier;
    MHD_Daemon *m_daemon = nullptr;
};

} // namespace glasspost::app
