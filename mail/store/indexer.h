#pragma once

#include "mail/store/deliverer.h"
#include "mail/store/indexdatabase.h"
#include "mail/store/journal.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <atomic>
#include <deque>
#include <functional>

namespace glasspost::mail {

/// A message whose file stands, to be indexed. The content is read from the file when it is not given.
struct IndexJob
{
    MessageId id;
    QByteArray file; ///< below its Maildir
    qint64 size = 0; ///< octets on the wire
    QByteArray content;
    QByteArray sessionId;
    QByteArray queueId;
};

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
    void add(IndexJob job);
    void drop(const MessageId &id); ///< its file was removed
    void addFolder(const FolderId &id, Done done);
    QList<FolderInfo> folders();
    void setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, Done done);
    void move(const QList<MessageId> &ids, const QString &toFolder,
        std::function<void(Result<QList<MessageId>>)> done);
    void remove(const QList<MessageId> &ids, Done done);

private:
    struct Target
    {
        MessageId id;
        qint64 folder = 0;
        QByteArray maildir;
        IndexedMessage message; ///< row 0: not in the index
    };
    /// Does the work once all of the messages are found, or after all that was promised before stands in the
    /// files, with those that are.
    void withTargets(const QList<MessageId> &ids, std::function<void(QList<Target>)> work);
    QList<Target> find(const QList<MessageId> &ids);
    static QSet<FolderId> foldersOf(const QList<Target> &targets);
    /// Should it fail, these folders are compared with their files.
    void commit(const FileTransaction &steps, const QSet<FolderId> &folders, Done done);

    IndexDatabase::Folder *folder(const FolderId &id);
    void touch(IndexDatabase::Folder &folder, int total, int unread);
    void flush();
    void flushSome();
    Result<void> insert(const IndexJob &job);
    void look();
    void compare(IndexDatabase::Folder &folder);
    Result<void> compareWithFiles(IndexDatabase::Folder &folder);
    void findFolders();
    void rebuild(const Error &why);
    bool good(const Result<void> &result);
    void tell();

    const Links m_links;
    std::unique_ptr<IndexDatabase> m_index;
    QHash<FolderId, IndexDatabase::Folder> m_folders;
    QHash<FolderId, qint64> m_nextLook; ///< on m_clock, milliseconds
    std::deque<IndexJob> m_jobs;
    qint64 m_heldOctets = 0;
    QSet<FolderId> m_touched;
    bool m_foldersCameOrWent = false;
    int m_rebuilds = 0;
    int m_inFlight = 0; ///< changes of ours that the files do not show yet
    QElapsedTimer m_clock;
    QTimer m_flushTimer;
    QTimer m_tellTimer;
    QTimer m_lookTimer;
};

} // namespace glasspost::mail
