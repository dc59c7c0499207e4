// How a message is looked at, from the window's actions: as text or HTML, larger or smaller, with its
// pictures.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "tests/support/fakesessions.h"
#include "tests/support/fullmessage.h"
#include "tests/support/htmlreader.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/messagecard.h"
#include "ui/message/messagepane.h"
#include "ui/message/messagewindow.h"
#include "ui/message/textmarks.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QRegularExpression>
#include <QTest>

using namespace glasspost;
using namespace glasspost::test;
using namespace glasspost::ui;

namespace {

using Id = ActionId;
using View = MessagePane::View;

/// A session that came from this computer, told of when it is asked for once more.
class LateSessions : public FakeSessions
{
public:
    mail::Task<smtp::SessionFacts> facts(const QByteArray &) override { return m_answer.task(); }
    void answer()
    {
        smtp::SessionFacts facts;
        facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
        m_answer.answer(facts);
    }

private:
    mail::Promise<smtp::SessionFacts> m_answer;
};

} // namespace

class ReadingViewsTest : public QObject, private AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void actionsChooseNoView_data();
    void actionsChooseNoView();
    void turnsPagesWhereSomeAreInSight();
    void theListsMenuHasTheOthers();
    void messageWindowsHaveTheKeys();
    void textIsZoomed();
    void loadsOnceMoreWhenCaptured();
    void saysWhoIsNotAsked();
    void knowsCardsByTheirNames_data();
    void knowsCardsByTheirNames();
    void findsLinks_data();
    void findsLinks();

private:
    void receive(const QByteArray &message);
    [[nodiscard]] MessagePane &pane() const { return *page().pane(); }
    void trigger(Id id)
    {
        QTRY_VERIFY(part<Actions>()[id]->isEnabled());
        part<Actions>()[id]->trigger();
    }
};

/// Opens it.
void ReadingViewsTest::receive(const QByteArray &message)
{
    const int before = page().list()->model()->rowCount();
    const QByteArray date = "Date: Sat, 29 Nov 2025 07:00:0" + QByteArray::number(before) + " +0000\n";
    QVERIFY(awaited(m_system->mailboxes().keepMessages(inbox, {{date + message, {}}})).has_value());
    QTRY_COMPARE_WITH_TIMEOUT(page().list()->model()->rowCount(), before + 1, 20000);
    page().list()->selectRow(0);
    const QString subject
        = QString::fromLatin1(message.mid(message.indexOf("Subject: ") + 9)).section(u'\n', 0, 0);
    QTRY_COMPARE_WITH_TIMEOUT(pane().message().subject, subject, 20000);
}

void ReadingViewsTest::actionsChooseNoView_data()
{
    QTest::addColumn<int>("action");
    QTest::addColumn<int>("shown");
    QTest::addColumn<bool>("prefersText");
    QTest::newRow("Q") << int(Id::FoldQuotes) << int(View::Message) << false;
    QTest::newRow("the fixed font") << int(Id::FixedFont) << int(View::Message) << false;
    QTest::newRow("dark") << int(Id::DarkPage) << int(View::Html) << true;
    QTest::newRow("as on a phone") << int(Id::PhoneWidth) << int(View::Html) << true;
    QTest::newRow("larger") << int(Id::ZoomIn) << int(View::Message) << true;
    QTest::newRow("remote pictures") << int(Id::LoadPictures) << int(View::Html) << true;
}

/// They show this message that way, and the next one as it was chosen.
void ReadingViewsTest::actionsChooseNoView()
{
    QFETCH(int, action);
    QFETCH(int, shown);
    QFETCH(bool, prefersText);
    // A server of this computer, which is not asked.
    receive("From: a@example.org\nSubject: one\nContent-Type: text/html\n\n"
            "<p>first</p><img src=http://127.0.0.1/a.png>\n");
    trigger(prefersText ? Id::ShowMessage : Id::ShowHtml);
    const View preferred = prefersText ? View::Message : View::Html;
    QCOMPARE(pane().view(), preferred);
    trigger(Id(action));
    QCOMPARE(int(pane().view()), shown);
    QCOMPARE(pane().preferredView(), preferred);
    receive("From: a@example.org\nSubject: two\nContent-Type: text/html\n\n<p>second</p>\n");
    QCOMPARE(pane().view(), preferred);
}

