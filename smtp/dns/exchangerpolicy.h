#pragma once

#include "smtp/dns/dnsrecord.h"
#include "smtp/dns/exchangerlookup.h"

#include <QByteArray>
#include <QHash>
#include <QHostAddress>
#include <QList>

#include <functional>

namespace glasspost::smtp {

struct MxAnswer
{
    DnsStatus status = DnsStatus::Failed;
    QList<MxRecord> records;
};

struct AddressAnswer
{
    DnsStatus status = DnsStatus::Failed;
    QList<QHostAddress> addresses; ///< IPv6 first
    DnsSecurity security = DnsSecurity::Insecure;
    QByteArray canonicalName = {}; ///< the host, or what its aliases lead to
    QByteArray trouble = {}; ///< why it failed, one English line
};

/// The hosts to ask addresses for, in order.
struct ExchangerPlan
{
    enum class Origin { Mx, ImplicitMx }; ///< implicit: the domain itself (RFC 5321 5.1)
    Origin origin = Origin::Mx;
    QList<MxRecord> hosts;

    friend bool operator==(const ExchangerPlan &, const ExchangerPlan &) = default;
};

/// Puts records of equal preference into a random order; tests bring their own.
using Shuffle = std::function<void(QList<MxRecord>::iterator, QList<MxRecord>::iterator)>;
void shuffleRandomly(QList<MxRecord>::iterator begin, QList<MxRecord>::iterator end);

/// RFC 5321 5.1 over one answer: order, null MX (RFC 7505), ourselves and all that is no better dropped, the
/// domain itself where there is no MX. Pure.
tl::expected<ExchangerPlan, LookupFailure> planExchangers(const QByteArray &domain, const MxAnswer &answer,
    const QList<QByteArray> &ourNames, const Shuffle &shuffle = shuffleRandomly);

/// The plan with addresses, hosts without one left out, cut to the limit. Pure.
ExchangerResult chooseExchangers(const QByteArray &domain, const ExchangerPlan &plan,
    const QHash<QByteArray, AddressAnswer> &answers, const LookupSettings &settings);

/// "[192.0.2.1]" and "[IPv6:2001:db8::1]" (RFC 5321 4.1.3): that address alone; nothing for a name.
std::optional<ExchangerResult> exchangerOfLiteral(const QByteArray &domain, const LookupSettings &settings);

/// Loopback, private, link-local and such: none that the world can reach (C62).
bool isPublicAddress(const QHostAddress &address);

} // namespace glasspost::smtp
