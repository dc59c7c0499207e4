#include "mail/message/messagebuilder.h"
#include "mail/message/messagereader.h"
#include "tests/support/composeservices.h"
#include "tests/support/runningmail.h"
#include "ui/compose/composeform.h"
#include "ui/compose/composewindow.h"
#include "ui/compose/fieldnote.h"
#include "ui/compose/filestrip.h"
#include "ui/compose/recipientchip.h"
#include "ui/compose/recipientfield.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/composetext.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace glasspost;
using mail::DraftField;

class ComposeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splitsRecipients_data();
    void splitsRecipients();
    void makesChipsOfTypedAddresses();
    void removesAndEditsChipsByKeys();
    void saysWhatIsWrongThenSends();
    void savesAndOpensADraft();
    void takesFilesAndRefusesFolders();
    void answers_data();
    void answers();
    void answersWithQuoteAndReferences();
    void readsMailto();
    void keepsWhatIsTyped_data();
    void keepsWhatIsTyped();
    void keepsTheSender_data();
    void keepsTheSender();
    void tabGoesFromFieldToField_data();
    void tabGoesFromFieldToField();
    void answersLists_data();
    void answersLists();
    void knowsPrefixes_data();
    void knowsPrefixes();
    void endsALongRoute_data();
    void endsALongRoute();
    void wordsTheRoute_data();
    void wordsTheRoute();
    void showsTheRecipientsRoute_data();
    void showsTheRecipientsRoute();
    void mnemonicsAreUnique();
};

namespace {

mail::Settings settings()
{
    mail::Settings made;
    made.identities
        = {{QStringLiteral("Alice"), QStringLiteral("alice@example.org"), QStringLiteral("alice")}};
    made.users = {{QStringLiteral("alice"), QStringLiteral("Alice")}};
    return made;
}

mail::MessageView message()
{
    mail::MessageView view;
    view.subject = QStringLiteral("Plans");
    view.from = {{QStringLiteral("Bob, Baker"), QStringLiteral("bob@example.net")}};
    view.to = {{{}, QStringLiteral("ALICE@example.org")}, {{}, QStringLiteral("carol@example.net")}};
    view.cc = {{{}, QStringLiteral("dan@example.net")}};
    view.text = QStringLiteral("Hello\n> earlier\n-- \nBob");
    view.messageIdField = "m2@example.net";
    view.references = {"m1@example.net"};
    return view;
}

} // namespace

void ComposeTest::splitsRecipients_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<QStringList>("entries");
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    QTest::newRow("one") << s("a@b.example") << QStringList{s("a@b.example")};
    QTest::newRow("comma and semicolon") << s("a@b; c@d, e@f") << QStringList{s("a@b"), s("c@d"), s("e@f")};
    QTest::newRow("quoted comma") << s("\"Baker, Bob\" <b@c>, d@e")
                                  << QStringList{s("\"Baker, Bob\" <b@c>"), s("d@e")};
    QTest::newRow("escaped quote") << s("\"a\\\",b\" <c@d>") << QStringList{s("\"a\\\",b\" <c@d>")};
    QTest::newRow("comment") << s("a@b (x, y), c@d") << QStringList{s("a@b (x, y)"), s("c@d")};
    QTest::newRow("line ends") << s("a@b\r\nc@d\n") << QStringList{s("a@b"), s("c@d")};
    QTest::newRow("nothing") << s(" , ;") << QStringList();
    const QStringList two{s("\"Doe, Jane\" <j@x>"), s("\"Roe, Rick\" <r@x>")};
    QTest::newRow("T34 Outlook's form") << s("Doe, Jane <j@x>; Roe, Rick <r@x>") << two;
    QTest::newRow("T34 ends in a semicolon") << s("Doe, Jane <j@x>; Roe, Rick <r@x>;") << two;
    QTest::newRow("T34 no blank after the comma")
        << s("Doe,Jane <j@x>;a@b") << QStringList{s("\"Doe,Jane\" <j@x>"), s("a@b")};
    QTest::newRow("T34 quoted already") << s("\"Doe, Jane\" <j@x>; Roe, Rick <r@x>") << two;
    QTest::newRow("T34 three in a name")
        << s("Doe, Jane, PhD <j@x>; a@b") << QStringList{s("\"Doe, Jane, PhD\" <j@x>"), s("a@b")};
    QTest::newRow("T34 an address before the comma")
        << s("a@b, Jane <j@x>; c@d") << QStringList{s("a@b"), s("Jane <j@x>"), s("c@d")};
    QTest::newRow("T34 two named ones between commas")
        << s("Jane <j@x>, Rick <r@x>; c@d") << QStringList{s("Jane <j@x>"), s("Rick <r@x>"), s("c@d")};
}

