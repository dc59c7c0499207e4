#pragma once

#include "mail/base/deliverer.h"
#include "mail/journal/filesteps.h"
#include "mail/journal/journal.h"
#include "mail/journal/journalsegment.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace glasspost::mail {

/// A completion and where it goes.
struct Answer
{
    Deliverer::Ticket ticket;
    Completion<void> completion;

    void answer(Result<void> result);
};

struct PendingTransaction
{
    FileTransaction steps;
    qint64 octets = 0;
    Answer durable;
    Answer applied;
};

struct JournalFolders
{
    FileDescriptor data;
    FileDescriptor segments;
    FileDescriptor spool;
};

/// The journal's threads. The appender takes all that waits, writes it in one go, syncs once, answers,
/// and hands it to the applier, which does the steps in order. A checkpoint is the appender's: it begins a
/// new segment and sends a mark through the same line; when the mark comes out, all that the older segments
/// hold stands in the files, which are synced, and the segments go.
class JournalWriter
{
public:
    JournalWriter(const JournalSettings &settings, JournalFolders folders, quint64 firstNumber,
        std::function<void(const Error &)> troubled);
    ~JournalWriter(); ///< all that was put is durable, applied and checkpointed; waits for the disk
    JournalWriter(const JournalWriter &) = delete;
    JournalWriter &operator=(const JournalWriter &) = delete;

    void put(PendingTransaction pending); ///< any thread

private:
    using Clock = std::chrono::steady_clock;
    /// A transaction to apply, or a mark: the segments up to this number can go once synced.
    struct Work
    {
        PendingTransaction transaction;
        std::optional<quint64> mark;
    };

    void append();
    bool takeGroup(std::vector<PendingTransaction> &group);
    void commitGroup(std::vector<PendingTransaction> group);
    Result<void> writeGroup(const std::vector<PendingTransaction> &group);
    static void refuse(PendingTransaction &pending, const Result<void> &why);
    Result<void> spoolLarge(FileTransaction &steps, QList<QByteArray> &spooled);
    Result<void> spoolContent(FileStep &step, QList<QByteArray> &spooled);
    Result<void> linkShared(const FileStep &step, const QByteArray &name);
    Result<void> writeContent(const FileStep &step, const QByteArray &name);
    void dropSpooled(QList<QByteArray> &spooled, qsizetype from);
    Result<void> needSegment();
    void checkpoint(bool last);
    [[nodiscard]] bool isCheckpointDue() const;
    void passOn(std::vector<Work> works);

    void apply();
    bool applySteps(const FileTransaction &steps);
    void giveUp(Work work);
    void dropBehind(quint64 mark);
    Result<void> syncAndDrop(quint64 mark);
    bool pauseAfter(const Error &error);

    const JournalSettings m_settings;
    FileSystemCalls &m_calls;
    const JournalFolders m_folders;
    const std::function<void(const Error &)> m_troubled;

    std::mutex m_mutex;
    std::condition_variable m_appenderWakes;
    std::condition_variable m_applierWakes;
    std::vector<PendingTransaction> m_waiting; ///< guarded
    std::deque<Work> m_works; ///< guarded
    qint64 m_backlog = 0; ///< guarded: octets durable and not yet applied
    std::optional<Error> m_stuck; ///< guarded: why the applier cannot go on
    std::optional<Error> m_unsynced; ///< guarded: why checkpoint after checkpoint fails
    bool m_checkpointOwed = false; ///< guarded: one failed and is to be tried again
    bool m_stopping = false; ///< guarded
    bool m_appenderDone = false; ///< guarded

    // the appender's
    std::optional<JournalSegment> m_segment;
    quint64 m_nextNumber;
    quint64 m_lastNumber = 0;
    qint64 m_lastEnd = 0;
    quint64 m_spooled = 0;
    Clock::time_point m_checkpointAt;
    bool m_dirty = false;

    // the applier's
    FileSweeper m_sweeper;
    FileSteps m_steps;
    bool m_syncFailed = false;
    int m_checkpointFailures = 0; ///< one after another

    std::thread m_appender;
    std::thread m_applier;
};

} // namespace glasspost::mail
