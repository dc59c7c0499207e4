#include "mail/message/csscleaner.h"
#include "mail/message/htmlcleaner.h"
#include "mail/message/messagereader.h"
#include "tests/support/waysout.h"

#include <QRegularExpression>
#include <QTest>

#include <ctime>

using namespace glasspost::mail;

namespace {

/// Every picture goes by the same name.
QString anyPicture(const QString &reference)
{
    return reference.isEmpty() ? QString() : QStringLiteral("remote:0");
}

QString noPicture(const QString &)
{
    return {};
}

HtmlPage pageOf(const QString &html, const QSet<QString> &contentIds = {})
{
    HtmlPage page;
    cleanInto(page, html, contentIds);
    return page;
}

} // namespace

class TestHtmlCleaning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleansDeclarations_data();
    void cleansDeclarations();
    void cleansStyleSheets_data();
    void cleansStyleSheets();
    void keepsWhatTheSchemeAsksFor();
    void namesPictures_data();
    void namesPictures();
    void leavesNothingToFetch_data();
    void leavesNothingToFetch();
    void keepsWhatIsSeen();
    void keepsEmbeddedPictures();
    void isLinear_data();
    void isLinear();
};

void TestHtmlCleaning::cleansDeclarations_data()
{
    QTest::addColumn<QString>("style");
    QTest::addColumn<QString>("clean");
    const auto row = [](const char *name, const char16_t *style, const char16_t *clean) {
        QTest::newRow(name) << QString::fromUtf16(style) << QString::fromUtf16(clean);
    };
    row("colour and length", u"color: RED; Margin:0 auto", u"color:RED;margin:0 auto;");
    row("important", u"color:#fff !important", u"color:#fff!important;");
    row("direction", u"direction: rtl; unicode-bidi: bidi-override", u"direction:rtl;");
    row("negative and fractions", u"margin:-4.50px .5em", u"margin:-4.5px 0.5em;");
    row("font families", u"font-family:\"Helvetica Neue\",Arial,sans-serif",
        u"font-family:'Helvetica Neue',Arial,sans-serif;");
    row("font in short", u"font:italic 700 12px/1.5 Arial", u"font:italic bold 12px/1.5 Arial;");
    row("weights", u"font-weight:900;font-weight:600;font:800 12px x",
        u"font-weight:bold;font-weight:bold;font:bold 12px x;");
    row("colours by their parts", u"color:rgb(10% 20% 30% / 50%);background:rgba(300,-1,2.4,.25)",
        u"color:rgba(26,51,77,0.5);background:rgba(255,0,2,0.25);");
    row("a gradient leaves the colour before it", u"background:#eee;background:linear-gradient(red,blue)",
        u"background:#eee;");
    row("a gradient is its first colour", u"background:linear-gradient(to right,#0f766e 0%,rgba(1,2,3,.5))",
        u"background:#0f766e;");
    row("a gradient behind a colour", u"background:#123456 radial-gradient(#000,rgb(9,9,9))",
        u"background:#123456;");
    row("F20 a url in a gradient", u"background:linear-gradient(#fff,url(http://x/),url('x'))",
        u"background:#fff;");
    row("heights of an x", u"margin:0 0 0 .8ex;padding-left:1EX", u"margin:0 0 0 0.4em;padding-left:0.5em;");
    row("no line", u"border:none;border-top:none;border-style:none;",
        u"border:0 none;border-top:0 none;border-style:none;");
    row("boxes that are not known", u"display:flow-root;display:ruby;display:contents", u"display:block;");
    row("flexible boxes", u"display:flex;gap:16px;flex:1 1 200px;justify-content:space-between;order:-1",
        u"display:flex;gap:16px;flex:1 1 200px;justify-content:space-between;order:-1;");
    row("a grid", u"display:inline-grid;grid-template-columns:repeat( auto-fit , minmax(180px,1fr) ) 2fr",
        u"display:inline-grid;grid-template-columns:repeat( auto-fit , minmax(180px,1fr) ) 2fr;");
    row("T91 the tracks of a grid", u"grid-template-rows:repeat(101,1px);grid-row:-101;grid-column:1/100",
        u"grid-column:1/100;");
    row("F20 a url in a grid", u"grid-template-columns:repeat(2,url(http://x/));flex:url(x)", u"");
    row("F20 tracks never closed", u"grid-template-rows:repeat(2,minmax(1px,2px;color:red", u"");
    row("comments and blanks", u"/*a*/color/*b*/:/*c*/red/*d*/;", u"color:red;");
    row("T91 numbers", u"margin:99999px;font-size:201pt;width:2001px;line-height:21;padding:1px",
        u"padding:1px;");
    row("T91 a number with an exponent", u"width:1e9px;height:1e1px", u"height:10px;");
    row("a declaration without end", u"color:red", u"color:red;");
    row("no property", u":red;;color:blue;{}", u"color:blue;");
    row("F20 url", u"background:url(http://x/);color:red", u"color:red;");
    row("F20 url in quotes", u"background:URL( 'http://x/' )", u"");
    row("F20 url in escapes", u"background:u\\72l(http://x/);background:\\75 rl(x)", u"");
    row("F20 url in a comment's gap", u"background:ur/**/l(http://x/)", u"");
    row("F20 image-set, cross-fade, src",
        u"background:image-set('x' 1x);background:cross-fade(url(x),url(y));"
        u"background:src('x')",
        u"");
    row("F20 a cursor, a list's picture, a filter",
        u"cursor:url(x),auto;list-style-image:url(x);list-style:url(x);filter:url(x);mask:url(x)", u"");
    row("F20 script of old", u"width:expression(alert(1));behavior:url(x);-moz-binding:url(x)", u"");
    row("F20 out of its place", u"position:fixed;position:absolute;top:0;left:0;z-index:99", u"");
    row("F20 words of its own", u"content:'x';--a:url(x);color:var(--a)", u"");
    row("F20 a string never closed", u"font-family:'x;color:red", u"");
    row("F20 a string that ends the style", u"font-family:'</style><script>'", u"");
    row("F20 a brace in a string", u"font-family:'}body{color:red}'", u"");
    row("F20 an escape that ends a string", u"font-family:'a\\27 ;color:red'", u"");
    row("F20 a url never closed", u"background:url(x;color:red", u"");
}

