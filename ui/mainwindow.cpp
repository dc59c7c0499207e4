#include "ui/mainwindow.h"

#include "ui/about.h"
#include "ui/actions/actions.h"
#include "ui/actions/mainmenus.h"
#include "ui/actions/maintoolbar.h"
#include "ui/actions/searchfield.h"
#include "ui/actions/shortcutsheet.h"
#include "ui/centralarea.h"
#include "ui/composers.h"
#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/mailbox/savedsearches.h"
#include "ui/mailbox/searchactions.h"
#include "ui/mailbox/tagactions.h"
#include "ui/mailnews.h"
#include "ui/message/deliverypane.h"
#include "ui/message/messagepane.h"
#include "ui/message/messagewindow.h"
#include "ui/messageactions.h"
#include "ui/queue/queueview.h"
#include "ui/queue/queuewatch.h"
#include "ui/readingactions.h"
#include "ui/releaseactions.h"
#include "ui/ruleactions.h"
#include "ui/status/listenerchip.h"
#include "ui/status/listenercontrol.h"
#include "ui/status/mainstatus.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/transfers.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/windowsize.h"
#include "ui/windowmemory.h"
#include "ui/words/errortext.h"

#include <QCloseEvent>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QUrl>

#include <utility>

namespace glasspost::ui {

MainWindow::MainWindow(mail::MailSystem &system, QWidget *parent)
    : QMainWindow(parent), m_system(system), m_actions(new Actions(this)), m_area(new CentralArea(system)),
      m_bar(new InlineBar), m_status(new MainStatus), m_toolBar(new MainToolBar(*m_actions)),
      m_sheet(nullptr),
      m_composers(new Composers(composeServicesOf(system), system.listener(), *m_bar, this)),
      m_queue(new QueueWatch(system.outbox(), this)), m_news(new MailNews(*m_queue, *m_bar, *m_status, this)),
      m_listener(new ListenerControl(system.listener(), system.settings(), *m_bar, this)),
      m_transfers(new Transfers(system.mailboxes(), m_area->transferBar(), this)),
      m_messageActions(new MessageActions(*m_actions, m_area->messages(), *m_composers, this)),
      m_folders(new FolderActions(system.mailboxes(), m_area->places(), m_area->messages().changes(),
          *m_area->messages().bar(), this)),
      m_menus(new MainMenus(this, *m_actions, m_area->places())),
      m_tags(new TagActions(system.mailboxes(), m_area->messages(), (*m_actions)[ActionId::NewTag], this)),
      m_memory(new WindowMemory(system.dataFolder() + QStringLiteral("/window.ini"), this)),
      m_saved(new SavedSearches(this)), m_searches(new SearchActions(*m_saved, *m_bar, this))
{
    build();
    m_sheet = new ShortcutSheet(this);
    connectActions();
    connectArea();
    connectMessages();
    connectSearches();
    connectBars();
    connectSystem();
    connect(m_memory, &WindowMemory::remembered, this, &MainWindow::arrange);
    resizeWithinScreen(*this, {1240, 800});
    m_area->showTranscript(true);
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
    setCentralWidget(m_area);
    m_bar->setObjectName(QStringLiteral("bar"));
    m_bar->floatOver(m_area->pages());
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
    on(Id::ImportFile, [this] { m_transfers->importFile(m_area->messages().folder()); });
    on(Id::ImportFolder, [this] { m_transfers->importFolder(m_area->messages().folder()); });
    on(Id::Export, [this] { m_transfers->exportFolder(m_area->messages().folder()); });
    on(Id::Undo, [this] { undo(); });
    on(Id::Find, [this] { m_toolBar->focusSearch(); });
    on(Id::ShowTranscript, [this](bool shown) { m_area->showTranscript(shown); });
    on(Id::StartListener, [this] { m_listener->start(); });
    on(Id::StopListener, [this] { m_listener->stop(); });
    on(Id::TestMessage, [this] { m_composers->sendTestMessage(); });
    on(Id::Shortcuts, [this] { m_sheet->open(); });
    on(Id::About, [this] { openAbout(m_system.dataFolder(), this); });
    on(Id::TryQueue, [this] {
        m_system.outbox()
            .act(mail::QueueAction::TryNow, {})
            .then(this, [this](const mail::Result<int> &tried) {
                if (tried)
                    m_status->tell(tr("Trying %Ln message(s) now", nullptr, *tried));
                else
                    tell(tried.error());
            });
    });
    for (int place = 1; place <= 9; ++place) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + place)), this);
        connect(shortcut, &QShortcut::activated, this, [this, place] {
            if (const QList<Place> places = m_area->places().places(); place <= places.size())
                m_area->go(places[place - 1]);
        });
    }
}

