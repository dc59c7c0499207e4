#pragma once

#include "mail/base/filesweeper.h"
#include "mail/journal/filesteps.h"
#include "mail/journal/journalappender.h"

#include <functional>

namespace glasspost::mail {

/// The thread that does the steps of durable transactions, in order. When a mark comes, all that the older
/// segments hold stands in the files, which are synced, and the segments go.
class JournalApplier
{
public:
    JournalApplier(const JournalSettings &settings, const JournalFolders &folders, JournalLine &line,
        std::function<void(const Error &)> troubled);

    void run(); ///< until the appender has ended and its last mark is through

private:
    bool applySteps(const FileTransaction &steps);
    void dropBehind(quint64 mark);
    Result<void> syncAndDrop(quint64 mark);

    const JournalSettings &m_settings;
    FileSystemCalls &m_calls;
    const JournalFolders &m_folders;
    JournalLine &m_line;
    const std::function<void(const Error &)> m_troubled;
    FileSweeper m_sweeper;
    FileSteps m_steps;
    bool m_syncFailed = false;
    int m_checkpointFailures = 0; ///< one after another
};

} // namespace glasspost::mail
