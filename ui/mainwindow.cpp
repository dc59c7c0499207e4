#include "ui/mainwindow.h"

#include "ui/about.h"
#include "ui/actions/actions.h"
#include "ui/actions/mainmenus.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/shortcutsheet.h"
#include "ui/composers.h"
#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/placestree.h"
#include "ui/mailnews.h"
#include "ui/message/messagepane.h"
#include "ui/message/messagewindow.h"
#include "ui/messageactions.h"
#include "ui/queue/queueview.h"
#include "ui/queue/queuewatch.h"
#include "ui/sessions/sessionsview.h"
#include "ui/status/listenerchip.h"
#include "ui/status/listenercontrol.h"
#include "ui/status/mainstatus.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transfers.h"
#include "ui/widgets/inlinebar.h"
#include "ui/windowmemory.h"
#include "ui/words/errortext.h"
#include "ui/words/format.h"

#include <QBoxLayout>
#include <QCloseEvent>
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
      m_news(new MailNews(*m_queue, *m_bar, *m_status, this)),
      m_listener(new ListenerControl(system, *m_bar, this)), m_transferBar(new InlineBar),
      m_transfers(new Transfers(system, *m_transferBar, this)),
      m_messageActions(new MessageActions(*m_actions, *m_messages, *m_composers, this)),
      m_folders(new FolderActions(system, *m_places, m_messages->changes(), *m_messages->bar(), this)),
      m_menus(new MainMenus(this, *m_actions, *m_places)),
      m_memory(new WindowMemory(system.dataFolder() + QStringLiteral("/window.ini"), this))
{
    build();
    m_sheet = new ShortcutSheet(this);
    connectActions();
    connectPlaces();
    connectMessages();
    connectBars();
    connectSystem();
    connect(m_memory, &WindowMemory::remembered, this, &MainWindow::arrange);
    resize(1240, 800);
    showTranscript(true);
    m_memory->read();
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
    column->addWidget(m_transferBar);
    column->addWidget(m_rows, 1);
    setCentralWidget(centre);
    m_bar->floatOver(m_pages);
}

