// Which parts of a message are shown, where, and what of them is text: the forms in which the mail programs
// of the world send it.
#include "mail/message/htmlcleaner.h"
#include "mail/message/htmlpages.h"
#include "mail/message/messagereader.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <utility>

using namespace glasspost::mail;

namespace {

const QByteArray plain = "Content-Type: text/plain\n\nthe text\n";
const QByteArray html = "Content-Type: text/html\n\n<p>the html</p>\n";
const QByteArray pdf = "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: inline\n\n%PDF\n";
const QByteArray calendar = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n";
const QByteArray footer = "Content-Type: text/plain\nContent-Disposition: inline\n\nthe footer\n";
const QByteArray picture
    = "Content-Type: image/png\nContent-ID: <p@x>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n";
const QByteArray showing = "Content-Type: text/html\n\n<p>see <img src=\"cid:p@x\" alt=cat> here</p>\n";

/// A multipart of these parts.
QByteArray multi(const QByteArray &subtype, const QList<QByteArray> &parts)
{
    static int count = 0;
    const QByteArray boundary = "b" + QByteArray::number(++count);
    QByteArray all = "Content-Type: multipart/" + subtype + "; boundary=" + boundary + "\n\n";
    for (const QByteArray &part : parts)
        all += "--" + boundary + '\n' + part + '\n';
    return all + "--" + boundary + "--\n";
}

QStringList words(const QString &text)
{
    return text.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts);
}

/// The types of the attachments, in order.
QStringList attachments(const MessageView &view)
{
    QStringList types;
    for (const PartView &part : view.parts)
        if (part.isAttachment)
            types += part.contentType;
    return types;
}

QByteArray field(const QByteArray &type, const QByteArray &body)
{
    return "Content-Type: " + type + "\n\n" + body;
}

} // namespace

class TestShownParts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsParts_data();
    void showsParts();
    void readsTexts_data();
    void readsTexts();
    void readsDates_data();
    void readsDates();
    void pagesHoldAll_data();
    void pagesHoldAll();
    void countsListsOn_data();
    void countsListsOn();
    void namesFiles_data();
    void namesFiles();
    void keepsOctets_data();
    void keepsOctets();
};

