#pragma once

#include "mail/journey/journey.h"

#include <QString>

namespace glasspost::ui {

/// A line for a shell that has swaks say again what was said in the last session of the message, with a test
/// body: same server and port, EHLO name, TLS, sign-in (it asks for the password), sender and recipients.
/// What swaks cannot say, parameters of MAIL and RCPT, is left out. Empty where the record has no such
/// session.
[[nodiscard]] QString swaksCommand(const mail::Journey &journey);

/// As one word of a POSIX shell.
[[nodiscard]] QString shellWord(const QString &word);

} // namespace glasspost::ui
