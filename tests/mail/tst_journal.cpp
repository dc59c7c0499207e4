#include "mail/base/crc32c.h"
#include "mail/base/posix.h"
#include "mail/journal/journal.h"
#include "mail/journal/journalrecord.h"
#include "mail/journal/journalsegment.h"

#include <QDir>
#include <QFile>
#include <QMutex>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace glasspost::mail;

namespace {

/// A disk that fails on demand.
class FailingCalls : public FileSystemCalls
{
public:
    std::atomic<int> writeError = 0;
    std::atomic<int> syncError = 0;
    std::atomic<qint64> octetsLeft = -1; ///< then the disk is full, in the middle of a record
    std::atomic<bool> filesFail = false;
    std::atomic<int> syncfsError = 0;
    std::atomic<int> syncfsAlwaysFails = 0;
    QMutex mutex;
    QSet<ino_t> synced; ///< guarded: what fsync was asked for

    int openAt(int folder, const char *path, int flags, mode_t mode) override
    {
        if (filesFail && (flags & O_CREAT) != 0 && QByteArrayView(path).indexOf(".wal") < 0)
            return errno = ENOSPC, -1;
        return FileSystemCalls::openAt(folder, path, flags, mode);
    }
    ssize_t write(int file, const char *data, size_t size) override
    {
        if (writeError != 0)
            return errno = writeError, -1;
        if (octetsLeft >= 0) {
            if (octetsLeft == 0)
                return errno = ENOSPC, -1;
            size = std::min<size_t>(size, size_t(octetsLeft.load()));
            octetsLeft -= qint64(size);
        }
        return FileSystemCalls::write(file, data, size);
    }
    int fdatasync(int file) override
    {
        const int failed = syncError.exchange(0);
        return failed != 0 ? (errno = failed, -1) : FileSystemCalls::fdatasync(file);
    }
    int fsync(int file) override
    {
        struct stat facts = {};
        ::fstat(file, &facts);
        const QMutexLocker lock(&mutex);
        synced.insert(facts.st_ino);
        return FileSystemCalls::fsync(file);
    }
    int syncfs(int file) override
    {
        const int once = syncfsError.exchange(0);
        const int failed = once != 0 ? once : syncfsAlwaysFails.load();
        return failed != 0 ? (errno = failed, -1) : FileSystemCalls::syncfs(file);
    }
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
}

/// Where the records of the first segment below a data folder end.
qint64 writtenTo(const QString &dataFolder)
{
    const QString path = dataFolder + QStringLiteral("/journal");
    const FileDescriptor folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY));
    const auto segment = readSegment(folder.get(), listSegments(folder.get()).value(0));
    return segment && *segment ? (*segment)->end : -1;
}

/// Counts on the test's thread what the journal says on its own, which a QSignalSpy would be written to by.
class Troubles : public QObject
{
public:
    explicit Troubles(const Journal &journal)
    {
        connect(&journal, &Journal::troubled, this, [this] { ++m_count; });
    }
    [[nodiscard]] int count() const { return m_count; }

private:
    int m_count = 0;
};

FileStep create(const QString &path, const QByteArray &content)
{
    return {FileStep::Kind::Create, path, {}, content, {}};
}

std::optional<Result<void>> commitAndWait(Journal &journal, const FileTransaction &steps, bool applied = true)
{
    QObject context;
    std::optional<Result<void>> durable;
    std::optional<Result<void>> done;
    const Committed committed = journal.commit(steps);
    committed.durable.then(&context, [&](const Result<void> &result) { durable = result; });
    committed.applied.then(&context, [&](const Result<void> &result) { done = result; });
    const bool came
        = QTest::qWaitFor([&] { return durable && (!durable->has_value() || !applied || done); }, 20000);
    return came ? durable : std::nullopt;
}

/// Every file below mail/ and queue/ with its content.
QMap<QString, QByteArray> tree(const QString &folder)
{
    QMap<QString, QByteArray> files;
    for (const QString &part : {QStringLiteral("mail"), QStringLiteral("queue")}) {
        QStringList folders = {folder + QLatin1Char('/') + part};
        while (!folders.isEmpty()) {
            const QString at = folders.takeLast();
            for (const QFileInfo &info :
                QDir(at).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
                if (info.isDir())
                    folders.append(info.filePath());
                else
                    files.insert(info.filePath().mid(folder.size() + 1), contentOf(info.filePath()));
            }
        }
    }
    return files;
}

ino_t inodeOf(const QString &path)
{
    struct stat facts = {};
    return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_ino : 0;
}

void copyFolder(const QString &from, const QString &to)
{
    QVERIFY(QProcess::execute(QStringLiteral("cp"), {QStringLiteral("-a"), from, to}) == 0);
}

JournalSettings noCheckpoint()
{
    JournalSettings settings;
    settings.checkpointMilliseconds = 3'600'000;
    return settings;
}

const QString A = QStringLiteral("mail/alice/new/1.M1P1Q1.h,S=3,W=4");
const QString ASeen = QStringLiteral("mail/alice/cur/1.M1P1Q1.h,S=3,W=4:2,S");
const QString ASent = QStringLiteral("mail/alice/.Sent/cur/1.M1P1Q1.h,S=3,W=4:2,FS");
const QString B = QStringLiteral("mail/bob/new/1.M1P1Q2.h,S=3,W=4");
const QString Q = QStringLiteral("queue/q1.json");

