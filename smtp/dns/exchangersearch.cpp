#include "smtp/dns/exchangersearch.h"

#include "smtp/dns/addresssearch.h"
#include "smtp/dns/aliaschain.h"
#include "smtp/dns/stspolicies.h"
#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/domain.h"

#include <QHostInfo>

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype hostLimit = 10; // exchangers whose addresses are asked for; more are never tried

/// What the system's resolver knows, IPv6 first.
AddressAnswer systemAnswer(const QHostInfo &info)
{
    AddressAnswer answer{DnsStatus::NoData, {}};
    for (const auto protocol : {QAbstractSocket::IPv6Protocol, QAbstractSocket::IPv4Protocol}) {
        for (const QHostAddress &address : info.addresses()) {
            if (address.protocol() == protocol)
                answer.addresses.append(address);
        }
    }
    return answer;
}

ExchangerResult soleHost(const QByteArray &host, const AddressAnswer &answer, const LookupSettings &settings)
{
    if (!answer.addresses.isEmpty())
        return QList<Exchanger>{Exchanger{0, host,
            answer.addresses.first(std::min<qsizetype>(answer.addresses.size(), settings.addressLimit))}};
    if (isFailure(answer.status))
        return tl::unexpected(LookupFailure{
            LookupFailure::Kind::Temporary, {4, 4, 3}, "look-up of " + host + " failed: " + answer.trouble});
    return tl::unexpected(LookupFailure{LookupFailure::Kind::Temporary, {4, 4, 4}, "no such host: " + host});
}

} // namespace

ExchangerSearch::ExchangerSearch(LookupSettings settings, SearchTools tools, QObject *context,
    ExchangerLookup::Note note, ExchangerLookup::Done done)
    : QObject(context), m_settings(std::move(settings)), m_tools(std::move(tools)), m_note(std::move(note)),
      m_done(std::move(done))
{ }

void ExchangerSearch::findExchangers(const QByteArray &domain)
{
    m_domain = domain;
    m_name = foldedDomain(domain);
    if (const auto literal = exchangerOfLiteral(m_domain, m_settings))
        return end(*literal);
    askPolicy();
    askMx();
}

void ExchangerSearch::askMx()
{
    m_tools.resolver->ask(m_name, DnsType::Mx, this, [this](const DnsAnswer &answer) { gotMx(answer); });
}

void ExchangerSearch::gotMx(const DnsAnswer &answer)
{
    if (const QByteArray canonical = foldedDomain(answer.canonicalName); canonical != m_name) {
        m_note(m_name + " is an alias of " + canonical);
        m_name = canonical;
    }
    noteMx(answer);
    const bool perhapsAlias = answer.status == DnsStatus::Failed && answer.security != DnsSecurity::Bogus;
    if (perhapsAlias && m_aliases == Aliases::NotFollowed)
        return mxFailed(answer);
    plan(answer);
}

void ExchangerSearch::noteMx(const DnsAnswer &answer)
{
    if (isFailure(answer.status))
        return m_note("MX " + m_name + ": " + answer.trouble);
    QList<QByteArray> texts;
    for (const MxRecord &record : mxRecords(answer))
        texts.append(
            QByteArray::number(record.preference) + ' ' + (record.host.isEmpty() ? "." : record.host));
    const QByteArray signs = answer.security == DnsSecurity::Secure ? " (DNSSEC: secure)" : "";
    m_note("MX " + m_name + ": " + (texts.isEmpty() ? "none" : texts.join(", ")) + signs);
}

/// C59: a nameserver gives up on a chain of aliases that is a circle, or long, as it does when it is ill.
void ExchangerSearch::mxFailed(const DnsAnswer &answer)
{
    m_aliases = Aliases::Followed;
    auto *chain = new AliasChain(m_tools.resolver, this);
    connect(chain, &AliasChain::finished, this, [this, answer](const std::optional<QByteArray> &last) {
        if (!last)
            return end(tl::unexpected(LookupFailure{LookupFailure::Kind::Loop, {5, 4, 6},
                "the aliases of " + m_domain + " form a loop, or are too many"}));
        if (*last == m_name)
            return plan(answer);
        m_note(m_name + " is an alias of " + *last);
        m_name = *last;
        askMx();
    });
    chain->follow(m_name);
}

