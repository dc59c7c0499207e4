#include "mail/maildir/maildirlisting.h"

#include "mail/base/posix.h"
#include "mail/maildir/maildirname.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

namespace glasspost::mail {

void readFolder(int dataFolder, const QByteArray &path, const std::function<void(QByteArrayView name)> &visit)
{
    const int file = ::openat(dataFolder, path.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = file < 0 ? nullptr : ::fdopendir(file);
    if (!folder)
        return;
    while (const dirent *entry = ::readdir(folder)) {
        const QByteArrayView name(entry->d_name);
        if (name != QByteArrayView(".") && name != QByteArrayView(".."))
            visit(name);
    }
    ::closedir(folder);
}

QList<QByteArray> listFolder(int dataFolder, const QByteArray &path)
{
    QList<QByteArray> names;
    readFolder(dataFolder, path, [&names](QByteArrayView name) { names.append(name.toByteArray()); });
    return names;
}

QList<QByteArray> listMaildirs(int dataFolder, const QByteArray &userPath)
{
    QList<QByteArray> maildirs = {userPath};
    for (const QByteArray &name : listFolder(dataFolder, userPath)) {
        struct stat facts = {};
        const QByteArray path = userPath + '/' + name;
        if (name.startsWith('.') && name.size() > 1
            && ::fstatat(dataFolder, (path + "/cur").constData(), &facts, 0) == 0 && S_ISDIR(facts.st_mode))
            maildirs.append(path);
    }
    return maildirs;
}

QByteArray findInMaildir(int dataFolder, const QByteArray &maildir, const QByteArray &unique)
{
    for (const char *part : {"/new", "/cur"}) {
        const QByteArray folder = maildir + part;
        for (const QByteArray &name : listFolder(dataFolder, folder)) {
            if (uniqueOf(name) == unique)
                return folder + '/' + name;
        }
    }
    return {};
}

} // namespace glasspost::mail
