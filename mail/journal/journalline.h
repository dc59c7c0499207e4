#pragma once

#include "mail/base/mutex.h"
#include "mail/journal/pendingtransaction.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <optional>
#include <vector>

namespace glasspost::mail {

/// A transaction to apply, or a mark: the segments up to this number can go once the files are synced.
struct ApplierWork
{
    PendingTransaction transaction;
    std::optional<quint64> mark = {};
};

/// What stands between the journal's threads, and all that they share: transactions that wait for the
/// appender, what waits for the applier, and what keeps either from going on.
class JournalLine
{
public:
    using Clock = std::chrono::steady_clock;

    void put(PendingTransaction pending); ///< any thread
    void stop(); ///< any thread: what was put is still done

    // For the appender.

    /// Waits for transactions, but no longer than to the next checkpoint; one that is owed (see
    /// checkpointEnded) is set a little later. An empty group: that time has come. False: the end.
    bool takeGroup(std::vector<PendingTransaction> &group, std::optional<Clock::time_point> &checkpointAt,
        std::chrono::milliseconds retry);
    void passOn(std::vector<ApplierWork> works);
    void endOfAppending();
    /// Why nothing new may be promised: the files cannot be written, or synced checkpoint after checkpoint.
    [[nodiscard]] std::optional<Error> obstacle();

    // For the applier.

    /// The next in the line; nothing at the end.
    std::optional<ApplierWork> next();
    void applied(qint64 octets); ///< that transaction's steps stand in the files
    void goesOn(); ///< steps that have stuck can be done
    /// The files refuse a step: whether this is another error than before.
    bool isStuck(const Error &error);
    /// Waits a moment before the next try; false when the end comes first.
    bool pause(std::chrono::milliseconds time);
    /// The end comes before the files can be written; those who wait for them are told.
    void giveUp(const ApplierWork &work);
    /// How a checkpoint ended; after a failure another one is owed. unsynced: nothing new is promised until
    /// one succeeds.
    void checkpointEnded(bool succeeded, const std::optional<Error> &unsynced);

private:
    Mutex m_mutex;
    std::condition_variable m_appenderWakes;
    std::condition_variable m_applierWakes;
    std::vector<PendingTransaction> m_waiting GUARDED_BY(m_mutex);
    std::deque<ApplierWork> m_works GUARDED_BY(m_mutex);
    qint64 m_backlog GUARDED_BY(m_mutex) = 0; ///< octets durable and not yet applied
    std::optional<Error> m_stuck GUARDED_BY(m_mutex); ///< why the applier cannot go on
    std::optional<Error> m_unsynced GUARDED_BY(m_mutex); ///< why checkpoint after checkpoint fails
    bool m_checkpointOwed GUARDED_BY(m_mutex) = false; ///< one failed and is to be tried again
    bool m_stopping GUARDED_BY(m_mutex) = false;
    bool m_appenderDone GUARDED_BY(m_mutex) = false;
};

} // namespace glasspost::mail