/// One of everything that Glasspost does.
QList<FileTransaction> history()
{
    return {{create(A, "one"), {FileStep::Kind::Link, A, B, {}, {}}, create(Q, "q1")},
        {{FileStep::Kind::Rename, A, ASeen, {}, {}}, {FileStep::Kind::Replace, Q, {}, "q2", {}}},
        {{FileStep::Kind::Rename, ASeen, ASent, {}, {}}},
        {create(QStringLiteral("mail/bob/.Junk/new/2.M1P1Q3.h,S=3,W=4"), "two")},
        {{FileStep::Kind::Remove, B, {}, {}, {}}, {FileStep::Kind::Remove, Q, {}, {}, {}}}};
}

} // namespace

class tst_Journal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void stepsStandInTheFiles();
    void leavesNoSegmentAtAnOrderlyEnd();
    void shorterContentLeavesNothingOfTheLonger();
    void largeContentIsNotWrittenTwice();
    void stepsOutsideTheFolderAreRefused();
    void answersForAGoneContextAreDropped();
    void replaysFromEveryMoment();
    void replaysFromEveryTruncation();
    void replayMendsAFileThatLostItsOctets();
    void replayLeavesAMovedMessageAlone();
    void fullDiskIsToldAndNothingComesBack();
    void failedSyncIsNeverDurable();
    void filesThatCannotBeWrittenStopPromises();
    void failedFileSystemSyncKeepsTheSegments();
    void failedFileSystemSyncWritesEveryCopyAgain();
    void rewritingLeavesWhatOthersMovedAlone();
    void replayTrustsNoPageInMemory();
    void waitersWithoutStepsAreAnswered();
    void refusedLargeContentLeavesNoFile();
    void syncsThatKeepFailingStopPromises();
    void damageIsSetAsideAndTheRestGoesOn();
    void newerSegmentsKeepTheFolderShut_data();
    void newerSegmentsKeepTheFolderShut();
    void stepsLeadNowhereElse_data();
    void stepsLeadNowhereElse();
    void partsOnAnotherFileSystemAreRefused();
    void foldersAreSyncedThemselves();
    void killedAtAnyCallNothingIsLost_data();
    void killedAtAnyCallNothingIsLost();
};

