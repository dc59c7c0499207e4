#pragma once

#include "mail/index/folderindex.h"
#include "mail/journal/journal.h"

#include <QList>
#include <QObject>
#include <QSet>

#include <functional>

namespace glasspost::mail {

/// What a person does to messages: flags, moves and removals, in the index at once and in the files through
/// the journal. On the index's thread.
class MailboxChanges : public QObject
{
    Q_OBJECT
public:
    struct Links
    {
        int dataFolder = -1; ///< an open folder
        Journal *journal = nullptr;
        FolderIndex *folders = nullptr;
        std::function<void()> flush; ///< what waits to be indexed is, after it
        std::function<bool(const Result<void> &)> good; ///< false: the index is made anew
        std::function<void(const FolderId &)> compare; ///< the index ran ahead: let the files say
    };
    using Done = std::function<void(Result<void>)>;

    explicit MailboxChanges(Links links, QObject *parent = nullptr);

    using DoneWith = std::function<void(Result<QList<MessageId>>)>;

    /// Each is one transaction of the index and one of the journal. setFlags answers with those that had
    /// other flags, move with where they are now.
    void setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, const DoneWith &done);
    void move(const QList<MessageId> &ids, const QString &toFolder, const DoneWith &done);
    void remove(const QList<MessageId> &ids, const Done &done);
    void drop(const MessageId &id); ///< from the index alone: its file is gone
    [[nodiscard]] bool isIdle() const { return m_inFlight == 0; } ///< the files show all changes of ours

private:
    struct Target
    {
        MessageId id;
        QByteArray maildir;
        IndexedMessage message; ///< row 0: not in the index
    };
    /// Does the work once all of the messages are found, or after all that was promised before stands in the
    /// files, with those that are.
    void withTargets(const QList<MessageId> &ids, const std::function<void(const QList<Target> &)> &work);
    /// One transaction of the index around the work.
    void inTransaction(const std::function<void(const QList<Target> &)> &work, const QList<Target> &targets);
    enum class Where { Index, IndexAndFiles };
    QList<Target> find(const QList<MessageId> &ids, Where where);
    /// Where the index has the message, within a transaction of it; nullptr: nowhere.
    [[nodiscard]] FolderIndex::Folder *indexed(const Target &target) const;
    void takeOut(const Target &target); ///< of the index
    bool update(
        const Target &target, const FolderIndex::Folder &folder, const QByteArray &file, MessageFlags flags);
    static QSet<FolderId> foldersOf(const QList<Target> &targets);
    /// Should it fail, these folders are compared with their files.
    void commit(const FileTransaction &steps, const QSet<FolderId> &folders, const Done &done);

    const Links m_links;
    int m_inFlight = 0; ///< changes that the files do not show yet
};

} // namespace glasspost::mail
