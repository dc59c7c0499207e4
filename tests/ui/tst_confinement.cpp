// What a process can still reach that confined itself as those do that lay HTML out.
#include "ui/message/html/layout/confinement.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace glasspost::ui;

namespace {

constexpr int otherFailure = 200;

/// What a process of its own ends with: the function's result.
int inChild(const std::function<int()> &function)
{
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(function());
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : otherFailure;
}

/// 0, or the number of the error, of a call that says -1.
int errorOf(long result)
{
    return result < 0 ? errno : 0;
}

/// The same of a call that this Linux, file system or network need not know: how else it fails is not ours.
int refusalOf(long result)
{
    return errorOf(result) == EACCES ? EACCES : 0;
}

using Attempt = int (*)(const QByteArray &folder);

/// How a call says which file it is for: by its path, by that below a folder, or by one that is open.
enum class Place { Named, Below, Opened };

// As in confinement.cpp: calls that older headers have no names for.
constexpr long fchmodat2 = 452, setxattrat = 463, removexattrat = 466, fileSetattr = 469;

} // namespace

Q_DECLARE_METATYPE(Attempt)
Q_DECLARE_METATYPE(Place)

class ConfinementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isOutOfReach_data();
    void isOutOfReach();
    void isNotChanged_data();
    void isNotChanged();
    void holdsForProgramsToo();
    void leavesWhatItNeeds();
    void writesWhereItMay();

private:
    [[nodiscard]] QString path(const char *name) const { return m_folder->filePath(QLatin1String(name)); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void ConfinementTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QFile letter(path("letter"));
    QVERIFY(letter.open(QIODevice::WriteOnly) && letter.write("private") == 7);
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("inner")));
}

void ConfinementTest::isOutOfReach_data()
{
    QTest::addColumn<Attempt>("attempt");
    const auto row = [](const char *name, Attempt attempt) { QTest::newRow(name) << attempt; };
    row("a file is read",
        [](const QByteArray &folder) { return errorOf(::open(folder + "/letter", O_RDONLY)); });
    row("a file is written",
        [](const QByteArray &folder) { return errorOf(::open(folder + "/letter", O_WRONLY)); });
    row("a file is emptied",
        [](const QByteArray &folder) { return errorOf(::truncate(folder + "/letter", 0)); });
    row("a file is made", [](const QByteArray &folder) {
        return errorOf(::open(folder + "/new", O_CREAT | O_WRONLY, S_IRWXU));
    });
    row("a file is removed", [](const QByteArray &folder) { return errorOf(::unlink(folder + "/letter")); });
    row("a file is moved",
        [](const QByteArray &folder) { return errorOf(::rename(folder + "/letter", folder + "/moved")); });
    row("a folder is listed",
        [](const QByteArray &folder) { return errorOf(::open(folder, O_RDONLY | O_DIRECTORY)); });
    row("a folder is made",
        [](const QByteArray &folder) { return errorOf(::mkdir(folder + "/new", S_IRWXU)); });
    row("a folder is removed", [](const QByteArray &folder) { return errorOf(::rmdir(folder + "/inner")); });
    row("a link is made",
        [](const QByteArray &folder) { return errorOf(::symlink("/etc/passwd", folder + "/link")); });
    row("the users of the system are read",
        [](const QByteArray &) { return errorOf(::open("/etc/passwd", O_RDONLY)); });
    row("a connection", [](const QByteArray &) { return errorOf(::socket(AF_INET, SOCK_STREAM, 0)); });
    row("a connection by IPv6",
        [](const QByteArray &) { return refusalOf(::socket(AF_INET6, SOCK_STREAM, 0)); });
    row("a datagram", [](const QByteArray &) { return errorOf(::socket(AF_INET, SOCK_DGRAM, 0)); });
    row("a program of this computer",
        [](const QByteArray &) { return errorOf(::socket(AF_UNIX, SOCK_STREAM, 0)); });
}

/// Each of them is possible without us.
void ConfinementTest::isOutOfReach()
{
    QFETCH(Attempt, attempt);
    const QByteArray folder = QFile::encodeName(m_folder->path());
    QCOMPARE(
        inChild([&] { return confineProcess() == PageReach() ? attempt(folder) : otherFailure; }), EACCES);
    QCOMPARE(inChild([&] { return attempt(folder); }), 0);
}

