#pragma once

#include "mail/base/mutex.h"
#include "mail/base/posix.h"

#include <condition_variable>
#include <deque>
#include <thread>

namespace glasspost::mail {

/// Removes files without making the caller wait for the disk to give their blocks back, which takes a third
/// of a millisecond where ext4 tells the disk of each (mount option discard), and long for a large file. A
/// file is renamed into spool/, which the next start empties, and deleted on a thread of its own.
class DeferredUnlinker
{
public:
    DeferredUnlinker(FileSystemCalls &calls, int dataFolder);
    ~DeferredUnlinker(); ///< all that was taken is deleted; waits for the disk
    DeferredUnlinker(const DeferredUnlinker &) = delete;
    DeferredUnlinker &operator=(const DeferredUnlinker &) = delete;

    /// The file stands at path no more; false when it still does: there is none, the disk refused, or so many
    /// wait already that the caller does better to delete it itself. One thread at a time.
    bool take(const QByteArray &path);

private:
    void sweep();

    FileSystemCalls &m_calls;
    const int m_data;
    quint64 m_taken = 0;
    Mutex m_mutex;
    std::condition_variable m_wakes;
    std::deque<QByteArray> m_waiting GUARDED_BY(m_mutex);
    bool m_stopping GUARDED_BY(m_mutex) = false;
    std::thread m_thread;
};

} // namespace glasspost::mail