void MainWindow::connectArea()
{
    SearchField *search = m_toolBar->searchField();
    connect(m_area, &CentralArea::placeEntered, search, &SearchField::clearQuietly);
    connect(m_area, &CentralArea::pageChanged, this, &MainWindow::updateActions);
    connect(
        m_area, &CentralArea::transcriptShown, (*m_actions)[ActionId::ShowTranscript], &QAction::setChecked);
    m_area->attend(*m_folders);
    connect(m_area, &CentralArea::failed, this, &MainWindow::tell);
    connect(m_menus, &MainMenus::placeRequested, m_area, &CentralArea::go);
    connect(&m_menus->folder(), &QMenu::aboutToShow, this, &MainWindow::fillFolderMenu);
    search->setNames([this] { return SearchNames{m_area->places().folderNames(), m_tags->names()}; });
    connect(search, &SearchField::searched, m_area, &CentralArea::search);
    MessageList *list = m_area->messages().list();
    connect(search, &SearchField::entered, this, [list] {
        list->setFocus();
        list->selectRow(0);
    });
    connect(search, &SearchField::left, list, [list] { list->setFocus(); });
    connect(&m_area->queue(), &QueueView::composeRequested, this, [this] { compose({}); });
    connect(&m_area->queue(), &QueueView::openRequested, this, &MainWindow::openQueued);
}

void MainWindow::fillFolderMenu()
{
    QMenu &menu = m_menus->folder();
    const Place place = m_area->current().value_or(Place{Place::Kind::Outgoing, {}});
    const auto &[user, name] = place.folder;
    if (place.kind == Place::Kind::Search)
        m_searches->fill(menu, place.search);
    else if (place.kind == Place::Kind::Folder) // a null name would mean the user
        m_folders->fill(menu, {user, name.isNull() ? QStringLiteral("") : name});
}

void MainWindow::connectMessages()
{
    MessagesPage *messages = &m_area->messages();
    connect(messages, &MessagesPage::selectionChanged, this, &MainWindow::updateActions);
    for (const InlineBar *bar : {m_bar, messages->bar(), m_area->queue().bar()})
        connect(bar, &InlineBar::undoChanged, this, &MainWindow::updateActions);
    connect(&messages->changes(), &MessageChanges::undoChanged, this, &MainWindow::updateActions);
    connect(messages, &MessagesPage::messageShown, this, &MainWindow::updateActions);
    connect(
        messages->pane(), &MessagePane::sessionsKnown, &m_area->transcript(), &TranscriptPane::setMessage);
    connect(&m_area->transcript(), &TranscriptPane::lineChosen, &messages->pane()->delivery(),
        &DeliveryPane::showMoment);
    connect(messages, &MessagesPage::openRequested, this, [this](const mail::MessageId &id) {
        if (id.folder.folder == QLatin1String("Drafts"))
            m_composers->editDraft(id);
    });
    connect(messages, &MessagesPage::menuRequested, this, [this, messages](const QPoint &position) {
        const std::optional<mail::MessageRow> row = messages->list()->currentRow();
        m_menus->popUpFor(row ? row->id.folder : messages->folder(), position);
    });
    new RuleActions(m_system.rules(), *messages, *m_news, (*m_actions)[ActionId::RunRules], this);
    auto *release = new ReleaseActions(m_system, *m_area, (*m_actions)[ActionId::Release], this);
    connect(release, &ReleaseActions::settingsRequested, this,
        [this] { openPreferences(Preferences::Page::Capture); });
    m_menus->addToMessages(m_tags->menuAction());
    for (QAction *menu : m_messageActions->reading().menus())
        m_menus->addToMessages(menu);
    m_menus->addToView(messages->list()->viewMenus());
    connect(m_menus, &MainMenus::moveRequested, messages, &MessagesPage::moveTo);
    connect(messages, &MessagesPage::testMessageRequested, m_composers, &Composers::sendTestMessage);
    connect(messages, &MessagesPage::composeRequested, this, &MainWindow::compose);
    connect(messages->pane(), &MessagePane::findRequested, m_toolBar->searchField(), &QLineEdit::setText);
    connectDelivery(messages->pane());
}