void ReadingViewsTest::turnsPagesWhereSomeAreInSight()
{
    const QAction *next = part<Actions>()[Id::NextPage], *previous = part<Actions>()[Id::PreviousPage];
    const QByteArray header = "From: a@example.org\nContent-Type: text/html\n";
    const QSignalSpy laidOut(pane().html().view(), &HtmlView::shown);
    receive(header + "Subject: short\n\n<p>one page</p>\n");
    QTRY_VERIFY_WITH_TIMEOUT(!laidOut.isEmpty(), 40000);
    QVERIFY(!next->isEnabled() && !previous->isEnabled());
    receive(header + "Subject: long\n\n<ul>" + QByteArray("<li>line</li>\n").repeated(3000) + "</ul>\n");
    QTRY_VERIFY_WITH_TIMEOUT(next->isEnabled() && previous->isEnabled(), 40000);
    trigger(Id::ShowSource);
    QVERIFY(!next->isEnabled() && !previous->isEnabled());
    trigger(Id::ShowHtml);
    QVERIFY(next->isEnabled() && previous->isEnabled());
    receive("From: a@example.org\nSubject: plain\n\ntext\n");
    QVERIFY(!next->isEnabled() && !previous->isEnabled());
}

/// The menu of a row: what the window's menu has for attachments and for the sender.
void ReadingViewsTest::theListsMenuHasTheOthers()
{
    receive(fullMessage());
    QTRY_VERIFY(part<Actions>()[Id::GoToAttachments]->isEnabled());
    MessageList *list = page().list();
    const QPoint at = list->visualRect(list->currentIndex()).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, list->viewport()->mapToGlobal(at));
    QCoreApplication::sendEvent(list->viewport(), &event);
    const auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu != nullptr);
    for (const Id id : {Id::SaveAttachment, Id::WriteToSender}) {
        QAction *wanted = part<Actions>()[id];
        const QList<QAction *> rows = menu->actions();
        const auto within = std::find_if(rows.cbegin(), rows.cend(), [wanted](const QAction *row) {
            return row->menu() != nullptr && row->menu()->actions().contains(wanted);
        });
        QVERIFY2(within != rows.cend(), qPrintable(wanted->text()));
        QVERIFY((*within)->isEnabled() && wanted->isEnabled());
    }
    QApplication::activePopupWidget()->close();
}

void ReadingViewsTest::messageWindowsHaveTheKeys()
{
    receive(fullMessage("https://nordlys.example/a.png", QByteArray("<li>line").repeated(3000)));
    auto *window = new MessageWindow(m_system->mailboxes(), m_system->outbox(), m_system->sessions(),
        m_system->settings(), pane().message(), m_window.get());
    window->setVisible(true);
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
    const MessagePane &shown = *window->pane();
    QTRY_VERIFY_WITH_TIMEOUT(shown.html().isPaged(), 40000);
    const auto press = [window](Qt::Key key, Qt::KeyboardModifiers modifiers) {
        QTest::keyClick(window->focusWidget() != nullptr ? window->focusWidget() : window, key, modifiers);
    };
    const auto isOnPage = [&shown](int number) {
        const QList<QLabel *> labels = shown.html().findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(), [number](const QLabel *label) {
            return label->isVisible() && label->text().endsWith(QStringLiteral("Page %1").arg(number));
        });
    };
    press(Qt::Key_PageDown, Qt::ControlModifier);
    QTRY_VERIFY(isOnPage(2));
    press(Qt::Key_PageUp, Qt::ControlModifier);
    QTRY_VERIFY(isOnPage(1));
    press(Qt::Key_Equal, Qt::ControlModifier);
    QVERIFY(shown.html().view()->look().zoom > 1);
    press(Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(shown.html().view()->look().zoom, 1);
    press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    const auto *dialog = window->findChild<QFileDialog *>();
    QVERIFY(dialog != nullptr);
    delete dialog;
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
    press(Qt::Key_A, Qt::NoModifier);
    QTRY_VERIFY(qobject_cast<AttachmentCard *>(window->focusWidget()) != nullptr);
}

