#include "mail/message/headerfields.h"
#include "mail/message/messagebuilder.h"
#include "mail/message/messagereader.h"
#include "mail/message/sevenbit.h"
#include "mail/message/trace.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTemporaryFile>
#include <QTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

const QString host = QStringLiteral("laptop.example");

Draft simpleDraft()
{
    Draft draft;
    draft.id = newDraftId();
    draft.from = QStringLiteral("Alice <alice@example.org>");
    draft.to = QStringLiteral("bob@example.net");
    draft.subject = QStringLiteral("Hello");
    draft.text = QStringLiteral("Hi Bob\n");
    return draft;
}

bool fitsEveryServer(const QByteArray &message)
{
    const QList<QByteArray> lines = message.split('\n');
    return !message.contains('\r') && !message.contains('\0')
        && std::all_of(lines.begin(), lines.end(), [](const QByteArray &line) {
               return line.size() <= 998
                   && std::all_of(line.begin(), line.end(), [](char c) { return uchar(c) < 0x80; });
           });
}

QList<QByteArray> fieldNames(const QByteArray &message)
{
    QList<QByteArray> names;
    for (const RawField &field : readHeader(message).fields)
        names += field.name.toByteArray();
    return names;
}

QString randomText(QRandomGenerator &random)
{
    static const QString pieces[] = {QStringLiteral("\r\nBcc: x@y"), QStringLiteral("\n\n"),
        QStringLiteral("\r"), QString(QChar(u'\0')), QStringLiteral("\u2028X: y"), QStringLiteral("a"),
        QStringLiteral(" "), QStringLiteral("é€😀"), QStringLiteral("\""), QStringLiteral("\\"),
        QStringLiteral("("), QStringLiteral("<"), QStringLiteral("=?utf-8?q?=0A?="), QStringLiteral(":"),
        QStringLiteral(","), QStringLiteral("\u0085"), QString(300, u'x'), QString(QChar(0xD800)),
        QStringLiteral("\x0b\x1b[31m"), QStringLiteral("\n.\n")};
    QString text;
    for (int i = random.bounded(8); i >= 0; --i)
        text += pieces[random.bounded(int(std::size(pieces)))];
    return text;
}

} // namespace

class TestMessageBuilder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void buildsASimpleMessage();
    void keepsTexts_data();
    void keepsTexts();
    void keepsAttachments();
    void bccNeverLeaves();
    void injectsNothing();
    void injectsNothingByAttachments();
    void readsDraftsBack();
    void parsesTypedLists_data();
    void parsesTypedLists();
    void checks_data();
    void checks();
    void spellsHiddenCharacters();
    void messageIdDomain_data();
    void messageIdDomain();
    void namesTheWordForAttachment_data();
    void namesTheWordForAttachment();
    void writesTraceFields();
    void countsHops();
    void makesSevenBit();
    void leavesSignedPartsAlone();
    void sendsNamesWhole_data();
    void sendsNamesWhole();
};

void TestMessageBuilder::buildsASimpleMessage()
{
    Draft draft = simpleDraft();
    draft.to = QStringLiteral("\"Doe, Bob\" <bob@bücher.example>; BOB@xn--bcher-kva.EXAMPLE, carol");
    draft.cc = QStringLiteral("bob@bücher.example");
    draft.inReplyTo = "1@x";
    draft.references = {"0@x", "bad id\r\n", "1@x"};
    const BuiltMessage built = buildMessage(draft, host).value();
    const MessageView view = readMessage(built.octets.inMemory());
    QCOMPARE(view.from.constFirst().address, QStringLiteral("alice@example.org"));
    QCOMPARE(view.to.constFirst(),
        (AddressView{QStringLiteral("Doe, Bob"), QStringLiteral("bob@xn--bcher-kva.example")}));
    QCOMPARE(view.to.size(), 3);
    QCOMPARE(view.text, draft.text);
    QCOMPARE(view.references, (QList<QByteArray>{"0@x", "1@x"}));
    QCOMPARE(view.inReplyTo, QByteArray("1@x"));
    QCOMPARE(view.messageIdField, built.messageIdField);
    QVERIFY(qAbs(view.date - QDateTime::currentSecsSinceEpoch()) < 60);
    QCOMPARE(built.envelope.reversePath.toBytes(), QByteArray("alice@example.org"));
    QStringList recipients;
    for (const auto &one : built.envelope.recipients)
        recipients += QString::fromUtf8(one.forwardPath.toBytes());
    // Local-parts differ by case, the second of one address is dropped.
    QCOMPARE(recipients,
        (QStringList{QStringLiteral("bob@xn--bcher-kva.example"), QStringLiteral("BOB@xn--bcher-kva.EXAMPLE"),
            QStringLiteral("carol@laptop.example")}));
    QVERIFY(!built.envelope.smtpUtf8);
}

