#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QList>

#include <optional>

namespace glasspost::smtp {

/// The types of record that mail needs (RFC 1035 3.2.2, 3596, 4034, 6698), by their numbers.
enum class DnsType : quint16 { A = 1, Cname = 5, Mx = 15, Txt = 16, Aaaa = 28, DnsKey = 48, Tlsa = 52 };

/// How a nameserver's answer to one question came out.
enum class DnsStatus {
    Answer,
    NoData, ///< the name exists, nothing of this type does
    NoSuchName, ///< NXDOMAIN
    Failed, ///< SERVFAIL, refused, bogus
    TimedOut ///< no answer in time
};
/// Nothing is known: neither that there is something nor that there is nothing.
constexpr bool isFailure(DnsStatus status)
{
    return status == DnsStatus::Failed || status == DnsStatus::TimedOut;
}

/// What DNSSEC says of an answer (RFC 4033 5).
enum class DnsSecurity {
    Insecure, ///< not signed, or no trust anchor is above it
    Secure, ///< validated up to a trust anchor; holds for "no such record" too
    Bogus ///< should be signed, and the signatures do not hold; the status is Failed
};

/// The answer to one question. A plain value.
struct DnsAnswer
{
    DnsStatus status = DnsStatus::Failed;
    DnsSecurity security = DnsSecurity::Insecure;
    QByteArray canonicalName; ///< at the end of the CNAME chain, no final dot; the name itself without one
    QList<QByteArray> data; ///< RDATA of each record, as on the wire
    QByteArray trouble; ///< why it failed, one English line; empty when it did not
};

struct MxRecord
{
    quint16 preference = 0;
    QByteArray host; ///< without the final dot; empty for the null MX

    friend bool operator==(const MxRecord &, const MxRecord &) = default;
};

// Total functions over RDATA: nothing for what is no such record.

/// A domain name without compression (libunbound undoes it), no final dot; "" for the root. Octets that a
/// host name does not have are refused: they could forge a line of the transcript.
std::optional<QByteArray> nameFromData(const QByteArray &data);
std::optional<MxRecord> mxFromData(const QByteArray &data);
/// 4 octets an IPv4 address, 16 an IPv6 one.
std::optional<QHostAddress> addressFromData(const QByteArray &data);
/// The strings of a TXT record put together (RFC 7208 3.3, RFC 8461 3.1).
std::optional<QByteArray> textFromData(const QByteArray &data);

/// Those records of an answer that are what they should be.
QList<MxRecord> mxRecords(const DnsAnswer &answer);
QList<QHostAddress> addresses(const DnsAnswer &answer);

} // namespace glasspost::smtp
