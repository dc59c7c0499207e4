#pragma once

#include "mail/error.h"
#include "mail/message/draft.h"

#include <QByteArray>

namespace glasspost::mail {

/// The MIME part of a message, made with GMime: Content- fields, the empty line and the body, in 7-bit octets
/// and lines of at most 998, whatever is in it. Reads the attachments; one that cannot be
/// read is an error.
Result<QByteArray> writeBody(const Draft &draft);

} // namespace glasspost::mail
