#pragma once

#include "mail/message/deceivingnames.h"

#include <QString>

namespace glasspost::ui {

/// Why a name may be taken for what it is not, one sentence a line; empty when nothing is found.

[[nodiscard]] QString deceitText(const mail::AddressDeceit &deceit);
/// Of an attachment's name.
[[nodiscard]] QString deceitText(mail::Deceits reasons, const QString &fileName);

} // namespace glasspost::ui
