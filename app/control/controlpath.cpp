#include "app/control/controlpath.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

/// A folder that only this user can enter; another user's, or a link, would let that user answer for us.
bool isPrivate(const QString &folder)
{
    struct stat facts = {};
    return ::lstat(QFile::encodeName(folder).constData(), &facts) == 0 && S_ISDIR(facts.st_mode)
        && facts.st_uid == ::geteuid() && (facts.st_mode & 077) == 0;
}

QString runtimeFolder()
{
    // QStandardPaths would print a warning where the variable is not set.
    const QString given = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (!given.isEmpty() && isPrivate(given))
        return given;
    const QString own = QStringLiteral("%1/glasspost-%2").arg(QDir::tempPath()).arg(::geteuid());
    ::mkdir(QFile::encodeName(own).constData(), 0700);
    return isPrivate(own) ? own : QString();
}

} // namespace

QString controlPath(const QString &dataFolder)
{
    const QString folder = runtimeFolder();
    if (folder.isEmpty())
        return {};
    const QFileInfo info(dataFolder);
    const QString canonical
        = info.exists() ? info.canonicalFilePath() : QDir::cleanPath(info.absoluteFilePath());
    const QByteArray hash
        = QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("%1/glasspost-%2.socket").arg(folder, QString::fromLatin1(hash));
}

} // namespace glasspost::app
