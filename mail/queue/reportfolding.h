#pragma once

#include "mail/message/statusreport.h"
#include "mail/queue/queuevalues.h"

#include <QString>

namespace glasspost::mail {

/// The entry with what a report that came in says of its recipients (QueueRecipient::later): those whose
/// address the report names, or the only one there is. at: milliseconds since the Unix epoch.
QueueEntry withReport(QueueEntry entry, const StatusReport &report, qint64 at);

/// The report that a message in a file is, if it is one; and the entry that it is about, looked for among
/// the records of entries that are done, by envelope id and Message-ID. Blocks on the disk.
struct FoundReport
{
    StatusReport report; ///< without recipients: the file holds none
    QByteArray doneId; ///< empty: not among them
};
FoundReport findReport(const QString &dataFolder, const QString &file);

} // namespace glasspost::mail
