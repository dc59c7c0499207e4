// What a window says of a message besides its text: route, verdicts, header fields, names that deceive,
// cards, quotes, the ways of leaving a list.
#include "mail/message/messagereader.h"
#include "ui/message/addressmenu.h"
#include "ui/message/cardtext.h"
#include "ui/message/deceittext.h"
#include "ui/message/headerview.h"
#include "ui/message/messageheader.h"
#include "ui/message/quotefolds.h"
#include "ui/message/routeview.h"
#include "ui/message/textmarks.h"
#include "ui/message/textview.h"
#include "ui/message/unsubscribing.h"
#include "ui/widgets/chip.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/fieldmeanings.h"
#include "ui/words/tracetext.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

using Standing = mail::AuthenticationVerdict::Standing;

mail::AuthenticationVerdict verdict(const char *result, Standing standing)
{
    mail::AuthenticationVerdict one;
    one.method = QStringLiteral("spf");
    one.result = QString::fromLatin1(result);
    one.identity = QStringLiteral("a.example");
    one.server = QStringLiteral("mx.example");
    one.standing = standing;
    return one;
}

QStringList visibleFields(const HeaderView &view)
{
    const auto *tree = view.findChild<QTreeWidget *>();
    QStringList names;
    for (int i = 0; i < tree->topLevelItemCount(); ++i)
        if (!tree->topLevelItem(i)->isHidden())
            names += tree->topLevelItem(i)->text(0);
    return names;
}

QString textsOf(const QWidget &widget)
{
    QStringList texts;
    for (const QLabel *label : widget.findChildren<QLabel *>())
        texts += label->text();
    return texts.join(u'\n');
}

QList<int> hiddenLines(const TextView &view)
{
    QList<int> hidden;
    for (QTextBlock block = view.document()->firstBlock(); block.isValid(); block = block.next())
        if (!block.isVisible())
            hidden += block.blockNumber();
    return hidden;
}

} // namespace

class MessageFactsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void saysDelays_data();
    void saysDelays();
    void saysVerdicts_data();
    void saysVerdicts();
    void showsTheRoute();
    void explainsAndFindsFields();
    void saysDeceits_data();
    void saysDeceits();
    void showsNamesBare();
    void addressesHaveAMenu();
    void saysWhatIsInCards_data();
    void saysWhatIsInCards();
    void foldsQuotes_data();
    void foldsQuotes();
    void findsWithinFolds();
    void coloursQuotesByDepth();
    void switchesTheFont();
    void asksBeforeLeavingAList_data();
    void asksBeforeLeavingAList();
};

void MessageFactsTest::saysDelays_data()
{
    QTest::addColumn<qint64>("delay");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("tone");
    const auto row = [](const char *name, qint64 delay, const char *words, Tone tone) {
        QTest::newRow(name) << delay << QString::fromLatin1(words) << int(tone);
    };
    row("at once", 0, "under 1 s", Tone::Neutral);
    row("seconds", 5, "5 s", Tone::Neutral);
    row("minutes", 125, "2 min 5 s", Tone::Neutral);
    row("long", 3600, "1 h 0 min", Tone::Deferred);
    row("a clock that is wrong", -12, "clock behind by 12 s", Tone::Refused);
}

void MessageFactsTest::saysDelays()
{
    QFETCH(qint64, delay);
    QFETCH(QString, words);
    QFETCH(int, tone);
    mail::ReceivedHop hop;
    QCOMPARE(delayText(hop), QString());
    hop.delay = delay;
    QCOMPARE(delayText(hop), words);
    QCOMPARE(int(delayTone(hop)), tone);
}

