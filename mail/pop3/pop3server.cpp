#include "mail/pop3/pop3server.h"

#include "smtp/syntax/hostport.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace glasspost::mail {

/// Hands over descriptors. Where none is free it rests a second: Qt's (6.4) would try again without end.
class Pop3Server::Door : public QTcpServer
{
public:
    explicit Door(Pop3Server &server) : m_server(server)
    {
        m_rest.setSingleShot(true);
        m_rest.setInterval(std::chrono::seconds(1));
        connect(&m_rest, &QTimer::timeout, this, &QTcpServer::resumeAccepting);
        connect(this, &QTcpServer::acceptError, this, [this] {
            pauseAccepting();
            m_rest.start();
        });
    }

private:
    void incomingConnection(qintptr descriptor) override { m_server.accept(descriptor); }

    Pop3Server &m_server;
    QTimer m_rest;
};

Pop3Server::Pop3Server(Pop3Context &context) : m_context(context), m_door(std::make_unique<Door>(*this)) { }

Pop3Server::~Pop3Server()
{
    m_door.reset();
    qDeleteAll(findChildren<Pop3Session *>(QString(), Qt::FindDirectChildrenOnly));
}

Result<quint16> Pop3Server::listen(const QHostAddress &address, quint16 port)
{
    if (m_door->listen(address, port))
        return m_door->serverPort();
    const QAbstractSocket::SocketError error = m_door->serverError();
    const ErrorCode code = error == QAbstractSocket::AddressInUseError ? ErrorCode::InUse
        : error == QAbstractSocket::SocketAccessError                  ? ErrorCode::NotPermitted
                                                                       : ErrorCode::InputOutput;
    return tl::unexpected(Error{code, smtp::hostPort(address, port), m_door->errorString()});
}

void Pop3Server::accept(qintptr descriptor)
{
    const int on = 1; // a reply goes out at once
    ::setsockopt(static_cast<int>(descriptor), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    auto socket = std::make_unique<smtp::ServerSocket>(descriptor);
    if (m_sessions >= mostSessions) {
        socket->write("-ERR [SYS/TEMP] Too many connections at once, try again later\r\n");
        return;
    }
    ++m_sessions;
    auto *session = new Pop3Session(std::move(socket), m_context, this);
    connect(session, &Pop3Session::finished, this, [this, session] {
        --m_sessions;
        session->deleteLater();
    });
    session->start();
}

} // namespace glasspost::mail
