#pragma once

#include <QPixmap>

class QWidget;

namespace glasspost::ui {

/// The words on a small ground, for the pointer to carry from that list.
[[nodiscard]] QPixmap dragPicture(const QString &words, const QWidget &list);

} // namespace glasspost::ui
