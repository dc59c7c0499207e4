#include "mail/message/messagereader.h"

#include "tests/support/memoryuse.h"

#include <QElapsedTimer>
#include <QTest>

using namespace glasspost::mail;

namespace {

/// The message with this header and body as readMessage gives it.
MessageView read(const QByteArray &message)
{
    return readMessage(message);
}

/// Least of three runs, in nanoseconds.
template <typename Work> qint64 timed(Work work)
{
    qint64 best = std::numeric_limits<qint64>::max();
    for (int i = 0; i < 3; ++i) {
        QElapsedTimer timer;
        timer.start();
        work();
        best = qMin(best, timer.nsecsElapsed());
    }
    return best;
}

const QByteArray mixed
    = "From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>\r\n"
      "To: \"Doe, Jane\" <jane@example.org>, bob@example.org\r\n"
      "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n =?utf-8?b?IOKCrA==?=\r\n"
      "Date: Mon, 23 Nov 2026 10:00:00 +0100\r\n"
      "Message-ID: <a.b@example.org>\r\n"
      "References: <1@x> <2@x>\r\nIn-Reply-To: <2@x>\r\n"
      "MIME-Version: 1.0\r\n"
      "Content-Type: multipart/mixed; boundary=outer\r\n\r\n"
      "--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n"
      "--inner\r\nContent-Type: text/plain; charset=iso-8859-15\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\nPreis: 5 =A4\r\n"
      "--inner\r\nContent-Type: text/html\r\n\r\n<p onclick=x()>Preis</p><script>x</script>\r\n"
      "--inner--\r\n"
      "--outer\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
      "Content-Disposition: attachment; filename*=utf-8''%E2%82%AC.pdf\r\n\r\nAAEC\r\n"
      "--outer--\r\n";

} // namespace

class TestMessageReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAWholeMessage();
    void indexesAWholeMessage();
    void readsTheSameWithLineFeeds();
    void readsCharsets_data();
    void readsCharsets();
    void readsEncodedWords_data();
    void readsEncodedWords();
    void readsAddresses_data();
    void readsAddresses();
    void warnsOfFrom_data();
    void warnsOfFrom();
    void survives_data();
    void survives();
    void capsDepth();
    void cutsFieldsOfHeadersAlone();
    void isLinear_data();
    void isLinear();
    void isLinearInTwoRuns_data();
    void isLinearInTwoRuns();
    void takesLittleMemory_data();
    void takesLittleMemory();
    void cutsTextAtACharacter_data();
    void cutsTextAtACharacter();
    void knowsMessages_data();
    void knowsMessages();

private:
    static void compareTimes(const QByteArray &small, const QByteArray &large);
};

void TestMessageReader::readsAWholeMessage()
{
    const MessageView view = read(mixed);
    QCOMPARE(view.subject, QStringLiteral("Grüße €"));
    QCOMPARE(view.from, (QList<AddressView>{{QStringLiteral("Jörg"), QStringLiteral("joerg@example.org")}}));
    QCOMPARE(view.to,
        (QList<AddressView>{{QStringLiteral("Doe, Jane"), QStringLiteral("jane@example.org")},
            {{}, QStringLiteral("bob@example.org")}}));
    QCOMPARE(view.date, 1795424400);
    QCOMPARE(view.messageIdField, QByteArray("a.b@example.org"));
    QCOMPARE(view.references, (QList<QByteArray>{"1@x", "2@x"}));
    QCOMPARE(view.inReplyTo, QByteArray("2@x"));
    QCOMPARE(view.text.trimmed(), QStringLiteral("Preis: 5 €"));
    QCOMPARE(view.page.html.trimmed(), QStringLiteral("<p>Preis</p>"));
    QCOMPARE(view.parts.size(), 5);
    QCOMPARE(view.parts.at(4).fileName, QStringLiteral("€.pdf"));
    QCOMPARE(view.parts.at(4).size, 3);
    QVERIFY(view.parts.at(4).isAttachment);
    QVERIFY(!view.parts.at(2).isAttachment);
    QCOMPARE(view.warnings, QStringList());
    QCOMPARE(readPart(mixed, 4).value(), QByteArray("\0\1\2", 3));
    QCOMPARE(readPart(mixed, 5).error().code, ErrorCode::NotFound);
    QCOMPARE(readPart(mixed, -1).error().code, ErrorCode::NotFound);
}

