#pragma once

#include "mail/settings/settings.h"

#include <QString>

namespace glasspost::ui {

/// "catch-all", "mailboxes": the policy's name beside an address.
[[nodiscard]] QString policyText(mail::RecipientPolicy policy);
/// What it does, as a choice with its mnemonic.
[[nodiscard]] QString policyChoiceText(mail::RecipientPolicy policy);

} // namespace glasspost::ui
