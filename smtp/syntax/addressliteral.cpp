#include "smtp/syntax/addressliteral.h"

#include "smtp/syntax/octets.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// Snum 3("." Snum), Snum one to three digits up to 255 (RFC 5321 4.1.3). QHostAddress would take "127.1"
/// too.
std::optional<QHostAddress> parseIPv4(QByteArrayView text)
{
    quint32 address = 0;
    int parts = 0;
    for (qsizetype start = 0; start <= text.size(); ++parts) {
        const qsizetype dot = text.indexOf('.', start);
        const QByteArrayView digits = text.sliced(start, (dot < 0 ? text.size() : dot) - start);
        if (digits.isEmpty() || digits.size() > 3 || !std::all_of(digits.begin(), digits.end(), isDigit))
            return {};
        const unsigned value = digits.toByteArray().toUInt();
        if (value > 255 || parts > 3)
            return {};
        address = (address << 8U) | value;
        start = dot < 0 ? text.size() + 1 : dot + 1;
    }
    if (parts != 4)
        return {};
    return QHostAddress(address);
}

std::optional<QHostAddress> parseIPv6(QByteArrayView text)
{
    // No zone ("%eth0"): a literal names the same host for everyone.
    const bool octetsFit = std::all_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'f') || c == ':' || c == '.';
    });
    QHostAddress address;
    if (!octetsFit || !text.contains(':') || !address.setAddress(QString::fromLatin1(text))
        || address.protocol() != QAbstractSocket::IPv6Protocol)
        return {};
    return address;
}

} // namespace

std::optional<QHostAddress> parseAddressLiteral(QByteArrayView text)
{
    if (text.size() < 3 || text.front() != '[' || text.back() != ']')
        return {};
    const QByteArrayView inner = text.sliced(1, text.size() - 2);
    if (startsWithIgnoringCase(inner, "IPv6:"))
        return parseIPv6(inner.sliced(5));
    return parseIPv4(inner);
}

QHostAddress writtenAddress(const QByteArray &host)
{
    const bool isBracketed = host.startsWith('[') && host.endsWith(']');
    const QByteArray text = isBracketed ? host.sliced(1, host.size() - 2) : host;
    const bool isTagged = startsWithIgnoringCase(text, "IPv6:");
    return QHostAddress(QString::fromLatin1(isTagged ? text.sliced(5) : text));
}

QByteArray addressLiteral(const QHostAddress &address)
{
    bool isIPv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIPv4);
    if (isIPv4)
        return '[' + QHostAddress(ipv4).toString().toLatin1() + ']';
    QHostAddress plain = address;
    plain.setScopeId({});
    return "[IPv6:" + plain.toString().toLatin1() + ']';
}

} // namespace glasspost::smtp
