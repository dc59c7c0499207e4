#pragma once

#include "mail/error.h"
#include "mail/message/draft.h"

#include <QByteArray>

namespace glasspost::mail {

enum class Unreadable { Fails, IsLeftOut }; ///< what a file that cannot be read does

/// The MIME part of a message, made with GMime: Content- fields, the empty line and the body, in 7-bit octets
/// and lines of at most 998, whatever is in it. Reads the attachments.
Result<QByteArray> writeBody(const Draft &draft, Unreadable unreadable);

} // namespace glasspost::mail
