#include "mail/checks/messagechecks.h"
#include "tests/support/sourcetree.h"

#include <QFile>
#include <QSet>
#include <QtTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const QByteArray goodFields
    = "Received: from client.example by mail.example.test with ESMTP; Mon, 23 Nov 2026 10:00:05 +0100\n"
      "From: Ann <ann@client.example>\nTo: bob@example.test\nSubject: Hello\n"
      "Date: Mon, 23 Nov 2026 10:00:00 +0100\nMessage-ID: <1@client.example>\n";

/// The usual fields, those of these names left out, with others behind them.
QByteArray message(const QByteArrayList &without, const QByteArray &more, const QByteArray &body = "Hello\n")
{
    QByteArray header;
    for (const QByteArray &line : goodFields.split('\n'))
        if (!line.isEmpty() && !without.contains(line.left(line.indexOf(':'))))
            header += line + '\n';
    return header + more + '\n' + body;
}

QByteArray mime(const QByteArray &fields, const QByteArray &body)
{
    return message({}, "MIME-Version: 1.0\n" + fields, body);
}

/// HTML beside its text, as it should be.
QByteArray html(const QByteArray &body)
{
    return mime("Content-Type: multipart/alternative; boundary=b\n",
        "--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: text/html; charset=utf-8\n\n"
        "<!DOCTYPE html>\n<html lang=\"en\"><body>\n"
            + body + "\n</body></html>\n--b--\n");
}

MessageChecks checked(const QByteArray &octets)
{
    return checkMessage(OctetsReader(octets)).value_or(MessageChecks());
}

QStringList keysOf(const MessageChecks &checks)
{
    QStringList keys;
    for (const Finding &finding : checks.findings)
        keys += findingKey(finding.kind);
    return keys;
}

/// A fault, and the line on which it is found (0: none), beside what is like it and right.
struct Row
{
    const char *key;
    QByteArray wrong;
    qint64 line;
    QByteArray right;
};

QList<Row> headerRows()
{
    const QByteArray good = message({}, {});
    const QByteArray list = "List-Id: <news.client.example>\n";
    const QByteArray leave = "List-Unsubscribe: <https://client.example/leave>\n";
    const QByteArray post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n";
    return {{"date-missing", message({"Date"}, {}), 0, good},
        {"date-invalid", message({"Date"}, "Date: 2026-11-23 10:00\n"), 6,
            message({"Date"}, "Date: 23 Nov 2026 09:00 +0000 (GMT)\n")},
        {"date-far-off", message({"Date"}, "Date: Mon, 2 Nov 2026 10:00:00 +0100\n"), 6,
            message({"Date"}, "Date: Tue, 17 Nov 2026 10:00:00 +0100\n")},
        {"date-far-off", message({"Date"}, "Date: Mon, 23 Nov 2026 12:00:00 +0100\n"), 6, good},
        {"from-missing", message({"From"}, {}), 0, good},
        {"sender-missing", message({"From"}, "From: a@client.example, b@client.example\n"), 6,
            message({"From"}, "From: a@client.example, b@client.example\nSender: a@client.example\n")},
        {"address-invalid", message({"To"}, "To: bob@@example.test\n"), 6,
            message({"To"}, "To: \"Bob, at work\" <bob@example.test>, Team: amy@example.test;\n")},
        {"subject-missing", message({"Subject"}, "Subject: \n"), 0, good},
        {"recipients-missing", message({"To"}, {}), 0, message({"To"}, "Cc: bob@example.test\n")},
        {"bcc-shown", message({}, "Bcc: cy@example.test\n"), 7, message({}, "Bcc: \n")},
        {"message-id-missing", message({"Message-ID"}, {}), 0, good},
        {"message-id-invalid", message({"Message-ID"}, "Message-ID: 1@client.example\n"), 6,
            message({"Message-ID"}, "Message-ID: <1@[192.0.2.1]>\n")},
        {"field-repeated", message({}, "Subject: Again\n"), 7,
            message({}, "Received: from a by b with ESMTP; Mon, 23 Nov 2026 10:00:01 +0100\n")},
        {"unsubscribe-missing", message({}, list), 0, message({}, list + leave + post)},
        {"unsubscribe-invalid", message({}, "List-Unsubscribe: https://client.example/leave\n"), 7,
            message({},
                "List-Unsubscribe: <mailto:a@client.example> (Mail), <https://client.example/>\n" + post)},
        {"unsubscribe-not-secure", message({}, "List-Unsubscribe: <http://client.example/leave>\n"), 7,
            message({}, "List-Unsubscribe: <mailto:leave@client.example>\n")},
        {"one-click-missing", message({}, leave), 7, message({}, leave + post)},
        {"one-click-invalid", message({}, leave + "List-Unsubscribe-Post: yes\n"), 8,
            message({}, leave + post)},
        {"one-click-without-https", message({}, "List-Unsubscribe: <mailto:a@client.example>\n" + post), 8,
            message({}, "List-Unsubscribe: <mailto:a@client.example>\n")}};
}

