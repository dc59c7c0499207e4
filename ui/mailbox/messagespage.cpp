#include "ui/mailbox/messagespage.h"

#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/pastdeliveries.h"
#include "ui/mailbox/quickfilters.h"
#include "ui/message/messagepane.h"
#include "ui/theme/icons.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/listenerhint.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"
#include "ui/words/format.h"
#include "ui/words/searchtext.h"

#include <QBoxLayout>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <climits>

namespace glasspost::ui {

namespace {

constexpr int stackedBelow = 620; ///< narrower, list and message take turns
constexpr std::chrono::milliseconds restBeforePreparing(500); ///< of the list, in which mail may pour in
constexpr std::chrono::milliseconds seenAfter(1200); ///< so long must a message be open to count as read

} // namespace

MessagesPage::MessagesPage(mail::Mailboxes &mailboxes, mail::Outbox &outbox, mail::Sessions &sessions,
    mail::CurrentSettings &settings, QWidget *parent)
    : QWidget(parent), m_mailboxes(mailboxes), m_settings(settings), m_seenTimer(this),
      m_model(
          new MessageListModel({[&mailboxes](const mail::RowQuery &query, const std::stop_token &stop) {
                                    return mailboxes.rows(query, stop);
                                },
                                   [&mailboxes](const mail::RowQuery &query, const std::stop_token &stop) {
                                       return mailboxes.rowOrder(query, stop);
                                   }},
              this)),
      m_past(new PastDeliveries(outbox, *m_model, this)), m_list(new MessageList(m_model)),
      m_pane(new MessagePane(mailboxes, outbox, sessions, settings)), m_bar(new InlineBar),
      m_changes(new MessageChanges(mailboxes, *m_bar, this)), m_listOrEmpty(new QStackedWidget),
      m_empty(new EmptyState(IconName::Inbox, {}, {})), m_hint(new ListenerHint), m_title(new ElidedLabel),
      m_facts(new ElidedLabel), m_filters(new QuickFilters), m_back(new QToolButton),
      m_splitter(new QSplitter(Qt::Horizontal)), m_listSide(new QWidget), m_paneSide(new QWidget)
{
    build();
    connectAll();
}

MessagesPage::~MessagesPage()
{
    markLeftSeen();
    endCounting();
}

void MessagesPage::build()
{
    m_empty->addBelow(m_hint);
    m_listOrEmpty->addWidget(m_list);
    m_listOrEmpty->addWidget(m_empty);

    auto *listColumn = new QVBoxLayout(m_listSide);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(0);
    auto *titleRow = new QHBoxLayout;
    titleRow->setContentsMargins(space::two, space::one, space::two, space::one);
    titleRow->setSpacing(space::one);
    m_title->setFont(boldFont(font()));
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    titleRow->addWidget(m_title);
    titleRow->addWidget(m_facts, 1);
    m_listSide->setAutoFillBackground(true);
    m_listSide->setBackgroundRole(QPalette::Base);
    listColumn->addLayout(titleRow);
    listColumn->addWidget(m_filters);
    m_filters->hide();
    listColumn->addWidget(m_listOrEmpty, 1);

    m_back->setIcon(icon(IconName::Reply));
    m_back->setText(tr("Back to the list"));
    m_back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_back->setAutoRaise(true);
    m_back->setShortcut(QKeySequence(Qt::Key_Escape));
    m_back->setVisible(false);
    auto *paneColumn = new QVBoxLayout(m_paneSide);
    paneColumn->setContentsMargins(0, 0, 0, 0);
    paneColumn->setSpacing(0);
    paneColumn->addWidget(m_back, 0, Qt::AlignLeading);
    paneColumn->addWidget(m_pane, 1);

    m_splitter->addWidget(m_listSide);
    m_splitter->addWidget(m_paneSide);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setChildrenCollapsible(false);
    m_listSide->setMinimumWidth(240);
    m_paneSide->setMinimumWidth(280);
    m_splitter->setSizes({420, 640});

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_splitter, 1);
    m_bar->floatOver(this);
    m_seenTimer.setObjectName(QStringLiteral("seen"));
    m_seenTimer.setSingleShot(true);
    m_seenTimer.setInterval(seenAfter);
    m_opening.setSingleShot(true);
    m_opening.setInterval(MessageList::leafingRest);
    m_preparing.setSingleShot(true);
    m_preparing.setInterval(restBeforePreparing);
}