void MainWindow::connectSearches()
{
    const auto show = [this] { m_area->places().setSearches(m_saved->all()); };
    const auto goTo = [this](const QString &name) { m_area->go({Place::Kind::Search, {}, name}); };
    connect(m_saved, &SavedSearches::loaded, this, show);
    connect(m_saved, &SavedSearches::changed, this, [this, show] {
        show();
        m_memory->write(m_saved->written());
    });
    connect(m_area, &CentralArea::searchMenuRequested, m_searches, &SearchActions::popUpFor);
    connect(m_searches, &SearchActions::saved, this, goTo);
    connect(m_searches, &SearchActions::renamed, m_area, &CentralArea::showPlaceAgain);
    connect((*m_actions)[ActionId::SaveSearch], &QAction::triggered, this,
        [this] { m_searches->askSave(m_toolBar->searchField()->text()); });
    show();
}

void MainWindow::connectBars()
{
    const auto openListenerPage = [this] { openPreferences(Preferences::Page::Listener); };
    connect(m_composers, &Composers::testMessageSent, this, [this](const mail::FolderId &folder) {
        m_area->go({Place::Kind::Folder, folder});
    });
    connect(m_composers, &Composers::happened, m_status, &MainStatus::tell);
    connect(m_transfers, &Transfers::happened, m_status, &MainStatus::tell);
    connect(m_status->queue(), &QAbstractButton::clicked, this, [this] {
        m_area->go({Place::Kind::Outgoing, {}});
    });
    connect(m_status->http(), &QAbstractButton::clicked, this, openListenerPage);
    m_listener->attach(m_status->listener());
    m_listener->attach(m_toolBar->listener());
    connect(m_listener, &ListenerControl::happened, m_status, &MainStatus::tell);
    connect(m_listener, &ListenerControl::settingsRequested, this, openListenerPage);
    connect(m_listener, &ListenerControl::changed, this, [this](const mail::ListenerState &state) {
        m_area->messages().setListener(state);
        updateActions();
    });
    connect(m_queue, &QueueWatch::changed, this, [this] {
        m_status->setQueue(m_queue->sum());
        m_area->takeQueue(*m_queue);
    });
    connect(m_queue, &QueueWatch::failed, this, &MainWindow::tell);
    connect(m_news, &MailNews::sessionRequested, m_area, &CentralArea::showSession);
    connect(m_news, &MailNews::messageRequested, m_area, &CentralArea::showMessage);
    connect(m_news, &MailNews::entryRequested, this, &MainWindow::showEntry);
    connect(m_news, &MailNews::routeSettingsRequested, this,
        [this] { openPreferences(Preferences::Page::Outgoing); });
}

void MainWindow::connectSystem()
{
    using mail::MailSystem;
    connect(&m_system, &MailSystem::started, this, &MainWindow::takeStarted);
    connect(&m_system, &MailSystem::startFailed, this, [this](const mail::Error &error) {
        m_bar->say(InlineBar::Kind::Error, tr("Glasspost could not open its mail. %1").arg(errorText(error)));
    });
    connect(&m_system, &MailSystem::troubled, this, &MainWindow::tell);
    connect(&m_system.mailboxes(), &mail::Mailboxes::changed, m_area, &CentralArea::takeStore);
    connect(&m_system.mailboxes(), &mail::Mailboxes::received, m_news, &MailNews::takeReceived);
    connect(&m_system.sessions(), &mail::Sessions::recorded, m_status, &MainStatus::takeSessions);
    connect(&m_system.outbox(), &mail::Outbox::reachabilityChanged, m_status, &MainStatus::setReachability);
    m_status->setReachability(m_system.outbox().reachability());
    // Made after the start (a second window, say), there is no signal to wait for.
    if (!m_system.settings().value().users.isEmpty())
        takeStarted();
    connect(&m_system.settings(), &mail::CurrentSettings::changed, this,
        [](const mail::Settings &settings) { applyAppearance(settings.appearance); });
}

