#include "app/console/inheritedsockets.h"

#include "app/console/output.h"

#include <QFile>

#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace glasspost::app {

namespace {

constexpr int firstInherited = 3; // SD_LISTEN_FDS_START
constexpr int mostInherited = 100;

std::optional<mail::ListenerBinding> bindingOf(int descriptor)
{
    int listens = 0;
    socklen_t size = sizeof listens;
    sockaddr_storage storage = {};
    socklen_t nameSize = sizeof storage;
    auto *name = reinterpret_cast<sockaddr *>(&storage);
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0
        || ::getsockname(descriptor, name, &nameSize) != 0)
        return std::nullopt;
    mail::ListenerBinding binding;
    binding.descriptor = descriptor;
    if (name->sa_family == AF_INET)
        binding.port = ntohs(reinterpret_cast<const sockaddr_in *>(name)->sin_port);
    else if (name->sa_family == AF_INET6)
        binding.port = ntohs(reinterpret_cast<const sockaddr_in6 *>(name)->sin6_port);
    else if (name->sa_family == AF_UNIX)
        binding.unixPath = QFile::decodeName(reinterpret_cast<const sockaddr_un *>(name)->sun_path);
    else
        return std::nullopt;
    if (name->sa_family != AF_UNIX)
        binding.address = QHostAddress(name);
    else if (binding.unixPath.isEmpty()) // of no file
        return std::nullopt;
    return binding;
}

} // namespace

QList<mail::ListenerBinding> inheritedBindings()
{
    const bool isOurs = qgetenv("LISTEN_PID") == QByteArray::number(::getpid());
    const int count = isOurs ? qBound(0, qEnvironmentVariableIntValue("LISTEN_FDS"), mostInherited) : 0;
    for (const char *variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        qunsetenv(variable);
    QList<mail::ListenerBinding> bindings;
    for (int descriptor = firstInherited; descriptor < firstInherited + count; ++descriptor) {
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC); // no program that we run has it, of use or not
        if (const auto binding = bindingOf(descriptor))
            bindings.append(*binding);
        else
            complain(QStringLiteral("the socket %1 that was passed does not listen at an address or a path")
                         .arg(descriptor));
    }
    return bindings;
}

} // namespace glasspost::app