void TestMessageBuilder::keepsTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("ASCII") << QStringLiteral("a\nb\n");
    QTest::newRow("umlauts") << QStringLiteral("Grüße\naus Köln\n");
    QTest::newRow("Japanese") << QStringLiteral("日本語のテキスト\n");
    QTest::newRow("C41 a line of 5000") << QString(5000, u'x') + u'\n';
    QTest::newRow("dots") << QStringLiteral(".\n..\n.x\n");
    QTest::newRow("From") << QStringLiteral("From here\n");
    QTest::newRow("boundary-like") << QStringLiteral("--\n--x--\n");
    QTest::newRow("blanks at ends") << QStringLiteral("-- \nAlice\t\n é \n");
}

void TestMessageBuilder::keepsTexts()
{
    QFETCH(QString, text);
    Draft draft = simpleDraft();
    draft.text = text;
    draft.subject = text;
    for (const QString &html : {QString(), QStringLiteral("<p>x</p>")}) {
        draft.html = html;
        const BuiltMessage built = buildMessage(draft, host).value();
        QVERIFY(fitsEveryServer(built.octets.inMemory()));
        const MessageView view = readMessage(built.octets.inMemory());
        // Nothing in the text part: the reader shows the HTML's words.
        const bool showsHtml = text.isEmpty() && !html.isEmpty();
        QCOMPARE(view.text.trimmed(), showsHtml ? QStringLiteral("x") : text.trimmed());
        QCOMPARE(view.subject, text.simplified());
        QCOMPARE(view.page.html.isEmpty(), html.isEmpty());
    }
}

