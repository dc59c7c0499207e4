#pragma once

#include "mail/index/maildirscanner.h"
#include "mail/index/messagetags.h"
#include "mail/journal/journal.h"

#include <QList>
#include <QObject>
#include <QSet>

namespace glasspost::mail {

/// What a person does to messages: flags, tags, moves and removals, in the index at once and in the files
/// through the journal. On the index's thread.
class MailboxEditor : public QObject
{
    Q_OBJECT
public:
    struct Parts
    {
        int dataFolder; ///< an open folder
        Journal &journal;
        FolderIndex &folders;
        MessageTags &tags;
        IndexQueue &queue;
        MaildirScanner &scanner;
    };
    /// All of them outlive it.
    explicit MailboxEditor(const Parts &parts, QObject *parent = nullptr);

    /// Each is one transaction of the index and one of the journal. setFlags answers with those that had
    /// other flags, move with where they are now.
    Task<QList<MessageId>> setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear);
    /// Answers with those that had other tags.
    Task<QList<MessageId>> setTags(
        const QList<MessageId> &ids, const QStringList &add, const QStringList &remove);
    void keepTags(const QList<MessageId> &ids); ///< in the file, as the index has them
    Task<QList<MessageId>> move(const QList<MessageId> &ids, const QString &toFolder);
    Task<void> remove(const QList<MessageId> &ids);
    void drop(const MessageId &id); ///< from index and tags: its file is gone

private:
    struct Target
    {
        MessageId id;
        QByteArray maildir;
        IndexedMessage message; ///< row 0: not in the index
    };
    using Targets = QList<Target>;
    /// Does the work, which returns a task, once all of the messages are found, or after all that was
    /// promised before stands in the files, with those that are.
    template <typename Work> TaskFor<Work, Targets> withTargets(const QList<MessageId> &ids, Work work);
    /// One transaction of the index around the work.
    template <typename Work> auto inTransaction(Work work, const Targets &targets);
    enum class Where { Index, IndexAndFiles };
    Targets find(const QList<MessageId> &ids, Where where);
    /// Where the index has the message, within a transaction of it; nullptr: nowhere.
    [[nodiscard]] FolderIndex::Folder *indexed(const Target &target) const;
    void takeOut(const Target &target); ///< of the index
    /// Into the index what their tags are.
    void indexTags(const Targets &targets);
    using Tags = QList<std::pair<MessageId, QStringList>>;
    Task<void> commitTags(FileTransaction steps, const QList<MessageId> &messages, const Tags &before);
    void putBack(const Tags &tags); ///< the change of them came to nothing
    bool update(
        const Target &target, const FolderIndex::Folder &folder, const QByteArray &file, MessageFlags flags);
    static QList<MessageId> idsOf(const Targets &targets);
    /// Changes these messages: where they were, and where they will be. Should it fail, their folders are
    /// compared with the files.
    Task<void> commit(const FileTransaction &steps, const QList<MessageId> &messages);
    void takeBack(const QList<MessageId> &messages); ///< the change of them came to nothing

    const int m_dataFolder;
    Journal &m_journal;
    FolderIndex &m_folders;
    MessageTags &m_tags;
    IndexQueue &m_queue;
    MaildirScanner &m_scanner;
};

} // namespace glasspost::mail
