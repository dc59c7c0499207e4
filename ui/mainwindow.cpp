#include "ui/mainwindow.h"

#include "ui/actions.h"
#include "ui/composers.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/placestree.h"
#include "ui/mailbox/queuewatch.h"
#include "ui/message/messagepane.h"
#include "ui/queue/queueview.h"
#include "ui/sessions/sessionsview.h"
#include "ui/status/listenerchip.h"
#include "ui/status/listenercontrol.h"
#include "ui/status/mainstatus.h"
#include "ui/status/maintoolbar.h"
#include "ui/status/shortcutsheet.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/widgets/errorwords.h"
#include "ui/widgets/format.h"
#include "ui/widgets/inlinebar.h"

#include <QApplication>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QInputDialog>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QUrl>

namespace glasspost::ui {

namespace {

constexpr int treeFrom = 700; ///< narrower, the tree gives way

} // namespace

MainWindow::MainWindow(mail::MailSystem &system, QWidget *parent)
    : QMainWindow(parent), m_system(system), m_actions(new Actions(this)), m_places(new PlacesModel(this)),
      m_tree(new PlacesTree(m_places)), m_messages(new MessagesPage(system)),
      m_queueView(new QueueView(system)), m_sessions(new SessionsView(system)),
      m_transcript(new TranscriptPane(system)), m_pages(new QStackedWidget),
      m_columns(new QSplitter(Qt::Horizontal)), m_rows(new QSplitter(Qt::Vertical)), m_bar(new InlineBar),
      m_status(new MainStatus), m_toolBar(new MainToolBar(*m_actions)), m_sheet(nullptr),
      m_composers(new Composers(system, *m_bar, this)), m_queue(new QueueWatch(system, this)),
      m_listener(new ListenerControl(system, *m_bar, this))
{
    build();
    buildMenus();
    m_sheet = new ShortcutSheet(this);
    connectActions();
    connectMessageActions();
    connectPlaces();
    connectMessages();
    connectBars();
    connectSystem();
    restoreWindow();
    updateActions();
}

MainWindow::~MainWindow() = default;

void MainWindow::build()
{
    setWindowTitle(tr("Glasspost"));
    setWindowIcon(applicationIcon());
    setMinimumSize(420, 320);
    addToolBar(m_toolBar);
    setStatusBar(m_status);
    for (QWidget *page : std::initializer_list<QWidget *>{m_messages, m_queueView, m_sessions})
        m_pages->addWidget(page); // in the order of Place::Kind
    m_tree->setMinimumWidth(140);
    m_columns->addWidget(m_tree);
    m_columns->addWidget(m_pages);
    m_columns->setStretchFactor(1, 1);
    m_columns->setCollapsible(1, false);
    m_columns->setSizes({208, 1000});
    m_rows->addWidget(m_columns);
    m_rows->addWidget(m_transcript);
    m_rows->setStretchFactor(0, 3);
    m_rows->setStretchFactor(1, 1);
    m_rows->setCollapsible(0, false);
    m_rows->setSizes({560, 240});

    auto *centre = new QWidget;
    auto *column = new QVBoxLayout(centre);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_rows, 1);
    setCentralWidget(centre);
}

void MainWindow::buildMenus()
{
    for (const auto &[menu, title] :
        {std::pair(ActionMenu::File, tr("&File")), std::pair(ActionMenu::Edit, tr("&Edit")),
            std::pair(ActionMenu::View, tr("&View")), std::pair(ActionMenu::Message, tr("&Message")),
            std::pair(ActionMenu::Tools, tr("&Tools")), std::pair(ActionMenu::Help, tr("&Help"))})
        menuBar()->addMenu(title)->addActions(m_actions->of(menu));
    // Every place without the tree: in a narrow window, and to learn the keys.
    auto *places = new QMenu(tr("&Go"), this);
    menuBar()->insertMenu(menuBar()->actions().at(int(ActionMenu::Message)), places);
    connect(places, &QMenu::aboutToShow, this, [this, places] { fillPlaces(places); });
}

