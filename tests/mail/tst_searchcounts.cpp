// Each shape of a search against a model that filters the same messages: what is found, how many, in which
// order, by every way that leads there. And that none of these ways goes through the whole table.
#include "mail/index/rowselection.h"
#include "mail/index/searchquery.h"
#include "tests/mail/threadindex.h"

#include <QDate>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTest>

#include <algorithm>
#include <functional>
#include <iterator>
#include <tuple>
#include <vector>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

constexpr int messages = 3000; ///< enough for words of many and of few
constexpr int pageSize = 20;

/// A message, as its number makes it: the numbers have no order in common with the dates.
struct Message
{
    int number = 0;
    qint64 row = 0; ///< in the index

    [[nodiscard]] bool isIn(int every) const { return number % every == 0; }
    [[nodiscard]] bool hasCommon() const { return !isIn(10); }
    [[nodiscard]] bool hasSome() const { return isIn(21); }
    [[nodiscard]] bool hasRare() const { return number == 7 || number == 2222; }
    [[nodiscard]] bool isUnread() const { return isIn(3); }
    [[nodiscard]] bool isFlagged() const { return isIn(50); }
    [[nodiscard]] bool isAnswered() const { return isIn(70); }
    [[nodiscard]] bool hasAttachment() const { return isIn(40); }
    [[nodiscard]] bool isSent() const { return isIn(4); }
    [[nodiscard]] bool isTagged() const { return isIn(30); }
    [[nodiscard]] qint64 size() const { return 100 + number % 2000; }
    [[nodiscard]] qint64 date() const { return start() + qint64(number) * 7919 % messages * 3600; }
    [[nodiscard]] QString sender() const
    {
        return QStringLiteral("Sender %1").arg(number % 17, 2, 10, QLatin1Char('0'));
    }
    static qint64 start() { return QDate(2026, 1, 1).startOfDay().toSecsSinceEpoch(); }
};

using Predicate = std::function<bool(const Message &)>;

enum class Where { Everywhere, Inbox };

RowQuery queryOf(const QString &search, const QString &filter, Where where)
{
    RowQuery query;
    query.searchText = search;
    query.filter = filter;
    query.limit = pageSize;
    if (where == Where::Inbox)
        query.folder = {QStringLiteral("alice"), {}};
    return query;
}

} // namespace

class SearchCountsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void findsWhatTheModelFinds_data();
    void findsWhatTheModelFinds();
    void countsLaterWhereThereMayBeMore();
    void keepsToIndexes_data();
    void keepsToIndexes();

private:
    void add(int number, qint64 inbox, qint64 sent);
    void compareInEachOrder(RowQuery query, const Predicate &meets);
    static void comparePlans(const QSqlDatabase &database, const RowQuery &query);
    [[nodiscard]] QList<qint64> expected(const RowQuery &query, const Predicate &meets) const;

    test::Index m_index;
    std::vector<Message> m_messages;
};

void SearchCountsTest::initTestCase()
{
    QVERIFY(m_index.writer && m_index.reader);
    const auto inbox = m_index.writer->addFolder({QStringLiteral("alice"), {}});
    const auto sent = m_index.writer->addFolder({QStringLiteral("alice"), QStringLiteral("Sent")});
    QVERIFY(inbox && sent);
    QVERIFY(m_index.writer->begin());
    for (int number = 1; number <= messages; ++number)
        add(number, *inbox, *sent);
    QVERIFY(m_index.writer->commit());
    QCOMPARE(int(m_messages.size()), messages);
}

void SearchCountsTest::add(int number, qint64 inbox, qint64 sent)
{
    Message message{number, 0};
    IndexFields fields;
    fields.fromName = message.sender();
    fields.fromAddress = QStringLiteral("p%1@example.org").arg(number % 17);
    fields.senders = fields.fromName + u' ' + fields.fromAddress;
    fields.subject = QStringLiteral("s%1 of them").arg(number);
    fields.date = message.date();
    fields.hasAttachments = message.hasAttachment();
    fields.messageIdField = QByteArray::number(number) + "@example.org";
    QStringList words{QStringLiteral("body")};
    if (message.hasCommon())
        words += QStringLiteral("common");
    if (message.hasSome())
        words += QStringLiteral("some");
    if (message.hasRare())
        words += QStringLiteral("rare");
    fields.body = words.join(u' ');
    MessageRow facts;
    facts.id.unique = QByteArray::number(number);
    facts.arrivedAt = message.date();
    facts.size = message.size();
    facts.sessionId = number % 100 == 0 ? QByteArray("session-1") : QByteArray("session-2");
    facts.flags.setFlag(MessageFlag::Seen, !message.isUnread());
    facts.flags.setFlag(MessageFlag::Flagged, message.isFlagged());
    facts.flags.setFlag(MessageFlag::Replied, message.isAnswered());
    if (message.isTagged())
        facts.tags = QStringList{QStringLiteral("work")};
    const qint64 folder = message.isSent() ? sent : inbox;
    QVERIFY(m_index.writer->insert(folder, "cur/" + facts.id.unique, fields, facts).value_or(false));
    const auto found = m_index.writer->find(folder, facts.id.unique);
    QVERIFY(found && *found);
    message.row = (*found)->row;
    m_messages.push_back(message);
}

