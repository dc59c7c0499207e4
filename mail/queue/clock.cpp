#include "mail/queue/clock.h"

#include <QDateTime>

#include <chrono>

namespace glasspost::mail {

Clock Clock::system()
{
    return {[] { return QDateTime::currentMSecsSinceEpoch(); },
        [] {
            using namespace std::chrono;
            return qint64(duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count());
        }};
}

} // namespace glasspost::mail
