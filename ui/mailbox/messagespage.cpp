#include "ui/mailbox/messagespage.h"

#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/pastdeliveries.h"
#include "ui/message/messagepane.h"
#include "ui/message/textview.h"
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
    : QWidget(parent), m_mailboxes(mailboxes), m_settings(settings),
      m_model(new MessageListModel(
          {[&mailboxes](const mail::RowQuery &query) { return mailboxes.rows(query); },
              [&mailboxes](const mail::RowQuery &query) { return mailboxes.rowOrder(query); }},
          this)),
      m_past(new PastDeliveries(outbox, *m_model, this)), m_list(new MessageList(m_model)),
      m_pane(new MessagePane(mailboxes, outbox, sessions, settings)), m_bar(new InlineBar),
      m_changes(new MessageChanges(mailboxes, *m_bar, this)), m_listOrEmpty(new QStackedWidget),
      m_empty(new EmptyState(IconName::Inbox, {}, {})), m_hint(new ListenerHint), m_title(new ElidedLabel),
      m_facts(new ElidedLabel), m_back(new QToolButton), m_splitter(new QSplitter(Qt::Horizontal)),
      m_listSide(new QWidget), m_paneSide(new QWidget)
{
    build();
    connectAll();
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
    m_seenTimer.setSingleShot(true);
    m_seenTimer.setInterval(seenAfter);
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
    connect(m_list, &MessageList::leaveAsked, this, &MessagesPage::leaveAsked);
    connect(m_changes, &MessageChanges::restored, m_list, &MessageList::selectMessage);
    connect(m_list, &MessageList::menuAsked, this, &MessagesPage::menuAsked);
    connect(m_list, &MessageList::opened, this, [this](const mail::MessageId &id) {
        if (m_stacked)
            showSide(m_paneSide);
        Q_EMIT openAsked(id);
    });
    connect(m_back, &QToolButton::clicked, this, [this] { showSide(m_listSide); });
    connect(m_pane, &MessagePane::shown, this, [this](const mail::MessageView &message) {
        m_seenTimer.start();
        Q_EMIT messageShown(message);
    });
    connect(m_pane, &MessagePane::sessionAsked, this, &MessagesPage::sessionAsked);
    connect(m_pane, &MessagePane::composeAsked, this, &MessagesPage::composeAsked);
    connect(m_pane, &MessagePane::editAsked, this, &MessagesPage::openAsked);
    connect(m_empty, &EmptyState::buttonClicked, this, &MessagesPage::testMessageAsked);
    connect(&m_seenTimer, &QTimer::timeout, this, &MessagesPage::noteSeen);
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
    m_folder = folder;
    mail::RowQuery query = m_model->query();
    query.folder = folder;
    query.searchText.clear();
    m_model->setQuery(
        query, isCaptured(folder, m_settings.value()) ? mail::SortKey::Arrival : mail::SortKey::Date);
    m_list->showOrder();
    m_pane->clear();
    m_preparing.start();
    showSide(m_listSide);
}

void MessagesPage::search(const QString &text)
{
    mail::RowQuery query = m_model->query();
    if (query.searchText == text)
        return;
    query.searchText = text;
    query.folder = text.isEmpty() ? m_folder : mail::FolderId();
    const bool byArrival = text.isEmpty() && isCaptured(m_folder, m_settings.value());
    m_model->setQuery(query, byArrival ? mail::SortKey::Arrival : mail::SortKey::Date);
    m_pane->clear();
    showSide(m_listSide);
}

void MessagesPage::storeChanged(const mail::StoreChange &change)
{
    const bool searching = !m_model->query().searchText.isEmpty();
    const bool ours = std::any_of(change.folders.cbegin(), change.folders.cend(),
        [this](const mail::FolderInfo &folder) { return folder.id == m_folder; });
    if (ours || (searching && !change.folders.isEmpty()))
        m_model->refresh();
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
    const QString search = m_model->query().searchText;
    const bool inbox = m_folder.folder.isEmpty() && search.isEmpty();
    m_hint->setVisible(inbox);
    if (!search.isEmpty()) {
        m_empty->setContent(IconName::Search, tr("Nothing found"), nothingFoundText(search));
    } else if (inbox) {
        m_empty->setContent(IconName::Inbox, tr("Your inbox is empty"),
            emptyInboxText(m_folder.user, m_settings.value().listener));
    } else {
        m_empty->setContent(IconName::Folder, tr("%1 is empty").arg(folderTitle(m_folder)),
            tr("Messages in this folder will be listed here."));
    }
    m_empty->setButton(inbox ? tr("Send yourself a test message") : QString());
    const bool hasBeenEmpty = m_listOrEmpty->currentIndex() == 1;
    if (m_preparing.isActive() || (hasBeenEmpty && total > 0))
        m_preparing.start();
    m_listOrEmpty->setCurrentIndex(total > 0 ? 0 : 1);
    m_paneSide->setVisible(m_stacked ? m_paneSide->isVisible() && total > 0 : total > 0);
    if (total == 0)
        showSide(m_listSide);
}

void MessagesPage::showTitle()
{
    const QString search = m_model->query().searchText;
    const mail::SearchHits hits(search);
    m_list->setHits(hits);
    m_pane->setHits(hits);
    QStringList facts = {search.isEmpty() ? m_folder.user : tr("in all mail"),
        tr("%Ln message(s)", nullptr, m_model->rowCount())};
    facts += searchNotices(search);
    if (const int selected = selectedCount(); selected > 1)
        facts.append(tr("%Ln selected", nullptr, selected));
    if (m_toBeIndexed > 0)
        facts.append(tr("%Ln more being indexed", nullptr, int(std::min<qint64>(m_toBeIndexed, INT_MAX))));
    m_title->setWords(search.isEmpty() ? folderTitle(m_folder) : tr("Search: %1").arg(search));
    m_facts->setWords(facts.join(QStringLiteral(" · ")));
}

