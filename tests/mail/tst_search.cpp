// What a person types into a search: its grammar, its values, and that nothing typed is more than data.
#include "mail/index/searchhits.h"
#include "mail/index/searchquery.h"
#include "mail/index/searchtree.h"
#include "mail/index/searchvalues.h"

#include <QRandomGenerator>
#include <QTest>

using namespace glasspost::mail;

namespace {

QString nameOf(SearchField field)
{
    for (const SearchOperator &one : searchOperators())
        if (one.field == field)
            return one.name + u':';
    return {};
}

/// The tree on one line: [a b] all of them, {a b} any of them, -a not, a* a prefix.
QString textOf(const SearchNode &node)
{
    if (node.kind == SearchNode::Kind::Term)
        return nameOf(node.term.field) + node.term.text + QLatin1String(node.term.isPrefix ? "*" : "");
    QStringList children;
    for (const SearchNode &child : node.children)
        children += textOf(child);
    const QString inner = children.join(u' ');
    if (node.kind == SearchNode::Kind::Not)
        return u'-' + inner;
    return node.kind == SearchNode::Kind::All ? u'[' + inner + u']' : u'{' + inner + u'}';
}

int depthOf(const SearchNode &node)
{
    int deepest = 0;
    for (const SearchNode &child : node.children)
        deepest = qMax(deepest, depthOf(child));
    return deepest + 1;
}

QString textOf(const QList<SearchNotice> &notices)
{
    QStringList texts;
    for (const SearchNotice &notice : notices) {
        const QChar kind = notice.kind == SearchNotice::Kind::UnknownOperator ? u'?'
            : notice.kind == SearchNotice::Kind::UnknownValue                 ? u'='
                                                                              : u'>';
        texts += kind + notice.text;
    }
    return texts.join(u' ');
}

} // namespace

class TestSearch : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void saysWhatItDoesNotKnow_data();
    void saysWhatItDoesNotKnow();
    void readsDays_data();
    void readsDays();
    void readsSizes_data();
    void readsSizes();
    void isBounded_data();
    void isBounded();
    void takesAnything();
    void lights_data();
    void lights();
};

void TestSearch::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("tree");
    const auto row = [](const char *text, const char *tree) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(tree);
    };
    row("", "[]");
    row("   ", "[]");
    row("invoice", "invoice*");
    row("invoice ", "invoice");
    row("one two", "[one two*]");
    row("one AND two ", "[one two]");
    row("\"one two\"", "one two");
    row("\"one two", "one two");
    row("inv* two ", "[inv** two]");
    // OR joins less than standing side by side does.
    row("a b OR c d ", "{[a b] [c d]}");
    row("a (b OR c) d ", "[a {b c} d]");
    row("a or b ", "[a or b]");
    row("(a OR b", "{a b*}");
    row("((a) ", "a");
    row("a) ", "a)");
    row("f(x) ", "f(x)");
    row("(f(x) y) ", "[f(x y)]");
    // Not.
    row("-a ", "-a");
    row("--a ", "a");
    row("NOT a ", "-a");
    row("-(a OR b) c ", "[-{a b} c]");
    row("-\"a b\" ", "-a b");
    row("a-b ", "a-b");
    row("a - b ", "[a b]");
    row("a -", "a");
    // What is not finished asks for nothing yet.
    row("a OR", "{a []}");
    row("a AND ", "a");
    row("a NOT ", "a");
    row("a from:", "a");
    row("()", "[]");
    row("a -() ", "a");
    // An operator word with nothing to join.
    row("OR a ", "[OR a]");
    row("AND ", "AND");
    row("a OR OR b ", "{a [OR b]}");
    row("from: AND b ", "b");
    // Operators.
    row("from:ann ", "from:ann");
    row("FROM:Ann", "from:Ann*");
    row("-from:ann ", "-from:ann");
    row("subject:\"a b\" c ", "[subject:a b c]");
    row("from:\"ann", "from:ann");
    row("from: ann ", "ann");
    row("from:(ann OR bob) ", "{from:ann from:bob}");
    row("from:(ann cc:bob (eve)) ", "[from:ann cc:bob from:eve]");
    row("(from:ann)", "from:ann");
    row("envelope-to:a@b.c ", "envelope-to:a@b.c");
    row("re:x ", "re:x");
    row("a\tb\nc ", "[a b c]");
}

