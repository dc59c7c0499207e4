#include "mail/pop3/topextent.h"

namespace glasspost::mail {

QByteArrayView TopExtent::take(QByteArrayView octets)
{
    qsizetype shown = 0;
    while (shown < octets.size() && !isOver()) {
        const qsizetype end = octets.indexOf('\n', shown);
        const qsizetype textEnd = end < 0 ? octets.size() : end;
        m_isLineEmpty = m_isLineEmpty && textEnd == shown;
        shown = textEnd;
        if (end >= 0) {
            ++shown;
            endLine();
        }
    }
    return octets.first(shown);
}

void TopExtent::endLine()
{
    if (m_isInHeader)
        m_isInHeader = !m_isLineEmpty;
    else
        --m_lines;
    m_isLineEmpty = true;
}

} // namespace glasspost::mail
