#include "smtp/syntax/lineframer.h"

#include <algorithm>

namespace glasspost::smtp {

void LineFramer::keep(QByteArrayView octets)
{
    const qsizetype room = std::max<qsizetype>(0, m_limit - m_partial.size());
    m_partial.append(octets.first(std::min(room, octets.size())));
    m_size += octets.size();
    if (!octets.isEmpty())
        m_endsWithCr = octets.back() == '\r';
}

void LineFramer::clear()
{
    m_partial.clear();
    m_size = 0;
    m_endsWithCr = false;
}

std::optional<LineFramer::Line> LineFramer::next(QByteArrayView &input)
{
    qsizetype from = 0;
    for (;;) {
        const qsizetype lf = input.indexOf('\n', from);
        if (lf < 0) {
            keep(input);
            input = {};
            return {};
        }
        const bool afterCr = lf == 0 ? m_endsWithCr : input[lf - 1] == '\r';
        if (!afterCr) {
            from = lf + 1;
            continue;
        }
        const QByteArrayView head = input.first(lf + 1);
        input = input.sliced(lf + 1);
        // The common case, a line that came whole, is handed over without a copy.
        if (m_size == 0 && head.size() <= m_limit)
            return Line{head.chopped(2), head.size() - 2, false};
        keep(head);
        const bool tooLong = m_size > m_limit;
        m_whole.swap(m_partial);
        Line line{m_whole, m_size - 2, tooLong};
        if (!tooLong)
            line.octets.chop(2);
        clear();
        return line;
    }
}

} // namespace glasspost::smtp