void MainWindow::fillPlaces(QMenu *menu)
{
    menu->clear();
    QString user;
    int number = 0;
    for (const Place &place : m_places->places()) {
        if (place.folder.user != user)
            menu->addSection(place.folder.user);
        user = place.folder.user;
        const QModelIndex index = m_places->indexOf(place);
        auto *action = menu->addAction(index.data(Qt::DecorationRole).value<QIcon>(), index.data().toString(),
            this, [this, place] { go(place); });
        if (++number <= 9) // shown alone: the window's own shortcut is what acts
            action->setText(QStringLiteral("%1\tCtrl+%2").arg(action->text()).arg(number));
    }
}

void MainWindow::connectActions()
{
    using Id = ActionId;
    const auto on = [this](Id id, auto &&what) {
        connect((*m_actions)[id], &QAction::triggered, this, std::forward<decltype(what)>(what));
    };
    on(Id::NewMessage, [this] { compose({}); });
    on(Id::Preferences, [this] { openPreferences(Preferences::Page::Identity); });
    on(Id::Quit, [this] { close(); });
    on(Id::Find, [this] { m_toolBar->focusSearch(); });
    on(Id::ShowTranscript, [this](bool shown) { showTranscript(shown); });
    on(Id::StartListener, [this] { m_listener->start(); });
    on(Id::StopListener, [this] { m_listener->stop(); });
    on(Id::TestMessage, [this] { m_composers->sendTestMessage(); });
    on(Id::Shortcuts, [this] { m_sheet->open(); });
    on(Id::About, [this] { showAbout(); });
    on(Id::TryQueue, [this] {
        m_system.actOnQueue(mail::QueueAction::TryNow, {}, this, [this](const mail::Result<int> &tried) {
            if (tried)
                m_status->tell(tr("Trying %n message(s) now", nullptr, *tried));
            else
                tell(tried.error());
        });
    });
    for (int place = 1; place <= 9; ++place) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + place)), this);
        connect(shortcut, &QShortcut::activated, this, [this, place] {
            if (const QList<Place> places = m_places->places(); place <= places.size())
                go(places[place - 1]);
        });
    }
}

void MainWindow::connectMessageActions()
{
    using Id = ActionId;
    using View = MessagePane::View;
    const auto on = [this](Id id, auto &&what) {
        connect((*m_actions)[id], &QAction::triggered, this, std::forward<decltype(what)>(what));
    };
    for (const auto &[id, kind] : {std::pair(Id::Reply, ReplyKind::Reply),
             std::pair(Id::ReplyAll, ReplyKind::ReplyAll), std::pair(Id::Forward, ReplyKind::Forward)})
        on(id, [this, kind = kind] { m_composers->answer(kind, m_messages->message()); });
    for (const auto &[id, view] : {std::pair(Id::ShowMessage, View::Message),
             std::pair(Id::ShowHtml, View::Html), std::pair(Id::ShowSource, View::Source),
             std::pair(Id::ShowHeaders, View::Structure), std::pair(Id::ShowDelivery, View::Delivery)})
        on(id, [this, view = view] { m_messages->pane()->setView(view); });
    on(Id::EditDraft, [this] { m_composers->editDraft(m_messages->message().id); });
    on(Id::SaveSource, [this] { m_messages->pane()->saveSource(); });
    on(Id::Undo, [this] { m_messages->undo(); });
    on(Id::SelectAll, [this] { m_messages->list()->selectAll(); });
    on(Id::Delete, [this] { m_messages->removeSelected(); });
    on(Id::Junk, [this] { m_messages->moveTo(QStringLiteral("Junk")); });
    on(Id::Archive, [this] { m_messages->moveTo(QStringLiteral("Archive")); });
    on(Id::MarkRead, [this] { m_messages->setSeen(true); });
    on(Id::MarkUnread, [this] { m_messages->setSeen(false); });
    on(Id::Flag, [this] { m_messages->toggleFlag(); });
    on(Id::Next, [this] { m_messages->list()->goNext(); });
    on(Id::Previous, [this] { m_messages->list()->goPrevious(); });
}

