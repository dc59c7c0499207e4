#include "app/http/websocketframes.h"

#include <QCryptographicHash>
#include <QtEndian>

#include <algorithm>
#include <utility>

namespace glasspost::app {

namespace {

constexpr qsizetype longestControl = 125; // octets, RFC 6455 5.5
constexpr quint16 protocolError = 1002, tooBig = 1009; // 7.4.1

bool isListed(const QByteArray &list, const QByteArray &token)
{
    const QList<QByteArray> all = list.toLower().split(',');
    return std::any_of(
        all.cbegin(), all.cend(), [&token](const QByteArray &one) { return one.trimmed() == token; });
}

bool isKey(const QByteArray &key)
{
    const auto decoded = QByteArray::fromBase64Encoding(key, QByteArray::AbortOnBase64DecodingErrors);
    return decoded && decoded.decoded.size() == 16;
}

bool isControl(WebSocketOpcode opcode)
{
    return quint8(opcode) >= quint8(WebSocketOpcode::Close);
}

bool isDefined(quint8 opcode)
{
    return opcode <= quint8(WebSocketOpcode::Binary)
        || (opcode >= quint8(WebSocketOpcode::Close) && opcode <= quint8(WebSocketOpcode::Pong));
}

template <typename Number> QByteArray bigEndian(Number number)
{
    QByteArray octets(sizeof number, Qt::Uninitialized);
    qToBigEndian(number, octets.data());
    return octets;
}

} // namespace

WebSocketWish webSocketWish(const WebSocketFields &fields)
{
    if (!isListed(fields.upgrade, "websocket") || !isListed(fields.connection, "upgrade"))
        return WebSocketWish::None;
    if (fields.version.trimmed() != "13")
        return WebSocketWish::OtherVersion;
    return isKey(fields.key.trimmed()) ? WebSocketWish::Valid : WebSocketWish::Malformed;
}

QByteArray webSocketAccept(const QByteArray &key)
{
    return QCryptographicHash::hash(
        key.trimmed() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1)
        .toBase64();
}

QByteArray webSocketFrame(WebSocketOpcode opcode, const QByteArray &payload)
{
    QByteArray head(1, char(0x80 | quint8(opcode)));
    if (payload.size() <= longestControl)
        head += char(payload.size());
    else if (payload.size() <= 0xffff)
        head += char(126) + bigEndian(quint16(payload.size()));
    else
        head += char(127) + bigEndian(quint64(payload.size()));
    return head + payload;
}

QByteArray WebSocketReader::take(QByteArrayView octets)
{
    if (!m_isOver)
        m_waiting += octets;
    while (!m_isOver && (m_isInFrame || takeHead())) {
        takePayload();
        if (m_taken < m_head.length)
            break;
        finishFrame();
    }
    return std::exchange(m_answers, {});
}

bool WebSocketReader::takeHead()
{
    if (m_waiting.size() < 2)
        return false;
    const auto first = quint8(m_waiting.at(0)), second = quint8(m_waiting.at(1));
    checkHead(first, second);
    const int kind = second & 0x7f, extended = kind == 126 ? 2 : kind == 127 ? 8 : 0;
    if (m_isOver || m_waiting.size() < 2 + extended + 4)
        return false;
    quint64 length = quint64(kind);
    if (extended == 2)
        length = qFromBigEndian<quint16>(m_waiting.constData() + 2);
    else if (extended == 8)
        length = qFromBigEndian<quint64>(m_waiting.constData() + 2);
    const auto opcode = WebSocketOpcode(first & 0x0f);
    // Of the length alone: what is announced is not waited for. No sum of these overflows.
    if (!isControl(opcode) && (length > longestMessage || m_message + length > longestMessage)) {
        fail(tooBig);
        return false;
    }
    m_head = {opcode, (first & 0x80) != 0, length, m_waiting.mid(2 + extended, 4)};
    m_waiting.remove(0, 2 + extended + 4);
    m_isInFrame = true;
    m_taken = 0;
    m_control.clear();
    return true;
}

/// 5.1: a client's frames are masked. 5.2: no extension was agreed on, so that its bits are 0. 5.4 and 5.5: a
/// control frame may stand between the frames of a message, is short and never divided.
void WebSocketReader::checkHead(quint8 first, quint8 second)
{
    const quint8 number = first & 0x0f;
    const bool isMasked = (second & 0x80) != 0;
    bool isAllowed = isMasked && (first & 0x70) == 0 && isDefined(number);
    const auto opcode = WebSocketOpcode(number);
    if (isControl(opcode))
        isAllowed = isAllowed && (first & 0x80) != 0 && (second & 0x7f) <= longestControl;
    else
        isAllowed = isAllowed && (opcode == WebSocketOpcode::Continuation) == m_isInMessage;
    if (!isAllowed)
        fail(protocolError);
}

void WebSocketReader::takePayload()
{
    const auto size = qsizetype(std::min<quint64>(quint64(m_waiting.size()), m_head.length - m_taken));
    for (qsizetype i = 0; isControl(m_head.opcode) && i < size; ++i)
        m_control += char(m_waiting.at(i) ^ m_head.mask.at(qsizetype((m_taken + quint64(i)) % 4)));
    m_waiting.remove(0, size);
    m_taken += quint64(size);
}

void WebSocketReader::finishFrame()
{
    m_isInFrame = false;
    if (!isControl(m_head.opcode)) {
        m_isInMessage = !m_head.isLast;
        m_message = m_head.isLast ? 0 : m_message + m_head.length;
        return;
    }
    if (m_head.opcode == WebSocketOpcode::Ping)
        m_answers += webSocketFrame(WebSocketOpcode::Pong, m_control);
    if (m_head.opcode != WebSocketOpcode::Close)
        return;
    if (m_control.size() == 1) // 5.5.1: a status has two octets
        return fail(protocolError);
    m_answers += webSocketFrame(WebSocketOpcode::Close, m_control.left(2));
    m_isOver = true;
}

void WebSocketReader::fail(quint16 status)
{
    m_answers += webSocketFrame(WebSocketOpcode::Close, bigEndian(status));
    m_isOver = true;
}

} // namespace glasspost::app
