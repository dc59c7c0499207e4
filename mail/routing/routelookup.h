#pragma once

#include "mail/settings/settings.h"
#include "smtp/dns/exchangerlookup.h"
#include "smtp/dns/stscache.h"

#include <memory>

namespace glasspost::mail {

/// The look-up that a route asks for: its nameserver and trust anchor, which policies bind, and by which name
/// we may stand in a domain's list of exchangers. Reads the route's file of authorities. Without a cache,
/// policies of MTA-STS are kept as long as the look-up lives. Used on the thread that makes it.
std::shared_ptr<smtp::ExchangerLookup> lookupFor(
    const OutgoingRoute &route, const QByteArray &heloName, std::shared_ptr<smtp::StsCache> cache = nullptr);
/// The certificates of the route's file of authorities; none where there is no file or it is none.
QList<QSslCertificate> authoritiesOf(const OutgoingRoute &route);

} // namespace glasspost::mail