void ComposeTest::splitsRecipients()
{
    QFETCH(const QString, list);
    QFETCH(const QStringList, entries);
    QCOMPARE(ui::splitRecipients(list), entries);
}

void ComposeTest::makesChipsOfTypedAddresses()
{
    ui::RecipientField field;
    field.show();
    QTest::keyClicks(field.edit(), QStringLiteral("bob@example.org,"));
    QCOMPARE(field.chips().size(), 1);
    QTest::keyClicks(field.edit(), QStringLiteral("no address@"));
    QTest::keyClick(field.edit(), Qt::Key_Return);
    QCOMPARE(field.chips().size(), 2);
    QCOMPARE(field.chips()[0]->health(), ui::RecipientChip::Health::Good);
    QCOMPARE(field.chips()[1]->health(), ui::RecipientChip::Health::Malformed);
    QCOMPARE(field.text(), QStringLiteral("bob@example.org, no address@"));
    QTest::keyClicks(field.edit(), QStringLiteral("half"));
    QCOMPARE(field.text(), QStringLiteral("bob@example.org, no address@, half"));
}

void ComposeTest::removesAndEditsChipsByKeys()
{
    ui::RecipientField field;
    field.show();
    QVERIFY(QTest::qWaitForWindowExposed(&field));
    field.setText(QStringLiteral("a@b.example, c@d.example"));
    QTest::keyClick(field.chips()[1], Qt::Key_Delete);
    QCOMPARE(field.text(), QStringLiteral("a@b.example"));
    QTest::keyClick(field.chips()[0], Qt::Key_Return);
    QCOMPARE(field.chips().size(), 0);
    QCOMPARE(field.edit()->text(), QStringLiteral("a@b.example"));
}

void ComposeTest::saysWhatIsWrongThenSends()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    const mail::Settings now = system.settings().value();
    QVERIFY(!now.identities.isEmpty());

    QPointer<ui::ComposeWindow> window
        = new ui::ComposeWindow(test::composeServices(system), ui::newDraft(now));
    QSignalSpy submitted(window, &ui::ComposeWindow::submitted);
    window->show();
    QTest::mouseClick(window->sendButton(), Qt::LeftButton);
    ui::FieldNote *note = window->form()->note(DraftField::To);
    QVERIFY(!note->isHidden());
    QVERIFY(!note->text().isEmpty());
    QVERIFY(window->isVisible());

    ui::RecipientField *to = window->form()->recipients(DraftField::To);
    QTest::keyClicks(to->edit(), QStringLiteral("not an address@,"));
    QTest::mouseClick(window->sendButton(), Qt::LeftButton);
    QVERIFY(note->text().contains(QStringLiteral("not an address@")));
    QCOMPARE(submitted.size(), 0);

    QTest::keyClick(to->chips().constFirst(), Qt::Key_Delete);
    QTest::keyClicks(to->edit(), now.identities[0].address + QLatin1Char(','));
    QVERIFY(note->isHidden());
    QTest::keyClicks(window->form()->subject(), QStringLiteral("Hello"));
    QTest::keyClicks(window->form()->text(), QStringLiteral("A first message."));
    QTest::keyClick(window, Qt::Key_Return, Qt::ControlModifier);
    if (submitted.isEmpty() && window)
        QTest::mouseClick(
            window->sendButton(), Qt::LeftButton); // no window manager: no active window, no shortcut
    QTRY_COMPARE_WITH_TIMEOUT(submitted.size(), 1, 20000);
    QTRY_VERIFY(!window);
}

void ComposeTest::savesAndOpensADraft()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    QPointer<ui::ComposeWindow> window
        = new ui::ComposeWindow(test::composeServices(system), ui::newDraft(system.settings().value()));
    QSignalSpy saved(window, &ui::ComposeWindow::savedAsDraft);
    window->show();
    window->form()->recipients(DraftField::To)->setText(QStringLiteral("bob@example.net"));
    QTest::keyClicks(window->form()->subject(), QStringLiteral("Later"));
    QTest::keyClicks(window->form()->text(), QStringLiteral("To be gone on with."));
    window->close(); // nothing is asked: it goes to Drafts
    QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 20000);
    QTRY_VERIFY(!window);

    ui::ComposeWindow *again = nullptr;
    ui::openDraft(
        test::composeServices(system), saved[0][0].value<mail::MessageId>(), this,
        [&](ui::ComposeWindow *opened) { again = opened; },
        [](const mail::Error &error) { qWarning("%s", qPrintable(error.subject + error.systemText)); });
    QTRY_VERIFY_WITH_TIMEOUT(again, 20000);
    QCOMPARE(again->draft().to, QStringLiteral("bob@example.net"));
    QCOMPARE(again->draft().subject, QStringLiteral("Later"));
    QCOMPARE(again->draft().text.trimmed(), QStringLiteral("To be gone on with."));
    again->discard();
}

