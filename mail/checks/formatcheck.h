#pragma once

#include "mail/checks/findings.h"

namespace glasspost::mail {

/// Whether the octets are a message by RFC 5322 and RFC 2045 to 2047: lines, header fields, encoded words,
/// transfer encodings, charsets, boundaries.
void checkFormat(const CheckedMessage &message, Findings &findings);
/// Whether mailboxes and clients take all of it.
void checkSize(const CheckedMessage &message, Findings &findings);

} // namespace glasspost::mail
