#include "smtp/syntax/dotdecoder.h"

#include <algorithm>

namespace glasspost::smtp {

void DotDecoder::emitOctets(QByteArrayView octets, QByteArray &output)
{
    output.append(octets);
    m_facts.size += octets.size();
    m_line += octets.size();
}

void DotDecoder::endLine()
{
    m_facts.longestLine = std::max(m_facts.longestLine, m_line);
    m_line = 0;
    m_place = Place::LineStart;
}

/// Everything up to the next CR, or all there is. Returns what was consumed.
qsizetype DotDecoder::takeText(QByteArrayView input, QByteArray &output)
{
    const qsizetype cr = input.indexOf('\r');
    const qsizetype length = cr < 0 ? input.size() : cr;
    const QByteArrayView text = input.first(length);
    if (!m_facts.hasBareLf && text.contains('\n'))
        m_facts.hasBareLf = true;
    if (cr >= 0 && cr + 1 < input.size() && input[cr + 1] == '\n') {
        emitOctets(input.first(cr + 2), output);
        endLine();
        return cr + 2;
    }
    emitOctets(text, output);
    m_place = cr < 0 ? Place::Text : Place::Cr;
    return cr < 0 ? length : length + 1;
}

bool DotDecoder::decode(QByteArrayView &input, QByteArray &output)
{
    while (!input.isEmpty()) {
        const char c = input.front();
        switch (m_place) {
        case Place::LineStart:
            if (c == '.') {
                m_place = Place::Dot; // held back: stuffing, or the end
                input = input.sliced(1);
                break;
            }
            input = input.sliced(takeText(input, output));
            break;
        case Place::Text:
            input = input.sliced(takeText(input, output));
            break;
        case Place::Cr:
            if (c == '\n') {
                emitOctets("\r\n", output);
                endLine();
                input = input.sliced(1);
                break;
            }
            m_facts.hasBareCr = true;
            emitOctets("\r", output);
            m_place = Place::Text;
            break;
        case Place::Dot:
            if (c == '\r') {
                m_place = Place::DotCr;
                input = input.sliced(1);
                break;
            }
            m_place = Place::Text; // RFC 5321 4.5.2: the first character is deleted
            break;
        case Place::DotCr:
            if (c == '\n') {
                input = input.sliced(1);
                m_place = Place::LineStart;
                return true;
            }
            m_facts.hasBareCr = true; // CRLF "." CR and no LF: not the end
            emitOctets("\r", output);
            m_place = Place::Text;
            break;
        }
    }
    return false;
}

} // namespace glasspost::smtp
