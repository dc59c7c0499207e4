#include "tests/mail/threadindex.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

/// Pages of a list, read one after another by one connection while another one writes.
class IndexPagesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eachCountsWhatIsThereThen();
    void eachListHasItsOwnCount();
    void aRowHasThePlaceWhereItMatched();
};

void IndexPagesTest::eachCountsWhatIsThereThen()
{
    test::Index index;
    QVERIFY(index.writer && index.reader);
    index.add({"a", {}, {}});
    index.add({"b", {}, {}});
    RowQuery query = test::inbox();
    query.limit = 1;
    QCOMPARE(index.page(query).total, 2);
    query.offset = 1;
    QCOMPARE(index.page(query).total, 2);
    index.add({"c", {}, {}});
    QCOMPARE(index.page(query).total, 3);
    index.remove("a");
    index.remove("b");
    query.offset = 0;
    QCOMPARE(index.page(query).total, 1);
}

void IndexPagesTest::eachListHasItsOwnCount()
{
    test::Index index;
    QVERIFY(index.writer && index.reader);
    index.add({"a", {}, {}, "news"});
    index.add({"b", {}, {}, "other"}, MessageFlag::Seen);
    index.add({"c", {}, {}, "news", QStringLiteral("alice"), QStringLiteral("Sent")});
    RowQuery query = test::inbox();
    QCOMPARE(index.page(query).total, 2);
    query.filter = QStringLiteral("is:unread");
    QCOMPARE(index.page(query).total, 1);
    query.filter.clear();
    query.folder.folder = QStringLiteral("Sent");
    QCOMPARE(index.page(query).total, 1);
    query.folder = {};
    query.searchText = QStringLiteral("hello");
    QCOMPARE(index.page(query).total, 3);
    QCOMPARE(index.page(test::inbox()).total, 2);
}

void IndexPagesTest::aRowHasThePlaceWhereItMatched()
{
    test::Index index;
    QVERIFY(index.writer && index.reader);
    index.add({"a", {}, {}, "newsletter one"});
    index.add({"b", {}, {}, "no word of it"});
    index.add({"c", {}, {}, "newspaper two"});
    index.add({"d", {}, {}, "the news"});
    RowQuery query;
    query.searchText = QStringLiteral("subject:news*");
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        query.order = order;
        const RowPage page = index.page(query);
        QCOMPARE(page.rows.size(), 3);
        for (const MessageRow &row : page.rows)
            QCOMPARE(row.snippet, row.subject);
    }
}

QTEST_MAIN(IndexPagesTest)
#include "tst_indexpages.moc"
