#include "mail/routing/stsfiles.h"

#include "mail/base/worker.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const smtp::StsCacheEntry sample{
    "20160831", 1700000000, "version: STSv1\r\nmode: enforce\r\nmx: a.test\r\nmax_age: 60\r\n"};

} // namespace

/// Policies of MTA-STS on disk: what is stored is there after a restart, and no domain names a file
/// elsewhere.
class TestStsFiles : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void survivesARestart()
    {
        {
            Worker worker;
            StsFiles(m_folder->path(), worker).store("example.test", sample);
        }
        QCOMPARE(load("example.test"), std::optional(sample));
        QVERIFY(!load("other.test"));
    }

    void theLastOneCounts()
    {
        smtp::StsCacheEntry newer = sample;
        newer.id = "2";
        {
            Worker worker;
            StsFiles files(m_folder->path(), worker);
            files.store("example.test", sample);
            files.store("example.test", newer);
        }
        QCOMPARE(load("example.test"), std::optional(newer));
    }

    void namesNoFileElsewhere()
    {
        const QByteArray rude = "../../rude.test";
        {
            Worker worker;
            StsFiles(m_folder->path() + QStringLiteral("/a/b"), worker).store(rude, sample);
        }
        const QDir folder(m_folder->path() + QStringLiteral("/a/b/sts"));
        QCOMPARE(folder.entryList(QDir::Files | QDir::Hidden).size(), 1);
        QVERIFY(!QFile::exists(m_folder->path() + QStringLiteral("/a/rude.test.policy")));
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no line") << QByteArray("7 1700000000");
        QTest::newRow("no time") << QByteArray("7\nversion: STSv1\n");
        QTest::newRow("no number") << QByteArray("7 soon\nversion: STSv1\n");
        QTest::newRow("no id") << QByteArray(" 1700000000\nversion: STSv1\n");
        QTest::newRow("too many words") << QByteArray("7 8 9\nversion: STSv1\n");
    }
    void malformed()
    {
        QFETCH(QByteArray, content);
        QVERIFY(!stsEntryFromFile(content));
        QCOMPARE(stsEntryFromFile(toFile(sample)), std::optional(sample));
    }

private:
    std::optional<smtp::StsCacheEntry> load(const QByteArray &domain)
    {
        Worker worker;
        StsFiles files(m_folder->path(), worker);
        std::optional<smtp::StsCacheEntry> found;
        bool done = false;
        files.load(domain, this, [&](const std::optional<smtp::StsCacheEntry> &entry) {
            found = entry;
            done = true;
        });
        [&] { QTRY_VERIFY(done); }();
        return found;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestStsFiles)
#include "tst_stsfiles.moc"