void ComposeTest::takesFilesAndRefusesFolders()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("notes.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("text");
    file.close();
    ui::FileStrip strip;
    QSignalSpy refused(&strip, &ui::FileStrip::refused);
    strip.addFiles({file.fileName(), folder.path()});
    QTRY_COMPARE(refused.size(), 1);
    QCOMPARE(strip.attachments().size(), 1);
    QCOMPARE(strip.attachments()[0].name, QStringLiteral("notes.txt"));
}

void ComposeTest::answers_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("cc");
    QTest::addColumn<QString>("made");
    const QString bob = QStringLiteral("\"Bob, Baker\" <bob@example.net>");
    QTest::newRow("reply") << int(ui::ReplyKind::Reply) << QStringLiteral("Plans") << bob << QString()
                           << QStringLiteral("Re: Plans");
    QTest::newRow("reply again") << int(ui::ReplyKind::Reply) << QStringLiteral("RE: Plans") << bob
                                 << QString() << QStringLiteral("RE: Plans");
    QTest::newRow("reply all, own address dropped")
        << int(ui::ReplyKind::ReplyAll) << QStringLiteral("Plans") << bob
        << QStringLiteral("carol@example.net, dan@example.net") << QStringLiteral("Re: Plans");
    QTest::newRow("forward") << int(ui::ReplyKind::Forward) << QStringLiteral("Plans") << QString()
                             << QString() << QStringLiteral("Fwd: Plans");
}

void ComposeTest::answers()
{
    QFETCH(const int, kind);
    QFETCH(const QString, subject);
    QFETCH(const QString, to);
    QFETCH(const QString, cc);
    QFETCH(const QString, made);
    mail::MessageView view = message();
    view.subject = subject;
    const mail::Draft draft = ui::makeReply(view, ui::ReplyKind(kind), settings());
    QCOMPARE(draft.to, to);
    QCOMPARE(draft.cc, cc);
    QCOMPARE(draft.subject, made);
    QCOMPARE(draft.from, QStringLiteral("Alice <alice@example.org>"));
}

void ComposeTest::answersWithQuoteAndReferences()
{
    const mail::Draft draft = ui::makeReply(message(), ui::ReplyKind::Reply, settings());
    QVERIFY(draft.text.contains(QStringLiteral("> Hello\n>> earlier\n")));
    QVERIFY(!draft.text.contains(QStringLiteral("> Bob")));
    QCOMPARE(draft.inReplyTo, QByteArray("m2@example.net"));
    QCOMPARE(draft.references, QList<QByteArray>({"m1@example.net", "m2@example.net"}));
}

void ComposeTest::readsMailto()
{
    const mail::Draft draft = ui::draftFromMailto(
        QStringLiteral(
            "mailto:bob@example.net?cc=c@d.example&subject=Gr%C3%BC%C3%9Fe%0D%0ABcc:%20x&body=a%0D%0Ab"
            "&attach=/etc/passwd&from=evil@example.com"),
        settings());
    QCOMPARE(draft.to, QStringLiteral("bob@example.net"));
    QCOMPARE(draft.cc, QStringLiteral("c@d.example"));
    QCOMPARE(draft.subject,
        QString::fromUtf8("Gr\xc3\xbc\xc3\x9f"
                          "e Bcc: x"));
    QCOMPARE(draft.text, QStringLiteral("a\nb"));
    QVERIFY(draft.attachments.isEmpty());
    QCOMPARE(draft.from, QStringLiteral("Alice <alice@example.org>"));
}

void ComposeTest::keepsWhatIsTyped_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("T28 no-break space") << QStringLiteral("10\u00a0km, 5\u202f%");
    QTest::newRow("T28 no-break spaces in a row") << QStringLiteral("a\u00a0\u00a0b\n\u00a0c");
    QTest::newRow("T28 other spaces") << QStringLiteral("a\u2003b\u3000c\td");
}

