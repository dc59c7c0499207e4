#pragma once

#include "mail/base/deferredunlinker.h"
#include "mail/base/posix.h"
#include "mail/journal/journalline.h"
#include "mail/journal/journalsegment.h"
#include "mail/journal/journalsettings.h"
#include "mail/journal/largecontents.h"
#include "mail/journal/stepexecutor.h"

#include <functional>
#include <optional>
#include <thread>
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
    DeferredUnlinker m_unlinker;
    StepExecutor m_steps;
    bool m_syncFailed = false;
    int m_checkpointFailures = 0; ///< one after another
};

/// The journal's threads: the appender makes durable what was put, the applier does its steps, and the line
/// stands between them.
class JournalWriter
{
public:
    JournalWriter(const JournalSettings &settings, JournalFolders folders, quint64 firstNumber,
        std::function<void(const Error &)> troubled)
        : m_settings(settings), m_folders(std::move(folders)),
          m_appender(m_settings, m_folders, firstNumber, m_line),
          m_applier(m_settings, m_folders, m_line, std::move(troubled)),
          m_appending([this] { m_appender.run(); }), m_applying([this] { m_applier.run(); })
    { }
    /// All that was put is durable, applied and checkpointed; waits for the disk.
    ~JournalWriter()
    {
        m_line.stop();
        m_appending.join();
        m_applying.join();
    }
    JournalWriter(const JournalWriter &) = delete;
    JournalWriter &operator=(const JournalWriter &) = delete;

    void put(PendingTransaction pending) { m_line.put(std::move(pending)); } ///< any thread

private:
    const JournalSettings m_settings;
    const JournalFolders m_folders;
    JournalLine m_line;
    JournalAppender m_appender;
    JournalApplier m_applier;
    std::thread m_appending;
    std::thread m_applying;
};

} // namespace glasspost::mail
