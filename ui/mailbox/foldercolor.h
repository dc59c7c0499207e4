#pragma once

#include <QColor>
#include <QString>

namespace glasspost::ui {

/// Of the mark that a person has given a folder, one of mail::folderColorNames() or "#rrggbb": lighter or
/// darker, where it has to be, until it is 3:1 on its ground (WCAG 2.2, 1.4.11).
[[nodiscard]] QColor folderMarkColor(const QString &color, const QColor &ground);
/// "Teal", or the digits of one that has no name.
[[nodiscard]] QString folderColorTitle(const QString &color);

} // namespace glasspost::ui
