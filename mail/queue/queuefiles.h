#pragma once

#include "mail/base/error.h"
#include "mail/journal/journal.h"
#include "mail/queue/queuevalues.h"

namespace glasspost::mail {

/// Where the queue's files lie, below the data folder.
QString queueMessagePath(const QByteArray &id);
QString queueStatePath(const QByteArray &id);
QString queueDonePath(const QByteArray &id); ///< the record of an entry that is done, kept for seven days

/// The steps that write an entry's state; of one that is over (isOver()) they make the record and remove the
/// message.
FileTransaction stateSteps(const QueueEntry &entry);
/// The same for the record of an entry that is over.
FileTransaction recordSteps(const QueueEntry &entry);
/// The steps that take an entry's message and state away.
FileTransaction queueRemoval(const QByteArray &id);

struct StoredQueue
{
    QList<QueueEntry> entries;
    QList<Error> damaged; ///< files that were left alone
    FileTransaction cleaning; ///< takes records away that are older than seven days
};
/// Reads every entry, makes the folders when they lack. Blocks on the disk.
Result<StoredQueue> readQueue(const QString &dataFolder, qint64 now);
/// An entry without id when there is no record of it.
QueueEntry readDoneEntry(const QString &dataFolder, const QByteArray &id);

} // namespace glasspost::mail