void tst_Journal::stepsStandInTheFiles()
{
    QTemporaryDir folder;
    auto journal = Journal::open(folder.path());
    QVERIFY(journal.has_value());
    for (const FileTransaction &steps : history())
        QVERIFY(commitAndWait(**journal, steps).value().has_value());
    const QMap<QString, QByteArray> expected
        = {{ASent, "one"}, {QStringLiteral("mail/bob/.Junk/new/2.M1P1Q3.h,S=3,W=4"), "two"}};
    auto files = tree(folder.path());
    files.remove(QStringLiteral("mail/alice/.Sent/maildirfolder"));
    files.remove(QStringLiteral("mail/bob/.Junk/maildirfolder"));
    QCOMPARE(files, expected);
    struct stat facts = {};
    QCOMPARE(::stat(QFile::encodeName(folder.filePath(ASent)).constData(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777U, 0600U);
}

void tst_Journal::leavesNoSegmentAtAnOrderlyEnd()
{
    QTemporaryDir folder;
    for (int round = 0; round < 2; ++round) {
        auto journal = Journal::open(folder.path());
        QVERIFY(journal.has_value());
        QCOMPARE((*journal)->replay().transactions, 0);
        QObject context;
        (*journal)->commit({create(QStringLiteral("mail/a/new/%1.x").arg(round), "x")});
        journal->reset();
        QVERIFY(QDir(folder.filePath(QStringLiteral("journal"))).isEmpty());
    }
    QCOMPARE(contentOf(folder.filePath(QStringLiteral("mail/a/new/1.x"))), QByteArray("x"));
}

void tst_Journal::shorterContentLeavesNothingOfTheLonger()
{
    QTemporaryDir folder;
    auto journal = Journal::open(folder.path());
    QVERIFY(journal.has_value());
    QVERIFY(commitAndWait(**journal, {create(Q, "first")}).value().has_value());
    for (const char *content : {"the second", "3rd", "it is the fourth"}) {
        QVERIFY(
            commitAndWait(**journal, {{FileStep::Kind::Replace, Q, {}, content, {}}}).value().has_value());
        QCOMPARE(contentOf(folder.filePath(Q)), QByteArray(content));
    }
}

void tst_Journal::largeContentIsNotWrittenTwice()
{
    QTemporaryDir folder;
    auto journal = Journal::open(folder.path(), noCheckpoint());
    QVERIFY(journal.has_value());
    const QByteArray large(3'000'000, 'x');
    QVERIFY(commitAndWait(**journal, {create(A, large)}).value().has_value());
    QCOMPARE(contentOf(folder.filePath(A)), large);
    QVERIFY(QDir(folder.filePath(QStringLiteral("spool"))).isEmpty());
    const auto segments = QDir(folder.filePath(QStringLiteral("journal"))).entryInfoList(QDir::Files);
    QCOMPARE(segments.size(), 1);
    QVERIFY(writtenTo(folder.path()) < 1000);
}

void tst_Journal::stepsOutsideTheFolderAreRefused()
{
    QTemporaryDir folder;
    auto journal = Journal::open(folder.path());
    for (const QString &path : {QStringLiteral("../x"), QStringLiteral("/etc/x"), QStringLiteral("mail//x"),
             QString(), QStringLiteral("mail/a/../../../x"), QString(300, QLatin1Char('x'))})
        QVERIFY2(!commitAndWait(**journal, {create(path, "x")}).value().has_value(), qPrintable(path));
}

void tst_Journal::answersForAGoneContextAreDropped()
{
    QTemporaryDir folder;
    auto journal = Journal::open(folder.path());
    bool called = false;
    auto gone = std::make_unique<QObject>();
    (*journal)->commit({create(A, "one")}).durable.then(gone.get(), [&](const Result<void> &) {
        called = true;
    });
    gone.reset();
    QVERIFY(commitAndWait(**journal, {}).value().has_value());
    QVERIFY(!called);
    QCOMPARE(contentOf(folder.filePath(A)), QByteArray("one"));
}

// A crash is a copy of the folder at that moment: with no file of it applied, or all, the replay gives the
// same.
void tst_Journal::replaysFromEveryMoment()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    auto journal = Journal::open(live, noCheckpoint());
    QVERIFY(journal.has_value());
    const auto steps = history();
    for (qsizetype i = 0; i < steps.size(); ++i) {
        QVERIFY(commitAndWait(**journal, steps[i]).value().has_value());
        const auto expected = tree(live);
        for (const char *loss : {"nothing", "files", "empty"}) {
            const QString crashed = room.filePath(QStringLiteral("%1-%2").arg(i).arg(QLatin1String(loss)));
            copyFolder(live, crashed);
            if (QByteArrayView(loss) == QByteArrayView("files")) {
                QDir(crashed + QStringLiteral("/mail")).removeRecursively();
                QDir(crashed + QStringLiteral("/queue")).removeRecursively();
            }
            if (QByteArrayView(loss) == QByteArrayView("empty")) {
                for (const QString &path : tree(crashed).keys())
                    QFile::resize(crashed + QLatin1Char('/') + path, 0);
            }
            for (int again = 0; again < 2; ++again) {
                auto replayed = Journal::open(crashed, noCheckpoint());
                QVERIFY(replayed.has_value());
                QCOMPARE((*replayed)->replay().transactions, again == 0 ? int(i + 1) : 0);
                QCOMPARE(tree(crashed), expected);
            }
        }
    }
}

void tst_Journal::replaysFromEveryTruncation()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    auto journal = Journal::open(live, noCheckpoint());
    QList<qint64> ends;
    for (int i = 0; i < 3; ++i) {
        const QString path = QStringLiteral("mail/a/new/%1.x").arg(i);
        QVERIFY(commitAndWait(**journal, {create(path, QByteArray(20, char('a' + i)))}).value().has_value());
        ends.append(writtenTo(live));
    }
    const QString segment = QStringLiteral("/journal/") + QString::fromLatin1(segmentName(1));
    const QByteArray file = contentOf(live + segment);
    const QByteArray whole = file.first(ends.last());
    QCOMPARE(file.count('\0') - whole.count('\0'), file.size() - whole.size()); // zeros for what is to come
    QSet<qint64> sizes; // about every border, and some of what lies between
    for (qint64 size = 0; size <= whole.size(); size += 37)
        sizes.insert(size);
    for (const qint64 border : QList<qint64>{0, JournalSegment::headSize} + ends) {
        for (const qint64 offset : {-1, 0, 1, 4, 8, 9})
            sizes.insert(std::clamp<qint64>(border + offset, 0, whole.size()));
    }
    for (const qint64 size : std::as_const(sizes)) {
        for (const bool garbage : {false, true}) {
            QTemporaryDir crashed;
            QDir(crashed.path()).mkpath(QStringLiteral("journal"));
            QFile cut(crashed.path() + segment);
            QVERIFY(cut.open(QIODevice::WriteOnly));
            cut.write(whole.first(size) + (garbage ? QByteArray(50, '\xff') : QByteArray()));
            cut.close();
            auto replayed = Journal::open(crashed.path());
            QVERIFY(replayed.has_value());
            const auto kept
                = std::count_if(ends.begin(), ends.end(), [size](qint64 end) { return end <= size; });
            QCOMPARE((*replayed)->replay().transactions, int(kept));
            QCOMPARE(tree(crashed.path()).size(), qsizetype(kept));
        }
    }
}

void tst_Journal::replayMendsAFileThatLostItsOctets()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    auto journal = Journal::open(live, noCheckpoint());
    QVERIFY(commitAndWait(**journal, {create(A, "one"), {FileStep::Kind::Link, A, B, {}, {}}}).has_value());
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    copyFolder(live, crashed);
    QFile::resize(crashed + QLatin1Char('/') + A, 0);
    auto replayed = Journal::open(crashed);
    QCOMPARE(contentOf(crashed + QLatin1Char('/') + A), QByteArray("one"));
    QCOMPARE(contentOf(crashed + QLatin1Char('/') + B), QByteArray("one"));
}

// Another program has read and filed it between the apply and the crash.
void tst_Journal::replayLeavesAMovedMessageAlone()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    auto journal = Journal::open(live, noCheckpoint());
    QVERIFY(commitAndWait(**journal, {create(A, "one")}).has_value());
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    copyFolder(live, crashed);
    QVERIFY(QDir(crashed).mkpath(QStringLiteral("mail/alice/.Sent/cur")));
    QVERIFY(QFile::rename(crashed + QLatin1Char('/') + A, crashed + QLatin1Char('/') + ASent));
    auto replayed = Journal::open(crashed);
    QCOMPARE(contentOf(crashed + QLatin1Char('/') + ASent), QByteArray("one"));
    QVERIFY(!QFile::exists(crashed + QLatin1Char('/') + A));
}

