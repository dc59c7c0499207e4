#pragma once

#include "mail/maildir/messageid.h"

#include <QString>

namespace glasspost::mail {

/// All but the folders for copies, drafts and what was deleted.
inline bool isMailComingInto(const FolderId &folder)
{
    return folder.folder != u"Sent" && folder.folder != u"Drafts" && folder.folder != u"Trash";
}

/// Messages in the order in which the index took them in, for whoever follows what comes: rows with a number
/// above after, so that each page begins where the last one ended, whatever came or went meanwhile.
struct ArrivalQuery
{
    FolderId folder; ///< of an empty user: every folder that mail comes into
    QString searchText; ///< as RowQuery's; empty: every message
    qint64 after = 0; ///< the number of a row
    qint64 since = 0; ///< arrived then or later, seconds since the Unix epoch
    int limit = 200;

    friend bool operator==(const ArrivalQuery &, const ArrivalQuery &) = default;
};

} // namespace glasspost::mail
