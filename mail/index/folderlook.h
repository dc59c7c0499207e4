#pragma once

#include "mail/index/folderindex.h"
#include "mail/index/indexjob.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <functional>

namespace glasspost::mail {

/// Sees every few seconds what other programs did to the Maildirs: new users and folders, and folders whose
/// new/ or cur/ changed, which are compared with the index. On the index's thread.
class FolderLook : public QObject
{
    Q_OBJECT
public:
    struct Links
    {
        int dataFolder = -1; ///< an open folder
        FolderIndex *folders = nullptr;
        std::function<bool()> isQuiet; ///< no change of ours is on its way
        std::function<bool()> isIndexed; ///< nothing waits to be indexed
        std::function<void(IndexJob)> add; ///< a file that the index does not have
        std::function<bool(const Result<void> &)> good; ///< false: the index is made anew
    };

    explicit FolderLook(Links links, QObject *parent = nullptr);

    void start(); ///< at once, then every few seconds: the index was opened
    void compare(const FolderId &id);
    /// At once, whatever waits to be indexed; no change of ours may be on its way.
    void lookNow();

private:
    void look();
    void lookThrough();
    void findFolders();
    Result<void> compareWithFiles(FolderIndex::Folder &entry);
    Result<void> compareFile(
        FolderIndex::Folder &entry, const QByteArray &file, QHash<QByteArray, IndexedMessage> &known);

    const Links m_links;
    QHash<FolderId, qint64> m_nextLook; ///< on m_clock, milliseconds
    QElapsedTimer m_clock;
    QTimer m_timer;
};

} // namespace glasspost::mail
