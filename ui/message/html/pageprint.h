#pragma once

#include "ui/message/html/pagepainter.h"
#include "ui/message/html/sheets.h"

namespace glasspost::ui {

/// What a page is laid out for that goes onto paper: A4 within its margins, in CSS pixels.
constexpr int paperWidth = 720;

/// Paints the page below what is on the sheets already: as wide as they are, in its own colors; no line of
/// text is cut in two where that can be avoided. False as Sheets::next().
[[nodiscard]] bool print(const Page &page, const PictureImages &pictures, Sheets &sheets);

} // namespace glasspost::ui
