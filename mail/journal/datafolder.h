#pragma once

#include "mail/base/error.h"
#include "mail/base/posix.h"

#include <QString>

#include <memory>

namespace glasspost::mail {

/// The data folder, held by one process at a time. open() makes it and its sub-folders (mode 0700), sees that
/// it can be written, and takes an exclusive lock (flock) on the file "lock" in it, which lasts until the
/// object or the process dies, by whatever signal; nothing is left to clean up. A second process gets InUse,
/// with the holder's process id in systemText. Open it first and drop it last, after Journal, Store and
/// TranscriptStore. Programs that only read (a transcript, a search) need no lock.
class DataFolder
{
public:
    static Result<std::unique_ptr<DataFolder>> open(const QString &path);

    [[nodiscard]] QString path() const { return m_path; } ///< absolute
    /// Octets that can still be written there; for 452 at MAIL. -1 when the system does not tell. Any thread.
    [[nodiscard]] qint64 freeBytes() const;

private:
    DataFolder(QString path, FileDescriptor lock) : m_path(std::move(path)), m_lock(std::move(lock)) { }

    QString m_path;
    FileDescriptor m_lock;
};

/// Where files lie that are on their way; the next start empties it.
inline QString spoolFolderOf(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/spool");
}

} // namespace glasspost::mail
