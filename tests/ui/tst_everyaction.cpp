// No dead end: every action of the table that is offered, each in a window of its own over some mail, does
// something that a person can see.
#include "tests/support/alicewindow.h"
#include "tests/support/awaited.h"
#include "tests/support/controls.h"
#include "tests/support/fullmessage.h"
#include "ui/actions/actions.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/actions/shortcutsheet.h"
#include "ui/centralarea.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/messagelist.h"
#include "ui/message/html/pageview.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/message/textview.h"
#include "ui/status/mainstatus.h"
#include "ui/widgets/findrow.h"
#include "ui/widgets/inlinebar.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QElapsedTimer>
#include <QGuiApplication>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

using Id = ActionId;
using View = MessagePane::View;

/// Those that need more than this mail: a record of delivery, a capturing listener, a page of a long message,
/// hits, a list that is written to.
const QList<Id> needMore
    = {Id::Release, Id::SaveDeliveryReport, Id::SaveDeliveryPdf, Id::OpenDeliveryReport, Id::CopySwaksCommand,
        Id::CopyCurlCommand, Id::CopyOpensslCommand, Id::CompareDelivery, Id::DeleteDeliveryRecord,
        Id::ShowChecks, Id::NextPage, Id::PreviousPage, Id::NextHit, Id::PreviousHit, Id::ReplyList};

} // namespace

/// What other programs would open.
class HandedOn : public QObject
{
    Q_OBJECT
public:
    HandedOn() { QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "take"); }
    ~HandedOn() override { QDesktopServices::unsetUrlHandler(QStringLiteral("file")); }

    QStringList names;

public Q_SLOTS:
    void take(const QUrl &url) { names.append(url.fileName()); }
};

class EveryActionTest : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void doesSomething_data();
    void doesSomething();

private:
    [[nodiscard]] QAction *action(Id id) const { return part<Actions>()[id]; }
    [[nodiscard]] MessageList *list() const { return page().list(); }
    /// The state in which the action has something to do.
    void prepare(Id id);
    void select(int row);
    void waitUntilRead(); ///< which comes by itself
    /// Nothing changes by itself any more.
    void settle();
    /// What there is to see, and what is kept of it.
    [[nodiscard]] QStringList seen() const;
    [[nodiscard]] QStringList seenOfPane() const;
    [[nodiscard]] static QStringList windows();

    HandedOn m_handedOn;
};

void EveryActionTest::init()
{
    openWindow();
    mail::Settings settings = m_system->settings().value();
    settings.hostName = QStringLiteral("mail.example.test");
    settings.localDomains = {QStringLiteral("example.test")};
    settings.listener.bindings.first().port = 0;
    QVERIFY(test::awaited(m_system->settings().set(settings)));
    m_handedOn.names.clear();
    QGuiApplication::clipboard()->setText(QStringLiteral("before"));
    QList<mail::CarriedMessage> messages;
    for (const QByteArray number : {"1", "2"})
        messages.append({"From: a@b.example\nSubject: Short " + number + "\n\n> quoted\n\ntext\n", {}});
    messages.append({test::fullMessage("http://127.0.0.1:1/a.png"), {}});
    QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, messages)));
    QTRY_COMPARE_WITH_TIMEOUT(list()->model()->rowCount(), 3, 20000);
    QTRY_VERIFY(list()->model()->index(2, MessageListModel::Subject).data().isValid());
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    list()->setFocus();
    for (int row = 0; row < 3; ++row) {
        select(row);
        if (page().message().subject == QLatin1String("Everything"))
            break;
    }
    QCOMPARE(page().message().subject, QStringLiteral("Everything"));
    waitUntilRead();
    page().pane()->setView(View::Message);
}

void EveryActionTest::cleanup()
{
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        if (qobject_cast<ComposeWindow *>(widget) != nullptr)
            delete widget;
    }
    closeWindow();
}

void EveryActionTest::select(int row)
{
    list()->selectRow(row);
    const auto isOpen
        = [this] { return list()->currentRow() && page().message().id == list()->currentRow()->id; };
    QTRY_VERIFY_WITH_TIMEOUT(isOpen(), 20000);
}

void EveryActionTest::waitUntilRead()
{
    const auto isRead = [this] {
        return list()->currentRow() && list()->currentRow()->flags.testFlag(mail::MessageFlag::Seen);
    };
    QTRY_VERIFY_WITH_TIMEOUT(isRead(), 20000);
}

