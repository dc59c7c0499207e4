#pragma once

class QPainter;
class QStyleOption;

namespace glasspost::ui {

/// The square of a check box, in forms and in lists: an outline that stands out in light and dark (3 : 1,
/// WCAG 1.4.11), filled with the accent when checked. Colours from the option's palette.
void drawCheckBox(const QStyleOption &option, QPainter *painter);
/// The circle of a radio button, likewise.
void drawRadioButton(const QStyleOption &option, QPainter *painter);

} // namespace glasspost::ui
