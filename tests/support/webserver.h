#pragma once

#include <QHash>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUdpSocket>

#include <algorithm>

namespace glasspost::test {

/// A server of this machine that says what was asked of it. Answers with what it was given for a path, 404
/// for any other. One request a connection. A datagram to its port, as WebRTC sends them, counts as one too.
class WebServer : public QObject
{
public:
    WebServer()
    {
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection())
                serve(socket);
        });
        connect(&m_datagrams, &QUdpSocket::readyRead, this, [this] {
            while (m_datagrams.hasPendingDatagrams()) {
                m_datagrams.readDatagram(nullptr, 0);
                ++m_connections;
            }
        });
        // A port that is free for both.
        do {
            m_server.close();
        } while (m_server.listen(QHostAddress::LocalHost)
            && !m_datagrams.bind(QHostAddress::LocalHost, m_server.serverPort()));
    }

    [[nodiscard]] QString address(const QString &path) const
    {
        return QStringLiteral("http://127.0.0.1:%1%2").arg(m_server.serverPort()).arg(path);
    }
    void give(const QByteArray &path, const QByteArray &octets,
        const QByteArray &head = "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nETag: \"x\"\r\n")
    {
        m_answers.insert(path, head + "Connection: close\r\n\r\n" + octets);
    }
    void redirect(const QByteArray &path, const QByteArray &to)
    {
        give(path, {}, "HTTP/1.1 302 Found\r\nLocation: " + to + "\r\n");
    }
    /// Nothing comes for it.
    void keepWaiting(const QByteArray &path) { m_answers.insert(path, QByteArray()); }

    [[nodiscard]] int connections() const { return m_connections; }
    [[nodiscard]] const QList<QByteArray> &requests() const { return m_requests; } ///< whole
    [[nodiscard]] QList<QByteArray> paths() const
    {
        QList<QByteArray> paths;
        for (const QByteArray &request : m_requests)
            paths.append(request.split(' ').value(1));
        std::sort(paths.begin(), paths.end());
        return paths;
    }

private:
    void serve(QTcpSocket *socket)
    {
        ++m_connections;
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, head = QByteArray()]() mutable {
            head += socket->readAll();
            const qsizetype end = head.indexOf("\r\n\r\n");
            const qsizetype length = head.indexOf("Content-Length: ");
            const qsizetype body
                = length < 0 ? 0 : head.mid(length + 16).split('\r').constFirst().toLongLong();
            if (end < 0 || head.size() - end - 4 < body)
                return;
            m_requests.append(head);
            const QByteArray path = head.split(' ').value(1);
            const QByteArray answer
                = m_answers.value(path, "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n");
            if (answer.isEmpty())
                return;
            socket->write(answer);
            socket->disconnectFromHost();
        });
    }

    QTcpServer m_server;
    QUdpSocket m_datagrams;
    QHash<QByteArray, QByteArray> m_answers;
    QList<QByteArray> m_requests;
    int m_connections = 0;
};

} // namespace glasspost::test
