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

void confineProcess()
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::unshare(
        CLONE_NEWUSER | CLONE_NEWNET); // where this is not allowed, it has a network that it does not use
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
