// The parts of a message in its window: cards with previews, the window that looks into a part, a message in
// a message, cards of calendars and contacts, the one request that leaves a list.
#include "mail/system/oneclickpost.h"
#include "tests/support/runningmail.h"
#include "tests/support/webserver.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messagecard.h"
#include "ui/message/messagepane.h"
#include "ui/message/messagewindow.h"
#include "ui/message/partsview.h"
#include "ui/message/partwindow.h"
#include "ui/message/picturereading.h"
#include "ui/message/structureview.h"
#include "ui/message/textview.h"

#include <QBuffer>
#include <QImage>
#include <QLabel>
#include <QMenu>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

QByteArray pictureOf(const QSize &size, const char *format)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(Qt::red);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return buffer.data();
}

QByteArray part(const QByteArray &header, const QByteArray &body)
{
    return "--b\n" + header + "\n\n" + body + '\n';
}

mail::PartView partNamed(const char *type, const char *name)
{
    mail::PartView one;
    one.contentType = QString::fromLatin1(type);
    one.fileName = QString::fromUtf8(name);
    one.isAttachment = true;
    return one;
}

} // namespace

class MessagePartsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void opensWithTheHtml();
    void showsPreviews();
    void showsCards();
    void looksIntoAPart();
    void opensAMessageWithin();
    void cardsAreWorkedByKeys_data();
    void cardsAreWorkedByKeys();
    void warnsOfDeceivingNames();
    void readsBoundedPictures_data();
    void readsBoundedPictures();
    void dumpsOctets();
    void postsOneClick_data();
    void postsOneClick();
    void asksNoServerOfThisNetwork();

private:
    /// The message in a pane, as the mailbox gives it.
    std::unique_ptr<MessagePane> open(const QByteArray &message);

    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    int m_count = 0;
};

void MessagePartsTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    QVERIFY(test::start(*m_system));
}

std::unique_ptr<MessagePane> MessagePartsTest::open(const QByteArray &message)
{
    const mail::FolderId folder{QStringLiteral("alice"), QStringLiteral("F%1").arg(++m_count)};
    m_system->mailboxes().keepMessages(folder, {{message, {}}});
    const mail::RowPage page = test::rowsOnceThere(*m_system, folder);
    auto pane = std::make_unique<MessagePane>(
        m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane->resize(700, 600);
    pane->setVisible(true);
    if (!page.rows.isEmpty())
        pane->open(page.rows.constFirst().id);
    if (!QTest::qWaitFor([&pane] { return !pane->message().id.isNull(); }))
        return nullptr;
    return pane;
}

/// Unless the text was chosen; a message that is text alone is no choice.
void MessagePartsTest::opensWithTheHtml()
{
    using View = MessagePane::View;
    const QByteArray html = "Subject: x\nContent-Type: text/html\n\n<p>words";
    const auto pane = open(html);
    QVERIFY(pane);
    QCOMPARE(pane->view(), View::Html);
    const mail::MessageView page = pane->message();
    const auto plain = open("Subject: x\n\nwords");
    QVERIFY(plain);
    QCOMPARE(plain->view(), View::Message);
    const mail::MessageView text = plain->message();

    pane->show(text);
    pane->setView(View::Message);
    pane->show(page);
    QCOMPARE(pane->view(), View::Html);
    auto *tabs = pane->findChild<QTabBar *>();
    QVERIFY(tabs);
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(int(View::Message)).center());
    pane->show(text);
    pane->show(page);
    QCOMPARE(pane->view(), View::Message);
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(int(View::Html)).center());
    pane->show(text);
    QCOMPARE(pane->view(), View::Message);
    pane->show(page);
    QCOMPARE(pane->view(), View::Html);
}

void MessagePartsTest::showsPreviews()
{
    const auto pane = open("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + part("", "text")
        + part("Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64",
            pictureOf({300, 200}, "png").toBase64())
        + part("Content-Type: image/png; name=bad.png", "no picture")
        + part("Content-Type: text/plain; name=notes.txt\nContent-Disposition: attachment",
            "the first words <b>of notes")
        + "--b--\n");
    QVERIFY(pane);
    const auto cards = pane->findChildren<AttachmentCard *>();
    QCOMPARE(cards.size(), 3);
    QTRY_VERIFY(!cards.at(0)->icon().availableSizes().isEmpty()); // a drawn icon has none
    QTRY_VERIFY(cards.at(2)->toolTip().contains(QStringLiteral("the first words")));
    QVERIFY(!Qt::mightBeRichText(cards.at(2)->toolTip()));
    QVERIFY(cards.at(1)->icon().availableSizes().isEmpty());
    QVERIFY(cards.at(0)->text().contains(QStringLiteral("PNG picture")));
}

