// The rows of what is selected in a list of any length: found again by their numbers, whatever the order, at
// a cost that the GUI thread can bear.
#include "ui/mailbox/roworder.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int many = 300'000;
constexpr qint64 newest = std::numeric_limits<qint64>::max();

/// A list sorted by a column that has nothing to do with the arrival.
QList<qint64> shuffled(int count)
{
    QList<qint64> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 1);
    std::shuffle(numbers.begin(), numbers.end(), std::mt19937(7)); // NOLINT: the same each time
    return numbers;
}

/// The shortest of some runs, in nanoseconds.
template <typename Work> qint64 fastest(Work work)
{
    qint64 best = std::numeric_limits<qint64>::max();
    for (int run = 0; run < 3; ++run) {
        QElapsedTimer clock;
        clock.start();
        work();
        best = std::min(best, clock.nsecsElapsed());
    }
    return best;
}

} // namespace

class TestRowSelection : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void holdsAnyNumbers_data()
    {
        QTest::addColumn<QList<qint64>>("numbers");
        const auto row = [](const char *tag, const QList<qint64> &numbers) { QTest::newRow(tag) << numbers; };
        row("T45 none", {});
        row("T45 one", {1});
        row("T45 one twice", {7, 7});
        row("T45 at the edges of words and blocks", {63, 64, 65, 4095, 4096, 4097, 8192});
        row("T45 downwards", {9000, 5, 4, 1});
        // As an index has them that somebody edited.
        row("F12 far apart", {1, qint64(1) << 40, newest - 1, newest});
        row("F12 below zero", {0, -1, -64, -4096, -4097, std::numeric_limits<qint64>::min()});
    }
    void holdsAnyNumbers()
    {
        QFETCH(const QList<qint64>, numbers);
        const NumberSet set(numbers);
        QList<qint64> expected = numbers;
        std::sort(expected.begin(), expected.end());
        expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
        QCOMPARE(set.sorted(), expected);
        QCOMPARE(set.size(), int(expected.size()));
        QCOMPARE(set.isEmpty(), expected.isEmpty());
        for (const qint64 number : expected) {
            QVERIFY(set.contains(number));
            if (number < newest)
                QCOMPARE(set.contains(number + 1), expected.contains(number + 1));
        }
        QVERIFY(!set.contains(12345));
    }

    void findsRows_data()
    {
        QTest::addColumn<QList<int>>("starts");
        QTest::addColumn<QList<qint64>>("looked");
        QTest::addColumn<QList<int>>("ends"); // first and last of each range
        QTest::addColumn<QList<qint64>>("found");
        // Eight messages, 8 to 1; grouped they are 8 7, 6, 5 4 3, 2 1.
        const QList<int> each, grouped{0, 2, 3, 6};
        QTest::newRow("T65 none") << each << QList<qint64>{} << QList<int>{} << QList<qint64>{};
        QTest::newRow("T65 others alone") << each << QList<qint64>{9, 20} << QList<int>{} << QList<qint64>{};
        QTest::newRow("T65 all") << each << QList<qint64>{1, 2, 3, 4, 5, 6, 7, 8} << QList<int>{0, 7}
                                 << QList<qint64>{1, 2, 3, 4, 5, 6, 7, 8};
        QTest::newRow("T65 two ranges, one gone")
            << each << QList<qint64>{8, 7, 3, 99} << QList<int>{0, 1, 5, 5} << QList<qint64>{3, 7, 8};
        QTest::newRow("T65 conversations")
            << grouped << QList<qint64>{7, 6, 1} << QList<int>{0, 1, 3, 3} << QList<qint64>{1, 6, 7};
        QTest::newRow("T65 one message of a conversation")
            << grouped << QList<qint64>{4} << QList<int>{2, 2} << QList<qint64>{4};
    }
    void findsRows()
    {
        QFETCH(const QList<int>, starts);
        QFETCH(const QList<qint64>, looked);
        QFETCH(const QList<int>, ends);
        QFETCH(const QList<qint64>, found);
        const RowOrder rows({1, {8, 7, 6, 5, 4, 3, 2, 1}, starts}, newest);
        const FoundRows those = rows.rowsOf(NumberSet(looked));
        QList<int> flat;
        for (const RowRange &range : those.ranges)
            flat << range.first << range.last;
        QCOMPARE(flat, ends);
        QCOMPARE(those.numbers.sorted(), found);
        QCOMPARE(rows.rowOfAny(NumberSet(looked)), ends.value(0, -1));
    }

    void whatCameSinceHasNoRow_data()
    {
        QTest::addColumn<QList<int>>("starts");
        QTest::addColumn<int>("rowCount");
        QTest::newRow("T45 each a row") << QList<int>{} << 4;
        QTest::newRow("T45 conversations") << QList<int>{0, 1, 3} << 2;
    }
    void whatCameSinceHasNoRow()
    {
        QFETCH(const QList<int>, starts);
        QFETCH(const int, rowCount);
        const RowOrder rows({1, {6, 4, 5, 3, 2, 1}, starts}, 4); // 6 alone; 4 5; 3 2 1
        QCOMPARE(rows.rowCount(), rowCount);
        QCOMPARE(rows.numbers(0, rowCount - 1), (QList<qint64>{4, 3, 2, 1}));
        QCOMPARE(rows.rowOf(3), 1);
        QCOMPARE(rows.rowOf(6), -1);
    }

    // Each refresh finds all of them again. To sort the numbers and to search for each is what it shall not
    // cost.
    void manyTakeNoSearch_data()
    {
        QTest::addColumn<int>("inOne");
        QTest::newRow("T65 each a row") << 1;
        QTest::newRow("T65 conversations of four") << 4;
    }
    void manyTakeNoSearch()
    {
        QFETCH(const int, inOne);
        mail::RowOrder order{1, shuffled(many), {}};
        for (int start = 0; inOne > 1 && start < many; start += inOne)
            order.starts.append(start);
        const RowOrder rows(order, many);
        FoundRows found;
        const qint64 byBits = fastest([&] { found = rows.rowsOf(NumberSet(order.numbers)); });
        QCOMPARE(found.ranges, (QList<RowRange>{{0, many / inOne - 1}}));
        QCOMPARE(found.numbers.size(), many);
        qsizetype count = 0;
        const qint64 bySearch = fastest([&] {
            QList<qint64> sorted = order.numbers;
            std::sort(sorted.begin(), sorted.end());
            count = std::count_if(order.numbers.cbegin(), order.numbers.cend(), [&sorted](qint64 number) {
                return std::binary_search(sorted.cbegin(), sorted.cend(), number);
            });
        });
        QCOMPARE(count, many);
        QVERIFY2(byBits < bySearch,
            qPrintable(QStringLiteral("%1 ns, by search %2 ns").arg(byBits).arg(bySearch)));
    }
};

QTEST_MAIN(TestRowSelection)
#include "tst_rowselection.moc"
