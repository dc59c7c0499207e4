#pragma once

namespace glasspost::ui {

// Limits of the process that lays out. A message that goes beyond them ends it, and nothing else.

/// So much memory beyond what the process has now, no core file, no network where the system lets a process
/// do without, and an end with its parent. Called once, before there is a second thread.
void confineProcess();
void limitMemory();
/// So much processor time for what comes next.
void limitTime();

} // namespace glasspost::ui