void TestMessageBuilder::keepsAttachments()
{
    QTemporaryDir folder;
    QByteArray octets;
    for (int i = 0; i < 10000; ++i)
        octets += char(i * 7 % 256);
    QFile file(folder.filePath(QStringLiteral("a")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(octets);
    file.close();
    Draft draft = simpleDraft();
    const QString name = QStringLiteral("Übersicht 2026 \"neu\" 日本.bin");
    draft.attachments = {{file.fileName(), name, {}},
        {file.fileName(), QStringLiteral("b.eml"), QStringLiteral("message/rfc822")}};
    const BuiltMessage built = buildMessage(draft, host).value();
    QVERIFY(fitsEveryServer(built.octets.inMemory()));
    const MessageView view = readMessage(built.octets.inMemory());
    QCOMPARE(view.parts.size(), 4);
    QCOMPARE(view.parts.at(2).fileName, name);
    QCOMPARE(readPart(built.octets.inMemory(), 2).value(), octets);
    QCOMPARE(readPart(built.octets.inMemory(), 3).value(), octets);
    draft.attachments.first().path += QStringLiteral("-gone");
    QCOMPARE(buildMessage(draft, host).error().code, ErrorCode::NotFound);
}

void TestMessageBuilder::bccNeverLeaves()
{
    Draft draft = simpleDraft();
    draft.to.clear();
    draft.bcc = QStringLiteral("secret@example.com");
    const BuiltMessage built = buildMessage(draft, host).value();
    QVERIFY(!built.octets.inMemory().contains("secret"));
    QVERIFY(!built.octets.inMemory().toLower().contains("\nbcc:"));
    QVERIFY(built.sentCopy.inMemory().contains("Bcc: secret@example.com\n"));
    QCOMPARE(built.envelope.recipients.size(), 1);
    QVERIFY(built.octets.inMemory().contains("\nTo: undisclosed-recipients:;\n"));
    QVERIFY(!built.octets.inMemory().contains("Disposition-Notification-To"));
    draft.asksForMdn = true;
    QVERIFY(buildMessage(draft, host)->octets.inMemory().contains("\nDisposition-Notification-To: "));
}

void TestMessageBuilder::injectsNothing()
{
    // F6: any text in any field leaves the header's fields what they are.
    QRandomGenerator random(20261123);
    const QList<QByteArray> sending = fieldNames(buildMessage(simpleDraft(), host)->octets.inMemory());
    for (int i = 0; i < 500; ++i) {
        Draft draft = simpleDraft();
        draft.subject = u'S' + randomText(random);
        draft.text = randomText(random);
        draft.to = QStringLiteral("\"N") + randomText(random).remove(u'"').remove(u'\\')
            + QStringLiteral("\" <a@b.c>");
        draft.inReplyTo = randomText(random).toUtf8() + '\n';
        const Result<BuiltMessage> built = buildMessage(draft, host);
        QVERIFY2(built, qPrintable(draft.to));
        QCOMPARE(fieldNames(built->octets.inMemory()), sending);
        QVERIFY(fitsEveryServer(built->octets.inMemory()));
        QCOMPARE(built->envelope.recipients.size(), 1);

        draft.from = randomText(random);
        draft.to = randomText(random);
        const BuiltMessage kept = buildDraft(draft, host).value();
        const QList<QByteArray> names = fieldNames(kept.sentCopy.inMemory());
        QVERIFY(!names.contains("X") && !names.contains("Bcc"));
        QVERIFY(names.count("Subject") == 1 && names.count("To") <= 1 && names.count("From") <= 1);
        for (const auto &recipient : kept.envelope.recipients)
            QVERIFY(!recipient.forwardPath.toBytes().contains('\n'));
    }
}

// F6: nor do the fields of its parts, nor those that name other messages.
void TestMessageBuilder::injectsNothingByAttachments()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("notes.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("notes"), 5);
    file.close();
    QRandomGenerator random(20261126);
    Draft draft = simpleDraft();
    draft.cc = QStringLiteral("c@d.example");
    draft.references = {"0@x"};
    draft.attachments = {{file.fileName(), QStringLiteral("notes.txt"), {}}};
    const auto linesWithColon = [](const QByteArray &message) {
        QList<QByteArray> names;
        for (const QByteArray &line : message.split('\n')) {
            if (line.contains(':') && !line.startsWith(' ') && !line.startsWith('\t'))
                names.append(line.first(line.indexOf(':')));
        }
        return names;
    };
    const QList<QByteArray> harmless = linesWithColon(buildMessage(draft, host)->octets.inMemory());
    QVERIFY(harmless.contains("Cc") && harmless.contains("References")
        && harmless.count("Content-Disposition") >= 1);
    for (int i = 0; i < 500; ++i) {
        draft.cc = QStringLiteral("\"N") + randomText(random).remove(u'"').remove(u'\\')
            + QStringLiteral("\" <c@d.example>");
        draft.references = {"0@x", randomText(random).toUtf8()};
        draft.attachments = {{file.fileName(), u'n' + randomText(random), {}}};
        const Result<BuiltMessage> built = buildMessage(draft, host);
        QVERIFY2(built, qPrintable(draft.cc));
        QCOMPARE(linesWithColon(built->octets.inMemory()), harmless);
        QVERIFY(fitsEveryServer(built->octets.inMemory()));
        QCOMPARE(built->envelope.recipients.size(), 2);
    }
}

void TestMessageBuilder::readsDraftsBack()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("notes.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("notes");
    file.close();
    Draft draft = simpleDraft();
    draft.to = QStringLiteral("no address at all, \"Doe, Jö\" <j@x.example>");
    draft.cc = QStringLiteral("\"Müller, Jörg\" <j@x.example>, b@c.example");
    draft.bcc = QStringLiteral("d@e.example");
    draft.subject = QStringLiteral("Grüße, 日本");
    draft.inReplyTo = "1@x";
    draft.asksForMdn = true;
    draft.references = {"0@x", "1@x"};
    draft.attachments = {{file.fileName(), QStringLiteral("notes.txt"), {}}};
    const Draft back
        = readDraft(buildDraft(draft, host)->sentCopy.inMemory(), folder.filePath(QStringLiteral("out")))
              .value();
    QCOMPARE(back.from, draft.from);
    QVERIFY(back.asksForMdn);
    QCOMPARE(back.to, draft.to);
    QCOMPARE(back.cc, draft.cc);
    QCOMPARE(back.bcc, draft.bcc);
    QCOMPARE(back.subject, draft.subject);
    QCOMPARE(back.text, draft.text);
    QCOMPARE(back.inReplyTo, draft.inReplyTo);
    QCOMPARE(back.references, draft.references);
    QCOMPARE(back.attachments.size(), 1);
    QFile copy(back.attachments.constFirst().path);
    QVERIFY(copy.open(QIODevice::ReadOnly));
    QCOMPARE(copy.readAll(), QByteArray("notes"));
}

void TestMessageBuilder::parsesTypedLists_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("addresses");
    QTest::addColumn<int>("malformed");
    const auto list
        = [](const char *text) { return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts); };
    QTest::newRow("nothing") << QString() << QStringList() << 0;
    QTest::newRow("commas and semicolons") << QStringLiteral(" a@b.c,; d@e.f;") << list("a@b.c d@e.f") << 0;
    QTest::newRow("group") << QStringLiteral("team: a@b.c, d@e.f;, g@h.i") << list("a@b.c d@e.f g@h.i") << 0;
    QTest::newRow("comment") << QStringLiteral("a@b.c (x, y)") << list("a@b.c") << 0;
    QTest::newRow("local name") << QStringLiteral("bob") << list("bob") << 0;
    QTest::newRow("two words") << QStringLiteral("bob smith") << QStringList() << 1;
    QTest::newRow("two at") << QStringLiteral("a@b@c") << QStringList() << 1;
    QTest::newRow("no domain") << QStringLiteral("a@") << QStringList() << 1;
    QTest::newRow("no local part") << QStringLiteral("@b") << QStringList() << 1;
    QTest::newRow("bracket never closed") << QStringLiteral("x <a@b.c, d@e.f") << list("d@e.f") << 1;
    QTest::newRow("C42 line end in brackets")
        << QStringLiteral("<a@b.c\nRCPT TO:<d@e.f>>") << QStringList() << 1;
    QTest::newRow("C42 NUL") << QStringLiteral("a@b.c") + QChar(u'\0') + QStringLiteral("d") << QStringList()
                             << 1;
    const QString longer = QString(100, u'l') + QStringLiteral("@b.test");
    QTest::newRow("T18 a local-part of 100") << longer << QStringList{longer} << 0;
    const QString rewritten = QStringLiteral("SRS0=%1=ab=example.org=confirm-%2@b.test")
                                  .arg(QString(40, u'h'), QString(40, u'x'));
    QTest::newRow("T18 a rewritten sender")
        << QStringLiteral("Bob <") + rewritten + u'>' << QStringList{rewritten} << 0;
    const QString whole = QString(254 - 7, u'l') + QStringLiteral("@b.test");
    QTest::newRow("T18 as long as a path can be") << whole << QStringList{whole} << 0;
    QTest::newRow("T18 longer than a path can be") << u'l' + whole << QStringList() << 1;
    const auto marked = [](const char *row, const QString &text) {
        QTest::newRow(row) << text << QStringList{QStringLiteral("a@b.test")} << 0;
    };
    marked("T19 U+202A and U+202C around it", QStringLiteral("\u202Aa@b.test\u202C"));
    marked("T19 marks around the brackets", QStringLiteral("\u202A<a@b.test>\u202C"));
    marked("T19 marks in the brackets", QStringLiteral("Al <\u200Ba@b.test\u2069>"));
    marked("T19 a byte order mark and a soft hyphen", QStringLiteral("\uFEFF a@b.test\u00AD "));
    QTest::newRow("T19 in a list") << QStringLiteral("\u2068a@b.test\u2069, \u200Ec@d.test")
                                   << list("a@b.test c@d.test") << 0;
    QTest::newRow("T19 inside the local-part") << QStringLiteral("a\u200Bb@b.test") << QStringList() << 1;
    QTest::newRow("T19 inside the domain") << QStringLiteral("a@b\u202E.test") << QStringList() << 1;
    QTest::newRow("T19 at the sign") << QStringLiteral("a\u200E@b.test") << QStringList() << 1;
    QTest::newRow("T19 a joiner between ASCII letters")
        << QStringLiteral("a\u200Db@b.test") << QStringList() << 1;
    const QString persian = QStringLiteral("نامه\u200Cها@b.test");
    QTest::newRow("T19 a joiner that a word needs") << persian << QStringList{persian} << 0;
    QTest::newRow("quotes never closed") << QStringLiteral("\"a <b@c.d>") << QStringList() << 1;
}