QList<Row> formatRows()
{
    const QByteArray plain = "Content-Type: text/plain; charset=utf-8\n";
    const QByteArray quoted = plain + "Content-Transfer-Encoding: quoted-printable\n";
    const QByteArray base64 = plain + "Content-Transfer-Encoding: base64\n";
    const QByteArray multipart = "Content-Type: multipart/mixed; boundary=b\n";
    const QByteArray parts = "--b\nContent-Type: text/plain\n\nHello\n--b--\n";
    return {{"field-invalid", message({}, "no field\n"), 7, message({}, "X-Long: a\n b\n")},
        {"line-too-long", message({}, {}, QByteArray(999, 'x') + '\n'), 8,
            message({}, {}, QByteArray(998, 'x') + '\n')},
        {"bare-carriage-return", message({}, {}, "a\rb\n"), 8, message({}, {}, "a\r\nb\n")},
        {"nul-octet", message({}, {}, QByteArray("a\0b\n", 4)), 8, message({}, {}, "a0b\n")},
        {"header-not-ascii",
            message({"Subject"},
                "Subject: Gr\xc3\xbc\xc3\x9f"
                "e\n"),
            6, message({"Subject"}, "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\n")},
        {"header-not-ascii",
            message({"Subject"},
                "Subject: Gr\xc3\xbc\xc3\x9f"
                "e\n"),
            6,
            message({"Subject", "Received"}, {})
                .prepend("Received: from a by b with UTF8SMTP; Mon, 23 Nov 2026 10:00:01 +0100\n"
                         "Subject: Gr\xc3\xbc\xc3\x9f"
                         "e\n")},
        {"encoded-word-invalid", message({"Subject"}, "Subject: =?utf-8?Q?" + QByteArray(70, 'x') + "?=\n"),
            6, message({"Subject"}, "Subject: =?utf-8*en?q?a_b?= =?iso-8859-1?B?YQ==?=\n")},
        {"encoded-word-invalid", message({"Subject"}, "Subject: =?x-none?Q?a?=\n"), 6,
            message({}, "X-Other: =?x-none?Q?a?=\n")},
        {"mime-version-missing", message({}, plain), 0, mime(plain, "Hello\n")},
        {"encoding-unknown", mime("Content-Transfer-Encoding: 9bit\n", "Hello\n"), 1,
            mime("Content-Transfer-Encoding: 8BIT\n", "Hello\n")},
        {"multipart-encoded", mime(multipart + "Content-Transfer-Encoding: base64\n", parts), 1,
            mime(multipart + "Content-Transfer-Encoding: 8bit\n", parts)},
        {"body-not-seven-bit",
            mime(plain,
                "Gr\xc3\xbc\xc3\x9f"
                "e\n"),
            1,
            mime(plain + "Content-Transfer-Encoding: 8bit\n",
                "Gr\xc3\xbc\xc3\x9f"
                "e\n")},
        {"charset-missing",
            mime("Content-Type: text/plain\nContent-Transfer-Encoding: 8bit\n", "Gr\xc3\xbc\n"), 1,
            mime(plain + "Content-Transfer-Encoding: 8bit\n", "Gr\xc3\xbc\n")},
        {"charset-unknown", mime("Content-Type: text/plain; charset=x-none\n", "Hello\n"), 1,
            mime("Content-Type: text/plain; charset=Shift_JIS\n", "Hello\n")},
        {"quoted-printable-invalid", mime(quoted, "a\nb =XY\n"), 12, mime(quoted, "a=\nb =3D \nc\n")},
        {"quoted-printable-invalid", mime(quoted, QByteArray(77, 'x') + '\n'), 11,
            mime(quoted, QByteArray(76, 'x') + '\n')},
        {"base64-invalid", mime(base64, "SGVsbG8=\n!\n"), 12, mime(base64, "SGVs\nbG8=\n")},
        {"boundary-unclosed", mime(multipart, "--b\n\nHello\n"), 1, mime(multipart, parts)},
        {"gmail-clips", html(QByteArray(103 * 1024, ' ')), 15, html(QByteArray(80 * 1024, ' '))},
        {"gmail-nearly-clips", html(QByteArray(95 * 1024, ' ')), 15, html(QByteArray(103 * 1024, ' '))},
        {"message-large", message({}, {}, QByteArray(10 * 1024 * 1024 + 1, '\n')), 0,
            message({}, {}, QByteArray(9 * 1024 * 1024, '\n'))},
        {"text-alternative-missing", mime("Content-Type: text/html\n", "<p>Hello</p>\n"), 0,
            html("<p>Hello</p>")}};
}

