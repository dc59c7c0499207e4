#include "smtp/client/unixconnection.h"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace glasspost::smtp {

tl::expected<qintptr, QByteArray> connectToUnixSocket(const QByteArray &path)
{
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (path.size() >= qsizetype(sizeof name.sun_path))
        return tl::unexpected(QByteArray("the path of a socket may have 107 octets"));
    std::memcpy(name.sun_path, path.constData(), size_t(path.size()));
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && ::connect(descriptor, reinterpret_cast<const sockaddr *>(&name), sizeof name) == 0)
        return descriptor;
    const QByteArray reason = std::strerror(errno);
    if (descriptor >= 0)
        ::close(descriptor);
    return tl::unexpected(reason);
}

} // namespace glasspost::smtp
