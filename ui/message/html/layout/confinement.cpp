#include "ui/message/html/layout/confinement.h"

#include <QByteArray>
#include <QFile>
#include <QLibraryInfo>
#include <QStandardPaths>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
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

/// A namespace with no network in it, in which an engine builds its sandbox.
void leaveNetwork()
{
    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
        nameUser(user, group);
}

#if defined(__x86_64__)
constexpr unsigned architecture = AUDIT_ARCH_X86_64;
constexpr unsigned otherCalls = 0x40000000; // of the x32 ABI, which has numbers of its own
#elif defined(__aarch64__)
constexpr unsigned architecture = AUDIT_ARCH_AARCH64;
constexpr unsigned otherCalls = ~0U;
#else
constexpr unsigned architecture = 0;
constexpr unsigned otherCalls = ~0U;
#endif

// Calls of Linux since 6.6, 6.13 and 6.17, which older headers have no names for: the same on all machines.
constexpr unsigned fchmodat2 = 452, setxattrat = 463, removexattrat = 466, fileSetattr = 469;

/// Making sockets (io_uring makes them too), and changing files in ways that landlock(7) has no right for:
/// their rights, owners, dates and attributes, and in Linux before 6.2 their length, by their name.
constexpr auto deniedCalls = std::to_array<unsigned>({
    SYS_socket, SYS_io_uring_setup, SYS_truncate, //
    SYS_fchmod, SYS_fchmodat, fchmodat2, SYS_fchown, SYS_fchownat, SYS_utimensat, //
    SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr, setxattrat, fileSetattr, //
    SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, removexattrat, //
#ifdef SYS_chmod // older forms, which newer machines have not
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, //
#endif
});

/// seccomp(2), which needs no right, so that it holds where a system forbids namespaces. False where it is
/// not to be had.
bool denyCalls()
{
    if (architecture == 0)
        return false;
    const auto load
        = [](size_t offset) { return sock_filter(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, unsigned(offset))); };
    // To allow and to refuse are the last two lines; jumps are counted from the next line.
    constexpr size_t head = 4;
    std::array<sock_filter, head + deniedCalls.size() + 2> filter = {};
    const auto set = [&filter](size_t line, int test, unsigned value, size_t ifTrue, size_t ifFalse) {
        const auto jump = [line](size_t to) { return quint8(to == 0 ? 0 : to - line - 1); };
        filter.at(line) = BPF_JUMP(unsigned(BPF_JMP | test | BPF_K), value, jump(ifTrue), jump(ifFalse));
    };
    constexpr size_t allow = filter.size() - 2, refuse = filter.size() - 1;
    filter[0] = load(offsetof(seccomp_data, arch));
    set(1, BPF_JEQ, architecture, 0, refuse);
    filter[2] = load(offsetof(seccomp_data, nr));
    set(3, BPF_JGE, otherCalls, refuse, 0);
    for (size_t i = 0; i < deniedCalls.size(); ++i)
        set(head + i, BPF_JEQ, deniedCalls.at(i), refuse, 0);
    filter[allow] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[refuse] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES);
    const sock_fprog program = {quint16(filter.size()), filter.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

constexpr quint64 toReadFile = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
constexpr quint64 toRead = toReadFile | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr quint64 ofFiles = toReadFile | LANDLOCK_ACCESS_FS_WRITE_FILE;
constexpr quint64 everything = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; // of the first version

/// What a program needs that has no file of the user to read: programs, libraries, what the system says of
/// itself, and fonts.
QStringList readablePlaces()
{
    QStringList places = {QStringLiteral("/usr"), QStringLiteral("/lib"), QStringLiteral("/lib64"),
        QStringLiteral("/etc/ld.so.cache"), QStringLiteral("/proc"), QStringLiteral("/proc/self/exe"),
        QStringLiteral("/sys/devices/system/cpu"), QStringLiteral("/dev/null"),
        QStringLiteral("/dev/urandom"), QStringLiteral("/etc/fonts"), QStringLiteral("/var/cache/fontconfig"),
        QLibraryInfo::path(QLibraryInfo::PrefixPath), qEnvironmentVariable("FONTCONFIG_FILE"),
        qEnvironmentVariable("FONTCONFIG_PATH")};
    places += QStandardPaths::standardLocations(QStandardPaths::FontsLocation);
    for (const auto place : {QStandardPaths::GenericCacheLocation, QStandardPaths::GenericConfigLocation})
        places += QStandardPaths::writableLocation(place) + QStringLiteral("/fontconfig");
    return places;
}

/// A place that is not there needs no rule.
void allow(int rules, const QString &place, quint64 access)
{
    const int there = ::open(QFile::encodeName(place).constData(), O_PATH | O_CLOEXEC);
    if (there < 0)
        return;
    struct stat facts = {};
    const bool isFolder = ::fstat(there, &facts) == 0 && S_ISDIR(facts.st_mode);
    landlock_path_beneath_attr beneath = {};
    beneath.allowed_access = isFolder ? access : access & ofFiles;
    beneath.parent_fd = there;
    ::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    ::close(there);
}

/// landlock(7), in Linux since 5.13. False where it is not to be had.
bool leaveFiles(const QStringList &writable)
{
    landlock_ruleset_attr held = {};
    held.handled_access_fs = everything;
    const int rules = int(::syscall(SYS_landlock_create_ruleset, &held, sizeof held, 0));
    if (rules < 0)
        return false;
    for (const QString &place : readablePlaces())
        allow(rules, place, toRead);
    for (const QString &place : writable)
        allow(rules, place, everything);
    const bool isHeld = ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    ::close(rules);
    return isHeld;
}

} // namespace

PageReach confineProcess(const QStringList &writable)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const rlimit none = {0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    leaveNetwork();
    const bool hasLeftFiles = leaveFiles(writable), hasNoCalls = denyCalls();
    return {!hasNoCalls, !hasLeftFiles || !hasNoCalls};
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

void limitFiles()
{
    const rlimit none = {0, 0};
    ::setrlimit(RLIMIT_NOFILE, &none);
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
