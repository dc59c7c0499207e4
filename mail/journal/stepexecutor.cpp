#include "mail/journal/stepexecutor.h"

#include "mail/maildir/maildirlisting.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace glasspost::mail {

namespace {

constexpr qsizetype openFoldersKept = 96;

QByteArray parentOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    return slash <= 0 ? QByteArray() : path.first(slash);
}

/// Where a file is written before it gets its name: tmp/ of its Maildir, or beside itself.
QByteArray temporaryFor(const QByteArray &path)
{
    if (const auto parts = maildirPath(path))
        return parts->folder + "/tmp/" + uniqueOf(parts->name).toByteArray();
    return path + ".new";
}

} // namespace

void StepExecutor::setMode(Mode mode)
{
    m_mode = mode;
    m_names.clear();
    m_redone.clear();
    m_removed.clear();
    m_unwritten.clear();
}

Result<bool> StepExecutor::apply(const FileStep &step)
{
    const QByteArray path = step.path.toUtf8();
    switch (step.kind) {
    case FileStep::Kind::Create:
        return create(path, step);
    case FileStep::Kind::Replace:
        return replace(path, step.content);
    case FileStep::Kind::Link:
        return link(path, step.other.toUtf8());
    case FileStep::Kind::Rename:
        return rename(path, step.other.toUtf8());
    case FileStep::Kind::Remove:
        return remove(path);
    }
    return false;
}

Result<bool> StepExecutor::create(const QByteArray &path, const FileStep &step)
{
    const QByteArray standing = m_mode == Mode::Live ? QByteArray() : locate(path);
    if (!step.contentFile.isEmpty()) {
        if (!standing.isEmpty())
            return false;
        const int failed = renameMaking(step.contentFile.toUtf8(), path);
        // Gone in a replay: it stood in its place once and was removed since.
        if (failed == ENOENT && m_mode != Mode::Live)
            return false;
        if (failed != 0)
            return systemFailure(failed, step.path);
        noteMoved({}, path);
        return true;
    }
    if (m_mode == Mode::Rewrite && standing.isEmpty() && !m_removed.contains(path)) {
        m_unwritten.insert(path, step.content); // a link to it may still stand
        return false;
    }
    // What stands is written again even where it reads well: after a failed sync the pages in memory may be
    // all that there is of it, and a new process on the same boot reads from the same memory.
    const bool isOurs = m_mode == Mode::Live && !maildirPath(path);
    const int failed = isOurs ? writeInPlace(path, step.content)
                              : writeWhole(standing.isEmpty() ? path : standing, step.content);
    if (failed != 0)
        return systemFailure(failed, step.path);
    if (standing.isEmpty())
        noteMoved({}, path);
    return true;
}

Result<bool> StepExecutor::replace(const QByteArray &path, const QByteArray &content)
{
    const bool isOurs = m_mode == Mode::Live && !maildirPath(path);
    if (const int failed = isOurs ? writeInPlace(path, content) : writeWhole(path, content); failed != 0)
        return systemFailure(failed, QString::fromUtf8(path));
    return true;
}

Result<bool> StepExecutor::link(const QByteArray &path, const QByteArray &other)
{
    const QByteArray source = m_mode == Mode::Live || exists(path) ? path : locate(path);
    const QByteArray standing = m_mode == Mode::Live ? QByteArray() : locate(other);
    if (!standing.isEmpty())
        return relink(source, path, standing);
    // In a rewrite nothing has been lost but octets: another program moved this copy, and it must not come
    // back. In a replay the file may have gone with the power.
    const bool isAway = m_mode == Mode::Rewrite && !m_removed.contains(other);
    if (isAway || source.isEmpty())
        return false;
    if (const int failed = linkOrCopy(source, other); failed != 0 && failed != EEXIST)
        return systemFailure(failed, QString::fromUtf8(other));
    noteMoved({}, other);
    return true;
}

/// Gives the standing link the file that has just been written again. Never without a name meanwhile.
Result<bool> StepExecutor::relink(
    const QByteArray &source, const QByteArray &path, const QByteArray &standing)
{
    int failed = 0;
    if (source.isEmpty()) {
        const auto content = m_unwritten.constFind(path);
        if (content == m_unwritten.constEnd())
            return false;
        failed = writeWhole(standing, *content);
    } else {
        if (isSameFile(source, standing))
            return false;
        const QByteArray temporary = temporaryFor(standing);
        m_calls.unlinkAt(m_data, temporary.constData()); // left by a crash
        failed = linkOrCopy(source, temporary);
        if (failed == 0)
            failed = renameMaking(temporary, standing);
    }
    return failed == 0 ? Result<bool>(true) : systemFailure(failed, QString::fromUtf8(standing));
}

