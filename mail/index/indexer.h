#pragma once

#include "mail/base/deliverer.h"
#include "mail/index/folderindex.h"
#include "mail/index/folderlook.h"
#include "mail/index/indexjob.h"
#include "mail/index/mailboxchanges.h"
#include "mail/journal/journal.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <deque>
#include <functional>

namespace glasspost::mail {

/// Writes the index and changes the mailboxes: the one connection to index.sqlite that writes. Lives on a
/// thread of its own. New messages are indexed in batches of up to 500 or 100 ms; folders that another
/// program changed (the times of new/ and cur/ tell) are compared with the files every few seconds.
class Indexer : public QObject
{
public:
    struct Links
    {
        QString databasePath;
        int dataFolder = -1; ///< an open folder
        Journal *journal = nullptr;
        std::atomic<quint64> *generation = nullptr; ///< raised when the database file is another one
        std::function<void(const StoreChange &)> changed;
        std::function<void(const Error &)> troubled;
    };
    using Done = std::function<void(Result<void>)>;

    explicit Indexer(Links links);
    ~Indexer() override;

    void start(); ///< opens the database, compares it with the files
    /// A reader could not read the database of that generation.
    void foundDamaged(quint64 generation, const Error &why);
    void add(IndexJob job);
    void addFolder(const FolderId &id, Done done);
    void removeFolder(const FolderId &id, const Done &done); ///< an empty one
    QList<FolderInfo> folders();
    /// Answers once every file that stands now is in the index, with its generation; IndexIncomplete while
    /// it cannot be opened.
    void settle(std::function<void(Result<quint64>)> done);
    /// Flags, moves, removals.
    [[nodiscard]] MailboxChanges &changes() { return m_changes; }

private:
    /// Somebody who waits for the index.
    struct Settling
    {
        quint64 upTo = 0; ///< of m_taken
        bool hasLooked = false; ///< at the files, so that the next answer is his
        std::function<void(Result<quint64>)> done;
    };

    void beat();
    void unmarkAndRemove(const FolderId &id, const QByteArray &path, const Done &done);
    void attendSettling();
    void lookForSettling(Settling waiting);
    void flush();
    void flushSome();
    Result<void> insert(const IndexJob &job);
    void rebuild(const Error &why);
    bool good(const Result<void> &result);

    const Links m_links;
    FolderIndex m_folders;
    MailboxChanges m_changes;
    FolderLook m_look;
    std::deque<IndexJob> m_jobs;
    quint64 m_taken = 0; ///< jobs that have left m_jobs, ever
    QList<Settling> m_settling;
    qint64 m_heldOctets = 0;
    int m_rebuilds = 0;
    bool m_cannotOpen = false; ///< as it was tried last: no answer can be waited for
    Error m_trouble; ///< why it was made anew last
    size_t m_addedSinceBeat = 0;
    QElapsedTimer m_sinceBatch;
    QTimer m_beat;
};

} // namespace glasspost::mail
