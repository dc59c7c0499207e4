// What newsletters do every day and is right, beside what is like it and wrong: each row can fail both ways.
#include "mail/checks/messagechecks.h"

#include <QtTest>

#include <algorithm>

using namespace glasspost::mail;

namespace {

QByteArray withFrom(const QByteArray &from)
{
    return "From: " + from + "\nTo: bob@example.test\nSubject: Hello\n\nHello\n";
}

QByteArray html(const QByteArray &text)
{
    return "Subject: Hello\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + text;
}

QByteArray page(const QByteArray &body, const QByteArray &head = {})
{
    return html(
        "<!DOCTYPE html>\n<html lang=en><head>" + head + "</head><body>\n" + body + "\n</body></html>\n");
}

QByteArray linkTo(const QByteArray &target, const QByteArray &words)
{
    return page("<a href=\"" + target + "\">" + words + "</a>");
}

bool finds(const QByteArray &message, const QString &key)
{
    const QList<Finding> findings = checkMessage(OctetsReader(message)).value_or(MessageChecks()).findings;
    return std::any_of(findings.cbegin(), findings.cend(),
        [&key](const Finding &finding) { return findingKey(finding.kind) == key; });
}

QByteArray linkedText(int from)
{
    QByteArray text = "--b\nContent-Type: text/plain\n\n";
    for (int i = from; i < from + 900; ++i)
        text += "https://client.example/" + QByteArray::number(i) + '\n';
    return text;
}

} // namespace

class FalseAlarmsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsApart_data();
    void tellsApart();
    void listsAThousandReferences();

private:
    static void addressRows();
    static void contrastRows();
    static void markupRows();
    static void linkRows();
};

void FalseAlarmsTest::tellsApart_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("right");
    QTest::addColumn<QByteArray>("wrong");
    addressRows();
    contrastRows();
    markupRows();
    linkRows();
}

void FalseAlarmsTest::addressRows()
{
    const QByteArray encodedComma = withFrom("=?utf-8?Q?Caf=C3=A9=2C_Ann?= <ann@client.example>");
    QTest::newRow("a comma in an encoded word is no second author")
        << QStringLiteral("sender-missing") << encodedComma << withFrom("a@client.example, b@client.example");
    QTest::newRow("nor an invalid address") << QStringLiteral("address-invalid") << encodedComma
                                            << withFrom("Caf=C3=A9, Ann <ann@@client.example>");
}

void FalseAlarmsTest::contrastRows()
{
    const QString key = QStringLiteral("contrast-low");
    const QByteArray white = page("<p style=\"color:#fff\">Hello</p>");
    QTest::newRow("a heading is large")
        << key << page("<h1 style=\"color:#888\">Hello</h1>") << page("<p style=\"color:#888\">Hello</p>");
    QTest::newRow("so may be what is relative")
        << key << page("<p style=\"color:#888;font-size:2em\">Hello</p>")
        << page("<p style=\"color:#888;font-size:1em\">Hello</p>");
    QTest::newRow("a style sheet colors the body")
        << key << page("<p style=\"color:#fff\">Hello</p>", "<style>body{background:#000}</style>") << white;
    QTest::newRow("a style sheet colors everything")
        << key << page("<p style=\"color:#fff\">Hello</p>", "<style>* { background: #000 }</style>")
        << page("<p style=\"color:#fff\">Hello</p>", "<style>/* background */</style>");
    QTest::newRow("the text for lists is not seen")
        << key << page("<div style=\"font-size:1px;color:#fff\">Preview</div>")
        << page("<div style=\"font-size:11px;color:#fff\">Preview</div>");
    // A cell without a size of its own is how blanks between columns go away.
    QTest::newRow("what has a size in a cell without one is seen")
        << key << page("<div style=\"font-size:0px\"><p style=\"color:#fff\">Hello</p></div>")
        << page("<div style=\"font-size:0px\"><p style=\"color:#fff;font-size:13px\">Hello</p></div>");
}

void FalseAlarmsTest::markupRows()
{
    QTest::newRow("a picture for decoration")
        << QStringLiteral("alt-missing")
        << page("<img role=presentation src=\"https://client.example/a.png\">")
        << page("<img src=\"https://client.example/a.png\">");
    QTest::newRow("the language of all within the body")
        << QStringLiteral("language-missing")
        << html("<!doctype html><html><body><div lang=en><p>Hello</p></div></body></html>")
        << html("<!doctype html><html><body><div><p lang=en>Hello</p></div></body></html>");
    const QByteArray tableInParagraph = "<p><table role=none><tr><td>Hello</td></tr></table></p>";
    QTest::newRow("a table in a paragraph, in quirks mode")
        << QStringLiteral("end-tag-stray") << html(tableInParagraph) << page(tableInParagraph);
    QTest::newRow("comments for Outlook")
        << QStringLiteral("cell-outside-table")
        << page("<!--[if mso]><table><tr><td><![endif]--><div>Hello</div><!--[if mso]></td></tr></table>"
                "<![endif]-->")
        << page("<td>Hello</td>");
    QTest::newRow("a picture behind the end that counts who reads")
        << QStringLiteral("element-unclosed")
        << page("<p>Hello</p></body></html><img src=\"https://client.example/a.png\" alt=\"\">")
        << page("<div>Hello");
}

void FalseAlarmsTest::linkRows()
{
    const QString key = QStringLiteral("link-disguised");
    const QByteArray other = linkTo("https://other.example/a", "shop.client.example");
    QTest::newRow("a file is no server") << key << linkTo("https://client.example/a", "invoice.pdf") << other;
    QTest::newRow("a product is no server") << key << linkTo("https://client.example/a", "Node.js")
                                            << linkTo("https://client.example/a", "https://node.js/");
    QTest::newRow("another server of the same people")
        << key << linkTo("https://click.client.example/a", "shop.client.example") << other;
    QTest::newRow("who shares but the public part is another")
        << key << linkTo("https://click.client.co.uk/a", "client.co.uk")
        << linkTo("https://other.co.uk/a", "client.co.uk");
}

void FalseAlarmsTest::tellsApart()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, right);
    QFETCH(QByteArray, wrong);
    QVERIFY(!finds(right, key));
    QVERIFY(finds(wrong, key));
}

/// Of the message, however many parts it has: a list of more would keep the window waiting.
void FalseAlarmsTest::listsAThousandReferences()
{
    const QByteArray head
        = "Subject: Hello\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";
    const auto count = [&head](const QByteArray &parts) {
        return checkMessage(OctetsReader(head + parts + "--b--\n"))
            .value_or(MessageChecks())
            .references.size();
    };
    QCOMPARE(count(linkedText(0)), 900);
    QCOMPARE(count(linkedText(0) + linkedText(900)), 1000);
}

QTEST_GUILESS_MAIN(FalseAlarmsTest)
#include "tst_falsealarms.moc"
