#pragma once

#include "ui/message/html/page.h"

#include <QVariant>

namespace glasspost::ui {

// What page.js says of a page.

/// All of the page but its pictures: its items are texts in no color, which are selected, copied and found.
[[nodiscard]] Page readingOf(const QVariantMap &reading);
[[nodiscard]] QList<QRect> placesOf(const QVariant &places);
[[nodiscard]] QPoint pointOf(const QVariant &point);

} // namespace glasspost::ui