void MessageFactsTest::saysVerdicts_data()
{
    QTest::addColumn<mail::AuthenticationVerdict>("verdict");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("tone");
    const auto row
        = [](const char *name, const mail::AuthenticationVerdict &one, const char *words, Tone tone) {
              QTest::newRow(name) << one << QString::fromLatin1(words) << int(tone);
          };
    row("the receiver's pass", verdict("pass", Standing::Receiver), "SPF pass: a.example", Tone::Accepted);
    row("the receiver's fail", verdict("fail", Standing::Receiver), "SPF fail: a.example", Tone::Refused);
    row("the receiver's softfail", verdict("softfail", Standing::Receiver), "SPF softfail: a.example",
        Tone::Deferred);
    row("another's pass", verdict("pass", Standing::OnRoute), "mx.example says SPF pass: a.example",
        Tone::Neutral);
    row("anybody's pass", verdict("pass", Standing::Claimed), "mx.example says SPF pass: a.example",
        Tone::Neutral);
}

void MessageFactsTest::saysVerdicts()
{
    QFETCH(mail::AuthenticationVerdict, verdict);
    QFETCH(QString, words);
    QFETCH(int, tone);
    QCOMPARE(verdictText(verdict), words);
    QCOMPARE(int(verdictTone(verdict)), tone);
    QVERIFY(verdictMeaning(verdict).contains(QStringLiteral("SPF:")));
    QCOMPARE(verdictMeaning(verdict).contains(QStringLiteral("may have written it")),
        verdict.standing == Standing::Claimed);
}

void MessageFactsTest::showsTheRoute()
{
    RouteView view;
    const mail::MessageView message = mail::readMessage(
        "Authentication-Results: b.example; spf=pass smtp.mailfrom=x.example\n"
        "Received: from a.example by b.example with ESMTPS; Sat, 29 Nov 2025 07:00:05 +0000\n"
        "Received: from pc by a.example with ESMTP; Sat, 29 Nov 2025 07:00:00 +0000\n\nx\n");
    view.show(message);
    QVERIFY(!view.isHidden());
    const auto *tree = view.findChild<QTreeWidget *>();
    QCOMPARE(tree->topLevelItemCount(), 2);
    QCOMPARE(tree->topLevelItem(0)->text(0), QStringLiteral("a.example"));
    QCOMPARE(tree->topLevelItem(1)->text(1), QStringLiteral("a.example"));
    QCOMPARE(tree->topLevelItem(1)->text(4), QStringLiteral("5 s"));
    QVERIFY(!tree->topLevelItem(1)->icon(2).isNull());
    QVERIFY(tree->topLevelItem(0)->icon(2).isNull());
    QCOMPARE(view.findChild<Chip *>()->text(), QStringLiteral("SPF pass: x.example"));
    view.show(mail::readMessage("Subject: x\n\nx\n"));
    QVERIFY(view.isHidden());
    QCOMPARE(view.findChildren<Chip *>().size(), 0);
}

void MessageFactsTest::explainsAndFindsFields()
{
    HeaderView view;
    view.show({{QStringLiteral("Subject"), QStringLiteral("a word")},
        {QStringLiteral("received"), QStringLiteral("from x")},
        {QStringLiteral("X-Own"), QStringLiteral("its value")}});
    auto *search = view.findChild<QLineEdit *>();
    QCOMPARE(visibleFields(view).size(), 3);
    search->setText(QStringLiteral("VALUE"));
    QTRY_COMPARE(visibleFields(view), QStringList{QStringLiteral("X-Own")});
    search->setText(QStringLiteral("server that accepted")); // the meaning of Received
    QTRY_COMPARE(visibleFields(view), QStringList{QStringLiteral("received")});
    search->clear();
    QCOMPARE(visibleFields(view).size(), 3);
    auto *tree = view.findChild<QTreeWidget *>();
    tree->setCurrentItem(tree->topLevelItem(0));
    QVERIFY2(textsOf(view).contains(fieldMeaning(QStringLiteral("Subject"))), qUtf8Printable(textsOf(view)));
    tree->setCurrentItem(tree->topLevelItem(2));
    QVERIFY(textsOf(view).contains(QStringLiteral("X-Own is not a field of the standards")));
    QCOMPARE(int(fieldGroup(QStringLiteral("RECEIVED"))), int(FieldGroup::Trace));
    QCOMPARE(int(fieldGroup(QStringLiteral("X-Own"))), int(FieldGroup::Unknown));
}