void TestSearch::reads()
{
    QFETCH(QString, text);
    QFETCH(QString, tree);
    QCOMPARE(textOf(readSearch(text).root), tree);
}

void TestSearch::saysWhatItDoesNotKnow_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("notices");
    const auto row = [](const char *text, const char *notices) { QTest::newRow(text) << text << notices; };
    row("from:ann has:attachment is:unread before:2026 larger:1M", "");
    row("sender:ann", "?sender");
    row("a OR (foo:bar)", "?foo");
    row("before:soon", "=before:soon");
    row("-is:pretty", "=is:pretty");
    row("before:..2026", "=before:..2026");
    row("date:2026-13", "=date:2026-13");
    row("larger:huge", "=larger:huge");
    row("has:x is:un", "=has:x");
    row("is:un ", "=is:un"); // it does not go on
    // No operators are meant.
    row("https://example.org C:\\file 12:30 Note: this", "");
}

void TestSearch::saysWhatItDoesNotKnow()
{
    QFETCH(QString, text);
    QFETCH(QString, notices);
    const SearchQuery query = parseSearch(text);
    QCOMPARE(textOf(query.notices), notices);
    QVERIFY(!query.where.isEmpty());
}

void TestSearch::readsDays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QDate>("first");
    QTest::addColumn<QDate>("end");
    const auto row = [](const char *text, const char *first, const char *end) {
        QTest::newRow(text) << text << QDate::fromString(QLatin1String(first), Qt::ISODate)
                            << QDate::fromString(QLatin1String(end), Qt::ISODate);
    };
    row("2026-11-23", "2026-11-23", "2026-11-24");
    row("2026-2-3", "2026-02-03", "2026-02-04");
    row("2026-02", "2026-02-01", "2026-03-01");
    row("2026", "2026-01-01", "2027-01-01");
    row("Today", "2026-03-31", "2026-04-01");
    row("yesterday", "2026-03-30", "2026-03-31");
    row("0d", "2026-03-31", "2026-04-01");
    row("7d", "2026-03-24", "2026-03-25");
    row("2w", "2026-03-17", "2026-03-18");
    row("1m", "2026-02-28", "2026-03-01");
    row("1Y", "2025-03-31", "2025-04-01");
    row("2026-01..2026-02-10", "2026-01-01", "2026-02-11");
    row("2025..2025", "2025-01-01", "2026-01-01");
    row("7d..", "2026-03-24", "");
    row("..2025", "", "2026-01-01");
    for (const char *text :
        {"", "..", "soon", "2026-13", "2026-00", "2026-02-30", "0000", "9999", "99999", "2026-", "2026-1-",
            "2026..soon", "..soon", "7", "7x", "-7d", "99999d", "9999y", "2026-11-23T10"})
        row(text, "", "");
}

void TestSearch::readsDays()
{
    QFETCH(QString, text);
    QFETCH(QDate, first);
    QFETCH(QDate, end);
    const auto days = readDays(text, QDate(2026, 3, 31));
    QCOMPARE(days.has_value(), first.isValid() || end.isValid());
    if (days)
        QCOMPARE(*days, (SearchDays{first, end}));
}

