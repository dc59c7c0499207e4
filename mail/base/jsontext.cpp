#include "mail/base/jsontext.h"

#include <array>
#include <charconv>

namespace glasspost::mail {

void JsonText::member(QByteArrayView key)
{
    if (!std::exchange(m_isFirst, false))
        m_text += ',';
    if (!key.isEmpty())
        (m_text += '"').append(key.data(), size_t(key.size())).append("\":");
}

void JsonText::openObject(QByteArrayView key)
{
    member(key);
    m_text += '{';
    m_isFirst = true;
}

void JsonText::closeObject()
{
    m_text += '}';
    m_isFirst = false;
}

void JsonText::openArray(QByteArrayView key)
{
    member(key);
    m_text += '[';
    m_isFirst = true;
}

void JsonText::closeArray()
{
    m_text += ']';
    m_isFirst = false;
}

void JsonText::text(QByteArrayView key, QByteArrayView text)
{
    member(key);
    m_text += '"';
    appendEscaped(text);
    m_text += '"';
}

void JsonText::number(QByteArrayView key, qint64 number)
{
    member(key);
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    m_text.append(digits.data(), end);
}

void JsonText::raw(QByteArrayView key, QByteArrayView json)
{
    member(key);
    m_text.append(json.data(), size_t(json.size()));
}

void JsonText::flag(QByteArrayView key, bool flag)
{
    member(key);
    m_text.append(flag ? "true" : "false");
}

namespace {

/// The octet after the reverse solidus where RFC 8259 7 has a short escape, 'u' for the other controls, 0 for
/// what needs none.
constexpr std::array<char, 256> shortEscapes()
{
    std::array<char, 256> escapes{};
    for (size_t control = 0; control < 0x20; ++control)
        escapes[control] = 'u';
    escapes['\b'] = 'b';
    escapes['\t'] = 't';
    escapes['\n'] = 'n';
    escapes['\f'] = 'f';
    escapes['\r'] = 'r';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    return escapes;
}

} // namespace

/// What needs no escape goes over in runs.
void JsonText::appendEscaped(QByteArrayView text)
{
    static constexpr std::array<char, 256> escapes = shortEscapes();
    static constexpr QByteArrayView hex("0123456789abcdef");
    qsizetype plain = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const quint8 c = quint8(text[at]);
        const char escape = escapes[c];
        if (escape == 0)
            continue;
        m_text.append(text.data() + plain, size_t(at - plain));
        plain = at + 1;
        const std::array<char, 6> escaped{'\\', escape, '0', '0', hex[c / 16], hex[c % 16]};
        m_text.append(escaped.data(), escape == 'u' ? 6U : 2U);
    }
    m_text.append(text.data() + plain, size_t(text.size() - plain));
}

} // namespace glasspost::mail
