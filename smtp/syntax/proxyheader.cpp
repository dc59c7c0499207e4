#include "smtp/syntax/proxyheader.h"

#include "smtp/syntax/octets.h"

#include <QList>
#include <QtEndian>

#include <algorithm>

namespace glasspost::smtp {

namespace {

constexpr char binarySignature[] = "\r\n\r\n\0\r\nQUIT\n"; // section 2.2
constexpr QByteArrayView signature(binarySignature, 12);
constexpr QByteArrayView lineStart("PROXY ", 6); // section 2.1
constexpr qsizetype binaryHead = 16;
constexpr qsizetype longestLine = 107; // section 2.1, with CRLF

bool startAlike(QByteArrayView octets, QByteArrayView start)
{
    const qsizetype common = std::min(octets.size(), start.size());
    return octets.first(common) == start.first(common);
}

std::optional<quint16> parsePort(const QByteArray &text)
{
    bool isNumber = false;
    const uint port = text.toUInt(&isNumber);
    const bool isPlain = !text.isEmpty() && std::all_of(text.begin(), text.end(), isDigit);
    if (!isNumber || !isPlain || port > 65535 || (text.size() > 1 && text.startsWith('0')))
        return {};
    return static_cast<quint16>(port);
}

std::optional<ProxyHeader> parseLine(QByteArrayView line)
{
    const QList<QByteArray> words = line.chopped(2).toByteArray().split(' ');
    if (words.size() > 1 && words.at(1) == "UNKNOWN")
        return ProxyHeader();
    if (words.size() != 6 || (words.at(1) != "TCP4" && words.at(1) != "TCP6"))
        return {};
    ProxyHeader header;
    header.kind = ProxyHeader::Kind::Proxied;
    const auto protocol
        = words.at(1) == "TCP4" ? QAbstractSocket::IPv4Protocol : QAbstractSocket::IPv6Protocol;
    const bool haveAddresses = header.source.setAddress(QString::fromLatin1(words.at(2)))
        && header.destination.setAddress(QString::fromLatin1(words.at(3)))
        && header.source.protocol() == protocol && header.destination.protocol() == protocol;
    const auto from = parsePort(words.at(4));
    const auto to = parsePort(words.at(5));
    if (!haveAddresses || !from || !to)
        return {};
    header.sourcePort = *from;
    header.destinationPort = *to;
    return header;
}

quint16 portAt(QByteArrayView octets, qsizetype at)
{
    return qFromBigEndian<quint16>(octets.sliced(at, 2).data());
}

QHostAddress addressAt(QByteArrayView octets, qsizetype at, qsizetype size)
{
    const QByteArrayView text = octets.sliced(at, size);
    if (size == 4)
        return QHostAddress(qFromBigEndian<quint32>(text.data()));
    return QHostAddress(reinterpret_cast<const quint8 *>(text.data()));
}

std::optional<ProxyHeader> parseBinary(QByteArrayView octets)
{
    constexpr unsigned versionTwo = 2;
    const auto versionAndCommand = static_cast<unsigned char>(octets[12]);
    const auto family = static_cast<unsigned char>(octets[13]);
    const unsigned command = versionAndCommand & 0x0FU;
    if (versionAndCommand >> 4U != versionTwo || command > 1)
        return {};
    ProxyHeader header;
    header.version = 2;
    constexpr unsigned char tcpOverIPv4 = 0x11;
    constexpr unsigned char tcpOverIPv6 = 0x21;
    if (command == 0)
        header.kind = ProxyHeader::Kind::Local;
    if (command == 0 || (family != tcpOverIPv4 && family != tcpOverIPv6))
        return header;
    const qsizetype size = family == tcpOverIPv4 ? 4 : 16;
    const QByteArrayView body = octets.sliced(binaryHead); // what follows the addresses are extensions
    if (body.size() < 2 * size + 4)
        return {};
    header.kind = ProxyHeader::Kind::Proxied;
    header.source = addressAt(body, 0, size);
    header.destination = addressAt(body, size, size);
    header.sourcePort = portAt(body, 2 * size);
    header.destinationPort = portAt(body, 2 * size + 2);
    return header;
}

} // namespace

ProxySpan findProxyHeader(QByteArrayView octets)
{
    using Status = ProxySpan::Status;
    if (startAlike(octets, signature)) {
        if (octets.size() < binaryHead)
            return {Status::Incomplete, 0};
        const qsizetype size = binaryHead + portAt(octets, 14);
        return octets.size() < size ? ProxySpan{Status::Incomplete, 0} : ProxySpan{Status::Complete, size};
    }
    if (!startAlike(octets, lineStart))
        return {Status::Malformed, 0};
    const qsizetype end = octets.first(std::min(octets.size(), longestLine)).indexOf("\r\n");
    if (end >= 0)
        return {Status::Complete, end + 2};
    return {octets.size() < longestLine ? Status::Incomplete : Status::Malformed, 0};
}

std::optional<ProxyHeader> parseProxyHeader(QByteArrayView header)
{
    return header.startsWith(signature) ? parseBinary(header) : parseLine(header);
}

} // namespace glasspost::smtp
