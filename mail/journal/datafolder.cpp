#include "mail/journal/datafolder.h"

#include "mail/journal/innerpath.h"
#include "mail/maildir/maildirlisting.h"

#include <QDir>
#include <QFile>
#include <QList>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <utility>

namespace glasspost::mail {

namespace {

Result<FileDescriptor> takeLock(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    FileDescriptor lock(::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat facts = {};
    if (!lock.isOpen() || ::fstat(lock.get(), &facts) != 0)
        return systemFailure(errno, path);
    if (facts.st_nlink > 1) // another's file, linked here to be written to (F30)
        return systemFailure(EMLINK, path);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return systemFailure(errno, path);
        std::array<char, 32> holder = {};
        const ssize_t got = ::pread(lock.get(), holder.data(), holder.size(), 0);
        const QByteArray pid = QByteArray(holder.data(), got > 0 ? got : 0).trimmed();
        return tl::unexpected(Error{ErrorCode::InUse, QFileInfo(path).path(), QString::fromLatin1(pid)});
    }
    const QByteArray pid = QByteArray::number(qint64(::getpid())) + '\n';
    if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), pid.constData(), size_t(pid.size()), 0) < 0) {
        // A full disk keeps the number from being noted, not the lock from being held.
        if (errno != ENOSPC && errno != EDQUOT)
            return systemFailure(errno, path);
    }
    return lock;
}

/// What is kept must lie in the folder: a mailbox elsewhere could not be told from somebody else's files.
Result<void> checkLinks(int folder, const QString &path)
{
    QList<QByteArray> names{
        "mail", "queue", "queue/done", "journal", "spool", "sessions", "journeys", "tls", "drafts", "tags"};
    for (const QByteArray &user : listFolder(folder, "mail"))
        names.append("mail/" + user);
    for (const QByteArray &name : std::as_const(names)) {
        if (!staysInside(folder, name + "/any"))
            return tl::unexpected(
                Error{ErrorCode::BadSettings, path + QLatin1Char('/') + QFile::decodeName(name),
                    QStringLiteral("it is a link that leads out of the data folder")});
    }
    return {};
}

} // namespace

Result<std::unique_ptr<DataFolder>> DataFolder::open(const QString &path)
{
    const QString whole = QDir::cleanPath(QDir::current().absoluteFilePath(path));
    const QByteArray name = QFile::encodeName(whole);
    if (const int failed = makeFolders(AT_FDCWD, name); failed != 0)
        return systemFailure(failed, whole);
    const FileDescriptor folder(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen())
        return systemFailure(errno, whole);
    auto lock = takeLock(whole + QStringLiteral("/lock"));
    if (!lock)
        return tl::unexpected(lock.error());
    for (const char *part : {"mail", "queue", "journal", "spool", "sessions", "journeys", "tls", "drafts"}) {
        if (const int failed = makeFolders(folder.get(), part); failed != 0)
            return systemFailure(failed, whole + QLatin1Char('/') + QLatin1String(part));
        if (::faccessat(folder.get(), part, R_OK | W_OK | X_OK, 0) != 0)
            return systemFailure(errno, whole + QLatin1Char('/') + QLatin1String(part));
    }
    if (const auto checked = checkLinks(folder.get(), whole); !checked)
        return tl::unexpected(checked.error());
    return std::unique_ptr<DataFolder>(new DataFolder(whole, std::move(*lock)));
}

qint64 DataFolder::freeBytes() const
{
    struct statvfs facts = {};
    if (::statvfs(QFile::encodeName(m_path).constData(), &facts) != 0)
        return -1;
    return qint64(facts.f_bavail) * qint64(facts.f_frsize);
}

} // namespace glasspost::mail
