#pragma once

#include "mail/base/error.h"
#include "mail/index/rows.h"
#include "mail/journal/journal.h"
#include "mail/message/messageview.h"
#include "mail/store/filing.h"

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QString>

#include <memory>

namespace glasspost::mail {

/// The mailboxes: Maildir++ files below mail/, changed through the journal alone, and the SQLite index over
/// them, which is a cache (deleted, damaged or old, it is rebuilt from the files). Threads of its own for
/// files, MIME reading and SQLite. Any thread may call; completions come on the context's thread.
class Store : public QObject
{
    Q_OBJECT
public:
    /// Opens or makes mail/, index.sqlite; reconciles the index with the files in the background after a
    /// crash. Blocks on the disk: never called on the GUI thread. The journal outlives the store.
    static Result<std::unique_ptr<Store>> open(const QString &dataFolder, Journal &journal);
    ~Store() override;

    /// All of it or nothing. durable: it survives whatever dies (the 250 may be said), or nothing of it will
    /// happen. filed: the files are there (may be null). The index follows in batches.
    void commit(Filing filing, QObject *context, Completion<void> durable, Completion<void> filed = {});
    /// Absolute path.
    [[nodiscard]] QString fileOf(const IndexJob &job) const;
    /// Where files lie that are on their way in.
    [[nodiscard]] QString spoolFolder() const;

    void createUser(const QString &user, QObject *context,
        Completion<void> done); ///< Inbox, Sent, Drafts, Junk, Trash, Archive
    void createFolder(const FolderId &folder, QObject *context, Completion<void> done);
    /// NotPermitted for an Inbox and while anything lies in it.
    void removeFolder(const FolderId &folder, QObject *context, Completion<void> done);
    void folders(QObject *context, Completion<QList<FolderInfo>> done);
    void rows(const RowQuery &query, QObject *context, Completion<RowPage> done);
    /// All rows of the query, whatever its offset and limit: a selection of any size names its messages so.
    void order(const RowQuery &query, QObject *context, Completion<RowOrder> done);
    /// The messages of these rows, in that order; those that are gone are left out. IndexIncomplete when the
    /// index was made anew since they were numbered.
    void identify(const RowOrder &rows, QObject *context, Completion<QList<MessageId>> done);
    /// Answers when the index has all that stood in the mailboxes when it was asked, with its generation,
    /// which is another one once the index was made anew: rows read between two equal answers are whole.
    void settle(QObject *context, Completion<quint64> done);
    /// The file's octets as they lie (LF), at most limit of them; -1 for all.
    void read(const MessageId &id, qint64 limit, QObject *context, Completion<QByteArray> done);
    /// The same, a large message in a file that stays, whatever becomes of the message.
    void octets(const MessageId &id, QObject *context, Completion<MessageOctets> done);
    void view(const MessageId &id, QObject *context, Completion<MessageView> done);
    void savePart(
        const MessageId &id, int partIndex, const QString &path, QObject *context, Completion<void> done);
    /// Into new files of the folder, none in the place of another.
    void saveParts(const MessageId &id, const QList<NamedPart> &parts, const QString &folder,
        QObject *context, Completion<QStringList> done);
    void copyPart(const MessageId &id, const NamedPart &part, const QString &folder, QObject *context,
        Completion<QString> done);
    void flags(const MessageId &id, QObject *context, Completion<MessageFlags> done);
    void saveSource(const MessageId &id, const QString &path, QObject *context, Completion<void> done);

    /// Each of these is one transaction of the journal and one of the index. The answer names those that had
    /// other flags before.
    void setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, QObject *context,
        Completion<QList<MessageId>> done);
    void move(const QList<MessageId> &ids, const QString &toFolder, QObject *context,
        Completion<QList<MessageId>> done);
    void remove(const QList<MessageId> &ids, QObject *context, Completion<void> done);

Q_SIGNALS:
    void changed(const glasspost::mail::StoreChange &change);
    void troubled(const glasspost::mail::Error &error);

private:
    Store();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
