#include "smtp/syntax/octets.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace glasspost::smtp {

namespace {

constexpr std::array<bool, 256> atextTable()
{
    std::array<bool, 256> table{};
    for (const char c :
        {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '/', '=', '?', '^', '_', '`', '{', '|', '}', '~'})
        table[static_cast<unsigned char>(c)] = true;
    for (unsigned c = 0; c < 256; ++c) {
        if (c >= 0x80 || isLetterOrDigit(static_cast<char>(c)))
            table[c] = true;
    }
    return table;
}

/// Octets that a UTF-8 sequence with this lead octet has; 0 when none starts so.
int sequenceLength(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 4;
    return 0;
}

/// RFC 3629 4: the second octet's range keeps out overlong forms, surrogates and what is past U+10FFFF.
bool secondFits(unsigned char lead, unsigned char second)
{
    switch (lead) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

} // namespace

bool isAtext(char c)
{
    static constexpr auto table = atextTable();
    return table[static_cast<unsigned char>(c)];
}

bool equalIgnoringCase(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size()
        && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return toLower(x) == toLower(y); });
}

bool startsWithIgnoringCase(QByteArrayView text, QByteArrayView start)
{
    return text.size() >= start.size() && equalIgnoringCase(text.first(start.size()), start);
}

bool hasControl(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), isControl);
}

bool hasPast7F(QByteArrayView text)
{
    return std::any_of(text.begin(), text.end(), isPast7F);
}

bool isUtf8(QByteArrayView text)
{
    for (qsizetype i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int length = sequenceLength(lead);
        if (length == 0 || i + length > text.size())
            return false;
        for (int k = 1; k < length; ++k) {
            const auto octet = static_cast<unsigned char>(text[i + k]);
            if (!secondFits(k == 1 ? lead : 0, octet))
                return false;
        }
        i += length;
    }
    return true;
}

QByteArrayView withoutBlanksBefore(QByteArrayView text)
{
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    return text;
}

QByteArrayView withoutBlanksAfter(QByteArrayView text)
{
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    return text;
}

} // namespace glasspost::smtp
