#include "mail/system/mailsystem.h"
#include "tests/support/awaited.h"
#include "tests/support/loopwatch.h"
#include "tests/support/memoryuse.h"
#include "tests/support/runningmail.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const QString alice = QStringLiteral("alice");
const FolderId folder = {alice, QStringLiteral("Bounds")};

constexpr int million = 1000000;
constexpr qint64 mebi = 1024 * 1024;
constexpr qint64 mostGrown = 192 * mebi; ///< while a message is read, whatever it holds
constexpr int longestReading = 20000; ///< milliseconds, on a machine that has other work too
constexpr int longestEnding = 3000; ///< milliseconds

/// A message that is one thing again and again.
struct Repeated
{
    QByteArray before;
    QByteArray unit;
    qint64 count = 0;
    QByteArray behind;
};

void write(QFile &file, const Repeated &message)
{
    file.write(message.before);
    const qint64 inPiece = qMin(message.count, mebi / message.unit.size() + 1);
    const QByteArray piece = message.unit.repeated(qsizetype(inPiece));
    qint64 left = message.count;
    for (; left >= inPiece; left -= inPiece)
        file.write(piece);
    file.write(message.unit.repeated(qsizetype(left)));
    file.write(message.behind);
}

/// Octets that this process has asked the system for so far.
qint64 octetsRead()
{
    QFile facts(QStringLiteral("/proc/self/io"));
    if (!facts.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> words = facts.readAll().simplified().split(' ');
    return words.value(words.indexOf("rchar:") + 1).toLongLong();
}

} // namespace

/// Messages without measure, read as the window reads them: on the reader's thread, while the window's loop
/// answers and memory stays what it is.
class TestBounds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_system.reset(); }
    void reads_data();
    void reads();
    void endsWhileReading();

private:
    [[nodiscard]] QString pathOf(const QByteArray &unique) const
    {
        return m_room.path() + QStringLiteral("/mail/alice/.Bounds/new/") + QString::fromLatin1(unique);
    }
    bool start();

    QTemporaryDir m_room;
    std::unique_ptr<MailSystem> m_system;
};

void TestBounds::initTestCase()
{
    for (const char *part : {"new", "cur", "tmp"})
        QVERIFY(QDir().mkpath(m_room.path() + QStringLiteral("/mail/alice/.Bounds/") + QLatin1String(part)));
    QVERIFY(start());
}

bool TestBounds::start()
{
    m_system = std::make_unique<MailSystem>(m_room.path());
    LocalUser user;
    user.name = alice;
    return glasspost::test::startWithSmarthost(*m_system, user, 1);
}

void TestBounds::reads_data()
{
    QTest::addColumn<Repeated>("message");
    QTest::addColumn<bool>("isCut"); // and the reader is told
    const auto row = [](const char *name, const Repeated &message, bool isCut = true) {
        QTest::newRow(name) << message << isCut;
    };
    const QByteArray multipart = "Content-Type: multipart/mixed; boundary=b\n\n";
    const QByteArray html = "Content-Type: text/html\n\n";
    QByteArray nested;
    for (int i = 0; i < 10000; ++i) {
        const QByteArray number = QByteArray::number(i);
        nested += "Content-Type: multipart/mixed; boundary=b" + number + "\n\n--b" + number + '\n';
    }
    row("10,000 multiparts in each other", {nested, "x", 1, {}});
    row("10,000 messages in each other", {{}, "Content-Type: message/rfc822\n\n", 10000, "\nx"});
    row("a million parts", {multipart, "--b\n\nx\n", million, {}});
    row("a million empty parts", {multipart, "--b\n", million, {}});
    row("a million files", {multipart, "--b\nContent-Type: application/pdf; name=a.pdf\n\nx\n", million, {}});
    row("100 MB of header in one line", {"Subject: ", "x", 100 * million, "\n\nx"});
    row("100 MB of header in one folded field", {"Subject: x", "\n and so on and on", 6 * million, "\n\nx"});
    row("100 MB of header in many fields",
        {{}, "X-Field: " + QByteArray(90, 'x') + '\n', million, "Subject: x\n\nx"});
    row("a million fields", {{}, "X-A: b\n", million, "\nx"});
    row("a million fields of a part", {multipart + "--b\n", "X-A: b\n", million, "\nx\n--b--\n"}, false);
    row("a million addresses", {"To: x@y.example", ", Ann Bee <ann@example.org>", million, "\n\nx"});
    row("a million fields with addresses", {{}, "To: Ann Bee <ann@example.org>\n", million, "\nx"});
    row("a million encoded words in a subject", {"Subject: ", "=?utf-8?q?=C3=A4?= ", million, "\n\nx"});
    row("a million encoded words in a name",
        {"From: ", "=?utf-8?q?=C3=A4?= ", million, "<ann@example.org>\n\nx"});
    row("a million comments in each other", {"From: ", "(", million, "\n\nx"}, false);
    row("a million parameters", {"Content-Type: text/plain", "; a=b", million, "\n\nx"}, false);
    row("a table of 20,000 by 10",
        {html + "<table>", "<tr>" + QByteArray("<td>x</td>").repeated(10) + "</tr>", 20000, {}}, false);
    row("200 cells over 20,000 columns", {html + "<table>", "<tr><td colspan=20000>x</td></tr>", 200, {}},
        false);
    row("a million elements in each other", {html, "<div>", million, "x"});
    row("a tag of a million attributes", {html + "<p ", "a b=c ", million / 2, ">x</p>"}, false);
    row("a million links", {html, "<a href=http://a.example/>x</a>", million, {}});
    row("a line of 200 MB", {"Subject: x\n\n", "x", 200 * million, {}});
    row("a line of 200 MB of base64",
        {"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n", "eHh4", 50 * million, {}});
    row("a line of 200 MB of quoted-printable",
        {"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\n", "=78x", 50 * million,
            {}});
    row("quotes of a million levels", {"Content-Type: text/plain; format=flowed\n\n", ">", million, " \nx\n"},
        false);
}

