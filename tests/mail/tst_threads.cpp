#include "tests/mail/threadindex.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <limits>
#include <vector>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

qint64 middle(std::vector<qint64> times)
{
    const auto half = times.begin() + qsizetype(times.size()) / 2;
    std::nth_element(times.begin(), half, times.end());
    return *half;
}

} // namespace

class tst_Threads : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void joinsWhatBelongsTogether_data();
    void joinsWhatBelongsTogether();
    void remembersWhatIsGone();
    void forgetsWithTheLastMessage();
    void forgetsWithTheFolder();
    void countsAFloodOfReplies();
    void goesFromALongThreadAsFastAsAlone();
    void emptyFoldersGoAtOnce();
};

void tst_Threads::joinsWhatBelongsTogether_data()
{
    QTest::addColumn<QList<Letter>>("letters");
    QTest::addColumn<QByteArray>("conversations");
    const QString inboxOf, sent = QStringLiteral("Sent"), bob = QStringLiteral("bob");

    QTest::newRow("nothing in common") << QList<Letter>{{"a", {}, {}}, {"b", {}, {}}} << QByteArray("a, b");
    QTest::newRow("In-Reply-To") << QList<Letter>{{"a", {}, {}}, {"b", {}, "<a@example.org>"}}
                                 << QByteArray("a b");
    QTest::newRow("In-Reply-To of free words, with an id first") << QList<Letter>{{"a", {}, {}},
        {"b", {}, "<a@example.org> (Ann's message of Monday)"}} << QByteArray("a b");
    QTest::newRow("In-Reply-To of free words, with an address")
        << QList<Letter>{{"a", {}, "Message from <ann@example.org>"}, {"b", {}, "Mail of <ann@example.org>"}}
        << QByteArray("a, b");
    QTest::newRow("References") << QList<Letter>{{"a", {}, {}}, {"b", "a", {}}, {"c", "a b", {}}}
                                << QByteArray("a b c");
    QTest::newRow("the message between is missing")
        << QList<Letter>{{"a", {}, {}}, {"c", "a b", {}}, {"d", "b", {}}} << QByteArray("a c d");
    QTest::newRow("the parent of two is missing")
        << QList<Letter>{{"b", "a", {}}, {"c", "a", {}}} << QByteArray("b c");
    QTest::newRow("the parent comes last")
        << QList<Letter>{{"b", "a", {}}, {"c", "a", {}}, {"a", {}, {}}} << QByteArray("a b c");
    QTest::newRow("a loop") << QList<Letter>{{"a", "b", {}}, {"b", "a", {}}} << QByteArray("a b");
    QTest::newRow("a loop of three, with itself in it")
        << QList<Letter>{{"a", "a c", {}}, {"b", "b a", {}}, {"c", "c b", {}}} << QByteArray("a b c");
    QTest::newRow("one joins three") << QList<Letter>{{"a", {}, {}}, {"b", "a", {}}, {"c", {}, {}},
        {"d", {}, {}}, {"e", "d", {}}, {"f", "a c d", {}}}
                                     << QByteArray("a b c d e f");
    QTest::newRow("another subject stays in")
        << QList<Letter>{{"a", {}, {}}, {"b", "a", {}, "other (was: news)"}} << QByteArray("a b");
    QTest::newRow("one message twice")
        << QList<Letter>{{"a", {}, {}}, {"a", {}, {}, "news", QStringLiteral("alice"), sent}}
        << QByteArray("a a");
    QTest::newRow("an answer in Sent")
        << QList<Letter>{{"a", {}, {}}, {"b", "a", {}, "Re: news", QStringLiteral("alice"), sent}}
        << QByteArray("a b");
    QTest::newRow("without an id") << QList<Letter>{{{}, {}, {}}, {"b", {}, {}}}
                                   << QByteArray("1700000000, b");

    QTest::newRow("reply by its subject alone")
        << QList<Letter>{{"a", {}, {}}, {"b", {}, {}, "RE: Re[2]: AW: NEWS"}} << QByteArray("a b");
    QTest::newRow("reply by its subject, to a sent one")
        << QList<Letter>{{"a", {}, {}, "news", QStringLiteral("alice"), sent}, {"b", {}, {}, "Re: news"}}
        << QByteArray("a b");
    QTest::newRow("reply by its subject, its parent unknown")
        << QList<Letter>{{"a", {}, {}}, {"b", "x", {}, "Re: news"}} << QByteArray("a b");
    QTest::newRow("reply by its subject to the latest")
        << QList<Letter>{{"a", {}, {}}, {"b", {}, {}}, {"c", {}, {}, "Re: news"}} << QByteArray("a, b c");
    QTest::newRow("one subject, no reply")
        << QList<Letter>{{"a", {}, {}}, {"b", {}, {}, "Fwd: news"}} << QByteArray("a, b");
    QTest::newRow("a word that begins as a mark")
        << QList<Letter>{{"a", {}, {}, "port"}, {"b", {}, {}, "Report"}, {"c", {}, {}, "Re[x: port"}}
        << QByteArray("a, b, c");
    QTest::newRow("a subject of marks alone") << QList<Letter>{{"a", {}, {}, ""}, {"b", {}, {}, "Re:"},
        {"c", {}, {}, "Re: Re:"}} << QByteArray("a, b, c");
    QTest::newRow("reply by its subject, of another user")
        << QList<Letter>{{"a", {}, {}}, {"b", {}, {}, "Re: news", bob}} << QByteArray("a, b");
}

