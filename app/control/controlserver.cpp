#include "app/control/controlserver.h"

#include <QJsonDocument>
#include <QLocalSocket>

namespace glasspost::app {

namespace {

/// Octets of one request: a message to be queued travels in it.
constexpr qint64 requestLimit = 512 * 1024 * 1024;
/// Octets of answers that somebody has not read while another one comes.
constexpr qint64 unreadLimit = 64 * 1024 * 1024;

void write(QLocalSocket *socket, const QJsonObject &answer)
{
    if (socket->bytesToWrite() > unreadLimit)
        socket->abort();
    if (socket->state() == QLocalSocket::ConnectedState)
        socket->write(QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n');
}

} // namespace

ControlServer::ControlServer(Answerer answerer, QObject *parent)
    : QObject(parent), m_answerer(std::move(answerer))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &ControlServer::accept);
}

bool ControlServer::listen(const QString &path)
{
    if (path.isEmpty())
        return false;
    QLocalServer::removeServer(path);
    return m_server.listen(path);
}

void ControlServer::accept()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        read(socket);
    }
}

void ControlServer::read(QLocalSocket *socket)
{
    if (socket->bytesAvailable() > requestLimit) {
        socket->abort();
        return;
    }
    while (socket->canReadLine()) {
        const QJsonDocument request = QJsonDocument::fromJson(socket->readLine());
        if (!request.isObject()) {
            socket->abort(); // not one of us
            return;
        }
        m_answerer(request.object(), socket, [socket](const QJsonObject &answer) { write(socket, answer); });
    }
}

} // namespace glasspost::app
