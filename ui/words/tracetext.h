#pragma once

#include "mail/message/authenticationresults.h"
#include "mail/message/receivedroute.h"
#include "ui/theme/theme.h"

#include <QString>

namespace glasspost::ui {

/// The way of a message in words. What the servers wrote is made safe to show on one line.

/// "under 1 s", "5 s", "clock behind by 12 s"; empty when there is no time.
[[nodiscard]] QString delayText(const mail::ReceivedHop &hop);
/// Amber from five minutes on, red where the clocks disagree.
[[nodiscard]] Tone delayTone(const mail::ReceivedHop &hop);
/// Who took the message from whom, how, and when: for a tooltip, one fact a line.
[[nodiscard]] QString hopText(const mail::ReceivedHop &hop);

/// "SPF pass: example.org", or "mx.example says SPF pass: example.org" where it is only said.
[[nodiscard]] QString verdictText(const mail::AuthenticationVerdict &verdict);
/// Colored only where the receiving server itself says so.
[[nodiscard]] Tone verdictTone(const mail::AuthenticationVerdict &verdict);
/// What the method checks, and how far the verdict can be trusted.
[[nodiscard]] QString verdictMeaning(const mail::AuthenticationVerdict &verdict);

} // namespace glasspost::ui
