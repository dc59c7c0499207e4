#pragma once

#include "mail/index/indexdatabase.h"
#include "mail/index/rows.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <memory>

namespace glasspost::mail {

/// The open index with the folders it knows, their counts, and word of what changed in them. On the index's
/// thread.
class FolderIndex : public QObject
{
    Q_OBJECT
public:
    using Folder = IndexDatabase::Folder;

    explicit FolderIndex(QObject *parent = nullptr);

    Result<void> open(const QString &path);
    void close() { m_database.reset(); }
    [[nodiscard]] IndexDatabase *database() const { return m_database.get(); } ///< nullptr while closed

    /// The folder, added where it is not known; nullptr while closed, or when no Maildir can have that name.
    /// Good until another is added or removed.
    Folder *folder(const FolderId &id);
    [[nodiscard]] bool knows(const FolderId &id) const { return m_folders.contains(id); }
    [[nodiscard]] QList<FolderId> ids() const { return m_folders.keys(); }
    [[nodiscard]] QList<FolderInfo> infos() const; ///< in order
    void touch(Folder &folder, int total, int unread); ///< so many more, or less
    Result<void> remove(const FolderId &id);

    /// Whether a statement succeeded. After one that failed, damaged() is emitted, upon which the index is
    /// rebuilt before this returns: what is known of folders is void then.
    bool checkOrRebuild(const Result<void> &result);
    /// While a change of ours is on its way through the journal, the index is ahead of these messages' files:
    /// where they were, and where they will be.
    void startChange(const QList<MessageId> &messages);
    void endChange(const QList<MessageId> &messages);
    [[nodiscard]] bool isAheadOfFiles() const { return !m_underWay.isEmpty(); }
    [[nodiscard]] bool isAheadOfFile(const QByteArray &unique) const { return m_underWay.contains(unique); }

Q_SIGNALS:
    /// Many changes at once, some milliseconds after the first of them; toBeIndexed is not set.
    void changed(const glasspost::mail::StoreChange &change);
    void damaged(const glasspost::mail::Error &why);

private:
    void tell();

    std::unique_ptr<IndexDatabase> m_database;
    QHash<FolderId, Folder> m_folders;
    QSet<FolderId> m_touched;
    bool m_foldersCameOrWent = false;
    QHash<QByteArray, int> m_underWay; ///< unique names, which changes of ours keep; in how many of these
    QTimer m_tellTimer;
};

/// What one message of these flags adds to the count of the unread.
inline int unreadOf(MessageFlags flags)
{
    return flags.testFlag(MessageFlag::Seen) ? 0 : 1;
}

} // namespace glasspost::mail
