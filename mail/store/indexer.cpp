#include "mail/store/indexer.h"

#include "mail/store/maildirlisting.h"
#include "mail/store/maildirname.h"
#include "mail/store/messagefacts.h"
#include "mail/store/posix.h"

#include <QDateTime>

#include <algorithm>
#include <sys/stat.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int Batch = 500;
constexpr qint64 LongestRead = 4 * 1024 * 1024;
constexpr qint64 HeldAtMost = 32 * 1024 * 1024;
constexpr int LookEvery = 3000; // milliseconds
constexpr int PauseAfterFailure = 5000; // milliseconds

/// The times of new/ and cur/ as octets to compare. Empty when one is so young that a further change could
/// leave it as it is: file systems keep time in ticks.
QByteArray stampOf(int dataFolder, const QByteArray &maildir)
{
    QByteArray stamp;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    for (const char *part : {"/new", "/cur"}) {
        struct stat facts = {};
        ::fstatat(dataFolder, (maildir + part).constData(), &facts, 0);
        if (now - (qint64(facts.st_mtim.tv_sec) * 1000 + facts.st_mtim.tv_nsec / 1'000'000) < 1500)
            return {};
        stamp += QByteArray::number(qint64(facts.st_mtim.tv_sec)) + '.'
            + QByteArray::number(qint64(facts.st_mtim.tv_nsec)) + ' ';
    }
    return stamp;
}

int unreadOf(MessageFlags flags)
{
    return flags.testFlag(MessageFlag::Seen) ? 0 : 1;
}

FileStep renameStep(const QByteArray &maildir, const QByteArray &file, const QByteArray &to)
{
    return {FileStep::Kind::Rename, QString::fromUtf8(maildir + '/' + file), QString::fromUtf8(to), {}, {}};
}

} // namespace

Indexer::Indexer(Links links)
    : m_links(std::move(links)), m_flushTimer(this), m_tellTimer(this), m_lookTimer(this)
{
    m_clock.start();
    m_flushTimer.setSingleShot(true);
    m_tellTimer.setSingleShot(true);
    connect(&m_flushTimer, &QTimer::timeout, this, [this] { flushSome(); });
    connect(&m_tellTimer, &QTimer::timeout, this, [this] { tell(); });
    connect(&m_lookTimer, &QTimer::timeout, this, [this] { look(); });
}

Indexer::~Indexer() = default;

void Indexer::start()
{
    auto opened = IndexDatabase::open(m_links.databasePath, IndexDatabase::Access::Write);
    if (!opened)
        return rebuild(opened.error());
    m_index = std::move(*opened);
    m_nextLook.clear();
    ++*m_links.generation;
    m_folders.clear();
    const auto known = m_index->folders();
    if (!known)
        return rebuild(known.error());
    for (const IndexDatabase::Folder &entry : *known)
        m_folders.insert(entry.id, entry);
    findFolders();
    m_lookTimer.start(LookEvery);
    look();
}

