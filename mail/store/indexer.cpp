#include "mail/store/indexer.h"

#include "mail/store/maildirname.h"
#include "mail/store/messagefacts.h"
#include "mail/store/posix.h"

#include <QDateTime>

#include <utility>

namespace glasspost::mail {

namespace {

// While mail comes in, the index takes a batch of it now and then alone: its work for a message is half of
// what the message takes till its 250, and can wait for it (tests/bench/README.md). What waits is worked off
// within two seconds once no more comes.
constexpr int Batch = 500;
constexpr int BatchEvery = 500; // milliseconds
constexpr int Beat = 50; // milliseconds
constexpr size_t Few = 50; // so many are no reason to wait
constexpr size_t MostWaiting = 25'000;
constexpr qint64 LongestRead = 4 * 1024 * 1024;
constexpr qint64 HeldAtMost = 32 * 1024 * 1024;
constexpr int PauseAfterFailure = 5000; // milliseconds

} // namespace

Indexer::Indexer(Links links)
    : m_links(std::move(links)), m_folders(m_links.changed, this),
      m_changes({m_links.dataFolder, m_links.journal, &m_folders, [this] { flush(); },
                    [this](const Result<void> &result) { return good(result); },
                    [this](const FolderId &id) { m_look.compare(id); }},
          this),
      m_look({m_links.dataFolder, &m_folders, [this] { return m_changes.isIdle(); },
                 [this] { return m_jobs.empty(); }, [this](IndexJob job) { add(std::move(job)); },
                 [this](const Result<void> &result) { return good(result); }},
          this),
      m_beat(this)
{
    m_beat.setSingleShot(true);
    connect(&m_beat, &QTimer::timeout, this, [this] { beat(); });
}

Indexer::~Indexer() = default;

void Indexer::start()
{
    if (const auto opened = m_folders.open(m_links.databasePath); !opened)
        return rebuild(opened.error());
    ++*m_links.generation;
    m_look.start();
}

void Indexer::rebuild(const Error &why)
{
    m_folders.close();
    m_trouble = why;
    m_links.troubled(why);
    // A disk that cannot hold a new database, or breaks each, is no reason to go round without a pause.
    if (why.code != ErrorCode::Damaged || ++m_rebuilds > 3) {
        m_rebuilds = 0;
        QTimer::singleShot(PauseAfterFailure, this, [this] { start(); });
        return;
    }
    IndexDatabase::removeFiles(m_links.databasePath);
    m_jobs.clear();
    m_heldOctets = 0;
    start();
}

void Indexer::foundDamaged(quint64 generation, const Error &why)
{
    if (generation == *m_links.generation && m_folders.database())
        rebuild(why);
}

bool Indexer::good(const Result<void> &result)
{
    if (!result)
        rebuild(result.error());
    return result.has_value();
}

void Indexer::add(IndexJob job)
{
    if (m_heldOctets + job.content.size() > HeldAtMost)
        job.content.clear(); // it can be read again; memory stays flat
    m_heldOctets += job.content.size();
    m_jobs.push_back(std::move(job));
    ++m_addedSinceBeat;
    if (!m_beat.isActive())
        m_beat.start(Beat);
}

/// Comes again while jobs wait.
void Indexer::beat()
{
    const bool hasToGoOn = std::exchange(m_addedSinceBeat, 0) == 0 || m_jobs.size() > MostWaiting
        || m_heldOctets > HeldAtMost * 3 / 4;
    if (hasToGoOn || m_jobs.size() <= Few || m_sinceBatch.hasExpired(BatchEvery))
        flushSome();
    if (!m_jobs.empty() && m_folders.database())
        m_beat.start(hasToGoOn ? 0 : Beat);
}

void Indexer::flush()
{
    while (m_folders.database() && !m_jobs.empty())
        flushSome();
}

void Indexer::flushSome()
{
    if (!m_folders.database() || m_jobs.empty())
        return;
    if (!good(m_folders.database()->begin()))
        return;
    for (int done = 0; done < Batch && !m_jobs.empty(); ++done) {
        const IndexJob job = std::move(m_jobs.front());
        m_jobs.pop_front();
        m_heldOctets -= job.content.size();
        if (!good(insert(job)))
            return;
    }
    good(m_folders.database()->commit());
    m_sinceBatch.start();
}

Result<void> Indexer::insert(const IndexJob &job)
{
    FolderIndex::Folder *entry = m_folders.folder(job.id.folder);
    if (!entry)
        return {};
    QByteArray content = job.content;
    if (content.isEmpty()) {
        const QByteArray path = folderPath(job.id.folder).value_or(QByteArray()) + '/' + job.file;
        const auto read = readFileAt(m_links.dataFolder, path, LongestRead);
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
    const auto added = m_folders.database()->insert(entry->row, job.file, readIndexFields(content), facts);
    if (!added)
        return tl::unexpected(added.error());
    if (*added)
        m_folders.touch(*entry, 1, unreadOf(facts.flags));
    return {};
}

void Indexer::addFolder(const FolderId &id, Done done)
{
    const auto path = folderPath(id);
    if (!path)
        return done(
            tl::unexpected(Error{ErrorCode::NotPermitted, id.folder.isEmpty() ? id.user : id.folder, {}}));
    for (const char *part : {"/tmp", "/new", "/cur"}) {
        if (const int failed = makeFolders(m_links.dataFolder, *path + part); failed != 0)
            return done(systemFailure(failed, QString::fromUtf8(*path)));
    }
    m_folders.folder(id);
    if (id.folder.isEmpty())
        return done({});
    // Maildir++: a sub-folder is marked by this file.
    m_links.journal->commit(
        {{FileStep::Kind::Replace, QString::fromUtf8(*path + "/maildirfolder"), {}, {}, {}}}, this,
        std::move(done));
}

QList<FolderInfo> Indexer::folders()
{
    flush();
    return m_folders.infos();
}

void Indexer::settle(std::function<void(Result<quint64>)> done)
{
    flush();
    if (!m_folders.database())
        return done(tl::unexpected(m_trouble));
    if (m_look.hasLooked())
        return done(quint64(*m_links.generation));
    // Changes of ours were on their way when the index was opened: the look comes when they are through.
    QTimer::singleShot(Beat, this, [this, done = std::move(done)]() mutable { settle(std::move(done)); });
}

} // namespace glasspost::mail
