#pragma once

#include "smtp/server/servertls.h"

#include <QByteArray>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QObject>
#include <QSocketNotifier>
#include <QSslConfiguration>
#include <QSslSocket>

#include <memory>
#include <optional>

namespace glasspost::smtp {

/// One accepted connection: in the clear to begin with, over TLS from startTls() on. One thread with an event
/// loop.
///
/// In the clear it speaks to the descriptor itself. A QSslSocket that waits for STARTTLS is two sockets, each
/// with buffers on both ways, and asks before each read how much there is; that took a third of the time of a
/// message on a connection of its own (tests/bench/README.md).
class ServerSocket final : public QObject
{
    Q_OBJECT
public:
    struct Ends
    {
        QHostAddress peerAddress;
        quint16 peerPort = 0;
        QHostAddress localAddress;
        quint16 localPort = 0;
    };

    /// Takes the descriptor of a connected TCP or Unix socket (whose ends are 127.0.0.1, port 0), which it
    /// closes in the end.
    explicit ServerSocket(qintptr descriptor);
    ~ServerSocket() override;

    /// Null addresses when the client is gone already.
    [[nodiscard]] const Ends &ends() const { return m_ends; }
    /// What has come, at most so many octets; less than asked for, and nothing held: there is no more now.
    qint64 read(char *octets, qint64 most);
    /// Octets that TLS decrypted meanwhile: it does so while a reply is written too, and who is reading then
    /// hears no readyRead().
    [[nodiscard]] bool holdsMore() const { return m_tls && m_tls->bytesAvailable() > 0; }
    /// The same, and leaves it there. Before TLS alone.
    qint64 peek(char *octets, qint64 most);
    /// Until resumeReading() nothing is told of what comes, nor of the end. Over TLS a full buffer does it,
    /// and these do nothing.
    void pauseReading();
    void resumeReading();
    /// Sent at once as far as the other end takes it; the rest is kept and follows.
    void write(const QByteArray &octets);
    /// The last of them, with endWriting() right behind: both go in one segment, which saves the other end
    /// being woken twice.
    void writeLast(const QByteArray &octets);
    [[nodiscard]] qint64 bytesToWrite() const;
    /// What was written goes out in the clear, then the handshake begins; ends in encrypted() or failed().
    void startTls(const QSslConfiguration &configuration, const ClientCertificateDemands &demands);
    /// No more is written. In the clear what comes is still told: a full close while the client sends would
    /// make a reset of it, and the last reply would be lost on the way.
    void endWriting();
    void abort(); ///< closed() comes before it returns

Q_SIGNALS:
    void readyRead();
    void wrote(); ///< some of what was kept
    void encrypted(const glasspost::smtp::TlsEstablished &tls);
    void failed(const QByteArray &why); ///< closed() follows
    /// In the clear: the client has said its last octet, and may still read. Again after resumeReading().
    void finished();
    void closed(); ///< once; by the client, or after an error

private:
    qint64 receive(char *octets, qint64 most, int flags);
    void write(const QByteArray &octets, int flags);
    qsizetype sendSome(QByteArrayView octets, int flags = 0);
    void descriptorReady();
    void sendKept();
    void beginTls();
    void handshakeDone();
    void tellClosed();
    [[nodiscard]] int descriptor() const; ///< -1 once TLS has closed it

    const qintptr m_descriptor;
    const Ends m_ends;
    std::unique_ptr<QSocketNotifier> m_readable;
    std::unique_ptr<QSocketNotifier> m_writable; ///< made when the other end does not keep up
    QByteArray m_kept; ///< written and not taken yet
    bool m_isEnding = false; ///< no more is written once m_kept is gone
    bool m_atEnd = false; ///< the last read found the end, or an error
    bool m_isFinished = false; ///< the end, in order
    int m_error = 0; ///< or this instead of it
    bool m_isClosed = false;

    std::optional<QSslConfiguration> m_configuration; ///< TLS was asked for, and begins once m_kept is gone
    ClientCertificateDemands m_demands;
    std::unique_ptr<QSslSocket> m_tls; ///< has the descriptor now
    TlsHandle m_handle;
    QElapsedTimer m_sinceHandshake;
};

} // namespace glasspost::smtp