void TestMessageReader::indexesAWholeMessage()
{
    const IndexFields fields = readIndexFields(mixed);
    QCOMPARE(fields.fromName, QStringLiteral("Jörg"));
    QCOMPARE(fields.fromAddress, QStringLiteral("joerg@example.org"));
    QCOMPARE(fields.to, QStringLiteral("Doe, Jane, bob@example.org"));
    QCOMPARE(fields.subject, QStringLiteral("Grüße €"));
    QVERIFY(fields.hasAttachments);
    QVERIFY(fields.body.contains(QStringLiteral("5 €")));
    QVERIFY(fields.fileNames.contains(QStringLiteral("€.pdf")));
    QVERIFY(!fields.body.contains(QStringLiteral("€.pdf")));
    QVERIFY(!fields.body.contains(QStringLiteral("onclick")));
    QVERIFY(fields.recipients.contains(QStringLiteral("jane@example.org")));
}

void TestMessageReader::readsTheSameWithLineFeeds()
{
    QByteArray lf = mixed;
    lf.replace("\r\n", "\n");
    MessageView a = read(mixed), b = read(lf);
    QCOMPARE(a.text, b.text);
    QCOMPARE(a.page.html.remove(u'\r'), b.page.html);
    QCOMPARE(a.parts, b.parts);
    QCOMPARE(a.header, b.header);
}

void TestMessageReader::readsCharsets_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("text");
    QTest::newRow("utf-8, unnamed") << QByteArray() << QByteArray("\xC3\xA9") << QStringLiteral("é");
    QTest::newRow("Windows-1252, unnamed") << QByteArray() << QByteArray("\x80\xE9") << QStringLiteral("€é");
    QTest::newRow("koi8-r") << QByteArray("Content-Type: text/plain; charset=koi8-r\n")
                            << QByteArray("\xF0\xD2") << QStringLiteral("Пр");
    QTest::newRow("iso-2022-jp") << QByteArray("Content-Type: text/plain; charset=iso-2022-jp\n")
                                 << QByteArray("\x1b$B$\"\x1b(B") << QStringLiteral("あ");
    QTest::newRow("no such charset") << QByteArray("Content-Type: text/plain; charset=x-none-such\n")
                                     << QByteArray("abc\xC3\xA9") << QStringLiteral("abcé");
    QTest::newRow("utf-8 cut short") << QByteArray("Content-Type: text/plain; charset=utf-8\n")
                                     << QByteArray("ab\xC3") << QStringLiteral("ab\uFFFD");
}

void TestMessageReader::readsCharsets()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, body);
    QFETCH(QString, text);
    QCOMPARE(read(header + '\n' + body).text.trimmed(), text);
}

void TestMessageReader::readsEncodedWords_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << QByteArray("a =? b ?= c") << QStringLiteral("a =? b ?= c");
    QTest::newRow("padded Base64 words in a row")
        << QByteArray("=?UTF-8?B?R3LDvMOfZSBhdXM=?=\r\n =?UTF-8?B?IEvDtmxuIHVuZCBCw7Zubg==?=")
        << QStringLiteral("Grüße aus Köln und Bönn");
    QTest::newRow("character split between words")
        << QByteArray("=?utf-8?q?K=C3?= =?UTF-8?q?=B6ln?=") << QStringLiteral("Köln");
    QTest::newRow("text between") << QByteArray("=?utf-8?q?a?= b =?utf-8?q?c?=") << QStringLiteral("a b c");
    QTest::newRow("language, underscore, other charsets")
        << QByteArray("=?iso-8859-1*de?q?sch=F6n_hier?= =?utf-8?b?4oKs?=") << QStringLiteral("schön hier€");
    QTest::newRow("Japanese") << QByteArray("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=") << QStringLiteral("日本");
    QTest::newRow("never ends") << QByteArray("=?utf-8?q?abc") << QStringLiteral("=?utf-8?q?abc");
    QTest::newRow("unknown encoding") << QByteArray("=?utf-8?x?abc?=") << QStringLiteral("=?utf-8?x?abc?=");
}

