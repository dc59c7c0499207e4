#pragma once

#include "mail/index/folderindex.h"
#include "mail/index/indexjob.h"
#include "mail/index/messagetags.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSet>

#include <deque>

namespace glasspost::mail {

/// Messages that wait for their rows, which are written in batches. On the index's thread; folders and
/// tags outlive it.
class IndexQueue : public QObject
{
    Q_OBJECT
public:
    /// dataFolder: an open folder.
    IndexQueue(int dataFolder, FolderIndex &folders, MessageTags &tags, QObject *parent = nullptr);

    void add(IndexJob job);
    void clear(); ///< the new index finds them in the files
    void flush(); ///< all of them
    /// Short while mail comes in, long when what waits is only to be worked off.
    enum class Batch { Short, Long };
    void flushSome(Batch batch);
    [[nodiscard]] bool isEmpty() const { return m_jobs.empty(); }
    [[nodiscard]] size_t size() const { return m_jobs.size(); }
    [[nodiscard]] quint64 taken() const { return m_taken; } ///< jobs that have left it, ever
    [[nodiscard]] QSet<QByteArray> filesOf(const FolderId &folder) const; ///< those that wait
    /// So many wait, or so much of them in memory, that more that come are no reason to wait.
    [[nodiscard]] bool isLong() const;
    /// So few wait, or the last batch is so long ago, that a batch is no burden while mail comes in.
    [[nodiscard]] bool isDue() const;

Q_SIGNALS:
    void added();
    /// They have the tags that they say themselves, which no file has yet.
    void tagged(const QList<glasspost::mail::MessageId> &ids);

private:
    void flushBatch(Batch batch);
    QStringList tagsOf(const MessageId &id, const QByteArray &content);
    Result<void> insert(const IndexJob &job);

    const int m_dataFolder;
    FolderIndex &m_folders;
    MessageTags &m_tags;
    QList<MessageId> m_tagged; ///< of this batch
    std::deque<IndexJob> m_jobs;
    quint64 m_taken = 0;
    qint64 m_heldOctets = 0;
    QElapsedTimer m_sinceBatch;
};

} // namespace glasspost::mail
