#pragma once

#include "smtp/client/messagesource.h"
#include "smtp/syntax/capabilities.h"
#include "smtp/syntax/envelope.h"

#include <QByteArray>

#include <optional>

namespace glasspost::smtp {

/// Guards against command injection: nothing that a person or a program gave us may end a line or leave its
/// brackets. Octets past 7F are left to SMTPUTF8.
bool isSafePath(const Mailbox &path);
/// A word of a command: HELO's name. Not empty, no blanks, no control characters.
bool isSafeWord(const QByteArray &word);
/// Text that goes through xtext: no control characters; may be empty.
bool isSafeText(const QByteArray &text);

/// The path as it goes on the wire: a domain past ASCII becomes A-labels (RFC 5891) when the local-part is
/// ASCII, so that SMTPUTF8 is asked for only where there is no other way. Nothing when the domain cannot.
std::optional<Mailbox> wirePath(const Mailbox &path);

/// What a transaction asks of the server beyond the paths.
struct MailParameters
{
    qint64 size = -1;
    BodyType body = BodyType::SevenBit;
    bool smtpUtf8 = false;
    bool requireTls = false;
    std::optional<DeliverBy> deliverBy;
    qint64 holdUntil = 0; ///< seconds since the Unix epoch; 0: at once
    QByteArray submitter; ///< AUTH=, decoded; empty: not said
};

/// "MAIL FROM:<a@b> SIZE=..." (RFC 5321 4.1.1.2), parameters only where the server offers them. No CRLF.
QByteArray mailLine(const Envelope &envelope, const Mailbox &reversePath, const MailParameters &parameters,
    const Capabilities &offered);
/// "RCPT TO:<c@d> NOTIFY=..." (RFC 5321 4.1.1.3, RFC 3461 4).
QByteArray rcptLine(
    const EnvelopeRecipient &recipient, const Mailbox &forwardPath, const Capabilities &offered);

} // namespace glasspost::smtp