void TestMessageBuilder::parsesTypedLists()
{
    QFETCH(QString, text);
    QFETCH(QStringList, addresses);
    QFETCH(int, malformed);
    const AddressList list = parseAddressList(text);
    QStringList found;
    for (const AddressView &mailbox : list.mailboxes)
        found += mailbox.address;
    QCOMPARE(found, addresses);
    QCOMPARE(int(list.malformed.size()), malformed);
}

void TestMessageBuilder::checks_data()
{
    QTest::addColumn<Draft>("draft");
    QTest::addColumn<int>("kind"); // -1: none
    const auto row = [](const char *name, auto change, int kind) {
        Draft draft = simpleDraft();
        change(draft);
        QTest::newRow(name) << draft << kind;
    };
    using Kind = DraftProblem::Kind;
    row(
        "fine", [](Draft &) {}, -1);
    row(
        "no recipient", [](Draft &d) { d.to.clear(); }, int(Kind::NoRecipient));
    row(
        "only Bcc is fine", [](Draft &d) { d.bcc = std::exchange(d.to, {}); }, -1);
    row(
        "no From", [](Draft &d) { d.from.clear(); }, int(Kind::NoFrom));
    row(
        "two From", [](Draft &d) { d.from = QStringLiteral("a@b.c, d@e.f"); }, int(Kind::BadAddress));
    row(
        "bad Cc", [](Draft &d) { d.cc = QStringLiteral("x y"); }, int(Kind::BadAddress));
    row(
        "unknown local name", [](Draft &d) { d.to = QStringLiteral("zoe"); }, int(Kind::NoSuchLocalUser));
    row(
        "known local name", [](Draft &d) { d.to = QStringLiteral("bob"); }, -1);
    row(
        "no such file",
        [](Draft &d) {
            d.attachments = {{QStringLiteral("/none"), {}, {}}};
        },
        int(Kind::FileUnreadable));
    row(
        "empty subject", [](Draft &d) { d.subject = QStringLiteral(" "); }, int(Kind::EmptySubject));
    row(
        "forgotten", [](Draft &d) { d.text = QStringLiteral("See attached."); },
        int(Kind::AttachmentForgotten));
    row(
        "quoted only", [](Draft &d) { d.text = QStringLiteral("> See attached.\nNo."); }, -1);
}

