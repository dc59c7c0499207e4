#include "mail/journal/journal.h"

#include "mail/journal/innerpath.h"
#include "mail/journal/journalwriter.h"
#include "mail/maildir/maildirlisting.h"

#include <QDir>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::mail {

struct Journal::Private
{
    FileSystemCalls systemCalls;
    QByteArray dataFolder; ///< absolute, ends in '/'
    JournalReplay replay;
    std::unique_ptr<JournalWriter> writer;
};

namespace {

Result<FileDescriptor> openFolder(int parent, const QByteArray &path)
{
    FileDescriptor folder(::openat(parent, path.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen())
        return systemFailure(errno, QString::fromUtf8(path));
    return folder;
}

/// After the replay no record speaks of a file in spool/ any more.
void emptySpool(int dataFolder)
{
    for (const QByteArray &name : listFolder(dataFolder, "spool"))
        ::unlinkat(dataFolder, ("spool/" + name).constData(), 0);
}

/// Renaming, linking and syncfs work within one file system alone.
Result<void> checkOneFileSystem(int dataFolder, const QString &path)
{
    struct stat whole = {};
    if (::fstat(dataFolder, &whole) != 0)
        return systemFailure(errno, path);
    for (const char *part : {"mail", "queue", "journal", "spool"}) {
        struct stat facts = {};
        if (::fstatat(dataFolder, part, &facts, 0) != 0 || facts.st_dev == whole.st_dev)
            continue;
        return tl::unexpected(Error{ErrorCode::BadSettings, path + QLatin1Char('/') + QLatin1String(part),
            QStringLiteral("it must be on the same file system as %1").arg(path)});
    }
    return {};
}

/// The names of the folders themselves: a segment that is synced in a folder that is not is lost with it.
Result<void> syncFolders(FileSystemCalls &calls, int dataFolder, const QByteArray &path)
{
    const FileDescriptor parent(
        ::openat(dataFolder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)); // may be unreadable: not ours then
    if (calls.fsync(dataFolder) != 0 || (parent.isOpen() && calls.fsync(parent.get()) != 0))
        return systemFailure(errno, QString::fromUtf8(path));
    return {};
}

} // namespace

Journal::Journal() : d(std::make_unique<Private>()) { }

Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(const QString &dataFolder)
{
    return open(dataFolder, {});
}

Result<std::unique_ptr<Journal>> Journal::open(const QString &dataFolder, const JournalSettings &settings)
{
    std::unique_ptr<Journal> journal(new Journal);
    Private &d = *journal->d;
    const QByteArray path = QFile::encodeName(QDir(dataFolder).absolutePath());
    d.dataFolder = path + '/';
    for (const char *part : {"journal", "spool", "mail"}) {
        if (const int failed = makeFolders(AT_FDCWD, d.dataFolder + part); failed != 0)
            return systemFailure(failed, dataFolder);
    }
    auto data = openFolder(AT_FDCWD, path);
    if (!data)
        return tl::unexpected(data.error());
    if (const auto one = checkOneFileSystem(data->get(), QString::fromUtf8(path)); !one)
        return tl::unexpected(one.error());
    auto segments = openFolder(data->get(), "journal");
    auto spool = openFolder(data->get(), "spool");
    if (!segments || !spool)
        return tl::unexpected(segments ? spool.error() : segments.error());
    JournalSettings inForce = settings;
    if (!inForce.calls)
        inForce.calls = &d.systemCalls;
    if (const auto synced = syncFolders(*inForce.calls, data->get(), path); !synced)
        return tl::unexpected(synced.error());
    const auto outcome = replaySegments(*inForce.calls, data->get(), segments->get());
    if (!outcome)
        return tl::unexpected(outcome.error());
    d.replay = outcome->counts;
    emptySpool(data->get());
    Journal *self = journal.get();
    d.writer = std::make_unique<JournalWriter>(inForce,
        JournalFolders{std::move(*data), std::move(*segments), std::move(*spool)}, outcome->nextNumber,
        [self](const Error &error) { Q_EMIT self->troubled(error); });
    return journal;
}

Committed Journal::commit(FileTransaction transaction)
{
    PendingTransaction pending;
    const Committed committed{pending.durable.task(), pending.applied.task()};
    for (FileStep &step : transaction) {
        if (!step.contentFile.isEmpty() && step.contentFile.toUtf8().startsWith(d->dataFolder))
            step.contentFile = QString::fromUtf8(step.contentFile.toUtf8().mid(d->dataFolder.size()));
        pending.octets += step.content.size() + 256;
        if (!isInnerStep(step)) {
            pending.durable.answer(systemFailure(EINVAL, step.path));
            pending.applied.answer(systemFailure(EINVAL, step.path));
            return committed;
        }
    }
    pending.steps = std::move(transaction);
    d->writer->put(std::move(pending));
    return committed;
}

JournalReplay Journal::replay() const
{
    return d->replay;
}

} // namespace glasspost::mail
