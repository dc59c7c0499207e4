#include "smtp/syntax/reply.h"

#include <QStringBuilder>

namespace glasspost::smtp {

QList<QByteArray> Reply::wireLines() const
{
    if (isNull())
        return {};
    const QByteArray number = QByteArray::number(code);
    // RFC 2034 4: the enhanced status code precedes the text of every line.
    const QByteArray status = enhanced.isNull() ? QByteArray() : enhanced.toBytes() + ' ';
    const qsizetype count = std::max<qsizetype>(lines.size(), 1);
    QList<QByteArray> wire;
    wire.reserve(count);
    // RFC 5321 4.2.1: "-" after the code in every line but the last.
    for (qsizetype i = 0; i < count; ++i)
        wire.append(number % (i + 1 < count ? '-' : ' ') % status % lines.value(i));
    return wire;
}

QByteArray Reply::toWire() const
{
    return wireLines().join("\r\n") + "\r\n";
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
