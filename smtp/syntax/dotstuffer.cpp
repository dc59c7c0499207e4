#include "smtp/syntax/dotstuffer.h"

#include <algorithm>

namespace glasspost::smtp {

QByteArray DotStuffer::feed(QByteArrayView octets)
{
    QByteArray out;
    out.reserve(octets.size() + octets.size() / 16 + 16);
    const char *at = octets.data();
    const char *const end = at + octets.size();
    while (at != end) {
        if (m_afterCr && *at == '\n') {
            m_afterCr = false;
            ++at;
            continue;
        }
        m_afterCr = false;
        if (m_dots == Dots::Double && m_lineStart && *at == '.')
            out += '.';
        const char *stop = std::find_if(at, end, [](char c) { return c == '\r' || c == '\n'; });
        out.append(at, stop - at);
        m_lineStart = stop != end;
        if (stop == end)
            break;
        out += "\r\n";
        m_afterCr = *stop == '\r';
        at = stop + 1;
    }
    return out;
}

QByteArray DotStuffer::finish()
{
    return endLine() + ".\r\n";
}

QByteArray DotStuffer::endLine()
{
    const QByteArray end = m_lineStart ? "" : "\r\n";
    *this = DotStuffer(m_dots);
    return end;
}

} // namespace glasspost::smtp
