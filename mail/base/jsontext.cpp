#include "mail/base/jsontext.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <charconv>

namespace glasspost::mail {

/// What a member begins with, in one append: a separator, the key, and an opening character where there is
/// one.
void JsonText::member(QByteArrayView key, QByteArrayView opening)
{
    constexpr qsizetype marks = 4; // ,"":
    std::array<char, 64> octets{};
    char *at = octets.data();
    if (!std::exchange(m_isFirst, false))
        *at++ = ',';
    if (!key.isEmpty()) {
        Q_ASSERT(key.size() + marks + opening.size() <= qsizetype(octets.size()));
        *at++ = '"';
        at = std::copy(key.begin(), key.end(), at);
        *at++ = '"';
        *at++ = ':';
    }
    at = std::copy(opening.begin(), opening.end(), at);
    m_text.append(octets.data(), at);
}

void JsonText::openObject(QByteArrayView key)
{
    member(key, "{");
    m_isFirst = true;
}

void JsonText::closeObject()
{
    m_text += '}';
    m_isFirst = false;
}

void JsonText::openArray(QByteArrayView key)
{
    member(key, "[");
    m_isFirst = true;
}

void JsonText::closeArray()
{
    m_text += ']';
    m_isFirst = false;
}

void JsonText::text(QByteArrayView key, QByteArrayView text)
{
    member(key, "\"");
    appendEscaped(text);
    m_text += '"';
}

void JsonText::number(QByteArrayView key, qint64 number)
{
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    member(key, QByteArrayView(digits.data(), end));
}

void JsonText::raw(QByteArrayView key, QByteArrayView json)
{
    member(key);
    m_text.append(json.data(), size_t(json.size()));
}

void JsonText::flag(QByteArrayView key, bool flag)
{
    member(key, flag ? "true" : "false");
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

/// Whether none of eight octets needs an escape: in a borrow, the highest bit of an octet says that it is
/// below the bound.
bool needsNoEscape(quint64 eight)
{
    constexpr quint64 ones = 0x0101010101010101U;
    constexpr quint64 highest = ones * 0x80;
    const quint64 quotes = eight ^ (ones * '"');
    const quint64 solidi = eight ^ (ones * '\\');
    return ((((eight - ones * 0x20) & ~eight) | ((quotes - ones) & ~quotes) | ((solidi - ones) & ~solidi))
               & highest)
        == 0;
}

} // namespace

/// What needs no escape goes over in runs.
void JsonText::appendEscaped(QByteArrayView text)
{
    static constexpr std::array<char, 256> escapes = shortEscapes();
    static constexpr QByteArrayView hex("0123456789abcdef");
    qsizetype plain = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        while (text.size() - at > 8 && needsNoEscape(qFromUnaligned<quint64>(text.data() + at)))
            at += 8;
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