Result<bool> StepExecutor::rename(const QByteArray &path, const QByteArray &other)
{
    if (path == other)
        return false;
    QByteArray source = path;
    const bool isOurs = m_mode == Mode::Live && !maildirPath(path); // whether it is there, renaming tells
    if (!isOurs && !exists(path)) {
        if (exists(other))
            return false;
        const auto parts = maildirPath(path);
        // Another program has changed its flags meanwhile. In a replay a name that is not where this step
        // left it has been moved by a later step; unless the replay itself has just put it back.
        if (!parts || (m_mode != Mode::Live && !m_redone.contains(uniqueOf(parts->name).toByteArray())))
            return false;
        source = locate(path);
        if (source.isEmpty() || source == other)
            return false;
    }
    const int failed = renameMaking(source, other);
    if (failed == ENOENT && !exists(source))
        return false;
    if (failed != 0)
        return systemFailure(failed, QString::fromUtf8(other));
    noteMoved(source, other);
    return true;
}

Result<bool> StepExecutor::remove(const QByteArray &path)
{
    const QByteArray victim = maildirPath(path) ? locate(path) : path;
    if (victim.isEmpty())
        return false;
    if (m_mode == Mode::Live && m_unlinker != nullptr && m_unlinker->take(victim))
        return true;
    if (m_calls.unlinkAt(m_data, victim.constData()) != 0)
        return errno == ENOENT ? Result<bool>(false) : systemFailure(errno, QString::fromUtf8(victim));
    noteMoved(victim, {});
    if (m_mode == Mode::Rewrite)
        m_removed.insert(path);
    return true;
}

/// The file, complete, under its name or not at all.
int StepExecutor::writeWhole(const QByteArray &path, const QByteArray &content)
{
    const QByteArray temporary = temporaryFor(path);
    int failed = writeFile(temporary, content);
    if (failed == ENOENT) {
        failed = makeParents(path);
        if (failed == 0)
            failed = writeFile(temporary, content);
    }
    if (failed == 0)
        failed = renameMaking(temporary, path);
    if (failed != 0)
        m_calls.unlinkAt(m_data, temporary.constData());
    return failed;
}

/// A file that no other program reads (the queue's) needs no second name on its way: should we die in the
/// middle of it, the journal still has the content, and a replay writes it whole. A rename over a file that
/// has just been written costs ext4 a write to the disk (auto_da_alloc), a hundred microseconds; so does
/// cutting it to nothing, and so the end is cut off last.
int StepExecutor::writeInPlace(const QByteArray &path, const QByteArray &content)
{
    for (int attempt = 0;; ++attempt) {
        const char *name = nullptr;
        const int folder = folderOf(path, &name);
        const FileDescriptor file(
            folder < 0 ? -1 : m_calls.openAt(folder, name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600));
        struct stat facts = {};
        const bool isKnown = file.isOpen() && ::fstat(file.get(), &facts) == 0;
        if (isKnown && facts.st_nlink > 1 && attempt == 0) {
            m_calls.unlinkAt(folder, name); // what has another name too is not ours alone to write to (F30)
            continue;
        }
        if (file.isOpen()) {
            const int failed = writeAll(m_calls, file.get(), content);
            const bool isShorter = !isKnown || facts.st_size > content.size();
            return failed == 0 && isShorter && m_calls.ftruncate(file.get(), content.size()) != 0 ? errno
                                                                                                  : failed;
        }
        const int failed = errno;
        if (failed == ELOOP && attempt == 0 && m_calls.unlinkAt(folder, name) == 0)
            continue; // a link that was planted: it goes, what it leads to stays
        m_folders.remove(parentOf(path));
        if (failed != ENOENT || attempt > 0)
            return failed;
        if (const int unmade = makeParents(path); unmade != 0)
            return unmade;
    }
}

int StepExecutor::writeFile(const QByteArray &path, const QByteArray &content)
{
    const char *name = nullptr;
    const int folder = folderOf(path, &name);
    if (folder < 0)
        return errno;
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    FileDescriptor file(m_calls.openAt(folder, name, flags, 0600));
    if (!file.isOpen() && errno == EEXIST && m_calls.unlinkAt(folder, name) == 0) // left by a crash
        file = FileDescriptor(m_calls.openAt(folder, name, flags, 0600));
    if (!file.isOpen()) {
        const int failed = errno;
        m_folders.remove(parentOf(path));
        return failed;
    }
    return writeAll(m_calls, file.get(), content);
}

int StepExecutor::renameMaking(const QByteArray &from, const QByteArray &to)
{
    for (int attempt = 0;; ++attempt) {
        const char *fromName = nullptr;
        const char *toName = nullptr;
        // Held by value: opening the second folder may empty the cache of the first.
        const int fromFolder = folderOf(from, &fromName);
        const auto held = m_folders.value(parentOf(from));
        const int toFolder = fromFolder < 0 ? -1 : folderOf(to, &toName);
        if (toFolder >= 0 && m_calls.renameAt(fromFolder, fromName, toFolder, toName) == 0)
            return 0;
        const int failed = errno;
        if (failed != ENOENT || attempt > 0)
            return failed;
        m_folders.clear();
        if (const int unmade = makeParents(to); unmade != 0)
            return unmade;
    }
}

