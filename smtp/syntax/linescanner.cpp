#include "smtp/syntax/linescanner.h"

#include <algorithm>

namespace glasspost::smtp {

void LineScanner::scan(QByteArrayView octets)
{
    if (m_endsWithCr && !octets.isEmpty() && octets.front() != '\n')
        m_facts.hasBareCr = true;
    m_facts.size += octets.size();
    for (qsizetype start = 0; start < octets.size();) {
        const qsizetype lf = octets.indexOf('\n', start);
        const qsizetype end = lf < 0 ? octets.size() : lf;
        const QByteArrayView text = octets.sliced(start, end - start);
        if (!text.isEmpty())
            m_endsWithCr = text.back() == '\r';
        const qsizetype cr = text.indexOf('\r');
        if (cr >= 0 && cr + 1 < text.size())
            m_facts.hasBareCr = true;
        m_line += text.size();
        if (lf < 0)
            return;
        ++m_line;
        if (m_endsWithCr) {
            m_facts.longestLine = std::max(m_facts.longestLine, m_line);
            m_line = 0;
        } else {
            m_facts.hasBareLf = true;
        }
        m_endsWithCr = false;
        start = lf + 1;
    }
}

void LineScanner::finish()
{
    if (m_endsWithCr)
        m_facts.hasBareCr = true;
    m_facts.longestLine = std::max(m_facts.longestLine, m_line);
}

} // namespace glasspost::smtp
