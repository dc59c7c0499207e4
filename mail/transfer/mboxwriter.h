#pragma once

#include "mail/transfer/mboxreader.h"

namespace glasspost::mail {

/// One message as it stands in an mbox (RFC 4155, "mboxrd"): the dividing line, Status and X-Status for the
/// flags it has, the message with LF line ends and every "From " quoted, and an empty line. Pure.
/// date: seconds since the Unix epoch.
QByteArray mboxEntry(const CarriedMessage &message, const QByteArray &sender, qint64 date);

} // namespace glasspost::mail
