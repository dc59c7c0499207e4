#pragma once

#include <QByteArray>
#include <QHostAddress>

namespace glasspost::smtp {

/// What EHLO says (RFC 5321 4.1.1.1): our name in A-labels where it is a domain with a dot, else the address
/// literal of our end of the connection; the name as it is where there is no address either. A name that
/// could not stand in a command is left as it is, to be refused.
[[nodiscard]] QByteArray greetingName(const QByteArray &ourName, const QHostAddress &ourAddress);

} // namespace glasspost::smtp
