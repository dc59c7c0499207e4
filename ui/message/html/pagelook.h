#pragma once

#include "ui/message/html/pagepainter.h"

#include <QVariantMap>

namespace glasspost::ui {

/// How pages are shown, whichever message it is; the window remembers it.
struct PageLook
{
    qreal zoom = 1;
    int width = 0; ///< what a page is laid out for, in CSS pixels; 0: the window's
    Rendering rendering = Rendering::AsSent;

    /// So many steps larger, or smaller.
    [[nodiscard]] PageLook zoomed(int steps) const;
    friend bool operator==(const PageLook &, const PageLook &) = default;
};

constexpr int phoneWidth = 375, tabletWidth = 768, desktopWidth = 1280;

// For window.ini; what is not there, or no look that one can choose, is the standard one.
[[nodiscard]] QVariantMap written(const PageLook &look);
[[nodiscard]] PageLook readPageLook(const QVariantMap &values);

} // namespace glasspost::ui
