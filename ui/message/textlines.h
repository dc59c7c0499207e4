#pragma once

#include <QStringView>

namespace glasspost::ui {

/// How much of the text is laid out as one line: up to its end, or as much as does not cost too much.
/// Breaking a line costs the square of its length, and marks upon one letter the square of their number.
[[nodiscard]] qsizetype laidOutLength(QStringView text);

} // namespace glasspost::ui
