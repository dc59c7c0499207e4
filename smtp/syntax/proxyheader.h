#pragma once

#include <QByteArrayView>
#include <QHostAddress>

#include <optional>

namespace glasspost::smtp {

/// What a proxy says, before all else, of the connection it passes on: HAProxy's PROXY protocol, versions 1
/// (a line) and 2 (binary).
struct ProxyHeader
{
    enum class Kind {
        Proxied,
        Unknown, ///< UNKNOWN, UNSPEC, or no TCP over IP: a client of whom nothing is known; the addresses are
                 ///< null
        Local ///< LOCAL: the proxy speaks for itself; the addresses are null
    };
    int version = 1;
    Kind kind = Kind::Unknown;
    QHostAddress source;
    quint16 sourcePort = 0;
    QHostAddress destination;
    quint16 destinationPort = 0;

    friend bool operator==(const ProxyHeader &, const ProxyHeader &) = default;
};

/// How much of some octets, from their start, is a header.
struct ProxySpan
{
    enum class Status { Incomplete, Complete, Malformed };
    Status status = Status::Malformed;
    qsizetype size = 0; ///< octets of the header when Complete
};

ProxySpan findProxyHeader(QByteArrayView octets);
/// Of a span that is Complete; nothing when its content is malformed.
std::optional<ProxyHeader> parseProxyHeader(QByteArrayView header);

} // namespace glasspost::smtp