void MainWindow::connectActions()
{
    using Id = ActionId;
    const auto on = [this](Id id, auto &&what) {
        connect((*m_actions)[id], &QAction::triggered, this, std::forward<decltype(what)>(what));
    };
    on(Id::NewMessage, [this] { compose({}); });
    on(Id::Preferences, [this] { openPreferences(Preferences::Page::Identity); });
    on(Id::Quit, [this] {
        m_composers->closeAll();
        close();
    });
    on(Id::ImportFile, [this] { m_transfers->importFile(m_messages->folder()); });
    on(Id::ImportFolder, [this] { m_transfers->importFolder(m_messages->folder()); });
    on(Id::Export, [this] { m_transfers->exportFolder(m_messages->folder()); });
    on(Id::Undo, [this] { undo(); });
    on(Id::Find, [this] { m_toolBar->focusSearch(); });
    on(Id::ShowTranscript, [this](bool shown) { showTranscript(shown); });
    on(Id::StartListener, [this] { m_listener->start(); });
    on(Id::StopListener, [this] { m_listener->stop(); });
    on(Id::TestMessage, [this] { m_composers->sendTestMessage(); });
    on(Id::Shortcuts, [this] { m_sheet->open(); });
    on(Id::About, [this] { openAbout(m_system.dataFolder(), this); });
    on(Id::TryQueue, [this] {
        m_system.actOnQueue(mail::QueueAction::TryNow, {}, this, [this](const mail::Result<int> &tried) {
            if (tried)
                m_status->tell(tr("Trying %Ln message(s) now", nullptr, *tried));
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

void MainWindow::connectPlaces()
{
    connect(m_tree, &PlacesTree::placeSelected, this, &MainWindow::enter);
    connect(m_menus, &MainMenus::placeChosen, this, &MainWindow::go);
    connect(m_tree, &PlacesTree::messagesDropped, this,
        [this](const mail::FolderId &folder) { m_messages->moveInto(folder); });
    connect(m_tree, &PlacesTree::menuAsked, m_folders, &FolderActions::popUpFor);
    connect(m_folders, &FolderActions::foldersChanged, this, &MainWindow::loadFolders);
    connect(m_toolBar, &MainToolBar::searched, this, [this](const QString &words) {
        if (words.isEmpty()) {
            leaveSearch();
            return;
        }
        m_pages->setCurrentWidget(m_messages);
        m_messages->search(words);
        updateActions();
    });
    connect(m_messages, &MessagesPage::leaveAsked, this, &MainWindow::leaveSearch);
    connect(m_toolBar, &MainToolBar::searchEntered, this, [this] {
        m_messages->list()->setFocus();
        m_messages->list()->selectRow(0);
    });
    connect(m_toolBar, &MainToolBar::searchLeft, this, [this] { m_messages->list()->setFocus(); });
}

void MainWindow::connectMessages()
{
    connect(m_messages, &MessagesPage::selectionChanged, this, &MainWindow::updateActions);
    for (const InlineBar *bar : {m_bar, m_messages->bar(), m_queueView->bar()})
        connect(bar, &InlineBar::undoChanged, this, &MainWindow::updateActions);
    connect(&m_messages->changes(), &MessageChanges::undoChanged, this, &MainWindow::updateActions);
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
    connect(m_messages, &MessagesPage::menuAsked, this, [this](const QPoint &position) {
        const std::optional<mail::MessageRow> row = m_messages->list()->currentRow();
        m_menus->popUpFor(row ? row->id.folder : m_messages->folder(), position);
    });
    connect(m_menus, &MainMenus::moveAsked, m_messages, &MessagesPage::moveTo);
    connect(m_messages, &MessagesPage::testMessageAsked, m_composers, &Composers::sendTestMessage);
    connect(m_composers, &Composers::testMessageSent, this, [this](const mail::FolderId &folder) {
        go({Place::Kind::Folder, folder});
    });
    connect(
        m_messages, &MessagesPage::sessionAsked, this, [this](const QByteArray &id) { showSession(id, 0); });
    connect(m_messages, &MessagesPage::composeAsked, this, &MainWindow::compose);
}

void MainWindow::connectBars()
{
    connect(m_queueView, &QueueView::sessionWanted, this, &MainWindow::showSession);
    connect(m_queueView, &QueueView::composeWanted, this, [this] { compose({}); });
    connect(m_queueView, &QueueView::openRequested, this, &MainWindow::openQueued);
    connect(
        m_sessions, &SessionsView::sessionChosen, this, [this](const QByteArray &id) { showSession(id, 0); });
    connect(m_transcript, &TranscriptPane::closeRequested, this, [this] { showTranscript(false); });
    connect(m_composers, &Composers::told, m_status, &MainStatus::tell);
    connect(m_transfers, &Transfers::told, m_status, &MainStatus::tell);
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
    connect(m_news, &MailNews::sessionAsked, this, [this](const QByteArray &id) { showSession(id, 0); });
}

void MainWindow::connectSystem()
{
    using mail::MailSystem;
    connect(&m_system, &MailSystem::started, this, &MainWindow::takeStarted);
    connect(&m_system, &MailSystem::startFailed, this, [this](const mail::Error &error) {
        m_bar->say(InlineBar::Kind::Error, tr("Glasspost could not open its mail. %1").arg(errorText(error)));
    });
    connect(&m_system, &MailSystem::troubled, this, &MainWindow::tell);
    connect(&m_system, &MailSystem::storeChanged, this, &MainWindow::takeStore);
    connect(&m_system, &MailSystem::received, m_news, &MailNews::takeReceived);
    connect(&m_system, &MailSystem::transcriptsRecorded, m_status, &MainStatus::takeSessions);
    connect(&m_system, &MailSystem::reachabilityChanged, m_status, &MainStatus::setReachability);
    m_status->setReachability(m_system.reachability());
    // Made after the start (a second window, say), there is no signal to wait for.
    if (!m_system.settings().users.isEmpty())
        takeStarted();
    connect(&m_system, &MailSystem::settingsChanged, this,
        [](const mail::Settings &settings) { applyAppearance(settings.appearance); });
}

void MainWindow::takeStarted()
{
    m_bar->dismiss();
    applyAppearance(m_system.settings().appearance);
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
        QStringList users;
        for (const mail::LocalUser &user : m_system.settings().users)
            users += user.name;
        m_places->setUsers(users);
        m_places->setFolders(*folders);
        // The tree that gets the focus makes its first row current by itself: that is no choice.
        if (!std::exchange(m_wentFirst, true) || !m_tree->current())
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

void MainWindow::tell(const mail::Error &error)
{
    m_bar->say(InlineBar::Kind::Error, errorText(error));
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
    m_toolBar->clearSearch();
    if (place.kind == Place::Kind::Folder)
        m_messages->showFolder(place.folder);
    else
        m_messages->search({});
    updateActions();
}

void MainWindow::openQueued(const mail::QueueEntry &entry)
{
    auto *window = new MessageWindow(m_system, entry, this);
    connect(window->pane(), &MessagePane::sessionAsked, this,
        [this](const QByteArray &session) { showSession(session, 0); });
    connect(window->pane(), &MessagePane::composeAsked, this, &MainWindow::compose);
    window->show();
}

/// Back to the place where one was before.
void MainWindow::leaveSearch()
{
    if (const std::optional<Place> place = m_tree->current(); place && m_messages->isSearching())
        enter(*place);
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

// What was said last with an Undo, while it is in sight; else the last move of messages.
void MainWindow::undo()
{
    if (InlineBar *latest = InlineBar::latestUndo({m_bar, m_messages->bar(), m_queueView->bar()}))
        latest->undo();
    else
        m_messages->changes().undo();
}

void MainWindow::updateActions()
{
    m_messageActions->update(m_pages->currentWidget() == m_messages);
    (*m_actions)[ActionId::Undo]->setEnabled(m_messages->changes().canUndo()
        || InlineBar::latestUndo({m_bar, m_messages->bar(), m_queueView->bar()}));
    const bool listening = m_listener->state().kind == mail::ListenerState::Kind::Listening;
    (*m_actions)[ActionId::StartListener]->setEnabled(!listening);
    (*m_actions)[ActionId::StopListener]->setEnabled(listening);
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_tree->setVisible(width() >= treeFrom);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    remember();
    event->accept();
}

void MainWindow::remember()
{
    QVariantMap values = m_messages->arrangement();
    values.insert(QStringLiteral("window/geometry"), saveGeometry());
    values.insert(QStringLiteral("window/columns"), m_columns->saveState());
    values.insert(QStringLiteral("window/rows"), m_rows->saveState());
    values.insert(QStringLiteral("window/transcript"), !m_transcript->isHidden());
    m_memory->write(values);
}

void MainWindow::arrange(const QVariantMap &remembered)
{
    restoreGeometry(remembered.value(QStringLiteral("window/geometry")).toByteArray());
    m_columns->restoreState(remembered.value(QStringLiteral("window/columns")).toByteArray());
    m_rows->restoreState(remembered.value(QStringLiteral("window/rows")).toByteArray());
    showTranscript(remembered.value(QStringLiteral("window/transcript"), true).toBool());
    m_messages->arrange(remembered);
}

} // namespace glasspost::ui
