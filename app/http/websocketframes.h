#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::app {

/// WebSocket (RFC 6455), the side of a server that speaks and does not listen: pure functions of octets.

/// What a request's fields say of a WebSocket.
struct WebSocketFields
{
    QByteArray upgrade, connection, version, key; ///< Upgrade, Connection, Sec-WebSocket-Version and -Key
};
enum class WebSocketWish {
    None, ///< it asks for none
    Valid, ///< 4.2.1
    OtherVersion, ///< 4.4: it is told that we have 13
    Malformed ///< of its key
};
[[nodiscard]] WebSocketWish webSocketWish(const WebSocketFields &fields);
/// The value of Sec-WebSocket-Accept, 4.2.2.
[[nodiscard]] QByteArray webSocketAccept(const QByteArray &key);

enum class WebSocketOpcode : quint8 {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10
};
/// A whole one, not masked (5.2).
[[nodiscard]] QByteArray webSocketFrame(WebSocketOpcode opcode, const QByteArray &payload);

/// Reads what a client sends, in whatever pieces. What it says is passed over; pings and a close are
/// answered, and frames that no client may send are answered with a close (7.4.1: 1002, 1009).
class WebSocketReader
{
public:
    /// Octets of one message, which may come in several frames.
    static constexpr quint64 longestMessage = 64 * 1024;

    [[nodiscard]] QByteArray take(QByteArrayView octets); ///< the frames to be sent
    [[nodiscard]] bool isOver() const { return m_isOver; } ///< a close was answered, or is the answer

private:
    /// What a frame begins with.
    struct Head
    {
        WebSocketOpcode opcode = WebSocketOpcode::Continuation;
        bool isLast = true;
        quint64 length = 0;
        QByteArray mask;
    };
    /// Whether the whole of it is there; it is taken off the octets then, or the error is set.
    bool takeHead();
    void checkHead(quint8 first, quint8 second);
    void takePayload();
    void finishFrame();
    void fail(quint16 status);

    QByteArray m_waiting; ///< less than a frame's head
    QByteArray m_answers;
    Head m_head;
    bool m_isInFrame = false;
    quint64 m_taken = 0; ///< octets of this frame's payload
    QByteArray m_control; ///< payload of a control frame
    quint64 m_message = 0; ///< octets of the message so far
    bool m_isInMessage = false; ///< further frames of it follow
    bool m_isOver = false;
};

} // namespace glasspost::app
