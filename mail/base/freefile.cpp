#include "mail/base/freefile.h"

#include "mail/base/posix.h"

#include <QFile>
#include <QFileInfo>

#include <cerrno>
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

} // namespace

Result<QString> writeFreeFile(
    const QString &folder, const QString &name, const QByteArray &octets, mode_t mode)
{
    FileSystemCalls calls;
    QString path;
    for (int number = 1; number <= mostNames; ++number) {
        path = folder + QLatin1Char('/') + numbered(name, number);
        const QByteArray encoded = QFile::encodeName(path);
        const FileDescriptor file(
            calls.openAt(AT_FDCWD, encoded.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
        if (!file.isOpen() && errno == EEXIST)
            continue;
        const int failed = file.isOpen() ? writeAll(calls, file.get(), octets) : errno;
        if (failed == 0)
            return path;
        if (file.isOpen())
            ::unlink(encoded.constData());
        return systemFailure(failed, path);
    }
    return systemFailure(EEXIST, path);
}

} // namespace glasspost::mail