void TestShownParts::showsParts_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("text"); // words, blanks made one
    QTest::addColumn<QString>("html"); // cleaned; empty: none
    QTest::addColumn<QStringList>("attached");
    QTest::addColumn<int>("pictures");
    const auto row = [](const char *name, const QByteArray &message, const char *text, const char *shown,
                         const QStringList &attached = {}, int pictures = 0) {
        QTest::newRow(name) << message << QString::fromUtf8(text) << QString::fromUtf8(shown) << attached
                            << pictures;
    };
    const QString png = QStringLiteral("image/png"), pdfType = QStringLiteral("application/pdf");
    const char *const inPlace = "<p>see <img src=\"cid:p%40x\" alt=\"cat\"> here</p>";
    row("T37 text, or HTML with its picture",
        multi("alternative", {plain, multi("related", {showing, picture})}), "the text", inPlace, {}, 1);
    row("T37 related around the alternatives",
        multi("related", {multi("alternative", {plain, showing}), picture}), "the text", inPlace, {}, 1);
    row("T37 the picture before its HTML",
        multi("related; start=\"<h@x>\"", {picture, "Content-ID: <h@x>\n" + showing}), "see cat here",
        inPlace, {}, 1);
    row("T37 the picture beside the HTML, not below related", multi("mixed", {showing, picture}),
        "see cat here", inPlace, {}, 1);
    row("T37 HTML alone with its picture", multi("related", {showing, picture}), "see cat here", inPlace, {},
        1);
    row("T37 a picture named twice",
        multi("related", {"Content-Type: text/html\n\n<img src=cid:p@x><img src='CID:p%40x'>\n", picture}),
        "", "<img src=\"cid:p%40x\"><img src=\"cid:p%40x\">", {}, 1);
    row("T37 a picture said to be attached",
        multi("related", {showing, "Content-Disposition: attachment\n" + picture}), "see cat here", inPlace,
        {png}, 1);
    row("T37 a drawing that is a document of its own",
        multi("related", {showing, "Content-Type: image/svg+xml\nContent-ID: <p@x>\n\n<svg/>\n"}),
        "see cat here", "<p>see cat here</p>", {QStringLiteral("image/svg+xml")});
    row("T37 octets named as nothing",
        multi("alternative", {plain, "Content-Type: application/octet-stream\n\n\x89PNG\n"}), "the text", "",
        {QStringLiteral("application/octet-stream")});

    row("T97 HTML and a list's footer", multi("mixed", {html, footer}), "the html the footer",
        "<p>the html</p>\n<hr><div style=\"white-space:pre-wrap;\">the footer\n</div>");
    row("T97 HTML, a file, HTML", multi("mixed", {html, pdf, html}), "the html the html",
        "<p>the html</p>\n<hr><p>the html</p>\n", {pdfType});
    row("T97 text, a file, text", multi("mixed", {plain, pdf, footer}), "the text the footer", "", {pdfType});
    row("T97 alternatives and a footer", multi("mixed", {multi("alternative", {plain, html}), footer}),
        "the text the footer",
        "<p>the html</p>\n<hr><div style=\"white-space:pre-wrap;\">the footer\n</div>");
    row("T97 a header, signed alternatives, a footer",
        multi("mixed",
            {plain,
                multi("signed",
                    {multi("alternative", {plain, html}), "Content-Type: application/pgp-signature\n\nx\n"}),
                footer}),
        "the text the text the footer",
        "<div style=\"white-space:pre-wrap;\">the text\n</div><hr><p>the html</p>\n<hr><div "
        "style=\"white-space:pre-wrap;\">the footer\n</div>",
        {QStringLiteral("application/pgp-signature")});
    row("T97 HTML in an alternative of HTML with a file",
        multi("alternative", {plain, multi("mixed", {html, pdf, html})}), "the text",
        "<p>the html</p>\n<hr><p>the html</p>\n", {pdfType});
    row("F17 a picture's address never closed, and a quote in the part after the next",
        multi("mixed",
            {"Content-Type: text/html\n\n<p>the html</p><img src=\"http://far.example/?\n", plain,
                "Content-Type: text/html\n\n<p title=\"\">the html</p>\n"}),
        "the html the text the html",
        "<p>the html</p><hr><div style=\"white-space:pre-wrap;\">the text\n</div><hr><p>the html</p>\n");
    row("T97 text that is HTML's look-alike",
        multi("mixed", {html, "Content-Type: text/plain\n\n<b>&amp;\n"}), "the html <b>&amp;",
        "<p>the html</p>\n<hr><div style=\"white-space:pre-wrap;\">&lt;b&gt;&amp;amp;\n</div>");

    row("T98 a PDF in related", multi("related", {html, "Content-ID: <d@x>\n" + pdf}), "the html",
        "<p>the html</p>\n", {pdfType});
    row("T98 a picture that nothing names", multi("related", {html, picture}), "the html",
        "<p>the html</p>\n", {png});
    row("T98 one of two pictures named",
        multi("related", {showing, picture, "Content-Type: image/gif\nContent-ID: <q@x>\n\nGIF\n"}),
        "see cat here", inPlace, {QStringLiteral("image/gif")}, 1);
    row("T98 a picture that only a style names",
        multi("related",
            {"Content-Type: text/html\n\n<p style='background:url(cid:p@x)'>the html</p>\n", picture}),
        "the html", "<p style=\"background:url('cid:p%40x');\">the html</p>\n", {}, 1);
    row("T98 a picture that only a style without effect names",
        multi(
            "related", {"Content-Type: text/html\n\n<p style='cursor:url(cid:p@x)'>the html</p>\n", picture}),
        "the html", "<p>the html</p>\n", {png});
    row("T98 further text in related", multi("related", {html, footer}), "the html", "<p>the html</p>\n",
        {QStringLiteral("text/plain")});

    row("T38 text, HTML, calendar", multi("alternative", {plain, html, calendar}), "the text",
        "<p>the html</p>\n", {QStringLiteral("text/calendar")});
    row("T38 a calendar alone", calendar, "", "", {QStringLiteral("text/calendar")});
    row("T38 a calendar beside text", multi("mixed", {plain, calendar}), "the text", "",
        {QStringLiteral("text/calendar")});

    const QByteArray watch = "Content-Type: text/watch-html\n\n<b>tiny</b>\n";
    const QByteArray amp = "Content-Type: text/x-amp-html\n\n<html amp4email>\n";
    const QByteArray enriched = "Content-Type: text/enriched\n\n<bold>the</bold> <<rich\n";
    row("T105 a watch's form", multi("alternative", {plain, watch, html}), "the text", "<p>the html</p>\n");
    row("T105 AMP", multi("alternative", {plain, amp, html}), "the text", "<p>the html</p>\n");
    row("T105 AMP behind", multi("alternative", {plain, html, amp}), "the text", "<p>the html</p>\n");
    row("T105 enriched before HTML", multi("alternative", {plain, enriched, html}), "the text",
        "<p>the html</p>\n");
    row("T105 enriched alone", enriched, "the <rich", "");
    row("T105 plain text behind HTML", multi("alternative", {html, plain}), "the text", "<p>the html</p>\n");
    row("T105 two texts: the last", multi("alternative", {footer, plain}), "the text", "");
    row("T105 nothing that can be shown", multi("alternative", {pdf, amp}), "", "", {pdfType});
    row("T105 an empty text beside HTML", multi("alternative", {"Content-Type: text/plain\n\n\n", html}),
        "the html", "<p>the html</p>\n");

    row("T106 a type without a subtype", field("text", "the text"), "the text", "");
    row("T106 a blank for a slash", field("text plain", "the text"), "the text", "");
    row("T106 a word with a name", field("BINARY; name=x", "the text"), "the text", "");
    row("T106 nothing at all", field("", "the text"), "the text", "");
    row("T106 a slash without a subtype", field("text/; charset=utf-8", "the text"), "the text", "");
    row("T106 in a part", multi("mixed", {"Content-Type: text\n\nthe text\n", pdf}), "the text", "",
        {pdfType});
    row("T107 text with a name that is to be shown",
        "Content-Type: text/plain; name=a.txt\nContent-Disposition: inline; filename=a.txt\n\nthe text\n",
        "the text", "", {QStringLiteral("text/plain")});
    row("T107 two types: the first", "Content-Type: text/html\nContent-Type: text/plain\n\n<p>the html</p>\n",
        "the html", "<p>the html</p>\n");
}