void TestMessageBuilder::checks()
{
    QFETCH(Draft, draft);
    QFETCH(int, kind);
    const QList<DraftProblem> problems
        = checkDraft(draft, [](const QString &name) { return name == QLatin1String("bob"); });
    QCOMPARE(problems.size(), kind < 0 ? 0 : 1);
    if (kind >= 0)
        QCOMPARE(int(problems.constFirst().kind), kind);
}

void TestMessageBuilder::spellsHiddenCharacters()
{
    const AddressList list = parseAddressList(QStringLiteral("a\u200Bb@c.test"));
    QCOMPARE(list.malformed, QStringList{QStringLiteral("a[U+200B]b@c.test")});
}

void TestMessageBuilder::messageIdDomain_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("set");
    QTest::addColumn<QByteArray>("domain");
    const QString alice = QStringLiteral("Alice <alice@example.org>");
    QTest::newRow("T24 the identity's") << alice << QString() << QByteArray("@example.org");
    QTest::newRow("T24 an international one")
        << QStringLiteral("a@bücher.example") << QString() << QByteArray("@xn--bcher-kva.example");
    QTest::newRow("T24 as set") << alice << QStringLiteral("ids.example.net")
                                << QByteArray("@ids.example.net");
    QTest::newRow("T24 a local name has the host's")
        << QStringLiteral("alice") << QString() << "@" + host.toLatin1();
}

void TestMessageBuilder::messageIdDomain()
{
    QFETCH(QString, from);
    QFETCH(QString, set);
    QFETCH(QByteArray, domain);
    Draft draft = simpleDraft();
    draft.from = from;
    draft.to = QStringLiteral("bob@example.net");
    const BuiltMessage built = buildMessage(draft, host, set).value();
    QVERIFY2(built.messageIdField.endsWith(domain), built.messageIdField.constData());
    QCOMPARE(readMessage(built.octets.inMemory()).messageIdField, built.messageIdField);
}

