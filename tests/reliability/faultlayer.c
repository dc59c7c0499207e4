/* Preloaded into the listener by the reliability test. It sees each call by which data below GLASSPOST_LAYER_ROOT becomes
   durable, and at the one that the test has armed (a shared page, struct control) it fails with an errno or kills the
   process. With GLASSPOST_LAYER_SHADOW set it also keeps what a power cut would leave: a copy of each file as it was
   when it was last synced, and of each folder's names as they were then. faultlayer.py puts that together again. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The order is that of CALLS in faultlayer.py. */
enum call { ANY, OPEN, WRITE, FDATASYNC, FSYNC, SYNCFS, RENAME, LINK, UNLINK, FTRUNCATE, MKDIR, CALLS };
enum action { NOTHING, FAIL, KILL };
enum scope { PROMISE = 1, INDEX = 2, SESSIONS = 4 };

struct control {
    _Atomic uint32_t action, call, error, span, scopes;
    _Atomic int32_t countdown; /* calls that still pass */
    _Atomic uint32_t fired;
    _Atomic uint32_t counts[CALLS];
};

static struct control *control;
static char root[PATH_MAX];
static size_t rootSize;
static const char *shadow;
static pthread_mutex_t shadowMutex = PTHREAD_MUTEX_INITIALIZER;
static __thread int inside; /* our own calls pass */

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) \
        real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* 0: not ours. */
static unsigned scopeOf(const char *path)
{
    if (!control || inside || strncmp(path, root, rootSize) != 0 || (path[rootSize] != '/' && path[rootSize] != 0))
        return 0;
    const char *below = path + rootSize + (path[rootSize] == '/');
    if (strncmp(below, "index.sqlite", 12) == 0)
        return INDEX;
    if (strncmp(below, "sessions", 8) == 0 || strncmp(below, "journeys", 8) == 0)
        return SESSIONS;
    for (const char *const *part = (const char *const[]){"settings", "tls", "lock", "composers", NULL}; *part; ++part)
        if (strncmp(below, *part, strlen(*part)) == 0)
            return 0;
    return PROMISE;
}

static unsigned scopeOfFile(int file)
{
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t size = control && !inside ? readlink(link, path, sizeof path - 1) : -1;
    if (size <= 0)
        return 0;
    path[size] = 0;
    return scopeOf(path);
}

static unsigned scopeAt(int folder, const char *path)
{
    if (path[0] == '/')
        return scopeOf(path);
    if (folder == AT_FDCWD)
        return 0; /* the program names its files from the root or from an open folder */
    char link[64], whole[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    const ssize_t size = readlink(link, whole, sizeof whole - 1);
    if (size <= 0 || snprintf(whole + size, sizeof whole - (size_t)size, "/%s", path) < 0)
        return 0;
    return scopeOf(whole);
}

/* Whether this call is to fail; errno is set then. */
static int fails(enum call call, unsigned scope)
{
    if (scope == 0)
        return 0;
    atomic_fetch_add(&control->counts[call], 1);
    if (atomic_load(&control->action) == NOTHING || !(scope & atomic_load(&control->scopes)))
        return 0;
    const unsigned armed = atomic_load(&control->call);
    if (armed != ANY && armed != (unsigned)call)
        return 0;
    const int left = atomic_fetch_sub(&control->countdown, 1);
    if (left > 0 || -left >= (int)atomic_load(&control->span))
        return 0;
    atomic_fetch_add(&control->fired, 1);
    if (atomic_load(&control->action) == KILL)
        kill(getpid(), SIGKILL);
    errno = (int)atomic_load(&control->error);
    return 1;
}

/* What a power cut leaves ------------------------------------------------------------------------------------------- */

/* An inode's number comes again after an unlink; with the time of its birth it does not. */
static int keyOf(int folder, const char *path, int flags, char *key, size_t size, unsigned *mode)
{
    struct statx facts;
    if (statx(folder, path, flags | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME | STATX_MODE, &facts) != 0)
        return -1;
    *mode = facts.stx_mode;
    snprintf(key, size, "%llu.%lld.%u", (unsigned long long)facts.stx_ino, (long long)facts.stx_btime.tv_sec,
        facts.stx_btime.tv_nsec);
    return 0;
}

static FILE *begin(const char *kind, const char *key, char *temporary, char *name)
{
    snprintf(name, PATH_MAX, "%s/%s/%s", shadow, kind, key);
    snprintf(temporary, PATH_MAX, "%s/writing", shadow);
    return fopen(temporary, "w");
}

static void keepFile(int file, const char *key)
{
    char link[64], temporary[PATH_MAX], name[PATH_MAX], buffer[65536];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const int from = open(link, O_RDONLY | O_CLOEXEC);
    FILE *to = from >= 0 ? begin("files", key, temporary, name) : NULL;
    for (ssize_t size; to && (size = read(from, buffer, sizeof buffer)) > 0;)
        fwrite(buffer, 1, (size_t)size, to);
    if (to && fclose(to) == 0)
        rename(temporary, name);
    if (from >= 0)
        close(from);
}

static void keepFolder(int file, const char *key, int deep)
{
    char temporary[PATH_MAX], name[PATH_MAX], child[128];
    const int again = openat(file, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = again >= 0 ? fdopendir(again) : NULL;
    for (struct dirent *entry; deep && folder && (entry = readdir(folder));) {
        unsigned mode = 0;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0
            || keyOf(file, entry->d_name, 0, child, sizeof child, &mode) != 0)
            continue;
        const int below = openat(file, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (below >= 0 && S_ISDIR(mode))
            keepFolder(below, child, 1);
        else if (below >= 0 && S_ISREG(mode))
            keepFile(below, child);
        if (below >= 0)
            close(below);
    }
    if (folder)
        rewinddir(folder);
    FILE *to = folder ? begin("folders", key, temporary, name) : NULL;
    for (struct dirent *entry; to && (entry = readdir(folder));) {
        unsigned mode = 0;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0
            && keyOf(file, entry->d_name, 0, child, sizeof child, &mode) == 0)
            fprintf(to, "%c %s %s\n", S_ISDIR(mode) ? 'd' : 'f', child, entry->d_name);
    }
    if (to && fclose(to) == 0)
        rename(temporary, name);
    if (folder)
        closedir(folder);
}

/* deep: all that is below as well (syncfs). */
static void keep(int file, int deep)
{
    char key[128];
    unsigned mode = 0;
    if (!shadow || inside || keyOf(file, "", AT_EMPTY_PATH, key, sizeof key, &mode) != 0)
        return;
    const int error = errno;
    inside = 1;
    pthread_mutex_lock(&shadowMutex);
    if (S_ISDIR(mode))
        keepFolder(file, key, deep);
    else
        keepFile(file, key);
    pthread_mutex_unlock(&shadowMutex);
    inside = 0;
    errno = error;
}

static void keepAll(void)
{
    const int folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        keep(folder, 1);
        close(folder);
    }
}

