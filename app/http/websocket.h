#pragma once

#include "app/http/httpmessage.h"
#include "app/http/websocketframes.h"

#include <QSocketNotifier>
#include <QTimer>

#include <chrono>
#include <memory>

namespace glasspost::app {

/// A client at a WebSocket, to which the whole frames of a stream go. On the thread that made it.
class WebSocket : public QObject
{
    Q_OBJECT
public:
    /// Longer than that a client is not silent: it answers the pings of the stream.
    static constexpr std::chrono::milliseconds mostSilence = std::chrono::seconds(60);

    /// The socket is its owner's, and open until ended(). early: what has been read of it.
    WebSocket(int socket, std::shared_ptr<HttpStream> stream, const QByteArray &early,
        std::chrono::milliseconds silence = mostSilence);

    void end(); ///< at once; nothing is done with the socket any more

Q_SIGNALS:
    /// Once: by end(), or since the client closed it, has gone, is silent, or does not read.
    void ended();

private:
    void read();
    void hear(QByteArrayView octets);
    void write();
    bool sendSome();

    const int m_socket;
    std::shared_ptr<HttpStream> m_stream; ///< null: ended
    WebSocketReader m_reader;
    QByteArray m_sending; ///< frames, the first of which may be sent in part
    QSocketNotifier m_readable, m_writable;
    QTimer m_silence;
};

} // namespace glasspost::app
