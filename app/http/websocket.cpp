#include "app/http/websocket.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

namespace glasspost::app {

WebSocket::WebSocket(int socket, std::shared_ptr<HttpStream> stream, const QByteArray &early,
    std::chrono::milliseconds silence)
    : m_socket(socket), m_stream(std::move(stream)), m_readable(socket, QSocketNotifier::Read),
      m_writable(socket, QSocketNotifier::Write)
{
    m_silence.setSingleShot(true);
    m_silence.setInterval(silence);
    connect(&m_readable, &QSocketNotifier::activated, this, &WebSocket::read);
    connect(&m_writable, &QSocketNotifier::activated, this, &WebSocket::write);
    connect(m_stream.get(), &HttpStream::written, this, &WebSocket::write);
    connect(&m_silence, &QTimer::timeout, this, &WebSocket::end);
    m_silence.start();
    // Not before its owner can hear that it ended.
    QTimer::singleShot(0, this, [this, early] { hear(early); });
}

void WebSocket::end()
{
    if (!m_stream)
        return;
    m_stream->disconnect(this);
    m_stream.reset();
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    m_silence.stop();
    Q_EMIT ended();
}

void WebSocket::read()
{
    char octets[4096];
    const ssize_t size = ::recv(m_socket, octets, sizeof octets, MSG_DONTWAIT);
    if (size > 0)
        hear(QByteArrayView(octets, size));
    else if (size == 0 || (errno != EAGAIN && errno != EINTR))
        end();
}

void WebSocket::hear(QByteArrayView octets)
{
    if (!m_stream)
        return;
    m_silence.start();
    m_sending += m_reader.take(octets);
    m_readable.setEnabled(!m_reader.isOver());
    write();
}

void WebSocket::write()
{
    if (!m_stream)
        return;
    bool canSend = true;
    while (canSend) {
        // Of whole frames alone: an answer may follow what is taken.
        if (m_sending.isEmpty() && !m_reader.isOver())
            m_sending = m_stream->take(HttpStream::mostWaiting);
        if (m_sending.isEmpty())
            break;
        canSend = sendSome();
    }
    // Who pings and does not read is no better than who does not read.
    const bool doesNotRead = m_stream->isCutOff() || m_sending.size() > 2 * HttpStream::mostWaiting;
    const bool isDone = m_reader.isOver() && m_sending.isEmpty();
    const bool isBroken = !canSend && errno != EAGAIN && errno != EINTR;
    if (doesNotRead || isDone || isBroken)
        end();
    else
        m_writable.setEnabled(!m_sending.isEmpty());
}

/// False with errno when nothing can be sent now.
bool WebSocket::sendSome()
{
    const ssize_t size
        = ::send(m_socket, m_sending.constData(), size_t(m_sending.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
    m_sending.remove(0, std::max<ssize_t>(size, 0));
    return size > 0;
}

} // namespace glasspost::app
