#pragma once

#include "mail/transfer/mboxreader.h"

#include <functional>

namespace glasspost::mail {

/// One message as it stands in an mbox (RFC 4155, "mboxrd"), given to put piece by piece: the dividing line,
/// Status and X-Status for the flags it has, the message with LF line ends and every "From " quoted, and an
/// empty line. date: seconds since the Unix epoch. The error is that of reading the message.
Result<void> writeMboxEntry(const CarriedMessage &message, const QByteArray &sender, qint64 date,
    const std::function<void(QByteArrayView)> &put);

} // namespace glasspost::mail
