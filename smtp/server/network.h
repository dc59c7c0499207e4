#pragma once

#include "smtp/server/serversettings.h"

#include <QHostAddress>

namespace glasspost::smtp {

/// What counts as one peer where shares are given out: an IPv4 address, the /64 of an IPv6 address, which is
/// what one customer has (RFC 6177), and all of loopback.
inline QHostAddress networkOf(const QHostAddress &address)
{
    constexpr int ipv6Prefix = 8; // octets
    if (address.isLoopback())
        return QHostAddress(QHostAddress::LocalHost);
    if (address.protocol() != QAbstractSocket::IPv6Protocol)
        return address;
    Q_IPV6ADDR octets = address.toIPv6Address();
    for (int i = ipv6Prefix; i < 16; ++i)
        octets[i] = 0; // NOLINT(cppcoreguidelines-pro-bounds-constant-array-index)
    return QHostAddress(octets);
}

/// How many connections at once are for one network.
inline int connectionShare(const ServerLimits &limits, const QHostAddress &peer)
{
    return peer.isLoopback() ? limits.connectionsFromLoopback : limits.connectionsPerAddress;
}

} // namespace glasspost::smtp
