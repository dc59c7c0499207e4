#include "tests/support/policyserver.h"

#include <QSslConfiguration>
#include <QSslSocket>

namespace glasspost::test {

PolicyServer::PolicyServer(const Certified &identity) : m_identity(identity)
{
    listen(QHostAddress::LocalHost);
}

void PolicyServer::incomingConnection(qintptr descriptor)
{
    auto *socket = new QSslSocket(this);
    socket->setSocketDescriptor(descriptor);
    socket->setLocalCertificate(m_identity.certificate);
    socket->setPrivateKey(m_identity.key);
    connect(socket, &QSslSocket::readyRead, this, [this, socket] {
        if (!socket->peek(16384).contains("\r\n\r\n"))
            return;
        requests.append(socket->readAll());
        socket->write("HTTP/1.1 " + status + "\r\nContent-Type: " + contentType + "\r\n" + moreHeader
            + "Content-Length: " + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
        socket->disconnectFromHost();
    });
    connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
    socket->startServerEncryption();
}

} // namespace glasspost::test