void TestMessageReader::readsEncodedWords()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, text);
    QCOMPARE(read("Subject: " + value + "\n\n").subject, text);
}

void TestMessageReader::readsAddresses_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QList<AddressView>>("list");
    const auto one = [](const char16_t *name, const char16_t *address) {
        return QList<AddressView>{{QString::fromUtf16(name), QString::fromUtf16(address)}};
    };
    QTest::newRow("bare") << QByteArray("a@b") << one(u"", u"a@b");
    QTest::newRow("comment as name") << QByteArray("a@b (Ann Bee)") << one(u"Ann Bee", u"a@b");
    QTest::newRow("comment inside") << QByteArray("Ann (of (old) B) <a@b>") << one(u"Ann", u"a@b");
    QTest::newRow("quoted local-part") << QByteArray("<\"a b\"@c>") << one(u"", u"\"a b\"@c");
    QTest::newRow("route") << QByteArray("<@x,@y:a@b>") << one(u"", u"a@b");
    QTest::newRow("literal") << QByteArray("<a@[IPv6:::1]>") << one(u"", u"a@[IPv6:::1]");
    QTest::newRow("bare literal") << QByteArray("a@[IPv6:::1]") << one(u"", u"a@[IPv6:::1]");
    QTest::newRow("group") << QByteArray("friends: a@b;") << one(u"", u"a@b");
    QTest::newRow("empty group") << QByteArray("undisclosed-recipients:;") << QList<AddressView>();
    QTest::newRow("folded") << QByteArray("Ann\n <a@b>") << one(u"Ann", u"a@b");
    QTest::newRow("Mailsploit: NUL and line end")
        << QByteArray("=?utf-8?b?YUBiCgAAeA==?= <c@d>") << one(u"a@b ??x", u"c@d");
    const auto two = [](const char16_t *first, const char16_t *address, const char16_t *second,
                         const char16_t *further) {
        return QList<AddressView>{{QString::fromUtf16(first), QString::fromUtf16(address)},
            {QString::fromUtf16(second), QString::fromUtf16(further)}};
    };
    QTest::newRow("T107 two without a comma")
        << QByteArray("A <a@x> B <b@y>") << two(u"A", u"a@x", u"B", u"b@y");
    QTest::newRow("T107 two without names or a comma")
        << QByteArray("<a@x> <b@y>") << two(u"", u"a@x", u"", u"b@y");
    QTest::newRow("T107 a comment in the address") << QByteArray("Ann <a(x)@(y)b>") << one(u"Ann", u"a@b");
    QTest::newRow("T107 a comment behind the address")
        << QByteArray("Ann <a@b> (home)") << one(u"Ann", u"a@b");
    QTest::newRow("T102 a real U+FFFD in a name")
        << QByteArray("\xEF\xBF\xBD\xC3\xB6 <a@b>") << one(u"\uFFFDö", u"a@b");
    QTest::newRow("8-bit name") << QByteArray("J\xC3\xB6rg <a@b>") << one(u"Jörg", u"a@b");
    QTest::newRow("8-bit Latin-1 name") << QByteArray("J\xF6rg <a@b>") << one(u"Jörg", u"a@b");
}

void TestMessageReader::readsAddresses()
{
    QFETCH(QByteArray, value);
    QFETCH(QList<AddressView>, list);
    const QList<AddressView> found = read("From: " + value + "\n\n").from;
    QCOMPARE(found.size(), list.size());
    for (qsizetype i = 0; i < list.size(); ++i) {
        QCOMPARE(found.at(i).name, list.at(i).name);
        QCOMPARE(found.at(i).address, list.at(i).address);
    }
}