/// By action and by the wheel, in text as in HTML; one size for both.
void ReadingViewsTest::textIsZoomed()
{
    receive("From: a@example.org\nSubject: plain\n\ntext\n");
    const auto size = [this] { return pane().text().font().pointSizeF(); };
    const qreal usual = size();
    QVERIFY(usual > 0);
    trigger(Id::ZoomIn);
    QVERIFY(size() > usual);
    QCOMPARE(pane().view(), View::Message);
    const qreal zoom = pane().html().view()->look().zoom;
    QVERIFY(zoom > 1);
    QCOMPARE(size(), usual * zoom);
    trigger(Id::ActualSize);
    QCOMPARE(size(), usual);
    trigger(Id::ZoomOut);
    QVERIFY(size() < usual);
    trigger(Id::ActualSize);
    QWidget *viewport = pane().text().viewport();
    QWheelEvent wheel(QPointF(5, 5), viewport->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, Qt::NoButton,
        Qt::ControlModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(viewport, &wheel);
    QVERIFY(size() > usual);
    QVERIFY(pane().html().view()->look().zoom > 1);
}

/// Where a message came from is known a little after it is shown; before that nobody of this network is
/// asked.
void ReadingViewsTest::loadsOnceMoreWhenCaptured()
{
    WebServer server;
    server.give("/a.png", pictureOf(Qt::darkRed));
    mail::Settings consenting;
    consenting.picturesFrom = {QStringLiteral("news@a.example")};
    consenting.listener.policy = mail::RecipientPolicy::CatchAll;
    FakeSettings settings(consenting);
    LateSessions sessions;
    MessagePane shown(m_system->mailboxes(), m_system->outbox(), sessions, settings);
    shown.resize(640, 480);
    shown.setVisible(true);
    mail::MessageView message
        = messageOf("<img src=" + server.address(QStringLiteral("/a.png")).toLatin1() + ">");
    message.sessionId = "1";
    shown.show(message);
    auto *bar = shown.findChild<PictureBar *>();
    QTRY_VERIFY(bar->isVisible());
    QVERIFY2(bar->words().contains(QStringLiteral("on this network")), qPrintable(bar->words()));
    QCOMPARE(server.connections(), 0);
    sessions.answer();
    QTRY_COMPARE(server.paths(), QList<QByteArray>{"/a.png"});
    QTRY_VERIFY(!bar->isVisible());
}

void ReadingViewsTest::saysWhoIsNotAsked()
{
    WebServer server;
    Reader reader;
    reader.pane.setPictureServers(mail::PictureServers::Public);
    reader.show(messageOf("<img src=" + server.address(QStringLiteral("/a.png")).toLatin1() + ">"));
    QTRY_VERIFY(reader.button(QStringLiteral("Load pictures")) != nullptr);
    reader.button(QStringLiteral("Load pictures"))->click();
    QTRY_VERIFY2(
        reader.bar->words().contains(QStringLiteral("on this network")), qPrintable(reader.bar->words()));
    QVERIFY(reader.button(QStringLiteral("Try again")) == nullptr);
    QCOMPARE(server.connections(), 0);
    // What may be asked and has none can be tried again.
    reader.pane.setPictureServers(mail::PictureServers::Any);
    reader.show(messageOf("<img src=" + server.address(QStringLiteral("/none.png")).toLatin1() + ">"));
    QTRY_VERIFY(reader.button(QStringLiteral("Load pictures")) != nullptr);
    reader.button(QStringLiteral("Load pictures"))->click();
    QTRY_VERIFY(reader.button(QStringLiteral("Try again")) != nullptr);
    QVERIFY(!reader.bar->words().contains(QStringLiteral("on this network")));
}

void ReadingViewsTest::knowsCardsByTheirNames_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QString>("heading");
    const QString lunch = QStringLiteral("Invitation: Lunch"), ann = QStringLiteral("Contact: Ann Bee");
    QTest::newRow("text/calendar") << QByteArray("text/calendar") << lunch;
    QTest::newRow("application/ics") << QByteArray("application/ics; name=invite.ics") << lunch;
    QTest::newRow("octets, .ics") << QByteArray("application/octet-stream; name=Invite.ICS") << lunch;
    QTest::newRow("octets, .vcf") << QByteArray("application/octet-stream; name=ann.vcf") << ann;
    QTest::newRow("octets") << QByteArray("application/octet-stream; name=ann.bin") << QString();
}

