#pragma once

#include "smtp/syntax/envelope.h"
#include "smtp/syntax/syntaxerror.h"

#include <QByteArrayView>
#include <QFlags>

#include <optional>

namespace glasspost::smtp {

/// Extensions whose MAIL and RCPT parameters a server takes. SIZE and BODY always are.
enum class ParameterExtension { SmtpUtf8 = 1, Dsn = 2, Auth = 4, BinaryMime = 8 };
Q_DECLARE_FLAGS(ParameterExtensions, ParameterExtension)
Q_DECLARE_OPERATORS_FOR_FLAGS(ParameterExtensions)

/// Reads the esmtp-params behind a reverse-path (RFC 5321 4.1.2) into the envelope: SIZE (RFC 1870), BODY
/// (RFC 6152), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461), AUTH (RFC 4954 5, checked and forgotten).
/// Nothing when all is well.
std::optional<SyntaxError> parseMailParameters(
    QByteArrayView text, ParameterExtensions offered, Envelope &envelope);

/// The same behind a forward-path: NOTIFY and ORCPT (RFC 3461).
std::optional<SyntaxError> parseRcptParameters(
    QByteArrayView text, ParameterExtensions offered, EnvelopeRecipient &recipient);

} // namespace glasspost::smtp
