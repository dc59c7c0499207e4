#include "smtp/client/proxyannouncement.h"

#include <QtEndian>

namespace glasspost::smtp {

namespace {

enum class Family { Unknown, Four, Six };

struct Ends
{
    Family family = Family::Unknown;
    QHostAddress source;
    QHostAddress destination;
    quint16 sourcePort = 0;
    quint16 destinationPort = 0;
};

/// An IPv4 address that wears IPv6's clothes is IPv4.
QHostAddress plainAddress(const QHostAddress &address)
{
    bool four = false;
    const quint32 mapped = address.toIPv4Address(&four);
    return four ? QHostAddress(mapped) : address;
}

Family familyOf(const Ends &ends)
{
    if (ends.source.protocol() != ends.destination.protocol())
        return Family::Unknown;
    if (ends.source.protocol() == QAbstractSocket::IPv4Protocol)
        return Family::Four;
    return ends.source.protocol() == QAbstractSocket::IPv6Protocol ? Family::Six : Family::Unknown;
}

QByteArray textHeader(const Ends &ends)
{
    if (ends.family == Family::Unknown)
        return "PROXY UNKNOWN\r\n";
    return QByteArray("PROXY ") + (ends.family == Family::Four ? "TCP4 " : "TCP6 ")
        + ends.source.toString().toLatin1() + ' ' + ends.destination.toString().toLatin1() + ' '
        + QByteArray::number(ends.sourcePort) + ' ' + QByteArray::number(ends.destinationPort) + "\r\n";
}

QByteArray bigEndian(quint16 number)
{
    QByteArray octets(2, Qt::Uninitialized);
    qToBigEndian(number, octets.data());
    return octets;
}

QByteArray octetsOf(const QHostAddress &address, Family family)
{
    if (family == Family::Four) {
        QByteArray octets(4, Qt::Uninitialized);
        qToBigEndian(address.toIPv4Address(), octets.data());
        return octets;
    }
    const Q_IPV6ADDR six = address.toIPv6Address();
    return QByteArray(reinterpret_cast<const char *>(six.c), sizeof six.c);
}

QByteArray binaryHeader(const Ends &ends)
{
    QByteArray addresses;
    if (ends.family != Family::Unknown) {
        addresses = octetsOf(ends.source, ends.family) + octetsOf(ends.destination, ends.family)
            + bigEndian(ends.sourcePort) + bigEndian(ends.destinationPort);
    }
    const char kind = ends.family == Family::Four ? '\x11' : ends.family == Family::Six ? '\x21' : '\x00';
    return QByteArray("\r\n\r\n\0\r\nQUIT\n", 12) + '\x21' + kind + bigEndian(quint16(addresses.size()))
        + addresses;
}

} // namespace

QByteArray proxyHeader(const ProxyAnnouncement &announcement, const QHostAddress &destination, quint16 port)
{
    Ends ends;
    ends.source = plainAddress(announcement.source);
    ends.destination = plainAddress(destination);
    ends.sourcePort = announcement.sourcePort;
    ends.destinationPort = port;
    ends.family = familyOf(ends);
    switch (announcement.version) {
    case ProxyAnnouncement::Version::None:
        return {};
    case ProxyAnnouncement::Version::V1:
        return textHeader(ends);
    case ProxyAnnouncement::Version::V2:
        return binaryHeader(ends);
    }
    return {};
}

} // namespace glasspost::smtp
