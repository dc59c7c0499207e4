#pragma once

#include "mail/checks/findings.h"

namespace glasspost::mail {

/// What every message says of itself: dates, authors, recipients, Message-ID, and fields that are missing or
/// are there more than once (RFC 5322 3.6). Fields that Glasspost or another server put on top do not count.
void checkHeader(const CheckedMessage &message, Findings &findings);
/// Whether and how one leaves the list that sent it (RFC 2369, RFC 8058).
void checkUnsubscribe(const CheckedMessage &message, Findings &findings);

} // namespace glasspost::mail
