#pragma once

#include "mail/maildir/messageid.h"

namespace glasspost::mail {

/// The oldest messages of a folder, by arrival, that are more than it shall hold. Flagged ones (F) are
/// neither counted nor named. 0: no limit of that kind.
struct SurplusQuery
{
    FolderId folder;
    int mostMessages = 0;
    qint64 mostOctets = 0; ///< of the messages on the wire, together
    qint64 arrivedBefore = 0; ///< seconds since the Unix epoch: all of those
    int limit = 500; ///< named at once

    friend bool operator==(const SurplusQuery &, const SurplusQuery &) = default;
};

} // namespace glasspost::mail