void MessageFactsTest::saysDeceits_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("words");
    QTest::newRow("honest") << QStringLiteral("a.pdf") << QString();
    QTest::newRow("two endings") << QStringLiteral("a.pdf.exe")
                                 << QStringLiteral("The name has two endings: it is a .exe file.");
    QTest::newRow("a turned direction") << QStringLiteral(
        "a\u202efdp.exe") << QStringLiteral("It contains characters that reverse the reading direction.");
}

void MessageFactsTest::saysDeceits()
{
    QFETCH(QString, file);
    QFETCH(QString, words);
    QCOMPARE(deceitText(mail::fileNameDeceit(file), file), words);
}

void MessageFactsTest::showsNamesBare()
{
    MessageHeader header;
    mail::MessageView message;
    message.from = {{QStringLiteral("boss@bank.example"), QStringLiteral("eve@p\u0430ypal.example")}};
    message.to = {{QStringLiteral("B\u202eo\u202cb"), QStringLiteral("bob@example.org")}};
    header.show(message);
    const QString shown = textsOf(header);
    QVERIFY2(shown.contains(QStringLiteral("The name says boss@bank.example, but that is not the address.")),
        qUtf8Printable(shown));
    QVERIFY2(shown.contains(QStringLiteral("xn--pypal-4ve.example")), qUtf8Printable(shown));
    QVERIFY2(shown.contains(QStringLiteral("B[U+202E]o[U+202C]b")), qUtf8Printable(shown));
    message.from = {{QStringLiteral("Ann"), QStringLiteral("ann@example.org")}};
    message.to = message.from;
    header.show(message);
    QVERIFY(!textsOf(header).contains(QStringLiteral("The name says")));
}

void MessageFactsTest::addressesHaveAMenu()
{
    QMenu menu;
    QList<QUrl> written;
    QStringList found;
    addAddressActions(menu, {QStringLiteral("Ann"), QStringLiteral("ann@example.org")},
        {[&written](const QUrl &mailto) { written += mailto; },
            [&found](const QString &query) { found += query; }});
    for (QAction *action : menu.actions())
        action->trigger();
    QCOMPARE(written, QList<QUrl>{QUrl(QStringLiteral("mailto:ann@example.org"))});
    QCOMPARE(found,
        (QStringList{QStringLiteral("from:\"ann@example.org\""), QStringLiteral("to:\"ann@example.org\"")}));
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Ann <ann@example.org>"));
    menu.actions().constFirst()->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("ann@example.org"));
    // What could end a query or an address ends neither.
    QCOMPARE(mailtoOf(QStringLiteral("a?bcc=x@y")).query(), QString());
}

