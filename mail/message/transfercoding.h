#pragma once

#include "mail/message/mime.h"

#include <QByteArray>
#include <QByteArrayView>

namespace glasspost::mail {

/// Base64 (RFC 2045 6.8) as it is found: octets outside of the alphabet are skipped, padding ends a group and
/// no more, and what stands at the end without padding counts.
QByteArray fromBase64(QByteArrayView encoded);

/// Quoted-printable (RFC 2045 6.7) as it is found: blanks at the end of a line were added on the way, behind
/// the "=" of a soft break too; an "=" that begins nothing stands for itself.
QByteArray fromQuotedPrintable(QByteArrayView encoded);

/// Takes a transfer encoding off octets that come in pieces, as the functions above do; holds one line at
/// most, and no more than its last 64 KiB.
class TransferDecoder
{
public:
    explicit TransferDecoder(GMimeContentEncoding encoding);

    QByteArray take(const QByteArray &encoded);
    QByteArray finish(); ///< what is left at the end

private:
    QByteArray takeBase64(QByteArrayView encoded);
    QByteArray finishBase64();
    QByteArray takeQuoted(const QByteArray &encoded);

    const GMimeContentEncoding m_encoding;
    unsigned m_bits = 0; ///< of the group of base64 that is being read
    int m_digits = 0;
    QByteArray m_held; ///< quoted-printable that what follows may change
    GRef<GMimeFilter> m_filter; ///< uuencode
};

} // namespace glasspost::mail
