#pragma once

#include <QByteArrayView>

#include <compare>
#include <optional>
#include <utility>

namespace glasspost::mail {

/// When a message came into its mailbox, as its unique name tells; messages that we filed have an order even
/// within a microsecond.
struct ArrivalMoment
{
    qint64 micros = 0; ///< since the Unix epoch
    quint64 counter = 0; ///< of those that one process filed; 0 where the name has none

    friend bool operator==(const ArrivalMoment &, const ArrivalMoment &) = default;
    friend auto operator<=>(const ArrivalMoment &a, const ArrivalMoment &b)
    {
        return std::pair(a.micros, a.counter) <=> std::pair(b.micros, b.counter);
    }

    static ArrivalMoment now();
};

/// "seconds.MmicrosPpidQcounter.host"; of a name without microseconds the end of its second, so that it never
/// seems to have come before what happened in that second. Nothing where the name begins with no time.
std::optional<ArrivalMoment> arrivalMoment(QByteArrayView uniqueName);

} // namespace glasspost::mail
