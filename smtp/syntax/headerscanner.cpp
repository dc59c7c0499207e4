#include "smtp/syntax/headerscanner.h"

#include "smtp/syntax/octets.h"

#include <string_view>

namespace glasspost::smtp {

namespace {
constexpr std::string_view fieldName = "received";
}

void HeaderScanner::scanNameOctet(char c)
{
    const auto matched = static_cast<std::size_t>(m_matched);
    if (matched < fieldName.size()) {
        m_matched = toLower(c) == fieldName[matched] ? m_matched + 1 : -1;
        return;
    }
    // RFC 5322 4.5: blanks before the colon are obsolete, yet met.
    if (c == ':')
        ++m_receivedFields;
    if (!isBlank(c))
        m_matched = -1;
}

void HeaderScanner::scan(QByteArrayView octets)
{
    for (qsizetype i = 0; i < octets.size() && !m_done;) {
        if (m_matched < 0) {
            const qsizetype lf = octets.indexOf('\n', i);
            const qsizetype end = lf < 0 ? octets.size() : lf;
            m_size += end - i;
            m_column += end - i;
            i = end;
            if (lf < 0)
                return;
        }
        const char c = octets[i++];
        ++m_size;
        if (c == '\n') {
            m_done = m_column <= 1; // CR alone before it
            m_column = 0;
            m_matched = 0;
            continue;
        }
        ++m_column;
        if (!(c == '\r' && m_column == 1))
            scanNameOctet(c);
    }
}

} // namespace glasspost::smtp
