#include "mail/message/transfercoding.h"

namespace glasspost::mail {

namespace {

int sixBits(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int fourBits(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char small = char(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

bool isSpaceOrTab(char c)
{
    return c == ' ' || c == '\t';
}

/// The line from `at` on without blanks at its end, and where its line end begins.
QByteArrayView trimmedLine(QByteArrayView text, qsizetype at, qsizetype &lineEnd)
{
    const qsizetype lf = text.indexOf('\n', at);
    lineEnd = lf < 0 ? text.size() : lf > at && text[lf - 1] == '\r' ? lf - 1 : lf;
    qsizetype end = lineEnd;
    while (end > at && isSpaceOrTab(text[end - 1]))
        --end;
    return text.sliced(at, end - at);
}

} // namespace

QByteArray fromBase64(QByteArrayView encoded)
{
    QByteArray octets;
    octets.reserve(encoded.size() / 4 * 3 + 3);
    unsigned bits = 0;
    int digits = 0; // of the group that is being read
    const auto endGroup = [&octets, &bits, &digits] {
        if (digits >= 2)
            octets += char(bits >> (digits == 2 ? 4 : 10));
        if (digits == 3)
            octets += char(bits >> 2);
        digits = 0;
        bits = 0;
    };
    for (const char c : encoded) {
        const int value = sixBits(c);
        if (c == '=')
            endGroup();
        if (value < 0)
            continue;
        bits = bits << 6 | unsigned(value);
        if (++digits == 4) {
            octets += char(bits >> 16);
            octets += char(bits >> 8);
            octets += char(bits);
            digits = 0;
            bits = 0;
        }
    }
    endGroup();
    return octets;
}

QByteArray fromQuotedPrintable(QByteArrayView encoded)
{
    QByteArray octets;
    octets.reserve(encoded.size());
    for (qsizetype at = 0; at < encoded.size();) {
        qsizetype lineEnd = 0;
        const QByteArrayView line = trimmedLine(encoded, at, lineEnd);
        const bool isSoft = line.endsWith('=');
        const QByteArrayView content = isSoft ? line.chopped(1) : line;
        for (qsizetype i = 0; i < content.size(); ++i) {
            const bool isEscape = content[i] == '=' && i + 2 < content.size() && fourBits(content[i + 1]) >= 0
                && fourBits(content[i + 2]) >= 0;
            octets += isEscape ? char(fourBits(content[i + 1]) * 16 + fourBits(content[i + 2])) : content[i];
            i += isEscape ? 2 : 0;
        }
        const qsizetype next = qMin(encoded.indexOf('\n', lineEnd) + 1, encoded.size());
        at = lineEnd >= encoded.size() || next <= 0 ? encoded.size() : next;
        if (!isSoft)
            octets += encoded.sliced(lineEnd, at - lineEnd);
    }
    return octets;
}

} // namespace glasspost::mail
