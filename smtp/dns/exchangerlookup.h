#pragma once

#include "smtp/dns/resolver.h"
#include "smtp/dns/stsfetchsettings.h"
#include "smtp/dns/tlsdemand.h"
#include "smtp/session/tlsmode.h"
#include "smtp/syntax/enhancedstatuscode.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <functional>
#include <optional>
#include <tl/expected.hpp>

namespace glasspost::smtp {

/// One host to try, with its addresses in the order to try them (RFC 5321 5.1: IPv6 then IPv4 at equal
/// preference).
struct Exchanger
{
    quint16 preference = 0;
    QByteArray host; ///< without the final dot; for a literal the address's text
    QList<QHostAddress> addresses;
    TlsDemand tls = {};

    friend bool operator==(const Exchanger &, const Exchanger &) = default;
};

/// Why a domain has no exchanger, now or for good.
struct LookupFailure
{
    enum class Kind {
        NoSuchDomain, ///< NXDOMAIN: 5.1.2
        NullExchanger, ///< RFC 7505: 5.1.10 (556)
        NoAddress, ///< the nameservers say for certain that there is none: 5.1.2, or 5.4.4 with MX records
        OnlyUs, ///< we are the best exchanger: 5.4.6
        NotPublic, ///< every address is loopback or private, and that is not allowed (C62): 5.4.4
        Loop, ///< CNAME chain past 16: 5.4.6
        Untrusted, ///< what the domain asks of TLS leaves no exchanger (DANE, MTA-STS): 4.7.5
        Temporary ///< SERVFAIL, time-out: 4.4.3
    };
    Kind kind = Kind::Temporary;
    EnhancedStatusCode status;
    QByteArray text; ///< one English line for reports and transcript
};

using ExchangerResult = tl::expected<QList<Exchanger>, LookupFailure>;

/// Finds where mail goes: the exchangers of a domain (RFC 5321 5.1, RFC 7505), or the addresses of a host
/// that was named. An interface: tests bring their own.
class ExchangerLookup
{
public:
    using Note = std::function<void(const QByteArray &)>;
    using Done = std::function<void(const ExchangerResult &)>;

    virtual ~ExchangerLookup() = default;
    /// note() gets one line for each step ("MX example.org: 10 mx1.example.org, 20 mx2.example.org") for the
    /// transcript. done() is called once, later, on the caller's thread, unless context is destroyed first.
    virtual void lookup(const QByteArray &domain, QObject *context, Note note, Done done) = 0;
    /// The one host of that name, without MX: a smarthost. A name that is not found is a Temporary failure,
    /// 4.4.4: a person has to mend it, and the mail waits for that.
    virtual void lookupHost(const QByteArray &host, QObject *context, Note note, Done done) = 0;
};

/// Settings of the look-up in the DNS.
struct LookupSettings
{
    ResolverSettings resolver;
    QList<QByteArray> ourNames; ///< names by which we may stand in an MX list
    bool allowPrivateAddresses
        = true; ///< loopback and private exchangers are used (a desk's tests want that)
    int addressLimit = 5; ///< addresses tried in one attempt, over all exchangers
    TlsPolicyUse dane = TlsPolicyUse::On; ///< RFC 7672
    TlsPolicyUse mtaSts = TlsPolicyUse::On; ///< RFC 8461
    quint16 port = 25; ///< of the exchangers: TLSA records stand at _PORT._tcp
    StsFetchSettings stsFetch;
};

} // namespace glasspost::smtp