void TestMessageReader::warnsOfFrom_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QStringList>("warnings");
    QTest::newRow("F24 plain") << QByteArray("From: A <a@b.c>\n") << QStringList();
    QTest::newRow("F24 two fields") << QByteArray("From: a@b\nFrom: c@d\n")
                                    << QStringList{QStringLiteral("several-from")};
    QTest::newRow("F24 two mailboxes")
        << QByteArray("From: a@b, c@d\n") << QStringList{QStringLiteral("several-from")};
    QTest::newRow("F24 group") << QByteArray("From: g: a@b;\n") << QStringList{QStringLiteral("group-from")};
    QTest::newRow("F24 empty group") << QByteArray("From: g:;\n")
                                     << QStringList{QStringLiteral("group-from")};
    QTest::newRow("F24 name is another address")
        << QByteArray("From: \"boss@example.org\" <evil@example.net>\n")
        << QStringList{QStringLiteral("name-looks-like-address")};
    QTest::newRow("F24 encoded name is another address")
        << QByteArray("From: =?utf-8?q?boss=40example.org?= <evil@example.net>\n")
        << QStringList{QStringLiteral("name-looks-like-address")};
    const auto disguised = [](const char *row, const char16_t *name) {
        QTest::newRow(row) << "From: \"" + QString::fromUtf16(name).toUtf8() + "\" <evil@example.net>\n"
                           << QStringList{QStringLiteral("name-looks-like-address")};
    };
    disguised("T117 a fullwidth at sign", u"boss＠example.org");
    disguised("T117 a small at sign", u"boss﹫example.org");
    disguised("T117 fullwidth all over", u"ｂｏｓｓ＠ｅｘａｍｐｌｅ．ｏｒｇ");
    disguised("T117 an ideographic full stop", u"boss＠example。org");
    disguised("T117 a halfwidth one", u"boss@example｡org");
    disguised("T117 a one dot leader", u"boss@example․org");
    QTest::newRow("T117 the address itself in fullwidth") << QByteArray("From: \"a\xef\xbc\xa0"
                                                                        "b.org\" <a@b.org>\n")
                                                          << QStringList();
    QTest::newRow("F24 name is the address") << QByteArray("From: \"a@b.org\" <a@b.org>\n") << QStringList();
}

void TestMessageReader::warnsOfFrom()
{
    QFETCH(QByteArray, header);
    QFETCH(QStringList, warnings);
    QCOMPARE(read(header + '\n').warnings, warnings);
}

void TestMessageReader::survives_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("one colon") << QByteArray(":");
    QTest::newRow("NULs") << QByteArray(1000, '\0');
    QTest::newRow("no line end") << QByteArray("Subject");
    QTest::newRow("header without body") << QByteArray("Subject: x");
    QTest::newRow("multipart without boundary") << QByteArray("Content-Type: multipart/mixed\n\nx");
    QTest::newRow("multipart never closed")
        << QByteArray("Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx");
    QTest::newRow("boundary of itself")
        << QByteArray("Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; "
                      "boundary=a\n\n--a\n\nx");
    QTest::newRow("bad base64") << QByteArray("Content-Transfer-Encoding: base64\n\n=====\xFF");
    QTest::newRow("F15 truncated UTF-8") << QByteArray("Subject: \xE2\x82\n\n\xF0\x9F");
    QTest::newRow("F15 empty From") << QByteArray("From:\nTo: ,,;;<>\n\n");
    for (const char *one : {"(", "<", "\"", "=?", "=?utf-8?q?", "a,", ":", ";", "[", "@", "\\"})
        QTest::newRow(QByteArray("F16 a megabyte of ") + one)
            << "From: " + QByteArray(one).repeated(int(1000000 / qstrlen(one))) + "\n\nx";
}

void TestMessageReader::survives()
{
    QFETCH(QByteArray, message);
    const MessageView view = read(message);
    QCOMPARE(view.sourceSize, message.size());
    readIndexFields(message);
}