void TestShownParts::showsParts()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, text);
    QFETCH(QString, html);
    QFETCH(QStringList, attached);
    QFETCH(int, pictures);
    const MessageView view = readMessage(message);
    QCOMPARE(words(view.text).join(u' '), text);
    QCOMPARE(view.page.html.trimmed(), html.trimmed());
    QCOMPARE(attachments(view), attached);
    QCOMPARE(view.page.pictures.size(), pictures);
    for (const InlinePicture &shown : view.page.pictures)
        QCOMPARE(shown.octets, QByteArray("\x89PNG\r\n\x1a\n"));
    const IndexFields index = readIndexFields(message);
    QCOMPARE(index.hasAttachments, !attached.isEmpty());
    for (const QString &word : words(text))
        QVERIFY2(index.body.contains(word), qPrintable(word));
    for (const char *source : {"PNG", "VCALENDAR", "%PDF", "amp4email"})
        QVERIFY2(!index.body.contains(QLatin1String(source)) && !view.text.contains(QLatin1String(source)),
            source);
}

void TestShownParts::readsTexts_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &message, const char16_t *text) {
        QTest::newRow(name) << message << QString::fromUtf16(text);
    };
    const auto in = [](const char *charset, const QByteArray &octets) {
        return field(QByteArray("text/plain; charset=") + charset, octets);
    };
    row("T102 one bad octet in UTF-8",
        in("utf-8",
            "Gr\xc3\xbc\xc3\x9f"
            "e \xff K\xc3\xb6ln"),
        u"Grüße \uFFFD Köln");
    row("T102 one bad octet, unnamed",
        field("text/plain",
            "Gr\xc3\xbc\xc3\x9f"
            "e \xff K\xc3\xb6ln"),
        u"Grüße \uFFFD Köln");
    row("T102 a real U+FFFD in a name", "Subject: \xef\xbf\xbd \xc3\xa4\n\nx", u"x");
    row("T102 one bad octet of Shift_JIS", in("shift_jis", "\x93\xfa\xff\x96{"), u"日\uFFFD本");
    row("T103 Windows-31J's row 13", in("shift_jis", "\x87\x40\xfa\xb1"), u"①﨑");
    row("T103 EUC-JP's row 13", in("euc-jp", "\xad\xa1"), u"①");
    row("T103 ISO-2022-JP's row 13", in("iso-2022-jp", "\x1b$B-!F|K\\\x1b(B."), u"①日本.");
    row("T103 ISO-2022-JP's half-width kana", in("iso-2022-jp", "\x1b(I1\x1b(Bx"), u"ｱx");
    row("T103 Big5 of Hong Kong", in("big5", "\x87\x6f"), u"媤");
    row("T103 euc-kr as CP949", in("euc-kr", "\x8c\x63\xb0\xa1"), u"똠가");
    row("T103 ks_c_5601-1987", in("ks_c_5601-1987", "\x8c\x63"), u"똠");
    row("T103 iso-8859-9 as windows-1254", in("iso-8859-9", "\x80\xfd"), u"€ı");
    row("T103 tis-620 as windows-874", in("tis-620", "\xa1\x85"), u"ก…");
    row("T103 gb2312 as GB18030", in("gb2312", "\xd6\xd0\xe9\x46"), u"中镕");
    row("T103 iso-8859-1 as windows-1252", in("iso-8859-1", "\x80\x93"), u"€“");
    row("T103 x-mac-cyrillic", in("x-mac-cyrillic", "\x8f\xf0"), u"Пр");
    row("T103 macintosh", in("macintosh", "\x8e"), u"é");
    row("T103 koi8-u", in("koi8-u", "\xa4"), u"є");
    row("T103 utf8 without its hyphen, in quotes", in("\"UTF8\"", "\xc3\xa4"), u"ä");
    row("T103 unicode-1-1-utf-8", in("unicode-1-1-utf-8", "\xc3\xa4"), u"ä");
    row("T103 utf-7", in("utf-7", "A+AOQ-"), u"Aä");
    row("T103 cp850, which browsers do not know", in("cp850", "\x84"), u"ä");
    row("T103 a byte order mark goes before the name", in("iso-8859-1", "\xef\xbb\xbf\xc3\xa4"), u"ä");
    row("T103 no charset but iconv's options", in("utf-8//translit", "\xc3\xa4"), u"ä");
    row("T103 what cannot be read is marked", in("koi8-r", "a\xc1"), u"aа");
    row("T39 charset in meta",
        field("text/html", "<html><head><meta charset=koi8-r></head>\xf0\xd2\xc9\xd7\xc5\xd4"), u"Привет");
    row("T39 charset in an old meta",
        field("text/html",
            "<META http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">\xcf\xf0\xe8"),
        u"При");
    row("T39 in single quotes", field("text/html", "<meta charset = 'shift_jis'>\x93\xfa"), u"日");
    row("T39 not in a comment", field("text/html", "<!-- <meta charset=koi8-r> --><p>\xc3\xa4"), u"ä");
    row("T39 the field goes before", field("text/html; charset=utf-8", "<meta charset=koi8-r>\xc3\xa4"),
        u"ä");
    row("T39 meta's UTF-16 is not meant", field("text/html", "<meta charset=utf-16>\xc3\xa4"), u"ä");
    row("T40 soft breaks", field("text/plain; format=flowed", "one \ntwo \nthree\nfour\n"),
        u"one two three\nfour");
    row("T40 delsp", field("text/plain; format=flowed; delsp=yes", "one \ntwo\n"), u"onetwo");
    row("T40 stuffing", field("text/plain; format=flowed", " >no quote\n From here\n"),
        u">no quote\nFrom here");
    row("T40 quotes", field("text/plain; format=flowed", "> one \n> two\n>> deep \n>> er\nmine\n"),
        u"> one two\n>> deep er\nmine");
    row("T40 another depth ends the paragraph", field("text/plain; format=flowed", "> one \ntwo\n"),
        u"> one \ntwo");
    row("T40 a signature", field("text/plain; format=flowed", "one\n-- \nAnn\n"), u"one\n-- \nAnn");
    row("T40 fixed text", field("text/plain", "one \ntwo\n"), u"one \ntwo");
    row("T40 CRLF", field("text/plain; FORMAT=Flowed", "one \r\ntwo\r\n"), u"one two");
    const auto coded = [](const char *coding, const QByteArray &body) {
        return "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + QByteArray(coding)
            + "\n\n" + body;
    };
    row("T107 base64 without padding", coded("base64", "R3LDvMOfZQ"), u"Grüße");
    row("T107 base64 that goes on after padding", coded("base64", "R3LDvMOfZQ==\nIGF1cyBLw7Zsbg=="),
        u"Grüße aus Köln");
    row("T107 base64 that goes on on the same line", coded("base64", "YQ==Yg==Yw=="), u"abc");
    row("T107 base64 with octets that are none", coded("base64", "R3LD!vMOf\r\n ZQ=="), u"Grüße");
    row("T107 a soft break with blanks behind it", coded("quoted-printable", "Gr=C3=BC= \n=C3=9Fe\n"),
        u"Grüße");
    row("T107 a soft break with a tab and CRLF", coded("quoted-printable", "one =\t \r\ntwo\r\n"),
        u"one two");
    row("T107 blanks that were added on the way", coded("quoted-printable", "one=20 \t\ntwo \n"),
        u"one \ntwo");
    row("T107 an equals sign that begins nothing", coded("quoted-printable", "a=b =zz =4"), u"a=b =zz =4");
    row("T107 a soft break at the very end", coded("quoted-printable", "one="), u"one");
    row("T107 small hexadecimal digits", coded("quoted-printable", "=c3=a4"), u"ä");
    row("T107 named references", field("text/html", "&rsaquo;&#146;&#x80;&lsaquo;&alpha;"), u"›’€‹α");
    row("T107 a drawing that is closed at once", field("text/html", "a<svg/>b<math />c"), u"abc");
    row("T107 a drawing with content", field("text/html", "a<svg><text>x</text></svg>b"), u"ab");
}

