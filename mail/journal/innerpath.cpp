#include "mail/journal/innerpath.h"

#include "mail/journal/transaction.h"

#include <QList>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>

namespace glasspost::mail {

namespace {

bool isLevel(QByteArrayView level)
{
    return !level.isEmpty() && level != "." && level != ".." && level.size() <= NAME_MAX;
}

QList<QByteArray> pathsOf(const FileStep &step)
{
    const bool needsOther = step.kind == FileStep::Kind::Link || step.kind == FileStep::Kind::Rename;
    QList<QByteArray> paths{step.path.toUtf8()};
    if (needsOther)
        paths.append(step.other.toUtf8());
    if (!step.contentFile.isEmpty())
        paths.append(step.contentFile.toUtf8());
    return paths;
}

/// Where the file system says that a path leads; empty when nowhere.
QByteArray realPath(const QByteArray &path)
{
    std::array<char, PATH_MAX> found{};
    return ::realpath(path.constData(), found.data()) == nullptr ? QByteArray() : QByteArray(found.data());
}

} // namespace

bool isInnerPath(const QByteArray &path)
{
    qsizetype from = 0;
    for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
        if (!isLevel(QByteArrayView(path).sliced(from, slash - from)))
            return false;
        from = slash + 1;
    }
    return isLevel(QByteArrayView(path).sliced(from)) && !path.contains('\0');
}

bool staysInside(int folder, const QByteArray &path)
{
    if (!isInnerPath(path))
        return false;
    for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        const QByteArray above = path.first(slash);
        struct stat facts = {};
        if (::fstatat(folder, above.constData(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
            return true; // nothing is there yet, nor below it
        if (!S_ISLNK(facts.st_mode))
            continue;
        const QByteArray whole = realPath("/proc/self/fd/" + QByteArray::number(folder)) + '/';
        const QByteArray target = realPath("/proc/self/fd/" + QByteArray::number(folder) + '/' + above) + '/';
        if (whole.size() < 2 || !target.startsWith(whole))
            return false;
    }
    return true;
}

bool isInnerStep(const FileStep &step)
{
    const QList<QByteArray> paths = pathsOf(step);
    return std::all_of(paths.begin(), paths.end(), isInnerPath);
}

std::optional<QByteArray> outsidePath(int folder, const FileStep &step)
{
    const QList<QByteArray> paths = pathsOf(step);
    const auto outside = std::find_if_not(
        paths.begin(), paths.end(), [folder](const QByteArray &path) { return staysInside(folder, path); });
    return outside == paths.end() ? std::nullopt : std::optional(*outside);
}

} // namespace glasspost::mail
