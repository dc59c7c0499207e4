#include "tests/mail/threadindex.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

/// Forty conversations of all sizes in one folder, mixed; each message is named NUMBER-CONVERSATION.
void fill(Index &index)
{
    QRandomGenerator chance(13);
    QHash<int, QByteArray> firsts;
    for (int number = 0; number < 200; ++number) {
        const int conversation = int(chance.bounded(40)) * int(chance.bounded(2));
        const QByteArray name = QByteArray::number(number) + '-' + QByteArray::number(conversation);
        const QByteArray first = firsts.value(conversation);
        if (first.isEmpty())
            firsts.insert(conversation, name);
        const QByteArray subject = "subject " + QByteArray::number(chance.bounded(30));
        index.add({name, first, {}, subject}, chance.bounded(2) == 0 ? MessageFlag::Seen : MessageFlags());
    }
}

QByteArray conversationOf(const MessageRow &row)
{
    return row.id.unique.mid(row.id.unique.indexOf('-'));
}

/// Of a list without conversations the first row of each of them.
QList<QByteArray> firstOfEach(const QList<MessageRow> &rows)
{
    QList<QByteArray> names;
    QSet<QByteArray> seen;
    for (const MessageRow &row : rows) {
        if (!seen.contains(conversationOf(row)))
            names += row.id.unique;
        seen.insert(conversationOf(row));
    }
    return names;
}

QList<QByteArray> namesOf(const QList<MessageRow> &rows)
{
    QList<QByteArray> names;
    for (const MessageRow &row : rows)
        names += row.id.unique;
    return names;
}

} // namespace

class tst_Conversations : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void groupsInEveryOrder_data();
    void groupsInEveryOrder();
    void unfolds();
    void seesWhatChanged();
    void readsAnyPage_data();
    void readsAnyPage();
    void cleanupTestCase() { m_filled.reset(); } // its connections need the application

private:
    std::unique_ptr<Index> m_filled;
};

void tst_Conversations::groupsInEveryOrder_data()
{
    QTest::addColumn<SortKey>("sort");
    QTest::addColumn<Qt::SortOrder>("order");
    QTest::addColumn<QString>("search");
    QTest::addColumn<QString>("filter");
    for (int key = 0; key <= int(SortKey::Tags); ++key) {
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            const QByteArray name
                = "by " + QByteArray::number(key) + (order == Qt::AscendingOrder ? " up" : " down");
            QTest::newRow(name.constData()) << SortKey(key) << order << QString() << QString();
            QTest::newRow((name + ", unread").constData())
                << SortKey(key) << order << QString() << QStringLiteral("is:unread");
            QTest::newRow((name + ", search").constData())
                << SortKey(key) << order << QStringLiteral("subject:1*") << QString();
        }
    }
}

// A grouped list is the plain one without those that come behind another of their conversation.
void tst_Conversations::groupsInEveryOrder()
{
    QFETCH(const SortKey, sort);
    QFETCH(const Qt::SortOrder, order);
    QFETCH(const QString, search);
    QFETCH(const QString, filter);
    if (!m_filled) {
        m_filled = std::make_unique<Index>();
        fill(*m_filled);
    }
    const Index &index = *m_filled;
    RowQuery query = inbox();
    query.sort = sort;
    query.order = order;
    query.searchText = search;
    query.filter = filter;
    const RowPage plain = index.page(query);
    query.grouping = Grouping::Conversations;
    const RowPage grouped = index.page(query);
    QCOMPARE(namesOf(grouped.rows), firstOfEach(plain.rows));
    QCOMPARE(grouped.total, int(grouped.rows.size()));
    QCOMPARE(grouped.messages, plain.total);
    QVERIFY(plain.total > grouped.total);

    // Each row knows those of its conversation, in order, and how many are unread.
    for (const MessageRow &row : grouped.rows) {
        QList<qint64> members;
        int unread = 0;
        for (const MessageRow &other : plain.rows) {
            if (conversationOf(other) != conversationOf(row))
                continue;
            members += other.number;
            unread += other.flags.testFlag(MessageFlag::Seen) ? 0 : 1;
        }
        QCOMPARE(QList<qint64>{row.number} + row.conversation.others, members);
        QCOMPARE(row.conversation.messages, int(members.size()));
        QCOMPARE(row.conversation.unread, members.size() > 1 ? unread : 0);
    }
}

