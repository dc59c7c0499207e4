#include "mail/checks/clientsupport.h"
#include "mail/checks/contrast.h"

#include <QtTest>

#include <algorithm>

using namespace glasspost::mail;

/// What HTML and CSS use, and what the shipped table says of it.
class ClientSupportTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void marks_data();
    void marks();
    void marksHavePlaces();
    void everyMarkIsSeen();
    void tableIsWhole();
    void newestVersionCounts();
    void colors_data();
    void colors();
    void contrast();
};

void ClientSupportTest::marks_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QStringList>("expected");
    QTest::addColumn<QStringList>("absent");
    const auto row = [](const char *name, const QString &html, const QStringList &expected,
                         const QStringList &absent) { QTest::newRow(name) << html << expected << absent; };
    row("elements", QStringLiteral("<!doctype html><hr><video controls></video><svg><path/></svg>"),
        {QStringLiteral("doctype html"), QStringLiteral("element hr"), QStringLiteral("element video"),
            QStringLiteral("attribute controls"), QStringLiteral("element svg")},
        {QStringLiteral("element path"), QStringLiteral("comment html")});
    row("not in text, comments and scripts",
        QStringLiteral("a &lt;hr> <!-- <hr> --><script>'<hr>'</script><title><hr></title>"),
        {QStringLiteral("comment html"), QStringLiteral("element script")}, {QStringLiteral("element hr")});
    row("types, links and pictures",
        QStringLiteral("<input type=RADIO><a href='#x'></a><a href='mailto:a@b.c'></a>"
                       "<img src='https://a.test/b.WebP?x=1.gif'><img src='data:image/png;base64,AA'>"),
        {QStringLiteral("type input=radio"), QStringLiteral("link #"), QStringLiteral("link mailto"),
            QStringLiteral("image webp"), QStringLiteral("image data")},
        {QStringLiteral("image gif"), QStringLiteral("image png")});
    row("no extension", QStringLiteral("<img src='https://a.gif'><a href='#'></a>"), {},
        {QStringLiteral("image gif"), QStringLiteral("link #")});
    row("a style attribute",
        QStringLiteral("<p style='Display: FLEX; width:calc(1vh + 50%) !important; --x:1; color:var(--x)'>"),
        {QStringLiteral("property display"), QStringLiteral("value display:flex"),
            QStringLiteral("function calc"), QStringLiteral("unit vh"), QStringLiteral("unit %"),
            QStringLiteral("important"), QStringLiteral("variable"), QStringLiteral("function var")},
        {QStringLiteral("property --x"), QStringLiteral("selector type")});
    row("selectors",
        QStringLiteral("<style>div .a.b > #c + d ~ [e=':f'], *:hover::after { color: red } "
                       "li:nth-child(2n+1) {}</style>"),
        {QStringLiteral("selector type"), QStringLiteral("selector descendant"),
            QStringLiteral("selector class"), QStringLiteral("selector chaining"),
            QStringLiteral("selector >"), QStringLiteral("selector id"), QStringLiteral("selector +"),
            QStringLiteral("selector ~"), QStringLiteral("selector []"), QStringLiteral("selector ,"),
            QStringLiteral("selector *"), QStringLiteral("pseudo hover"), QStringLiteral("pseudo after"),
            QStringLiteral("pseudo nth-child"), QStringLiteral("property color")},
        {QStringLiteral("pseudo f"), QStringLiteral("nesting"), QStringLiteral("property li")});
    row("rules within rules",
        QStringLiteral(
            "<style>@import 'a.css'; /* b */ @media (prefers-color-scheme: dark) { a:hover { top: 1px } } "
            "@font-face { font-family: x; src: url(a;b) }</style>"),
        {QStringLiteral("at import"), QStringLiteral("comment css"), QStringLiteral("at media"),
            QStringLiteral("media prefers-color-scheme"), QStringLiteral("pseudo hover"),
            QStringLiteral("property top"), QStringLiteral("unit px"), QStringLiteral("at font-face"),
            QStringLiteral("property src")},
        {QStringLiteral("nesting"), QStringLiteral("property prefers-color-scheme"),
            QStringLiteral("property a")});
    row("nesting", QStringLiteral("<style>.a { color: red; .b { top: 0 } left: 0 }</style>"),
        {QStringLiteral("nesting"), QStringLiteral("property top"), QStringLiteral("property left")}, {});
    row("what is never closed", QStringLiteral("<style>a { color: rgb(1,2"),
        {QStringLiteral("property color"), QStringLiteral("function rgb")}, {});
}

void ClientSupportTest::marks()
{
    QFETCH(QString, html);
    QFETCH(QStringList, expected);
    QFETCH(QStringList, absent);
    const FeatureMarks marks = featureMarks(HtmlDocument(html));
    const QString all = QStringList(marks.keys()).join(QStringLiteral(", "));
    for (const QString &mark : expected)
        QVERIFY2(marks.contains(mark), qPrintable(mark + QStringLiteral(" is not in ") + all));
    for (const QString &mark : absent)
        QVERIFY2(!marks.contains(mark), qPrintable(mark + QStringLiteral(" is in ") + all));
}

