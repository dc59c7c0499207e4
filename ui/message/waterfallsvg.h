#pragma once

#include "ui/message/waterfall.h"

namespace glasspost::ui {

/// The waterfall as an SVG element, for a page on white paper; at most 1,000 rows of it, which it says.
[[nodiscard]] QString waterfallSvg(const QList<WaterfallRow> &rows);

} // namespace glasspost::ui