QList<qint64> SearchCountsTest::expected(const RowQuery &query, const Predicate &meets) const
{
    std::vector<Message> found;
    std::copy_if(m_messages.cbegin(), m_messages.cend(), std::back_inserter(found),
        [&](const Message &one) { return meets(one) && (query.folder.user.isEmpty() || !one.isSent()); });
    const auto placeOf = [&query](const Message &one) {
        return std::tuple(query.sort == SortKey::From ? one.sender() : QString(), one.date(), one.row);
    };
    std::sort(found.begin(), found.end(), [&](const Message &a, const Message &b) {
        return query.order == Qt::AscendingOrder ? placeOf(a) < placeOf(b) : placeOf(b) < placeOf(a);
    });
    QList<qint64> rows;
    std::transform(
        found.cbegin(), found.cend(), std::back_inserter(rows), [](const Message &one) { return one.row; });
    return rows;
}

void SearchCountsTest::findsWhatTheModelFinds_data()
{
    QTest::addColumn<QString>("search");
    QTest::addColumn<Predicate>("meets");
    const auto row = [](const char *search, const Predicate &meets) {
        QTest::newRow(search) << QString::fromLatin1(search) << meets;
    };
    using M = const Message &;
    row("common ", [](M m) { return m.hasCommon(); });
    row("comm", [](M m) { return m.hasCommon(); });
    row("c", [](M m) { return m.hasCommon(); });
    row("some ", [](M m) { return m.hasSome(); });
    row("rare ", [](M m) { return m.hasRare(); });
    row("rar", [](M m) { return m.hasRare(); });
    row("missing ", [](M) { return false; });
    row("common some ", [](M m) { return m.hasCommon() && m.hasSome(); });
    row("common OR rare ", [](M m) { return m.hasCommon() || m.hasRare(); });
    row("common -some ", [](M m) { return m.hasCommon() && !m.hasSome(); });
    row("-common ", [](M m) { return !m.hasCommon(); });
    row("-rare ", [](M m) { return !m.hasRare(); });
    row("subject:s2222 ", [](M m) { return m.number == 2222; });
    row("from:\"sender 03\" ", [](M m) { return m.number % 17 == 3; });
    row("is:unread ", [](M m) { return m.isUnread(); });
    row("is:read ", [](M m) { return !m.isUnread(); });
    row("is:flagged ", [](M m) { return m.isFlagged(); });
    row("-is:flagged ", [](M m) { return !m.isFlagged(); });
    row("is:answered ", [](M m) { return m.isAnswered(); });
    row("is:draft ", [](M) { return false; });
    row("has:attachment ", [](M m) { return m.hasAttachment(); });
    row("is:unread common ", [](M m) { return m.isUnread() && m.hasCommon(); });
    row("is:flagged rare ", [](M m) { return m.isFlagged() && m.hasRare(); });
    row("is:flagged OR rare ", [](M m) { return m.isFlagged() || m.hasRare(); });
    row("is:unread OR common ", [](M m) { return m.isUnread() || m.hasCommon(); });
    row("larger:2k ", [](M m) { return m.size() > 2000; });
    row("smaller:1k common ", [](M m) { return m.size() < 1000 && m.hasCommon(); });
    row("in:sent ", [](M m) { return m.isSent(); });
    row("in:sent common ", [](M m) { return m.isSent() && m.hasCommon(); });
    row("after:2026-04 ", [](M m) { return m.date() >= QDate(2026, 4, 1).startOfDay().toSecsSinceEpoch(); });
    row("before:2026-02 common ",
        [](M m) { return m.date() < QDate(2026, 2, 1).startOfDay().toSecsSinceEpoch() && m.hasCommon(); });
    row("id:17@example.org ", [](M m) { return m.number == 17; });
    row("session:session-1 ", [](M m) { return m.isIn(100); });
    row("tag:work ", [](M m) { return m.isTagged(); });
    row("tag:work some ", [](M m) { return m.isTagged() && m.hasSome(); });
    row("(common OR is:flagged) -rare ",
        [](M m) { return (m.hasCommon() || m.isFlagged()) && !m.hasRare(); });
}

