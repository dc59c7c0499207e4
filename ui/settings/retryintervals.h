#pragma once

#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace glasspost::ui {

/// "5 min, 10 min, 1 h" and back. Units s, min, h, d; a bare number is minutes. Nothing when a piece is not
/// understood or is no more than zero.
std::optional<QList<std::chrono::seconds>> parseWaits(const QString &text);
QString waitsText(const QList<std::chrono::seconds> &waits);

} // namespace glasspost::ui
