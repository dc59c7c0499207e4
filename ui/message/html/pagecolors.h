#pragma once

#include <QRgb>

namespace glasspost::ui {

/// The color for a dark page: of the same hue, and as much lighter than the dark paper as it was darker than
/// white, so that the contrast of any two colors (WCAG 2.1) stays what it was. White is the paper, black is
/// nearly white, and opacity stays.
[[nodiscard]] QRgb darkened(QRgb color);

} // namespace glasspost::ui
