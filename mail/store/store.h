#pragma once

#include "mail/base/messageoctets.h"
#include "mail/base/task.h"
#include "mail/index/arrivalquery.h"
#include "mail/index/indexjob.h"
#include "mail/index/rows.h"
#include "mail/index/surplusquery.h"
#include "mail/index/tagcount.h"
#include "mail/journal/journal.h"
#include "mail/message/messageview.h"
#include "mail/message/partdetails.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QObject>
#include <QString>

#include <memory>
#include <stop_token>

namespace glasspost::mail {

/// A transaction that puts messages into mailboxes: the steps on the files, and what the index is to learn
/// once they are done. Store::commit() takes it.
struct MailboxTransaction
{
    FileTransaction steps;
    QList<IndexJob> jobs;
    QList<MessageId> removed;

    /// One new file with the octets (lines end in LF), linked into each folder with the flags, and more of
    /// them in some folders; where it is, in that order.
    /// NotPermitted, and nothing is added, when a folder cannot be a Maildir's.
    Result<QList<MessageId>> add(const MessageOctets &octets, const QList<FolderId> &folders,
        MessageFlags flags, const QByteArray &sessionId, const QByteArray &queueId,
        const QHash<FolderId, MessageFlags> &flagsIn = {});
    /// Whatever flags they have by now.
    void remove(const QList<MessageId> &messages);
};

/// The mailboxes: Maildir++ files below mail/, changed through the journal alone, and the SQLite index over
/// them, which is a cache (deleted, damaged or old, it is rebuilt from the files). Threads of its own for
/// files, MIME reading and SQLite. Any thread may call; all answer later.
class Store : public QObject
{
    Q_OBJECT
public:
    /// Opens or makes mail/, index.sqlite; reconciles the index with the files in the background after a
    /// crash. Blocks on the disk: never called on the GUI thread. The journal outlives the store.
    static Result<std::unique_ptr<Store>> open(const QString &dataFolder, Journal &journal);
    ~Store() override;

    /// All of it or nothing; once it is durable the 250 may be said. The index follows in batches.
    Committed commit(MailboxTransaction transaction);
    /// Absolute path of what the step makes.
    [[nodiscard]] QString fileOf(const FileStep &step) const;
    /// Where files lie that are on their way in.
    [[nodiscard]] QString spoolFolder() const;

    Task<void> createUser(const QString &user); ///< Inbox, Sent, Drafts, Junk, Trash, Archive
    Task<void> createFolder(const FolderId &folder);
    /// NotPermitted for an Inbox and while anything lies in it.
    Task<void> removeFolder(const FolderId &folder);
    Task<QList<FolderInfo>> folders();
    /// ECANCELED once the stop is requested: nobody wants the answer any more, and others need not wait for
    /// it.
    Task<RowPage> rows(const RowQuery &query, const std::stop_token &stop = {});
    Task<RowPage> arrivals(const ArrivalQuery &query);
    /// Of what is in the index by now.
    Task<QList<MessageId>> surplus(const SurplusQuery &query);
    /// In whatever folder.
    Task<QList<MessageRow>> named(const QByteArray &unique);
    /// All rows of the query, whatever its offset and limit: a selection of any size names its messages so.
    Task<RowOrder> order(const RowQuery &query, const std::stop_token &stop = {});
    /// The messages of these rows, in that order; those that are gone are left out. IndexIncomplete when the
    /// index was made anew since they were numbered.
    Task<QList<MessageId>> identify(const RowOrder &rows);
    /// Answers when the index has all that stood in the mailboxes when it was asked, with its generation,
    /// which is another one once the index was made anew: rows read between two equal answers are whole.
    Task<quint64> settle();
    /// The file's octets as they lie (LF), at most limit of them; -1 for all.
    Task<QByteArray> read(const MessageId &id, qint64 limit);
    /// The same, a large message in a file that stays, whatever becomes of the message.
    Task<MessageOctets> octets(const MessageId &id);
    Task<MessageView> view(const MessageId &id);
    Task<MessageView> attachedMessage(const MessageId &id, int partIndex);
    /// At most limit decoded octets.
    Task<QByteArray> part(const MessageId &id, int partIndex, qint64 limit);
    Task<PartDetails> partDetails(const MessageId &id, int partIndex);
    Task<void> savePart(const MessageId &id, int partIndex, const QString &path);
    /// Into new files of the folder, none in the place of another.
    Task<QStringList> saveParts(const MessageId &id, const QList<NamedPart> &parts, const QString &folder);
    Task<QString> copyPart(const MessageId &id, const NamedPart &part, const QString &folder);
    Task<MessageFlags> flags(const MessageId &id);
    Task<void> saveSource(const MessageId &id, const QString &path);

    /// Each of these is one transaction of the journal and one of the index. The answer names those that had
    /// other flags before.
    Task<QList<MessageId>> setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear);
    Task<QList<MessageId>> setTags(
        const QList<MessageId> &ids, const QStringList &add, const QStringList &remove);
    Task<QStringList> tags();
    Task<QList<TagCount>> tagCounts(const FolderId &folder);
    Task<QList<MessageId>> move(const QList<MessageId> &ids, const QString &toFolder);
    Task<void> remove(const QList<MessageId> &ids);

Q_SIGNALS:
    void changed(const glasspost::mail::StoreChange &change);
    void troubled(const glasspost::mail::Error &error);

private:
    Store();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
