#pragma once

#include "mail/queue/deliverysettings.h"
#include "mail/queue/site.h"
#include "smtp/dns/tlsdemand.h"

#include <tl/expected.hpp>

namespace glasspost::mail {

/// How a session with a host of the site is to be held, by its route and by what the host's domain demands of
/// TLS (RFC 7672, RFC 8461), which binds where the route is content with less. tls: as the route has it, or
/// less where that was tried in vain. Reads the route's small files, so not on the GUI thread. The error is
/// one line for people.
tl::expected<smtp::ClientSettings, QByteArray> sessionSettings(
    const Site &site, const DeliverySettings &settings, const smtp::TlsDemand &demand, smtp::TlsMode tls);

/// A handshake that fails leaves the clear text to the site's mail: the policy is to take TLS when it is
/// there (C47).
bool mayGoWithoutTls(const OutgoingRoute &route, const smtp::TlsDemand &demand);

/// Why TLS had to be, for whoever reads the queue: " (DANE requires TLS)", or nothing.
QByteArray demandWords(smtp::TlsDemand::Kind kind);

} // namespace glasspost::mail