void SearchCountsTest::findsWhatTheModelFinds()
{
    QFETCH(QString, search);
    QFETCH(Predicate, meets);
    for (const Where where : {Where::Everywhere, Where::Inbox}) {
        for (const bool isFiltered : {false, true}) {
            const QString filter = isFiltered ? QStringLiteral("is:unread") : QString();
            RowQuery query = queryOf(search, filter, where);
            const Predicate all = [&meets, isFiltered](const Message &one) {
                return meets(one) && (!isFiltered || one.isUnread());
            };
            compareInEachOrder(query, all);
            query.sort = SortKey::From;
            compareInEachOrder(query, all);
            if (QTest::currentTestFailed())
                return;
        }
    }
}

void SearchCountsTest::compareInEachOrder(RowQuery query, const Predicate &meets)
{
    for (const Qt::SortOrder order : {Qt::DescendingOrder, Qt::AscendingOrder}) {
        query.order = order;
        const QList<qint64> rows = expected(query, meets);
        QCOMPARE(m_index.reader->order(query)->numbers, rows);
        for (const int offset : {0, pageSize}) {
            query.offset = offset;
            const RowPage page = m_index.page(query);
            QVERIFY(page.isCounted);
            QCOMPARE(page.total, int(rows.size()));
            QList<qint64> shown;
            for (const MessageRow &one : page.rows)
                shown += one.number;
            QCOMPARE(shown, rows.mid(offset, pageSize));
        }
    }
}

void SearchCountsTest::countsLaterWhereThereMayBeMore()
{
    RowQuery query = queryOf(QStringLiteral("common "), {}, Where::Everywhere);
    const RowPage counted = m_index.page(query);
    QVERIFY(counted.total > 2000);
    query.countsLater = true;
    RowPage page = m_index.page(query);
    QVERIFY(!page.isCounted);
    QCOMPARE(page.total, pageSize);
    QCOMPARE(page.rows, counted.rows);
    // It is asked for without rows.
    query.countsLater = false;
    query.limit = 0;
    page = m_index.page(query);
    QVERIFY(page.isCounted);
    QCOMPARE(page.total, counted.total);
    // A page with less than it may have is all there is.
    query = queryOf(QStringLiteral("rare "), {}, Where::Everywhere);
    query.countsLater = true;
    page = m_index.page(query);
    QVERIFY(page.isCounted);
    QCOMPARE(page.total, 2);
}

void SearchCountsTest::keepsToIndexes_data()
{
    QTest::addColumn<QString>("search");
    for (const char *search :
        {"common ", "c", "common OR rare ", "common -some ", "-common ", "is:unread ", "is:read ",
            "is:flagged ", "has:attachment ", "is:unread common ", "is:flagged rare ", "larger:2k ",
            "smaller:1k common ", "in:sent ", "in:sent common ", "after:2026-04 ", "before:2026-02 common ",
            "id:17@example.org ", "session:session-1 ", "tag:work ", "tag:work some "})
        QTest::newRow(search) << QString::fromLatin1(search);
}

/// Rows lie all over the file: to pass over a million of them takes seconds, over their entries in an index a
/// tenth of one.
void SearchCountsTest::keepsToIndexes()
{
    QFETCH(QString, search);
    const QString connection = QStringLiteral("plans");
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        database.setDatabaseName(m_index.folder.filePath(QStringLiteral("index.sqlite")));
        QVERIFY(database.open());
        for (const Where where : {Where::Everywhere, Where::Inbox})
            comparePlans(database, queryOf(search, {}, where));
    }
    QSqlDatabase::removeDatabase(connection);
}

void SearchCountsTest::comparePlans(const QSqlDatabase &database, const RowQuery &query)
{
    const bool isOfWords = !parseSearch(query.searchText).words.isEmpty();
    for (const Found found : {Found::Unknown, Found::Few, Found::Many}) {
        if (found != Found::Unknown && !isOfWords)
            continue; // nobody asks how many there are
        const RowSelection selection = selectionOf(query, found);
        for (const QString &statement : {QStringLiteral("SELECT count(*)") + selection.from,
                 QStringLiteral("SELECT m.id, m.thread") + selection.from + orderBy(query)}) {
            QSqlQuery plan(database);
            QVERIFY(plan.prepare(QStringLiteral("EXPLAIN QUERY PLAN ") + statement));
            for (const QVariant &value : selection.values)
                plan.addBindValue(value);
            QVERIFY(plan.exec());
            while (plan.next()) {
                const QString step = plan.value(3).toString();
                const bool isScan = step.startsWith(QLatin1String("SCAN m"));
                QVERIFY2(!isScan || step.contains(QLatin1String("COVERING INDEX")),
                    qPrintable(statement + QLatin1String(": ") + step));
            }
        }
    }
}

QTEST_MAIN(SearchCountsTest)
#include "tst_searchcounts.moc"
