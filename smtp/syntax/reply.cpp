#include "smtp/syntax/reply.h"

namespace glasspost::smtp {

QByteArray Reply::toWire() const
{
    const QByteArray number = QByteArray::number(code);
    // RFC 2034 4: the enhanced status code precedes the text of every line.
    const QByteArray status = enhanced.isNull() ? QByteArray() : enhanced.toBytes() + ' ';
    const qsizetype count = std::max<qsizetype>(lines.size(), 1);
    QByteArray wire;
    for (qsizetype i = 0; i < count; ++i) {
        // RFC 5321 4.2.1: "-" after the code in every line but the last.
        wire += number + (i + 1 < count ? '-' : ' ') + status + lines.value(i) + "\r\n";
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
