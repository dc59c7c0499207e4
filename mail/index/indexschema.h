#pragma once

#include "mail/base/error.h"

#include <QStringList>

namespace glasspost::mail {

/// Raised whenever the schema or what is put into it changes: an older file is then rebuilt.
constexpr int indexVersion = 8;

/// The statements that make index.sqlite; SQLite keeps each as it stands here.
const QStringList &indexSchema();
/// Whether SQLite made that table for one of ours.
bool isOwnTable(const QString &name);

/// What SQLite puts behind the database's name for the files beside it; the first is the database itself.
constexpr const char *indexSuffixes[] = {"", "-wal", "-shm"};
/// Damaged when one of them is a link or another thing than a file: what a link leads to is somebody else's,
/// and SQLite would write to it (F30).
Result<void> checkIndexFiles(const QString &path);

} // namespace glasspost::mail
