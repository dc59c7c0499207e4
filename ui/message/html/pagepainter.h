#pragma once

#include "ui/message/html/page.h"

#include <QImage>

#include <functional>

class QPainter;

namespace glasspost::ui {

using PictureImages = QHash<QString, QImage>; ///< by the names of mail::HtmlPage

enum class Rendering {
    AsSent, ///< in the message's own colors, on white paper unless it has another
    Dark ///< in those of a dark page (darkened()); pictures, and words upon them, as they are
};

constexpr int letterReach = 4; ///< letters go a little beyond the place that was measured for them

/// Paints what of the page lies in the area, in its coordinates; false when it was stopped, which it
/// asks before each item. What lies beside the area is painted into it as far as it reaches. Pictures that
/// are not there are a frame with the words shown instead of them. Any thread that may paint on what the
/// painter paints on.
bool paintPage(QPainter &painter, const Page &page, const PictureImages &pictures, const QRect &area,
    Rendering rendering, const std::function<bool()> &isStopped, int reach = letterReach);

} // namespace glasspost::ui
