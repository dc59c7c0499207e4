#include "mail/base/freefile.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace glasspost::mail {

namespace {

constexpr int mostNames = 10000; // tried before the folder counts as full

QString numbered(const QString &name, int number)
{
    if (number == 1)
        return name;
    const QFileInfo parts(name);
    const QString suffix = parts.suffix().isEmpty() ? QString() : QLatin1Char('.') + parts.suffix();
    return QStringLiteral("%1 (%2)%3").arg(name.chopped(suffix.size())).arg(number).arg(suffix);
}

/// Where the file system cannot refuse to replace (NFS, a share mounted by FUSE), an empty file takes the
/// name first, and is what the rename replaces. The errno, or 0.
int moveToFree(const QByteArray &from, const QByteArray &to)
{
    if (::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    const FileDescriptor place(::open(to.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!place.isOpen())
        return errno;
    if (::rename(from.constData(), to.constData()) == 0)
        return 0;
    const int failed = errno;
    ::unlink(to.constData());
    return failed;
}

Result<QString> renamedToFree(const QByteArray &from, const QString &folder, const QString &name)
{
    QString path;
    int failed = EEXIST;
    for (int number = 1; number <= mostNames && failed == EEXIST; ++number) {
        path = folder + QLatin1Char('/') + numbered(name, number);
        failed = moveToFree(from, QFile::encodeName(path));
    }
    return failed == 0 ? Result<QString>(path) : systemFailure(failed, path);
}

} // namespace

Result<QString> writeFreeFile(
    const QString &folder, const QString &name, const OctetPieces &pieces, mode_t mode)
{
    FileSystemCalls calls;
    const quint64 number = QRandomGenerator::global()->generate64();
    const QByteArray beside = QFile::encodeName(folder) + "/." + QByteArray::number(number, 16) + ".part";
    const FileDescriptor file(
        calls.openAt(AT_FDCWD, beside.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
    if (!file.isOpen())
        return systemFailure(errno, folder + QLatin1Char('/') + name);
    const Result<QString> path
        = writeAll(calls, file.get(), pieces, folder + QLatin1Char('/') + name).and_then([&] {
              return renamedToFree(beside, folder, name);
          });
    if (!path)
        ::unlink(beside.constData());
    return path;
}

Result<QString> writePrivateCopy(const QString &folder, const QString &name, const OctetPieces &pieces)
{
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder)); failed != 0)
        return systemFailure(failed, folder);
    QTemporaryDir own(folder + QStringLiteral("/XXXXXX"));
    own.setAutoRemove(false);
    if (!own.isValid())
        return tl::unexpected(Error{ErrorCode::InputOutput, folder, own.errorString()});
    return writeFreeFile(own.path(), name, pieces, 0400);
}

} // namespace glasspost::mail