void TestShownParts::readsTexts()
{
    QFETCH(QByteArray, message);
    QFETCH(QString, text);
    QCOMPARE(readMessage(message).text.trimmed(), text);
    for (const QString &word : words(text))
        QVERIFY2(readIndexFields(message).body.contains(word), qPrintable(word));
}

void TestShownParts::readsDates_data()
{
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("T107 the afternoon")
        << QByteArray("Mon, 23 Nov 2026 06:09:22 PM +0100") << qint64(1795453762);
    QTest::newRow("T107 the afternoon, close up")
        << QByteArray("Mon, 23 Nov 2026 6:09PM +0100") << qint64(1795453740);
    QTest::newRow("T107 the morning")
        << QByteArray("Mon, 23 Nov 2026 06:09:22 am +0100") << qint64(1795410562);
    QTest::newRow("T107 midnight") << QByteArray("Mon, 23 Nov 2026 12:00:00 AM +0000") << qint64(1795392000);
    QTest::newRow("T107 noon") << QByteArray("Mon, 23 Nov 2026 12:00:00 PM +0000") << qint64(1795435200);
    QTest::newRow("T107 before 1970") << QByteArray("Fri, 1 Jan 1960 00:00:00 +0000") << qint64(-315619200);
    QTest::newRow("T107 1865") << QByteArray("15 Apr 1865 07:22:00 -0500") << qint64(-3304409880);
}

