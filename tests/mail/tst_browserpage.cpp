#include "mail/message/browserpage.h"
#include "mail/message/csstokens.h"
#include "mail/message/htmlcleaner.h"
#include "mail/message/htmltokens.h"
#include "tests/support/waysout.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

QString pageOf(const QString &html, const QString &title = {}, const QHash<QString, QString> &pictures = {})
{
    HtmlPage page;
    cleanInto(page, html, {QStringLiteral("one@x")});
    return QString::fromUtf8(browserPage(page, title, pictures));
}

/// What a style refers to.
QStringList addressesIn(QStringView css)
{
    QStringList addresses;
    CssTokens tokens(css);
    bool isUrl = false;
    for (CssToken token = tokens.next(); token.kind != CssToken::Kind::End; token = tokens.next()) {
        if (token.kind == CssToken::Kind::Url || (isUrl && token.kind == CssToken::Kind::Text))
            addresses.append(token.text);
        else if (token.kind == CssToken::Kind::AtKeyword && token.text != QLatin1String("media"))
            addresses.append(u'@' + token.text);
        isUrl = token.kind == CssToken::Kind::Function && token.text != QLatin1String("rgb")
            && token.text != QLatin1String("rgba");
    }
    return addresses;
}

/// What the page could fetch, run or send, as a browser reads it: any attribute that no rule here knows.
QStringList waysOutOf(const QString &page)
{
    static const QStringList harmless
        = QStringLiteral("align valign bgcolor color size colspan rowspan width height "
                         "border cellpadding cellspacing dir lang start type class id "
                         "face alt")
              .split(u' ');
    static const QStringList heads = {QStringLiteral("meta")};
    QStringList found;
    HtmlTokens tokens(page);
    for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next()) {
        if (token.kind == HtmlToken::Kind::StyleSheet)
            found += addressesIn(token.text);
        if (token.kind != HtmlToken::Kind::Open || heads.contains(token.name))
            continue;
        for (const auto &[name, value] : token.attributes) {
            if (name == QLatin1String("style"))
                found += addressesIn(value);
            else if (name == QLatin1String("src") || name == QLatin1String("background"))
                found += value;
            else if (!(token.name == QLatin1String("a") && name == QLatin1String("href"))
                && !harmless.contains(name))
                found += name + u'=' + value;
        }
    }
    found.removeIf(
        [](const QString &address) { return address.startsWith(QLatin1String("data:image/png;base64,")); });
    return found;
}

QStringList metaOf(const QString &page)
{
    QStringList metas;
    HtmlTokens tokens(page);
    for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next())
        if (token.kind == HtmlToken::Kind::Open && token.name == QLatin1String("meta"))
            metas.append(token.text.toString());
    return metas;
}

} // namespace

class TestBrowserPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void forbidsEverythingElse();
    void holdsNoWayOut_data();
    void holdsNoWayOut();
    void holdsPictures();
    void holdsThemInBounds();
    void keepsWhatIsSeen();
    void keepsTheMode_data();
    void keepsTheMode();
};

