#pragma once

#include "smtp/dns/exchangerlookup.h"

namespace glasspost::smtp {

/// ExchangerLookup over QDnsLookup. Names that no nameserver knows but the system does (localhost, the hosts
/// file) are found too, unless a nameserver of our own is set. Used on one thread with an event loop.
class DnsExchangerLookup : public ExchangerLookup
{
public:
    explicit DnsExchangerLookup(LookupSettings settings);

    void lookup(const QByteArray &domain, QObject *context, std::function<void(const QByteArray &)> note,
        std::function<void(const ExchangerResult &)> done) override;

private:
    LookupSettings m_settings;
};

} // namespace glasspost::smtp