void tst_Conversations::unfolds()
{
    Index index;
    for (const Letter &letter : {Letter{"a", {}, {}}, Letter{"x", {}, {}}, Letter{"b", "a", {}},
             Letter{"y", {}, {}}, Letter{"c", "b", {}}})
        index.add(letter);
    RowQuery query = inbox();
    query.grouping = Grouping::Conversations;
    const RowPage folded = index.page(query);
    QCOMPARE(namesOf(folded.rows), (QList<QByteArray>{"c", "y", "x"}));
    query.unfolded = {folded.rows.first().conversation.thread, 12345};
    const RowPage page = index.page(query);
    QCOMPARE(namesOf(page.rows), (QList<QByteArray>{"c", "b", "a", "y", "x"}));
    QCOMPARE(page.total, 5);
    const QList<bool> below{false, true, true, false, false}, unfolded{true, true, true, false, false};
    for (int row = 0; row < 5; ++row) {
        QCOMPARE(page.rows[row].conversation.isBelow, below[row]);
        QCOMPARE(page.rows[row].conversation.isUnfolded, unfolded[row]);
        QVERIFY(page.rows[row].conversation.others.isEmpty());
        QCOMPARE(page.rows[row].conversation.messages, row < 3 ? 3 : 1);
    }
    const auto order = index.reader->order(query);
    QVERIFY(order.has_value());
    QCOMPARE(order->starts, (QList<int>{0, 1, 2, 3, 4}));
}

// What is kept of a list from one page to the next is not kept over a change.
void tst_Conversations::seesWhatChanged()
{
    Index index;
    index.add({"a", {}, {}});
    index.add({"b", {}, {}});
    RowQuery query = inbox();
    query.grouping = Grouping::Conversations;
    QCOMPARE(index.page(query).total, 2);
    index.add({"c", "a b", {}});
    QCOMPARE(index.page(query).total, 1);
    index.remove("c");
    QCOMPARE(index.page(query).messages, 2);
    query.filter = QStringLiteral("subject:other");
    QCOMPARE(index.page(query).messages, 0);
    query.filter.clear();
    query.order = Qt::AscendingOrder;
    QCOMPARE(namesOf(index.page(query).rows), QList<QByteArray>{"a"});
}

void tst_Conversations::readsAnyPage_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 20; ++seed)
        QTest::addRow("%u", seed) << seed;
}

// Whatever is unfolded: pages of any size, put together, are the rows; and the order has them all.
void tst_Conversations::readsAnyPage()
{
    QFETCH(const quint32, seed);
    QRandomGenerator chance(seed);
    std::vector<ConversationList::Message> messages;
    for (qint64 number = 1; number <= 120; ++number)
        messages.push_back({number * 3, qint64(chance.bounded(2) * chance.bounded(1, 30))});
    QSet<qint64> unfolded;
    for (qint64 thread = 1; thread < 30; ++thread) {
        if (chance.bounded(3) == 0)
            unfolded.insert(thread);
    }
    const ConversationList list(messages);

    QList<qint64> expected;
    QSet<qint64> done;
    for (const auto &[number, thread] : messages) {
        if (thread == 0 || !done.contains(thread))
            expected += number;
        if (thread != 0 && !done.contains(thread) && unfolded.contains(thread)) {
            for (const auto &[other, its] : messages) {
                if (its == thread && other != number)
                    expected += other;
            }
        }
        done.insert(thread);
    }
    QCOMPARE(list.rowCount(unfolded), int(expected.size()));
    for (const int size : {1, 7, 50, 1000}) {
        QList<qint64> read;
        for (int offset = 0; offset < expected.size(); offset += size) {
            for (const ConversationList::Row &row : list.rows(unfolded, offset, size))
                read += row.number;
        }
        QCOMPARE(read, expected);
    }
    const RowOrder order = list.order(unfolded);
    QCOMPARE(order.numbers.size(), qsizetype(messages.size()));
    QCOMPARE(order.starts.size(), expected.size());
    const QList<ConversationList::Row> rows = list.rows(unfolded, 0, 1000);
    for (qsizetype row = 0; row < rows.size(); ++row) {
        const qsizetype end = row + 1 < rows.size() ? order.starts[row + 1] : order.numbers.size();
        QCOMPARE(order.numbers.mid(order.starts[row], end - order.starts[row]),
            QList<qint64>{rows[row].number} + rows[row].conversation.others);
    }
}

QTEST_MAIN(tst_Conversations)
#include "tst_conversations.moc"
