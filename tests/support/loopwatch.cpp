#include "tests/support/loopwatch.h"

#include <algorithm>
#include <ctime>

namespace glasspost::test {

namespace {

std::chrono::microseconds timeOfThread()
{
    timespec spent{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::seconds(spent.tv_sec) + std::chrono::nanoseconds(spent.tv_nsec));
}

} // namespace

LoopWatch::LoopWatch() : m_last(timeOfThread())
{
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &LoopWatch::look);
    m_timer.start(1);
}

std::chrono::milliseconds LoopWatch::bound()
{
    constexpr std::chrono::milliseconds promised{50};
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 3 * promised;
#else
    return promised;
#endif
}

void LoopWatch::look()
{
    const std::chrono::microseconds now = timeOfThread();
    m_longest = std::max(m_longest, now - m_last);
    m_last = now;
}

} // namespace glasspost::test
