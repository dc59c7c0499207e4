#include "mail/index/maildirscanner.h"

#include "mail/base/posix.h"
#include "mail/maildir/maildirlisting.h"
#include "mail/maildir/maildirname.h"

#include <QDateTime>
#include <QSet>

#include <algorithm>
#include <sys/stat.h>
#include <tuple>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int scanInterval = 500; // milliseconds; what others change is shown within a second
constexpr int restsForOneScan = 20; // of a mailbox, each as long as the scan took

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

/// When the file came, by its name: seconds, then the microseconds and the counter that our names have.
std::tuple<qint64, qint64, qint64> arrivalOrder(const QByteArray &unique)
{
    const auto numberBehind = [&unique](const char *mark) {
        const qsizetype at = unique.indexOf(mark);
        qsizetype end = at + qsizetype(qstrlen(mark));
        const qsizetype begin = end;
        while (at >= 0 && end < unique.size() && unique.at(end) >= '0' && unique.at(end) <= '9')
            ++end;
        return at < 0 ? 0 : unique.mid(begin, end - begin).toLongLong();
    };
    return {arrivalOf(unique), numberBehind(".M"), numberBehind("Q")};
}

} // namespace

MaildirScanner::MaildirScanner(int dataFolder, FolderIndex &folders, IndexQueue &queue, QObject *parent)
    : QObject(parent), m_dataFolder(dataFolder), m_folders(folders), m_queue(queue), m_timer(this)
{
    m_clock.start();
    connect(&m_timer, &QTimer::timeout, this, &MaildirScanner::look);
}

void MaildirScanner::start()
{
    m_nextLook.clear();
    findFolders();
    m_timer.start(scanInterval);
    look();
}

void MaildirScanner::look()
{
    if (m_folders.database() && m_queue.isEmpty() && !m_folders.isAheadOfFiles())
        lookThrough();
}

void MaildirScanner::lookNow()
{
    m_nextLook.clear();
    lookThrough();
}

void MaildirScanner::lookThrough()
{
    findFolders();
    for (const FolderId &id : m_folders.ids()) {
        const FolderIndex::Folder *entry = m_folders.folder(id);
        if (!m_folders.database() || !entry || m_clock.elapsed() < m_nextLook.value(id))
            continue;
        const QByteArray stamp = stampOf(m_dataFolder, folderPath(id).value_or(QByteArray()));
        if (stamp.isEmpty() || stamp != entry->stamp)
            compare(id);
    }
}

void MaildirScanner::findFolders()
{
    QSet<FolderId> standing;
    for (const QByteArray &user : listFolder(m_dataFolder, "mail")) {
        const QByteArray path = "mail/" + user;
        for (const QByteArray &maildir : listMaildirs(m_dataFolder, path)) {
            const FolderId id{userOfPath(user),
                maildir == path ? QStringLiteral("") : folderOfName(maildir.mid(path.size() + 1))};
            struct stat facts = {};
            if (folderPath(id) == maildir
                && ::fstatat(m_dataFolder, (maildir + "/cur").constData(), &facts, 0) == 0)
                standing.insert(id);
        }
    }
    for (const FolderId &id : std::as_const(standing))
        m_folders.folder(id);
    for (const FolderId &id : m_folders.ids()) {
        if (!standing.contains(id))
            m_folders.checkOrRebuild(m_folders.remove(id));
    }
}

void MaildirScanner::compare(const FolderId &id)
{
    FolderIndex::Folder *entry = m_folders.database() ? m_folders.folder(id) : nullptr;
    if (!entry)
        return;
    const qint64 before = m_clock.elapsed();
    if (!m_folders.checkOrRebuild(compareWithFiles(*entry)))
        return;
    // A mailbox of a million messages is not read through twice a second.
    m_nextLook[id] = m_clock.elapsed() + restsForOneScan * (m_clock.elapsed() - before);
}

Result<void> MaildirScanner::compareWithFiles(FolderIndex::Folder &entry)
{
    IndexDatabase *index = m_folders.database();
    const QByteArray maildir = folderPath(entry.id).value_or(QByteArray());
    const QByteArray stamp = stampOf(m_dataFolder, maildir);
    auto known = index->all(entry.row);
    if (!known)
        return tl::unexpected(known.error());
    if (const auto begun = index->begin(); !begun)
        return begun;
    QList<IndexJob> unknown;
    for (const char *part : {"new/", "cur/"}) {
        for (const QByteArray &name : listFolder(m_dataFolder, maildir + '/' + part)) {
            if (const auto done = compareFile(entry, part + name, *known, unknown); !done)
                return done;
        }
    }
    // Of two that came in one second the later one gets the higher row.
    std::sort(unknown.begin(), unknown.end(), [](const IndexJob &a, const IndexJob &b) {
        return arrivalOrder(a.id.unique) < arrivalOrder(b.id.unique);
    });
    for (IndexJob &job : unknown)
        m_queue.add(std::move(job));
    for (const IndexedMessage &gone : std::as_const(*known)) {
        if (const auto done = index->remove(gone.row); !done)
            return done;
        m_folders.touch(entry, -1, -unreadOf(gone.flags));
    }
    // What is still to be indexed is looked for again after a crash.
    entry.stamp = m_queue.isEmpty() ? stamp : QByteArray();
    if (const auto done = index->setStamp(entry.row, entry.stamp); !done)
        return done;
    return index->commit();
}

/// Takes it out of those that the index knows, or adds it to those that it does not.
Result<void> MaildirScanner::compareFile(FolderIndex::Folder &entry, const QByteArray &file,
    QHash<QByteArray, IndexedMessage> &known, QList<IndexJob> &unknown)
{
    const QByteArray unique = uniqueOf(file.mid(4)).toByteArray(); // behind "new/", "cur/"
    if (unique.isEmpty() || unique.startsWith('.'))
        return {};
    const auto row = known.constFind(unique);
    if (row == known.constEnd()) {
        unknown.append(
            {{entry.id, unique}, file, std::max<qint64>(0, wireSizeOf(unique)), {}, {}, queueIdOf(unique)});
        return {};
    }
    if (row->file != file) {
        const MessageFlags flags = flagsOf(file);
        const auto done = m_folders.database()->update(row->row, entry.row, file, flags);
        if (!done)
            return done;
        m_folders.touch(entry, 0, unreadOf(flags) - unreadOf(row->flags));
    }
    known.erase(row);
    return {};
}

} // namespace glasspost::mail