// S113: the message is not acknowledged, and never appears; when space is back the journal works on.
void tst_Journal::fullDiskIsToldAndNothingComesBack()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    FailingCalls calls;
    JournalSettings settings = noCheckpoint();
    settings.calls = &calls;
    auto journal = Journal::open(live, settings);
    QVERIFY(commitAndWait(**journal, {create(A, "one")}).value().has_value());
    for (const qint64 room_left : {0, 1, 8, 40, 100}) {
        calls.octetsLeft = room_left;
        const auto refused = commitAndWait(**journal, {create(B, QByteArray(200, 'b'))}).value();
        QVERIFY(!refused.has_value());
        QCOMPARE(refused.error().code, ErrorCode::NoSpace);
        calls.octetsLeft = -1;
    }
    QVERIFY(commitAndWait(**journal, {create(Q, "q")}).value().has_value());
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    copyFolder(live, crashed);
    auto replayed = Journal::open(crashed);
    QCOMPARE((*replayed)->replay().transactions, 2);
    QVERIFY(!QFile::exists(crashed + QLatin1Char('/') + B));
}

void tst_Journal::failedSyncIsNeverDurable()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    FailingCalls calls;
    JournalSettings settings = noCheckpoint();
    settings.calls = &calls;
    auto journal = Journal::open(live, settings);
    QVERIFY(commitAndWait(**journal, {create(A, "one")}).value().has_value());
    calls.syncError = EIO;
    const auto refused = commitAndWait(**journal, {create(B, "bad")}).value();
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::InputOutput);
    QVERIFY(commitAndWait(**journal, {create(Q, "q")}).value().has_value());
    QCOMPARE(QDir(live + QStringLiteral("/journal")).entryList(QDir::Files).size(), 2);
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    copyFolder(live, crashed);
    auto replayed = Journal::open(crashed);
    QCOMPARE((*replayed)->replay().transactions, 2);
    QCOMPARE((*replayed)->replay().damagedSegments, 0);
    QVERIFY(!QFile::exists(crashed + QLatin1Char('/') + B));
}

void tst_Journal::filesThatCannotBeWrittenStopPromises()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings;
    settings.calls = &calls;
    settings.retryMilliseconds = 20;
    auto journal = Journal::open(folder.path(), settings);
    const Troubles troubles(**journal);
    calls.filesFail = true;
    QVERIFY(commitAndWait(**journal, {create(A, "one")}, false).value().has_value());
    QTRY_COMPARE(troubles.count(), 1);
    const auto refused = commitAndWait(**journal, {create(B, "two")}).value();
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, ErrorCode::NoSpace);
    calls.filesFail = false;
    QTRY_COMPARE(contentOf(folder.filePath(A)), QByteArray("one"));
    QTRY_VERIFY(commitAndWait(**journal, {create(B, "two")}).value().has_value());
    QCOMPARE(troubles.count(), 1);
}

void tst_Journal::failedFileSystemSyncKeepsTheSegments()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings;
    settings.calls = &calls;
    settings.checkpointMilliseconds = 1;
    calls.syncfsError = 0;
    auto journal = Journal::open(folder.path(), settings);
    const Troubles troubles(**journal);
    calls.syncfsError = EIO;
    QVERIFY(commitAndWait(**journal, {create(A, "one")}).value().has_value());
    QTRY_COMPARE(troubles.count(), 1);
    QVERIFY(!QDir(folder.filePath(QStringLiteral("journal"))).isEmpty());
    QVERIFY(commitAndWait(**journal, {create(B, "two")}).value().has_value());
    QTRY_VERIFY(QDir(folder.filePath(QStringLiteral("journal"))).isEmpty());
    QCOMPARE(contentOf(folder.filePath(A)), QByteArray("one"));
}

// The pages of the old file never reached the disk: no name may keep it.
void tst_Journal::failedFileSystemSyncWritesEveryCopyAgain()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings;
    settings.calls = &calls;
    settings.checkpointMilliseconds = 200;
    auto journal = Journal::open(folder.path(), settings);
    calls.syncfsError = EIO;
    QVERIFY(commitAndWait(**journal, {create(A, "one"), {FileStep::Kind::Link, A, B, {}, {}}}).has_value());
    QFile old(folder.filePath(A)); // held open, so that its number is not given to the new file
    QVERIFY(old.open(QIODevice::ReadOnly));
    const ino_t suspect = inodeOf(folder.filePath(A));
    QCOMPARE(inodeOf(folder.filePath(B)), suspect);
    QTRY_VERIFY(QDir(folder.filePath(QStringLiteral("journal"))).isEmpty());
    QVERIFY(inodeOf(folder.filePath(A)) != suspect);
    QVERIFY(inodeOf(folder.filePath(B)) != suspect);
    QCOMPARE(contentOf(folder.filePath(A)), QByteArray("one"));
    QCOMPARE(contentOf(folder.filePath(B)), QByteArray("one"));
}

// Alice has deleted hers, another program bob's second copy: neither comes back, and the one left is written
// again.
void tst_Journal::rewritingLeavesWhatOthersMovedAlone()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings;
    settings.calls = &calls;
    settings.checkpointMilliseconds = 200;
    const QString second = QStringLiteral("mail/bob/.Junk/new/1.M1P1Q3.h,S=3,W=4");
    auto journal = Journal::open(folder.path(), settings);
    calls.syncfsError = EIO;
    QVERIFY(commitAndWait(**journal,
        {create(A, "one"), {FileStep::Kind::Link, A, B, {}, {}}, {FileStep::Kind::Link, A, second, {}, {}}})
                .has_value());
    QFile old(folder.filePath(B));
    QVERIFY(old.open(QIODevice::ReadOnly));
    const ino_t suspect = inodeOf(folder.filePath(B));
    QVERIFY(QFile::remove(folder.filePath(A)));
    QVERIFY(QFile::remove(folder.filePath(second)));
    QTRY_VERIFY(QDir(folder.filePath(QStringLiteral("journal"))).isEmpty());
    QVERIFY(!QFile::exists(folder.filePath(A)));
    QVERIFY(!QFile::exists(folder.filePath(second)));
    QVERIFY(inodeOf(folder.filePath(B)) != suspect);
    QCOMPARE(contentOf(folder.filePath(B)), QByteArray("one"));
}

