#include "mail/queue/queuefiles.h"

#include "mail/queue/statefile.h"
#include "mail/store/posix.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <fcntl.h>

namespace glasspost::mail {

namespace {

constexpr qint64 recordsKept = 7LL * 24 * 60 * 60 * 1000;

// An id comes from the command line too, and becomes part of a path.
bool isId(const QByteArray &id)
{
    return !id.isEmpty() && id.size() < 100 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

QString path(const char *folder, const QByteArray &id, const char *ending)
{
    return QLatin1String(folder) + QString::fromLatin1(id) + QLatin1String(ending);
}

Result<QueueEntry> readFile(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(Error{ErrorCode::InputOutput, name, file.errorString()});
    Result<QueueEntry> entry = readState(file.readAll());
    if (!entry)
        return tl::unexpected(Error{ErrorCode::Damaged, name, {}});
    return entry;
}

void dropOldRecords(const QString &folder, qint64 now)
{
    QDirIterator records(folder, {QStringLiteral("*.json")}, QDir::Files);
    while (records.hasNext()) {
        records.next();
        if (records.fileInfo().lastModified().toMSecsSinceEpoch() < now - recordsKept)
            QFile::remove(records.filePath());
    }
}

} // namespace

QString queueMessagePath(const QByteArray &id)
{
    return path("queue/", id, ".msg");
}

QString queueStatePath(const QByteArray &id)
{
    return path("queue/", id, ".json");
}

QString queueDonePath(const QByteArray &id)
{
    return path("queue/done/", id, ".json");
}

FileTransaction queueRemoval(const QByteArray &id)
{
    return {{FileStep::Kind::Remove, queueStatePath(id), {}, {}, {}},
        {FileStep::Kind::Remove, queueMessagePath(id), {}, {}, {}}};
}

Result<StoredQueue> readQueue(const QString &dataFolder, qint64 now)
{
    const QString folder = dataFolder + QLatin1String("/queue");
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder + QLatin1String("/done")));
        failed != 0)
        return systemFailure(failed, folder);
    dropOldRecords(folder + QLatin1String("/done"), now);
    StoredQueue stored;
    QDirIterator files(folder, {QStringLiteral("*.json")}, QDir::Files);
    while (files.hasNext()) {
        Result<QueueEntry> entry = readFile(files.next());
        if (entry && isId(entry->id) && files.fileInfo().completeBaseName() == QString::fromLatin1(entry->id))
            stored.entries.append(*entry);
        else
            stored.damaged.append(entry ? Error{ErrorCode::Damaged, files.filePath(), {}} : entry.error());
    }
    return stored;
}

QueueEntry readDoneEntry(const QString &dataFolder, const QByteArray &id)
{
    if (!isId(id))
        return {};
    return readFile(dataFolder + QLatin1Char('/') + queueDonePath(id)).value_or(QueueEntry());
}

} // namespace glasspost::mail