void Indexer::rebuild(const Error &why)
{
    m_index.reset();
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

bool Indexer::good(const Result<void> &result)
{
    if (!result)
        rebuild(result.error());
    return result.has_value();
}

IndexDatabase::Folder *Indexer::folder(const FolderId &id)
{
    const auto known = m_folders.find(id);
    if (known != m_folders.end())
        return &*known;
    if (!m_index || !folderPath(id))
        return nullptr;
    const auto row = m_index->addFolder(id);
    if (!row)
        return nullptr;
    m_foldersCameOrWent = true;
    const auto added = m_folders.insert(id, {*row, id, {}, 0, 0});
    touch(*added, 0, 0);
    return &*added;
}

void Indexer::touch(IndexDatabase::Folder &folder, int total, int unread)
{
    folder.total += total;
    folder.unread += unread;
    m_touched.insert(folder.id);
    if (!m_tellTimer.isActive())
        m_tellTimer.start(33);
}

void Indexer::tell()
{
    StoreChange change;
    change.foldersCameOrWent = std::exchange(m_foldersCameOrWent, false);
    for (const FolderId &id : std::exchange(m_touched, {})) {
        const IndexDatabase::Folder entry = m_folders.value(id);
        change.folders.append({id, entry.total, entry.unread});
    }
    m_links.changed(change);
}

void Indexer::add(IndexJob job)
{
    if (m_heldOctets + job.content.size() > HeldAtMost)
        job.content.clear(); // it can be read again; memory stays flat
    m_heldOctets += job.content.size();
    m_jobs.push_back(std::move(job));
    if (m_jobs.size() >= Batch)
        m_flushTimer.start(0);
    else if (!m_flushTimer.isActive())
        m_flushTimer.start(100);
}

void Indexer::flush()
{
    while (m_index && !m_jobs.empty())
        flushSome();
}

void Indexer::flushSome()
{
    if (!m_index || m_jobs.empty())
        return;
    if (!good(m_index->begin()))
        return;
    for (int done = 0; done < Batch && !m_jobs.empty(); ++done) {
        const IndexJob job = std::move(m_jobs.front());
        m_jobs.pop_front();
        m_heldOctets -= job.content.size();
        if (!good(insert(job)))
            return;
    }
    if (good(m_index->commit()) && !m_jobs.empty())
        m_flushTimer.start(0);
}

Result<void> Indexer::insert(const IndexJob &job)
{
    IndexDatabase::Folder *entry = folder(job.id.folder);
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
    const auto added = m_index->insert(entry->row, job.file, readIndexFields(content), facts);
    if (!added)
        return tl::unexpected(added.error());
    if (*added)
        touch(*entry, 1, unreadOf(facts.flags));
    return {};
}

void Indexer::drop(const MessageId &id)
{
    flush();
    IndexDatabase::Folder *entry = m_index ? folder(id.folder) : nullptr;
    if (!entry)
        return;
    const auto found = m_index->find(entry->row, id.unique);
    if (!found || !*found)
        return;
    if (good(m_index->remove((*found)->row)))
        touch(*entry, -1, -unreadOf((*found)->flags));
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
    folder(id);
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
    QList<FolderInfo> infos;
    for (const IndexDatabase::Folder &entry : std::as_const(m_folders))
        infos.append({entry.id, entry.total, entry.unread});
    std::sort(
        infos.begin(), infos.end(), [](const FolderInfo &a, const FolderInfo &b) { return a.id < b.id; });
    return infos;
}

QList<Indexer::Target> Indexer::find(const QList<MessageId> &ids)
{
    QList<Target> targets;
    for (const MessageId &id : ids) {
        const auto maildir = folderPath(id.folder);
        if (!maildir || id.isNull())
            continue;
        IndexDatabase::Folder *entry = m_index && m_folders.contains(id.folder) ? folder(id.folder) : nullptr;
        const auto known
            = entry ? m_index->find(entry->row, id.unique) : Result<std::optional<IndexedMessage>>();
        Target target{id, entry ? entry->row : 0, *maildir, {}};
        if (known && *known) {
            target.message = **known;
        } else {
            const QByteArray path = findInMaildir(m_links.dataFolder, *maildir, id.unique);
            if (path.isEmpty())
                continue;
            target.message.unique = id.unique;
            target.message.file = path.mid(maildir->size() + 1);
            target.message.flags = flagsOf(target.message.file);
        }
        targets.append(target);
    }
    return targets;
}

void Indexer::withTargets(const QList<MessageId> &ids, std::function<void(QList<Target>)> work)
{
    flush();
    const QList<Target> targets = find(ids);
    if (targets.size() == ids.size())
        return work(targets);
    m_links.journal->commit({}, this, {}, this, [this, ids, work = std::move(work)](const Result<void> &) {
        flush();
        work(find(ids));
    });
}

QSet<FolderId> Indexer::foldersOf(const QList<Target> &targets)
{
    QSet<FolderId> folders;
    for (const Target &target : targets)
        folders.insert(target.id.folder);
    return folders;
}

void Indexer::commit(const FileTransaction &steps, const QSet<FolderId> &folders, Done done)
{
    ++m_inFlight;
    const auto durable = [this, folders, done = std::move(done)](const Result<void> &result) {
        if (!result) {
            // The index ran ahead of what did not happen: let the files say.
            for (const FolderId &id : folders) {
                if (IndexDatabase::Folder *entry = folder(id))
                    compare(*entry);
            }
        }
        done(result);
    };
    m_links.journal->commit(steps, this, durable, this, [this](const Result<void> &) { --m_inFlight; });
}

void Indexer::setFlags(const QList<MessageId> &ids, MessageFlags set, MessageFlags clear, Done done)
{
    withTargets(ids, [this, set, clear, done = std::move(done)](const QList<Target> &targets) {
        FileTransaction steps;
        for (const Target &target : targets) {
            const MessageFlags flags = (target.message.flags | set) & ~clear;
            const QByteArray file = "cur/" + target.message.unique + infoFor(flags, target.message.file);
            if (flags == target.message.flags)
                continue;
            steps.append(renameStep(target.maildir, target.message.file, target.maildir + '/' + file));
            IndexDatabase::Folder *entry
                = target.message.row != 0 && m_index ? folder(target.id.folder) : nullptr;
            if (entry && good(m_index->update(target.message.row, entry->row, file, flags)))
                touch(*entry, 0, unreadOf(flags) - unreadOf(target.message.flags));
        }
        if (targets.isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        commit(steps, foldersOf(targets), done);
    });
}

void Indexer::move(
    const QList<MessageId> &ids, const QString &toFolder, std::function<void(Result<QList<MessageId>>)> done)
{
    withTargets(ids, [this, toFolder, done = std::move(done)](const QList<Target> &targets) {
        FileTransaction steps;
        QList<MessageId> moved;
        for (const Target &target : targets) {
            const FolderId to{target.id.folder.user, toFolder};
            const auto maildir = folderPath(to);
            IndexDatabase::Folder *entry = maildir ? folder(to) : nullptr;
            if (!entry)
                return done(tl::unexpected(Error{ErrorCode::NotPermitted, toFolder, {}}));
            moved.append({to, target.id.unique});
            if (to == target.id.folder)
                continue;
            const QByteArray file
                = "cur/" + target.message.unique + infoFor(target.message.flags, target.message.file);
            steps.append(renameStep(target.maildir, target.message.file, *maildir + '/' + file));
            if (target.message.row == 0 || !m_index)
                continue;
            if (!good(m_index->update(target.message.row, entry->row, file, target.message.flags)))
                continue;
            touch(*folder(to), 1, unreadOf(target.message.flags));
            touch(*folder(target.id.folder), -1, -unreadOf(target.message.flags));
        }
        if (targets.isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        QSet<FolderId> folders = foldersOf(targets);
        for (const MessageId &id : std::as_const(moved))
            folders.insert(id.folder);
        commit(steps, folders, [done, moved](const Result<void> &result) {
            done(result ? Result<QList<MessageId>>(moved) : tl::unexpected(result.error()));
        });
    });
}

void Indexer::remove(const QList<MessageId> &ids, Done done)
{
    withTargets(ids, [this, done = std::move(done)](const QList<Target> &targets) {
        FileTransaction steps;
        for (const Target &target : targets) {
            steps.append({FileStep::Kind::Remove,
                QString::fromUtf8(target.maildir + '/' + target.message.file), {}, {}, {}});
            if (target.message.row != 0)
                drop(target.id);
        }
        if (targets.isEmpty())
            return done(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        commit(steps, foldersOf(targets), done);
    });
}

/// What other programs did: new users and folders, and folders whose times changed.
void Indexer::look()
{
    if (!m_index || !m_jobs.empty() || m_inFlight > 0)
        return;
    findFolders();
    for (const FolderId &id : m_folders.keys()) {
        IndexDatabase::Folder *entry = folder(id);
        if (!m_index || !entry || m_clock.elapsed() < m_nextLook.value(id))
            continue;
        const QByteArray stamp = stampOf(m_links.dataFolder, folderPath(id).value_or(QByteArray()));
        if (stamp.isEmpty() || stamp != entry->stamp)
            compare(*entry);
    }
}

void Indexer::findFolders()
{
    QSet<FolderId> standing;
    for (const QByteArray &user : listFolder(m_links.dataFolder, "mail")) {
        const QByteArray path = "mail/" + user;
        for (const QByteArray &maildir : listMaildirs(m_links.dataFolder, path)) {
            const FolderId id{userOfPath(user),
                maildir == path ? QStringLiteral("") : folderOfName(maildir.mid(path.size() + 1))};
            struct stat facts = {};
            if (folderPath(id) == maildir
                && ::fstatat(m_links.dataFolder, (maildir + "/cur").constData(), &facts, 0) == 0)
                standing.insert(id);
        }
    }
    for (const FolderId &id : std::as_const(standing))
        folder(id);
    for (const FolderId &id : m_folders.keys()) {
        if (standing.contains(id) || !m_index)
            continue;
        const qint64 row = m_folders.value(id).row;
        m_foldersCameOrWent = true;
        touch(m_folders[id], 0, 0);
        m_folders.remove(id);
        good(m_index->removeFolder(row));
    }
}

void Indexer::compare(IndexDatabase::Folder &entry)
{
    if (!m_index)
        return;
    const FolderId id = entry.id;
    const qint64 before = m_clock.elapsed();
    if (!good(compareWithFiles(entry)))
        return;
    // A mailbox of a million messages is not read through every three seconds.
    m_nextLook[id] = m_clock.elapsed() + std::max<qint64>(LookEvery, 20 * (m_clock.elapsed() - before));
}

Result<void> Indexer::compareWithFiles(IndexDatabase::Folder &entry)
{
    const QByteArray maildir = folderPath(entry.id).value_or(QByteArray());
    const QByteArray stamp = stampOf(m_links.dataFolder, maildir);
    auto known = m_index->all(entry.row);
    if (!known)
        return tl::unexpected(known.error());
    if (const auto begun = m_index->begin(); !begun)
        return begun;
    for (const char *part : {"new/", "cur/"}) {
        for (const QByteArray &name : listFolder(m_links.dataFolder, maildir + '/' + part)) {
            const QByteArray unique = uniqueOf(name).toByteArray();
            const QByteArray file = part + name;
            if (unique.isEmpty() || unique.startsWith('.'))
                continue;
            const auto row = known->constFind(unique);
            if (row == known->constEnd()) {
                m_jobs.push_back({{entry.id, unique}, file, std::max<qint64>(0, wireSizeOf(unique)), {}, {},
                    queueIdOf(unique)});
                continue;
            }
            if (row->file != file) {
                const MessageFlags flags = flagsOf(file);
                if (const auto done = m_index->update(row->row, entry.row, file, flags); !done)
                    return done;
                touch(entry, 0, unreadOf(flags) - unreadOf(row->flags));
            }
            known->erase(row);
        }
    }
    for (const IndexedMessage &gone : std::as_const(*known)) {
        if (const auto done = m_index->remove(gone.row); !done)
            return done;
        touch(entry, -1, -unreadOf(gone.flags));
    }
    // What is still to be indexed is looked for again after a crash.
    entry.stamp = m_jobs.empty() ? stamp : QByteArray();
    if (const auto done = m_index->setStamp(entry.row, entry.stamp); !done)
        return done;
    if (!m_jobs.empty() && !m_flushTimer.isActive())
        m_flushTimer.start(0);
    return m_index->commit();
}

} // namespace glasspost::mail