void MessagePartsTest::showsCards()
{
    const auto pane = open("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + part("", "text")
        + part("Content-Type: text/calendar; method=REQUEST",
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Lunch\n"
            "DTSTART:20251201T090000Z\nEND:VEVENT\nEND:VCALENDAR")
        + part("Content-Type: text/vcard", "BEGIN:VCARD\nFN:Ann Bee\nEMAIL:ann@x.example\nEND:VCARD")
        + "--b--\n");
    QVERIFY(pane);
    const auto cards = pane->findChildren<MessageCard *>();
    QCOMPARE(cards.size(), 2);
    QTRY_COMPARE(cards.at(0)->text().heading, QStringLiteral("Invitation: Lunch"));
    QTRY_COMPARE(cards.at(1)->text().heading, QStringLiteral("Contact: Ann Bee"));
    QTRY_COMPARE(cards.at(1)->findChildren<QAbstractButton *>().size(), 1);
    const QSignalSpy asked(pane.get(), &MessagePane::composeRequested);
    cards.at(1)->findChild<QAbstractButton *>()->click();
    QCOMPARE(asked.value(0).value(0).toUrl(), QUrl(QStringLiteral("mailto:ann@x.example")));
}

void MessagePartsTest::looksIntoAPart()
{
    const auto pane = open("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
        + part("Content-Type: text/plain\nX-Own: yes\nContent-Transfer-Encoding: base64", "aGVsbG8=")
        + part("Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64",
            pictureOf({30, 20}, "png").toBase64())
        + "--b--\n");
    QVERIFY(pane);
    pane->setView(MessagePane::View::Structure);
    auto *tree = pane->findChild<PartsView *>();
    QTreeWidgetItem *text = tree->topLevelItem(0)->child(0);
    tree->setCurrentItem(text);
    QTest::keyClick(tree, Qt::Key_Return);
    auto *window = pane->findChild<PartWindow *>();
    QVERIFY(window != nullptr);
    const auto all = [window] {
        QStringList texts;
        for (const QLabel *label : window->findChildren<QLabel *>())
            texts += label->text();
        for (const TextView *view : window->findChildren<TextView *>())
            texts += view->toPlainText();
        return texts.join(u'\n');
    };
    // SHA-256 of "hello".
    QTRY_VERIFY2(
        all().contains(QStringLiteral("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")),
        qUtf8Printable(all()));
    QTRY_VERIFY(all().contains(QStringLiteral("hello")));
    QVERIFY(all().contains(QStringLiteral("aGVsbG8=")) && all().contains(QStringLiteral("X-Own: yes")));
    delete window;
    tree->setCurrentItem(tree->topLevelItem(0)->child(1));
    QTest::keyClick(tree, Qt::Key_Return);
    window = pane->findChild<PartWindow *>();
    QVERIFY(window != nullptr);
    QTRY_COMPARE(window->findChild<QTabWidget *>()->count(), 4); // the picture too
}

void MessagePartsTest::opensAMessageWithin()
{
    const auto pane = open("Subject: outer\nContent-Type: multipart/mixed; boundary=b\n\n" + part("", "text")
        + part("Content-Type: message/rfc822",
            "From: ann@x.example\nSubject: inner\nDisposition-Notification-To: ann@x.example\n"
            "Content-Type: multipart/mixed; boundary=i\n\n--i\n\ninner text\n--i\n"
            "Content-Type: text/plain; name=n.txt\nContent-Disposition: attachment\n\nnote\n--i--")
        + "--b--\n");
    QVERIFY(pane);
    auto *cards = pane->findChild<MessageAttachments *>();
    QTest::keyClick(cards->findChild<AttachmentCard *>(), Qt::Key_Return);
    QTRY_VERIFY(pane->findChild<MessageWindow *>() != nullptr);
    auto *inner = pane->findChild<MessageWindow *>()->pane();
    QCOMPARE(inner->message().subject, QStringLiteral("inner"));
    QCOMPARE(inner->findChildren<AttachmentCard *>().size(), 1);
    // Its attachment is the one of the message around it, and can be read from there.
    QTRY_VERIFY(inner->findChild<AttachmentCard *>()->toolTip().contains(QStringLiteral("note")));
    QVERIFY(!inner->findChild<QTabBar *>()->isTabVisible(int(MessagePane::View::Delivery)));
}

void MessagePartsTest::cardsAreWorkedByKeys_data()
{
    QTest::addColumn<mail::PartView>("shown");
    QTest::addColumn<int>("key");
    QTest::addColumn<QString>("asked");
    const mail::PartView pdf = partNamed("application/pdf", "a.pdf");
    const mail::PartView program = partNamed("application/pdf", "a.exe");
    QTest::newRow("Space looks inside") << pdf << int(Qt::Key_Space) << QStringLiteral("inspect");
    QTest::newRow("Enter opens") << pdf << int(Qt::Key_Return) << QStringLiteral("open");
    QTest::newRow("F23 Enter saves what could run")
        << program << int(Qt::Key_Enter) << QStringLiteral("save");
    QTest::newRow("Space looks into what could run")
        << program << int(Qt::Key_Space) << QStringLiteral("inspect");
    QTest::newRow("another key") << pdf << int(Qt::Key_X) << QString();
}

