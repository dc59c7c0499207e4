#include "smtp/server/unixlistener.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace glasspost::smtp {

namespace {

std::optional<sockaddr_un> socketName(const QByteArray &path)
{
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.isEmpty() || path.contains('\0') || path.size() >= qsizetype(sizeof name.sun_path))
        return {};
    std::memcpy(name.sun_path, path.constData(), size_t(path.size()));
    return name;
}

int newSocket()
{
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// A socket's file that nobody listens at.
bool isLeftOver(const sockaddr_un &name)
{
    struct stat facts = {};
    if (::lstat(name.sun_path, &facts) != 0 || !S_ISSOCK(facts.st_mode))
        return false;
    const int probe = newSocket();
    const bool isRefused = ::connect(probe, reinterpret_cast<const sockaddr *>(&name), sizeof name) != 0
        && errno == ECONNREFUSED;
    ::close(probe);
    return isRefused;
}

} // namespace

tl::expected<std::unique_ptr<UnixListener>, int> UnixListener::listen(const QByteArray &path, int backlog)
{
    const auto name = socketName(path);
    if (!name)
        return tl::unexpected(ENAMETOOLONG);
    if (isLeftOver(*name))
        ::unlink(path.constData());
    const int descriptor = newSocket();
    if (descriptor < 0)
        return tl::unexpected(errno);
    if (::bind(descriptor, reinterpret_cast<const sockaddr *>(&*name), sizeof *name) != 0) {
        const int error = errno;
        ::close(descriptor);
        return tl::unexpected(error);
    }
    std::unique_ptr<UnixListener> listener(new UnixListener(descriptor, path));
    ::lstat(path.constData(), &listener->m_made);
    if (::listen(descriptor, backlog) != 0)
        return tl::unexpected(errno);
    return listener;
}

tl::expected<std::unique_ptr<UnixListener>, int> UnixListener::adopt(int descriptor)
{
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        return tl::unexpected(errno);
    std::unique_ptr<UnixListener> listener(new UnixListener(copy, {}));
    if (::fcntl(copy, F_SETFL, O_NONBLOCK) != 0)
        return tl::unexpected(errno);
    return listener;
}

UnixListener::~UnixListener()
{
    ::close(m_descriptor);
    struct stat facts = {};
    const bool isOurs = ::lstat(m_path.constData(), &facts) == 0 && facts.st_ino == m_made.st_ino
        && facts.st_dev == m_made.st_dev;
    if (isOurs)
        ::unlink(m_path.constData());
}

} // namespace glasspost::smtp