void TestMessageReader::capsDepth()
{
    // F13: ten thousand levels.
    QByteArray nested, attached;
    for (int i = 0; i < 10000; ++i) {
        const QByteArray number = QByteArray::number(i);
        nested += "Content-Type: multipart/mixed; boundary=b" + number + "\n\n--b" + number + "\n";
        attached += "Content-Type: message/rfc822\n\n";
    }
    for (const QByteArray &message : {nested, attached}) {
        const MessageView view = read(message + "\nx");
        QVERIFY(!view.parts.isEmpty());
        for (const PartView &part : view.parts)
            QVERIFY(part.depth <= 100);
    }
    const QByteArray part = "--b\n\nx\n";
    QCOMPARE(
        read("Content-Type: multipart/mixed; boundary=b\n\n" + part.repeated(20000)).parts.size(), 10000);
}

void TestMessageReader::cutsFieldsOfHeadersAlone()
{
    // F14: what stands in a body is text, however much it looks like a field with a thousand parameters.
    const QByteArray line = "Content-Type: text/plain" + QByteArray("; a=b").repeated(2000);
    const QByteArray body = "A log:\n" + line + '\n';
    const QByteArray head = "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
    const MessageView view
        = read(head + "Content-Type: text/plain\n\n" + body + "--b\n" + line + "\n\nx\n--b--\n");
    QCOMPARE(view.parts.size(), 3);
    QVERIFY(view.text.contains(QString::fromLatin1(line)));
    QVERIFY(view.text.contains(QStringLiteral("x")));
}

/// Ten times the octets may cost ten times as much; a square law would cost a hundred times.
void TestMessageReader::compareTimes(const QByteArray &small, const QByteArray &large)
{
    const qint64 smallTime = timed([&] { readMessage(small), readIndexFields(small); });
    const qint64 largeTime = timed([&] { readMessage(large), readIndexFields(large); });
    QVERIFY2(largeTime < 40 * smallTime + 20000000,
        qPrintable(QStringLiteral("%1 ms, %2 ms").arg(smallTime / 1e6).arg(largeTime / 1e6)));
}

void TestMessageReader::isLinear_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("unit");
    QTest::newRow("F14 address fields") << QByteArray() << QByteArray("To: Ann Bee <a@b.example>\n");
    QTest::newRow("F14 attached address fields")
        << QByteArray("Content-Type: message/rfc822\n\n") << QByteArray("To: Ann Bee <a@b.example>\n");
    QTest::newRow("F14 one giant To") << QByteArray("To: x") << QByteArray(", Ann Bee <a@b.example>");
    QTest::newRow("F14 RFC 2231 pieces")
        << QByteArray("Content-Type: text/plain") << QByteArray(";\n name*1=aaaa");
    QTest::newRow("F14 RFC 2231 pieces of a part")
        << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain")
        << QByteArray(";\n name*1=aaaa");
    QTest::newRow("F14 unknown fields") << QByteArray() << QByteArray("X-Field: some value or other\n");
    QTest::newRow("F16 open comments") << QByteArray("From: ") << QByteArray("((((((((");
    QTest::newRow("F16 encoded words") << QByteArray("Subject: ") << QByteArray("=?utf-8?q?=C3=A4?= ");
    QTest::newRow("F13 parts") << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n")
                               << QByteArray("--b\nContent-Type: text/plain\n\nx\n");
    QTest::newRow("T100 addresses without commas") << QByteArray("From: ") << QByteArray("A <a@b> ");
    QTest::newRow("T100 quotes and colons") << QByteArray("From: ") << QByteArray("\"@\":");
    QTest::newRow("T100 crossed tags")
        << QByteArray("Content-Type: text/html\n\n<a href=http://x/>") << QByteArray("y<a>x</a></a>");
    QTest::newRow("T100 crossed tables")
        << QByteArray("Content-Type: text/html\n\n") << QByteArray("<table><tr><td><div></table></div>");
    QTest::newRow("T100 commands of enriched text")
        << QByteArray("Content-Type: text/enriched\n\n") << QByteArray("<param><b>");
    QTest::newRow("T100 flowed quotes")
        << QByteArray("Content-Type: text/plain; format=flowed\n\n") << QByteArray(">>>>>>>> \n");
    QTest::newRow("T100 boundaries that are none")
        << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n--b\n\n") << QByteArray("--bb\n----\n");
    QTest::newRow("T100 octets that are no UTF-8")
        << QByteArray("Content-Type: text/plain\n\n") << QByteArray("\xe2\x82\xff\xc3\xa4");
    QTest::newRow("T100 no characters of Shift_JIS")
        << QByteArray("Content-Type: text/plain; charset=shift_jis\n\n") << QByteArray("\xff\x81");
    QTest::newRow("T100 metas") << QByteArray("Content-Type: text/html\n\n")
                                << QByteArray("<meta charset <!--");
    QTest::newRow("HTML opens") << QByteArray("Content-Type: text/html\n\n") << QByteArray("<b><i>");
    QTest::newRow("HTML comments") << QByteArray("Content-Type: text/html\n\n")
                                   << QByteArray("<!--<a href='");
    QTest::newRow("HTML entities") << QByteArray("Content-Type: text/html\n\n")
                                   << QByteArray("&&amp&#;&#x1;");
}

