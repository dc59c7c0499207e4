#include "mail/jsontext.h"

#include <array>
#include <charconv>

namespace glasspost::mail {

void JsonText::member(QByteArrayView key)
{
    if (!std::exchange(m_isFirst, false))
        m_text.append(',');
    if (!key.isEmpty())
        m_text.append('"').append(key).append("\":");
}

void JsonText::openObject(QByteArrayView key)
{
    member(key);
    m_text.append('{');
    m_isFirst = true;
}

void JsonText::closeObject()
{
    m_text.append('}');
    m_isFirst = false;
}

void JsonText::openArray(QByteArrayView key)
{
    member(key);
    m_text.append('[');
    m_isFirst = true;
}

void JsonText::closeArray()
{
    m_text.append(']');
    m_isFirst = false;
}

void JsonText::text(QByteArrayView key, QByteArrayView text)
{
    member(key);
    m_text.append('"');
    appendEscaped(text);
    m_text.append('"');
}

void JsonText::number(QByteArrayView key, qint64 number)
{
    member(key);
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    m_text.append(QByteArrayView(digits.data(), end));
}

void JsonText::flag(QByteArrayView key, bool flag)
{
    member(key);
    m_text.append(flag ? "true" : "false");
}

/// RFC 8259 7: quotation mark, reverse solidus and controls are escaped; what needs none goes over in runs.
void JsonText::appendEscaped(QByteArrayView text)
{
    qsizetype plain = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (quint8(c) >= 0x20 && c != '"' && c != '\\')
            continue;
        m_text.append(text.sliced(plain, at - plain));
        plain = at + 1;
        if (quint8(c) < 0x20)
            m_text.append("\\u00").append(QByteArray(1, c).toHex());
        else
            m_text.append('\\').append(c);
    }
    m_text.append(text.sliced(plain));
}

} // namespace glasspost::mail