// What html() is given begins on line 19.
QList<Row> htmlRows()
{
    const QByteArray words = "<p>Hello</p>";
    return {{"doctype-missing", mime("Content-Type: text/html\n", "<p>Hello</p>\n"), 10, html(words)},
        {"tag-unended", html("<p>Hello</p>\n<a href=\"x"), 20, html("<p>a < b</p>")},
        {"tag-unended", html("<!-- Hello"), 19, html("<!-- Hello -->")},
        {"element-unclosed", html("<p>\n<b>Hello</p>"), 20,
            html("<ul><li>One<li>Two</ul><table role=none><tr><td>a<td>b</table><p>c<br>")},
        {"end-tag-stray", html("Hello\n</div>"), 20, html("<div>Hello</div>")},
        {"attribute-repeated", html("<p class=a class=b>Hello</p>"), 19, html("<p class=\"a b\">Hello</p>")},
        {"id-repeated", html("<p id=a>One</p>\n<p id=a>Two</p>"), 20, html("<p id=a>One</p><p id=A>Two</p>")},
        {"cell-outside-table", html("<td>Hello</td>"), 19,
            html("<table role=none><tr><td>Hello</td></tr></table>")},
        {"script-ignored", html("<script>a()</script>"), 19,
            html("<script type=\"application/ld+json\">{}</script>")},
        {"feature-often-missing", html("<div style=\"display:grid\">Hello</div>"), 19, html("<b>Hello</b>")},
        {"feature-sometimes-missing", html("<p style=\"text-transform:uppercase\">Hello</p>"), 19,
            html("<b>Hello</b>")},
        {"alt-missing", html("<img src=\"https://client.example/a.png\">"), 19,
            html("<img src=\"https://client.example/a.png\" alt=\"\">")},
        {"language-missing", mime("Content-Type: text/html\n", "<!doctype html>\n<p>Hello</p>\n"), 10,
            html(words)},
        {"contrast-low", html("<p style=\"color:#999\">Hello</p>"), 19,
            html("<p style=\"color:#666\">Hello</p>")},
        {"contrast-low", html("<table role=none bgcolor=navy><tr><td>Hello</td></tr></table>"), 19,
            html("<table role=none bgcolor=navy><tr><td style=\"COLOR: White "
                 "!important\">Hello</td></tr></table>")},
        {"contrast-low", html("<p style=\"color:#888\">Hello</p>"), 19,
            html("<p style=\"color:#888;font-size:24px\">Hello</p>")},
        {"contrast-low", html("<p style=\"color:#fff\">Hello</p>"), 19,
            html("<p style=\"color:#fff;display:none\">Hello</p>")},
        {"contrast-low", html("<p style=\"color:#fff\">Hello</p>"), 19,
            html("<style>.dark { background: #000 }</style><div class=dark><p "
                 "style=\"color:#fff\">Hello</p></div>")},
        {"contrast-low", html("<p style=\"color:#fff\">Hello</p>"), 19,
            html("<div style=\"background-image:url(https://client.example/a.png)\"><p "
                 "style=\"color:#fff\">Hello</p></div>")},
        {"link-without-words",
            html("<a href=\"https://client.example/\"><img src=\"https://client.example/a.png\" "
                 "alt=\"\"></a>"),
            19,
            html("<a href=\"https://client.example/\"><img src=\"https://client.example/a.png\" "
                 "alt=\"Shop\"></a>")},
        {"table-role-missing", html("<table><tr><td>Hello</td></tr></table>"), 19,
            html("<table role=presentation><tr><td>a</td></tr></table><table><tr><th>b</th></tr></table>")},
        {"link-empty", html("<a href=\"#\">Hello</a>"), 19, html("<a href=\"#a\">Hello</a><a name=a>b</a>")},
        {"link-invalid", html("<a href=\"/shop\">Hello</a>"), 19, html("<a href=\"tel:+491234\">Hello</a>")},
        {"link-invalid", html("<a href=\"javascript:a()\">Hello</a>"), 19,
            html("<a href=\"mailto:a@client.example\">Hello</a>")},
        {"link-not-secure", html("<a href=\"http://client.example/\">Hello</a>"), 19,
            html("<a href=\"https://client.example/\">Hello</a>")},
        {"link-private", html("<a href=\"http://localhost:3000/\">Hello</a>"), 19,
            html("<a href=\"https://client.example/\">Hello</a>")},
        {"link-private", html("<a href=\"https://10.1.2.3/\">Hello</a>"), 19,
            html("<a href=\"https://93.184.216.34/\">Hello</a>")},
        {"link-disguised", html("<a href=\"https://other.example/\">www.client.example</a>"), 19,
            html("<a href=\"https://shop.client.example/a\">www.client.example</a>")},
        {"picture-missing", html("<img src=\"cid:logo\" alt=\"\">"), 19,
            mime("Content-Type: multipart/related; boundary=b\n",
                "--b\nContent-Type: text/html\n\n<img src=\"cid:logo\" alt=\"\">\n--b\nContent-Type: "
                "image/png\n"
                "Content-ID: <logo>\n\nx\n--b--\n")},
        {"picture-invalid", html("<img src=\"logo.png\" alt=\"\">"), 19,
            html("<img src=\"data:image/png;base64,AAAA\" alt=\"\">")},
        {"picture-not-secure", html("<img src=\"http://client.example/a.png\" alt=\"\">"), 19,
            html("<img src=\"https://client.example/a.png\" alt=\"\">")},
        {"picture-private", html("<img src=\"http://192.168.1.2/a.png\" alt=\"\">"), 19,
            html("<img src=\"https://client.example/a.png\" alt=\"\">")}};
}

} // namespace

