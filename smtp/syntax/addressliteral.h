#pragma once

#include <QByteArrayView>
#include <QHostAddress>

#include <optional>

namespace glasspost::smtp {

/// The address in "[127.0.0.1]" or "[IPv6:::1]" (RFC 5321 4.1.3); nothing when it is malformed or of a kind
/// that is not registered.
std::optional<QHostAddress> parseAddressLiteral(QByteArrayView text);

/// The address that was written in place of a host name, as people and settings have it: "192.0.2.1", "::1",
/// and in brackets with and without the tag of IPv6. Null for a name.
QHostAddress writtenAddress(const QByteArray &host);

/// The literal that names an address: "[127.0.0.1]", "[IPv6:2001:db8::1]". IPv4 mapped into IPv6 is written
/// as IPv4.
QByteArray addressLiteral(const QHostAddress &address);

} // namespace glasspost::smtp
