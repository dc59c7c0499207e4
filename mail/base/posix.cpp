#include "mail/base/posix.h"

#include "mail/base/octetsreader.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace glasspost::mail {

int FileSystemCalls::openAt(int folder, const char *path, int flags, mode_t mode)
{
    return ::openat(folder, path, flags | O_CLOEXEC, mode);
}

ssize_t FileSystemCalls::write(int file, const char *data, size_t size)
{
    return ::write(file, data, size);
}

int FileSystemCalls::fdatasync(int file)
{
    return ::fdatasync(file);
}

int FileSystemCalls::fsync(int file)
{
    return ::fsync(file);
}

int FileSystemCalls::syncfs(int file)
{
    return ::syncfs(file);
}

int FileSystemCalls::ftruncate(int file, off_t size)
{
    return ::ftruncate(file, size);
}

int FileSystemCalls::renameAt(int fromFolder, const char *from, int toFolder, const char *to)
{
    return ::renameat(fromFolder, from, toFolder, to);
}

int FileSystemCalls::linkAt(int fromFolder, const char *from, int toFolder, const char *to)
{
    return ::linkat(fromFolder, from, toFolder, to, 0);
}

int FileSystemCalls::unlinkAt(int folder, const char *path)
{
    return ::unlinkat(folder, path, 0);
}

FileDescriptor::FileDescriptor(FileDescriptor &&other) noexcept : m_file(std::exchange(other.m_file, -1)) { }

FileDescriptor &FileDescriptor::operator=(FileDescriptor &&other) noexcept
{
    if (this != &other) {
        reset();
        m_file = std::exchange(other.m_file, -1);
    }
    return *this;
}

void FileDescriptor::reset()
{
    if (m_file >= 0)
        ::close(m_file);
    m_file = -1;
}

Error systemError(int number, const QString &subject)
{
    ErrorCode code = ErrorCode::InputOutput;
    if (number == ENOSPC || number == EDQUOT || number == EFBIG)
        code = ErrorCode::NoSpace;
    else if (number == EACCES || number == EPERM || number == EROFS)
        code = ErrorCode::NotPermitted;
    else if (number == ENOENT)
        code = ErrorCode::NotFound;
    return {code, subject, qt_error_string(number)};
}

tl::unexpected<Error> systemFailure(int number, const QString &subject)
{
    return tl::unexpected(systemError(number, subject));
}

int writeAll(FileSystemCalls &calls, int file, QByteArrayView data)
{
    while (!data.isEmpty()) {
        const ssize_t written = calls.write(file, data.data(), size_t(data.size()));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return written == 0 ? ENOSPC : errno;
        data = data.sliced(written);
    }
    return 0;
}

namespace {

Result<FileDescriptor> openRegularFile(int folder, const QByteArray &path, struct stat &facts)
{
    FileDescriptor file(::openat(folder, path.constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.isOpen() || ::fstat(file.get(), &facts) != 0)
        return systemFailure(errno, QString::fromUtf8(path));
    if (!S_ISREG(facts.st_mode))
        return systemFailure(EINVAL, QString::fromUtf8(path));
    return file;
}

} // namespace

Result<FileDescriptor> openFileAt(int folder, const QByteArray &path)
{
    struct stat facts = {};
    return openRegularFile(folder, path, facts);
}

Result<QByteArray> readFileAt(int folder, const QByteArray &path, qint64 limit)
{
    struct stat facts = {};
    const Result<FileDescriptor> opened = openRegularFile(folder, path, facts);
    if (!opened)
        return tl::unexpected(opened.error());
    const FileDescriptor &file = *opened;
    const qint64 wanted = limit < 0 ? qint64(facts.st_size) : std::min<qint64>(limit, facts.st_size);
    QByteArray content(wanted, Qt::Uninitialized);
    qint64 had = 0;
    while (had < wanted) {
        const ssize_t got = ::read(file.get(), content.data() + had, size_t(wanted - had));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemFailure(errno, QString::fromUtf8(path));
        if (got == 0)
            break;
        had += got;
    }
    content.truncate(had);
    return content;
}

int makeFolders(int folder, const QByteArray &path)
{
    if (path.isEmpty() || ::mkdirat(folder, path.constData(), 0700) == 0 || errno == EEXIST)
        return 0;
    if (errno != ENOENT)
        return errno;
    const qsizetype slash = path.lastIndexOf('/');
    if (slash <= 0)
        return ENOENT;
    if (const int failed = makeFolders(folder, path.first(slash)); failed != 0)
        return failed;
    return ::mkdirat(folder, path.constData(), 0700) == 0 || errno == EEXIST ? 0 : errno;
}

Result<void> replaceFile(const QString &path, const QByteArray &content)
{
    return replaceFile(
        path, [rest = content]() mutable { return Result<QByteArray>(std::exchange(rest, {})); });
}

Result<void> copyFile(const QString &from, const QString &to)
{
    constexpr size_t atOnce = 1 << 20;
    FileSystemCalls calls;
    const QByteArray name = QFile::encodeName(to);
    const FileDescriptor source(
        ::open(QFile::encodeName(from).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat facts = {};
    if (!source.isOpen() || ::fstat(source.get(), &facts) != 0)
        return systemFailure(errno, from);
    if (!S_ISREG(facts.st_mode))
        return systemFailure(EINVAL, from);
    int failed = makeFolders(AT_FDCWD, name.first(std::max<qsizetype>(0, name.lastIndexOf('/'))));
    if (failed != 0)
        return systemFailure(failed, to);
    const FileDescriptor copy(
        calls.openAt(AT_FDCWD, name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    if (!copy.isOpen())
        return systemFailure(errno, to);
    QByteArray piece(atOnce, Qt::Uninitialized);
    ssize_t got = 0;
    while (failed == 0 && (got = ::read(source.get(), piece.data(), atOnce)) != 0) {
        if (got > 0)
            failed = writeAll(calls, copy.get(), QByteArrayView(piece.constData(), got));
        else if (errno != EINTR)
            failed = errno;
    }
    if (failed == 0 && calls.fsync(copy.get()) != 0)
        failed = errno;
    if (failed == 0)
        return {};
    ::unlink(name.constData());
    return systemFailure(failed, got < 0 ? from : to);
}

void lowerThreadPriority()
{
#ifdef Q_OS_LINUX
    constexpr int steps = 10; // a tenth of what the other threads get; on Linux each has a value of its own
    const auto thread = id_t(::gettid());
    ::setpriority(PRIO_PROCESS, thread, ::getpriority(PRIO_PROCESS, thread) + steps);
#endif
}

} // namespace glasspost::mail