void TestMessageReader::isLinear()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, unit);
    // ASan reads what is left of the input at each call of iconv: a square law of its own.
    const int octets = before.contains("shift_jis") ? 8000 : 40000;
    const int count = int(octets / unit.size()) + 1;
    compareTimes(before + unit.repeated(count), before + unit.repeated(count * 10));
}

/// Where each octet of one run may be looked at again for each of another.
void TestMessageReader::isLinearInTwoRuns_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("between");
    QTest::addColumn<QByteArray>("second");
    const QByteArray link = "Content-Type: text/html\n\n<a href=http://";
    QTest::newRow("T100 an address of colons")
        << QByteArray("From: ") << QByteArray("a") << QByteArray("@") << QByteArray(":");
    QTest::newRow("T100 links closed again and again")
        << link + "x/>" << QByteArray("y") << QByteArray() << QByteArray("</a>");
    QTest::newRow("T100 links of one word")
        << link << QByteArray("y") << QByteArray(">") << QByteArray("yyyy</a><a>");
}

void TestMessageReader::isLinearInTwoRuns()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, first);
    QFETCH(QByteArray, between);
    QFETCH(QByteArray, second);
    const auto message = [&](int count) {
        return before + first.repeated(count) + between + second.repeated(count / int(second.size()));
    };
    compareTimes(message(40000), message(400000));
}

void TestMessageReader::takesLittleMemory_data()
{
    QTest::addColumn<QByteArray>("message");
    const QByteArray multipart = "Content-Type: multipart/mixed; boundary=b\n\n";
    QTest::newRow("T100 a million empty parts") << multipart + QByteArray("--b\n\n").repeated(1000000);
    QTest::newRow("T100 many parts without an empty line")
        << multipart + QByteArray("--b\n").repeated(300000);
    QTest::newRow("T100 whose boundary is in pieces")
        << "Content-Type: multipart/mixed; boundary*0=a; boundary*1=b\n\n"
            + QByteArray("--ab\n\n").repeated(300000);
    QTest::newRow("T100 below another multipart") << multipart
            + "--b\nContent-Type: multipart/mixed; boundary=\"c d\"\n\n"
            + QByteArray("--c d\n\n").repeated(300000);
    QTest::newRow("T100 in an attached message")
        << "Content-Type: message/rfc822\n\n" + multipart + QByteArray("--b\n\n").repeated(300000);
    QTest::newRow("T100 many multiparts")
        << multipart + QByteArray("--b\nContent-Type: multipart/mixed; boundary=b\n\n").repeated(100000);
    for (const QByteArray field :
        {"Content-Location", "Content-ID", "Content-Description", "Content-Type: text/plain; x"})
        QTest::newRow("T100 ten megabytes of " + field.left(20).toLower())
            << field + ": " + QByteArray(10000000, 'x') + "\n\ny";
    QTest::newRow("T100 ten megabytes of a part's content-location")
        << multipart + "--b\nContent-Location: " + QByteArray(10000000, 'x') + "\n\ny\n--b--\n";
    QTest::newRow("T100 whose boundary has two blanks")
        << "Content-Type: multipart/mixed; boundary=\"c  d\"\n\n" + QByteArray("--c  d\n\n").repeated(300000);
}