void ReadingViewsTest::knowsCardsByTheirNames()
{
    QFETCH(QByteArray, type);
    QFETCH(QString, heading);
    const QByteArray content = type.contains("vcf")
        ? QByteArray("BEGIN:VCARD\nFN:Ann Bee\nEMAIL:ann@x.example\nEND:VCARD")
        : QByteArray("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Lunch\n"
                     "DTSTART:20251201T090000Z\nEND:VEVENT\nEND:VCALENDAR");
    receive(
        "From: a@example.org\nSubject: cards\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b\n"
        "Content-Type: "
        + type + "\n\n" + content + "\n--b--\n");
    const auto cards = pane().findChildren<MessageCard *>();
    QCOMPARE(cards.size(), heading.isEmpty() ? 0 : 1);
    if (!heading.isEmpty())
        QTRY_COMPARE(cards.constFirst()->text().heading, heading);
}

void ReadingViewsTest::findsLinks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("links");
    QTest::addColumn<QString>("target");
    const auto row = [](const char *text, const QStringList &links, const char *target) {
        QTest::newRow(text) << QString::fromLatin1(text) << links << QString::fromLatin1(target);
    };
    row("see https://a.example/b, and", {QStringLiteral("https://a.example/b")}, "https://a.example/b");
    row("see www.a.example/b.", {QStringLiteral("www.a.example/b")}, "http://www.a.example/b");
    row("WWW.A.Example", {QStringLiteral("WWW.A.Example")}, "http://www.a.example");
    row("write to ann.bee+x@mail.a.example.", {QStringLiteral("ann.bee+x@mail.a.example")},
        "mailto:ann.bee+x@mail.a.example");
    row("<ann@a.example>, bob@b.example", {QStringLiteral("ann@a.example"), QStringLiteral("bob@b.example")},
        "mailto:ann@a.example");
    row("mailto:ann@a.example", {QStringLiteral("mailto:ann@a.example")}, "mailto:ann@a.example");
    row("https://user@a.example/", {QStringLiteral("https://user@a.example/")}, "https://user@a.example/");
    row("www. is no address, nor a@b, @c.example or 5@", {}, "");
    row("javascript:alert(1) file:///etc/passwd", {}, "");
}

void ReadingViewsTest::findsLinks()
{
    QFETCH(QString, text);
    QFETCH(QStringList, links);
    QFETCH(QString, target);
    QStringList found;
    for (auto match = linksInText().globalMatch(text); match.hasNext();)
        found += match.next().captured();
    QCOMPARE(found, links);
    if (!links.isEmpty())
        QCOMPARE(linkTarget(links.constFirst()).toString(), target);
}

QTEST_MAIN(ReadingViewsTest)
#include "tst_readingviews.moc"
