#pragma once

#include <condition_variable>
#include <mutex>

// Which members a mutex guards and which functions want it held, as attributes that Clang checks
// (-Wthread-safety, with the lint rules) and other compilers do not see.
#if defined(__clang__)
#define GLASSPOST_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define GLASSPOST_THREAD_ATTRIBUTE(attribute)
#endif
#define GUARDED_BY(mutex) GLASSPOST_THREAD_ATTRIBUTE(guarded_by(mutex))
#define REQUIRES(mutex) GLASSPOST_THREAD_ATTRIBUTE(requires_capability(mutex))

namespace glasspost::mail {

/// std::mutex, known to the analysis.
class GLASSPOST_THREAD_ATTRIBUTE(capability("mutex")) Mutex
{
    friend class MutexLock; // the only way to hold it
    std::mutex m_mutex;
};

/// Holds the mutex for as long as it lives, but while it waits.
class GLASSPOST_THREAD_ATTRIBUTE(scoped_lockable) MutexLock
{
public:
    explicit MutexLock(Mutex &mutex) GLASSPOST_THREAD_ATTRIBUTE(acquire_capability(mutex))
        : m_lock(mutex.m_mutex)
    { }
    ~MutexLock() GLASSPOST_THREAD_ATTRIBUTE(release_capability()) = default;
    MutexLock(const MutexLock &) = delete;
    MutexLock &operator=(const MutexLock &) = delete;

    template <typename Condition> void wait(std::condition_variable &wakes, Condition until)
    {
        wakes.wait(m_lock, until);
    }
    /// False: the time is over and the condition is not true.
    template <typename Time, typename Condition>
    bool waitUntil(std::condition_variable &wakes, const Time &time, Condition until)
    {
        return wakes.wait_until(m_lock, time, until);
    }

private:
    std::unique_lock<std::mutex> m_lock;
};

} // namespace glasspost::mail
