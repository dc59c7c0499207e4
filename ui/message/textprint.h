#pragma once

#include "ui/message/html/sheets.h"

namespace glasspost::ui {

/// Paints plain text below what is on the sheets already, in the letters of that font at the size that paper
/// has. Linear in the length of the text. False as Sheets::next().
[[nodiscard]] bool print(const QString &text, const QFont &letters, Sheets &sheets);

} // namespace glasspost::ui
