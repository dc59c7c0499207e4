#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace glasspost::mail {
enum class Appearance;
}

namespace glasspost::ui {

/// What a colour means, everywhere in the program.
enum class Tone {
    Neutral,
    Accepted, ///< green: delivered, listening
    Deferred, ///< amber: waiting, try again
    Refused, ///< red: refused permanently, failed
    Transit ///< blue: on its way
};

/// The grid, in device-independent pixels.
namespace space {
constexpr int half = 4; ///< inside controls
constexpr int one = 8; ///< between controls
constexpr int two = 16; ///< between groups, page margins
constexpr int three = 24;
} // namespace space

[[nodiscard]] bool isDark(const QPalette &palette);
/// Text and line colour of a tone, 4.5:1 or more on Base, Window and on toneFill() of that palette. Neutral
/// is the muted text.
[[nodiscard]] QColor toneColor(const QPalette &palette, Tone tone);
/// A soft ground for chips and bars of a tone.
[[nodiscard]] QColor toneFill(const QPalette &palette, Tone tone);
/// Secondary text: times, sizes; 4.5:1 on Base and Window.
[[nodiscard]] QColor mutedText(const QPalette &palette);
/// The one line between panes, and round controls.
[[nodiscard]] QColor hairline(const QPalette &palette);
/// Ground of the row under the pointer.
[[nodiscard]] QColor hoverFill(const QPalette &palette);
/// WCAG 2 contrast, 1 to 21.
[[nodiscard]] qreal contrast(const QColor &a, const QColor &b);
/// The system's monospace font with the same height of small letters as the body font.
[[nodiscard]] QFont monospaceFont(const QFont &body);
/// The same, bold.
[[nodiscard]] QFont boldFont(const QFont &body);
/// A larger, bold font for headings.
[[nodiscard]] QFont headingFont(const QFont &body);

/// Palettes for platforms that bring none, and for the pictures.
[[nodiscard]] QPalette lightPalette();
[[nodiscard]] QPalette darkPalette();
/// Style and palette of the whole program: ours over Fusion. A platform's own palette (a desktop's colours)
/// stays. Call once after QApplication is made.
void applyTheme();
/// Light or dark colors, or the platform's, from now on.
void applyAppearance(mail::Appearance appearance);
/// A platform's palette may leave its placeholders unreadable, or black: they get the contrast of secondary
/// text.
void mendPlaceholders(QPalette &palette);

} // namespace glasspost::ui