/// The policy comes before all that it is for, and nothing of a message can add another or change the base.
void TestBrowserPage::forbidsEverythingElse()
{
    const QString page
        = pageOf(QStringLiteral("<meta http-equiv=Content-Security-Policy content=\"default-src *\">"
                                "<base href=http://way.out/><p>x"),
            QStringLiteral("</title><meta http-equiv=refresh content='0;url=http://way.out'>"));
    const QStringList metas = metaOf(page);
    QCOMPARE(metas.size(), 5);
    QVERIFY(page.startsWith(QLatin1String("<meta charset=\"utf-8\">\n") + metas.at(1)));
    QCOMPARE(metas.at(1),
        QStringLiteral(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
            "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"));
    QVERIFY(metas.contains(QStringLiteral("<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">")));
    QVERIFY(metas.contains(QStringLiteral("<meta name=\"referrer\" content=\"no-referrer\">")));
    QVERIFY(!page.contains(QLatin1String("<base")));
    QVERIFY2(page.contains(QLatin1String("<title>&lt;/title&gt;&lt;meta")), qPrintable(page));
}

void TestBrowserPage::holdsNoWayOut_data()
{
    QTest::addColumn<QString>("html");
    const QList<test::WayOut> ways = test::waysOut(QStringLiteral("way.out"));
    QString all;
    for (const auto &[name, html] : ways) {
        QTest::newRow(name) << html;
        all += html;
    }
    QTest::newRow("all of them") << all;
    QTest::newRow("pictures of servers")
        << QStringLiteral("<img src=http://way.out/a><style>p{background:url(http://way.out/b)}</style>"
                          "<table background=http://way.out/c><tr><td style='background:url(//way.out/d)'>x");
}

/// F20: whatever the cleaning left, held against an allow-list of this test's own. Links stay, to be
/// followed.
void TestBrowserPage::holdsNoWayOut()
{
    QFETCH(QString, html);
    // Pictures that would be there for every name that one could have.
    QHash<QString, QString> pictures;
    for (int i = 0; i < 20; ++i)
        for (const char *kind : {"remote:", "data:"})
            pictures.insert(QLatin1String(kind) + QString::number(i), QStringLiteral("http://way.out/"));
    const QString page = pageOf(html, html, pictures);
    QCOMPARE(waysOutOf(page), QStringList());
    QCOMPARE(metaOf(page).size(), 5);
    for (const char *element : {"<script", "<link", "<iframe", "<object", "<embed", "<form", "<svg", "<base"})
        QVERIFY2(!page.contains(QLatin1String(element), Qt::CaseInsensitive), element);
    // The inspection sees what it looks for.
    QCOMPARE(
        waysOutOf(QStringLiteral("<style>p{background:url('http://a/')}</style><img src=http://b/ onload=c>"
                                 "<p style='cursor:url(http://d/)'>")),
        (QStringList{QStringLiteral("http://a/"), QStringLiteral("http://b/"), QStringLiteral("onload=c"),
            QStringLiteral("http://d/")}));
}

void TestBrowserPage::holdsPictures()
{
    const QString one = QStringLiteral("data:image/png;base64,AAAA"),
                  two = QStringLiteral("data:image/png;base64,BBBB"),
                  three = QStringLiteral("data:image/png;base64,CCCC");
    const QString page
        = pageOf(QStringLiteral("<style>p{background:url(cid:one@x)}</style><img src='cid:one@x'>"
                                "<img src='data:image/png;base64,iVBORw=='><img src=http://a.example/b>"
                                "<img src=http://a.example/c alt='not there'>"),
            {},
            {{QStringLiteral("cid:one%40x"), one}, {QStringLiteral("data:0"), two},
                {QStringLiteral("remote:0"), three}});
    QVERIFY2(
        page.contains(QLatin1String("p{background:url('") + one + QLatin1String("');}")), qPrintable(page));
    for (const QString &address : {one, two, three})
        QVERIFY2(page.contains(QLatin1String("<img src=\"") + address + u'"'), qPrintable(page));
    QVERIFY(!page.contains(QLatin1String("a.example")));
    QVERIFY(page.contains(QLatin1String("not there")));
}

/// One picture shown a thousand times is not written a thousand times.
void TestBrowserPage::holdsThemInBounds()
{
    const QString address = QLatin1String("data:image/png;base64,") + QString(1024 * 1024, u'A');
    const QString page = pageOf(QStringLiteral("<img src='cid:one@x' alt=x>").repeated(1000), {},
        {{QStringLiteral("cid:one%40x"), address}});
    QCOMPARE(page.count(QLatin1String("<img")), 31);
    QVERIFY(page.size() < 33 * 1024 * 1024);
}

void TestBrowserPage::keepsWhatIsSeen()
{
    const QString html
        = QStringLiteral("<style>.a{color:#ff0000}@media (max-width:300px){.a{color:blue}}</style>"
                         "<body bgcolor=#eeeeee><p class=a style='padding:4px'>Gr\u00fc\u00dfe &amp; "
                         "<a href='https://x.example/?a=1&amp;b=2'>more</a> \u05d0</body>");
    HtmlPage cleaned;
    cleanInto(cleaned, html, {});
    const QString page = pageOf(html, QStringLiteral("Gr\u00fc\u00dfe"));
    QVERIFY2(page.contains(cleaned.html), qPrintable(page));
    QVERIFY2(page.contains(cleaned.styleSheet), qPrintable(page));
    QVERIFY(page.contains(QLatin1String("href=\"https://x.example/?a=1&amp;b=2\"")));
    QVERIFY(page.contains(QStringLiteral("<title>Gr\u00fc\u00dfe</title>")));
}

void TestBrowserPage::keepsTheMode_data()
{
    QTest::addColumn<QString>("head");
    QTest::addColumn<bool>("isByStandard");
    const auto row = [](const char *name, const char *head, bool isByStandard) {
        QTest::newRow(name) << QString::fromLatin1(head) << isByStandard;
    };
    row("none", "", false);
    row("HTML 5", "<!DOCTYPE html>", true);
    row("small letters", "<!doctype HTML >", true);
    row("behind comments", "\n<!--a--><!--><?xml version='1.0'?>\r\n<!doctype html>", true);
    row("as a comment", "<!--<!doctype html>-->", false);
    row("behind a comment that never ends", "<!-- <!doctype html>", false);
    row("behind text", "a<!doctype html>", false);
    row("behind a tag", "<html><!doctype html>", false);
    row("that never ends", "<!doctype html", false);
    row("of another name", "<!doctype svg>", false);
    row("with no keyword", "<!doctype html 5>", false);
    row("with an identifier that never ends", "<!doctype html public \"-//W3C//DTD XHTML 1.0>", false);
    row("with words between identifiers", "<!doctype html public \"-//W3C//DTD XHTML 1.0//EN\" b \"c\">",
        false);
    row("for old tools", "<!DOCTYPE html SYSTEM \"about:legacy-compat\">", true);
    row("XHTML 1.0",
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" "
        "\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">",
        true);
    row("HTML 4.01 strict", "<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>", true);
    row("HTML 4.01 transitional",
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\"\n\"http://www.w3.org/TR/html4/"
        "loose.dtd\">",
        true);
    row("HTML 4.01 transitional without its address",
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">", false);
    row("HTML 4.0 transitional", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.0 Transitional//EN\">", false);
    row("HTML 4.0 strict", "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.0//EN\">", true);
    row("HTML 3.2", "<!doctype html public \"-//w3c//dtd html 3.2//en\" \"a\">", false);
    row("HTML 2", "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">", false);
}

/// A browser lays it out by the standard where it would have done so with the HTML as it came.
void TestBrowserPage::keepsTheMode()
{
    QFETCH(QString, head);
    QFETCH(bool, isByStandard);
    const QString page = pageOf(head + QLatin1String("<p>x</p>"));
    QCOMPARE(page.startsWith(QLatin1String("<!DOCTYPE html>\n<meta ")), isByStandard);
    QCOMPARE(page.startsWith(QLatin1String("<meta ")), !isByStandard);
    QCOMPARE(metaOf(page).size(), 5);
}

QTEST_GUILESS_MAIN(TestBrowserPage)
#include "tst_browserpage.moc"
