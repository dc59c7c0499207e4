// Every action of reading: where it is in the menus, its keys, its tip, and what it does to the open message.
// And what the windows that one reads in owe to the keyboard and to who hears them.
#include "tests/support/alicewindow.h"
#include "tests/support/controls.h"
#include "tests/support/fullmessage.h"
#include "ui/actions/actions.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/attachmentcard.h"
#include "ui/message/htmlpane.h"
#include "ui/message/linkbar.h"
#include "ui/message/messageattachments.h"
#include "ui/message/messagecard.h"
#include "ui/message/messagepane.h"
#include "ui/message/messagewindow.h"
#include "ui/message/partwindow.h"
#include "ui/message/picturebar.h"
#include "ui/message/textview.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QTcpServer>
#include <QToolButton>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

using View = MessagePane::View;

const QByteArray plain = "From: Maren Olsen <maren@nordlys.example>\nSubject: Plain\n\ntext\n";

void collect(const QList<QAction *> &actions, QSet<const QAction *> &found)
{
    for (const QAction *action : actions) {
        found.insert(action);
        if (action->menu() != nullptr)
            collect(action->menu()->actions(), found);
    }
}

} // namespace

/// What other programs would open.
class FilesOpened : public QObject
{
    Q_OBJECT
public:
    FilesOpened() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "take"); }
    ~FilesOpened() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }

    QStringList names;

public Q_SLOTS:
    void take(const QUrl &url) { names.append(url.fileName()); }
};

class ReadingActionsTest : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup()
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (qobject_cast<ComposeWindow *>(widget) != nullptr)
                delete widget;
        }
        closeWindow();
    }
    void everyActionIsInAMenu();
    void actionsNeedWhatTheyActOn();
    void loadsPictures_data();
    void loadsPictures();
    void worksOnAttachments();
    void opensEachAttachment();
    void worksOnTheSender();
    void leavesAList();
    void readingIsWhole_data();
    void readingIsWhole();
    void tabGoesThroughAll_data();
    void tabGoesThroughAll();
    void partWindowsAreWhole();
    void messageWindowsAreWhole();

private:
    /// The message in the list and in the pane, with what is read of it later.
    void open(const QByteArray &message);
    [[nodiscard]] MessagePane &pane() const { return *page().pane(); }
    [[nodiscard]] QAction *action(ActionId id) const { return part<Actions>()[id]; }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier);
    [[nodiscard]] AttachmentCard *card(const QString &name) const;
    /// Takes away the dialog that was opened: what it asks for, and the name that it proposes.
    [[nodiscard]] std::pair<QFileDialog::FileMode, QString> askedFor();
};

