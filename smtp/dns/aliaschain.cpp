#include "smtp/dns/aliaschain.h"

namespace glasspost::smtp {

AliasChain::AliasChain(std::shared_ptr<Resolver> resolver, QObject *parent)
    : QObject(parent), m_resolver(std::move(resolver))
{ }

void AliasChain::follow(const QByteArray &name)
{
    m_name = name;
    m_resolver->ask(m_name, DnsType::Cname, this, [this](const DnsAnswer &answer) { got(answer); });
}

void AliasChain::got(const DnsAnswer &answer)
{
    const auto next = answer.status == DnsStatus::Answer ? nameFromData(answer.data.value(0)) : std::nullopt;
    if (!next)
        return Q_EMIT finished(m_name);
    m_seen.insert(m_name);
    if (m_seen.contains(next->toLower()) || m_seen.size() > aliasLimit)
        return Q_EMIT finished(std::nullopt);
    follow(next->toLower());
}

} // namespace glasspost::smtp
