#pragma once

#include "smtp/session/wallclock.h"

namespace glasspost::smtp {

/// One moment by both clocks. Engines are told it, and read none themselves.
struct Moment
{
    using Steady = std::chrono::steady_clock::time_point;

    qint64 wall = 0; ///< microseconds since the Unix epoch, UTC: for records
    Steady steady; ///< nobody sets this one: for time-outs

    static Moment now() { return {microsecondsNow(), std::chrono::steady_clock::now()}; }
};

} // namespace glasspost::smtp
