#include "smtp/syntax/xtext.h"

#include <array>

namespace glasspost::smtp {

namespace {

constexpr std::array<char, 17> hexDigits{"0123456789ABCDEF"};

bool isXchar(char c)
{
    return c >= '!' && c <= '~' && c != '+' && c != '=';
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

} // namespace

QByteArray encodeXtext(QByteArrayView octets)
{
    QByteArray text;
    text.reserve(octets.size());
    for (const char c : octets) {
        if (isXchar(c)) {
            text += c;
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        text += '+';
        text += hexDigits[octet >> 4U];
        text += hexDigits[octet & 15U];
    }
    return text;
}

std::optional<QByteArray> decodeXtext(QByteArrayView text)
{
    QByteArray octets;
    octets.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != '+') {
            if (!isXchar(text[i]))
                return {};
            octets += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
        if (high < 0 || low < 0)
            return {};
        octets += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return octets;
}

} // namespace glasspost::smtp