void MessageFactsTest::saysWhatIsInCards_data()
{
    QTest::addColumn<CardText>("card");
    QTest::addColumn<QString>("heading");
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("tone");
    const auto row = [](const char *name, const CardText &card, const char *heading, const char *line,
                         Tone tone) {
        QTest::newRow(name) << card << QString::fromUtf8(heading) << QString::fromUtf8(line) << int(tone);
    };
    mail::MessageView message;
    row("not protected", protectionText(message), "", "", Tone::Neutral);
    message.protection = mail::Protection::SmimeSigned;
    row("signed", protectionText(message), "Signed with S/MIME",
        "Glasspost does not verify signatures: it may be genuine or not.", Tone::Neutral);
    message.isProtectedInPart = true;
    row("signed in part", protectionText(message), "Part of this message is signed with S/MIME",
        "Glasspost does not verify signatures: it may be genuine or not.", Tone::Neutral);
    mail::StatusReport report;
    report.reportingServer = "mx.example";
    mail::ReportedRecipient bob;
    bob.finalRecipient = "bob@x.example";
    bob.status = {5, 1, 1};
    report.recipients = {bob};
    row("a failure", reportText(report), "Delivery report: not delivered",
        "bob@x.example: not delivered, the mailbox does not exist", Tone::Refused);
    report.recipients[0].action = mail::ReportAction::Delivered;
    report.recipients[0].status = {};
    row("a success", reportText(report), "Delivery report: delivered", "bob@x.example: delivered",
        Tone::Accepted);
    row("a receipt", receiptText({"m1@x", "bob@x.example", "displayed"}), "Receipt: displayed",
        "bob@x.example displayed your message. That does not prove that it was read.", Tone::Accepted);
    row("one with a modifier", receiptText({"m1@x", "bob@x.example", "deleted/error"}), "Receipt: deleted",
        "bob@x.example deleted your message.", Tone::Deferred);
    row("one of another kind", receiptText({"m1@x", "bob@x.example", "dispatched"}), "Receipt",
        "bob@x.example reported: dispatched", Tone::Neutral);
    row("one of nobody", receiptText({}), "Receipt",
        "The recipient does not say what became of your message.", Tone::Neutral);
    mail::CalendarEvent event;
    event.summary = QStringLiteral("Lunch");
    event.location = QStringLiteral("Park");
    row("an invitation", calendarText({mail::CalendarMethod::Request, {event}}), "Invitation: Lunch",
        "Where: Park", Tone::Transit);
    row("one that is cancelled", calendarText({mail::CalendarMethod::Cancel, {event}}), "Cancelled: Lunch",
        "Where: Park", Tone::Refused);
    event.recurrence = mail::Recurrence::Weekly;
    event.interval = 2;
    row("one that comes again", calendarText({mail::CalendarMethod::Publish, {event}}), "Event: Lunch",
        "Every 2 weeks", Tone::Transit);
    mail::CalendarEvent dinner;
    dinner.summary = QStringLiteral("Dinner");
    dinner.start = 1764460800; // 30 November 2025
    dinner.end = dinner.start + 24 * 3600;
    dinner.isAllDay = true;
    row("a second event", calendarText({mail::CalendarMethod::Publish, {event, dinner}}), "Event: Lunch",
        (QLocale().toString(QDate(2025, 11, 30), QLocale::LongFormat) + QStringLiteral(", all day: Dinner"))
            .toUtf8()
            .constData(),
        Tone::Transit);
    row("more than are shown",
        calendarText({mail::CalendarMethod::Publish, QList<mail::CalendarEvent>(9, event)}), "Event: Lunch",
        "3 more event(s)", Tone::Transit);
    row("no event", calendarText({}), "Calendar", "No event could be read from it.", Tone::Neutral);
    mail::ContactCard contact;
    contact.name = QStringLiteral("Ann\u202eBee");
    contact.emails = {QStringLiteral("ann@x.example"), QStringLiteral("a@x.example")};
    row("a contact", contactText({contact}), "Contact: AnnBee", "ann@x.example, a@x.example", Tone::Neutral);
    contact.title = QStringLiteral("Head of Storage");
    contact.organization = QStringLiteral("Nordlys");
    row("a contact at work", contactText({contact}), "Contact: AnnBee", "Head of Storage, Nordlys",
        Tone::Neutral);
    row("two contacts", contactText({contact, contact}), "Contact: AnnBee", "1 more contact(s)",
        Tone::Neutral);
}

void MessageFactsTest::saysWhatIsInCards()
{
    QFETCH(CardText, card);
    QFETCH(QString, heading);
    QFETCH(QString, line);
    QFETCH(int, tone);
    QCOMPARE(card.heading, heading);
    QVERIFY2(line.isEmpty() || card.lines.contains(line), qUtf8Printable(card.lines.join(u'\n')));
    QCOMPARE(int(card.tone), tone);
}

void MessageFactsTest::foldsQuotes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("hidden");
    const auto row = [](const char *name, const char *text, const QList<int> &hidden) {
        QTest::newRow(name) << QString::fromLatin1(text) << hidden;
    };
    row("none", "a\nb\n", {});
    row("a quote", "a\n> b\n> c\n> d\ne\n", {2, 3});
    row("two lines are too few", "a\n> b\n> c\ne\n", {});
    row("two quotes", "> a\n> b\n> c\nx\n> d\n> e\n> f\n", {1, 2, 5, 6});
    row("quotes in quotes are one", "> a\n>> b\n> c\n", {1, 2});
}