void MainWindow::connectPlaces()
{
    connect(m_tree, &PlacesTree::placeSelected, this, &MainWindow::enter);
    connect(m_tree, &PlacesTree::messagesDropped, this,
        [this](const mail::FolderId &folder) { m_messages->moveTo(folder.folder); });
    connect(m_tree, &PlacesTree::newFolderAsked, this, &MainWindow::askNewFolder);
    connect(m_toolBar, &MainToolBar::searched, this, [this](const QString &words) {
        if (!words.isEmpty())
            m_pages->setCurrentWidget(m_messages);
        m_messages->search(words);
    });
    connect(m_toolBar, &MainToolBar::searchEntered, this, [this] {
        m_messages->list()->setFocus();
        m_messages->list()->selectRow(0);
    });
    connect(m_toolBar, &MainToolBar::searchLeft, this, [this] { m_messages->list()->setFocus(); });
}

void MainWindow::connectMessages()
{
    connect(m_messages, &MessagesPage::selectionChanged, this, &MainWindow::updateActions);
    connect(m_messages, &MessagesPage::undoChanged, this, &MainWindow::updateActions);
    connect(m_messages, &MessagesPage::messageShown, this, [this](const mail::MessageView &message) {
        QList<QByteArray> sessions = m_queue->entries().value(message.queueId).attemptSessionIds;
        if (!message.sessionId.isEmpty())
            sessions.prepend(message.sessionId);
        m_transcript->setMessage(sessions);
        updateActions();
    });
    connect(m_messages, &MessagesPage::openAsked, this, [this](const mail::MessageId &id) {
        if (id.folder.folder == QLatin1String("Drafts"))
            m_composers->editDraft(id);
    });
    connect(m_messages, &MessagesPage::menuAsked, this, &MainWindow::showMessageMenu);
    connect(m_messages, &MessagesPage::testMessageAsked, m_composers, &Composers::sendTestMessage);
    connect(
        m_messages, &MessagesPage::sessionAsked, this, [this](const QByteArray &id) { showSession(id, 0); });
    connect(m_messages, &MessagesPage::composeAsked, this, &MainWindow::compose);
}

void MainWindow::connectBars()
{
    connect(m_queueView, &QueueView::sessionWanted, this, &MainWindow::showSession);
    connect(m_queueView, &QueueView::composeWanted, this, [this] { compose({}); });
    connect(
        m_sessions, &SessionsView::sessionChosen, this, [this](const QByteArray &id) { showSession(id, 0); });
    connect(m_transcript, &TranscriptPane::closeRequested, this, [this] { showTranscript(false); });
    connect(m_composers, &Composers::told, m_status, &MainStatus::tell);
    connect(m_status->queue(), &QAbstractButton::clicked, this, [this] { go({Place::Kind::Outgoing, {}}); });
    m_listener->attach(m_status->listener());
    m_listener->attach(m_toolBar->listener());
    connect(m_listener, &ListenerControl::told, m_status, &MainStatus::tell);
    connect(m_listener, &ListenerControl::settingsAsked, this,
        [this] { openPreferences(Preferences::Page::Listener); });
    connect(m_listener, &ListenerControl::changed, this, [this](const mail::ListenerState &state) {
        m_messages->setListener(state);
        updateActions();
    });
    connect(m_queue, &QueueWatch::changed, this, &MainWindow::takeQueue);
    connect(m_queue, &QueueWatch::failed, this, &MainWindow::tell);
}

