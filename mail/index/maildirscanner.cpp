#include "mail/index/maildirscanner.h"

#include "mail/base/posix.h"
#include "mail/maildir/maildirfiles.h"
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
    if (m_folders.isAheadOfFiles()) // a folder that mail is moved to may be made with the first of it
        return;
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
    auto found = differences(entry, maildir);
    if (!found)
        return tl::unexpected(found.error());
    if (const auto begun = index->begin(); !begun)
        return begun;
    if (const auto done = apply(entry, std::move(*found)); !done)
        return done;
    // What is still to be indexed is looked for again after a crash; what is still to be changed, once it is.
    entry.stamp = m_queue.isEmpty() && !m_folders.isAheadOfFiles() ? stamp : QByteArray();
    if (const auto done = index->setStamp(entry.row, entry.stamp); !done)
        return done;
    return index->commit();
}

Result<MaildirScanner::Differences> MaildirScanner::differences(
    const FolderIndex::Folder &entry, const QByteArray &maildir)
{
    MaildirFiles files(m_dataFolder, maildir);
    Differences found;
    const auto read = m_folders.database()->forEach(entry.row, [&](const IndexedMessage &message) {
        const QByteArrayView file = files.take(message.unique);
        if (m_folders.isAheadOfFile(message.unique)) // the file follows
            return;
        if (file.isEmpty())
            found.gone.append({message.row, message.flags});
        else if (file != message.file)
            found.renamed.append({message, file.toByteArray()});
    });
    if (!read)
        return tl::unexpected(read.error());
    const QList<QByteArray> notTaken = files.notTaken();
    for (const QByteArray &file : notTaken) {
        const QByteArray unique = uniqueOf(file.mid(4)).toByteArray(); // behind "new/", "cur/"
        if (!unique.isEmpty() && !unique.startsWith('.') && !m_folders.isAheadOfFile(unique))
            found.unknown.append({{entry.id, unique}, file, std::max<qint64>(0, wireSizeOf(unique)), {}, {},
                queueIdOf(unique)});
    }
    // Of two that came in one second the later one gets the higher row.
    std::sort(found.unknown.begin(), found.unknown.end(), [](const IndexJob &a, const IndexJob &b) {
        return arrivalOrder(a.id.unique) < arrivalOrder(b.id.unique);
    });
    return found;
}

Result<void> MaildirScanner::apply(FolderIndex::Folder &entry, Differences &&differences)
{
    IndexDatabase *index = m_folders.database();
    for (const Differences::Renamed &one : std::as_const(differences.renamed)) {
        const MessageFlags flags = flagsOf(one.file);
        if (const auto done = index->update(one.message.row, entry.row, one.file, flags); !done)
            return done;
        m_folders.touch(entry, 0, unreadOf(flags) - unreadOf(one.message.flags));
    }
    const QSet<QByteArray> waiting
        = differences.unknown.isEmpty() ? QSet<QByteArray>() : m_queue.filesOf(entry.id);
    for (IndexJob &job : differences.unknown) {
        if (!waiting.contains(job.file)) // mail that came a moment ago
            m_queue.add(std::move(job));
    }
    for (const Differences::Gone &one : std::as_const(differences.gone)) {
        if (const auto done = index->remove(one.row); !done)
            return done;
        m_folders.touch(entry, -1, -unreadOf(one.flags));
    }
    return {};
}

} // namespace glasspost::mail
