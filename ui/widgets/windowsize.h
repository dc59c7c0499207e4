#pragma once

#include <QSize>

class QWidget;

namespace glasspost::ui {

/// Gives a window the size that suits it, or the screen's when that is smaller: on a small screen, or at 200
/// %, all of it stays in sight.
void resizeWithinScreen(QWidget &window, const QSize &size);

} // namespace glasspost::ui
