#include "smtp/dns/addresssearch.h"

namespace glasspost::smtp {

AddressSearch::AddressSearch(std::shared_ptr<Resolver> resolver, QObject *parent)
    : QObject(parent), m_resolver(std::move(resolver))
{ }

void AddressSearch::ask(const QList<QByteArray> &hosts)
{
    m_hosts = {hosts.cbegin(), hosts.cend()};
    for (const QByteArray &host : std::as_const(m_hosts)) {
        for (const DnsType type : {DnsType::Aaaa, DnsType::A})
            m_resolver->ask(
                host, type, this, [this, host, type](const DnsAnswer &answer) { got(host, type, answer); });
    }
}

void AddressSearch::got(const QByteArray &host, DnsType type, const DnsAnswer &answer)
{
    (type == DnsType::Aaaa ? m_six : m_four).insert(host, answer);
    if (m_six.contains(host) && m_four.contains(host))
        m_answers.insert(host, joinAddresses(m_six.value(host), m_four.value(host)));
    if (m_answers.size() == m_hosts.size())
        Q_EMIT finished();
}

AddressAnswer joinAddresses(const DnsAnswer &six, const DnsAnswer &four)
{
    AddressAnswer answer{DnsStatus::NoData, addresses(six) + addresses(four)};
    const auto either = [&](DnsStatus status) { return six.status == status || four.status == status; };
    if (!answer.addresses.isEmpty())
        answer.status = DnsStatus::Answer;
    else if (isFailure(six.status) || isFailure(four.status))
        answer.status = DnsStatus::Failed;
    else if (either(DnsStatus::NoSuchName))
        answer.status = DnsStatus::NoSuchName;
    answer.trouble = six.trouble.isEmpty() ? four.trouble : six.trouble;
    answer.canonicalName = six.canonicalName.isEmpty() ? four.canonicalName : six.canonicalName;
    // RFC 7672 2.1: who makes one of the answers fail must not thereby switch DANE off, so it has no say.
    const auto unsafe
        = [](const DnsAnswer &one) { return !isFailure(one.status) && one.security != DnsSecurity::Secure; };
    const bool failed = isFailure(six.status) && isFailure(four.status);
    if (!failed && !unsafe(six) && !unsafe(four))
        answer.security = DnsSecurity::Secure;
    return answer;
}

QByteArray addressNote(const QByteArray &host, const AddressAnswer &answer)
{
    QList<QByteArray> texts;
    for (const QHostAddress &address : answer.addresses)
        texts.append(address.toString().toLatin1());
    const QByteArray signs = answer.security == DnsSecurity::Secure ? " (DNSSEC: secure)" : "";
    if (!texts.isEmpty())
        return host + " has " + texts.join(", ") + signs;
    return host + " has no address" + (answer.trouble.isEmpty() ? QByteArray() : " known: " + answer.trouble)
        + signs;
}

} // namespace glasspost::smtp
