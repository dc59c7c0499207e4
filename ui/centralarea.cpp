#include "ui/centralarea.h"

#include "ui/compare/sessioncomparer.h"
#include "ui/mailbox/folderactions.h"
#include "ui/mailbox/keepingactions.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/messagespage.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/mailbox/placestree.h"
#include "ui/message/htmlpane.h"
#include "ui/message/messagepane.h"
#include "ui/queue/queuemodel.h"
#include "ui/queue/queueview.h"
#include "ui/queue/queuewatch.h"
#include "ui/sessions/sessionsview.h"
#include "ui/transcript/transcriptpane.h"
#include "ui/widgets/inlinebar.h"

#include <QBoxLayout>
#include <QSplitter>
#include <QStackedWidget>

namespace glasspost::ui {

namespace {

constexpr int treeFrom = 700; ///< narrower, the tree gives way

} // namespace

CentralArea::CentralArea(mail::MailSystem &system, QWidget *parent)
    : QWidget(parent), m_mailboxes(system.mailboxes()), m_settings(system.settings()),
      m_places(new PlacesModel(this)), m_tree(new PlacesTree(m_places)),
      m_messages(new MessagesPage(m_mailboxes, system.outbox(), system.sessions(), m_settings)),
      m_queue(new QueueView(system.outbox(), system.certificates(), m_settings)),
      m_sessions(new SessionsView(system.sessions(), system.listener())),
      m_comparer(new SessionComparer(system.outbox(), system.sessions(), this)),
      m_transcript(new TranscriptPane(system.sessions())), m_transferBar(new InlineBar),
      m_pages(new QStackedWidget), m_columns(new QSplitter(Qt::Horizontal)),
      m_rows(new QSplitter(Qt::Vertical))
{
    build();
    connectPages();
}

void CentralArea::build()
{
    for (QWidget *page : std::initializer_list<QWidget *>{m_messages, m_queue, m_sessions})
        m_pages->addWidget(page); // in the order of Place::Kind; a search has the first
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
    m_transferBar->setObjectName(QStringLiteral("transferBar"));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_transferBar);
    column->addWidget(m_rows, 1);
}

void CentralArea::connectPages()
{
    const auto fromItsStart = [this](const QByteArray &session) { showSession(session, 0); };
    connect(m_tree, &PlacesTree::placeSelected, this, &CentralArea::enter);
    connect(m_tree, &PlacesTree::messagesDropped, this,
        [this](const mail::FolderId &folder) { m_messages->moveInto(folder); });
    connect(m_tree, &PlacesTree::searchMenuRequested, this, &CentralArea::searchMenuRequested);
    connect(m_messages, &MessagesPage::leaveRequested, this, &CentralArea::leaveSearch);
    connect(m_messages, &MessagesPage::sessionRequested, this, &CentralArea::showSession);
    connect(m_queue, &QueueView::sessionRequested, this, &CentralArea::showSession);
    connect(m_sessions, &SessionsView::sessionChosen, this, fromItsStart);
    connect(m_sessions, &SessionsView::messagesRequested, this, [this](const QByteArray &session) {
        search(QStringLiteral("session:") + QString::fromLatin1(session));
    });
    connect(m_sessions, &SessionsView::compareRequested, m_comparer, &SessionComparer::compare);
    connect(m_comparer, &SessionComparer::failed, m_sessions, &SessionsView::showFailure);
    connect(m_comparer, &SessionComparer::linesRequested, this, &CentralArea::showSession);
    connect(m_transcript, &TranscriptPane::closeRequested, this, [this] { showTranscript(false); });
}

QWidget *CentralArea::pages() const
{
    return m_pages;
}

bool CentralArea::showsMessages() const
{
    return m_pages->currentWidget() == m_messages;
}

void CentralArea::go(const Place &place)
{
    m_tree->select(place);
}

std::optional<Place> CentralArea::current() const
{
    return m_tree->current();
}

void CentralArea::showPlaceAgain()
{
    if (const std::optional<Place> place = m_tree->current(); place && place->kind == Place::Kind::Search)
        enter(*place);
}

void CentralArea::enter(const Place &place)
{
    const bool isSearch = place.kind == Place::Kind::Search;
    m_pages->setCurrentIndex(isSearch ? 0 : int(place.kind));
    Q_EMIT placeEntered();
    if (place.kind == Place::Kind::Folder)
        m_messages->showFolder(place.folder);
    else
        m_messages->search(m_places->wordsOf(place.search), place.search);
    Q_EMIT pageChanged();
}

void CentralArea::search(const QString &words)
{
    if (words.isEmpty()) {
        leaveSearch();
        return;
    }
    m_pages->setCurrentWidget(m_messages);
    m_messages->search(words);
    Q_EMIT pageChanged();
}

void CentralArea::showMessage(const mail::MessageId &id, const QByteArray &messageId)
{
    if (messageId.isEmpty() || messageId.contains('"'))
        go({Place::Kind::Folder, id.folder});
    else
        search(QStringLiteral("id:\"%1\"").arg(QString::fromUtf8(messageId)));
    m_messages->list()->selectMessage(id);
}