void TestShownParts::readsDates()
{
    QFETCH(QByteArray, date);
    QFETCH(qint64, seconds);
    QCOMPARE(readMessage("Date: " + date + "\n\nx").date, seconds);
    QCOMPARE(readIndexFields("Date: " + date + "\n\nx").date, seconds);
}

void TestShownParts::pagesHoldAll_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<bool>("isLong");
    QTest::newRow("T101 nothing") << QString() << false;
    QTest::newRow("T101 a short one") << QStringLiteral("<p>one <b>two</b></p>") << false;
    QTest::newRow("T101 a letter's table") << QStringLiteral("<table>")
            + QStringLiteral("<tr><td>one</td><td>two</td></tr>").repeated(20)
            + QStringLiteral("</table>") << false;
    QTest::newRow("T101 a long table") << QStringLiteral("<table border=1>")
            + QStringLiteral("<tr><td>one</td><td>two</td></tr>").repeated(5000)
                                       << true;
    QTest::newRow("T101 a list in a cell of a table in a table")
        << QStringLiteral("<table><tr><td><table><tr><td><ul>")
            + QStringLiteral("<li>one <i>two</i></li>").repeated(3000)
        << true;
    QTest::newRow("T101 a long paragraph") << QStringLiteral("one &amp; two ").repeated(20000) << true;
    QTest::newRow("T101 characters of two units") << QStringLiteral("\U0001F600").repeated(50000) << true;
    QTest::newRow("T101 a wide span") << QStringLiteral("<table>")
            + QStringLiteral("<tr><td colspan=50 rowspan=50>one two</td></tr>").repeated(100)
                                      << true;
    const QString report = QStringLiteral("<table border=1>")
        + (QStringLiteral("<tr>") + QStringLiteral("<td>words 12.50</td>").repeated(5)
            + QStringLiteral("</tr>"))
              .repeated(300)
        + QStringLiteral("</table>");
    QTest::newRow("T101 1,500 cells") << report << false;
    QTest::newRow("T101 1,500 cells within a table")
        << QStringLiteral("<table><tr><td>") + report + QStringLiteral("</td></tr></table>") << true;
    QTest::newRow("T101 900 cells that span two columns each") << QStringLiteral("<table>")
            + (QStringLiteral("<tr>") + QStringLiteral("<td colspan=2>x</td>").repeated(3)).repeated(300)
                                                               << true;
}