void MainWindow::takeStarted()
{
    m_bar->dismiss();
    applyAppearance(m_system.settings().value().appearance);
    m_area->loadFolders();
    m_queue->load();
    m_composers->reopen();
    if (m_system.settings().value().listener.enabled)
        m_listener->start();
}

void MainWindow::tell(const mail::Error &error)
{
    m_bar->say(InlineBar::Kind::Error, errorText(error));
}

void MainWindow::compose(const QUrl &mailto)
{
    m_composers->write(mailto);
}

void MainWindow::showEntry(const QByteArray &queueId)
{
    m_area->go({Place::Kind::Outgoing, {}});
    m_area->queue().select(queueId);
}

/// What a message's delivery asks of the window around it.
void MainWindow::connectDelivery(MessagePane *pane)
{
    connect(pane, &MessagePane::entryRequested, this, &MainWindow::showEntry);
    connect(pane, &MessagePane::messageRequested, m_area, &CentralArea::showMessage);
    connect(pane, &MessagePane::routeSettingsRequested, this,
        [this] { openPreferences(Preferences::Page::Outgoing); });
}

void MainWindow::openQueued(const mail::QueueEntry &entry)
{
    auto *window = new MessageWindow(
        m_system.mailboxes(), m_system.outbox(), m_system.sessions(), m_system.settings(), entry, this);
    connect(window->pane(), &MessagePane::sessionRequested, m_area, &CentralArea::showSession);
    connectDelivery(window->pane());
    connect(window->pane(), &MessagePane::composeRequested, this, &MainWindow::compose);
    connect(window->pane(), &MessagePane::findRequested, m_toolBar->searchField(), &QLineEdit::setText);
    window->show();
}

void MainWindow::openPreferences(Preferences::Page page)
{
    auto *dialog = new Preferences(m_system.settings(), m_system.outbox(), m_system.listener(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->editRules(m_system.rules());
    dialog->showPage(page);
    connect(dialog, &Preferences::passwordGiven, this, &MainWindow::passwordGiven);
    dialog->show();
}

void MainWindow::showHttp(const mail::ListenerState &state)
{
    m_status->setHttp(state);
    const bool hasFailed = state.kind == mail::ListenerState::Kind::Failed;
    const QString said
        = std::exchange(m_httpFailure, hasFailed ? listenerFailureWords(state.error) : QString());
    if (!hasFailed) {
        if (!said.isEmpty() && m_bar->words() == said) // something else may have been said since
            m_bar->dismiss();
        return;
    }
    m_bar->say(InlineBar::Kind::Error, m_httpFailure);
    m_bar->addButton(tr("Preferences …"), [this] { openPreferences(Preferences::Page::Listener); });
    m_bar->addButton(tr("Try again"), [this] { Q_EMIT httpStartRequested(); });
}

/// What was said last with an Undo and is still in sight.
InlineBar *MainWindow::latestUndo() const
{
    return InlineBar::latestUndo({m_bar, m_area->messages().bar(), m_area->queue().bar()});
}

void MainWindow::undo()
{
    if (InlineBar *latest = latestUndo())
        latest->undo();
    else
        m_area->messages().changes().undo();
}

void MainWindow::updateActions()
{
    m_messageActions->update(m_area->showsMessages());
    m_tags->update(m_area->showsMessages());
    m_menus->folder().setEnabled(m_area->showsMessages());
    (*m_actions)[ActionId::Undo]->setEnabled(m_area->messages().changes().canUndo() || latestUndo());
    (*m_actions)[ActionId::SaveSearch]->setEnabled(
        m_area->messages().isSearching() && !m_toolBar->searchField()->text().trimmed().isEmpty());
    const bool listening = m_listener->state().kind == mail::ListenerState::Kind::Listening;
    (*m_actions)[ActionId::StartListener]->setEnabled(!listening);
    (*m_actions)[ActionId::StopListener]->setEnabled(listening);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    remember();
    event->accept();
}

void MainWindow::remember()
{
    QVariantMap values = m_area->arrangement();
    values.insert(QStringLiteral("window/geometry"), saveGeometry());
    m_memory->write(values);
}

void MainWindow::arrange(const QVariantMap &remembered)
{
    restoreGeometry(remembered.value(QStringLiteral("window/geometry")).toByteArray());
    m_area->arrange(remembered);
    m_saved->read(remembered);
}

} // namespace glasspost::ui
