#include "smtp/dns/exchangerpolicy.h"

#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/domain.h"

#include <QRandomGenerator>
#include <QtEndian>

#include <algorithm>

namespace glasspost::smtp {

namespace {

using Kind = LookupFailure::Kind;

tl::unexpected<LookupFailure> failure(Kind kind, EnhancedStatusCode status, const QByteArray &text)
{
    return tl::unexpected(LookupFailure{kind, status, text});
}

bool isBetter(const MxRecord &one, const MxRecord &other)
{
    return one.preference < other.preference;
}

void orderByPreference(QList<MxRecord> &records, const Shuffle &shuffle)
{
    std::stable_sort(records.begin(), records.end(), isBetter);
    for (auto begin = records.begin(); begin != records.end();) {
        const auto end = std::upper_bound(begin, records.end(), *begin, isBetter);
        shuffle(begin, end);
        begin = end;
    }
}

/// RFC 5321 5.1: where we stand in the list, we and all of our preference and worse are dropped.
void cutAtOurselves(QList<MxRecord> &records, const QList<QByteArray> &ourNames)
{
    QList<QByteArray> names;
    for (const QByteArray &name : ourNames)
        names.append(foldedDomain(name));
    const auto us = std::find_if(records.cbegin(), records.cend(),
        [&](const MxRecord &record) { return names.contains(foldedDomain(record.host)); });
    if (us == records.cend())
        return;
    const quint16 ours = us->preference;
    records.removeIf([ours](const MxRecord &record) { return record.preference >= ours; });
}

bool isNullMx(const QList<MxRecord> &records)
{
    return records.size() == 1 && foldedDomain(records.constFirst().host).isEmpty();
}

/// The IPv4 address that an IPv6 one stands for: RFC 4291 2.5.5.2, RFC 6052 2.1 (NAT64), RFC 3056 2 (6to4).
QHostAddress unmapped(const QHostAddress &address)
{
    bool isFour = false;
    const quint32 four = address.toIPv4Address(&isFour);
    if (isFour)
        return QHostAddress(four);
    static const auto nat64 = QHostAddress::parseSubnet(QStringLiteral("64:ff9b::/96"));
    static const auto sixToFour = QHostAddress::parseSubnet(QStringLiteral("2002::/16"));
    const bool isTranslated = address.isInSubnet(nat64);
    if (!isTranslated && !address.isInSubnet(sixToFour))
        return address;
    const Q_IPV6ADDR octets = address.toIPv6Address();
    return QHostAddress(qFromBigEndian<quint32>(&octets.c[isTranslated ? 12 : 2]));
}

} // namespace

void shuffleRandomly(QList<MxRecord>::iterator begin, QList<MxRecord>::iterator end)
{
    std::shuffle(begin, end, *QRandomGenerator::global());
}

bool isPublicAddress(const QHostAddress &address)
{
    const QHostAddress plain = unmapped(address);
    static const QList<QPair<QHostAddress, int>> reserved{
        QHostAddress::parseSubnet(QStringLiteral("0.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("10.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("100.64.0.0/10")),
        QHostAddress::parseSubnet(QStringLiteral("127.0.0.0/8")),
        QHostAddress::parseSubnet(QStringLiteral("169.254.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("172.16.0.0/12")),
        QHostAddress::parseSubnet(QStringLiteral("192.0.0.0/24")),
        QHostAddress::parseSubnet(QStringLiteral("192.168.0.0/16")),
        QHostAddress::parseSubnet(QStringLiteral("198.18.0.0/15")),
        QHostAddress::parseSubnet(QStringLiteral("224.0.0.0/3")),
        QHostAddress::parseSubnet(QStringLiteral("::/96")),
        QHostAddress::parseSubnet(QStringLiteral("64:ff9b:1::/48")),
        QHostAddress::parseSubnet(QStringLiteral("fc00::/7")),
        QHostAddress::parseSubnet(QStringLiteral("fe80::/10")),
        QHostAddress::parseSubnet(QStringLiteral("fec0::/10")),
        QHostAddress::parseSubnet(QStringLiteral("ff00::/8")),
    };
    return !plain.isNull() && std::none_of(reserved.cbegin(), reserved.cend(), [&plain](const auto &subnet) {
        return plain.protocol() == subnet.first.protocol() && plain.isInSubnet(subnet);
    });
}

tl::expected<ExchangerPlan, LookupFailure> planExchangers(const QByteArray &domain, const MxAnswer &answer,
    const QList<QByteArray> &ourNames, const Shuffle &shuffle)
{
    switch (answer.status) {
    case DnsStatus::TimedOut:
    case DnsStatus::Failed: // RFC 5321 5.1: never the address instead, it may be a wrong one
        return failure(Kind::Temporary, {4, 4, 3}, "look-up of the exchangers of " + domain + " failed");
    case DnsStatus::NoSuchName:
        return failure(Kind::NoSuchDomain, {5, 1, 2}, "no such domain: " + domain);
    case DnsStatus::NoData:
        return ExchangerPlan{ExchangerPlan::Origin::ImplicitMx, {MxRecord{0, foldedDomain(domain)}}};
    case DnsStatus::Answer:
        break;
    }
    QList<MxRecord> records = answer.records;
    if (isNullMx(records))
        return failure(Kind::NullExchanger, {5, 1, 10}, domain + " accepts no mail (null MX)");
    records.removeIf([](const MxRecord &record) { return foldedDomain(record.host).isEmpty(); });
    for (MxRecord &record : records)
        record.host = foldedDomain(record.host);
    orderByPreference(records, shuffle);
    cutAtOurselves(records, ourNames);
    if (records.isEmpty())
        return failure(Kind::OnlyUs, {5, 4, 6}, "we are the best exchanger of " + domain);
    return ExchangerPlan{ExchangerPlan::Origin::Mx, records};
}

ExchangerResult chooseExchangers(const QByteArray &domain, const ExchangerPlan &plan,
    const QHash<QByteArray, AddressAnswer> &answers, const LookupSettings &settings)
{
    QList<Exchanger> exchangers;
    int room = std::max(1, settings.addressLimit);
    bool privateSeen = false;
    bool failed = false;
    bool allUnknown = true;
    for (const MxRecord &host : plan.hosts) {
        const AddressAnswer answer = answers.value(host.host);
        failed |= isFailure(answer.status);
        allUnknown &= answer.status == DnsStatus::NoSuchName;
        Exchanger exchanger{host.preference, host.host, {}};
        for (const QHostAddress &address : answer.addresses) {
            if (!settings.allowPrivateAddresses && !isPublicAddress(address))
                privateSeen = true;
            else if (room > 0 && room--)
                exchanger.addresses.append(address);
        }
        if (!exchanger.addresses.isEmpty())
            exchangers.append(exchanger);
    }
    if (!exchangers.isEmpty())
        return exchangers;
    if (failed)
        return failure(Kind::Temporary, {4, 4, 3}, "look-up of the addresses of " + domain + " failed");
    if (privateSeen)
        return failure(Kind::NotPublic, {5, 4, 4}, "every exchanger of " + domain + " has a private address");
    if (plan.origin == ExchangerPlan::Origin::ImplicitMx && allUnknown)
        return failure(Kind::NoSuchDomain, {5, 1, 2}, "no such domain: " + domain);
    if (plan.origin == ExchangerPlan::Origin::ImplicitMx)
        return failure(Kind::NoAddress, {5, 1, 2},
            domain + " accepts no mail: it has neither a mail exchanger nor an address");
    return failure(Kind::NoAddress, {5, 4, 4},
        domain + " accepts no mail: none of its mail exchangers exists or has an address");
}

std::optional<ExchangerResult> exchangerOfLiteral(const QByteArray &domain, const LookupSettings &settings)
{
    if (!domain.startsWith('['))
        return std::nullopt;
    const QHostAddress address = writtenAddress(domain);
    if (address.isNull())
        return ExchangerResult(failure(Kind::NoSuchDomain, {5, 1, 2}, "not an address literal: " + domain));
    if (!settings.allowPrivateAddresses && !isPublicAddress(address))
        return ExchangerResult(failure(Kind::NotPublic, {5, 4, 4}, domain + " is a private address"));
    return ExchangerResult(QList<Exchanger>{Exchanger{0, address.toString().toLatin1(), {address}}});
}

} // namespace glasspost::smtp