void TestShownParts::pagesHoldAll()
{
    QFETCH(QString, html);
    QFETCH(bool, isLong);
    const QString clean = cleanHtml(html);
    const bool isPlain = html.count(QLatin1String("<table")) < 2 && !html.contains(QLatin1String("span="));
    HtmlPages pages(clean);
    QString all;
    int count = 0;
    while (!pages.atEnd()) {
        const QString page = pages.next();
        QVERIFY(!page.isEmpty());
        QCOMPARE(cleanHtml(page), page); // what is opened is closed
        QVERIFY(page.count(QLatin1String("<td")) <= (isPlain ? 2000 : 1000));
        all += htmlToText(page);
        ++count;
    }
    QCOMPARE(count > 1, isLong);
    QCOMPARE(all.remove(QChar(0x200B)).remove(QRegularExpression(QStringLiteral("[\\s-]"))),
        htmlToText(clean).remove(QRegularExpression(QStringLiteral("[\\s-]"))));
}

void TestShownParts::countsListsOn_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    const QString items = QStringLiteral("<li>one <i>two</i></li>").repeated(6000);
    QTest::newRow("from one") << QStringLiteral("<ol>") + items << 1 << 6000;
    QTest::newRow("from another number") << QStringLiteral("<ol type=i start=20>") + items << 20 << 6019;
    QTest::newRow("an item with a number of its own")
        << QStringLiteral("<ol><li>one</li><li value=101>two</li>") + items << 1 << 6101;
    QTest::newRow("items that are longer than a page") << QStringLiteral("<ol>")
            + (QStringLiteral("<li>") + QString(200000, u'x') + QStringLiteral("</li>")).repeated(3)
                                                       << 1 << 3;
    QTest::newRow("lists without numbers between")
        << QStringLiteral("<ol>") + QStringLiteral("<li>one<ul><li>two</li></ul></li>").repeated(3000) << 1
        << 3000;
}

