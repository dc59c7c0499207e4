#pragma once

#include "smtp/dns/exchangerlookup.h"
#include "smtp/dns/stspolicies.h"

namespace glasspost::smtp {

/// ExchangerLookup in the DNS. A host that no nameserver knows but the system does (mDNS, a directory) is
/// found too by lookupHost(), unless a nameserver of our own is set. Used on one thread with an event loop.
class DnsExchangerLookup : public ExchangerLookup
{
public:
    /// Policies of MTA-STS are kept in the cache; without one, as long as this lives.
    explicit DnsExchangerLookup(LookupSettings settings, std::shared_ptr<StsCache> cache = nullptr);

    void lookup(const QByteArray &domain, QObject *context, Note note, Done done) override;
    void lookupHost(const QByteArray &host, QObject *context, Note note, Done done) override;

private:
    LookupSettings m_settings;
    std::shared_ptr<Resolver> m_resolver;
    std::shared_ptr<StsPolicies> m_policies;
};

} // namespace glasspost::smtp
