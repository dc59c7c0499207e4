#include "mail/queue/queuefiles.h"

#include "mail/base/posix.h"
#include "mail/queue/reportpolicy.h"
#include "mail/queue/statefile.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>
#include <fcntl.h>
#include <future>
#include <span>

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
    const Result<QByteArray> content = readFileAt(AT_FDCWD, QFile::encodeName(name));
    if (!content)
        return tl::unexpected(content.error());
    Result<QueueEntry> entry = readState(*content);
    if (!entry)
        return tl::unexpected(Error{ErrorCode::Damaged, name, {}});
    return entry;
}

FileTransaction withoutOldRecords(const QString &folder, qint64 now)
{
    FileTransaction steps;
    QDirIterator records(folder, {QStringLiteral("*.json")}, QDir::Files);
    while (records.hasNext()) {
        records.next();
        if (records.fileInfo().lastModified().toMSecsSinceEpoch() < now - recordsKept)
            steps.append(
                {FileStep::Kind::Remove, QStringLiteral("queue/done/") + records.fileName(), {}, {}, {}});
    }
    return steps;
}

StoredQueue readEntries(std::span<const QString> names)
{
    StoredQueue read;
    for (const QString &name : names) {
        Result<QueueEntry> entry = readFile(name);
        if (entry && isId(entry->id) && QFileInfo(name).completeBaseName() == QString::fromLatin1(entry->id))
            read.entries.append(*entry);
        else
            read.damaged.append(entry ? Error{ErrorCode::Damaged, name, {}} : entry.error());
    }
    return read;
}

// In halves: of ten thousand entries each takes a third of a second.
StoredQueue readInTwo(std::span<const QString> names)
{
    const auto half = names.subspan(names.size() / 2);
    auto other = std::async(std::launch::async, [half] { return readEntries(half); });
    StoredQueue read = readEntries(names.first(names.size() / 2));
    const StoredQueue rest = other.get();
    return {read.entries + rest.entries, read.damaged + rest.damaged, {}};
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

FileTransaction stateSteps(const QueueEntry &entry)
{
    if (!isOver(entry))
        return {{FileStep::Kind::Replace, queueStatePath(entry.id), {}, writeState(entry), {}}};
    // The state file becomes the record: a new file and one less would cost the disk twice as much.
    FileTransaction steps{
        {FileStep::Kind::Rename, queueStatePath(entry.id), queueDonePath(entry.id), {}, {}}};
    steps += recordSteps(entry);
    steps.append({FileStep::Kind::Remove, queueMessagePath(entry.id), {}, {}, {}});
    return steps;
}

FileTransaction recordSteps(const QueueEntry &entry)
{
    return {{FileStep::Kind::Replace, queueDonePath(entry.id), {}, writeState(entry), {}}};
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
    QStringList names;
    QDirIterator files(folder, {QStringLiteral("*.json")}, QDir::Files);
    while (files.hasNext())
        names.append(files.next());
    StoredQueue stored = readInTwo(std::span(names.constData(), size_t(names.size())));
    stored.cleaning = withoutOldRecords(folder + QLatin1String("/done"), now);
    return stored;
}

QueueEntry readDoneEntry(const QString &dataFolder, const QByteArray &id)
{
    if (!isId(id))
        return {};
    return readFile(dataFolder + QLatin1Char('/') + queueDonePath(id)).value_or(QueueEntry());
}

} // namespace glasspost::mail