__attribute__((constructor)) static void start(void)
{
    const char *page = getenv("GLASSPOST_LAYER_CONTROL");
    const char *folder = getenv("GLASSPOST_LAYER_ROOT");
    const int file = page && folder ? open(page, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0 || strlen(folder) >= sizeof root)
        return;
    void *memory = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED)
        return;
    strcpy(root, folder);
    rootSize = strlen(root);
    shadow = getenv("GLASSPOST_LAYER_SHADOW");
    inside = 1;
    control = memory;
    inside = 0;
    keepAll();
}

/* The calls --------------------------------------------------------------------------------------------------------- */

#define MODE_OF(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    }

#define DEFINE_OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) \
    { \
        MODE_OF(flags) \
        REAL(name); \
        const int writes = (flags & O_ACCMODE) != O_RDONLY; \
        return writes && fails(OPEN, scopeAt(folder, path)) ? -1 : real(folder, path, flags, mode); \
    }
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

#define DEFINE_OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        MODE_OF(flags) \
        REAL(name); \
        const int writes = (flags & O_ACCMODE) != O_RDONLY; \
        return writes && fails(OPEN, scopeAt(AT_FDCWD, path)) ? -1 : real(path, flags, mode); \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

ssize_t write(int file, const void *data, size_t size)
{
    REAL(write);
    return fails(WRITE, scopeOfFile(file)) ? -1 : real(file, data, size);
}

#define DEFINE_PWRITE(name, offset_type) \
    ssize_t name(int file, const void *data, size_t size, offset_type offset) \
    { \
        REAL(name); \
        return fails(WRITE, scopeOfFile(file)) ? -1 : real(file, data, size, offset); \
    }
DEFINE_PWRITE(pwrite, off_t)
DEFINE_PWRITE(pwrite64, off64_t)

#define DEFINE_SYNC(name, call, deep) \
    int name(int file) \
    { \
        REAL(name); \
        const unsigned scope = scopeOfFile(file); \
        if (fails(call, scope)) \
            return -1; \
        const int done = real(file); \
        if (done == 0 && scope != 0) \
            deep ? keepAll() : keep(file, 0); \
        return done; \
    }
DEFINE_SYNC(fdatasync, FDATASYNC, 0)
DEFINE_SYNC(fsync, FSYNC, 0)
DEFINE_SYNC(syncfs, SYNCFS, 1)

#define DEFINE_TRUNCATE(name, offset_type) \
    int name(int file, offset_type size) \
    { \
        REAL(name); \
        return fails(FTRUNCATE, scopeOfFile(file)) ? -1 : real(file, size); \
    }
DEFINE_TRUNCATE(ftruncate, off_t)
DEFINE_TRUNCATE(ftruncate64, off64_t)

int rename(const char *from, const char *to)
{
    REAL(rename);
    return fails(RENAME, scopeAt(AT_FDCWD, to)) ? -1 : real(from, to);
}

int renameat(int fromFolder, const char *from, int toFolder, const char *to)
{
    REAL(renameat);
    return fails(RENAME, scopeAt(toFolder, to)) ? -1 : real(fromFolder, from, toFolder, to);
}

int link(const char *from, const char *to)
{
    REAL(link);
    return fails(LINK, scopeAt(AT_FDCWD, to)) ? -1 : real(from, to);
}

int linkat(int fromFolder, const char *from, int toFolder, const char *to, int flags)
{
    REAL(linkat);
    return fails(LINK, scopeAt(toFolder, to)) ? -1 : real(fromFolder, from, toFolder, to, flags);
}

int unlink(const char *path)
{
    REAL(unlink);
    return fails(UNLINK, scopeAt(AT_FDCWD, path)) ? -1 : real(path);
}

int unlinkat(int folder, const char *path, int flags)
{
    REAL(unlinkat);
    return fails(UNLINK, scopeAt(folder, path)) ? -1 : real(folder, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    return fails(MKDIR, scopeAt(AT_FDCWD, path)) ? -1 : real(path, mode);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    REAL(mkdirat);
    return fails(MKDIR, scopeAt(folder, path)) ? -1 : real(folder, path, mode);
}