void ComposeTest::keepsWhatIsTyped()
{
    QFETCH(const QString, text);
    ui::ComposeForm form;
    mail::Draft draft;
    draft.text = text;
    form.setDraft(draft);
    QCOMPARE(form.draft().text, text);
    form.text()->clear();
    form.text()->insertPlainText(text); // as a paste does
    QCOMPARE(form.draft().text, text);
    draft = form.draft();
    draft.from = QStringLiteral("alice@example.org");
    draft.to = QStringLiteral("bob@example.net");
    const mail::Result<mail::BuiltMessage> built = mail::buildMessage(draft, QStringLiteral("example.org"));
    QVERIFY(built);
    QCOMPARE(mail::readMessage(built->octets.inMemory()).text.chopped(1), text);
}

void ComposeTest::keepsTheSender_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("after");
    QTest::addColumn<bool>("isNoted");
    const QString foreign = QStringLiteral("Old <old@example.org>");
    const QString alice = QStringLiteral("Alice <alice@example.org>");
    QTest::newRow("T30 no identity any more") << foreign << foreign << true;
    QTest::newRow("T30 an identity") << alice << alice << false;
    QTest::newRow("T30 an identity under another name")
        << QStringLiteral("A. Example <ALICE@example.org>") << alice << false;
    QTest::newRow("T30 none given") << QString() << alice << false;
}

void ComposeTest::keepsTheSender()
{
    QFETCH(const QString, from);
    QFETCH(const QString, after);
    QFETCH(const bool, isNoted);
    mail::Settings now = settings();
    now.identities.prepend(
        {QStringLiteral("First"), QStringLiteral("first@example.org"), QStringLiteral("alice")});
    ui::ComposeForm form;
    form.setIdentities(settings().identities);
    mail::Draft draft;
    draft.from = from;
    form.setDraft(draft);
    QCOMPARE(form.draft().from, after);
    QCOMPARE(!form.note(DraftField::From)->isHidden(), isNoted);
    form.setIdentities(now.identities); // preferences applied while it is open
    QCOMPARE(form.draft().from, after);
    QCOMPARE(!form.note(DraftField::From)->isHidden(), isNoted);
    if (!isNoted)
        return;
    QVERIFY(form.note(DraftField::From)->text().contains(from));
    form.from()->setCurrentIndex(0);
    QCOMPARE(form.draft().from, QStringLiteral("First <first@example.org>"));
    QVERIFY(form.note(DraftField::From)->isHidden());
}

void ComposeTest::tabGoesFromFieldToField_data()
{
    QTest::addColumn<bool>("withCopies");
    QTest::newRow("T33 To, Subject, text") << false;
    QTest::newRow("T33 To, Cc, Bcc, Subject, text") << true;
}

void ComposeTest::tabGoesFromFieldToField()
{
    QFETCH(const bool, withCopies);
    ui::ComposeForm form;
    mail::Draft draft;
    if (withCopies) {
        draft.cc = QStringLiteral("c@example.org");
        draft.bcc = QStringLiteral("b@example.org");
    }
    form.setDraft(draft);
    form.show();
    QVERIFY(QTest::qWaitForWindowActive(&form));
    QList<QWidget *> stops{form.recipients(DraftField::To)->edit()};
    if (withCopies)
        stops += {form.recipients(DraftField::Cc)->edit(), form.recipients(DraftField::Bcc)->edit()};
    stops += {form.subject(), form.text()};
    stops.first()->setFocus();
    for (QWidget *stop : std::as_const(stops)) {
        QCOMPARE(QApplication::focusWidget(), stop);
        QTest::keyClick(stop, Qt::Key_Tab);
    }
}