void TestHtmlCleaning::cleansDeclarations()
{
    QFETCH(QString, style);
    QFETCH(QString, clean);
    QCOMPARE(cleanDeclarations(style, noPicture), clean);
    QCOMPARE(cleanDeclarations(clean, noPicture), clean);
}

void TestHtmlCleaning::cleansStyleSheets_data()
{
    QTest::addColumn<QString>("css");
    QTest::addColumn<QString>("clean");
    const auto row = [](const char *name, const char16_t *css, const char16_t *clean) {
        QTest::newRow(name) << QString::fromUtf16(css) << QString::fromUtf16(clean);
    };
    row("a rule", u"P.a, #b > td { color: red; }", u"p.a,#b>td{color:red;}");
    row("rules in a comment of HTML", u"<!--\nbody{margin:0}\n-->", u"body{margin:0;}");
    row("selectors", u"div *[class=\"x\"], a[href^=http] + b ~ i, li:first-child{color:red}",
        u"div *[class=\"x\"],a[href^=\"http\"]+b~i,li:first-child{color:red;}");
    row("links", u"a:link{color:red}a:visited,a:hover{color:blue}", u"a{color:red;}");
    row("a selector that is not known among others", u"p::before,p,b:nth-child(2n+1),i:not(.x){color:red}",
        u"p{color:red;}");
    row("a selector in escapes", u".sm\\:w,.b{color:red}", u".b{color:red;}");
    row("a picture", u".a{background:url('http://x/y') no-repeat}",
        u".a{background:url('remote:0') no-repeat;}");
    row("media by width", u"@media only screen and (max-width: 480PX){.a{width:100%!important}}",
        u"@media screen and (max-width:480px){.a{width:100%!important;}}");
    row("media that is not for us",
        u"@media print{.a{color:red}}@media (hover:hover){.b{color:red}}c{color:red}", u"c{color:red;}");
    row("a dark scheme", u"@media (prefers-color-scheme:dark){body{background:#000}}b{color:red}",
        u"b{color:red;}");
    row("a light scheme", u"@media (prefers-color-scheme:light){b{color:red}}", u"@media all{b{color:red;}}");
    row("one of two queries", u"@media print, screen{b{color:red}}", u"@media screen{b{color:red;}}");
    row("media in media", u"@media screen{@media screen{b{color:red}}i{color:red}}u{color:red}",
        u"@media screen{i{color:red;}}u{color:red;}");
    row("media never closed", u"@media screen{b{color:red}", u"@media screen{b{color:red;}}");
    row("a brace too many", u"}b{color:red}}i{color:red}", u"b{color:red;}i{color:red;}");
    row("a block that is never closed", u"b{color:red", u"b{color:red;}");
    row("F20 import", u"@import 'x';@import url(x);b{color:red}", u"b{color:red;}");
    row("F20 import in escapes", u"@\\69mport 'x';@i\\6dport url(x);b{color:red}", u"b{color:red;}");
    row("F20 import without end", u"@import url(x", u"");
    row("F20 import within a rule", u"b{@import 'x';color:red}", u"b{color:red;}");
    row("F20 font", u"@font-face{font-family:x;src:url(x)}b{color:red}", u"b{color:red;}");
    row("F20 what else begins with @",
        u"@charset 'x';@namespace url(x);@page{margin:url(x)}"
        u"@supports(color:red){i{color:red}}@keyframes a{from{color:red}}"
        u"@document url(x){i{color:red}}@container{i{color:red}}b{color:red}",
        u"b{color:red;}");
    row("F20 rules in rules", u"b{color:red;i{background:url(x)}}u{color:red}",
        u"b{color:red;}u{color:red;}");
    row("F20 an end of the element", u"b{color:red}</style><script>alert(1)</script>i{color:red}",
        u"b{color:red;}");
}