void MessagePartsTest::cardsAreWorkedByKeys()
{
    QFETCH(mail::PartView, shown);
    QFETCH(int, key);
    QFETCH(QString, asked);
    AttachmentCard card(shown);
    QStringList all;
    connect(&card, &AttachmentCard::inspectRequested, &card, [&all] { all += QStringLiteral("inspect"); });
    connect(&card, &AttachmentCard::openRequested, &card, [&all] { all += QStringLiteral("open"); });
    connect(&card, &AttachmentCard::saveRequested, &card, [&all] { all += QStringLiteral("save"); });
    QTest::keyClick(&card, Qt::Key(key));
    QCOMPARE(all.join(u' '), asked);
    QTest::keyClick(&card, Qt::Key_S, Qt::ControlModifier);
    QCOMPARE(all.constLast(), QStringLiteral("save"));
}

void MessagePartsTest::warnsOfDeceivingNames()
{
    const AttachmentCard honest(partNamed("application/pdf", "a.pdf"));
    QVERIFY(!honest.toolTip().contains(QStringLiteral("two endings")));
    const AttachmentCard deceives(partNamed("application/pdf", "a.pdf.exe"));
    QVERIFY(deceives.toolTip().contains(QStringLiteral("The name has two endings: it is a .exe file.")));
    QVERIFY(deceives.text().contains(QStringLiteral("Deceiving name")));
    QVERIFY(deceives.accessibleName().contains(QStringLiteral("a.pdf.exe")));
}

void MessagePartsTest::readsBoundedPictures_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::addColumn<QSize>("size");
    QTest::newRow("small") << pictureOf({30, 20}, "png") << QSize(30, 20);
    QTest::newRow("large") << pictureOf({900, 300}, "png") << QSize(300, 100);
    QTest::newRow("JPEG") << pictureOf({900, 300}, "jpg") << QSize(300, 100);
    QTest::newRow("F23 too many pixels") << pictureOf({6000, 6000}, "png") << QSize();
    QTest::newRow("an SVG") << QByteArray("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")
                            << QSize();
    QTest::newRow("damaged") << pictureOf({30, 20}, "png").left(40) << QSize();
    QTest::newRow("nothing") << QByteArray() << QSize();
}

void MessagePartsTest::readsBoundedPictures()
{
    QFETCH(QByteArray, octets);
    QFETCH(QSize, size);
    const QImage image = readPicture(octets, {300, 300});
    QCOMPARE(image.isNull(), size.isNull() || !size.isValid());
    if (!image.isNull())
        QCOMPARE(image.size(), size);
}

void MessagePartsTest::dumpsOctets()
{
    QCOMPARE(hexDump(QByteArray("\x00"
                                "AB\xff",
                 4)),
        QStringLiteral("00000000  00 41 42 ff                                      .AB.\n"));
    QCOMPARE(hexDump({}), QString());
    QCOMPARE(hexDump(QByteArray(1000000, 'x')).count(u'\n'), 4096);
}

void MessagePartsTest::postsOneClick_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("taken") << QByteArray("HTTP/1.1 202 Accepted\r\n") << true;
    QTest::newRow("refused") << QByteArray("HTTP/1.1 403 Forbidden\r\n") << false;
    QTest::newRow("sent on") << QByteArray("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n") << false;
}

void MessagePartsTest::postsOneClick()
{
    QFETCH(QByteArray, head);
    QFETCH(bool, isTaken);
    test::WebServer server;
    server.give("/leave?u=1", "words", head);
    mail::OneClickPost post(mail::OneClickServers::Any);
    std::optional<bool> taken;
    post.post(QUrl(server.address(QStringLiteral("/leave?u=1"))))
        .then(&post, [&taken](const mail::Result<void> &done) { taken = done.has_value(); });
    QTRY_VERIFY(taken.has_value());
    QCOMPARE(*taken, isTaken);
    QCOMPARE(server.requests().size(), 1); // no redirect is followed
    const QByteArray request = server.requests().constFirst();
    QVERIFY2(request.startsWith("POST /leave?u=1 "), request.constData());
    QVERIFY(request.contains("application/x-www-form-urlencoded"));
    QVERIFY(request.endsWith("\r\n\r\nList-Unsubscribe=One-Click"));
    for (const QByteArray field : {"Cookie", "Referer", "Authorization"})
        QVERIFY(!request.contains(field + ':'));
}

void MessagePartsTest::asksNoServerOfThisNetwork()
{
    test::WebServer server;
    mail::OneClickPost post;
    std::optional<mail::ErrorCode> error;
    post.post(QUrl(server.address(QStringLiteral("/"))))
        .then(&post, [&error](const mail::Result<void> &done) { error = done.error().code; });
    QTRY_VERIFY(error.has_value());
    QCOMPARE(*error, mail::ErrorCode::NotPermitted);
    QCOMPARE(server.connections(), 0);
}

QTEST_MAIN(MessagePartsTest)
#include "tst_messageparts.moc"
