#include "mail/index/indexer.h"

#include "mail/base/posix.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int pollInterval = 50; // milliseconds
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

Indexer::Indexer(Place place, Journal &journal)
    : m_place(std::move(place)), m_journal(journal), m_tags(m_place.dataFolder), m_folders(this),
      m_queue(m_place.dataFolder, m_folders, m_tags, this),
      m_scanner(m_place.dataFolder, m_folders, m_queue, this),
      m_editor({m_place.dataFolder, journal, m_folders, m_tags, m_queue, m_scanner}, this), m_beat(this)
{
    m_beat.setSingleShot(true);
    connect(&m_beat, &QTimer::timeout, this, &Indexer::beat);
    connect(&m_folders, &FolderIndex::damaged, this, &Indexer::rebuild);
    connect(&m_folders, &FolderIndex::changed, this, [this](StoreChange change) {
        change.toBeIndexed = qint64(m_queue.size());
        Q_EMIT changed(change);
    });
    connect(&m_queue, &IndexQueue::tagged, &m_editor, &MailboxEditor::keepTags);
    connect(&m_queue, &IndexQueue::added, this, [this] {
        ++m_addedSinceBeat;
        if (!m_beat.isActive())
            m_beat.start(pollInterval);
    });
}

Indexer::~Indexer() = default;

void Indexer::start()
{
    const auto opened = m_folders.open(m_place.databasePath);
    m_cannotOpen = !opened;
    if (!opened)
        return rebuild(opened.error());
    ++*m_place.generation;
    m_scanner.start();
    m_beat.start(0);
}

void Indexer::rebuild(const Error &why)
{
    m_folders.close();
    m_trouble = why;
    Q_EMIT troubled(why);
    for (Settling &waiting : m_settling)
        waiting.hasLooked = false; // at files that the new index does not have
    // A disk that cannot hold a new database, or breaks each, is no reason to go round without a pause.
    if (why.code != ErrorCode::Damaged || ++m_rebuilds > 3) {
        m_rebuilds = 0;
        attendSettling();
        QTimer::singleShot(pauseAfterFailure, this, [this] { start(); });
        return;
    }
    IndexDatabase::removeFiles(m_place.databasePath);
    m_queue.clear();
    start();
}

void Indexer::foundDamaged(quint64 generation, const Error &why)
{
    if (generation == *m_place.generation && m_folders.database())
        rebuild(why);
}

Result<QList<MessageId>> Indexer::identify(const RowOrder &rows)
{
    const auto another = [](const QString &why) -> Result<QList<MessageId>> {
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), why});
    };
    IndexDatabase *index = m_folders.database();
    if (!index || rows.generation != *m_place.generation)
        return another({});
    auto ids = index->identify(rows.numbers);
    if (ids)
        return ids;
    const QString why = ids.error().systemText;
    m_folders.checkOrRebuild(tl::unexpected(ids.error()));
    return another(why);
}

Result<QList<TagCount>> Indexer::tagCounts(const FolderId &folder)
{
    IndexDatabase *index = m_folders.database();
    if (!index)
        return tl::unexpected(Error{ErrorCode::IndexIncomplete, QStringLiteral("index.sqlite"), {}});
    auto counts = index->tagCounts(folder);
    if (!counts)
        m_folders.checkOrRebuild(tl::unexpected(counts.error()));
    return counts;
}

/// Comes again while jobs wait.
void Indexer::beat()
{
    const bool hasToGoOn
        = std::exchange(m_addedSinceBeat, 0) == 0 || !m_settling.isEmpty() || m_queue.isLong();
    if (hasToGoOn || m_queue.isDue())
        m_queue.flushSome(hasToGoOn ? IndexQueue::Batch::Long : IndexQueue::Batch::Short);
    attendSettling();
    if (!m_queue.isEmpty() && m_folders.database())
        m_beat.start(hasToGoOn ? 0 : pollInterval);
}

Task<void> Indexer::addFolder(const FolderId &id)
{
    const auto path = folderPath(id);
    if (!path)
        return tl::unexpected(Error{ErrorCode::NotPermitted, id.folder.isEmpty() ? id.user : id.folder, {}});
    if (const auto made = makeMaildir(m_place.dataFolder, *path); !made)
        return made;
    m_folders.folder(id);
    if (id.folder.isEmpty())
        return Result<void>();
    // Maildir++: a sub-folder is marked by this file.
    const FileStep mark{FileStep::Kind::Replace, QString::fromUtf8(*path + "/maildirfolder"), {}, {}, {}};
    return m_journal.commit({mark}).durable;
}

Task<void> Indexer::removeFolder(const FolderId &id)
{
    const auto path = folderPath(id);
    if (!path || id.folder.isEmpty())
        return tl::unexpected(Error{ErrorCode::NotPermitted, id.folder, {}});
    // What moved out of it a moment ago has left its files by then.
    return m_journal.commit({}).applied.andThen(this, [this, id, path = *path]() -> Task<void> {
        if (!listFolder(m_place.dataFolder, path + "/new").isEmpty()
            || !listFolder(m_place.dataFolder, path + "/cur").isEmpty())
            return tl::unexpected(Error{ErrorCode::NotPermitted, id.folder, {}});
        return unmarkAndRemove(id, path);
    });
}

Task<void> Indexer::unmarkAndRemove(const FolderId &id, const QByteArray &path)
{
    const FileStep unmark{FileStep::Kind::Remove, QString::fromUtf8(path + "/maildirfolder"), {}, {}, {}};
    return m_journal.commit({unmark}).applied.andThen(this, [this, id, path] {
        const Result<void> removed = removeMaildir(m_place.dataFolder, path);
        if (removed)
            m_folders.checkOrRebuild(m_folders.remove(id));
        return removed;
    });
}

QList<FolderInfo> Indexer::folders()
{
    return m_folders.infos();
}

Task<quint64> Indexer::settle()
{
    const Promise<quint64> promise;
    // What was promised before stands in the files then, and its jobs are here: no later one is waited for.
    m_journal.commit({}).applied.then(this, [this, promise](const Result<void> &applied) {
        if (!applied)
            return promise.answer(tl::unexpected(applied.error()));
        m_settling.append({m_queue.taken() + m_queue.size(), false, promise});
        m_beat.start(0);
    });
    return promise.task();
}

/// Answers who has what he waited for, and looks at the files for who has not looked yet.
void Indexer::attendSettling()
{
    QList<Promise<quint64>> toLook;
    const QList<Settling> all = std::exchange(m_settling, {});
    for (const Settling &waiting : all) {
        if (!m_folders.database() && m_cannotOpen)
            waiting.promise.answer(
                tl::unexpected(Error{ErrorCode::IndexIncomplete, m_trouble.subject, m_trouble.systemText}));
        else if (!m_folders.database() || m_queue.taken() < waiting.upTo)
            m_settling.append(waiting);
        else if (waiting.hasLooked)
            waiting.promise.answer(quint64(*m_place.generation));
        else
            toLook.append(waiting.promise);
    }
    if (!toLook.isEmpty())
        lookFor(toLook);
}

/// One look for all of them.
void Indexer::lookFor(const QList<Promise<quint64>> &waiting)
{
    const quint64 generation = *m_place.generation;
    m_scanner.lookNow();
    // An index that was made anew meanwhile does not have what the look put into this one.
    const bool hasLooked = m_folders.database() && *m_place.generation == generation;
    for (const Promise<quint64> &promise : waiting)
        m_settling.append({m_queue.taken() + m_queue.size(), hasLooked, promise});
    m_beat.start(0);
}

} // namespace glasspost::mail
