#pragma once

#include <QtGlobal>

namespace glasspost::mail {

class FileSystemCalls;

/// How a journal works; the defaults are for use, other values for tests.
struct JournalSettings
{
    FileSystemCalls *calls = nullptr; ///< the system's own when null; outlives the journal
    int checkpointMilliseconds = 1000;
    qint64 checkpointBytes = 64 * 1024 * 1024;
    qint64 inlineBytes = 256 * 1024; ///< contents longer than this skip the double write
    int retryMilliseconds = 500; ///< between two tries at a step that failed
};

} // namespace glasspost::mail