/// What landlock(7) has no right for: a row for each call of the kernel.
void ConfinementTest::isNotChanged_data()
{
    QTest::addColumn<long>("number");
    QTest::addColumn<Place>("place");
    QTest::addColumn<QList<long>>("others");
    const auto row = [](const char *name, long number, Place place, const QList<long> &others) {
        QTest::newRow(name) << number << place << others;
    };
    const long rights = S_IRUSR | S_IWUSR, same = -1; // an owner who stays
    const auto attribute = reinterpret_cast<long>("user.glasspost");
    const auto value = reinterpret_cast<long>("x");
    row("fchmod", SYS_fchmod, Place::Opened, {rights});
    row("fchmodat", SYS_fchmodat, Place::Below, {rights});
    row("fchmodat2", fchmodat2, Place::Below, {rights, 0});
    row("fchown", SYS_fchown, Place::Opened, {same, same});
    row("fchownat", SYS_fchownat, Place::Below, {same, same, 0});
    row("utimensat", SYS_utimensat, Place::Below, {0, 0});
    row("utimensat of an open file", SYS_utimensat, Place::Opened, {0, 0, 0});
    row("setxattr", SYS_setxattr, Place::Named, {attribute, value, 1, 0});
    row("lsetxattr", SYS_lsetxattr, Place::Named, {attribute, value, 1, 0});
    row("fsetxattr", SYS_fsetxattr, Place::Opened, {attribute, value, 1, 0});
    row("setxattrat", setxattrat, Place::Below, {0, attribute, 0, 0});
    row("file_setattr", fileSetattr, Place::Below, {0, 0, 0});
    row("removexattr", SYS_removexattr, Place::Named, {attribute});
    row("lremovexattr", SYS_lremovexattr, Place::Named, {attribute});
    row("fremovexattr", SYS_fremovexattr, Place::Opened, {attribute});
    row("removexattrat", removexattrat, Place::Below, {0, attribute});
#ifdef SYS_chmod
    row("chmod", SYS_chmod, Place::Named, {rights});
    row("chown", SYS_chown, Place::Named, {same, same});
    row("lchown", SYS_lchown, Place::Named, {same, same});
    row("utime", SYS_utime, Place::Named, {0});
    row("utimes", SYS_utimes, Place::Named, {0});
    row("futimesat", SYS_futimesat, Place::Below, {0});
#endif
}

void ConfinementTest::isNotChanged()
{
    QFETCH(long, number);
    QFETCH(Place, place);
    QFETCH(QList<long>, others);
    const QByteArray letter = QFile::encodeName(path("letter"));
    const auto attempt = [&] {
        QList<long> all = others;
        if (place != Place::Opened)
            all.prepend(reinterpret_cast<long>(letter.constData()));
        if (place != Place::Named)
            all.prepend(place == Place::Below ? AT_FDCWD : ::memfd_create("opened", MFD_CLOEXEC));
        return refusalOf(
            ::syscall(number, all.value(0), all.value(1), all.value(2), all.value(3), all.value(4)));
    };
    QCOMPARE(inChild([&] { return confineProcess() == PageReach() ? attempt() : otherFailure; }), EACCES);
    QCOMPARE(inChild(attempt), 0);
}

void ConfinementTest::holdsForProgramsToo()
{
    const QByteArray letter = QFile::encodeName(path("letter"));
    const auto compare = [&letter] {
        return ::execl("/usr/bin/cmp", "cmp", "-s", letter.constData(), letter.constData(), nullptr);
    };
    const auto confined = [&compare] { return confineProcess() == PageReach() ? compare() : otherFailure; };
    constexpr int trouble = 2; // cmp(1): it could not be read
    QCOMPARE(inChild(confined), trouble);
    QCOMPARE(inChild(compare), 0);
}

void ConfinementTest::leavesWhatItNeeds()
{
    for (const char *place : {"/usr/share", "/usr/lib", "/etc/fonts", "/proc/self/statm", "/dev/null"}) {
        const auto read = [place] {
            return confineProcess() == PageReach() ? errorOf(::open(place, O_RDONLY)) : otherFailure;
        };
        QVERIFY2(inChild(read) == 0, place);
    }
}

void ConfinementTest::writesWhereItMay()
{
    const auto write = [this](const char *name) {
        return inChild([&] {
            const QByteArray file = QFile::encodeName(path(name));
            return confineProcess({path("inner")}) == PageReach()
                ? errorOf(::open(file, O_CREAT | O_RDWR | O_TRUNC, S_IRWXU))
                : otherFailure;
        });
    };
    QCOMPARE(write("inner/new"), 0);
    QVERIFY(QFile::exists(path("inner/new")));
    QCOMPARE(write("new"), EACCES);
    QVERIFY(!QFile::exists(path("new")));
}

QTEST_GUILESS_MAIN(ConfinementTest)
#include "tst_confinement.moc"
