#pragma once

#include "smtp/syntax/envelope.h"
#include "smtp/syntax/syntaxerror.h"

#include <QByteArrayView>
#include <QFlags>

#include <optional>

namespace glasspost::smtp {

/// Extensions whose MAIL and RCPT parameters a server takes. SIZE and BODY always are.
enum class ParameterExtension {
    SmtpUtf8 = 0x1,
    Dsn = 0x2,
    Auth = 0x4,
    BinaryMime = 0x8,
    RequireTls = 0x10,
    DeliverBy = 0x20,
    FutureRelease = 0x40,
    MtPriority = 0x80
};
Q_DECLARE_FLAGS(ParameterExtensions, ParameterExtension)
Q_DECLARE_OPERATORS_FOR_FLAGS(ParameterExtensions)

/// Reads the esmtp-params behind a reverse-path (RFC 5321 4.1.2) into the envelope: SIZE (RFC 1870), BODY
/// (RFC 6152, RFC 3030), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461), AUTH (RFC 4954 5, checked and
/// forgotten), REQUIRETLS (RFC 8689), BY (RFC 2852), HOLDFOR and HOLDUNTIL (RFC 4865), MT-PRIORITY
/// (RFC 6710). now: seconds since the Unix epoch, from which HOLDFOR counts. Nothing when all is well.
std::optional<SyntaxError> parseMailParameters(
    QByteArrayView text, ParameterExtensions offered, qint64 now, Envelope &envelope);

/// The same behind a forward-path: NOTIFY and ORCPT (RFC 3461).
std::optional<SyntaxError> parseRcptParameters(
    QByteArrayView text, ParameterExtensions offered, EnvelopeRecipient &recipient);

} // namespace glasspost::smtp
