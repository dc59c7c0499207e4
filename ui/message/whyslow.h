#pragma once

#include "mail/journey/journey.h"
#include "ui/message/waterfall.h"

#include <QString>

namespace glasspost::ui {

/// Where the time went of a message that arrived, but more than a minute after it was due; empty for any
/// other. The time in which a person held it is not counted. The rows are its waterfall.
[[nodiscard]] QString whySlow(const mail::Journey &journey, const QList<WaterfallRow> &rows);

} // namespace glasspost::ui