void TestHtmlCleaning::cleansStyleSheets()
{
    QFETCH(QString, css);
    QFETCH(QString, clean);
    QCOMPARE(cleanStyleSheet(css, anyPicture), clean);
    QCOMPARE(cleanStyleSheet(clean, anyPicture), clean);
}

/// Of a whole message too; of what asks for neither, all.
void TestHtmlCleaning::keepsWhatTheSchemeAsksFor()
{
    const QString css = QStringLiteral("u{color:red}@media (prefers-color-scheme:dark) and (max-width:480px)"
                                       "{b{color:red}}@media (prefers-color-scheme:light){i{color:red}}");
    QCOMPARE(cleanStyleSheet(css, anyPicture, ColorScheme::Dark),
        QStringLiteral("u{color:red;}@media all and (max-width:480px){b{color:red;}}"));
    QCOMPARE(cleanStyleSheet(css, anyPicture, ColorScheme::Light),
        QStringLiteral("u{color:red;}@media all{i{color:red;}}"));
    const QByteArray message = "Content-Type: text/html\n\n<style media='(prefers-color-scheme:dark)'>"
                               "b{color:red}</style><b>x</b>";
    const auto dark = readHtmlPage(OctetsReader(message), ColorScheme::Dark);
    const auto light = readHtmlPage(OctetsReader(message), ColorScheme::Light);
    QVERIFY(dark && light);
    QCOMPARE(dark->styleSheet, QStringLiteral("@media all{b{color:red;}}"));
    QCOMPARE(light->styleSheet, QString());
    QCOMPARE(*light, readMessage(message).page);
    QCOMPARE(dark->html, light->html);
}

void TestHtmlCleaning::namesPictures_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("clean");
    QTest::addColumn<QStringList>("remote");
    const auto row
        = [](const char *name, const char16_t *html, const char16_t *clean, const QStringList &remote = {}) {
              QTest::newRow(name) << QString::fromUtf16(html) << QString::fromUtf16(clean) << remote;
          };
    const QString x = QStringLiteral("https://x.example/a.png");
    row("T37 of the message", u"<img src='cid:a%40b'>", u"<img src=\"cid:a%40b\">");
    row("not of the message", u"<img src=cid:other alt='A cat'>", u"A cat");
    row("on a server", u"<img src='https://x.example/a.png' width=10 onerror=x>",
        u"<img src=\"remote:0\" width=\"10\">", {x});
    row("twice the same", u"<img src='https://x.example/a.png'><img src='HTTPS://X.example/a.png#f'>",
        u"<img src=\"remote:0\"><img src=\"remote:0\">", {x});
    row("without a scheme", u"<img src='//x.example/a.png'>", u"<img src=\"remote:0\">", {x});
    row("with a name and a password", u"<img src='https://me:pw@x.example/a.png'>", u"<img src=\"remote:0\">",
        {x});
    row("as a background", u"<td background='https://x.example/a.png'>", u"<td background=\"remote:0\"></td>",
        {x});
    row("of a style", u"<p style='background:url(https://x.example/a.png)'>a",
        u"<p style=\"background:url('remote:0');\">a</p>", {x});
    row("named like ours", u"<img src='remote:0' alt=a><img src='data:0' alt=b>", u"ab");
    row("of another kind",
        u"<img src='file:///etc/passwd' alt=a><img src='ftp://x/' alt=b><img "
        u"src='javascript:x' alt=c><img src='/x.png' alt=d><img src='http:///x' alt=e>",
        u"abcde");
    row("with more than one source",
        u"<img srcset='https://x.example/b.png 2x' src=cid:other alt=a>"
        u"<picture><source srcset='https://x.example/c'></picture>",
        u"a");
    row("no picture", u"<img src='data:text/html,x' alt=a><img src='data:image/png,' alt=b>", u"ab");
}

void TestHtmlCleaning::namesPictures()
{
    QFETCH(QString, html);
    QFETCH(QString, clean);
    QFETCH(QStringList, remote);
    const HtmlPage page = pageOf(html, {QStringLiteral("a@b")});
    QCOMPARE(page.html, clean);
    QCOMPARE(page.remotePictures, remote);
    QVERIFY(page.dataPictures.isEmpty());
}

