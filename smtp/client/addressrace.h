#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QList>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <vector>

class QTcpSocket;

namespace glasspost::smtp {

/// Connects to the addresses of one host, a new attempt a short while after the last one or as soon as that
/// one failed; the first connection that stands wins and the others are given up (RFC 8305 5). Has no
/// time-out: whoever owns it bounds the whole. Used on one thread with an event loop.
class AddressRace : public QObject
{
    Q_OBJECT
public:
    explicit AddressRace(QObject *parent = nullptr);
    ~AddressRace() override;

    /// In racing order, once or again after an end. No address at all is a loss.
    void start(const QList<QHostAddress> &addresses, quint16 port, std::chrono::milliseconds stagger);
    /// Gives up what runs, without won() or lost(); each attempt is noted with the reason.
    void stop(const QByteArray &reason);
    [[nodiscard]] bool isRunning() const { return !m_attempts.empty(); }

Q_SIGNALS:
    void noted(const QByteArray &line); ///< one for each attempt's begin and end, for the transcript
    /// A connected socket's descriptor, which the receiver owns from now on.
    void won(qintptr descriptor, const QHostAddress &address);
    /// No address could be connected to; the last one and its reason.
    void lost(const QHostAddress &address, const QByteArray &reason);

private:
    struct Attempt
    {
        QHostAddress address;
        std::unique_ptr<QTcpSocket> socket;
    };

    void startNext();
    void connected(const QTcpSocket *socket);
    void failed(const QTcpSocket *socket);
    Attempt take(const QTcpSocket *socket);
    void giveUpRest(const QByteArray &reason);

    QList<QHostAddress> m_waiting;
    std::vector<Attempt> m_attempts;
    quint16 m_port = 0;
    QTimer m_stagger;
};

/// RFC 8305 4: IPv6 first, then the families by turns; within a family the order given.
QList<QHostAddress> racingOrder(const QList<QHostAddress> &addresses);

} // namespace glasspost::smtp
