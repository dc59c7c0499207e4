#include "app/commands/sendspool.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

const QString prefix = QStringLiteral("glasspost-send-");

enum class Patience { None, Waits };

/// The folder, locked; nothing where it is not ours, no folder, in use, or gone.
mail::FileDescriptor lockedFolder(const QString &path, Patience patience)
{
    mail::FileDescriptor folder(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat facts = {};
    const bool isOurs = folder.isOpen() && ::fstat(folder.get(), &facts) == 0 && facts.st_uid == ::geteuid();
    const int how = patience == Patience::Waits ? LOCK_EX : LOCK_EX | LOCK_NB;
    if (!isOurs || ::flock(folder.get(), how) != 0 || ::fstat(folder.get(), &facts) != 0
        || facts.st_nlink == 0)
        return {};
    return folder;
}

void removeLeftOnes()
{
    const QDir temporary = QDir::temp();
    for (const QString &name :
        temporary.entryList({prefix + QStringLiteral("??????")}, QDir::Dirs | QDir::Hidden)) {
        const QString path = temporary.filePath(name);
        if (const mail::FileDescriptor lock = lockedFolder(path, Patience::None); lock.isOpen())
            QDir(path).removeRecursively();
    }
}

} // namespace

SendSpool::SendSpool()
{
    removeLeftOnes();
    do {
        m_folder = std::make_unique<QTemporaryDir>(QDir::temp().filePath(prefix + QStringLiteral("XXXXXX")));
        // Another one that begins may have removed it before it was locked.
        m_lock
            = m_folder->isValid() ? lockedFolder(m_folder->path(), Patience::Waits) : mail::FileDescriptor();
    } while (m_folder->isValid() && !QFileInfo::exists(m_folder->path()));
}

QString SendSpool::path() const
{
    return m_folder->isValid() ? m_folder->path() : QDir::tempPath();
}

} // namespace glasspost::app
