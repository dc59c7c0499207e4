#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHostAddress>

#include <optional>

namespace glasspost::smtp {

/// What XCLIENT overrides (Postfix, XCLIENT_README). A null value: not said.
struct XclientAttributes
{
    QByteArray name; ///< the client's name in DNS
    std::optional<QHostAddress> address;
    std::optional<quint16> port;
    std::optional<QHostAddress> destination;
    std::optional<quint16> destinationPort;
    QByteArray helo;
    QByteArray login;
    std::optional<bool> esmtp; ///< PROTO

    friend bool operator==(const XclientAttributes &, const XclientAttributes &) = default;
};

/// "NAME=spike.example ADDR=192.0.2.1": values in xtext, [UNAVAILABLE] and [TEMPUNAVAIL] say nothing. Nothing
/// when it is malformed or holds an attribute that is not known.
std::optional<XclientAttributes> parseXclient(QByteArrayView text);

/// Behind XCLIENT in EHLO.
inline constexpr char xclientAttributeNames[] = "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

} // namespace glasspost::smtp