void ComposeTest::answersLists_data()
{
    QTest::addColumn<ui::ReplyKind>("kind");
    QTest::addColumn<QList<mail::HeaderField>>("fields");
    QTest::addColumn<QString>("replyTo");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("cc");
    using Fields = QList<mail::HeaderField>;
    const auto field = [](const char *name, const char *value) {
        return mail::HeaderField{QString::fromLatin1(name), QString::fromLatin1(value)};
    };
    const Fields list{field("List-Post", "<mailto:list@example.com> (members only)")};
    const QString bob = QStringLiteral("\"Bob, Baker\" <bob@example.net>");
    const QString others = QStringLiteral("carol@example.net, dan@example.net");
    const auto reply = ui::ReplyKind::Reply;
    const auto all = ui::ReplyKind::ReplyAll;
    const auto toList = ui::ReplyKind::ReplyList;
    QTest::newRow("T35 reply to list")
        << toList << list << QString() << QStringLiteral("list@example.com") << QString();
    QTest::newRow("T35 List-Post, web address first")
        << toList
        << Fields{field("list-post", "<https://example.com/post>, <mailto:list@example.com?subject=x>")}
        << QString() << QStringLiteral("list@example.com") << QString();
    QTest::newRow("T35 List-Post: NO")
        << toList << Fields{field("List-Post", "NO")} << QString() << QString() << QString();
    QTest::newRow("T35 Reply-To set by the list: to the author")
        << reply << list << QStringLiteral("List@example.com") << bob << QString();
    QTest::newRow("T35 Reply-To of the author's own") << reply << list << QStringLiteral("home@example.net")
                                                      << QStringLiteral("home@example.net") << QString();
    QTest::newRow("T35 reply to all with Mail-Followup-To")
        << all << Fields{field("Mail-Followup-To", "list@example.com, alice@example.org")} << QString()
        << QStringLiteral("list@example.com") << QString();
    QTest::newRow("T35 reply to all, no list") << all << Fields() << QString() << bob << others;
    QTest::newRow("T35 reply alone heeds no Mail-Followup-To")
        << reply << Fields{field("Mail-Followup-To", "list@example.com")} << QString() << bob << QString();
}

void ComposeTest::answersLists()
{
    QFETCH(const ui::ReplyKind, kind);
    QFETCH(const QList<mail::HeaderField>, fields);
    QFETCH(const QString, replyTo);
    QFETCH(const QString, to);
    QFETCH(const QString, cc);
    mail::MessageView view = message();
    view.header = fields;
    if (!replyTo.isEmpty())
        view.replyTo = {{{}, replyTo}};
    const mail::Draft draft = ui::makeReply(view, kind, settings());
    QCOMPARE(draft.to, to);
    QCOMPARE(draft.cc, cc);
}

void ComposeTest::knowsPrefixes_data()
{
    QTest::addColumn<QString>("subject");
    QTest::addColumn<bool>("isForward");
    for (const char *subject : {"Re: x", "RE: x", "re:x", "Re : x", "Re[2]: x", "Re (3): x", "Re^4: x",
             "Re：x", "AW: x", "Antw: x", "SV: x", "VS: x", "Odp: x", "YNT: x", "回复：x", "答复: x"})
        QTest::addRow("T35 %s", subject) << QString::fromUtf8(subject) << false;
    for (const char *subject : {"Fwd: x", "FW: x", "WG: x", "TR: x", "VB: x", "ENC: x", "转发：x"})
        QTest::addRow("T35 %s", subject) << QString::fromUtf8(subject) << true;
}

void ComposeTest::knowsPrefixes()
{
    QFETCH(const QString, subject);
    QFETCH(const bool, isForward);
    mail::MessageView view = message();
    view.subject = subject;
    const auto same = isForward ? ui::ReplyKind::Forward : ui::ReplyKind::Reply;
    const auto other = isForward ? ui::ReplyKind::Reply : ui::ReplyKind::Forward;
    QCOMPARE(ui::makeReply(view, same, settings()).subject, subject);
    QCOMPARE(ui::makeReply(view, other, settings()).subject,
        (isForward ? QStringLiteral("Re: ") : QStringLiteral("Fwd: ")) + subject);
    view.subject = QStringLiteral("Regarding: x"); // a word, no prefix
    QVERIFY(ui::makeReply(view, same, settings()).subject != view.subject);
}

void ComposeTest::endsALongRoute_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("T57 narrow") << 120 << false;
    QTest::newRow("T57 wide") << 2000 << true;
}

void ComposeTest::endsALongRoute()
{
    QFETCH(const int, width);
    QFETCH(const bool, isWhole);
    ui::ElidedLabel label;
    const QString words = QStringLiteral("direct to the exchangers of a-long-name.example.net and 7 more");
    label.setWords(words);
    label.resize(width, 20);
    QCOMPARE(label.shownText() == words, isWhole);
    QCOMPARE(label.shownText().endsWith(QChar(0x2026)), !isWhole);
    QCOMPARE(label.text(), words);
    QVERIFY(label.fontMetrics().horizontalAdvance(label.shownText()) <= width);
}

