// How much of a message's pictures is decoded, whatever they are.
#include "ui/message/html/pictures.h"

#include <QBuffer>
#include <QElapsedTimer>
#include <QImage>
#include <QTest>

using namespace glasspost::ui;

namespace {

QByteArray png(const QSize &size)
{
    QImage image(size, QImage::Format_Grayscale8);
    image.fill(Qt::gray);
    QByteArray octets;
    QBuffer buffer(&octets);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return octets;
}

PictureFiles files(const QByteArray &octets, int number)
{
    PictureFiles files;
    for (int i = 0; i < number; ++i)
        files.insert(remotePictureName(i), octets);
    return files;
}

qint64 timeFor(const PictureFiles &files)
{
    QElapsedTimer clock;
    clock.start();
    (void)decoded(files);
    return clock.elapsed();
}

} // namespace

class PicturesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void allAreDecoded();
    void brokenOnesCount();
    void oneThatIsToStopDecodesNothing();
};

void PicturesTest::allAreDecoded()
{
    const PictureImages images = decoded(files(png({1000, 800}), 20));
    QCOMPARE(images.size(), 20);
    QCOMPARE(images.value(remotePictureName(7)).size(), QSize(1000, 800));
}

/// Small files that are large pictures until their last octets, which are missing: 25,000,000 pixels each,
/// within what Qt reads at all.
void PicturesTest::brokenOnesCount()
{
    QByteArray broken = png({5000, 5000});
    broken.chop(100);
    QVERIFY(broken.size() < 400000);
    QVERIFY(decoded(files(broken, 1)).isEmpty());
    const qint64 one = qMax<qint64>(1, timeFor(files(broken, 1)));
    const qint64 many = timeFor(files(broken, 60));
    QVERIFY2(many < 15 * one, qPrintable(QStringLiteral("%1 ms, one %2 ms").arg(many).arg(one)));
}

void PicturesTest::oneThatIsToStopDecodesNothing()
{
    std::stop_source stop;
    const PictureFiles some = files(png({100, 100}), 3);
    QCOMPARE(decoded(some, stop.get_token()).size(), 3);
    stop.request_stop();
    QVERIFY(decoded(some, stop.get_token()).isEmpty());
}

QTEST_MAIN(PicturesTest)
#include "tst_pictures.moc"
