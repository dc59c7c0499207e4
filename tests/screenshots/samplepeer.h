#pragma once

#include <QByteArray>
#include <QList>
#include <QTcpServer>

/// A server of somebody else's for the pictures: takes every recipient, but "busy" (450) and "gone" (550).
/// "slow" is left without an answer, so that its message stays on the way.
class SamplePeer : public QTcpServer
{
    Q_OBJECT
public:
    explicit SamplePeer(QObject *parent = nullptr);

private:
    void serve();
    static QByteArray answer(const QByteArray &line);
};

/// Brings one message to a listener, waiting for each reply; true when it was accepted. Lines are as the wire
/// has them, with CRLF; tests alone may block like this.
bool bring(
    quint16 port, const QByteArray &from, const QList<QByteArray> &recipients, const QByteArray &message);
