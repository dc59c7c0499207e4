#include "mail/queue/clock.h"

#include <QDateTime>

#include <chrono>
#include <ctime>

namespace glasspost::mail {

namespace {

// The time a machine slept counts: a retry that fell into the night is due in the morning.
qint64 monotonicMilliseconds()
{
#ifdef CLOCK_BOOTTIME
    timespec now{};
    if (clock_gettime(CLOCK_BOOTTIME, &now) == 0)
        return qint64(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
#endif
    using namespace std::chrono;
    return qint64(duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
}

} // namespace

Clock Clock::system()
{
    return {[] { return QDateTime::currentMSecsSinceEpoch(); }, monotonicMilliseconds};
}

} // namespace glasspost::mail
