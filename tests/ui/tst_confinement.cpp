// What a process can still reach that confined itself as those do that lay HTML out.
#include "ui/message/html/layout/confinement.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <fcntl.h>
#include <functional>
#include <sys/socket.h>
#include <sys/stat.h>
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

using Attempt = int (*)(const QByteArray &folder);

} // namespace

Q_DECLARE_METATYPE(Attempt)

class ConfinementTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isOutOfReach_data();
    void isOutOfReach();
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
        [](const QByteArray &) { return errorOf(::socket(AF_INET6, SOCK_STREAM, 0)); });
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
