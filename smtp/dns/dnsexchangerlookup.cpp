#include "smtp/dns/dnsexchangerlookup.h"

#include "smtp/dns/exchangersearch.h"

#include <QTimer>

#include <utility>

namespace glasspost::smtp {

DnsExchangerLookup::DnsExchangerLookup(LookupSettings settings, std::shared_ptr<StsCache> cache)
    : m_settings(std::move(settings)), m_resolver(std::make_shared<Resolver>(m_settings.resolver)),
      m_policies(std::make_shared<StsPolicies>(
          m_resolver, cache ? std::move(cache) : std::make_shared<MemoryStsCache>(), m_settings.stsFetch))
{ }

void DnsExchangerLookup::lookup(const QByteArray &domain, QObject *context, Note note, Done done)
{
    auto *search = new ExchangerSearch(
        m_settings, {m_resolver, m_policies}, context, std::move(note), std::move(done));
    // Later, never from inside this call.
    QTimer::singleShot(0, search, [search, domain] { search->findExchangers(domain); });
}

void DnsExchangerLookup::lookupHost(const QByteArray &host, QObject *context, Note note, Done done)
{
    auto *search = new ExchangerSearch(
        m_settings, {m_resolver, m_policies}, context, std::move(note), std::move(done));
    QTimer::singleShot(0, search, [search, host] { search->findHost(host); });
}

} // namespace glasspost::smtp
