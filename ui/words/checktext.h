#pragma once

#include "mail/checks/finding.h"

namespace glasspost::ui {

/// What a check found, for people: plain text, with pieces of the message in it.
QString reasonText(const mail::Finding &finding);
QString severityText(mail::Severity severity); ///< "Error"
QString checkAreaText(mail::CheckArea area); ///< "Accessibility"
/// "Line 12", "Line 12, line 3 of its part", "The whole message".
QString placeText(const mail::Finding &finding);

} // namespace glasspost::ui
