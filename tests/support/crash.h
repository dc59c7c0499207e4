#pragma once

// What a start finds that comes right now, after a crash: copies of the files, and a disk on which nothing
// waits.

#include "mail/base/posix.h"

#include <QDir>
#include <QFile>
#include <QString>
#include <QStringList>

namespace glasspost::test {

/// A disk on which nothing waits.
class QuickDisk : public mail::FileSystemCalls
{
public:
    int fdatasync(int) override { return 0; }
    int fsync(int) override { return 0; }
    int syncfs(int) override { return 0; }
};

/// The queue as it is in its files, and the journal, which is written before them and so copied after them.
inline void copyQueue(const QString &from, const QString &to)
{
    for (const char *name : {"queue", "queue/done", "journal"}) {
        const QString folder = u'/' + QLatin1String(name);
        QDir(to).mkpath(to + folder);
        const QStringList files = QDir(from + folder).entryList(QDir::Files);
        for (const QString &file : files)
            QFile::copy(from + folder + u'/' + file, to + folder + u'/' + file);
    }
}

} // namespace glasspost::test
