#pragma once

#include "mail/journey/journey.h"

#include <QString>

namespace glasspost::ui {

/// Where the time went of a message that arrived, but more than a minute after it was due; empty for any
/// other. The time in which a person held it is not counted.
[[nodiscard]] QString whySlow(const mail::Journey &journey);

} // namespace glasspost::ui
