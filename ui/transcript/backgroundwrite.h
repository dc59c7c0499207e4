#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QObject>

namespace glasspost::ui {

/// Writes a file the person chose, whole or not at all, on a pool thread; done comes on the context's thread,
/// never after that is destroyed.
void writeInBackground(
    const QString &path, const QByteArray &bytes, QObject *context, mail::Completion<void> done);

} // namespace glasspost::ui