void EveryActionTest::prepare(Id id)
{
    if (id == Id::ShowMessage)
        action(Id::ShowSource)->trigger();
    if (id == Id::ActualSize)
        action(Id::ZoomIn)->trigger();
    if (id == Id::Next || id == Id::Previous) {
        select(id == Id::Next ? 0 : 1);
        waitUntilRead();
    }
    if (id == Id::MarkRead) {
        action(Id::MarkUnread)->trigger();
        QTRY_VERIFY(!list()->currentRow()->flags.testFlag(mail::MessageFlag::Seen));
    }
    if (id == Id::Undo)
        action(Id::Archive)->trigger();
    if (id == Id::StopListener)
        action(Id::StartListener)->trigger();
    if (id == Id::SaveSearch)
        part<MainToolBar>().searchField()->setText(QStringLiteral("text"));
    if (id == Id::Undo || id == Id::StopListener || id == Id::SaveSearch)
        QTRY_VERIFY_WITH_TIMEOUT(action(id)->isEnabled(), 20000);
    if (id == Id::EditDraft) {
        const mail::FolderId drafts{inbox.user, QStringLiteral("Drafts")};
        QVERIFY(test::awaited(m_system->mailboxes().keepMessages(
            drafts, {{"From: alice@example.test\nSubject: Begun\n\ntext\n", {}}})));
        part<CentralArea>().go({Place::Kind::Folder, drafts});
        QTRY_COMPARE_WITH_TIMEOUT(list()->model()->rowCount(), 1, 20000);
        list()->selectRow(0);
        QTRY_COMPARE(page().message().subject, QStringLiteral("Begun"));
        QTRY_VERIFY(action(id)->isEnabled());
    }
    settle();
}

void EveryActionTest::settle()
{
    constexpr int calm = 150; // milliseconds
    QElapsedTimer since;
    since.start();
    QStringList last = seen();
    QVERIFY(QTest::qWaitFor(
        [this, &since, &last] {
            if (QStringList now = seen(); now != last) {
                last = now;
                since.restart();
            }
            return since.elapsed() > calm;
        },
        20000));
}

QStringList EveryActionTest::windows()
{
    QStringList all;
    for (const QWidget *widget : QApplication::topLevelWidgets()) {
        if (widget->isVisible() && widget->windowType() != Qt::ToolTip)
            all += QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->windowTitle();
    }
    all.sort();
    return all;
}

QStringList EveryActionTest::seenOfPane() const
{
    const MessagePane &pane = *page().pane();
    const PageLook look = pane.html().view()->look();
    QStringList all;
    for (const qreal value : {qreal(pane.view()), qreal(pane.text().face()), qreal(pane.text().folding()),
             look.zoom, qreal(look.width), qreal(look.rendering), qreal(part<FindRow>().isVisible())})
        all += QString::number(value);
    return all;
}

QStringList EveryActionTest::seen() const
{
    QStringList all = windows() + seenOfPane();
    for (const InlineBar *bar : m_window->findChildren<InlineBar *>()) {
        if (bar->isVisible())
            all += bar->words();
    }
    for (const QAction *one : m_window->actions()) {
        if (one->isCheckable())
            all += one->text() + QString::number(int(one->isChecked()));
    }
    const auto *model = qobject_cast<const MessageListModel *>(list()->model());
    for (int row = 0; row < model->rowCount(); ++row) {
        const mail::MessageRow shown = model->row(row).value_or(mail::MessageRow());
        all += QString::fromUtf8(shown.id.unique) + u' ' + QString::number(int(shown.flags));
    }
    const mail::Settings settings = m_system->settings().value();
    all += QString::number(page().selectedCount()) + u' ' + QString::number(list()->currentIndex().row());
    all += QString::number(int(settings.remotePictures)) + settings.picturesFrom.join(u' ');
    all += QString::number(int(part<ShortcutSheet>().isVisible()));
    all += part<MainToolBar>().searchField()->text();
    all += part<MainStatus>().lastEvent();
    all += QGuiApplication::clipboard()->text();
    all += test::pathOf(QApplication::focusWidget());
    return all + m_handedOn.names;
}

void EveryActionTest::doesSomething_data()
{
    QTest::addColumn<Id>("id");
    for (const ActionSpec &spec : actionTable())
        QTest::addRow("%d %s", int(spec.id), qPrintable(QString(spec.text).remove(u'&'))) << spec.id;
}

void EveryActionTest::doesSomething()
{
    QFETCH(const Id, id);
    prepare(id);
    if (!action(id)->isEnabled()) {
        QVERIFY2(needMore.contains(id), qPrintable(action(id)->text()));
        return;
    }
    const QStringList before = seen();
    const QStringList open = windows();
    action(id)->trigger();
    QVERIFY2(
        QTest::qWaitFor([this, &before] { return seen() != before; }, 20000), qPrintable(action(id)->text()));
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        const bool isComposer = qobject_cast<ComposeWindow *>(widget) != nullptr; // asks before it goes
        if (widget != m_window.get() && widget->isVisible() && !isComposer)
            widget->close();
    }
    for (const QString &window : windows())
        QVERIFY2(
            open.contains(window) || window.contains(QLatin1String("ComposeWindow")), qPrintable(window));
}

QTEST_MAIN(EveryActionTest)
#include "tst_everyaction.moc"
