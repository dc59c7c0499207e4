// What one reads is worked by the mouse and by the keyboard alike: the menu of each object, cards that are
// clicked and dragged out.
#include "tests/support/fullmessage.h"
#include "tests/support/runningmail.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/headerview.h"
#include "ui/message/linkbar.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messageheader.h"
#include "ui/message/messagepane.h"
#include "ui/message/partactions.h"
#include "ui/message/partsview.h"
#include "ui/message/textview.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QCursor>
#include <QDrag>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

/// As Qt sends it when the menu key is pressed: for the place of the cursor.
void pressMenuKey(QWidget *widget)
{
    const QPoint at = widget->inputMethodQuery(Qt::ImCursorRectangle).toRect().center();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, at, widget->mapToGlobal(at));
    QCoreApplication::sendEvent(widget, &event);
}

void clickRight(QWidget *widget, const QPoint &at)
{
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, widget->mapToGlobal(at));
    QCoreApplication::sendEvent(widget, &event);
}

QMenu *openedMenu()
{
    return qobject_cast<QMenu *>(QApplication::activePopupWidget());
}

QStringList rowsOf(const QMenu &menu)
{
    QStringList rows;
    for (const QAction *action : menu.actions())
        if (!action->isSeparator())
            rows += action->text().remove(u'&').section(u'\t', 0, 0);
    return rows;
}

void choose(const QMenu &menu, const QString &row)
{
    for (QAction *action : menu.actions())
        if (action->text().remove(u'&') == row)
            action->trigger();
}

/// What a menu is for, and where it is asked for.
struct Target
{
    QWidget *pointed = nullptr;
    QPoint at;
    QWidget *focused = nullptr;
};

Target rowOf(QTreeWidget *tree, QTreeWidgetItem *item)
{
    tree->setCurrentItem(item);
    tree->scrollToItem(item);
    return {tree->viewport(), tree->visualItemRect(item).center(), tree};
}

} // namespace

class ReadingMenusTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { m_pane.reset(); }
    void objectsHaveTheirMenus_data();
    void objectsHaveTheirMenus();
    void theMenuKeyKnowsTheAddress();
    void addressesAreForgottenWhenLeft();
    void clicksOpenOnce_data();
    void clicksOpenOnce();
    void cardsAreDraggedOut();

private:
    [[nodiscard]] Target targetOf(const QString &object);
    [[nodiscard]] QLabel *recipients() const;

    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
    mail::MessageId m_message;
    std::unique_ptr<MessagePane> m_pane;
};

void ReadingMenusTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    QVERIFY(test::start(*m_system));
    const mail::FolderId folder{QStringLiteral("alice"), QStringLiteral("F")};
    m_system->mailboxes().keepMessages(folder, {{test::fullMessage(), {}}});
    const mail::RowPage page = test::rowsOnceThere(*m_system, folder);
    QCOMPARE(page.rows.size(), 1);
    m_message = page.rows.constFirst().id;
}

