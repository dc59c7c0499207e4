#include "mail/rules/programrun.h"
#include "tests/support/awaited.h"

#include <QtTest>

#include <optional>

using namespace glasspost;
using namespace glasspost::mail;

/// Programs that are ended: none of theirs stays behind.
class ProgramRunTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void endsWhatAProgramStarted_data();
    void endsWhatAProgramStarted();
};

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Of a process that is dead, though nobody has waited for it, nothing is left here.
QByteArray commandLineOf(const QByteArray &process)
{
    return contentOf(QStringLiteral("/proc/%1/cmdline").arg(QString::fromLatin1(process)));
}

} // namespace

void ProgramRunTest::endsWhatAProgramStarted_data()
{
    QTest::addColumn<bool>("isTimedOut"); // else the runs are destroyed
    QTest::newRow("took too long") << true;
    QTest::newRow("the program is closed") << false;
}

void ProgramRunTest::endsWhatAProgramStarted()
{
    QFETCH(bool, isTimedOut);
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("process"));
    std::optional<ProgramRuns> runs(
        std::in_place, ProgramLimits{1, isTimedOut ? std::chrono::seconds(2) : std::chrono::seconds(600)});
    const auto end = runs->run({QStringLiteral("/bin/sh"), QStringLiteral("-c"),
                                   QStringLiteral("trap '' TERM; sleep 600 & echo $! > \"$0\"; wait"), path},
        "1.M2", MessageOctets("x\n"));
    QTRY_VERIFY(contentOf(path).endsWith('\n'));
    const QByteArray process = contentOf(path).trimmed();
    if (isTimedOut) {
        const Result<ProgramEnd> ended = test::awaited(end);
        QVERIFY(ended && ended->hasFailed);
    } else {
        runs.reset();
    }
    QTRY_VERIFY(commandLineOf(process).isEmpty());
}

QTEST_GUILESS_MAIN(ProgramRunTest)
#include "tst_programrun.moc"
