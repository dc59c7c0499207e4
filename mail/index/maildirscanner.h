#pragma once

#include "mail/index/indexqueue.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QTimer>

namespace glasspost::mail {

/// Sees every few seconds what other programs did to the Maildirs: new users and folders, and folders whose
/// new/ or cur/ changed, which are compared with the index. On the index's thread.
class MaildirScanner : public QObject
{
    Q_OBJECT
public:
    /// dataFolder: an open folder. The others outlive it.
    MaildirScanner(int dataFolder, FolderIndex &folders, IndexQueue &queue, QObject *parent = nullptr);

    void start(); ///< at once, then every few seconds: the index was opened
    void compare(const FolderId &id);
    void lookNow(); ///< at once, whatever waits to be indexed or changes of ours are on their way

private:
    void look();
    void lookThrough();
    void findFolders();
    Result<void> compareWithFiles(FolderIndex::Folder &entry);
    /// What the files of a folder say that the index does not.
    struct Differences
    {
        struct Renamed
        {
            IndexedMessage message; ///< as the index has it
            QByteArray file;
        };
        struct Gone
        {
            qint64 row = 0;
            MessageFlags flags;
        };
        QList<Renamed> renamed;
        QList<Gone> gone;
        QList<IndexJob> unknown; ///< in the order of their arrival
    };
    Result<Differences> differences(const FolderIndex::Folder &entry, const QByteArray &maildir);
    Result<void> apply(FolderIndex::Folder &entry, Differences &&differences);

    const int m_dataFolder;
    FolderIndex &m_folders;
    IndexQueue &m_queue;
    QHash<FolderId, qint64> m_nextLook; ///< on m_clock, milliseconds
    QElapsedTimer m_clock;
    QTimer m_timer;
};

} // namespace glasspost::mail
