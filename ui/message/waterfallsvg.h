#pragma once

#include "ui/message/waterfall.h"

#include <functional>

namespace glasspost::ui {

/// What becomes of a text before it is shown.
using TextMask = std::function<QString(const QString &)>;

/// The waterfall as SVG elements one below the other, for a page on white paper, each with no more rows than
/// fit a sheet, all on one time axis; at most 1,000 rows of it, which it says. No mask: texts are as they
/// are.
[[nodiscard]] QString waterfallSvg(const QList<WaterfallRow> &rows, const TextMask &mask = {});

} // namespace glasspost::ui