void ReadingActionsTest::open(const QByteArray &message)
{
    m_system->mailboxes().keepMessages(inbox, {{message, {}}});
    MessageList *list = page().list();
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 1, 20000);
    list->setFocus();
    list->selectRow(0);
    QTRY_VERIFY(!page().message().id.isNull());
    QTRY_VERIFY(action(ActionId::WriteToSender)->isEnabled());
    if (message == plain)
        return;
    QTRY_VERIFY(pane().findChild<PictureBar *>()->isVisible());
    const auto haveCome = [this] {
        const QList<MessageCard *> cards = pane().findChildren<MessageCard *>();
        return cards.size() == 3 && std::all_of(cards.cbegin(), cards.cend(), [](const MessageCard *one) {
            return one->text().heading.contains(u':');
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(haveCome(), 20000);
}

void ReadingActionsTest::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(
        m_window->focusWidget() != nullptr ? m_window->focusWidget() : page().list(), key, modifiers);
}

AttachmentCard *ReadingActionsTest::card(const QString &name) const
{
    for (AttachmentCard *one : pane().findChildren<AttachmentCard *>())
        if (one->part().fileName == name)
            return one;
    return nullptr;
}

std::pair<QFileDialog::FileMode, QString> ReadingActionsTest::askedFor()
{
    auto *dialog = m_window->findChild<QFileDialog *>();
    if (dialog == nullptr)
        return {QFileDialog::ExistingFile, {}};
    const std::pair asked(dialog->fileMode(), QFileInfo(dialog->selectedFiles().value(0)).fileName());
    delete dialog;
    return asked;
}

void ReadingActionsTest::everyActionIsInAMenu()
{
    open(test::fullMessage("https://nordlys.example/a.png", QByteArray("<li>line").repeated(3000)));
    QTRY_VERIFY_WITH_TIMEOUT(action(ActionId::NextPage)->isEnabled(), 20000);
    QSet<const QAction *> inMenus;
    collect(m_window->menuBar()->actions(), inMenus);
    for (const ActionSpec &spec : actionTable()) {
        if (spec.menu == ActionMenu::Tag) // made when it is opened
            continue;
        const QAction *one = action(spec.id);
        QVERIFY2(inMenus.contains(one), qPrintable(one->text()));
        const bool isOfReading = spec.menu == ActionMenu::Page || spec.menu == ActionMenu::Attachments
            || spec.menu == ActionMenu::Sender;
        if (!isOfReading)
            continue;
        QVERIFY2(one->isEnabled(), qPrintable(one->text()));
        QVERIFY2(!one->shortcut().isEmpty(), qPrintable(one->text()));
        const QString key = one->shortcut().toString(QKeySequence::NativeText);
        QVERIFY2(one->toolTip().contains(u'(' + key + u')'), qPrintable(one->toolTip()));
    }
    for (const QMenu *menu : m_window->findChildren<QMenu *>()) {
        QMultiMap<QString, QString> letters;
        for (const QAction *one : menu->actions())
            if (const QKeySequence key = QKeySequence::mnemonic(one->text()); !key.isEmpty())
                letters.insert(key.toString(), one->text());
        QCOMPARE(test::shared(letters).join(u'\n'), QString());
    }
}

void ReadingActionsTest::actionsNeedWhatTheyActOn()
{
    const QList<ActionId> ofTheRest = {ActionId::LoadPictures, ActionId::LoadSenderPictures,
        ActionId::LoadAllPictures, ActionId::NextPage, ActionId::GoToAttachments, ActionId::OpenAttachment,
        ActionId::InspectAttachment, ActionId::SaveAttachment, ActionId::SaveAllAttachments,
        ActionId::Unsubscribe};
    const QList<ActionId> ofASender
        = {ActionId::WriteToSender, ActionId::CopySender, ActionId::FindFromSender, ActionId::FindToSender};
    for (const ActionId id : ofTheRest + ofASender)
        QVERIFY2(!action(id)->isEnabled(), qPrintable(action(id)->text()));
    open(plain);
    for (const ActionId id : ofTheRest)
        QVERIFY2(!action(id)->isEnabled(), qPrintable(action(id)->text()));
    for (const ActionId id : ofASender)
        QVERIFY2(action(id)->isEnabled(), qPrintable(action(id)->text()));
}

void ReadingActionsTest::loadsPictures_data()
{
    QTest::addColumn<int>("modifiers");
    QTest::addColumn<QStringList>("senders");
    QTest::addColumn<bool>("isForAll");
    QTest::newRow("of this message") << int(Qt::NoModifier) << QStringList() << false;
    QTest::newRow("of its sender") << int(Qt::ControlModifier | Qt::ShiftModifier)
                                   << QStringList{QStringLiteral("maren@nordlys.example")} << false;
    QTest::newRow("of everyone") << int(Qt::ControlModifier | Qt::AltModifier) << QStringList() << true;
}

void ReadingActionsTest::loadsPictures()
{
    QFETCH(int, modifiers);
    QFETCH(QStringList, senders);
    QFETCH(bool, isForAll);
    QTcpServer server; // of this computer, which is not asked all the same
    QVERIFY(server.listen(QHostAddress::LocalHost));
    open(test::fullMessage("http://127.0.0.1:" + QByteArray::number(server.serverPort()) + "/a.png"));
    auto *bar = pane().findChild<PictureBar *>();
    QCOMPARE(int(bar->kind()), int(InlineBar::Kind::Info));
    pane().setView(View::Message);
    press(Qt::Key_I, Qt::KeyboardModifiers(modifiers));
    QTRY_COMPARE(int(bar->kind()), int(InlineBar::Kind::Warning)); // of what could not be loaded
    QCOMPARE(int(pane().view()), int(View::Html));
    QTRY_COMPARE(m_system->settings().value().picturesFrom, senders);
    QTRY_COMPARE(m_system->settings().value().remotePictures == mail::PictureLoading::Always, isForAll);
    QVERIFY(!server.hasPendingConnections());
}

void ReadingActionsTest::worksOnAttachments()
{
    open(test::fullMessage());
    press(Qt::Key_A);
    AttachmentCard *first = pane().findChild<AttachmentCard *>();
    QTRY_VERIFY(first->hasFocus());
    AttachmentCard *note = card(QStringLiteral("notes 2.txt"));
    QVERIFY(note != nullptr && note != first);
    for (int i = 0; i < 10 && !note->hasFocus(); ++i)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QVERIFY(note->hasFocus());
    FilesOpened opened;
    press(Qt::Key_O);
    QTRY_COMPARE_WITH_TIMEOUT(opened.names, QStringList{QStringLiteral("notes 2.txt")}, 20000);
    page().list()->setFocus(); // it is the one last focused all the same
    press(Qt::Key_O, Qt::ShiftModifier);
    auto *window = pane().findChild<PartWindow *>();
    QVERIFY(window != nullptr);
    QVERIFY(window->windowTitle().startsWith(QStringLiteral("notes 2.txt")));
    delete window;
    press(Qt::Key_S, Qt::ControlModifier | Qt::AltModifier);
    QVERIFY(askedFor() == std::pair(QFileDialog::AnyFile, QStringLiteral("notes 2.txt")));
    press(Qt::Key_S, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(int(askedFor().first), int(QFileDialog::Directory));
}

/// Those without a card too, from the menu of the window and from the button beside the cards.
void ReadingActionsTest::opensEachAttachment()
{
    open(test::fullMessage());
    const qsizetype files = pane().attachments().parts().size();
    const qsizetype cards = pane().findChildren<AttachmentCard *>().size();
    QVERIFY(files > cards);
    const auto buttons = pane().attachments().findChildren<QToolButton *>();
    const auto more = std::find_if(buttons.cbegin(), buttons.cend(),
        [](const QToolButton *button) { return button->menu() != nullptr; });
    QVERIFY(more != buttons.cend());
    const auto attachmentsMenu = [this] {
        for (QMenu *menu : pane().findChildren<QMenu *>())
            if (menu->actions().contains(action(ActionId::GoToAttachments)))
                return menu->actions().constLast()->menu();
        return static_cast<QMenu *>(nullptr);
    };
    for (const auto &[menu, count] :
        {std::pair((*more)->menu(), files - cards), std::pair(attachmentsMenu(), files)}) {
        QVERIFY(menu != nullptr);
        menu->popup({}); // fills it
        QCOMPARE(menu->actions().size(), count);
        const QAction *last = menu->actions().constLast();
        QVERIFY2(last->text().startsWith(QStringLiteral("notes 7.txt")), qPrintable(last->text()));
        last->menu()->popup({});
        QCOMPARE(last->menu()->actions().size(), 4);
        FilesOpened opened;
        last->menu()->actions().at(1)->trigger();
        menu->close();
        QTRY_COMPARE_WITH_TIMEOUT(opened.names, QStringList{QStringLiteral("notes 7.txt")}, 20000);
    }
}

void ReadingActionsTest::worksOnTheSender()
{
    open(plain);
    const QSignalSpy written(&pane(), &MessagePane::composeRequested);
    QGuiApplication::clipboard()->clear();
    press(Qt::Key_C, Qt::ShiftModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("maren@nordlys.example"));
    press(Qt::Key_W);
    QCOMPARE(written.value(0).value(0).toUrl(), QUrl(QStringLiteral("mailto:maren@nordlys.example")));
    const QLineEdit *search = part<MainToolBar>().searchField();
    action(ActionId::FindToSender)->trigger();
    QCOMPARE(search->text(), QStringLiteral("to:\"maren@nordlys.example\""));
    action(ActionId::FindFromSender)->trigger();
    QCOMPARE(search->text(), QStringLiteral("from:\"maren@nordlys.example\""));
}

void ReadingActionsTest::leavesAList()
{
    open(test::fullMessage());
    press(Qt::Key_U, Qt::ShiftModifier);
    const QList<InlineBar *> bars = pane().findChildren<InlineBar *>();
    QVERIFY(std::any_of(bars.cbegin(), bars.cend(), [](const InlineBar *bar) {
        return bar->isVisible() && bar->words().startsWith(QStringLiteral("Unsubscribe from News"));
    }));
}

void ReadingActionsTest::readingIsWhole_data()
{
    QTest::addColumn<View>("view");
    QTest::newRow("text") << View::Message;
    QTest::newRow("HTML") << View::Html;
    QTest::newRow("source") << View::Source;
    QTest::newRow("headers") << View::Structure;
    QTest::newRow("delivery") << View::Delivery;
}

/// Everything that can be in sight is in sight: bars, cards, attachments, the row to find in.
void ReadingActionsTest::readingIsWhole()
{
    QFETCH(View, view);
    m_window->resize(1400, 1000);
    open(test::fullMessage());
    pane().setView(view);
    pane().openFind();
    pane().setView(view);
    action(ActionId::Unsubscribe)->trigger();
    pane().findChild<LinkBar *>()->ask(QUrl(QStringLiteral("https://nordlys.example/")), {});
    QTRY_VERIFY(pane().findChild<LinkBar *>()->isVisible());
    QCOMPARE(test::nameless(*m_window).join(u'\n'), QString());
    QCOMPARE(test::tipless(pane()).join(u'\n'), QString());
    const QMultiMap<QString, QString> letters = test::mnemonics(*m_window);
    QVERIFY(letters.size() > 10); // of the menus, the bars, the cards
    QCOMPARE(test::shared(letters).join(u'\n'), QString());
    pane().findChild<Printing *>()->writePdf(
        {}, mail::MessageView(), [](auto &) { return mail::Promise<void>().task(); });
    QCOMPARE(test::tipless(pane()).join(u'\n'), QString());
}

void ReadingActionsTest::tabGoesThroughAll_data()
{
    readingIsWhole_data();
}

void ReadingActionsTest::tabGoesThroughAll()
{
    QFETCH(View, view);
    m_window->resize(1400, 1000);
    open(test::fullMessage());
    pane().setView(view);
    pane().openFind();
    pane().setView(view);
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    pane().focusView();
    QTRY_VERIFY(QApplication::focusWidget() != nullptr);
    QCOMPARE(test::notReachedByTab(pane()).join(u'\n'), QString());
}

void ReadingActionsTest::partWindowsAreWhole()
{
    open(test::fullMessage());
    action(ActionId::InspectAttachment)->trigger();
    auto *window = pane().findChild<PartWindow *>();
    QVERIFY(window != nullptr);
    QVERIFY(QTest::qWaitForWindowActive(window));
    const auto *content = window->findChild<TextView *>();
    QTRY_VERIFY(!content->toPlainText().isEmpty());
    QCOMPARE(test::nameless(*window).join(u'\n'), QString());
    QCOMPARE(test::tipless(*window).join(u'\n'), QString());
    const QMultiMap<QString, QString> letters = test::mnemonics(*window);
    QVERIFY(letters.size() >= 5);
    QCOMPARE(test::shared(letters).join(u'\n'), QString());
    window->setFocus();
    QCOMPARE(test::notReachedByTab(*window).join(u'\n'), QString());
}

void ReadingActionsTest::messageWindowsAreWhole()
{
    open(test::fullMessage());
    card(QStringLiteral("inner.eml"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->findChild<MessageWindow *>() != nullptr, 20000);
    auto *window = m_window->findChild<MessageWindow *>();
    QVERIFY(QTest::qWaitForWindowActive(window));
    for (const View view : {View::Message, View::Source, View::Structure}) {
        window->pane()->setView(view);
        QCOMPARE(test::nameless(*window).join(u'\n'), QString());
        QCOMPARE(test::tipless(*window).join(u'\n'), QString());
        QCOMPARE(test::shared(test::mnemonics(*window)).join(u'\n'), QString());
        window->pane()->focusView();
        QCOMPARE(test::notReachedByTab(*window).join(u'\n'), QString());
    }
}

QTEST_MAIN(ReadingActionsTest)
#include "tst_readingactions.moc"
