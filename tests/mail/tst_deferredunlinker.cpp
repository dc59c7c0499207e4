#include "mail/base/deferredunlinker.h"
#include "mail/journal/stepexecutor.h"

#include <QtTest>

#include <atomic>
#include <fcntl.h>
#include <semaphore>

using namespace glasspost::mail;

namespace {

/// A disk that gives no block back before it is let.
class SlowDisk : public FileSystemCalls
{
public:
    std::counting_semaphore<> let{0};
    std::atomic<int> deletedHere = 0; ///< not out of spool/

    int unlinkAt(int folder, const char *path) override
    {
        if (QByteArrayView(path).startsWith("spool/"))
            let.acquire();
        else
            ++deletedHere;
        return FileSystemCalls::unlinkAt(folder, path);
    }
};

} // namespace

class TestDeferredUnlinker : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    FileDescriptor m_data;

    QString make(const QString &name)
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write("text") == 4 ? file.fileName() : QString();
    }
    [[nodiscard]] QStringList spooled() const
    {
        return QDir(m_folder.filePath(QStringLiteral("spool"))).entryList(QDir::Files);
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &part : {QStringLiteral("spool"), QStringLiteral("queue")})
            QVERIFY(QDir(m_folder.path()).mkdir(part));
        m_data
            = FileDescriptor(::open(QFile::encodeName(m_folder.path()).constData(), O_RDONLY | O_DIRECTORY));
        QVERIFY(m_data.isOpen());
    }

    void goneAtOnceDeletedLater()
    {
        SlowDisk disk;
        {
            DeferredUnlinker unlinker(disk, m_data.get());
            StepExecutor steps(disk, m_data.get(), &unlinker);
            const QString file = make(QStringLiteral("queue/a.msg"));
            QVERIFY(steps.apply({FileStep::Kind::Remove, QStringLiteral("queue/a.msg"), {}, {}, {}}).value());
            QVERIFY(!QFile::exists(file));
            QCOMPARE(spooled().size(), 1);
            disk.let.release();
        }
        QVERIFY(spooled().isEmpty());
        QCOMPARE(disk.deletedHere, 0);
    }

    void whatIsNotThereIsNotTaken()
    {
        FileSystemCalls calls;
        DeferredUnlinker unlinker(calls, m_data.get());
        QVERIFY(!unlinker.take("queue/none.msg"));
        StepExecutor steps(calls, m_data.get(), &unlinker);
        QVERIFY(!steps.apply({FileStep::Kind::Remove, QStringLiteral("queue/none.msg"), {}, {}, {}}).value());
    }

    // A start after a crash has no more to delete than that.
    void theLineIsBounded()
    {
        constexpr int files = 2100;
        SlowDisk disk;
        DeferredUnlinker unlinker(disk, m_data.get());
        StepExecutor steps(disk, m_data.get(), &unlinker);
        for (int i = 0; i < files; ++i) {
            const QString name = QStringLiteral("queue/%1.msg").arg(i);
            const QString file = make(name);
            QVERIFY(steps.apply({FileStep::Kind::Remove, name, {}, {}, {}}).value());
            QVERIFY(!QFile::exists(file));
        }
        QVERIFY(disk.deletedHere > 0);
        QCOMPARE(spooled().size() + disk.deletedHere, files);
        disk.let.release(files);
    }

    void inAReplayAtOnce()
    {
        SlowDisk disk;
        DeferredUnlinker unlinker(disk, m_data.get());
        StepExecutor steps(disk, m_data.get(), &unlinker);
        steps.setMode(StepExecutor::Mode::Replay);
        make(QStringLiteral("queue/b.msg"));
        QVERIFY(steps.apply({FileStep::Kind::Remove, QStringLiteral("queue/b.msg"), {}, {}, {}}).value());
        QCOMPARE(disk.deletedHere, 1);
    }

    // A spool/ that cannot be written to (a full disk, a folder gone) keeps no file where it was.
    void withoutASpool()
    {
        QVERIFY(QDir(m_folder.path()).rename(QStringLiteral("spool"), QStringLiteral("elsewhere")));
        SlowDisk disk;
        DeferredUnlinker unlinker(disk, m_data.get());
        StepExecutor steps(disk, m_data.get(), &unlinker);
        const QString file = make(QStringLiteral("queue/c.msg"));
        QVERIFY(steps.apply({FileStep::Kind::Remove, QStringLiteral("queue/c.msg"), {}, {}, {}}).value());
        QVERIFY(!QFile::exists(file));
        QCOMPARE(disk.deletedHere, 1);
        QVERIFY(QDir(m_folder.path()).rename(QStringLiteral("elsewhere"), QStringLiteral("spool")));
    }
};

QTEST_GUILESS_MAIN(TestDeferredUnlinker)
#include "tst_deferredunlinker.moc"
