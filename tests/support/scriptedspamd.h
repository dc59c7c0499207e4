#pragma once

#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>

namespace glasspost::test {

/// As SpamAssassin 4.0.1 answers REPORT: line ends of its own in the head, others in the report.
inline QByteArray spamdAnswer(const QByteArray &verdict, const QByteArray &rules)
{
    const QByteArray body = "Spam detection software, running on the system \"host\",\n"
                            "has looked at this incoming email.\n\nContent preview:  1.0 NO_RULE Hello\n\n"
                            "Content analysis details:   (6.1 points, 5.0 required)\n\n"
                            " pts rule name              description\n"
                            "---- ---------------------- --------------------------------------------------\n"
        + rules + "\n\n";
    return "SPAMD/1.1 0 EX_OK\r\nContent-length: " + QByteArray::number(body.size()) + "\r\nSpam: " + verdict
        + "\r\n\r\n" + body;
}

/// Answers whoever has sent a whole request with the same octets, and closes. Of this machine, at a free
/// port or a Unix socket.
class ScriptedSpamd
{
public:
    enum class After { Closes, StaysOpen };

    explicit ScriptedSpamd(QByteArray answer, After after = After::Closes)
        : m_answer(std::move(answer)), m_after(after)
    {
        m_tcp.listen(QHostAddress::LocalHost);
        QObject::connect(&m_tcp, &QTcpServer::newConnection, &m_tcp, [this] {
            while (QTcpSocket *socket = m_tcp.nextPendingConnection())
                serve(socket);
        });
        QObject::connect(&m_local, &QLocalServer::newConnection, &m_local, [this] {
            while (QLocalSocket *socket = m_local.nextPendingConnection())
                serve(socket);
        });
    }
    bool listenAt(const QString &path) { return m_local.listen(path); }
    [[nodiscard]] QString address() const { return QStringLiteral("127.0.0.1:%1").arg(m_tcp.serverPort()); }
    [[nodiscard]] const QByteArray &request() const { return m_request; } ///< of the last connection

private:
    template <typename Socket> void serve(Socket *socket)
    {
        m_request.clear();
        QObject::connect(socket, &QIODevice::readyRead, socket, [this, socket] {
            m_request += socket->readAll();
            const qsizetype begin = m_request.indexOf("\r\n\r\n") + 4;
            const qsizetype length = m_request.indexOf("Content-length: ") + 16;
            const qsizetype size = m_request.mid(length, m_request.indexOf('\r', length) - length).toInt();
            if (begin < 4 || m_request.size() - begin < size)
                return;
            socket->write(m_answer);
            if (m_after == After::Closes)
                closeConnection(socket);
        });
    }
    static void closeConnection(QTcpSocket *socket) { socket->disconnectFromHost(); }
    static void closeConnection(QLocalSocket *socket) { socket->disconnectFromServer(); }

    QTcpServer m_tcp;
    QLocalServer m_local;
    const QByteArray m_answer;
    const After m_after;
    QByteArray m_request;
};

} // namespace glasspost::test