void MessageFactsTest::foldsQuotes()
{
    QFETCH(QString, text);
    QFETCH(QList<int>, hidden);
    TextView view(TextView::Look::Prose);
    view.resize(400, 300);
    view.show();
    view.showText(text);
    QTRY_VERIFY(!view.isFilling());
    QCOMPARE(hiddenLines(view), QList<int>());
    QTest::keyClick(&view, Qt::Key_Minus);
    QCOMPARE(hiddenLines(view), hidden);
    // What is folded is copied all the same.
    view.selectAll();
    view.copy();
    QCOMPARE(QGuiApplication::clipboard()->text(), text);
    QTest::keyClick(&view, Qt::Key_Plus);
    QCOMPARE(hiddenLines(view), QList<int>());
}

void MessageFactsTest::findsWithinFolds()
{
    TextView view(TextView::Look::Prose);
    view.showText(QStringLiteral("> a\n> b\n> needle\nx\n"));
    QTRY_VERIFY(!view.isFilling());
    view.foldQuotes(Folding::Folded);
    QCOMPARE(hiddenLines(view), (QList<int>{1, 2}));
    QVERIFY(view.findNext(QStringLiteral("needle"), FindDirection::Forward));
    QCOMPARE(hiddenLines(view), QList<int>());
}

void MessageFactsTest::coloursQuotesByDepth()
{
    TextView view(TextView::Look::Prose);
    // The third line is one of 1,200 characters, laid out as three.
    view.showText(QStringLiteral("a\n> b\n>> ") + QString(1200, u'c') + QStringLiteral("\n-- \nann\n"));
    QTRY_VERIFY(!view.isFilling());
    QList<int> depths;
    for (QTextBlock block = view.document()->firstBlock(); block.isValid(); block = block.next())
        depths += markedDepth(block);
    QCOMPARE(depths, (QList<int>{0, 1, 2, 2, 2, 0, 0, 0}));
}

void MessageFactsTest::switchesTheFont()
{
    TextView view(TextView::Look::Prose);
    const QFont before = view.font();
    view.setFace(TextView::Face::Fixed);
    const QFontMetrics fixed(view.font());
    QCOMPARE(
        fixed.horizontalAdvance(QStringLiteral("iiii")), fixed.horizontalAdvance(QStringLiteral("WWWW")));
    view.setFace(TextView::Face::Proportional);
    QCOMPARE(view.font().family(), before.family());
}

void MessageFactsTest::asksBeforeLeavingAList_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QStringList>("buttons");
    const QString write = QStringLiteral("Unsubs&cribe by e-mail");
    QTest::newRow("by mail") << QByteArray("List-Unsubscribe: <mailto:l@x.example>\n")
                             << QStringLiteral("Unsubscribe from this list?") << QStringList{write};
    QTest::newRow("by a page") << QByteArray("List-Unsubscribe: <https://x.example/u>\n")
                               << QStringLiteral("Its page is at https://x.example/u.")
                               << QStringList{QStringLiteral("Open the &page")};
    QTest::newRow("by one request") << QByteArray(
        "List-Unsubscribe: <https://x.example/u>, <mailto:l@x.example>\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\nList-Id: News <n.x.example>\n")
                                    << QStringLiteral("One request goes to https://x.example/u")
                                    << QStringList{QStringLiteral("Unsu&bscribe"), write};
}

void MessageFactsTest::asksBeforeLeavingAList()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, words);
    QFETCH(QStringList, buttons);
    InlineBar bar;
    QList<QUrl> written, visited;
    askToUnsubscribe(bar, mail::readMessage(header + "\nx\n").unsubscribe,
        {[&written](const QUrl &url) { written += url; }, [&visited](const QUrl &url) { visited += url; }});
    QVERIFY2(bar.words().contains(words), qUtf8Printable(bar.words()));
    QStringList shown;
    QPushButton *last = nullptr;
    for (QPushButton *button : bar.findChildren<QPushButton *>()) {
        shown += button->text();
        last = button;
    }
    QCOMPARE(shown, buttons);
    QVERIFY(written.isEmpty() && visited.isEmpty());
    last->click();
    QCOMPARE(written.size() + visited.size(), 1);
}

QTEST_MAIN(MessageFactsTest)
#include "tst_messagefacts.moc"
