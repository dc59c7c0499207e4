#pragma once

#include <QByteArrayView>

namespace glasspost::smtp {

/// Small questions about single octets and runs of them, RFC 5234 B.1 and RFC 5322 3.2.3. No locale.
constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}
constexpr bool isLetter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
constexpr bool isLetterOrDigit(char c)
{
    return isLetter(c) || isDigit(c);
}
constexpr bool isPast7F(char c)
{
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
}
constexpr bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}
constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}
constexpr char toLower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// atext (RFC 5322 3.2.3), with UTF-8 as RFC 6531 3.3 adds it.
bool isAtext(char c);

/// Equal but for the case of ASCII letters.
bool equalIgnoringCase(QByteArrayView a, QByteArrayView b);
bool startsWithIgnoringCase(QByteArrayView text, QByteArrayView start);

bool hasControl(QByteArrayView text);
bool hasPast7F(QByteArrayView text);
/// Well-formed UTF-8: no surrogates, no overlong forms, nothing past U+10FFFF (RFC 3629).
bool isUtf8(QByteArrayView text);

/// Where the first octet at or after from is that stops() holds for, outside of quoted strings (RFC 5321
/// 4.1.2); -1 when there is none.
template <typename Stops> qsizetype findUnquoted(QByteArrayView text, qsizetype from, Stops stops)
{
    bool quoted = false;
    for (qsizetype i = from; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && stops(text[i]))
            return i;
    }
    return -1;
}

QByteArrayView withoutBlanksBefore(QByteArrayView text);
QByteArrayView withoutBlanksAfter(QByteArrayView text);

} // namespace glasspost::smtp