// Killed after a failed sync and started again on the same boot: all reads well, from memory.
void tst_Journal::replayTrustsNoPageInMemory()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    auto journal = Journal::open(live, noCheckpoint());
    QVERIFY(commitAndWait(**journal, {create(A, "one"), {FileStep::Kind::Link, A, B, {}, {}}}).has_value());
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    copyFolder(live, crashed);
    QFile old(crashed + QLatin1Char('/') + A);
    QVERIFY(old.open(QIODevice::ReadOnly));
    const ino_t suspect = inodeOf(old.fileName());
    auto replayed = Journal::open(crashed, noCheckpoint());
    QVERIFY(replayed.has_value());
    const ino_t fresh = inodeOf(old.fileName());
    QVERIFY(fresh != suspect);
    QCOMPARE(inodeOf(crashed + QLatin1Char('/') + B), fresh);
    QCOMPARE(contentOf(old.fileName()), QByteArray("one"));
}

// While the files cannot be written, and after a write that failed: who asks for nothing waits for nothing.
void tst_Journal::waitersWithoutStepsAreAnswered()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings;
    settings.calls = &calls;
    settings.retryMilliseconds = 20;
    auto journal = Journal::open(folder.path(), settings);
    const Troubles troubles(**journal);
    const auto wait = [&](const FileTransaction &steps) {
        std::optional<Result<void>> applied;
        QObject context; // which goes first
        (*journal)->commit(steps).applied.then(
            &context, [&](const Result<void> &result) { applied = result; });
        const bool came = QTest::qWaitFor([&] { return applied.has_value(); }, 10000);
        return came ? applied : std::nullopt;
    };
    calls.writeError = ENOSPC;
    const auto refused = wait({create(B, "two")});
    QVERIFY(refused && !refused->has_value());
    QCOMPARE(refused->error().code, ErrorCode::NoSpace);
    calls.writeError = 0;
    calls.filesFail = true;
    QVERIFY(commitAndWait(**journal, {create(A, "one")}, false).value().has_value());
    QTRY_COMPARE(troubles.count(), 1);
    const auto stuck = wait({});
    QVERIFY(stuck && !stuck->has_value());
    QCOMPARE(stuck->error().code, ErrorCode::NoSpace);
    const auto unsound = wait({create(QStringLiteral("../x"), "x")});
    QVERIFY(unsound && !unsound->has_value());
    calls.filesFail = false;
    QTRY_COMPARE(contentOf(folder.filePath(A)), QByteArray("one"));
    const auto free = wait({});
    QVERIFY(free && free->has_value());
}

void tst_Journal::refusedLargeContentLeavesNoFile()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings = noCheckpoint();
    settings.calls = &calls;
    auto journal = Journal::open(folder.path(), settings);
    QVERIFY(commitAndWait(**journal, {create(Q, "q")}).value().has_value());
    const QByteArray large(300'000, 'x');
    for (const qint64 room : {0, 100'000, 300'000, 400'000, 600'000, 600'020}) {
        calls.octetsLeft = room; // full in the first, between the two, in the second, in the record
        QVERIFY(!commitAndWait(**journal, {create(A, large), create(B, large)}).value().has_value());
        calls.octetsLeft = -1;
        QVERIFY2(QDir(folder.filePath(QStringLiteral("spool"))).isEmpty(), qPrintable(QString::number(room)));
    }
    QVERIFY(commitAndWait(**journal, {create(A, large)}).value().has_value());
    QCOMPARE(contentOf(folder.filePath(A)), large);
}

// A disk that takes octets and never makes them durable: no 250 after a while, and all is well when it does.
void tst_Journal::syncsThatKeepFailingStopPromises()
{
    QTemporaryDir folder;
    FailingCalls calls;
    JournalSettings settings;
    settings.calls = &calls;
    settings.checkpointMilliseconds = 20;
    settings.retryMilliseconds = 20;
    auto journal = Journal::open(folder.path(), settings);
    const Troubles troubles(**journal);
    calls.syncfsAlwaysFails = EIO;
    QVERIFY(commitAndWait(**journal, {create(A, "one")}).value().has_value());
    QTRY_VERIFY(!commitAndWait(**journal, {create(B, "two")}).value().has_value());
    QCOMPARE(troubles.count(), 1);
    QVERIFY(commitAndWait(**journal, {}).value().has_value());
    calls.syncfsAlwaysFails = 0;
    QTRY_VERIFY(QDir(folder.filePath(QStringLiteral("journal"))).isEmpty()); // tried again unasked
    QTRY_VERIFY(commitAndWait(**journal, {create(B, "two")}).value().has_value());
    QCOMPARE(contentOf(folder.filePath(A)), QByteArray("one"));
    QCOMPARE(contentOf(folder.filePath(B)), QByteArray("two"));
}

void tst_Journal::damageIsSetAsideAndTheRestGoesOn()
{
    QTemporaryDir room;
    const QString live = room.filePath(QStringLiteral("live"));
    auto journal = Journal::open(live, noCheckpoint());
    QVERIFY(commitAndWait(**journal, {create(A, "one")}).value().has_value());
    const QString segment = QStringLiteral("/journal/") + QString::fromLatin1(segmentName(1));
    const qint64 border = writtenTo(live);
    QVERIFY(commitAndWait(**journal, {create(B, "two")}).value().has_value());
    QVERIFY(commitAndWait(**journal, {create(Q, "three")}).value().has_value());
    const QString crashed = room.filePath(QStringLiteral("crashed"));
    copyFolder(live, crashed);
    QDir(crashed + QStringLiteral("/mail")).removeRecursively();
    QDir(crashed + QStringLiteral("/queue")).removeRecursively();
    QFile file(crashed + segment);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(border + 20));
    file.write("\x7f");
    file.close();
    QFile spooled(crashed + QStringLiteral("/spool/in-1"));
    QVERIFY(spooled.open(QIODevice::WriteOnly));
    spooled.write("a large one");
    spooled.close();
    auto replayed = Journal::open(crashed, noCheckpoint());
    QVERIFY(replayed.has_value());
    QCOMPARE((*replayed)->replay().damagedSegments, 1);
    QCOMPARE((*replayed)->replay().transactions, 2);
    QCOMPARE(contentOf(crashed + QLatin1Char('/') + A), QByteArray("one"));
    QCOMPARE(contentOf(crashed + QLatin1Char('/') + Q), QByteArray("three"));
    QVERIFY(!QFile::exists(crashed + QLatin1Char('/') + B));
    QCOMPARE(QDir(crashed + QStringLiteral("/journal"))
                 .entryList({QStringLiteral("*.damaged")}, QDir::Files)
                 .size(),
        1);
    const auto kept = QDir(crashed + QStringLiteral("/spool/damaged")).entryInfoList(QDir::Files);
    QCOMPARE(kept.size(), 1);
    QCOMPARE(contentOf(kept.first().filePath()), QByteArray("a large one"));
    // What is set aside stays so.
    replayed->reset();
    auto again = Journal::open(crashed, noCheckpoint());
    QCOMPARE((*again)->replay().damagedSegments, 0);
    QVERIFY(QFile::exists(kept.first().filePath()));
}