void TestMessageBuilder::namesTheWordForAttachment_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    QTest::newRow("T36 as it was written")
        << QStringLiteral("Dear all,\nSee ATTACHED plan.") << QStringLiteral("ATTACHED");
    QTest::newRow("T36 the first of two")
        << QStringLiteral("Enclosed, attached.") << QStringLiteral("Enclosed");
    QTest::newRow("T36 the rest of the word")
        << QStringLiteral("two attachments") << QStringLiteral("attachments");
    QTest::newRow("T36 German") << QStringLiteral("Der Plan liegt im Anhang.") << QStringLiteral("im Anhang");
    QTest::newRow("T36 Russian") << QStringLiteral("во вложении") << QStringLiteral("вложении");
    QTest::newRow("T36 Chinese") << QStringLiteral("请看附件谢谢") << QStringLiteral("附件");
    QTest::newRow("T36 quoted alone") << QStringLiteral("> attached\nno") << QString();
    QTest::newRow("T36 in the signature alone") << QStringLiteral("Hi\n-- \nattached to nobody") << QString();
}

void TestMessageBuilder::namesTheWordForAttachment()
{
    QFETCH(const QString, text);
    QFETCH(const QString, word);
    Draft draft = simpleDraft();
    draft.text = text;
    const QList<DraftProblem> problems = checkDraft(draft, {});
    QCOMPARE(problems.size(), word.isEmpty() ? 0 : 1);
    if (!word.isEmpty())
        QCOMPARE(problems.constFirst().excerpt, word);
}

void TestMessageBuilder::writesTraceFields()
{
    smtp::SessionFacts session;
    session.id = "abc123";
    session.peerAddress = QHostAddress(QStringLiteral("2001:db8::1"));
    session.peerName = "client.example";
    session.tls = "TLSv1.3 X";
    session.user = "bob";
    smtp::Envelope envelope;
    envelope.recipients = {{{"u", "d"}, {}, {}}};
    const QDateTime when(QDate(2026, 11, 23), QTime(10, 0), Qt::OffsetFromUTC, 0);
    const QByteArray field = receivedField(session, "host.example", true, envelope, when);
    QVERIFY2(field.startsWith(
                 "Received: from client.example ([IPv6:2001:db8::1])\n\tby host.example with ESMTPSA id "
                 "abc123\n\tfor <u@d>;\n\t"),
        field.constData());
    envelope.recipients.append(smtp::EnvelopeRecipient{{"v", "d"}, {}, {}});
    envelope.smtpUtf8 = true;
    session.user.clear();
    const QByteArray two = receivedField(session, "host.example", true, envelope, when);
    QVERIFY(!two.contains("for <"));
    QVERIFY(two.contains(" with UTF8SMTPS id "));
    QVERIFY(receivedField(session, "h", false, envelope, when).contains(" with SMTP id "));
    session.peerName = "evil)\r\nX: y (";
    QCOMPARE(fieldNames(receivedField(session, "h", false, envelope, when)), (QList<QByteArray>{"Received"}));
    QCOMPARE(returnPathField({}), QByteArray("Return-Path: <>\n"));
    QVERIFY(QRegularExpression(
        QStringLiteral("^[A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} 2026 \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}$"))
                .match(QString::fromLatin1(dateTime(when)))
                .hasMatch());
}

void TestMessageBuilder::countsHops()
{
    QCOMPARE(hopCount(QByteArray("received: a\nX: y\nReceived: b\n folded\n\nReceived: body")), 2);
    QVERIFY(wasDeliveredTo(QByteArray("Delivered-To: A@B\n\n"), "a@b"));
    QVERIFY(!wasDeliveredTo(QByteArray("X: y\n\nDelivered-To: a@b\n"), "a@b"));
    smtp::Envelope envelope;
    envelope.reversePath = {"a", "b"};
    const QByteArray fields = missingFields("Subject: x\n\nFrom: no", envelope, "h");
    QCOMPARE(fieldNames(fields), (QList<QByteArray>{"Date", "From", "Message-ID"}));
    QVERIFY2(fields.endsWith("@b>\n"), fields.constData()); // the sender's domain, not this machine's name
    QCOMPARE(missingFields("From: a\nDate: b\nMESSAGE-ID: c\n\n", {}, "h"), QByteArray());
}

