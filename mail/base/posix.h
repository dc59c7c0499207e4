#pragma once

#include "mail/base/error.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <sys/types.h>

namespace glasspost::mail {

/// The system calls by which data becomes durable, so that a test can make each of them fail. Every function
/// returns what the call of the same name returns and sets errno.
class FileSystemCalls
{
public:
    virtual ~FileSystemCalls() = default;
    virtual int openAt(int folder, const char *path, int flags, mode_t mode);
    virtual ssize_t write(int file, const char *data, size_t size);
    virtual int fdatasync(int file);
    virtual int fsync(int file);
    virtual int syncfs(int file);
    virtual int ftruncate(int file, off_t size);
    virtual int renameAt(int fromFolder, const char *from, int toFolder, const char *to);
    virtual int linkAt(int fromFolder, const char *from, int toFolder, const char *to);
    virtual int unlinkAt(int folder, const char *path);
};

/// An open file, closed with its owner.
class FileDescriptor
{
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int file) : m_file(file) { }
    FileDescriptor(FileDescriptor &&other) noexcept;
    FileDescriptor &operator=(FileDescriptor &&other) noexcept;
    ~FileDescriptor() { reset(); }
    void reset();
    [[nodiscard]] int get() const { return m_file; }
    [[nodiscard]] bool isOpen() const { return m_file >= 0; }

private:
    int m_file = -1;
};

/// An errno as a value; subject names what it happened to.
Error systemError(int number, const QString &subject);
tl::unexpected<Error> systemFailure(int number, const QString &subject);

/// Writes all of it; 0, or the errno.
int writeAll(FileSystemCalls &calls, int file, QByteArrayView data);
/// The file, open for reading; a regular one or an error: a device gives octets without end, and a FIFO none.
/// Never follows a symbolic link at the end of path.
Result<FileDescriptor> openFileAt(int folder, const QByteArray &path);
/// The whole file, or at most limit octets of it (-1: all). Never follows a symbolic link at the end of path.
Result<QByteArray> readFileAt(int folder, const QByteArray &path, qint64 limit = -1);
/// Makes path and its missing parents with mode 0700. Relative to folder. 0, or the errno.
int makeFolders(int folder, const QByteArray &path);
/// Puts content, mode 0600, in the place of whatever stands at path; missing folders above are made with mode
/// 0700. A link that was planted there is replaced, never followed (F30).
Result<void> replaceFile(const QString &path, const QByteArray &content);
/// A copy of the file at from, mode 0600, durable; missing folders above are made with mode 0700. Fails where
/// something stands at to. Follows a link at from: a person may have named one.
Result<void> copyFile(const QString &from, const QString &to);
/// From now on this thread gets little of a processor that others want, too: for work that hardly anybody
/// waits for. Not to be undone. Where the system knows no such thing, nothing happens.
void lowerThreadPriority();

} // namespace glasspost::mail
