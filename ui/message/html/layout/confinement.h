#pragma once

#include "ui/message/html/pagelimits.h"

#include <QStringList>

namespace glasspost::ui {

// Limits of the process that lays out. A message that goes beyond them ends it, and nothing else.

/// No core file, an end with its parent, no socket of any kind, and of all files those alone that programs,
/// libraries and fonts are in. Files and folders of writable may be written to as well. Holds for every
/// process that this one starts. Called once, before there is a second thread. What the system does not
/// take away is said.
[[nodiscard]] PageReach confineProcess(const QStringList &writable = {});
/// So much memory beyond what the process has now.
void limitMemory();
/// So much memory that can be written to, for this process and each that it starts: an engine that reserves
/// addresses without end has no other limit.
void limitData(qint64 octets);
/// No file is opened any more; the open ones can be read and written. What exec() starts cannot be loaded,
/// either.
void limitFiles();
/// So much processor time for what comes next.
void limitTime();

} // namespace glasspost::ui
