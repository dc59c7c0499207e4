#include "mail/routing/routelookup.h"

#include "smtp/dns/dnsexchangerlookup.h"

namespace glasspost::mail {

std::shared_ptr<smtp::ExchangerLookup> lookupFor(const OutgoingRoute &route, const QByteArray &heloName)
{
    smtp::LookupSettings lookup;
    lookup.resolver.nameserver = route.nameserver;
    lookup.resolver.port = route.nameserverPort;
    lookup.resolver.trustAnchorFile = route.trustAnchorFile;
    lookup.ourNames = {heloName};
    lookup.allowPrivateAddresses = route.allowPrivateAddresses;
    return std::make_shared<smtp::DnsExchangerLookup>(lookup);
}

} // namespace glasspost::mail