void MainWindow::connectSystem()
{
    using mail::MailSystem;
    connect(&m_system, &MailSystem::started, this, &MainWindow::takeStarted);
    connect(&m_system, &MailSystem::startFailed, this, [this](const mail::Error &error) {
        m_bar->say(
            InlineBar::Kind::Error, tr("Glasspost could not open its mail. %1").arg(errorWords(error)));
    });
    connect(&m_system, &MailSystem::troubled, this, &MainWindow::tell);
    connect(&m_system, &MailSystem::storeChanged, this, &MainWindow::takeStore);
    connect(&m_system, &MailSystem::received, this, &MainWindow::takeReceived);
    // Made after the start (a second window, say), there is no signal to wait for.
    if (!m_system.settings().users.isEmpty())
        takeStarted();
}

void MainWindow::takeStarted()
{
    m_bar->dismiss();
    loadFolders();
    m_queue->load();
    m_composers->reopen();
    if (m_system.settings().listener.enabled)
        m_listener->start();
}

void MainWindow::loadFolders()
{
    m_system.folders(this, [this](const mail::Result<QList<mail::FolderInfo>> &folders) {
        if (!folders) {
            tell(folders.error());
            return;
        }
        m_places->setFolders(*folders);
        if (!m_tree->current())
            goFirst();
    });
}

void MainWindow::goFirst()
{
    // The Inbox of who writes here; else whatever there is.
    const mail::Settings settings = m_system.settings();
    const QString user = settings.identities.isEmpty() ? QString() : settings.identities.first().user;
    const Place inbox{Place::Kind::Folder, {user, {}}};
    go(m_places->indexOf(inbox).isValid() ? inbox : m_places->places().first());
    m_messages->list()->setFocus();
}

void MainWindow::takeStore(const mail::StoreChange &change)
{
    if (change.foldersCameOrWent)
        loadFolders();
    else
        m_places->updateFolders(change.folders);
    m_messages->storeChanged(change);
}

void MainWindow::takeQueue()
{
    const QueueSummary sum = m_queue->sum();
    m_places->setOutgoing(sum.waiting, sum.failed);
    m_status->setQueue(sum);
    m_messages->setQueueEntries(m_queue->entries());
}

void MainWindow::takeReceived(const QList<mail::ReceptionEvent> &events)
{
    if (events.isEmpty())
        return;
    const mail::ReceptionEvent &last = events.last();
    const QString from = last.from.isEmpty() ? QStringLiteral("<>") : QString::fromUtf8(last.from);
    if (last.kind == mail::ReceptionEvent::Kind::Stored)
        m_status->tell(tr("Received from %1, %2").arg(from, sizeText(last.size)));
    else
        m_status->tell(tr("Refused from %1: %2").arg(from, QString::fromUtf8(last.reply)));
}

void MainWindow::tell(const mail::Error &error)
{
    m_bar->say(InlineBar::Kind::Error, errorWords(error));
}

void MainWindow::compose(const QUrl &mailto)
{
    m_composers->write(mailto);
}

void MainWindow::go(const Place &place)
{
    m_tree->select(place);
}

void MainWindow::enter(const Place &place)
{
    m_pages->setCurrentIndex(int(place.kind));
    if (place.kind == Place::Kind::Folder) {
        m_toolBar->clearSearch();
        m_messages->showFolder(place.folder);
    }
    updateActions();
}

void MainWindow::showSession(const QByteArray &sessionId, qint64 at)
{
    showTranscript(true);
    m_transcript->showSession(sessionId, at);
}

void MainWindow::showTranscript(bool shown)
{
    m_transcript->setVisible(shown);
    (*m_actions)[ActionId::ShowTranscript]->setChecked(shown);
}

void MainWindow::openPreferences(Preferences::Page page)
{
    auto *dialog = new Preferences(m_system, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->showPage(page);
    connect(dialog, &Preferences::passwordGiven, this, &MainWindow::passwordGiven);
    dialog->show();
}

void MainWindow::showMessageMenu(const QPoint &globalPosition)
{
    const QList<mail::MessageId> ids = m_messages->selection();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_actions->of(ActionMenu::Message));
    QMenu *move = menu->addMenu(icon(IconName::Move), tr("Mo&ve to"));
    for (const mail::FolderId &folder : m_places->foldersOf(ids.value(0).folder.user)) {
        if (folder != ids.value(0).folder)
            move->addAction(
                folderTitle(folder), this, [this, name = folder.folder] { m_messages->moveTo(name); });
    }
    menu->addAction((*m_actions)[ActionId::SaveSource]);
    menu->popup(globalPosition);
}