int StepExecutor::linkOrCopy(const QByteArray &from, const QByteArray &to)
{
    for (int attempt = 0;; ++attempt) {
        if (m_calls.linkAt(m_data, from.constData(), m_data, to.constData()) == 0)
            return 0;
        const int failed = errno;
        if (failed == ENOENT && attempt == 0 && exists(from)) {
            if (const int unmade = makeParents(to); unmade != 0)
                return unmade;
            continue;
        }
        if (failed != EXDEV && failed != EPERM && failed != EMLINK && failed != ENOTSUP)
            return failed;
        const auto content = readFileAt(m_data, from);
        return content ? writeWhole(to, *content) : EIO;
    }
}

/// The folders above path; a Maildir whole, with the mark that Maildir++ asks for in a sub-folder.
int StepExecutor::makeParents(const QByteArray &path)
{
    const auto parts = maildirPath(path);
    if (!parts)
        return makeFolders(m_data, parentOf(path));
    for (const QByteArray &maildir : {parts->user, parts->folder}) {
        for (const char *part : {"/tmp", "/new", "/cur"}) {
            if (const int failed = makeFolders(m_data, maildir + part); failed != 0)
                return failed;
        }
    }
    if (parts->folder != parts->user) {
        const QByteArray mark = parts->folder + "/maildirfolder";
        const FileDescriptor file(
            m_calls.openAt(m_data, mark.constData(), O_WRONLY | O_CREAT | O_NOFOLLOW, 0600));
    }
    return 0;
}

bool StepExecutor::exists(const QByteArray &path) const
{
    struct stat facts = {};
    return ::fstatat(m_data, path.constData(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

bool StepExecutor::isSameFile(const QByteArray &path, const QByteArray &other) const
{
    struct stat first = {};
    struct stat second = {};
    return ::fstatat(m_data, path.constData(), &first, AT_SYMLINK_NOFOLLOW) == 0
        && ::fstatat(m_data, other.constData(), &second, AT_SYMLINK_NOFOLLOW) == 0
        && first.st_ino == second.st_ino && first.st_dev == second.st_dev;
}

/// Where the file of path stands now: there, or, for a message, anywhere under its unique name (live: in the
/// same Maildir). Empty when nowhere.
QByteArray StepExecutor::locate(const QByteArray &path)
{
    if (exists(path))
        return path;
    const auto parts = maildirPath(path);
    if (!parts)
        return {};
    const QByteArray unique = uniqueOf(parts->name).toByteArray();
    if (m_mode == Mode::Live)
        return findInMaildir(m_data, parts->folder, unique);
    const QByteArray found = namesOf(parts->user).value(unique);
    return !found.isEmpty() && exists(found) ? found : QByteArray();
}

QHash<QByteArray, QByteArray> &StepExecutor::namesOf(const QByteArray &user)
{
    const auto known = m_names.find(user);
    if (known != m_names.end())
        return *known;
    QHash<QByteArray, QByteArray> &names = m_names[user];
    for (const QByteArray &maildir : listMaildirs(m_data, user)) {
        for (const char *part : {"/new", "/cur"}) {
            for (const QByteArray &name : listFolder(m_data, maildir + part))
                names.insert(uniqueOf(name).toByteArray(), maildir + part + '/' + name);
        }
    }
    return names;
}

void StepExecutor::noteMoved(const QByteArray &path, const QByteArray &other)
{
    if (m_mode == Mode::Live)
        return;
    if (const auto parts = maildirPath(other)) {
        const QByteArray unique = uniqueOf(parts->name).toByteArray();
        namesOf(parts->user).insert(unique, other);
        if (path.isEmpty())
            m_redone.insert(unique);
    }
}

/// The open folder that path lies in, kept open for the next file, and the file's name in it.
int StepExecutor::folderOf(const QByteArray &path, const char **name)
{
    const QByteArray folder = parentOf(path);
    *name = path.constData() + (folder.isEmpty() ? 0 : folder.size() + 1);
    if (folder.isEmpty())
        return m_data;
    if (const auto known = m_folders.constFind(folder); known != m_folders.constEnd())
        return (*known)->get();
    if (m_folders.size() >= openFoldersKept)
        m_folders.clear();
    auto opened = std::make_shared<FileDescriptor>(
        m_calls.openAt(m_data, folder.constData(), O_RDONLY | O_DIRECTORY, 0));
    if (!opened->isOpen())
        return -1;
    m_folders.insert(folder, opened);
    return opened->get();
}

} // namespace glasspost::mail
