#pragma once

#include "mail/settings/settings.h"
#include "smtp/dns/exchangerlookup.h"

#include <memory>

namespace glasspost::mail {

/// The look-up that a route asks for: its nameserver and trust anchor, and by which name we may stand in a
/// domain's list of exchangers. Used on the thread that makes it.
std::shared_ptr<smtp::ExchangerLookup> lookupFor(const OutgoingRoute &route, const QByteArray &heloName);

} // namespace glasspost::mail
