#pragma once

#include "mail/base/task.h"

#include <QByteArray>

namespace glasspost::ui {

/// Writes a file the person chose, whole or not at all, on a pool thread.
mail::Task<void> writeInBackground(const QString &path, const QByteArray &bytes);

} // namespace glasspost::ui
