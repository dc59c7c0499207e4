#include "mail/index/indexer.h"

#include "mail/base/lineends.h"
#include "mail/base/posix.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"
#include "mail/message/receivedfacts.h"

#include <QDateTime>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace glasspost::mail {

namespace {

// While mail comes in, the index takes a batch of it now and then alone: its work for a message is half of
// what the message takes till its 250, and can wait for it (tests/bench/README.md). What waits is worked off
// within two seconds once no more comes.
constexpr int batchSize = 500;
constexpr int batchInterval = 500; // milliseconds
constexpr int pollInterval = 50; // milliseconds
constexpr size_t backlogLow = 50; // so many are no reason to wait
constexpr size_t backlogHigh = 25'000;
constexpr qint64 longestRead = 4 * 1024 * 1024;
constexpr qint64 mostHeld = 32 * 1024 * 1024;
constexpr int pauseAfterFailure = 5000; // milliseconds

Result<void> makeMaildir(int dataFolder, const QByteArray &path)
{
    for (const char *part : {"/tmp", "/new", "/cur"}) {
        if (const int failed = makeFolders(dataFolder, path + part); failed != 0)
            return systemFailure(failed, QString::fromUtf8(path));
    }
    return {};
}

/// An empty one. What another program keeps beside new/, cur/ and tmp/ is left where it is.
Result<void> removeMaildir(int dataFolder, const QByteArray &path)
{
    for (const char *part : {"/new", "/cur", "/tmp"}) {
        if (::unlinkat(dataFolder, (path + part).constData(), AT_REMOVEDIR) == 0)
            continue;
        const int failed = errno; // mail has come in meanwhile
        makeMaildir(dataFolder, path);
        return systemFailure(failed, QString::fromUtf8(path));
    }
    ::unlinkat(dataFolder, path.constData(), AT_REMOVEDIR);
    return {};
}

} // namespace

Indexer::Indexer(Links links)
    : m_links(std::move(links)), m_folders(
                                     m_links.changed, [this] { return qint64(m_jobs.size()); }, this),
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
    const auto opened = m_folders.open(m_links.databasePath);
    m_cannotOpen = !opened;
    if (!opened)
        return rebuild(opened.error());
    ++*m_links.generation;
    m_look.start();
    m_beat.start(0);
}

void Indexer::rebuild(const Error &why)
{
    m_folders.close();
    m_trouble = why;
    m_links.troubled(why);
    for (Settling &waiting : m_settling)
        waiting.hasLooked = false; // at files that the new index does not have
    // A disk that cannot hold a new database, or breaks each, is no reason to go round without a pause.
    if (why.code != ErrorCode::Damaged || ++m_rebuilds > 3) {
        m_rebuilds = 0;
        attendSettling();
        QTimer::singleShot(pauseAfterFailure, this, [this] { start(); });
        return;
    }
    IndexDatabase::removeFiles(m_links.databasePath);
    m_taken += m_jobs.size();
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
    if (m_heldOctets + job.content.size() > mostHeld)
        job.content.clear(); // it can be read again; memory stays flat
    m_heldOctets += job.content.size();
    m_jobs.push_back(std::move(job));
    ++m_addedSinceBeat;
    if (!m_beat.isActive())
        m_beat.start(pollInterval);
}

/// Comes again while jobs wait.
void Indexer::beat()
{
    const bool hasToGoOn = std::exchange(m_addedSinceBeat, 0) == 0 || !m_settling.isEmpty()
        || m_jobs.size() > backlogHigh || m_heldOctets > mostHeld * 3 / 4;
    if (hasToGoOn || m_jobs.size() <= backlogLow || m_sinceBatch.hasExpired(batchInterval))
        flushSome();
    attendSettling();
    if (!m_jobs.empty() && m_folders.database())
        m_beat.start(hasToGoOn ? 0 : pollInterval);
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
    for (int done = 0; done < batchSize && !m_jobs.empty(); ++done) {
        const IndexJob job = std::move(m_jobs.front());
        m_jobs.pop_front();
        ++m_taken;
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
        const auto read = readFileAt(m_links.dataFolder, path, longestRead);
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
    IndexFields fields = readIndexFields(content);
    addEnvelope(fields, content);
    const auto added = m_folders.database()->insert(entry->row, job.file, fields, facts);
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
    if (const auto made = makeMaildir(m_links.dataFolder, *path); !made)
        return done(made);
    m_folders.folder(id);
    if (id.folder.isEmpty())
        return done({});
    // Maildir++: a sub-folder is marked by this file.
    m_links.journal->commit(
        {{FileStep::Kind::Replace, QString::fromUtf8(*path + "/maildirfolder"), {}, {}, {}}}, this,
        std::move(done));
}

void Indexer::removeFolder(const FolderId &id, const Done &done)
{
    const auto path = folderPath(id);
    if (!path || id.folder.isEmpty())
        return done(tl::unexpected(Error{ErrorCode::NotPermitted, id.folder, {}}));
    // What moved out of it a moment ago has left its files by then.
    m_links.journal->commit({}, this, {}, this, [this, id, path = *path, done](const Result<void> &applied) {
        if (!applied)
            return done(applied);
        if (!listFolder(m_links.dataFolder, path + "/new").isEmpty()
            || !listFolder(m_links.dataFolder, path + "/cur").isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotPermitted, id.folder, {}}));
        unmarkAndRemove(id, path, done);
    });
}

void Indexer::unmarkAndRemove(const FolderId &id, const QByteArray &path, const Done &done)
{
    const FileStep unmark{FileStep::Kind::Remove, QString::fromUtf8(path + "/maildirfolder"), {}, {}, {}};
    m_links.journal->commit({unmark}, this, {}, this, [this, id, path, done](const Result<void> &applied) {
        const auto removed = applied ? removeMaildir(m_links.dataFolder, path) : applied;
        if (removed)
            good(m_folders.remove(id));
        done(removed);
    });
}

QList<FolderInfo> Indexer::folders()
{
    return m_folders.infos();
}

void Indexer::settle(std::function<void(Result<quint64>)> done)
{
    // What was promised before stands in the files then, and its jobs are here.
    m_links.journal->commit({}, this, {}, this, [this, done = std::move(done)](const Result<void> &applied) {
        if (!applied)
            return done(tl::unexpected(applied.error()));
        m_settling.append({m_taken + m_jobs.size(), false, done});
        m_beat.start(0);
    });
}

/// Answers who has what he waited for, and looks at the files for who has not looked yet.
void Indexer::attendSettling()
{
    const QList<Settling> all = std::exchange(m_settling, {});
    for (const Settling &waiting : all) {
        if (!m_folders.database() && m_cannotOpen)
            waiting.done(
                tl::unexpected(Error{ErrorCode::IndexIncomplete, m_trouble.subject, m_trouble.systemText}));
        else if (!m_folders.database() || m_taken < waiting.upTo)
            m_settling.append(waiting);
        else if (waiting.hasLooked)
            waiting.done(quint64(*m_links.generation));
        else
            lookForSettling(waiting);
    }
}

void Indexer::lookForSettling(Settling waiting)
{
    if (!m_changes.isIdle()) // until they stand in the files, the index is ahead of them
        return settle(std::move(waiting.done));
    m_look.lookNow();
    waiting.hasLooked = true;
    waiting.upTo = m_taken + m_jobs.size();
    m_settling.append(std::move(waiting));
    m_beat.start(0);
}

} // namespace glasspost::mail
