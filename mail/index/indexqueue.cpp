#include "mail/index/indexqueue.h"

#include "mail/base/lineends.h"
#include "mail/base/posix.h"
#include "mail/maildir/capturemark.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/receivedfacts.h"

#include <QDateTime>

#include <utility>

namespace glasspost::mail {

namespace {

// While mail comes in, the index takes a batch of it now and then alone: its work for a message is half of
// what the message takes till its 250, and can wait for it (tests/bench/README.md). What waits is worked off
// within two seconds once no more comes.
constexpr int batchSize = 500;
constexpr int batchInterval = 500; // milliseconds
// FTS5 writes a segment of its own in each transaction, which later ones merge: what only has to be worked
// off takes a third less time in long ones.
constexpr int longBatchSize = 5000;
constexpr int longestBatch = 300; // milliseconds: who changes flags waits for the thread, or it has to end
constexpr size_t backlogLow = 50; // so many are no reason to wait
constexpr size_t backlogHigh = 25'000;
constexpr qint64 longestRead = 4 * 1024 * 1024;
constexpr qint64 mostHeld = 32 * 1024 * 1024;

} // namespace

IndexQueue::IndexQueue(int dataFolder, FolderIndex &folders, MessageTags &tags, QObject *parent)
    : QObject(parent), m_dataFolder(dataFolder), m_folders(folders), m_tags(tags)
{ }

void IndexQueue::add(IndexJob job)
{
    if (m_heldOctets + job.content.size() > mostHeld)
        job.content.clear(); // it can be read again; memory stays flat
    m_heldOctets += job.content.size();
    m_jobs.push_back(std::move(job));
    Q_EMIT added();
}

void IndexQueue::clear()
{
    m_taken += m_jobs.size();
    m_jobs.clear();
    m_heldOctets = 0;
}

QSet<QByteArray> IndexQueue::filesOf(const FolderId &folder) const
{
    QSet<QByteArray> files;
    for (const IndexJob &job : m_jobs) {
        if (job.id.folder == folder)
            files.insert(job.file);
    }
    return files;
}

bool IndexQueue::isLong() const
{
    return m_jobs.size() > backlogHigh || m_heldOctets > mostHeld * 3 / 4;
}

bool IndexQueue::isDue() const
{
    return m_jobs.size() <= backlogLow || m_sinceBatch.hasExpired(batchInterval);
}

void IndexQueue::flush()
{
    while (m_folders.database() && !m_jobs.empty())
        flushSome(Batch::Long);
}

void IndexQueue::flushSome(Batch batch)
{
    flushBatch(batch);
    if (const QList<MessageId> ids = std::exchange(m_tagged, {}); !ids.isEmpty())
        Q_EMIT tagged(ids);
}

void IndexQueue::flushBatch(Batch batch)
{
    if (!m_folders.database() || m_jobs.empty())
        return;
    if (!m_folders.checkOrRebuild(m_folders.database()->begin()))
        return;
    QElapsedTimer timer;
    timer.start();
    const int most = batch == Batch::Long ? longBatchSize : batchSize;
    for (int done = 0; done < most && !m_jobs.empty() && !timer.hasExpired(longestBatch); ++done) {
        const IndexJob job = std::move(m_jobs.front());
        m_jobs.pop_front();
        ++m_taken;
        m_heldOctets -= job.content.size();
        if (!m_folders.checkOrRebuild(insert(job)))
            return;
    }
    m_folders.checkOrRebuild(m_folders.database()->commit());
    m_sinceBatch.start();
}

/// Those that it was given. A program that sends a message to be looked at may say which it has; a stranger
/// who writes to a person may not.
QStringList IndexQueue::tagsOf(const MessageId &id, const QByteArray &content)
{
    const bool isCaptured = id.folder.folder.isEmpty() && !m_tags.knows(id)
        && !m_tags.failureOf(id.folder.user) && isCaptureMailbox(m_dataFolder, id.folder.user);
    const QStringList own = isCaptured ? tagsOfField(content) : QStringList();
    if (own.isEmpty())
        return m_tags.of(id);
    m_tags.set(id, own);
    m_tagged.append(id);
    return own;
}

Result<void> IndexQueue::insert(const IndexJob &job)
{
    FolderIndex::Folder *entry = m_folders.folder(job.id.folder);
    if (!entry)
        return {};
    QByteArray content = job.content;
    if (content.isEmpty()) {
        const QByteArray path = folderPath(job.id.folder).value_or(QByteArray()) + '/' + job.file;
        const auto read = readFileAt(m_dataFolder, path, longestRead);
        if (!read) // gone or renamed meanwhile: the next look tells
            return entry->stamp.clear(), Result<void>();
        content = *read;
    }
    MessageRow facts;
    facts.id = job.id;
    facts.flags = flagsOf(job.file);
    facts.size = job.size > 0 ? job.size : wireSize(content);
    facts.arrivedAt = arrivalOf(job.id.unique);
    if (facts.arrivedAt == 0)
        facts.arrivedAt = QDateTime::currentSecsSinceEpoch();
    facts.sessionId = job.sessionId.isEmpty() ? sessionIdOf(content) : job.sessionId;
    facts.queueId = job.queueId;
    facts.tags = tagsOf(job.id, content);
    IndexFields fields = readIndexFields(content);
    addEnvelope(fields, content);
    const auto added = m_folders.database()->insert(entry->row, job.file, fields, facts);
    if (!added)
        return tl::unexpected(added.error());
    if (*added)
        m_folders.touch(*entry, 1, unreadOf(facts.flags));
    return {};
}

} // namespace glasspost::mail