/// Each check, where there is something to find and where there is not.
class ChecksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void finds_data();
    void finds();
    void everyKindIsTried();
    void findsNothingInAGoodMessage();
    void knowsTheLineBehindEncodings_data();
    void knowsTheLineBehindEncodings();
    void listsLinksAndPictures();
    void namesClients();
    void isBounded();
};

void ChecksTest::finds_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("wrong");
    QTest::addColumn<qint64>("line");
    QTest::addColumn<QByteArray>("right");
    int number = 0;
    for (const Row &row : headerRows() + formatRows() + htmlRows())
        QTest::addRow("%s %d", row.key, ++number)
            << QString::fromLatin1(row.key) << row.wrong << row.line << row.right;
}

void ChecksTest::finds()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, wrong);
    QFETCH(qint64, line);
    QFETCH(QByteArray, right);
    const MessageChecks checks = checked(wrong);
    const auto found = std::find_if(checks.findings.cbegin(), checks.findings.cend(),
        [&key](const Finding &finding) { return findingKey(finding.kind) == key; });
    QVERIFY2(found != checks.findings.cend(), qPrintable(keysOf(checks).join(u' ')));
    QCOMPARE(found->line, line);
    QVERIFY2(!keysOf(checked(right)).contains(key), qPrintable(keysOf(checked(right)).join(u' ')));
}

void ChecksTest::everyKindIsTried()
{
    QSet<QString> tried;
    for (const Row &row : headerRows() + formatRows() + htmlRows())
        tried += QString::fromLatin1(row.key);
    for (const FindingKind kind : allFindingKinds()) {
        const bool isOfSpamd = areaOf(kind) == CheckArea::Spam; // tst_spamcheck.cpp
        QVERIFY2(tried.contains(findingKey(kind)) != isOfSpamd, qPrintable(findingKey(kind)));
    }
    QFile document(test::inSourceTree(QStringLiteral("docs/CHECKS.md")));
    QVERIFY(document.open(QIODevice::ReadOnly));
    const QString documented = QString::fromUtf8(document.readAll());
    for (const FindingKind kind : allFindingKinds()) {
        const QString row
            = QStringLiteral("| `%1` | %2 |").arg(findingKey(kind), severityKey(severityOf(kind)));
        QVERIFY2(documented.contains(row), qPrintable(row));
    }
}

void ChecksTest::findsNothingInAGoodMessage()
{
    const QByteArray good
        = html("<h1>Hello</h1><p>Your order <a href=\"https://client.example/order\">is on its way</a>.</p>");
    for (const QByteArray &octets : {message({}, {}), good}) {
        const MessageChecks checks = checked(octets);
        QCOMPARE(checks.count(Severity::Error), 0);
        QStringList others = keysOf(checks);
        others.removeAll(QStringLiteral("feature-sometimes-missing")); // some client lacks nearly everything
        QCOMPARE(others, QStringList());
    }
}