void tst_Journal::newerSegmentsKeepTheFolderShut_data()
{
    QTest::addColumn<QByteArray>("segment");
    QTest::addColumn<bool>("isNewer");
    const auto head = [](const QByteArray &magic) {
        QByteArray octets = magic + QByteArray(JournalSegment::headSize - magic.size(), '\0');
        octets[8] = 7; // the number
        qToLittleEndian(crc32c(QByteArrayView(octets).first(32)), octets.data() + 32);
        return octets;
    };
    const QByteArray records(100, 'r');
    QTest::newRow("the next version") << head("GPJOURN2") + records << true;
    QTest::newRow("one without records") << head("GPJOURN2") << true;
    QTest::newRow("one with another checksum") << "GPJOURN9" + QByteArray(200, 'x') << true;
    QTest::newRow("one with a shorter head") << QByteArray("GPJOURN3....") << true;
    QTest::newRow("another magic with a sound checksum") << head("OTHERLOG") + records << true;
    QTest::newRow("ours") << head("GPJOURN1") << false;
    QTest::newRow("ours, torn") << QByteArray("GPJOURN1\7") << false;
    QTest::newRow("ours, torn within the magic") << QByteArray("GPJOURN") << false;
    QTest::newRow("zeros") << QByteArray(64, '\0') << false;
    QTest::newRow("no sound checksum") << QByteArray(64, 'x') << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

/// Mail that a newer version acknowledged may stand there alone: nothing is done to the folder.
void tst_Journal::newerSegmentsKeepTheFolderShut()
{
    QFETCH(QByteArray, segment);
    QFETCH(bool, isNewer);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("journal/0000000000000007.wal"));
    const QString spooled = folder.filePath(QStringLiteral("spool/large-7-1"));
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("journal"))
        && QDir(folder.path()).mkpath(QStringLiteral("spool")));
    for (const auto &[name, octets] : {std::pair(path, segment), std::pair(spooled, QByteArray("mail"))}) {
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(octets) == octets.size());
    }
    const auto journal = Journal::open(folder.path());
    QCOMPARE(journal.has_value(), !isNewer);
    QCOMPARE(QFile::exists(path), isNewer);
    QCOMPARE(QFile::exists(spooled), isNewer);
    if (!isNewer)
        return;
    QCOMPARE(contentOf(path), segment);
    QCOMPARE(journal.error().code, ErrorCode::Damaged);
    QCOMPARE(journal.error().subject, QStringLiteral("journal/0000000000000007.wal"));
    QVERIFY(journal.error().systemText.contains(QLatin1String("newer version")));
}