void MessagesPage::connectAll()
{
    connect(m_model, &MessageListModel::loaded, this, &MessagesPage::tellLoaded);
    connect(m_model, &MessageListModel::failed, this,
        [this](const mail::Error &error) { m_bar->say(InlineBar::Kind::Error, errorText(error)); });
    connect(m_list, &MessageList::currentMessageChanged, this, &MessagesPage::showMessage);
    connect(m_list, &MessageList::selectionNoted, this, [this] {
        showTitle();
        Q_EMIT selectionChanged();
    });
    connect(m_list, &MessageList::leaveRequested, this, &MessagesPage::leave);
    connect(m_filters, &QuickFilters::changed, this, &MessagesPage::applyFilters);
    connect(m_filters, &QuickFilters::closeRequested, this, [this] { showFilters(false); });
    connect(m_changes, &MessageChanges::restored, m_list, &MessageList::selectMessage);
    connect(m_list, &MessageList::menuRequested, this, &MessagesPage::menuRequested);
    connect(m_list, &MessageList::opened, this, [this](const mail::MessageId &id) {
        if (m_opening.isActive())
            openCurrent();
        if (m_stacked)
            showSide(m_paneSide);
        Q_EMIT openRequested(id);
    });
    connect(m_back, &QToolButton::clicked, this, [this] { showSide(m_listSide); });
    connect(m_pane, &MessagePane::shown, this, [this](const mail::MessageView &message) {
        m_seenTimer.start();
        Q_EMIT messageShown(message);
    });
    connect(m_pane, &MessagePane::sessionRequested, this, &MessagesPage::sessionRequested);
    connect(m_pane, &MessagePane::composeRequested, this, &MessagesPage::composeRequested);
    connect(m_pane, &MessagePane::editRequested, this, &MessagesPage::openRequested);
    connect(m_empty, &EmptyState::buttonClicked, this, [this] {
        if (m_model->query().filter.isEmpty())
            Q_EMIT testMessageRequested();
        else
            showFilters(false);
    });
    connect(&m_seenTimer, &QTimer::timeout, this, &MessagesPage::noteSeen);
    connect(&m_opening, &QTimer::timeout, this, &MessagesPage::openCurrent);
    connect(&m_preparing, &QTimer::timeout, this, [this] {
        if (m_model->rowCount() > 0)
            m_pane->prepare();
    });
}

void MessagesPage::showFolder(const mail::FolderId &folder)
{
    if (m_folder == folder && m_model->query().searchText.isEmpty()
        && !m_model->query().folder.user.isEmpty())
        return;
    if (m_folder != folder)
        m_filters->clear();
    m_folder = folder;
    m_searchName.clear();
    mail::RowQuery query = m_model->query();
    query.folder = folder;
    query.searchText.clear();
    query.filter = m_filters->terms();
    endCounting();
    m_model->setQuery(
        query, isCaptured(folder, m_settings.value()) ? mail::SortKey::Arrival : mail::SortKey::Date);
    showColumns();
    m_pane->clear();
    m_preparing.start();
    showSide(m_listSide);
}

void MessagesPage::search(const QString &text, const QString &name)
{
    const bool hasOtherName = std::exchange(m_searchName, name) != name;
    mail::RowQuery query = m_model->query();
    if (query.searchText == text) {
        if (hasOtherName)
            showTitle();
        return;
    }
    query.searchText = text;
    query.folder = text.isEmpty() ? m_folder : mail::FolderId();
    const bool byArrival = text.isEmpty() && isCaptured(m_folder, m_settings.value());
    endCounting();
    m_model->setQuery(query, byArrival ? mail::SortKey::Arrival : mail::SortKey::Date);
    showColumns();
    m_pane->clear();
    showSide(m_listSide);
}

/// Those of the kind of mail that is listed.
void MessagesPage::showColumns()
{
    using Kind = ListColumns::Kind;
    m_list->columns().setKind(isSearching()            ? Kind::Found
            : isCaptured(m_folder, m_settings.value()) ? Kind::Captured
            : showsRecipients(m_folder)                ? Kind::Own
                                                       : Kind::Received);
    m_list->showOrder();
}

void MessagesPage::storeChanged(const mail::StoreChange &change)
{
    const bool searching = !m_model->query().searchText.isEmpty();
    const bool ours = std::any_of(change.folders.cbegin(), change.folders.cend(),
        [this](const mail::FolderInfo &folder) { return folder.id == m_folder; });
    if (ours || (searching && !change.folders.isEmpty())) {
        m_model->refresh();
        countUnfiltered();
    }
    if (std::exchange(m_toBeIndexed, change.toBeIndexed) != change.toBeIndexed)
        showTitle();
}

void MessagesPage::setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries)
{
    m_past->setQueueEntries(entries);
    m_pane->setQueueEntries(entries);
}