void ExchangerSearch::plan(const DnsAnswer &answer)
{
    MxAnswer known{answer.status, mxRecords(answer)};
    if (known.status == DnsStatus::Answer && known.records.isEmpty()) {
        known.status = DnsStatus::Failed; // records that are none: no word about the domain's own address
        m_note("MX " + m_name + ": the records are malformed");
    }
    m_findings.mx = answer.security;
    const auto planned = planExchangers(m_name, known, m_settings.ourNames);
    if (!planned) {
        LookupFailure failure = planned.error();
        if (!answer.trouble.isEmpty())
            failure.text += ": " + answer.trouble;
        return end(tl::unexpected(failure));
    }
    m_plan = *planned;
    m_plan.hosts = m_plan.hosts.first(std::min(m_plan.hosts.size(), hostLimit));
    QList<QByteArray> names;
    for (const MxRecord &host : std::as_const(m_plan.hosts))
        names.append(host.host);
    m_addresses = newAddressSearch(&ExchangerSearch::gotAddresses);
    m_addresses->ask(names);
}

AddressSearch *ExchangerSearch::newAddressSearch(void (ExchangerSearch::*next)())
{
    auto *search = new AddressSearch(m_tools.resolver, this);
    connect(search, &AddressSearch::finished, this, next);
    return search;
}

void ExchangerSearch::gotAddresses()
{
    for (const MxRecord &host : std::as_const(m_plan.hosts))
        m_note(addressNote(host.host, m_addresses->answers().value(host.host)));
    const ExchangerResult chosen = chooseExchangers(m_domain, m_plan, m_addresses->answers(), m_settings);
    if (!chosen)
        return end(chosen);
    m_chosen = *chosen;
    askTlsa();
}

/// RFC 7672 2.2: only where the addresses are validated, so that the many hosts without DNSSEC, some of which
/// have nameservers that choke on TLSA, are not asked.
void ExchangerSearch::askTlsa()
{
    QList<TlsaQuestion> questions;
    for (const Exchanger &exchanger : std::as_const(m_chosen)) {
        const AddressAnswer answer = m_addresses->answers().value(exchanger.host);
        if (m_settings.dane == TlsPolicyUse::On && answer.security == DnsSecurity::Secure)
            questions.append({exchanger.host, foldedDomain(answer.canonicalName)});
    }
    if (questions.isEmpty())
        return weigh();
    auto *search = new TlsaSearch(m_tools.resolver, m_settings.port, this);
    connect(search, &TlsaSearch::noted, this, m_note);
    connect(search, &TlsaSearch::finished, this, [this, search] {
        m_findings.tlsa = search->answers();
        weigh();
    });
    search->ask(questions);
}

void ExchangerSearch::askPolicy()
{
    const bool isPublished = m_name.contains('.') && !m_name.endsWith(".localhost");
    if (m_settings.mtaSts == TlsPolicyUse::Off || !isPublished)
        return weigh();
    m_tools.policies->find(m_name, this, m_note, [this](const std::optional<StsPolicy> &policy) {
        m_findings.policy = policy;
        weigh();
    });
}

void ExchangerSearch::weigh()
{
    if (--m_open == 0)
        end(demandTls(foldedDomain(m_domain), m_chosen, m_findings, m_note));
}

void ExchangerSearch::findHost(const QByteArray &host)
{
    m_domain = host;
    m_name = foldedDomain(host);
    if (const QHostAddress address = writtenAddress(host); !address.isNull())
        return end(QList<Exchanger>{Exchanger{0, host, {address}}});
    m_addresses = newAddressSearch(&ExchangerSearch::gotHost);
    m_addresses->ask({m_name});
}

void ExchangerSearch::gotHost()
{
    const AddressAnswer answer = m_addresses->answers().value(m_name);
    if (answer.addresses.isEmpty() && m_settings.resolver.nameserver.isNull())
        return askSystem();
    m_note(addressNote(m_name, answer));
    end(soleHost(m_domain, answer, m_settings));
}

/// The system knows names that the DNS does not (mDNS's .local, a directory's).
void ExchangerSearch::askSystem()
{
    QHostInfo::lookupHost(QString::fromLatin1(m_name), this, [this](const QHostInfo &info) {
        AddressAnswer answer = m_addresses->answers().value(m_name);
        answer.addresses = systemAnswer(info).addresses;
        m_note(addressNote(m_name, answer));
        end(soleHost(m_domain, answer, m_settings));
    });
}

void ExchangerSearch::end(const ExchangerResult &result)
{
    const ExchangerLookup::Done done = std::exchange(m_done, {});
    deleteLater();
    if (done)
        done(result);
}

} // namespace glasspost::smtp