void ComposeTest::wordsTheRoute_data()
{
    QTest::addColumn<bool>("local");
    QTest::addColumn<QString>("smarthost");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("words");
    QTest::newRow("local") << true << QString() << QString() << QStringLiteral("stays on this machine");
    QTest::newRow("direct") << false << QString() << QString()
                            << QStringLiteral("direct to the exchanger of example.net");
    QTest::newRow("smarthost") << false << QStringLiteral("smtp.example.org") << QStringLiteral("alice")
                               << QStringLiteral("via smtp.example.org as alice");
}

void ComposeTest::wordsTheRoute()
{
    QFETCH(const bool, local);
    QFETCH(const QString, smarthost);
    QFETCH(const QString, user);
    QFETCH(const QString, words);
    mail::RecipientRoute route;
    route.isLocal = local;
    if (!local)
        route.domains = {QStringLiteral("example.net")};
    route.route.host = smarthost;
    route.route.user = user;
    if (!smarthost.isEmpty())
        route.route.kind = mail::OutgoingRoute::Kind::Smarthost;
    QCOMPARE(ui::routesText({route}), words);
}

void ComposeTest::showsTheRecipientsRoute_data()
{
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("words");
    const QString here = QStringLiteral("stays on this machine");
    const QString direct = QStringLiteral("direct to the exchanger of example.net");
    QTest::newRow("local") << QStringLiteral("alice@mail.example.test") << here;
    QTest::newRow("local, without a domain") << QStringLiteral("alice") << here;
    QTest::newRow("forwarded") << QStringLiteral("dave@mail.example.test") << direct;
    QTest::newRow("remote") << QStringLiteral("bob@example.net") << direct;
    QTest::newRow("address literal") << QStringLiteral("bob@[192.0.2.1]")
                                     << QStringLiteral("direct to [192.0.2.1]");
    QTest::newRow("remote, and an address literal") << QStringLiteral("bob@example.net, bob@[192.0.2.1]")
                                                    << QStringLiteral("direct to example.net and 1 more");
    QTest::newRow("local and forwarded")
        << QStringLiteral("alice, dave") << QStringLiteral("on this machine and ") + direct;
    QTest::newRow("malformed") << QStringLiteral("no address@") << QString();
    QTest::newRow("malformed, without a domain") << QStringLiteral("two words") << QString();
    QTest::newRow("nobody here") << QStringLiteral("nobody@mail.example.test") << QString();
    QTest::newRow("malformed and remote") << QStringLiteral("two words, bob@example.net") << direct;
}

void ComposeTest::showsTheRecipientsRoute()
{
    QFETCH(const QString, to);
    QFETCH(const QString, words);
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    mail::StartOptions options;
    options.adjust = [](mail::Settings settings) {
        settings.hostName = QStringLiteral("mail.example.test");
        settings.users = {{QStringLiteral("alice"), {}}};
        settings.aliases
            = {{QStringLiteral("dave"), mail::Alias::Kind::Forward, {QStringLiteral("dave@example.net")}}};
        return settings;
    };
    QVERIFY(test::start(system, options));
    mail::Draft draft = ui::newDraft(system.settings().value());
    draft.to = to;
    const ui::ComposeWindow window(test::composeServices(system), draft);
    QCOMPARE(window.routeText(), words);
}

void ComposeTest::mnemonicsAreUnique()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    QVERIFY(test::start(system));
    mail::Draft draft;
    draft.id = mail::newDraftId();
    draft.cc = QStringLiteral("a@example.org");
    draft.bcc = QStringLiteral("b@example.org");
    QPointer<ui::ComposeWindow> window = new ui::ComposeWindow(test::composeServices(system), draft);
    window->show();
    QHash<QString, QString> taken;
    const auto take = [&taken](const QString &text) {
        const QString key = QKeySequence::mnemonic(text).toString();
        QVERIFY2(!key.isEmpty(), qPrintable(text));
        QVERIFY2(!taken.contains(key), qPrintable(text + QStringLiteral(" and ") + taken.value(key)));
        taken.insert(key, text);
    };
    for (const QLabel *label : window->findChildren<QLabel *>()) {
        if (label->buddy() != nullptr && label->isVisible())
            take(label->text());
    }
    for (const QAbstractButton *button : window->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && qobject_cast<const ui::RecipientChip *>(button) == nullptr
            && !button->text().isEmpty())
            take(button->text());
    }
    QVERIFY(taken.size() >= 8);
    window->discard();
    QTRY_VERIFY(window.isNull());
}

QTEST_MAIN(ComposeTest)
#include "tst_compose.moc"