void TestSearch::readsSizes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("octets");
    const auto row = [](const char *text, qint64 octets) { QTest::newRow(text) << text << octets; };
    row("0", 0);
    row("300", 300);
    row("10k", 10'000);
    row("10KB", 10'000);
    row("1.5M", 1'500'000);
    row("0.1k", 100);
    row("2 GB", 2'000'000'000);
    row("999999999999G", 9'000'000'000'000'000'000);
    for (const char *text : {"", "k", "1.", ".5M", "-1", "1T", "1e3", "1,5M", "0x10"})
        row(text, -1);
}

void TestSearch::readsSizes()
{
    QFETCH(QString, text);
    QFETCH(qint64, octets);
    QCOMPARE(readSize(text).value_or(-1), octets);
}

void TestSearch::isBounded_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isCut");
    const auto many = [](const char *piece, int count) { return QString::fromLatin1(piece).repeated(count); };
    QTest::newRow("as many terms as there may be") << many("a ", mostSearchTerms) << false;
    QTest::newRow("one more") << many("a ", mostSearchTerms + 1) << true;
    QTest::newRow("many in turn") << many("a -b OR ", 100'000) << true;
    QTest::newRow("brackets") << many("(", 100'000) + QLatin1Char('a') + many(")", 100'000) << false;
    QTest::newRow("brackets of nots") << many("-(a OR ", 100'000) << true;
    QTest::newRow("brackets with a field") << many("from:(", 100'000) + QLatin1Char('a') << false;
    QTest::newRow("nots") << many("-", 100'001) + QLatin1Char('a') << false;
    QTest::newRow("a long word") << many("a", 1'000'000) << false;
}

void TestSearch::isBounded()
{
    QFETCH(QString, text);
    QFETCH(bool, isCut);
    const SearchTree tree = readSearch(text);
    QVERIFY(depthOf(tree.root) <= 3 * (deepestSearch + 1) + 1);
    const SearchNotice cut{SearchNotice::Kind::TooLong, {}};
    QCOMPARE(tree.notices, isCut ? QList<SearchNotice>{cut} : QList<SearchNotice>());
    const SearchQuery query = parseSearch(text);
    QCOMPARE(query.where.count(u'?'), query.values.size());
}

void TestSearch::takesAnything()
{
    const QStringList pieces{QStringLiteral("("), QStringLiteral(")"), QStringLiteral("\""),
        QStringLiteral("-"), QStringLiteral(" "), QStringLiteral("OR "), QStringLiteral("AND "),
        QStringLiteral("NOT "), QStringLiteral("from:"), QStringLiteral("before:"), QStringLiteral("is:"),
        QStringLiteral("in:"), QStringLiteral("larger:"), QStringLiteral("id:"), QStringLiteral("a"),
        QStringLiteral("2026"), QStringLiteral("unread"), QStringLiteral("*"), QStringLiteral("'"),
        QStringLiteral("?"), QString(QChar(0)), QString(QChar(0xD800)), QStringLiteral("\U0001F600"),
        QStringLiteral("邮件"), QStringLiteral("..")};
    QRandomGenerator random(13);
    for (int i = 0; i < 20'000; ++i) {
        QString text;
        for (int j = random.bounded(20); j > 0; --j)
            text += pieces.at(random.bounded(int(pieces.size())));
        SearchQuery query = parseSearch(text);
        query.where.remove(QLatin1String("'.'"));
        QVERIFY2(query.where.count(u'?') == query.values.size(), qPrintable(text));
        QVERIFY2(query.where.count(u'(') == query.where.count(u')'), qPrintable(text));
        QVERIFY2(!query.where.contains(u'\''), qPrintable(text));
    }
}

void TestSearch::lights_data()
{
    QTest::addColumn<QString>("search");
    QTest::addColumn<QString>("lit"); // between [ and ], in a body
    const auto row = [](const char *search, const char *lit) {
        QTest::newRow(search) << QString::fromUtf8(search) << QString::fromUtf8(lit);
    };
    row("invoice ", "The [Invoice], two invoices");
    row("invoi", "The [Invoice], two [invoices]");
    row("inv* x ", "The [Invoice] of [x]");
    row("cafe ", "a [Café] and a [Cafe\u0301], no cafeteria");
    row("CAF\u00C9", "a [cafe] and a [cafeteria]");
    row("\"two three\"", "one [two, three] two four three");
    row("a@b.c ", "write to <[a@b.c]> or a@b");
    row("(two OR \"two three\") ", "[two three] [two]");
    row("メール ", "今日は新しい[メール]が届きました。");
    row("😀 ", "done[😀]!");
    row("done ", "[done]😀!");
    row("body:two subject:three ", "[two] three");
    row("one -two -(three OR four) ", "[one] two three four");
    row("-(one -two) ", "one two");
    row("is:unread larger:5 ", "is unread larger 5");
    row("", "nothing at all");
}

void TestSearch::lights()
{
    QFETCH(QString, search);
    QFETCH(QString, lit);
    const QString text = QString(lit).remove(u'[').remove(u']');
    QString shown;
    qsizetype at = 0;
    for (const TextSpan &span : SearchHits(search).in(text, {SearchField::Body})) {
        shown += text.sliced(at, span.begin - at) + u'[' + text.sliced(span.begin, span.length) + u']';
        at = span.begin + span.length;
    }
    QCOMPARE(shown + text.sliced(at), lit);
}

QTEST_APPLESS_MAIN(TestSearch)
#include "tst_search.moc"
