#pragma once

#include "smtp/syntax/reply.h"

#include <QByteArray>
#include <QFlags>
#include <QList>

#include <optional>

namespace glasspost::smtp {

enum class Capability {
    Pipelining = 0x1, ///< RFC 2920
    EightBitMime = 0x2, ///< RFC 6152
    SmtpUtf8 = 0x4, ///< RFC 6531
    EnhancedStatusCodes = 0x8, ///< RFC 2034
    Chunking = 0x10, ///< RFC 3030
    Dsn = 0x20, ///< RFC 3461
    StartTls = 0x40, ///< RFC 3207
    Size = 0x80, ///< RFC 1870
    Auth = 0x100, ///< RFC 4954
    RequireTls = 0x200, ///< RFC 8689
    BinaryMime = 0x400, ///< RFC 3030
    DeliverBy = 0x800, ///< RFC 2852
    FutureRelease = 0x1000, ///< RFC 4865
    MtPriority = 0x2000, ///< RFC 6710
    Limits = 0x4000, ///< RFC 9422
    XClient = 0x8000 ///< Postfix's XCLIENT_README
};
Q_DECLARE_FLAGS(CapabilityFlags, Capability)
Q_DECLARE_OPERATORS_FOR_FLAGS(CapabilityFlags)

/// What a server's answer to EHLO offers, RFC 5321 4.1.1.1. Keywords compare without case, unknown ones and
/// malformed parameters are passed over.
struct Capabilities
{
    QByteArray greetingName; ///< first word of the first line: the server's name for itself
    CapabilityFlags flags;
    qint64 sizeLimit = 0; ///< octets; 0: no limit is known (RFC 1870 4)
    QList<QByteArray> authMechanisms; ///< upper case, each once; "AUTH=LOGIN" of old servers counts too
    std::optional<int> recipientLimit; ///< LIMITS RCPTMAX, RFC 9422
    std::optional<int> mailLimit; ///< LIMITS MAILMAX
    std::optional<int> recipientDomainLimit; ///< LIMITS RCPTDOMAINMAX
    qint64 shortestDeliverBy
        = 0; ///< DELIVERBY: seconds; the least that BY= with "return" may ask (RFC 2852 2)
    qint64 longestHold = 0; ///< FUTURERELEASE: seconds; 0: not known (RFC 4865 3)
    qint64 latestHold = 0; ///< FUTURERELEASE: seconds since the Unix epoch; 0: not known
    QList<QByteArray> xclientAttributes; ///< upper case

    [[nodiscard]] bool has(Capability capability) const { return flags.testFlag(capability); }

    /// As if the server had not offered these.
    [[nodiscard]] Capabilities without(CapabilityFlags passedOver) const;

    static Capabilities fromEhlo(const Reply &reply);
    /// HELO was said: nothing is offered but the name.
    static Capabilities fromHelo(const Reply &reply);
    /// "CHUNKING DSN".
    static QByteArray keywordsOf(CapabilityFlags flags);
    /// The way back, without case; nothing when a word is none of ours.
    static std::optional<CapabilityFlags> flagsOf(const QByteArray &keywords);

    friend bool operator==(const Capabilities &, const Capabilities &) = default;
};

} // namespace glasspost::smtp
