#pragma once

#include "mail/journal/filesteps.h"
#include "mail/journal/journal.h"

namespace glasspost::mail {

/// What is left after a replay: how much there was, and the number the next segment may take.
struct ReplayOutcome
{
    Journal::Replay counts;
    quint64 nextNumber = 1;
};

/// Does again, in order, what the segments in journal/ hold, syncs the file system and drops them. May be
/// killed at any moment and done again: no segment goes before all of its steps are synced.
Result<ReplayOutcome> replaySegments(FileSystemCalls &calls, int dataFolder, int journalFolder);

/// After a failed sync of the files: writes again whatever the segments up to this number hold.
Result<void> rewriteSegments(FileSystemCalls &calls, int dataFolder, int journalFolder, quint64 upTo);

/// Unlinks the segments up to this number, oldest first, so that no later step ever stays without an earlier.
Result<void> dropSegments(FileSystemCalls &calls, int journalFolder, quint64 upTo);

} // namespace glasspost::mail
