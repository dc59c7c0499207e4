#include "mail/base/freefile.h"

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
    const QString &folder, const QString &name, const OctetPieces &pieces, mode_t mode)
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
        if (!file.isOpen())
            return systemFailure(errno, path);
        if (const Result<void> written = writeAll(calls, file.get(), pieces, path); !written) {
            ::unlink(encoded.constData());
            return tl::unexpected(written.error());
        }
        return path;
    }
    return systemFailure(EEXIST, path);
}

} // namespace glasspost::mail