void TestMessageBuilder::makesSevenBit()
{
    const QByteArray plain = "From: a@b\nSubject: x\n\nhello\n";
    QCOMPARE(toSevenBit(plain).value().inMemory(), plain);
    const QByteArray eight
        = "From: J\xC3\xB6rg <a@b>\nSubject: Gr\xC3\xBC\xC3\x9F"
          "e\nMIME-Version: 1.0\n"
          "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=utf-8\n"
          "Content-Transfer-Encoding: 8bit\n\nK\xC3\xB6ln\n--b\nContent-Type: application/x\n"
          "Content-Transfer-Encoding: binary\n\n\xFF\xFE\x01\n--b--\n";
    const QByteArray converted = toSevenBit(eight).value().inMemory();
    QVERIFY(fitsEveryServer(converted));
    const MessageView before = readMessage(eight), after = readMessage(converted);
    QCOMPARE(after.subject, before.subject);
    QCOMPARE(after.from, before.from);
    QCOMPARE(after.text.trimmed(), before.text.trimmed());
    QCOMPARE(readPart(converted, 2).value(), readPart(eight, 2).value());
    const QByteArray bare = toSevenBit(QByteArray("Subject: x\n\nK\xC3\xB6ln\n")).value().inMemory();
    QCOMPARE(readMessage(bare).text.trimmed(), QStringLiteral("Köln"));
}

void TestMessageBuilder::leavesSignedPartsAlone()
{
    const QByteArray before
        = "MIME-Version: 1.0\nContent-Type: multipart/signed; boundary=s; protocol=\"application/x\"; "
          "micalg=x\n\n--s\nContent-Type: text/plain; charset=utf-8\n\n";
    const QByteArray after = "\n--s\nContent-Type: application/x\n\nsig\n--s--\n";
    QVERIFY(!toSevenBit(before + "K\xC3\xB6ln" + after).has_value());
    const QByteArray fine = "Subject: \xC3\x9C\n" + before + "ascii" + after;
    const auto converted = toSevenBit(fine);
    QVERIFY(converted);
    QVERIFY(converted->inMemory().contains("Content-Type: text/plain; charset=utf-8\n\nascii\n--s\n"));
}

void TestMessageBuilder::sendsNamesWhole_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("sent");
    const QString japanese
        = QStringLiteral("二〇二六年度上半期営業報告書").repeated(4) + QStringLiteral("最終版.pdf");
    QTest::newRow("T32 61 characters of Japanese") << japanese.right(61) << japanese.right(61);
    QTest::newRow("T32 250 octets of ASCII")
        << QString(246, u'a') + QStringLiteral(".pdf") << QString(246, u'a') + QStringLiteral(".pdf");
    QTest::newRow("T32 quotes, backslash, percent")
        << QStringLiteral("a \"b\" \\c 100%.txt") << QStringLiteral("a \"b\" \\c 100%.txt");
    QTest::newRow("T32 emoji") << QString(QStringLiteral("📎").repeated(60))
                               << QString(QStringLiteral("📎").repeated(60));
    QTest::newRow("a path") << QStringLiteral("/etc/../x/name.txt") << QStringLiteral("name.txt");
    QTest::newRow("line ends") << QStringLiteral("a\r\nBcc: b@c.txt") << QStringLiteral("a  Bcc: b@c.txt");
}

void TestMessageBuilder::sendsNamesWhole()
{
    QFETCH(QString, given);
    QFETCH(QString, sent);
    QTemporaryFile file;
    QVERIFY(file.open());
    Draft draft = simpleDraft();
    draft.attachments = {{file.fileName(), given, {}}};
    const BuiltMessage built = buildMessage(draft, host).value();
    QVERIFY(fitsEveryServer(built.octets.inMemory()));
    QCOMPARE(readMessage(built.octets.inMemory()).parts.at(2).fileName, sent);
    QVERIFY(!built.octets.inMemory().contains("\nBcc:"));
}

QTEST_GUILESS_MAIN(TestMessageBuilder)
#include "tst_messagebuilder.moc"