void ReadingMenusTest::init()
{
    m_pane = std::make_unique<MessagePane>(
        m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    m_pane->resize(700, 700);
    m_pane->setVisible(true);
    m_pane->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
    m_pane->open(m_message);
    QTRY_VERIFY(!m_pane->message().id.isNull());
    m_pane->setView(MessagePane::View::Message);
    QTRY_VERIFY(!m_pane->text().isFilling());
}

QLabel *ReadingMenusTest::recipients() const
{
    for (QLabel *label : m_pane->header().findChildren<QLabel *>())
        if (label->text().contains(QStringLiteral("bob@example.test")))
            return label;
    return nullptr;
}

Target ReadingMenusTest::targetOf(const QString &object)
{
    if (object == QLatin1String("card")) {
        AttachmentCard *card = nullptr;
        for (AttachmentCard *one : m_pane->findChildren<AttachmentCard *>())
            if (one->part().fileName == QLatin1String("notes 1.txt"))
                card = one;
        return {card, card->rect().center(), card};
    }
    if (object == QLatin1String("address"))
        return {recipients(), {5, 5}, recipients()};
    if (object == QLatin1String("link")) {
        TextView &text = m_pane->text();
        text.setFocus();
        text.moveCursor(QTextCursor::Start);
        QTest::keyClick(&text, Qt::Key_Tab);
        QTextCursor within = text.textCursor();
        within.setPosition(within.selectionStart() + 4);
        return {text.viewport(), text.cursorRect(within).center(), &text};
    }
    m_pane->setView(MessagePane::View::Structure);
    if (object == QLatin1String("part")) {
        auto *parts = m_pane->findChild<PartsView *>();
        QTreeWidgetItem *mixed = parts->topLevelItem(0);
        return rowOf(parts, mixed->child(mixed->childCount() - 1));
    }
    auto *fields = m_pane->findChild<HeaderView *>()->findChild<QTreeWidget *>();
    return rowOf(fields, fields->topLevelItem(0));
}

void ReadingMenusTest::objectsHaveTheirMenus_data()
{
    QTest::addColumn<QString>("object");
    QTest::addColumn<bool>("isByKey");
    QTest::addColumn<QStringList>("rows");
    const QStringList ofAPart = {QStringLiteral("Look inside"), QStringLiteral("Open in its default program"),
        QStringLiteral("Save as …"), QStringLiteral("Copy name")};
    const QStringList ofAnAddress = {QStringLiteral("Copy address"), QStringLiteral("Copy name and address"),
        QStringLiteral("Write to this address"), QStringLiteral("Find mail from this address"),
        QStringLiteral("Find mail to this address")};
    const QStringList ofAField = {QStringLiteral("Copy field"), QStringLiteral("Copy value")};
    const QStringList ofALink = {QStringLiteral("Open link…"), QStringLiteral("Copy link address")};
    for (const bool isByKey : {false, true}) {
        const char *way = isByKey ? "menu key" : "right click";
        QTest::addRow("card, %s", way) << QStringLiteral("card") << isByKey << ofAPart;
        QTest::addRow("part, %s", way) << QStringLiteral("part") << isByKey << ofAPart;
        QTest::addRow("address, %s", way) << QStringLiteral("address") << isByKey << ofAnAddress;
        QTest::addRow("field, %s", way) << QStringLiteral("field") << isByKey << ofAField;
        QTest::addRow("link, %s", way) << QStringLiteral("link") << isByKey << ofALink;
    }
}

void ReadingMenusTest::objectsHaveTheirMenus()
{
    QFETCH(QString, object);
    QFETCH(bool, isByKey);
    QFETCH(QStringList, rows);
    const Target target = targetOf(object);
    QVERIFY(target.pointed != nullptr && target.pointed->isVisible());
    if (isByKey)
        pressMenuKey(target.focused);
    else
        clickRight(target.pointed, target.at);
    QMenu *menu = openedMenu();
    QVERIFY(menu != nullptr);
    QCOMPARE(rowsOf(*menu).mid(0, rows.size()), rows);
    choose(*menu, rows.value(object == QLatin1String("card") || object == QLatin1String("part") ? 3 : 0));
    const QString copied = QGuiApplication::clipboard()->text();
    menu->close();
    if (object == QLatin1String("link")) { // it says where that leads, and asks
        const auto *bar = m_pane->findChild<LinkBar *>();
        QVERIFY2(bar->words().contains(QStringLiteral("https://nordlys.example/one")),
            qUtf8Printable(bar->words()));
        return;
    }
    const QHash<QString, QString> expected = {{QStringLiteral("card"), QStringLiteral("notes 1.txt")},
        {QStringLiteral("part"), QStringLiteral("notes 7.txt")},
        {QStringLiteral("address"), QStringLiteral("alice@example.test")},
        {QStringLiteral("field"),
            m_pane->message().header.constFirst().name + QStringLiteral(": ")
                + m_pane->message().header.constFirst().value}};
    QCOMPARE(copied, expected.value(object));
}

/// Two of the same name are told apart by where Tab has gone to; the menu opens there too.
void ReadingMenusTest::theMenuKeyKnowsTheAddress()
{
    QLabel *label = recipients();
    QVERIFY(label != nullptr);
    QCursor::setPos(m_pane->mapToGlobal(QPoint(600, 600)));
    label->setFocus(Qt::TabFocusReason);
    QTest::keyClick(label, Qt::Key_Tab);
    QVERIFY(label->hasFocus());
    pressMenuKey(label);
    QVERIFY(openedMenu() != nullptr);
    choose(*openedMenu(), QStringLiteral("Copy address"));
    openedMenu()->close();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("bob@example.test"));
    QTest::keyClick(label, Qt::Key_Return);
    QVERIFY(openedMenu() != nullptr);
    const QPoint at = openedMenu()->pos();
    choose(*openedMenu(), QStringLiteral("Copy name and address"));
    openedMenu()->close();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Info <bob@example.test>"));
    QCOMPARE(at, label->mapToGlobal(label->rect().bottomLeft()));
}

