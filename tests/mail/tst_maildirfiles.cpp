#include "mail/maildir/maildirfiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

using namespace glasspost::mail;

namespace {

void makeFiles(const QTemporaryDir &folder, const QByteArrayList &names)
{
    for (const char *part : {"new", "cur", "tmp"})
        QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("box/") + QLatin1String(part)));
    for (const QByteArray &name : names) {
        QFile file(folder.filePath(QString::fromUtf8("box/" + name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
}

MaildirFiles filesOf(const QTemporaryDir &folder)
{
    const int opened
        = ::open(QFile::encodeName(folder.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    MaildirFiles files(opened, "box");
    ::close(opened);
    return files;
}

} // namespace

/// The files of a Maildir by their unique names.
class MaildirFilesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void areTakenByTheirUniqueNames();
    void areTakenOnce();
    void areManyAndNoneIsMissed();
};

void MaildirFilesTest::areTakenByTheirUniqueNames()
{
    const QTemporaryDir folder;
    makeFiles(folder, {"new/1.a.host", "cur/2.b.host:2,FS", "cur/3.c.host", "tmp/4.d.host"});
    MaildirFiles files = filesOf(folder);
    QCOMPARE(files.take("2.b.host").toByteArray(), QByteArray("cur/2.b.host:2,FS"));
    QCOMPARE(files.take("1.a.host").toByteArray(), QByteArray("new/1.a.host"));
    QVERIFY(files.take("4.d.host").isEmpty());
    QVERIFY(files.take("2.b").isEmpty());
    QVERIFY(files.take("").isEmpty());
    QCOMPARE(files.notTaken(), QByteArrayList{"cur/3.c.host"});
}

/// Another program may have copied one: the index has a row for one of them.
void MaildirFilesTest::areTakenOnce()
{
    const QTemporaryDir folder;
    makeFiles(folder, {"cur/1.a.host:2,S", "new/1.a.host"});
    MaildirFiles files = filesOf(folder);
    QCOMPARE(files.take("1.a.host").toByteArray(), QByteArray("new/1.a.host"));
    QCOMPARE(files.notTaken(), QByteArrayList{"cur/1.a.host:2,S"});
    QCOMPARE(files.take("1.a.host").toByteArray(), QByteArray("cur/1.a.host:2,S"));
    QVERIFY(files.take("1.a.host").isEmpty());
    QVERIFY(files.notTaken().isEmpty());
}

void MaildirFilesTest::areManyAndNoneIsMissed()
{
    constexpr int count = 500;
    const QTemporaryDir folder;
    QByteArrayList names;
    for (int i = 0; i < count; ++i)
        names += (i % 2 == 0 ? "new/" : "cur/") + QByteArray::number(i) + ".host";
    makeFiles(folder, names);
    MaildirFiles files = filesOf(folder);
    QCOMPARE(files.notTaken().size(), count);
    for (const QByteArray &name : names)
        QCOMPARE(files.take(name.sliced(4)).toByteArray(), name);
    QVERIFY(files.notTaken().isEmpty());
}

QTEST_MAIN(MaildirFilesTest)
#include "tst_maildirfiles.moc"
