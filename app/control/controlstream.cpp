#include "app/control/controlstream.h"

#include <QJsonDocument>

#include <utility>

namespace glasspost::app {

ControlStream::ControlStream(QObject *parent) : QObject(parent)
{
    connect(&m_socket, &QLocalSocket::connected, this,
        [this] { m_socket.write(QJsonDocument(m_request).toJson(QJsonDocument::Compact) + '\n'); });
    connect(&m_socket, &QLocalSocket::readyRead, this, &ControlStream::readAnswers);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, &ControlStream::end);
    connect(&m_socket, &QLocalSocket::disconnected, this, &ControlStream::end);
}

void ControlStream::open(const QString &path, const QJsonObject &request)
{
    m_isOpen = false;
    m_socket.abort();
    m_request = request;
    m_isOpen = true;
    m_socket.connectToServer(path);
}

void ControlStream::readAnswers()
{
    while (m_isOpen && m_socket.canReadLine())
        Q_EMIT received(QJsonDocument::fromJson(m_socket.readLine()).object());
}

void ControlStream::end()
{
    readAnswers(); // the last of them
    if (!std::exchange(m_isOpen, false))
        return;
    // Later, so that neither the caller of open() nor the socket is in the middle of something.
    QMetaObject::invokeMethod(this, &ControlStream::closed, Qt::QueuedConnection);
}

} // namespace glasspost::app
