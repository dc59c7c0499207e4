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
    RequireTls = 0x200 ///< RFC 8689
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

    [[nodiscard]] bool has(Capability capability) const { return flags.testFlag(capability); }

    static Capabilities fromEhlo(const Reply &reply);
    /// HELO was said: nothing is offered but the name.
    static Capabilities fromHelo(const Reply &reply);

    friend bool operator==(const Capabilities &, const Capabilities &) = default;
};

} // namespace glasspost::smtp