void TestBounds::reads()
{
    QFETCH(Repeated, message);
    QFETCH(bool, isCut);
    static int count = 0;
    const QByteArray unique = QByteArray::number(++count) + ".M1P1Q1.h";
    QFile file(pathOf(unique));
    QVERIFY(file.open(QIODevice::WriteOnly));
    write(file, message);
    file.close();

    const glasspost::test::LoopWatch loop;
    glasspost::test::MemoryWatch memory;
    QElapsedTimer timer;
    timer.start();
    {
        const auto view
            = glasspost::test::awaited(m_system->mailboxes().message({folder, unique}), longestReading);
        QVERIFY2(view.has_value(), qPrintable(view.has_value() ? QString() : view.error().systemText));
        QCOMPARE(view->sourceSize, file.size());
        const bool isSaid = view->warnings.contains(QStringLiteral("truncated"))
            || view->source.size() < view->sourceSize; // the window says it then
        QCOMPARE(isSaid, isCut);
    }
    const qint64 took = timer.elapsed();
    QVERIFY(QTest::qWaitFor([turns = 0]() mutable { return ++turns > 2; })); // the view is gone by then
    const qint64 grown = memory.end();
    file.remove();
    qInfo("%lld ms, %lld MiB, loop %lld ms", took, grown / mebi,
        qint64(std::chrono::duration_cast<std::chrono::milliseconds>(loop.longest()).count()));
    QVERIFY2(took < longestReading, qPrintable(QStringLiteral("%1 ms").arg(took)));
    QVERIFY2(grown < mostGrown, qPrintable(QStringLiteral("%1 MiB").arg(grown / mebi)));
    QVERIFY2(loop.longest() < glasspost::test::LoopWatch::bound(),
        qPrintable(QStringLiteral("%1 us").arg(loop.longest().count())));
}

/// What waits to be shown when the program is to end is given up.
void TestBounds::endsWhileReading()
{
    const QByteArray holes = "1.M2P1Q1.h";
    QFile file(pathOf(holes));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(16 * 1024 * mebi)); // takes no room on the disk
    file.close();
    const qint64 before = octetsRead();
    for (int i = 0; i < 10; ++i)
        m_system->mailboxes().message({folder, holes});
    QTRY_VERIFY_WITH_TIMEOUT(octetsRead() > before + 256 * mebi, longestReading); // it is being read
    QElapsedTimer timer;
    timer.start();
    m_system.reset();
    const qint64 took = timer.elapsed();
    file.remove();
    QVERIFY2(took < longestEnding, qPrintable(QStringLiteral("%1 ms").arg(took)));
}

QTEST_GUILESS_MAIN(TestBounds)
#include "tst_bounds.moc"
