#pragma once

#include "mail/journey/journey.h"

#include <optional>

namespace glasspost::mail {

/// Which journeys are listed.
struct JourneyFilter
{
    /// That of one recipient at least; Failed is one of whom a report said so later, too. A person's removal
    /// ended what had not ended. None: any.
    std::optional<RecipientState> state = std::nullopt;
    qint64 since = 0; ///< milliseconds since the Unix epoch: queued then or later
    QByteArray olderThan = {}; ///< id of an entry: only those that came before it
    int limit = 20;

    friend bool operator==(const JourneyFilter &, const JourneyFilter &) = default;
};

/// A part of those that the filter asks for.
struct JourneyList
{
    QList<Journey> journeys; ///< newest first, without their sessions
    QByteArray next; ///< id of the last one looked at, for olderThan: there may be more; empty: there are not

    friend bool operator==(const JourneyList &, const JourneyList &) = default;
};

} // namespace glasspost::mail
