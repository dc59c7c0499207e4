#pragma once

#include <QtGlobal>

#include <chrono>

namespace glasspost::smtp {

/// The time of transcripts and reports: microseconds since the Unix epoch, UTC.
inline qint64 microsecondsNow()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace glasspost::smtp
