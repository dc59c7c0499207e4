#include "ui/widgets/windowsize.h"

#include <QScreen>
#include <QWidget>

namespace glasspost::ui {

namespace {

constexpr QSize frame(16, 40); ///< what a window manager draws around, about

} // namespace

void resizeWithinScreen(QWidget &window, const QSize &size)
{
    window.resize(size.boundedTo(window.screen()->availableSize() - frame));
}

} // namespace glasspost::ui
