#include "ui/message/html/layout/confinement.h"

#include "ui/message/html/pagelimits.h"

#include <QByteArray>
#include <QFile>

#include <csignal>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace glasspost::ui {

namespace {

/// user_namespaces(7): the one user and group that the namespace has. An engine builds its own sandbox in it,
/// which needs them, and not as root.
void nameUser(uid_t user, gid_t group)
{
    constexpr unsigned nobody = 65534;
    const auto map = [](const char *path, unsigned outside) {
        QFile file(QLatin1String("/proc/self/") + QLatin1String(path));
        if (file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            file.write(QByteArray::number(outside == 0 ? nobody : outside) + ' ' + QByteArray::number(outside)
                + " 1");
    };
    QFile groups(QStringLiteral("/proc/self/setgroups"));
    if (groups.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        groups.write("deny");
    map("uid_map", user);
    map("gid_map", group);
}

} // namespace

void confineProcess()
{
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    // Where this is not allowed, it has a network that it does not use.
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
        nameUser(user, group);
    const rlimit none = {0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
}

void limitMemory()
{
    // The sanitizers take all address space there is.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    QFile status(QStringLiteral("/proc/self/statm"));
    if (!status.open(QIODevice::ReadOnly))
        return;
    const rlim_t pages = status.readAll().split(' ').value(0).toULongLong();
    const rlim_t limit = pages * rlim_t(::sysconf(_SC_PAGESIZE)) + rlim_t(pageMemory);
    const rlimit memory = {limit, limit};
    ::setrlimit(RLIMIT_AS, &memory);
#endif
}

void limitData([[maybe_unused]] qint64 octets)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    const rlimit data = {rlim_t(octets), rlim_t(octets)};
    ::setrlimit(RLIMIT_DATA, &data);
#endif
}

void limitTime()
{
    rusage used = {};
    ::getrusage(RUSAGE_SELF, &used);
    rlimit time = {};
    ::getrlimit(RLIMIT_CPU, &time);
    time.rlim_cur = rlim_t(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + rlim_t(pageTime.count()) + 1;
    ::setrlimit(RLIMIT_CPU, &time);
}

} // namespace glasspost::ui
