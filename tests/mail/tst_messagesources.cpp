#include "mail/queue/messagesources.h"

#include <QtTest>

#include <future>

using namespace glasspost;

namespace {

QByteArray readInPieces(smtp::MessageSource &source)
{
    QByteArray all;
    for (QByteArray octets = source.read(1000); !octets.isEmpty(); octets = source.read(1000))
        all += octets;
    return source.failed() ? QByteArray("(failed)") : all;
}

} // namespace

/// A message is the same from a file, small or large, and from memory, as often as it is read.
class TestMessageSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromAFile_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<qint64>("wireSize");
        QTest::addColumn<bool>("hasEightBit");
        const QByteArray text = "Subject: x\n\n";
        QTest::newRow("nothing") << QByteArray() << qint64(0) << false;
        QTest::newRow("small") << text + "text\r\n" << qint64(14 + 6) << false;
        QTest::newRow("8 bits") << text + "gr\xc3\xbc\xc3\x9f\n" << qint64(14 + 8) << true;
        for (const qsizetype size : {65535, 65536, 65537, 1024 * 1024})
            QTest::addRow("%lld octets", qint64(size))
                << text + QByteArray("x\n").repeated(size / 2).left(size - text.size())
                << qint64(14 + (size - 12) / 2 * 3 + (size - 12) % 2) << false;
    }

    void fromAFile()
    {
        QFETCH(const QByteArray, message);
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("a.msg")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(message), message.size());
        file.close();
        const mail::SourceFactory sources = mail::fileSources(file.fileName(), file.size());
        const auto first = sources();
        const auto second = sources();
        const auto memory = mail::bytesSource(message);
        for (const auto &source : {first, second, memory}) {
            QVERIFY(source);
            QTEST(source->wireSize(), "wireSize");
            QTEST(source->hasEightBit(), "hasEightBit");
            QVERIFY(!source->hasLongLine());
            QCOMPARE(readInPieces(*source), message);
            QVERIFY(source->rewind());
            QCOMPARE(source->read(5), message.left(5));
            const smtp::ConvertedMessage converted = source->toSevenBit()({});
            QVERIFY(converted && !(*converted)->hasEightBit());
            QCOMPARE(readInPieces(*source), message.mid(5)); // that is left as it was
        }
    }

    // The end of the program waits for a conversion: not until it has done hundreds of megabytes.
    void conversionEndsWhenStopped()
    {
        const QTemporaryDir folder;
        const QTemporaryDir spool;
        QFile file(folder.filePath(QStringLiteral("a.msg")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray line = "gr\xc3\xbc\xc3\x9f aus der Ferne\n";
        const QByteArray message = "Subject: x\n\n" + line.repeated(32 * 1024 * 1024 / line.size());
        QCOMPARE(file.write(message), message.size());
        file.close();
        const auto source = mail::fileSources(file.fileName(), file.size(), spool.path())();
        QVERIFY(source);
        std::stop_source ending;
        auto converted = std::async(std::launch::async,
            [convert = source->toSevenBit(), stop = ending.get_token()] { return convert(stop); });
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(spool.path()).isEmpty(), 60000); // it is being written
        ending.request_stop();
        QVERIFY(converted.wait_for(std::chrono::seconds(1)) == std::future_status::ready);
        const smtp::ConvertedMessage result = converted.get();
        QVERIFY(!result);
        QCOMPARE(result.error(), smtp::ConversionFault::NotNow);
        QVERIFY(QDir(spool.path()).isEmpty());
    }

    void aLargeFileIsKnownWithoutItsSize()
    {
        QTemporaryFile file;
        QVERIFY(file.open());
        QVERIFY(file.resize(8 * 1024 * 1024));
        QVERIFY(mail::fileSources(file.fileName(), -1).isLarge());
        QVERIFY(!mail::fileSources(file.fileName(), 100).isLarge());
    }

    void fromNoFile()
    {
        QTemporaryDir folder;
        QVERIFY(!mail::fileSources(folder.filePath(QStringLiteral("none")), 1)());
        QVERIFY(!mail::fileSources(folder.path(), 1)());
    }
};

QTEST_GUILESS_MAIN(TestMessageSources)
#include "tst_messagesources.moc"