void tst_Threads::joinsWhatBelongsTogether()
{
    QFETCH(const QList<Letter>, letters);
    QFETCH(const QByteArray, conversations);
    Index index;
    QVERIFY(index.writer && index.reader);
    for (const Letter &letter : letters)
        index.add(letter);
    QCOMPARE(index.conversations(), conversations);
}

// The names of a conversation stay known while any message of it is there.
void tst_Threads::remembersWhatIsGone()
{
    Index index;
    index.add({"a", {}, {}});
    index.add({"b", "a", {}});
    index.add({"c", "b", {}});
    index.remove("b");
    index.remove("a");
    index.add({"d", "b", {}});
    index.add({"e", "a", {}});
    QCOMPARE(index.conversations(), QByteArray("c d e"));
}

void tst_Threads::forgetsWithTheLastMessage()
{
    Index index;
    index.add({"a", "x", {}});
    index.add({"b", "a", {}});
    index.remove("a");
    index.remove("b");
    index.add({"c", "x", {}});
    index.add({"d", "b", {}});
    QCOMPARE(index.conversations(), QByteArray("c, d"));
}

// A thousand replies without any reference to a thousand messages of one subject are a matter of
// milliseconds.
void tst_Threads::countsAFloodOfReplies()
{
    Index index;
    QVERIFY(index.writer->begin());
    for (int i = 0; i < 1000; ++i)
        index.add({"m" + QByteArray::number(i), {}, {}});
    for (int i = 0; i < 1000; ++i)
        index.add({"r" + QByteArray::number(i), {}, {}, "Re: news"});
    QVERIFY(index.writer->commit());
    RowQuery query = inbox();
    query.grouping = Grouping::Conversations;
    const RowPage page = index.page(query);
    QCOMPARE(page.total, 1000);
    QCOMPARE(page.messages, 2000);
    QCOMPARE(page.rows.first().conversation.messages, 1001);
    QCOMPARE(page.rows.first().conversation.unread, 1001);
}

// What has a message elsewhere stays known.
void tst_Threads::forgetsWithTheFolder()
{
    Index index;
    const QString alice = QStringLiteral("alice"), sent = QStringLiteral("Sent");
    index.add({"a", "x", {}});
    index.add({"b", "y", {}});
    index.add({"c", "y", {}, "news", alice, sent});
    index.add({"d", {}, {}});
    QVERIFY(index.writer->removeFolder(1).has_value());
    QCOMPARE(index.conversations(), QByteArray("c"));
    index.add({"e", "x", {}});
    index.add({"f", "a", {}});
    index.add({"g", "b", {}});
    QCOMPARE(index.conversations(), QByteArray("c g, e, f"));
}

// Ten thousand messages of one conversation, as a bug tracker sends them, are not read through for each of
// them that goes. Halves of many times: no pause of the machine counts.
void tst_Threads::goesFromALongThreadAsFastAsAlone()
{
    Index index;
    QVERIFY(index.writer->begin());
    for (int i = 0; i < 10'000; ++i)
        index.add({"m" + QByteArray::number(i), "root", {}});
    for (int i = 0; i < 100; ++i)
        index.add({"s" + QByteArray::number(i), {}, {}});
    std::vector<qint64> together, alone;
    for (int i = 0; i < 100; ++i) {
        QElapsedTimer timer;
        timer.start();
        index.remove("m" + QByteArray::number(i));
        together.push_back(timer.nsecsElapsed());
        timer.start();
        index.remove("s" + QByteArray::number(i));
        alone.push_back(timer.nsecsElapsed());
    }
    QVERIFY(index.writer->commit());
    QVERIFY(middle(together) < 3 * middle(alone));
}

// Whatever other folders hold: a folder with twenty others in it is renamed by emptying them all.
void tst_Threads::emptyFoldersGoAtOnce()
{
    const auto timesOf = [](Index &index) {
        std::vector<qint64> times;
        for (int i = 0; i < 20; ++i) {
            const auto folder = index.writer->addFolder({QStringLiteral("alice"), QStringLiteral("Empty")});
            QElapsedTimer timer;
            timer.start();
            if (!folder || !index.writer->removeFolder(*folder))
                return std::vector<qint64>{std::numeric_limits<qint64>::max()};
            times.push_back(timer.nsecsElapsed());
        }
        return times;
    };
    Index small, large;
    small.add({"a", {}, {}});
    QVERIFY(large.writer->begin());
    for (int i = 0; i < 10'000; ++i)
        large.add({"m" + QByteArray::number(i), "x" + QByteArray::number(i), {}});
    QVERIFY(small.writer->begin());
    QVERIFY(middle(timesOf(large)) < 10 * middle(timesOf(small)));
    QVERIFY(small.writer->commit());
    QVERIFY(large.writer->commit());
}

QTEST_MAIN(tst_Threads)
#include "tst_threads.moc"