void MainWindow::askNewFolder(const QString &user)
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New folder"));
    dialog->setLabelText(tr("Name of the new folder of %1:").arg(user));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, user](const QString &name) {
        m_system.createFolder({user, name.trimmed()}, this, [this](const mail::Result<void> &made) {
            if (made)
                loadFolders();
            else
                tell(made.error());
        });
    });
    dialog->open();
}

void MainWindow::showAbout()
{
    auto *box = new QMessageBox(QMessageBox::NoIcon, tr("About Glasspost"),
        tr("<h3>Glasspost %1</h3><p>A post one can see through: mail written, sent and received, with every "
           "line of SMTP beside it.</p><p>Your mail lies in %2</p>")
            .arg(QApplication::applicationVersion(), m_system.dataFolder().toHtmlEscaped()),
        QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIconPixmap(applicationIcon().pixmap(64));
    box->open();
}

void MainWindow::updateActions()
{
    using Id = ActionId;
    const bool inMessages = m_pages->currentWidget() == m_messages;
    const QList<mail::MessageId> ids = inMessages ? m_messages->selection() : QList<mail::MessageId>();
    const bool one = ids.size() == 1 && m_messages->message().id == ids.first();
    const bool listening = m_listener->state().kind == mail::ListenerState::Kind::Listening;
    const auto enable = [this](std::initializer_list<Id> actions, bool enabled) {
        for (const Id id : actions)
            (*m_actions)[id]->setEnabled(enabled);
    };
    enable({Id::Delete, Id::Junk, Id::Archive, Id::MarkRead, Id::MarkUnread, Id::Flag}, !ids.isEmpty());
    enable({Id::Reply, Id::ReplyAll, Id::Forward, Id::SaveSource, Id::ShowMessage, Id::ShowSource,
               Id::ShowHeaders, Id::ShowDelivery},
        one);
    enable({Id::ShowHtml}, one && !m_messages->message().html.isEmpty());
    enable({Id::EditDraft}, one && ids.first().folder.folder == QLatin1String("Drafts"));
    enable({Id::Next, Id::Previous, Id::SelectAll}, inMessages);
    enable({Id::Undo}, m_messages->canUndo());
    enable({Id::StartListener}, !listening);
    enable({Id::StopListener}, listening);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_tree->setVisible(width() >= treeFrom);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    saveWindow();
    event->accept();
}

std::unique_ptr<QSettings> MainWindow::stateFile() const
{
    return std::make_unique<QSettings>(
        m_system.dataFolder() + QStringLiteral("/window.ini"), QSettings::IniFormat);
}

void MainWindow::saveWindow()
{
    const std::unique_ptr<QSettings> settings = stateFile();
    settings->setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings->setValue(QStringLiteral("window/columns"), m_columns->saveState());
    settings->setValue(QStringLiteral("window/rows"), m_rows->saveState());
    settings->setValue(QStringLiteral("window/transcript"), !m_transcript->isHidden());
    m_messages->save(*settings);
}

void MainWindow::restoreWindow()
{
    const std::unique_ptr<QSettings> settings = stateFile();
    resize(1240, 800);
    restoreGeometry(settings->value(QStringLiteral("window/geometry")).toByteArray());
    m_columns->restoreState(settings->value(QStringLiteral("window/columns")).toByteArray());
    m_rows->restoreState(settings->value(QStringLiteral("window/rows")).toByteArray());
    showTranscript(settings->value(QStringLiteral("window/transcript"), true).toBool());
    m_messages->restore(*settings);
}

} // namespace glasspost::ui
