#pragma once

#include "smtp/dns/exchangerlookup.h"

namespace glasspost::smtp {

/// ExchangerLookup in the DNS. A host that no nameserver knows but the system does (mDNS, a directory) is
/// found too by lookupHost(), unless a nameserver of our own is set. Used on one thread with an event loop.
class DnsExchangerLookup : public ExchangerLookup
{
public:
    explicit DnsExchangerLookup(LookupSettings settings);

    void lookup(const QByteArray &domain, QObject *context, Note note, Done done) override;
    void lookupHost(const QByteArray &host, QObject *context, Note note, Done done) override;

private:
    LookupSettings m_settings;
    std::shared_ptr<Resolver> m_resolver;
};

} // namespace glasspost::smtp
