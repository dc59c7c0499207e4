#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::mail {

/// Base64 (RFC 2045 6.8) as it is found: octets outside of the alphabet are skipped, padding ends a group and
/// no more, and what stands at the end without padding counts.
QByteArray fromBase64(QByteArrayView encoded);

/// Quoted-printable (RFC 2045 6.7) as it is found: blanks at the end of a line were added on the way, behind
/// the "=" of a soft break too; an "=" that begins nothing stands for itself.
QByteArray fromQuotedPrintable(QByteArrayView encoded);

} // namespace glasspost::mail
