#pragma once

#include <QtGlobal>

namespace glasspost::ui {

// Limits of the process that lays out. A message that goes beyond them ends it, and nothing else.

/// No core file, no network where the system lets a process do without, and an end with its parent. Called
/// once, before there is a second thread.
void confineProcess();
/// So much memory beyond what the process has now.
void limitMemory();
/// So much memory that can be written to, for this process and each that it starts: an engine that reserves
/// addresses without end has no other limit.
void limitData(qint64 octets);
/// So much processor time for what comes next.
void limitTime();

} // namespace glasspost::ui
