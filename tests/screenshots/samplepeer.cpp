#include "samplepeer.h"

#include <QTcpSocket>

SamplePeer::SamplePeer(QObject *parent) : QTcpServer(parent)
{
    connect(this, &QTcpServer::newConnection, this, &SamplePeer::serve);
    listen(QHostAddress::LocalHost, 0);
}

void SamplePeer::serve()
{
    QTcpSocket *socket = nextPendingConnection();
    socket->write("220 mx1.example.org ESMTP\r\n");
    connect(socket, &QTcpSocket::readyRead, socket, [socket, inData = false]() mutable {
        while (socket->canReadLine()) {
            const QByteArray line = socket->readLine().trimmed();
            if (inData && line == ".") {
                inData = false;
                socket->write("250 2.0.0 Queued as 4Q7hZ1\r\n");
            } else if (!inData) {
                socket->write(answer(line));
                inData = line.toUpper() == "DATA";
            }
        }
    });
    connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
}

QByteArray SamplePeer::answer(const QByteArray &line)
{
    const QByteArray verb = line.toUpper();
    if (verb.startsWith("EHLO"))
        return "250-mx1.example.org\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n";
    if (verb.startsWith("RCPT") && verb.contains("BUSY"))
        return "450 4.2.1 The mailbox is busy, try again later\r\n";
    if (verb.startsWith("RCPT") && verb.contains("GONE"))
        return "550 5.1.1 There is no user of that name here\r\n";
    if (verb.startsWith("RCPT") && verb.contains("SLOW"))
        return {};
    if (verb == "DATA")
        return "354 Start mail input; end with <CRLF>.<CRLF>\r\n";
    if (verb == "QUIT")
        return "221 2.0.0 Bye\r\n";
    return "250 2.0.0 OK\r\n";
}

bool bring(
    quint16 port, const QByteArray &from, const QList<QByteArray> &recipients, const QByteArray &message)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    const auto reply = [&socket] {
        QByteArray line;
        do {
            while (!socket.canReadLine()) {
                if (!socket.waitForReadyRead(10000))
                    return QByteArray();
            }
            line = socket.readLine();
        } while (line.size() > 3 && line.at(3) == '-');
        return line;
    };
    const auto ask = [&socket, &reply](const QByteArray &line) {
        socket.write(line + "\r\n");
        return reply();
    };
    reply();
    ask("EHLO app.example.org");
    ask("MAIL FROM:<" + from + ">");
    bool any = false;
    for (const QByteArray &recipient : recipients)
        any = ask("RCPT TO:<" + recipient + ">").startsWith("25") || any;
    bool accepted = false;
    if (any && ask("DATA").startsWith("354")) {
        QByteArray wire = message;
        wire.replace("\n", "\r\n");
        accepted = ask(wire + "\r\n.").startsWith("250");
    }
    ask("QUIT");
    return accepted;
}
