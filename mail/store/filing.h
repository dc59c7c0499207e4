#pragma once

#include "mail/base/messageoctets.h"
#include "mail/index/indexjob.h"
#include "mail/journal/transaction.h"

namespace glasspost::mail {

/// A transaction that puts messages into mailboxes: the steps on the files, and what the index is to learn
/// once they are done. Store::commit() takes it.
struct Filing
{
    FileTransaction steps;
    QList<IndexJob> jobs;
    QList<MessageId> removed;

    /// One new file with the octets (lines end in LF), linked into each folder; where it is, in that order.
    /// NotPermitted, and nothing is added, when a folder cannot be a Maildir's.
    Result<QList<MessageId>> add(const MessageOctets &octets, const QList<FolderId> &folders,
        MessageFlags flags, const QByteArray &sessionId, const QByteArray &queueId);
    /// Whatever flags they have by now.
    void remove(const QList<MessageId> &messages);
};

/// The file of a message that was just added, below the data folder.
QString pathOf(const IndexJob &job);

} // namespace glasspost::mail