void ReadingMenusTest::addressesAreForgottenWhenLeft()
{
    QLabel *label = recipients();
    QVERIFY(label != nullptr);
    const QSignalSpy hovered(label, &QLabel::linkHovered);
    const auto isOnTheSecond = [&hovered] {
        return !hovered.isEmpty() && hovered.constLast().value(0).toString() == QLatin1String("1");
    };
    for (int x = 0; x < label->width() && !isOnTheSecond(); x += 2)
        QTest::mouseMove(label, {x, label->height() / 2});
    QVERIFY(isOnTheSecond());
    const QPoint beside(label->width() - 1, label->height() / 2);
    clickRight(label, beside);
    choose(*openedMenu(), QStringLiteral("Copy address"));
    openedMenu()->close();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("bob@example.test"));
    QEvent left(QEvent::Leave);
    QCoreApplication::sendEvent(label, &left);
    clickRight(label, beside);
    choose(*openedMenu(), QStringLiteral("Copy address"));
    openedMenu()->close();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("alice@example.test"));
}

void ReadingMenusTest::clicksOpenOnce_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isOpened");
    QTest::newRow("a document") << QStringLiteral("a.pdf") << true;
    QTest::newRow("F23 what could run is saved") << QStringLiteral("a.exe") << false;
}

/// A double click is one click and nothing more.
void ReadingMenusTest::clicksOpenOnce()
{
    QFETCH(QString, name);
    QFETCH(bool, isOpened);
    mail::PartView part;
    part.contentType = QStringLiteral("application/pdf");
    part.fileName = name;
    part.isAttachment = true;
    AttachmentCard card(part);
    card.show();
    QVERIFY(QTest::qWaitForWindowExposed(&card));
    const QSignalSpy opened(&card, &AttachmentCard::openRequested);
    const QSignalSpy saved(&card, &AttachmentCard::saveRequested);
    const QPoint at = card.rect().center();
    QTest::mouseClick(&card, Qt::LeftButton, {}, at);
    QMouseEvent second(
        QEvent::MouseButtonDblClick, at, card.mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&card, &second);
    QTest::mouseRelease(&card, Qt::LeftButton, {}, at);
    QCOMPARE(opened.size(), isOpened ? 1 : 0);
    QCOMPARE(saved.size(), isOpened ? 0 : 1);
    QVERIFY(card.toolTip().contains(
        isOpened ? QStringLiteral("Click to open it") : QStringLiteral("Click to save it")));
}

void ReadingMenusTest::cardsAreDraggedOut()
{
    auto *card = qobject_cast<AttachmentCard *>(targetOf(QStringLiteral("card")).pointed);
    QVERIFY(card != nullptr);
    const QSignalSpy asked(card, &AttachmentCard::dragRequested);
    const QSignalSpy opened(card, &AttachmentCard::openRequested);
    const QSignalSpy copied(m_pane->findChild<PartActions *>(), &PartActions::copied);
    const auto moveTo = [card](const QPoint &at) {
        QMouseEvent move(QEvent::MouseMove, at, card->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(card, &move);
    };
    QTest::mousePress(card, Qt::LeftButton, {}, {5, 5});
    moveTo({6, 5});
    QCOMPARE(asked.size(), 0);
    moveTo({5 + QApplication::startDragDistance(), 5});
    moveTo({10 + QApplication::startDragDistance(), 5});
    QCOMPARE(asked.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(copied.size(), 1, 20000);
    QTest::mouseRelease(card, Qt::LeftButton, {}, {5, 5});
    QVERIFY(opened.isEmpty());
    QCOMPARE(copied.value(0).value(0).toInt(), card->part().index);
    QFile file(copied.value(0).value(1).toString());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().trimmed(), QByteArray("note 1"));
    const std::unique_ptr<QDrag> drag(card->newDrag(file.fileName()));
    QCOMPARE(drag->mimeData()->urls(), QList<QUrl>{QUrl::fromLocalFile(file.fileName())});
    QVERIFY(!drag->pixmap().isNull());
}

QTEST_MAIN(ReadingMenusTest)
#include "tst_readingmenus.moc"
