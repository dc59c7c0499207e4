#pragma once

#include "mail/base/posix.h"
#include "mail/journal/journal.h"
#include "mail/journal/journalline.h"
#include "mail/journal/journalsegment.h"
#include "mail/journal/largecontents.h"

#include <optional>
#include <vector>

namespace glasspost::mail {

struct JournalFolders
{
    FileDescriptor data;
    FileDescriptor segments;
    FileDescriptor spool;
};

/// The thread that makes transactions durable: takes all that waits, writes it to the segment in one go,
/// syncs once, answers, and hands it to the applier. A checkpoint is the appender's: it begins a new segment
/// and sends a mark through the same line.
class JournalAppender
{
public:
    JournalAppender(const JournalSettings &settings, const JournalFolders &folders, quint64 firstNumber,
        JournalLine &line);

    void run(); ///< until the line has ended; a last mark goes before the end

private:
    void commitGroup(std::vector<PendingTransaction> group);
    Result<void> writeGroup(const std::vector<PendingTransaction> &group);
    Result<void> needSegment();
    void leaveSegment();
    [[nodiscard]] bool isCheckpointDue() const;
    void checkpoint();

    const JournalSettings &m_settings;
    FileSystemCalls &m_calls;
    const JournalFolders &m_folders;
    JournalLine &m_line;
    LargeContents m_contents;
    std::optional<JournalSegment> m_segment;
    quint64 m_nextNumber;
    quint64 m_lastNumber = 0; ///< of the segment before this one, and where that ended
    qint64 m_lastEnd = 0;
    /// When the next checkpoint is due; none while nothing was written since the last one.
    std::optional<JournalLine::Clock::time_point> m_checkpointAt;
};

} // namespace glasspost::mail