void ChecksTest::knowsTheLineBehindEncodings_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<qint64>("line");
    QTest::addColumn<qint64>("partLine");
    const QByteArray decoded = "<!doctype html>\n<html lang=en>\n<p>Hello</p>\n<img "
                               "src=\"https://client.example/a.png\">\n</html>\n";
    QTest::newRow("none") << QByteArray("7bit") << decoded << qint64(14) << qint64(4);
    QTest::newRow("quoted-printable")
        << QByteArray("quoted-printable")
        << QByteArray("<!doctype =\nhtml>\n<html lang=3Den>=0A<p>Hel=\nlo</p>\n<img "
                      "=\nsrc=3D\"https://client.example/a.png\">\n")
        << qint64(15) << qint64(4);
    QByteArray base64;
    for (qsizetype at = 0; at < decoded.size(); at += 15)
        base64 += decoded.mid(at, 15).toBase64() + '\n';
    QTest::newRow("base64") << QByteArray("base64") << base64 << qint64(11 + 44 / 15) << qint64(4);
}

void ChecksTest::knowsTheLineBehindEncodings()
{
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, body);
    QFETCH(qint64, line);
    QFETCH(qint64, partLine);
    const MessageChecks checks = checked(
        mime("Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: " + encoding + '\n', body));
    const auto found = std::find_if(checks.findings.cbegin(), checks.findings.cend(),
        [](const Finding &finding) { return finding.kind == FindingKind::AltMissing; });
    QVERIFY2(found != checks.findings.cend(), qPrintable(keysOf(checks).join(u' ')));
    QCOMPARE(found->partLine, partLine);
    QCOMPARE(found->line, line);
    QCOMPARE(found->part, 0);
}

void ChecksTest::listsLinksAndPictures()
{
    const MessageChecks checks
        = checked(html("<a href=\" https://client.example/\n a\"><b>One</b> more</a>"
                       "<a href=\"https://client.example/ a\">again</a>\n"
                       "<img src=cid:x alt=Logo><td background=\"https://client.example/b.png\">"
                       "<link rel=stylesheet href=\"https://client.example/c.css\"><a href=\"#top\">Up</a>"));
    using Kind = Reference::Kind;
    const QList<Reference> expected
        = {{Kind::Link, QStringLiteral("https://client.example/ a"), QStringLiteral("One more"), 2, 19, 3},
            {Kind::Picture, QStringLiteral("cid:x"), QStringLiteral("Logo"), 2, 21, 5},
            {Kind::Picture, QStringLiteral("https://client.example/b.png"), {}, 2, 21, 5},
            {Kind::StyleSheet, QStringLiteral("https://client.example/c.css"), {}, 2, 21, 5}};
    QCOMPARE(checks.references, expected);
    const MessageChecks text = checked(message({}, {}, "Hello\nSee https://client.example/x?y=1.\n"));
    QCOMPARE(text.references.size(), 1);
    QCOMPARE(text.references.constFirst().target, QStringLiteral("https://client.example/x?y=1"));
    QCOMPARE(text.references.constFirst().line, 9);
}

void ChecksTest::namesClients()
{
    const MessageChecks checks = checked(html("<div style=\"display:grid\">Hello</div>"));
    const auto found = std::find_if(checks.findings.cbegin(), checks.findings.cend(),
        [](const Finding &finding) { return finding.facts.value(0) == u"display:grid"; });
    QVERIFY(found != checks.findings.cend());
    QVERIFY2(found->facts.at(3).contains(u"Outlook Windows"), qPrintable(found->facts.at(3)));
    QVERIFY2(!found->facts.at(3).contains(u"Apple Mail iOS"), qPrintable(found->facts.at(3)));
}

void ChecksTest::isBounded()
{
    QElapsedTimer timer;
    timer.start();
    for (const QByteArray &piece : QByteArrayList{"<div>", "</div>", "<p style=\"color:#999;color:#888\">a",
             "<a href=#>", "<td>", "<table><tr><td>", "<style>a{b:c}", "<style>{{{{", "<!--", "<b a a a a>",
             "[[[[((((", "<p id=a>"}) {
        const MessageChecks checks
            = checked(html("<div><style>" + piece.repeated(100'000) + "</style>" + piece.repeated(100'000)));
        QVERIFY(checks.findings.size() < 10'000);
    }
    const MessageChecks fields = checked(message({}, QByteArray("Subject: a\xff\n").repeated(20'000)));
    QVERIFY(fields.findings.size() < 1000);
    QVERIFY2(timer.elapsed() < 120'000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(ChecksTest)
#include "tst_checks.moc"
