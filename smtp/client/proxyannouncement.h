#pragma once

#include "smtp/client/clientsettings.h"

namespace glasspost::smtp {

/// The octets that go before everything else, TLS too: the PROXY protocol of HAProxy, version 1 (a line,
/// section 2.1) or 2 (binary, section 2.2). Ends of two families, or none known, are announced as unknown.
/// Empty for Version::None.
QByteArray proxyHeader(const ProxyAnnouncement &announcement, const QHostAddress &destination, quint16 port);

} // namespace glasspost::smtp