void tst_Journal::stepsLeadNowhereElse_data()
{
    using Kind = FileStep::Kind;
    QTest::addColumn<FileStep>("step");
    QTest::addColumn<bool>("isTaken");
    const QString inner = QStringLiteral("mail/alice/new/x");
    const QString victim = QStringLiteral("../outside/victim");
    const auto row = [](const char *tag, const FileStep &step, bool isTaken = false) {
        QTest::newRow(tag) << step << isTaken;
    };
    row("T112 a file above", create(QStringLiteral("../outside/new"), "evil"));
    row("T112 a file above by a detour", create(QStringLiteral("mail/../../outside/new"), "evil"));
    row("T112 an absolute path", create(QStringLiteral("/tmp/glasspost-must-not-be"), "evil"));
    row("T112 no path", create(QString(), "evil"));
    row("T112 an empty level", create(QStringLiteral("mail//x"), "evil"));
    row("T112 the folder itself", create(QStringLiteral("."), "evil"));
    row("T112 written over", {Kind::Replace, victim, {}, "evil", {}});
    row("T112 removed", {Kind::Remove, victim, {}, {}, {}});
    row("T112 moved in", {Kind::Rename, victim, inner, {}, {}});
    row("T112 moved out", {Kind::Rename, QStringLiteral("mail/alice/new/kept"), victim, {}, {}});
    row("T112 linked in", {Kind::Link, victim, inner, {}, {}});
    row("T112 linked out", {Kind::Link, QStringLiteral("mail/alice/new/kept"), victim, {}, {}});
    row("T112 taken as content", {Kind::Create, inner, {}, {}, victim});
    row("T112 a mailbox that is a link", create(QStringLiteral("mail/mallory/new/x"), "evil"));
    row("T112 removed through a link", {Kind::Remove, QStringLiteral("mail/mallory/victim"), {}, {}, {}});
    row("T112 an absolute link", create(QStringLiteral("mail/absolute/new/x"), "evil"));
    row("T112 a link to a link", create(QStringLiteral("mail/chain/new/x"), "evil"));
    row("T112 a link below a mailbox", create(QStringLiteral("mail/alice/.Sub/new/x"), "evil"));
    row("T112 a link that leads nowhere", create(QStringLiteral("mail/dangling/new/x"), "evil"));
    row("T112 a link that stays inside", create(QStringLiteral("mail/also/new/x"), "good"), true);
    row("T112 a plain path", create(inner, "good"), true);
}

/// A journal that came with the folder, its checksums right: what it names elsewhere is left alone and told
/// of, and the rest is done.
void tst_Journal::stepsLeadNowhereElse()
{
    QFETCH(FileStep, step);
    QFETCH(bool, isTaken);
    QTemporaryDir room;
    const QDir top(room.path());
    const QString data = room.filePath(QStringLiteral("data"));
    for (const char *folder : {"outside/new", "outside/tmp", "data/journal", "data/spool",
             "data/mail/alice/new", "data/mail/alice/cur", "data/mail/alice/tmp"})
        QVERIFY(top.mkpath(QLatin1String(folder)));
    const auto put = [&](const char *name) {
        QFile file(room.filePath(QLatin1String(name)));
        return file.open(QIODevice::WriteOnly) && file.write("kept") == 4;
    };
    QVERIFY(put("outside/victim") && put("data/mail/alice/new/kept"));
    const auto plant = [&](const QString &target, const char *name) {
        return QFile::link(target, data + QLatin1String("/mail/") + QLatin1String(name));
    };
    QVERIFY(plant(QStringLiteral("../../outside"), "mallory")
        && plant(room.filePath(QStringLiteral("outside")), "absolute")
        && plant(QStringLiteral("mallory"), "chain")
        && plant(QStringLiteral("../../../outside"), "alice/.Sub")
        && plant(QStringLiteral("../../outside/later"), "dangling")
        && plant(QStringLiteral("alice"), "also"));
    {
        FileSystemCalls calls;
        const FileDescriptor folder(
            ::open(QFile::encodeName(data + QStringLiteral("/journal")).constData(), O_RDONLY | O_DIRECTORY));
        auto segment = JournalSegment::create(calls, folder.get(), 1, 0, 0);
        QVERIFY(segment.has_value());
        // A record's checksum knows its place: each is written at its own.
        QByteArray placed(JournalSegment::headSize, '\0');
        appendRecord(placed, {create(Q, "before"), step}, 1, placed.size());
        appendRecord(placed, {create(B, "two")}, 1, placed.size());
        QVERIFY(segment->append(calls, QByteArrayView(placed).sliced(JournalSegment::headSize)).has_value());
    }
    const auto journal = Journal::open(data);
    QVERIFY(journal.has_value());
    QCOMPARE((*journal)->replay().refused.size(), isTaken ? 0 : 1);
    QCOMPARE((*journal)->replay().damagedSegments, isTaken ? 0 : 1);
    QCOMPARE((*journal)->replay().transactions, isTaken ? 2 : 1);
    QCOMPARE(contentOf(data + QLatin1Char('/') + B), QByteArray("two"));
    QCOMPARE(contentOf(data + QLatin1Char('/') + Q), QByteArray(isTaken ? "before" : "(none)"));
    QCOMPARE(contentOf(room.filePath(QStringLiteral("outside/victim"))), QByteArray("kept"));
    QCOMPARE(contentOf(data + QStringLiteral("/mail/alice/new/kept")), QByteArray("kept"));
    QCOMPARE(QDir(room.filePath(QStringLiteral("outside"))).entryList(QDir::Files | QDir::Hidden),
        QStringList{QStringLiteral("victim")});
    QVERIFY(QDir(room.filePath(QStringLiteral("outside/new"))).isEmpty());
    QVERIFY(!QFile::exists(room.filePath(QStringLiteral("outside/later"))));
    QVERIFY(!QFile::exists(QStringLiteral("/tmp/glasspost-must-not-be")));
}

void tst_Journal::partsOnAnotherFileSystemAreRefused()
{
    for (const char *part : {"mail", "queue", "journal", "spool"}) {
        QTemporaryDir folder;
        const QString path = folder.filePath(QLatin1String(part));
        QVERIFY(QFile::link(QStringLiteral("/proc"), path)); // surely another one
        const auto journal = Journal::open(folder.path());
        QVERIFY2(!journal.has_value(), part);
        QCOMPARE(journal.error().code, ErrorCode::BadSettings);
        QCOMPARE(journal.error().subject, path);
    }
}

