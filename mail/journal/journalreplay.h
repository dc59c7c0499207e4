#pragma once

#include "mail/base/error.h"

#include <QStringList>

namespace glasspost::mail {

class FileSystemCalls;

/// How many transactions and steps a replay found and had to do again.
struct JournalReplay
{
    int transactions = 0;
    int stepsRedone = 0;
    int damagedSegments = 0; ///< set aside in journal/ as *.damaged: octets that had been synced read
                             ///< otherwise; the spooled files of that start lie in spool/damaged/
    QStringList refused; ///< paths that lead out of the data folder: nothing of their transactions was
                         ///< done, and their segments are set aside as damaged
};

/// What is left after a replay: how much there was, and the number the next segment may take.
struct ReplayOutcome
{
    JournalReplay counts;
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