void CentralArea::leaveSearch()
{
    if (const std::optional<Place> place = m_tree->current(); place && m_messages->isSearching())
        enter(*place);
}

void CentralArea::loadFolders()
{
    m_mailboxes.folders().then(this, [this](const mail::Result<QList<mail::FolderInfo>> &folders) {
        if (folders)
            showFolders(*folders);
        else
            Q_EMIT failed(folders.error());
    });
}

void CentralArea::attend(FolderActions &folders)
{
    connect(m_tree, &PlacesTree::menuRequested, &folders, &FolderActions::popUpFor);
    connect(&folders, &FolderActions::foldersChanged, this, &CentralArea::loadFolders);
    connect(&folders, &FolderActions::renamed, this, &CentralArea::follow);
    new KeepingActions(m_mailboxes, m_settings, folders, *m_messages->bar(), window());
    connect(&m_settings, &mail::CurrentSettings::changed, this,
        [this](const mail::Settings &now) { m_places->setColors(now.folders); });
}

/// Who looks at a folder that has another name now, before the old one leaves the tree, which would go on to
/// a neighbour.
void CentralArea::follow(const mail::FolderId &from, const mail::FolderId &to)
{
    if (m_tree->current() == Place{Place::Kind::Folder, from})
        go({Place::Kind::Folder, to});
}

void CentralArea::showFolders(const QList<mail::FolderInfo> &folders)
{
    QStringList users;
    for (const mail::LocalUser &user : m_settings.value().users)
        users += user.name;
    m_places->setUsers(users);
    m_places->setFolders(folders);
    m_places->setColors(m_settings.value().folders);
    // The tree that gets the focus makes its first row current by itself: that is no choice.
    if (!std::exchange(m_wentToInitialPlace, true) || !m_tree->current() || isForWantOfMail())
        goToInitialPlace();
}

/// Whether the first mailbox has just come to who looks at an empty queue.
bool CentralArea::isForWantOfMail()
{
    const bool hasMailboxes = m_places->places().first().kind == Place::Kind::Folder;
    const bool cameNow = hasMailboxes && !std::exchange(m_hasMailboxes, hasMailboxes);
    const std::optional<Place> place = m_tree->current();
    return cameNow && place && place->kind == Place::Kind::Outgoing && m_queue->model()->rowCount() == 0;
}

void CentralArea::goToInitialPlace()
{
    // The Inbox of who writes here; else whatever there is.
    const mail::Settings settings = m_settings.value();
    const QString user = settings.identities.isEmpty() ? QString() : settings.identities.first().user;
    const Place inbox{Place::Kind::Folder, {user, {}}};
    go(m_places->indexOf(inbox).isValid() ? inbox : m_places->places().first());
    m_messages->list()->setFocus();
}

void CentralArea::takeStore(const mail::StoreChange &change)
{
    if (change.foldersCameOrWent)
        loadFolders();
    else
        m_places->updateFolders(change.folders);
    m_messages->storeChanged(change);
}

void CentralArea::takeQueue(const QueueWatch &watch)
{
    const QueueSummary sum = watch.sum();
    m_places->setOutgoing(sum.waiting, sum.failed);
    m_messages->setQueueEntries(watch.entries());
}

void CentralArea::showSession(const QByteArray &sessionId, qint64 at)
{
    showTranscript(true);
    m_transcript->showSession(sessionId, at);
}

void CentralArea::showTranscript(bool shown)
{
    m_transcript->setVisible(shown);
    Q_EMIT transcriptShown(shown);
}

void CentralArea::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_tree->setVisible(width() >= treeFrom);
}

QVariantMap CentralArea::arrangement() const
{
    QVariantMap values = m_messages->arrangement();
    values.insert(written(m_messages->pane()->html().view()->look()));
    values.insert(
        QStringLiteral("message/text"), m_messages->pane()->preferredView() == MessagePane::View::Message);
    values.insert(QStringLiteral("window/columns"), m_columns->saveState());
    values.insert(QStringLiteral("window/rows"), m_rows->saveState());
    values.insert(QStringLiteral("window/transcript"), !m_transcript->isHidden());
    return values;
}

void CentralArea::arrange(const QVariantMap &remembered)
{
    m_columns->restoreState(remembered.value(QStringLiteral("window/columns")).toByteArray());
    m_rows->restoreState(remembered.value(QStringLiteral("window/rows")).toByteArray());
    showTranscript(remembered.value(QStringLiteral("window/transcript"), true).toBool());
    m_messages->arrange(remembered);
    m_messages->pane()->html().view()->setLook(readPageLook(remembered));
    if (remembered.value(QStringLiteral("message/text")).toBool())
        m_messages->pane()->setPreferredView(MessagePane::View::Message);
}

} // namespace glasspost::ui