void TestMessageReader::takesLittleMemory()
{
    QFETCH(QByteArray, message);
    glasspost::test::MemoryWatch memory;
    QElapsedTimer timer;
    timer.start();
    const MessageView view = readMessage(message);
    readIndexFields(message);
    QVERIFY(view.parts.size() <= 10000);
    // The message itself is there a few times.
    const qint64 grown = memory.end();
    QVERIFY2(grown < 250 * 1024 * 1024, qPrintable(QString::number(grown)));
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed())));
}

void TestMessageReader::cutsTextAtACharacter_data()
{
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("character");
    QTest::addColumn<QString>("read");
    QTest::newRow("T102 UTF-8, unnamed") << QByteArray() << QByteArray("\xc3\xa4") << QStringLiteral("ä");
    QTest::newRow("T102 UTF-8") << QByteArray("utf-8") << QByteArray("\xe2\x82\xac") << QStringLiteral("€");
    QTest::newRow("T102 UTF-8 of four octets")
        << QByteArray("utf-8") << QByteArray("\xf0\x9f\x98\x80") << QStringLiteral("\U0001F600");
    QTest::newRow("T102 Shift_JIS") << QByteArray("shift_jis") << QByteArray("\x93\xfa")
                                    << QStringLiteral("日");
    QTest::newRow("T102 UTF-16") << QByteArray("utf-16le") << QByteArray("\xe5\x65") << QStringLiteral("日");
}

void TestMessageReader::cutsTextAtACharacter()
{
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, character);
    QFETCH(QString, read);
    // An octet before them, so that the limits lie within a character; then all that is read is whole.
    const QByteArray first = charset == "utf-16le" ? QByteArray("x\0", 2) : QByteArray("x");
    const QByteArray type
        = charset.isEmpty() ? QByteArray() : "Content-Type: text/plain; charset=" + charset + '\n';
    for (const QByteArray &lead : {first, first + first}) {
        const QByteArray message = type + '\n' + lead + character.repeated(4200000 / character.size());
        const MessageView view = readMessage(message);
        for (QString text : {view.text, readIndexFields(message).body}) {
            text.remove(u'x');
            QVERIFY(text.size() > 10000);
            QVERIFY(text.left(10000).trimmed().remove(read).isEmpty());
            QVERIFY(text.right(1000).trimmed().endsWith(read));
        }
        QVERIFY(view.warnings.contains(QStringLiteral("truncated")));
    }
}

void TestMessageReader::knowsMessages_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<bool>("isMessage");
    QTest::newRow("field") << QByteArray("Subject: x\n\ny") << true;
    QTest::newRow("mbox line") << QByteArray("From a@b Mon Nov 23 10:00:00 2026\nSubject: x\n") << true;
    QTest::newRow("text") << QByteArray("Hello, this is a letter.\nSubject: x\n") << false;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("empty line first") << QByteArray("\nSubject: x\n") << false;
    QTest::newRow("picture") << QByteArray("\x89PNG\r\n\x1a\n") << false;
}

void TestMessageReader::knowsMessages()
{
    QFETCH(QByteArray, octets);
    QFETCH(bool, isMessage);
    QCOMPARE(looksLikeMessage(octets), isMessage);
}

QTEST_GUILESS_MAIN(TestMessageReader)
#include "tst_messagereader.moc"
