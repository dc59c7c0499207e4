#pragma once

#include "mail/message/mdn.h"
#include "mail/message/statusreport.h"
#include "mail/queue/queuevalues.h"

#include <QString>

namespace glasspost::mail {

/// What a message in a file reports, if it is a report: a status (RFC 3464) or a disposition (RFC 8098); and
/// the entry that it is about when that is done.
struct FoundReport
{
    StatusReport report; ///< without recipients: the file holds none
    MdnReceipt receipt; ///< a null originalMessageId: the file holds none
    QByteArray doneId; ///< empty: not among the records of entries that are done

    [[nodiscard]] bool isNull() const;
    [[nodiscard]] bool isAbout(const QueueEntry &entry) const; ///< by envelope id or Message-ID
};
/// Looks among the records of entries that are done. Blocks on the disk.
FoundReport findReport(const QString &dataFolder, const QString &file);

/// The entry with what the report says of its recipients (QueueRecipient::later, receipt): those whose
/// address it names, or the only one there is. at: milliseconds since the Unix epoch.
QueueEntry withReport(QueueEntry entry, const FoundReport &found, qint64 at);

} // namespace glasspost::mail