/// The numbers of the items, page after page.
void TestShownParts::countsListsOn()
{
    QFETCH(QString, list);
    QFETCH(int, first);
    QFETCH(int, last);
    HtmlPages pages(cleanHtml(list));
    QList<int> numbers;
    int count = 0;
    while (!pages.atEnd()) {
        const QString page = pages.next();
        HtmlTokens tokens(page);
        QStringList open;
        int next = 0;
        bool isNew = true;
        for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::End; token = tokens.next()) {
            if (token.kind == HtmlToken::Kind::Close)
                open.removeLast();
            if (token.kind != HtmlToken::Kind::Open)
                continue;
            if (token.name == QLatin1String("ol"))
                next = token.attribute(u"start").isEmpty() ? 1 : token.attribute(u"start").toInt();
            if (token.name == QLatin1String("li") && open.constLast() == QLatin1String("ol")) {
                const QString value = token.attribute(u"value");
                const int number = value.isEmpty() ? next : value.toInt();
                // What is left of an item bears its number on the next page.
                if (!std::exchange(isNew, false) || numbers.isEmpty() || number != numbers.constLast())
                    numbers.append(number);
                next = number + 1;
            }
            open.append(token.name);
        }
        ++count;
    }
    QVERIFY(count > 1);
    QCOMPARE(numbers.constFirst(), first);
    QCOMPARE(numbers.constLast(), last);
    QVERIFY(std::is_sorted(numbers.cbegin(), numbers.cend()));
    QCOMPARE(std::adjacent_find(numbers.cbegin(), numbers.cend()), numbers.cend());
    QCOMPARE(numbers.size(), list.count(QLatin1String("<li")) - list.count(QLatin1String("<ul")));
}

void TestShownParts::namesFiles_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *name, const QByteArray &header, const char16_t *file) {
        QTest::newRow(name) << header << QString::fromUtf16(file);
    };
    const auto disposition = [](const QByteArray &parameters) {
        return "Content-Type: application/pdf\nContent-Disposition: attachment; " + parameters;
    };
    row("T104 a padded word within a name", disposition("filename=\"=?utf-8?B?w6Q=?= and more.pdf\""),
        u"ä and more.pdf");
    row("T104 two padded words", disposition("filename=\"=?utf-8?B?w6Q=?= =?utf-8?B?w7w=?=.pdf\""),
        u"äü.pdf");
    row("T104 filename* goes before filename", disposition("filename=plain.pdf; filename*=utf-8''%C3%A4.pdf"),
        u"ä.pdf");
    row("T104 whichever comes first", disposition("filename*=utf-8''%C3%A4.pdf; filename=plain.pdf"),
        u"ä.pdf");
    row("T104 pieces", disposition("filename*0=\"a b\"; filename*1=\" c.pdf\""), u"a b c.pdf");
    row("T104 pieces out of order", disposition("filename*1=b.pdf; filename*0=a"), u"ab.pdf");
    row("T104 encoded pieces", disposition("filename*0*=utf-8''%C3; filename*1*=%A4.pdf"), u"ä.pdf");
    row("T104 pieces before the plain one", disposition("filename=x.pdf; filename*0=a; filename*1=.pdf"),
        u"a.pdf");
    row("T104 raw UTF-8", disposition("filename=\"\xc3\xa4.pdf\""), u"ä.pdf");
    row("T104 raw Latin-1", disposition("filename=\"\xe4.pdf\""), u"ä.pdf");
    row("T104 blanks without quotes", disposition("filename=my file.pdf"), u"my file.pdf");
    row("T104 two blanks in quotes", disposition("filename=\"a  b.pdf\""), u"a  b.pdf");
    row("T104 a semicolon in quotes", disposition("filename=\"a;b.pdf\""), u"a;b.pdf");
    row("T104 a quote in quotes", disposition("filename=\"a\\\"b.pdf\""), u"a\"b.pdf");
    row("T104 the type's name", "Content-Type: application/pdf; name=\"a.pdf\"", u"a.pdf");
    row("T104 the disposition's goes before",
        "Content-Type: application/pdf; name*=utf-8''t.pdf\n"
        "Content-Disposition: attachment; filename=d.pdf",
        u"d.pdf");
    row("T104 the name of a message", "Content-Type: message/rfc822; name=\"letter.eml\"", u"letter.eml");
    row("T104 a message's file name",
        "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=l.eml", u"l.eml");
}

void TestShownParts::namesFiles()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, name);
    const MessageView view = readMessage(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + header + "\n\nSubject: x\n\ny\n--b--\n");
    QCOMPARE(view.parts.at(1).fileName, name);
    QVERIFY(view.parts.at(1).isAttachment);
}

