#pragma once

#include "smtp/syntax/mailbox.h"

#include <QByteArray>
#include <QFlags>
#include <QList>

#include <algorithm>
#include <optional>

namespace glasspost::smtp {

enum class BodyType { SevenBit, EightBitMime, BinaryMime }; ///< BODY=, RFC 6152 and 3030
enum class DsnReturn { Unspecified, Full, Headers }; ///< RET=, RFC 3461 4.3

/// NOTIFY=, RFC 3461 4.1. No flag: the parameter was not given.
enum class Notify { Never = 1, Success = 2, Failure = 4, Delay = 8 };
Q_DECLARE_FLAGS(NotifyFlags, Notify)
Q_DECLARE_OPERATORS_FOR_FLAGS(NotifyFlags)

/// BY=, RFC 2852: by when the message is to be delivered, and what follows when it is not.
struct DeliverBy
{
    enum class Mode { Return, Notify }; ///< R: give up and return it; N: tell the sender and go on
    qint64 seconds = 0; ///< from the MAIL command on; negative only with Notify: the time is over already
    Mode mode = Mode::Notify;
    bool trace = false; ///< T: tell of each relay

    friend bool operator==(const DeliverBy &, const DeliverBy &) = default;
};

/// One RCPT: the forward-path and its DSN parameters.
struct EnvelopeRecipient
{
    Mailbox forwardPath;
    NotifyFlags notify;
    QByteArray originalRecipient; ///< ORCPT=, decoded: "rfc822;a@b"; empty when not given

    friend bool operator==(const EnvelopeRecipient &, const EnvelopeRecipient &) = default;
};

/// What MAIL and RCPT said: the envelope of one message (RFC 5321 2.3.1).
struct Envelope
{
    Mailbox reversePath;
    QList<EnvelopeRecipient> recipients;
    BodyType body = BodyType::SevenBit;
    bool smtpUtf8 = false;
    qint64 declaredSize = -1; ///< SIZE=, octets; -1 when not given
    DsnReturn dsnReturn = DsnReturn::Unspecified;
    QByteArray submitter; ///< AUTH= as it was written, RFC 4954 5; taken on nobody's word
    QByteArray envelopeId; ///< ENVID=, decoded; empty when not given
    bool requireTls = false; ///< REQUIRETLS, RFC 8689
    std::optional<DeliverBy> deliverBy; ///< BY=, RFC 2852
    qint64 holdUntil = 0; ///< HOLDFOR= or HOLDUNTIL=, RFC 4865: seconds since the Unix epoch; 0 for none
    std::optional<int> priority; ///< MT-PRIORITY=, RFC 6710: -9 to 9; none given counts as 0
    /// What was accepted though a strict server refuses it, and why: "MAIL FROM: <a@b> (there is a blank
    /// before it)".
    QList<QByteArray> tolerated;

    /// Whether any of its paths needs SMTPUTF8 (RFC 6531).
    [[nodiscard]] bool hasUtf8Paths() const
    {
        return reversePath.needsSmtpUtf8()
            || std::any_of(recipients.cbegin(), recipients.cend(),
                [](const EnvelopeRecipient &one) { return one.forwardPath.needsSmtpUtf8(); });
    }
    friend bool operator==(const Envelope &, const Envelope &) = default;
};

} // namespace glasspost::smtp