void TestHtmlCleaning::leavesNothingToFetch_data()
{
    QTest::addColumn<QString>("html");
    const QList<glasspost::test::WayOut> ways = glasspost::test::waysOut(QStringLiteral("way.out"));
    for (const auto &[name, html] : ways)
        QTest::newRow(name) << html;
}

/// F20: what is left of each names no server, nor does a picture that could be asked for.
void TestHtmlCleaning::leavesNothingToFetch()
{
    QFETCH(QString, html);
    const HtmlPage page = pageOf(html);
    static const QRegularExpression tag(QStringLiteral("<[^>]*>"));
    for (auto tags = tag.globalMatch(page.html); tags.hasNext();) {
        const QString text = tags.next().captured();
        QVERIFY2(!text.contains(QLatin1String("way.out")) && !text.contains(QLatin1String("file:")),
            qPrintable(text));
    }
    QVERIFY2(!page.styleSheet.contains(QLatin1String("way.out")), qPrintable(page.styleSheet));
    QCOMPARE(page.remotePictures, QStringList());
}

/// What tells a newsletter from its text.
void TestHtmlCleaning::keepsWhatIsSeen()
{
    const HtmlPage page = pageOf(QStringLiteral(
        "<html><head><title>t</title><style>.btn{background:#e4572e}</style></head>"
        "<body bgcolor='#eeeeee' style='margin:0'><center><a class='btn big' id=go href='https://x.example/'"
        " style='padding:12px;border-radius:6px'>Go</a></center></body></html>"));
    QCOMPARE(page.styleSheet, QStringLiteral(".btn{background:#e4572e;}"));
    QCOMPARE(page.html,
        QStringLiteral("<body bgcolor=\"#eeeeee\" style=\"margin:0;\"><center><a class=\"btn big\" id=\"go\" "
                       "href=\"https://x.example/\" style=\"padding:12px;border-radius:6px;\">Go</a></center>"
                       "</body>"));
    QCOMPARE(pageOf(QStringLiteral("<TD ALIGN=CENTER VALIGN=Top DIR=RTL>")).html,
        QStringLiteral("<td align=\"center\" valign=\"top\" dir=\"rtl\"></td>"));
}

void TestHtmlCleaning::keepsEmbeddedPictures()
{
    const HtmlPage page = pageOf(QStringLiteral(
        "<img src='data:image/png;base64,iVBO\nRw=='><p style=\"background:url('data:image/gif,GIF%38')\">"));
    QCOMPARE(page.html, QStringLiteral("<img src=\"data:0\"><p style=\"background:url('data:1');\"></p>"));
    QCOMPARE(page.dataPictures, (QList<QByteArray>{QByteArray::fromBase64("iVBORw=="), "GIF8"}));

    // Those that came with the message are found in styles too, and are no attachments then.
    const MessageView view = readMessage(
        QByteArray("Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
                   "<style>p{background:url(cid:one)}</style><p>x</p>\n--b\nContent-Type: image/png\n"
                   "Content-ID: <one>\n\nx\n--b--\n"));
    QCOMPARE(view.page.styleSheet, QStringLiteral("p{background:url('cid:one');}"));
    QCOMPARE(view.page.pictures.size(), 1);
    QVERIFY(!view.parts.at(2).isAttachment);
}

void TestHtmlCleaning::isLinear_data()
{
    QTest::addColumn<QString>("piece");
    for (const char *piece : {"{", "}", "(", "[", "a{", "@media screen{", "@a", "\\", "'", "/*", "<!--",
             "url(", "a,", ">", ":", "!", "a{b:c;", "a:first-child ", "@media (", "a{color:rgb("})
        QTest::newRow(piece) << QString::fromLatin1(piece);
}

/// Twice as much takes no more than some four times as long, whatever it is made of.
void TestHtmlCleaning::isLinear()
{
    QFETCH(QString, piece);
    const auto milliseconds = [&piece](qsizetype size) {
        const QString css = piece.repeated(size / piece.size());
        const std::clock_t began = std::clock(); // of the processor: others run beside the test
        (void)cleanDeclarations(css, anyPicture);
        (void)pageOf(QLatin1String("<style>") + css + QLatin1String("</style>"));
        return qint64(std::clock() - began) * 1000 / CLOCKS_PER_SEC;
    };
    const qint64 half = milliseconds(250 * 1024);
    const qint64 whole = milliseconds(500 * 1024);
    QVERIFY2(whole <= 4 * half + 200, qPrintable(QStringLiteral("%1 ms, then %2 ms").arg(half).arg(whole)));
}

QTEST_GUILESS_MAIN(TestHtmlCleaning)
#include "tst_htmlcleaning.moc"