void ClientSupportTest::marksHavePlaces()
{
    const QString html
        = QStringLiteral("<b>a</b>\n<style>\na { top: 0 }\n\nb { left: 0; top: 1 }</style>\n<b>c</b>");
    const HtmlDocument document(html);
    const FeatureMarks marks = featureMarks(document);
    QCOMPARE(marks.value(QStringLiteral("element b")).count, 2);
    QCOMPARE(document.lineAt(marks.value(QStringLiteral("element b")).begin), 1);
    QCOMPARE(marks.value(QStringLiteral("property top")).count, 2);
    QCOMPARE(document.lineAt(marks.value(QStringLiteral("property top")).begin), 3);
    QCOMPARE(document.lineAt(marks.value(QStringLiteral("property left")).begin), 5);
}

/// A word of the table that nothing here ever says would be a feature that is never found.
void ClientSupportTest::everyMarkIsSeen()
{
    static const QStringList kinds = {QStringLiteral("element"), QStringLiteral("attribute"),
        QStringLiteral("type"), QStringLiteral("image"), QStringLiteral("link"), QStringLiteral("meta"),
        QStringLiteral("doctype"), QStringLiteral("comment"), QStringLiteral("property"),
        QStringLiteral("value"), QStringLiteral("function"), QStringLiteral("unit"),
        QStringLiteral("keyword"), QStringLiteral("important"), QStringLiteral("variable"),
        QStringLiteral("at"), QStringLiteral("media"), QStringLiteral("selector"), QStringLiteral("pseudo"),
        QStringLiteral("nesting")};
    for (const ClientFeature &feature : ClientSupport::shipped().features()) {
        QVERIFY2(!feature.marks.isEmpty(), qPrintable(feature.slug));
        for (const QString &mark : feature.marks)
            QVERIFY2(kinds.contains(mark.section(u' ', 0, 0)), qPrintable(mark));
    }
}

void ClientSupportTest::tableIsWhole()
{
    const ClientSupport &support = ClientSupport::shipped();
    QVERIFY(support.features().size() >= 290);
    QVERIFY(support.clients().size() >= 40);
    QVERIFY(support.date() >= QDate(2025, 1, 1));
    QVERIFY(support.source().contains(u"caniemail.com"));
    for (const ClientFeature &feature : support.features()) {
        QVERIFY2(!feature.results.isEmpty() && !feature.title.isEmpty(), qPrintable(feature.slug));
        for (const SupportResult &result : feature.results) {
            QVERIFY(result.client >= 0 && result.client < support.clients().size());
            QVERIFY2(!result.version.isEmpty(), qPrintable(feature.slug));
        }
    }
}

void ClientSupportTest::newestVersionCounts()
{
    ClientFeature feature;
    feature.results = {{0, QStringLiteral("1"), Support::No, {}}, {0, QStringLiteral("2"), Support::Yes, {}},
        {1, QStringLiteral("1"), Support::Unknown, {}}, {2, QStringLiteral("9"), Support::InPart, {}}};
    const QList<SupportResult> newest = feature.newest();
    QCOMPARE(newest.size(), 2);
    QVERIFY(newest.at(0).support == Support::Yes && newest.at(0).version == u"2");
    QVERIFY(newest.at(1).support == Support::InPart);
}

void ClientSupportTest::colors_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    for (const auto &[text, expected] :
        {std::pair("#ABC", "#aabbcc"), std::pair(" #1a2B3c ", "#1a2b3c"), std::pair("White", "#ffffff"),
            std::pair("rgb(1, 2,300)", "#0102ff"), std::pair("rgb(1 2 3)", "#010203"),
            std::pair("rgba(1,2,3,1)", "#010203"), std::pair("rgba(1,2,3,0.5)", ""), std::pair("#12345", ""),
            std::pair("#12345678", ""), std::pair("transparent", ""), std::pair("inherit", ""),
            std::pair("", ""), std::pair("#ggg", ""), std::pair("#-12", "")})
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(expected);
}

void ClientSupportTest::colors()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto color = solidColor(text);
    QCOMPARE(color ? color->name() : QString(), expected);
}

void ClientSupportTest::contrast()
{
    const SolidColor black, white{255, 255, 255}, grey{119, 119, 119};
    QCOMPARE(contrastRatio(black, white), 21.0);
    QCOMPARE(contrastRatio(white, white), 1.0);
    QCOMPARE(QString::number(contrastRatio(white, grey), 'f', 2), QStringLiteral("4.48"));
}

QTEST_GUILESS_MAIN(ClientSupportTest)
#include "tst_clientsupport.moc"
