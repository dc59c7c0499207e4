#pragma once

#include "mail/index/mailboxeditor.h"

#include <QObject>
#include <QTimer>

#include <atomic>

namespace glasspost::mail {

/// Writes the index and changes the mailboxes: the one connection to index.sqlite that writes. Lives on a
/// thread of its own. New messages are indexed in batches of up to 500 or 100 ms; folders that another
/// program changed (the times of new/ and cur/ tell) are compared with the files every few seconds.
class Indexer : public QObject
{
    Q_OBJECT
public:
    struct Place
    {
        QString databasePath;
        int dataFolder = -1; ///< an open folder
        std::atomic<quint64> *generation = nullptr; ///< raised when the database file is another one
    };

    Indexer(Place place, Journal &journal);
    ~Indexer() override;

    void start(); ///< opens the database, compares it with the files
    /// A reader could not read the database of that generation.
    void foundDamaged(quint64 generation, const Error &why);
    void add(IndexJob job) { m_queue.add(std::move(job)); }
    Task<void> addFolder(const FolderId &id);
    Task<void> removeFolder(const FolderId &id); ///< an empty one
    QList<FolderInfo> folders();
    /// The messages of these rows, in that order; those that are gone are left out. IndexIncomplete when the
    /// index was made anew since they were numbered.
    Result<QList<MessageId>> identify(const RowOrder &rows);
    /// Answers once every file that stands now is in the index, with its generation, however much comes in
    /// meanwhile; IndexIncomplete while it cannot be opened.
    Task<quint64> settle();
    [[nodiscard]] QStringList tags() const { return m_tags.names(); } ///< that messages have
    Result<QList<TagCount>> tagCounts(const FolderId &folder);
    /// Flags, tags, moves, removals.
    [[nodiscard]] MailboxEditor &editor() { return m_editor; }

Q_SIGNALS:
    void changed(const glasspost::mail::StoreChange &change);
    void troubled(const glasspost::mail::Error &error);

private:
    /// Somebody who waits for the index.
    struct Settling
    {
        quint64 upTo = 0; ///< of the queue's taken()
        bool hasLooked = false; ///< at the files, so that the next answer is his
        Promise<quint64> promise;
    };

    void beat();
    Task<void> unmarkAndRemove(const FolderId &id, const QByteArray &path);
    void attendSettling();
    void lookFor(const QList<Promise<quint64>> &waiting);
    void rebuild(const Error &why);

    const Place m_place;
    Journal &m_journal;
    MessageTags m_tags;
    FolderIndex m_folders;
    IndexQueue m_queue;
    MaildirScanner m_scanner;
    MailboxEditor m_editor;
    QList<Settling> m_settling;
    int m_rebuilds = 0;
    bool m_cannotOpen = false; ///< as it was tried last: no answer can be waited for
    Error m_trouble; ///< why it was made anew last
    size_t m_addedSinceBeat = 0;
    QTimer m_beat;
};

} // namespace glasspost::mail
