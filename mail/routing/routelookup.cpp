#include "mail/routing/routelookup.h"

#include "smtp/dns/dnsexchangerlookup.h"

namespace glasspost::mail {

std::shared_ptr<smtp::ExchangerLookup> lookupFor(
    const OutgoingRoute &route, const QByteArray &heloName, std::shared_ptr<smtp::StsCache> cache)
{
    smtp::LookupSettings lookup;
    lookup.resolver.nameserver = route.nameserver;
    lookup.resolver.port = route.nameserverPort;
    lookup.resolver.trustAnchorFile = route.trustAnchorFile;
    lookup.ourNames = {heloName};
    lookup.allowPrivateAddresses = route.allowPrivateAddresses;
    lookup.port = route.port;
    // Who wants no TLS at all is not to be bound to it by anybody's records.
    const bool isBound = route.tls != smtp::TlsMode::None;
    lookup.dane = isBound ? route.dane : smtp::TlsPolicyUse::Off;
    lookup.mtaSts = isBound ? route.mtaSts : smtp::TlsPolicyUse::Off;
    lookup.stsFetch.port = route.mtaStsPort;
    lookup.stsFetch.authorities = authoritiesOf(route);
    return std::make_shared<smtp::DnsExchangerLookup>(lookup, std::move(cache));
}

QList<QSslCertificate> authoritiesOf(const OutgoingRoute &route)
{
    if (route.authorityFile.isEmpty())
        return {};
    return QSslCertificate::fromPath(
        route.authorityFile, QSsl::Pem, QSslCertificate::PatternSyntax::FixedString);
}

} // namespace glasspost::mail