void TestShownParts::keepsOctets_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("octets");
    const auto row = [](const char *name, const QByteArray &header, const QByteArray &octets) {
        QTest::newRow(name) << header << octets;
    };
    const QByteArray letter = "Content-Type: message/rfc822\n";
    row("T108 a letter", letter, "From: a@b.example\nSubject: x\n\nText\n");
    row("T108 fields that are there twice", letter,
        "Content-Type: text/plain\nX-A: 1\nContent-Type: text/html\ncontent-type: none\nX-A: 2\n\nText\n");
    row("T108 fields that are none", letter, "From x\n>From: y\nContent-Type: text\nSubject :  z \n\nText");
    row("T108 a field over 4 KiB", letter,
        "Content-Type: text/plain;\n name=\"" + QByteArray(5000, 'x') + "\"\nContent-ID: <"
            + QByteArray(9000, 'y') + ">\n\nText\n");
    row("T108 folded fields, blanks at ends", letter, "Subject: a \t\n  b\n \n\tc\n\n  Text  \n\n\n");
    row("T108 no header", letter, "\nText\n");
    row("T108 no text", letter, "Subject: x\n");
    row("T108 nothing", letter, "");
    row("T108 CRLF and LF", letter, "Subject: x\r\nTo: y\n\r\nText\r\n\n");
    row("T108 octets that are no text", letter, QByteArray("Subject: \xff\n\n\0\x01\xfe\r\r\n=\n", 20));
    row("T108 a line of a megabyte", letter, "Subject: x\n\n" + QByteArray(1 << 20, 'x') + "\r\n.\n");
    row("T108 parts, and text around them", letter,
        "Content-Type: multipart/mixed; boundary=c\n\nbefore\n--c\nContent-Type: text/plain\nContent-Type: "
        "text/html\n\none\n--c \n\ntwo\n--c--\nafter\n");
    row("T108 a letter in a letter", letter,
        "Content-Type: message/rfc822\n\nContent-Type: text/plain\nContent-Type: x\n\nText\n");
    row("T108 a name for it", letter + "Content-Disposition: attachment; filename=l.eml\n",
        "Subject: x\n\ny\n");
    row("T108 fields of the part over 4 KiB", letter + "Content-Description: " + QByteArray(9000, 'x') + '\n',
        "Subject: x\n\ny\n");
    row("T108 a global one", "Content-Type: message/global\n", "Subject: \xc3\xa4\n\ny\n");
    row("T108 text that looks like parts", "Content-Type: text/plain\n",
        "--\nContent-Type: text/plain\nContent-Type: text/plain\n--c\nContent-Type: none\n\n--bb\n-- b\n");
    row("T108 text that begins with blanks", "Content-Type: text/plain\n", "\n \n\nText");
    row("T108 a file, 8bit", "Content-Type: application/octet-stream\n", QByteArray("\0\r\n\xff\n\n", 6));
}

void TestShownParts::keepsOctets()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, octets);
    for (const QByteArray &end : {QByteArray("\n"), QByteArray("\r\n")}) {
        QByteArray around = "Subject: x\nContent-Type: multipart/mixed;\n boundary=b\n\n--b\n\nfirst\n--b\n"
            + header + '\n';
        QByteArray behind = "\n--b\n\nlast\n--b--\n";
        const QByteArray message = around.replace("\n", end) + octets + behind.replace("\n", end);
        QCOMPARE(readPart(message, 2).value(), octets);
        const MessageView view = readMessage(message);
        QCOMPARE(view.parts.at(2).size, octets.size());
        QCOMPARE(readPart(message, int(view.parts.size()) - 1).value(), QByteArray("last"));
        // The last part ends with the message, whether or not there is a boundary.
        QCOMPARE(readPart(around + octets, 2).value(), octets);
    }
    const QByteArray encoded = "Content-Transfer-Encoding: base64\n\n" + octets.toBase64();
    QCOMPARE(readPart(header + encoded, 0).value(), octets);
}

QTEST_GUILESS_MAIN(TestShownParts)
#include "tst_shownparts.moc"