void MessagesPage::showMessage(const mail::MessageId &id)
{
    m_seenTimer.stop();
    if (id.isNull())
        m_pane->clear();
    else
        m_pane->open(id);
    Q_EMIT selectionChanged();
}

void MessagesPage::noteSeen()
{
    const std::optional<mail::MessageRow> row = m_list->currentRow();
    if (!row || row->id != m_pane->message().id || row->flags.testFlag(mail::MessageFlag::Seen)
        || !m_pane->isVisible())
        return;
    m_mailboxes.setFlags({row->id}, mail::MessageFlag::Seen, {});
}

int MessagesPage::selectedCount() const
{
    return m_list->selected().count();
}

void MessagesPage::withSelection(const WithMessages &then)
{
    if (const auto ids = m_list->selected().ids()) {
        then(*ids);
        return;
    }
    m_list->selected().withNumbers(
        [this, then, folder = m_model->query().folder](const mail::RowOrder &rows) {
            m_mailboxes.identify(rows).then(
                this, [this, then, folder](const mail::Result<QList<mail::MessageId>> &messages) {
                    if (!messages)
                        return m_bar->say(InlineBar::Kind::Error, errorText(messages.error()));
                    QList<mail::MessageId> ids = *messages;
                    // What was moved elsewhere since is not in the list that one sees.
                    if (!folder.user.isEmpty())
                        ids.removeIf([&folder](const mail::MessageId &id) { return id.folder != folder; });
                    then(ids);
                });
        });
}

const mail::MessageView &MessagesPage::message() const
{
    return m_pane->message();
}

void MessagesPage::moveTo(const QString &folder)
{
    withSelection([this, folder](const QList<mail::MessageId> &ids) { m_changes->move(ids, folder); });
}

void MessagesPage::moveInto(const mail::FolderId &folder)
{
    withSelection([this, folder](const QList<mail::MessageId> &ids) {
        QList<mail::MessageId> own = ids;
        own.removeIf([&folder](const mail::MessageId &id) { return id.folder.user != folder.user; });
        if (own.size() < ids.size())
            m_bar->say(InlineBar::Kind::Warning,
                tr("%Ln message(s) of other users stay where they are.", nullptr,
                    int(ids.size() - own.size())));
        m_changes->move(own, folder.folder);
    });
}

void MessagesPage::removeSelected()
{
    const QString trash = QStringLiteral("Trash");
    withSelection([this, trash](const QList<mail::MessageId> &ids) {
        const bool allInTrash = std::all_of(
            ids.cbegin(), ids.cend(), [&trash](const auto &id) { return id.folder.folder == trash; });
        if (allInTrash && !ids.isEmpty())
            askToRemove(ids);
        else
            m_changes->move(ids, trash);
    });
}

/// The one thing that cannot be undone asks once, where the person looks.
void MessagesPage::askToRemove(const QList<mail::MessageId> &ids)
{
    m_bar->say(InlineBar::Kind::Warning,
        tr("Delete %Ln message(s) permanently? This cannot be undone.", nullptr, int(ids.size())));
    m_bar->addButton(tr("Delete permanently"), [this, ids] { m_changes->removeForGood(ids); });
}

void MessagesPage::setSeen(bool seen)
{
    m_seenTimer.stop();
    withSelection([this, seen](const QList<mail::MessageId> &ids) {
        m_changes->setFlag(ids, mail::MessageFlag::Seen, seen);
    });
}

void MessagesPage::toggleFlag()
{
    const std::optional<mail::MessageRow> row = m_list->currentRow();
    const bool flagged = row && row->flags.testFlag(mail::MessageFlag::Flagged);
    withSelection([this, flagged](const QList<mail::MessageId> &ids) {
        m_changes->setFlag(ids, mail::MessageFlag::Flagged, !flagged);
    });
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

QVariantMap MessagesPage::arrangement() const
{
    return {{QStringLiteral("messages/splitter"), m_splitter->saveState()},
        {QStringLiteral("messages/columns"), m_list->saveColumns()},
        {QStringLiteral("messages/sort"),
            int(m_model->query().sort == m_model->dateKey() ? mail::SortKey::Date : m_model->query().sort)},
        {QStringLiteral("messages/order"), int(m_model->query().order)},
        {QStringLiteral("messages/face"), int(m_pane->text().face())}};
}

void MessagesPage::arrange(const QVariantMap &arrangement)
{
    m_splitter->restoreState(arrangement.value(QStringLiteral("messages/splitter")).toByteArray());
    m_list->restoreColumns(arrangement.value(QStringLiteral("messages/columns")).toByteArray());
    const bool isFixed = arrangement.value(QStringLiteral("messages/face")) == int(TextView::Face::Fixed);
    m_pane->text().setFace(isFixed ? TextView::Face::Fixed : TextView::Face::Proportional);
    const int sort = arrangement.value(QStringLiteral("messages/sort"), 0).toInt();
    const int order = arrangement.value(QStringLiteral("messages/order"), int(Qt::DescendingOrder)).toInt();
    mail::RowQuery query = m_model->query();
    query.sort = mail::SortKey(std::clamp(sort, 0, int(mail::SortKey::Size)));
    query.order = order == int(Qt::AscendingOrder) ? Qt::AscendingOrder : Qt::DescendingOrder;
    if (query.sort == mail::SortKey::Date)
        query.sort = m_model->dateKey();
    if (query == m_model->query())
        return;
    m_model->setQuery(query);
    m_list->showOrder();
}

} // namespace glasspost::ui
