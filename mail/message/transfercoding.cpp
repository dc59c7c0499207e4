#include "mail/message/transfercoding.h"

#include <array>
#include <string_view>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype longestHeld = 64 * 1024; // octets of a line that has no end yet

constexpr std::array<int, 256> makeSixBits()
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<int, 256> table = {};
    for (int &value : table)
        value = -1;
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[uchar(alphabet[i])] = int(i);
    return table;
}

constexpr std::array<int, 256> sixBits = makeSixBits(); // -1: no digit of base64

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

/// Where a line that has no end yet can be divided: behind it neither blanks nor an escape are torn.
qsizetype dividingPlace(QByteArrayView line)
{
    const auto isTorn = [line](qsizetype at) {
        const QByteArrayView before = line.sliced(qMax<qsizetype>(0, at - 3), qMin<qsizetype>(3, at));
        return before.contains('=') || isSpaceOrTab(before.back());
    };
    qsizetype at = line.size();
    while (at > 0 && isTorn(at))
        --at;
    return at > 0 ? at : line.size();
}

} // namespace

QByteArray fromBase64(QByteArrayView encoded)
{
    TransferDecoder decoder(GMIME_CONTENT_ENCODING_BASE64);
    QByteArray octets = decoder.take(QByteArray::fromRawData(encoded.data(), encoded.size()));
    octets += decoder.finish();
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

TransferDecoder::TransferDecoder(GMimeContentEncoding encoding)
    : m_encoding(encoding),
      m_filter(
          encoding == GMIME_CONTENT_ENCODING_UUENCODE ? g_mime_filter_basic_new(encoding, FALSE) : nullptr)
{ }

QByteArray TransferDecoder::take(const QByteArray &encoded)
{
    if (m_encoding == GMIME_CONTENT_ENCODING_BASE64)
        return takeBase64(encoded);
    if (m_encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        return takeQuoted(encoded);
    if (!m_filter)
        return encoded;
    QByteArray in = encoded;
    char *out = nullptr;
    size_t length = 0, before = 0;
    g_mime_filter_filter(m_filter.get(), in.data(), size_t(in.size()), 0, &out, &length, &before);
    return {out, qsizetype(length)};
}

QByteArray TransferDecoder::finish()
{
    if (m_encoding == GMIME_CONTENT_ENCODING_BASE64)
        return finishBase64();
    if (m_encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
        return fromQuotedPrintable(std::exchange(m_held, {}));
    return {};
}

QByteArray TransferDecoder::takeBase64(QByteArrayView encoded)
{
    QByteArray octets;
    octets.reserve(encoded.size() / 4 * 3 + 6);
    for (const char c : encoded) {
        if (c == '=')
            octets += finishBase64();
        const int value = sixBits[uchar(c)];
        if (value < 0)
            continue;
        m_bits = m_bits << 6 | unsigned(value);
        if (++m_digits == 4) {
            const char group[] = {char(m_bits >> 16), char(m_bits >> 8), char(m_bits)};
            octets.append(group, sizeof group);
            m_digits = 0;
            m_bits = 0;
        }
    }
    return octets;
}

QByteArray TransferDecoder::finishBase64()
{
    QByteArray octets;
    if (m_digits >= 2)
        octets += char(m_bits >> (m_digits == 2 ? 4 : 10));
    if (m_digits == 3)
        octets += char(m_bits >> 2);
    m_digits = 0;
    m_bits = 0;
    return octets;
}

QByteArray TransferDecoder::takeQuoted(const QByteArray &encoded)
{
    m_held += encoded;
    qsizetype whole = m_held.lastIndexOf('\n') + 1;
    if (m_held.size() - whole > longestHeld)
        whole += dividingPlace(QByteArrayView(m_held).sliced(whole));
    const QByteArray octets = fromQuotedPrintable(QByteArrayView(m_held).first(whole));
    m_held.remove(0, whole);
    return octets;
}

} // namespace glasspost::mail