void MessagesPage::setListener(const mail::ListenerState &listener)
{
    m_listener = listener;
    m_hint->setBindings(listener.kind == mail::ListenerState::Kind::Listening
            ? listener.bindings
            : QList<mail::ListenerBinding>());
}

void MessagesPage::tellLoaded(int total)
{
    showTitle();
    showEmptyState();
    countUnfiltered();
    const bool hasBeenEmpty = m_listOrEmpty->currentIndex() == 1;
    if (m_preparing.isActive() || (hasBeenEmpty && total > 0))
        m_preparing.start();
    m_listOrEmpty->setCurrentIndex(total > 0 ? 0 : 1);
    m_paneSide->setVisible(m_stacked ? m_paneSide->isVisible() && total > 0 : total > 0);
    if (total == 0)
        showSide(m_listSide);
}

/// What is shown in place of a list without messages.
void MessagesPage::showEmptyState()
{
    const QString search = m_model->query().searchText;
    const bool isFiltered = !m_model->query().filter.isEmpty();
    const bool inbox = m_folder.folder.isEmpty() && search.isEmpty() && !isFiltered;
    m_hint->setVisible(inbox);
    if (isFiltered) {
        m_empty->setContent(IconName::Filter, tr("No message matches the filter"),
            tr("Messages that do not match the filter bar are hidden."));
    } else if (!search.isEmpty()) {
        m_empty->setContent(IconName::Search, tr("Nothing found"), nothingFoundText(search));
    } else if (inbox) {
        m_empty->setContent(IconName::Inbox, tr("Your inbox is empty"),
            emptyInboxText(m_folder.user, m_settings.value().listener));
    } else {
        m_empty->setContent(IconName::Folder, tr("%1 is empty").arg(folderTitle(m_folder)),
            tr("Messages in this folder will be listed here."));
    }
    m_empty->setButton(isFiltered ? tr("Show all messages")
            : inbox               ? tr("Send yourself a test message")
                                  : QString());
}

void MessagesPage::showTitle()
{
    const QString search = m_model->query().searchText;
    const mail::SearchHits hits(search);
    m_list->setHits(hits);
    m_pane->setHits(hits);
    QStringList facts = {search.isEmpty() ? m_folder.user : tr("in all mail"), countText()};
    facts += searchNotices(search);
    if (const int selected = selectedCount(); selected > 1)
        facts.append(tr("%Ln selected", nullptr, selected));
    if (m_toBeIndexed > 0)
        facts.append(tr("%Ln more being indexed", nullptr, int(std::min<qint64>(m_toBeIndexed, INT_MAX))));
    m_title->setWords(search.isEmpty() ? folderTitle(m_folder)
            : m_searchName.isEmpty()   ? tr("Search: %1").arg(search)
                                       : m_searchName);
    m_facts->setWords(facts.join(QStringLiteral(" · ")));
}

void MessagesPage::showMessage(const mail::MessageId &id)
{
    m_seenTimer.stop();
    if (m_seenWhenLeft != id)
        markLeftSeen();
    const std::optional<mail::MessageRow> current = m_list->currentRow();
    m_filters->setSender(current ? current->fromAddress : QString());
    // Who leafs through the list waits for rows: messages on the way are neither read nor laid out.
    if (!id.isNull() && m_list->isLeafing())
        m_opening.start();
    else
        openCurrent();
    Q_EMIT selectionChanged();
}

void MessagesPage::openCurrent()
{
    m_opening.stop();
    if (m_list->currentMessage().isNull())
        m_pane->clear();
    else
        m_pane->open(m_list->currentMessage());
}

void MessagesPage::noteSeen()
{
    const mail::MessageId id = m_pane->message().id;
    const std::optional<mail::MessageRow> row = m_list->currentRow();
    if (!row || id != m_list->currentMessage() || !m_pane->isVisible()
        || (row->id == id && row->flags.testFlag(mail::MessageFlag::Seen)))
        return;
    markSeen(id);
}

const mail::MessageView &MessagesPage::message() const
{
    return m_pane->message();
}

void MessagesPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fold();
}

void MessagesPage::fold()
{
    const bool stacked = width() < stackedBelow;
    if (stacked == m_stacked)
        return;
    m_stacked = stacked;
    m_back->setVisible(stacked);
    m_listSide->setVisible(true);
    m_paneSide->setVisible(!stacked && m_model->rowCount() > 0);
}

void MessagesPage::showSide(QWidget *side)
{
    if (!m_stacked)
        return;
    m_listSide->setVisible(side == m_listSide);
    m_paneSide->setVisible(side == m_paneSide);
}

} // namespace glasspost::ui
