#include "smtp/syntax/reply.h"

namespace glasspost::smtp {

QByteArray Reply::toWire() const
{
    const QByteArray number = QByteArray::number(code);
    // RFC 2034 4: the enhanced status code precedes the text of every line.
    const QByteArray status = enhanced.isNull() ? QByteArray() : enhanced.toBytes() + ' ';
    const qsizetype count = std::max<qsizetype>(lines.size(), 1);
    QByteArray wire;
    wire.reserve(count * 64);
    for (qsizetype i = 0; i < count; ++i) {
        // RFC 5321 4.2.1: "-" after the code in every line but the last.
        wire.append(number).append(i + 1 < count ? '-' : ' ').append(status).append(lines.value(i));
        wire.append("\r\n");
    }
    return wire;
}

QByteArray Reply::toBytes() const
{
    if (isNull())
        return {};
    QByteArray text = QByteArray::number(code);
    if (!enhanced.isNull())
        text += ' ' + enhanced.toBytes();
    if (!lines.isEmpty())
        text += ' ' + lines.join("; ");
    return text;
}

} // namespace glasspost::smtp
