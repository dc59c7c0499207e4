#include "smtp/dns/tlspolicy.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// What is asked of one host, or why no mail goes there.
using Judgement = tl::expected<TlsDemand, QByteArray>;

/// RFC 7672 2.2: usable records bind; where all are unusable TLS must be, and nothing else is asked.
TlsDemand daneDemand(const QByteArray &domain, const Exchanger &exchanger, const TlsaAnswer &answer)
{
    TlsDemand demand;
    std::copy_if(answer.records.cbegin(), answer.records.cend(), std::back_inserter(demand.records),
        [](const TlsaRecord &record) { return record.isUsable(); });
    demand.kind = demand.records.isEmpty() ? TlsDemand::Kind::DaneUnverified : TlsDemand::Kind::Dane;
    for (const QByteArray &name : {answer.base, exchanger.host, domain}) {
        if (!demand.names.contains(name))
            demand.names.append(name);
    }
    return demand;
}

bool isEnforced(const std::optional<StsPolicy> &policy)
{
    return policy && policy->mode == StsPolicy::Mode::Enforce;
}

Judgement judge(const QByteArray &domain, const Exchanger &exchanger, const TlsFindings &findings)
{
    const TlsaAnswer tlsa = findings.tlsa.value(exchanger.host);
    if (tlsa.kind == TlsaAnswer::Kind::Failed)
        return tl::unexpected("DANE: TLSA look-up for " + exchanger.host + " failed: " + tlsa.trouble);
    const bool hasDane = tlsa.kind == TlsaAnswer::Kind::Secure;
    const bool stsCounts
        = isEnforced(findings.policy) && !(hasDane && findings.mx == DnsSecurity::Secure); // RFC 8461 2
    if (stsCounts && !findings.policy->lists(exchanger.host))
        return tl::unexpected("MTA-STS: the policy of " + domain + " does not list " + exchanger.host);
    if (hasDane)
        return daneDemand(domain, exchanger, tlsa);
    TlsDemand demand;
    if (stsCounts)
        demand.kind = TlsDemand::Kind::MtaSts;
    return demand;
}

QByteArray demandNote(const QByteArray &host, const TlsDemand &demand)
{
    switch (demand.kind) {
    case TlsDemand::Kind::None:
        break;
    case TlsDemand::Kind::Dane:
        return "DANE: " + host + " must have TLS and a certificate that matches its TLSA records";
    case TlsDemand::Kind::DaneUnverified:
        return "DANE: " + host
            + " must have TLS; its TLSA records are unusable, so no certificate is required";
    case TlsDemand::Kind::MtaSts:
        return "MTA-STS: " + host + " must have TLS and a certificate for its name";
    }
    return {};
}

} // namespace

ExchangerResult demandTls(const QByteArray &domain, const QList<Exchanger> &exchangers,
    const TlsFindings &findings, const ExchangerLookup::Note &note)
{
    QList<Exchanger> allowed;
    QByteArray reason = "no exchanger of " + domain + " may be used";
    const bool isTest = findings.policy && findings.policy->mode == StsPolicy::Mode::Testing;
    for (Exchanger exchanger : exchangers) {
        if (isTest && !findings.policy->lists(exchanger.host)) // RFC 8461 5: told, and delivered
            note("MTA-STS (testing): the policy of " + domain + " does not list " + exchanger.host);
        const Judgement judgement = judge(domain, exchanger, findings);
        if (!judgement) {
            reason = judgement.error();
            note(reason);
            continue;
        }
        exchanger.tls = *judgement;
        if (const QByteArray line = demandNote(exchanger.host, *judgement); !line.isEmpty())
            note(line);
        allowed.append(exchanger);
    }
    if (allowed.isEmpty())
        return tl::unexpected(LookupFailure{LookupFailure::Kind::Untrusted, {4, 7, 5}, reason});
    return allowed;
}

} // namespace glasspost::smtp
