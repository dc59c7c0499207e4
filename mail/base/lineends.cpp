#include "mail/base/lineends.h"

namespace glasspost::mail {

qint64 wireSize(QByteArrayView source)
{
    qint64 size = source.size();
    for (qsizetype at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1))
        size += at == 0 || source[at - 1] != '\r' ? 1 : 0;
    return size;
}

QByteArray withLf(const QByteArray &source)
{
    qsizetype cr = source.indexOf('\r');
    if (cr < 0)
        return source;
    // Line by line: half of what a search for both octets takes.
    QByteArray lf;
    lf.reserve(source.size());
    qsizetype from = 0;
    for (; cr >= 0; cr = source.indexOf('\r', cr + 1)) {
        if (cr + 1 == source.size() || source[cr + 1] != '\n')
            continue;
        lf.append(QByteArrayView(source).sliced(from, cr - from));
        from = cr + 1;
    }
    return lf.append(QByteArrayView(source).sliced(from));
}

} // namespace glasspost::mail