void tst_Journal::foldersAreSyncedThemselves()
{
    QTemporaryDir room;
    const QString data = room.filePath(QStringLiteral("data"));
    FailingCalls calls;
    JournalSettings settings = noCheckpoint();
    settings.calls = &calls;
    auto journal = Journal::open(data, settings);
    QVERIFY(journal.has_value());
    const QMutexLocker lock(&calls.mutex);
    QVERIFY(calls.synced.contains(inodeOf(data)));
    QVERIFY(calls.synced.contains(inodeOf(room.path())));
}

namespace {

/// Ends the process, as kill -9 does, before one of its calls.
class DeadlyCalls : public FileSystemCalls
{
public:
    explicit DeadlyCalls(int callsLeft) : m_left(callsLeft) { }

    int openAt(int folder, const char *path, int flags, mode_t mode) override
    {
        return count(), FileSystemCalls::openAt(folder, path, flags, mode);
    }
    ssize_t write(int file, const char *data, size_t size) override
    {
        if (m_left <= 1) // in the middle of a write
            FileSystemCalls::write(file, data, size / 2);
        return count(), FileSystemCalls::write(file, data, size);
    }
    int fdatasync(int file) override { return count(), FileSystemCalls::fdatasync(file); }
    int fsync(int file) override { return count(), FileSystemCalls::fsync(file); }
    int syncfs(int file) override { return count(), FileSystemCalls::syncfs(file); }
    int renameAt(int fromFolder, const char *from, int toFolder, const char *to) override
    {
        return count(), FileSystemCalls::renameAt(fromFolder, from, toFolder, to);
    }
    int linkAt(int fromFolder, const char *from, int toFolder, const char *to) override
    {
        return count(), FileSystemCalls::linkAt(fromFolder, from, toFolder, to);
    }
    int unlinkAt(int folder, const char *path) override
    {
        return count(), FileSystemCalls::unlinkAt(folder, path);
    }

private:
    void count()
    {
        if (--m_left <= 0)
            ::raise(SIGKILL);
    }

    std::atomic<int> m_left;
};

constexpr int ChildMessages = 12;

QString nameOf(const char *folder, int number)
{
    return QStringLiteral("mail/%1.M1P1Q1.h").arg(QLatin1String(folder) + QString::number(number));
}

FileTransaction childSteps(int number)
{
    const QString alice = nameOf("alice/new/", number);
    QByteArray content = "message " + QByteArray::number(number) + '\n';
    if (number % 4 == 3)
        content += QByteArray(2000, 'x'); // a large one, with the settings below
    return {create(alice, content), {FileStep::Kind::Link, alice, nameOf("bob/new/", number), {}, {}},
        {FileStep::Kind::Rename, alice, nameOf("alice/cur/", number) + QStringLiteral(":2,S"), {}, {}}};
}

/// The process that is killed: keeps messages and says on standard output which of them are durable.
int runChild(const QString &folder, int callsLeft)
{
    DeadlyCalls calls(callsLeft);
    JournalSettings settings;
    settings.calls = &calls;
    settings.checkpointMilliseconds = 5;
    settings.inlineBytes = 1000;
    auto journal = Journal::open(folder, settings);
    if (!journal)
        return 1;
    for (int number = 0; number < ChildMessages; ++number) {
        const auto durable = commitAndWait(**journal, childSteps(number), number % 2 == 0);
        if (!durable || !*durable)
            return 1;
        const QByteArray line = QByteArray::number(number) + '\n';
        if (::write(STDOUT_FILENO, line.constData(), size_t(line.size())) != line.size())
            return 1;
    }
    return 0;
}

} // namespace

void tst_Journal::killedAtAnyCallNothingIsLost_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    for (int calls = 6; calls < 200; calls += 11)
        QTest::addRow("call %d", calls) << calls << 100'000;
    // The second process dies in its replay, or soon after.
    for (int calls = 3; calls < 40; calls += 4)
        QTest::addRow("call %d of the replay", calls) << 97 + calls << calls;
}

void tst_Journal::killedAtAnyCallNothingIsLost()
{
    QFETCH(const int, first);
    QFETCH(const int, second);
    QTemporaryDir folder;
    QSet<int> promised;
    const auto run = [&](int calls) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
            {QStringLiteral("--journal-child"), folder.path(), QString::number(calls)});
        QVERIFY(child.waitForFinished(60000));
        for (const QByteArray &line : child.readAllStandardOutput().split('\n')) {
            if (!line.isEmpty())
                promised.insert(line.toInt());
        }
    };
    run(first);
    if (second < 100'000)
        run(second);
    auto journal = Journal::open(folder.path());
    QVERIFY(journal.has_value());
    QCOMPARE((*journal)->replay().damagedSegments, 0);
    auto files = tree(folder.path());
    for (int number = 0; number < ChildMessages; ++number) {
        const QByteArray content = childSteps(number).first().content;
        const QString seen = nameOf("alice/cur/", number) + QStringLiteral(":2,S");
        const QString bob = nameOf("bob/new/", number);
        if (promised.contains(number) || files.contains(seen)) {
            QCOMPARE(files.value(seen), content);
            QCOMPARE(files.value(bob), content);
        }
        files.remove(seen);
        files.remove(bob);
    }
    for (const QString &left : files.keys()) // nothing twice, nothing half
        QVERIFY2(left.contains(QStringLiteral("/tmp/")), qPrintable(left));
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.value(1) == QStringLiteral("--journal-child"))
        return runChild(arguments.value(2), arguments.value(3).toInt());
    tst_Journal test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_journal.moc"
