// The axis of a waterfall tells true times, though gaps are folded: in its ticks, and of the folds.
#include "tests/support/journeys.h"
#include "ui/message/waterfallview.h"

#include <QHelpEvent>
#include <QTest>
#include <QToolTip>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr qint64 start = test::noon * 1000;
constexpr qint64 milli = 1000;

/// 480 ms, then nothing until ten seconds after the beginning, then 110 ms.
QList<WaterfallRow> rowsWithGap()
{
    WaterfallRow first;
    first.label = QStringLiteral("Greeting");
    first.from = start;
    first.to = start + 480 * milli;
    WaterfallRow second = first;
    second.from = start + 10'000 * milli;
    second.to = second.from + 110 * milli;
    return {first, second};
}

} // namespace

class TestWaterfallAxis : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void ticksAreTrue();
    void shortGapsAreToScale();
    void foldsSayTheirLength_data();
    void foldsSayTheirLength();
};

void TestWaterfallAxis::ticksAreTrue()
{
    using Tick = FoldedAxis::Tick;
    const FoldedAxis axis(rowsWithGap());
    constexpr qint64 again = 480 * milli + 590 * milli / 25; // on the axis, behind the fold
    QCOMPARE(axis.ticks(0, axis.length(), 100 * milli),
        (QList<Tick>{{0, 0, 0}, {100 * milli, 0, 100 * milli}, {200 * milli, 0, 200 * milli},
            {300 * milli, 0, 300 * milli}, {400 * milli, 0, 400 * milli}, {again, 10'000 * milli, 0},
            {again + 100 * milli, 10'000 * milli, 100 * milli}}));
    // What begins takes the place of a tick that is too near.
    QCOMPARE(axis.ticks(0, axis.length(), 240 * milli),
        (QList<Tick>{{0, 0, 0}, {240 * milli, 0, 240 * milli}, {again, 10'000 * milli, 0}}));
    QCOMPARE(axis.ticks(again + 1, axis.length(), 50 * milli),
        (QList<Tick>{{again + 50 * milli, 10'000 * milli, 50 * milli},
            {again + 100 * milli, 10'000 * milli, 100 * milli}}));
    QCOMPARE(axis.ticks(150 * milli, 250 * milli, 100 * milli), (QList<Tick>{{200 * milli, 0, 200 * milli}}));
    QVERIFY(FoldedAxis(QList<WaterfallRow>()).ticks(0, 1, 1).isEmpty());
}

void TestWaterfallAxis::shortGapsAreToScale()
{
    QList<WaterfallRow> rows = rowsWithGap();
    rows[1].from = rows[0].to + 10 * milli;
    rows[1].to = rows[1].from + 110 * milli;
    const FoldedAxis axis(rows);
    QVERIFY(axis.folds().isEmpty());
    QCOMPARE(axis.length(), 600 * milli);
    QCOMPARE(axis.place(start + 485 * milli), 485 * milli);
    QCOMPARE(axis.ticks(0, axis.length(), 200 * milli).size(), 4);
}

void TestWaterfallAxis::foldsSayTheirLength_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::newRow("left to right") << Qt::LeftToRight;
    QTest::newRow("right to left") << Qt::RightToLeft;
}

void TestWaterfallAxis::foldsSayTheirLength()
{
    QFETCH(Qt::LayoutDirection, direction);
    WaterfallView view(rowsWithGap());
    view.setLayoutDirection(direction);
    view.resize(900, view.sizeHint().height());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QRect first = view.barOf(0);
    const QRect second = view.barOf(1);
    const bool isMirrored = direction == Qt::RightToLeft;
    const int middle = isMirrored ? (first.left() + second.right()) / 2 : (first.right() + second.left()) / 2;
    const auto showTip = [&view](const QPoint &where) {
        QHelpEvent help(QEvent::ToolTip, where, view.mapToGlobal(where));
        QVERIFY(QCoreApplication::sendEvent(&view, &help));
    };
    showTip({middle, 2});
    QVERIFY2(QToolTip::text().contains(QStringLiteral("9.5 s")), qPrintable(QToolTip::text()));
    // And it stands above the fold, in the line below the ticks.
    const int line = view.sizeHint().height() / 4;
    QCOMPARE(view.rowAt(line * 2 - 1), -1);
    QCOMPARE(view.rowAt(line * 2), 0);
    const QImage image = view.grab().toImage();
    const auto isWritten
        = [&](int x, int y) { return image.pixelColor(x, y) != view.palette().color(QPalette::Base); };
    int written = 0;
    for (int y = line; y < line * 2; ++y) {
        for (int x = middle - 10; x < middle + 10; ++x)
            written += isWritten(x, y) ? 1 : 0;
    }
    QVERIFY(written > 10);
    QToolTip::hideText();
}

QTEST_MAIN(TestWaterfallAxis)
#include "tst_waterfallaxis.moc"
