#include "app/control/controlclient.h"

#include <QJsonDocument>

namespace glasspost::app {

ControlClient::ControlClient(QString path, QObject *parent) : QObject(parent), m_path(std::move(path))
{
    connect(&m_socket, &QLocalSocket::connected, this,
        [this] { m_socket.write(QJsonDocument(m_request).toJson(QJsonDocument::Compact) + '\n'); });
    connect(&m_socket, &QLocalSocket::readyRead, this, &ControlClient::readAnswer);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, [this] { end(false); });
    connect(&m_socket, &QLocalSocket::disconnected, this, [this] { end(false); });
}

void ControlClient::ask(const QJsonObject &request)
{
    m_request = request;
    m_received.clear();
    m_ended = false;
    m_socket.abort();
    m_socket.connectToServer(m_path);
}

void ControlClient::readAnswer()
{
    m_received += m_socket.readAll();
    const qsizetype lineEnd = m_received.indexOf('\n');
    if (lineEnd >= 0)
        end(true, QJsonDocument::fromJson(m_received.left(lineEnd)).object());
}

void ControlClient::end(bool reached, const QJsonObject &answer)
{
    if (m_ended)
        return;
    m_ended = true;
    // Later, so that neither the caller of ask() nor the socket is in the middle of something.
    QMetaObject::invokeMethod(
        this,
        [this, reached, answer] {
            m_socket.abort();
            if (reached)
                Q_EMIT answered(answer);
            else
                Q_EMIT unreachable();
        },
        Qt::QueuedConnection);
}

} // namespace glasspost::app
