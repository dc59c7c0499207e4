#include "ui/mailbox/messagelistmodel.h"

#include "ui/mailbox/messagecells.h"
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/placestree.h"
#include "ui/queue/queuestate.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/foldertext.h"
#include "ui/words/format.h"

#include <QDateTime>
#include <QMimeData>

#include <algorithm>
#include <limits>

namespace glasspost::ui {

namespace {

constexpr int pagesKept = 12;

} // namespace

MessageListModel::MessageListModel(RowSource source, QObject *parent)
    : QAbstractTableModel(parent), m_source(std::move(source))
{ }

MessageListModel::~MessageListModel()
{
    m_outdated.request_stop();
}

/// What was asked for until now is of other rows or of another order: its answers are none.
void MessageListModel::abandonAsked()
{
    std::exchange(m_outdated, std::stop_source()).request_stop();
    ++m_generation;
    m_asked.clear();
}

void MessageListModel::setQuery(const mail::RowQuery &query)
{
    beginResetModel();
    m_query = query;
    m_query.unfolded = {};
    abandonAsked();
    m_total = m_messages = 0;
    m_pages.clear();
    m_refresh.reset();
    m_refreshAgain = false;
    const bool wasRearranging = std::exchange(m_isRearranging, false);
    m_orderNeeded = m_orderAsked = m_counting = false;
    m_order.reset();
    m_firstVisible = m_lastVisible = 0;
    // An order alone, before any folder is open, is no question.
    m_loading = !query.folder.user.isEmpty() || !query.searchText.isEmpty();
    endResetModel();
    if (wasRearranging)
        Q_EMIT rearranged(); // into nothing
    if (m_loading)
        ask(0);
}

void MessageListModel::setQuery(mail::RowQuery query, mail::SortKey dateKey)
{
    if (query.sort == m_dateKey)
        query.sort = dateKey;
    m_dateKey = dateKey;
    setQuery(query);
}

void MessageListModel::setVisibleRows(int first, int last)
{
    m_firstVisible = std::max(0, first);
    m_lastVisible = std::max(m_firstVisible, last);
    for (int page = m_firstVisible / pageSize; page <= m_lastVisible / pageSize; ++page) {
        if (!m_pages.contains(page) && page * pageSize < m_total)
            ask(page);
    }
}

void MessageListModel::ask(int page)
{
    if (m_asked.contains(page))
        return;
    m_asked.insert(page);
    mail::RowQuery query = m_query;
    query.offset = page * pageSize;
    query.limit = pageSize;
    query.countsLater = m_loading && !query.searchText.isEmpty();
    m_source.rows(query, m_outdated.get_token())
        .then(this, [this, page, generation = m_generation](const mail::Result<mail::RowPage> &answer) {
            if (generation != m_generation)
                return;
            m_asked.remove(page);
            if (answer) {
                take(*answer);
                return;
            }
            m_loading = false;
            Q_EMIT failed(answer.error());
        });
}

void MessageListModel::take(const mail::RowPage &page)
{
    const int number = page.query.offset / pageSize;
    if (page.total != m_total && !m_loading) {
        // The store changed between two pages: the refresh sees to rows that moved.
        refresh();
    }
    if (m_loading) {
        beginResetModel();
        m_total = page.total;
        m_messages = std::max(page.total, page.messages);
        m_indexGeneration = page.generation;
        m_newest = page.newest;
        m_pages.insert(number, page.rows);
        m_loading = false;
        m_counting = !page.isCounted;
        endResetModel();
        Q_EMIT loaded(m_total);
        if (m_counting)
            askCount();
        else if (std::exchange(m_refreshAgain, false))
            startRefresh();
        return;
    }
    m_pages.insert(number, page.rows);
    forgetFarPages();
    const int first = number * pageSize;
    const int last = std::min(first + int(page.rows.size()), m_total) - 1;
    if (last >= first)
        Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
    Q_EMIT pageArrived();
}

void MessageListModel::refresh()
{
    // What is on its way may have been read before the change; and rows stay where they are until it is known
    // which of them are selected.
    if (m_loading || m_counting || m_refresh || m_orderAsked)
        m_refreshAgain = true;
    else
        startRefresh();
}

QSet<int> MessageListModel::pagesInSight() const
{
    QSet<int> pages = {m_firstVisible / pageSize, m_lastVisible / pageSize};
    // Mail that came moves the last rows of a page to the one below.
    if (const int below = m_lastVisible / pageSize + 1; m_total + pageSize / 2 > below * pageSize)
        pages.insert(below);
    for (auto page = m_pages.keyBegin(); page != m_pages.keyEnd(); ++page) {
        if (std::abs(*page - m_firstVisible / pageSize) <= 1)
            pages.insert(*page);
    }
    return pages;
}

void MessageListModel::startRefresh()
{
    const QSet<int> pages = pagesInSight();
    m_refresh = Refresh();
    m_refresh->withOrder = m_orderNeeded;
    m_refresh->waiting = int(pages.size()) + (m_orderNeeded ? 1 : 0);
    m_refresh->newest = std::numeric_limits<qint64>::max();
    for (const int page : pages) {
        mail::RowQuery query = m_query;
        query.offset = page * pageSize;
        query.limit = pageSize;
        m_source.rows(query, m_outdated.get_token())
            .then(this, [this, page, generation = m_generation](const mail::Result<mail::RowPage> &answer) {
                if (generation != m_generation || !m_refresh)
                    return;
                const mail::RowPage stays{
                    m_query, m_total, m_pages.value(page), false, m_indexGeneration, m_newest, m_messages};
                takeRefreshed(page, answer.value_or(stays));
            });
    }
    if (m_refresh->withOrder) {
        m_source.order(m_query, m_outdated.get_token())
            .then(this, [this, generation = m_generation](const mail::Result<mail::RowOrder> &answer) {
                if (generation == m_generation && m_refresh)
                    takeRefreshedOrder(answer);
            });
    }
}

void MessageListModel::takeRefreshed(int page, const mail::RowPage &answer)
{
    m_refresh->pages.insert(page, answer.rows);
    m_refresh->total = answer.total;
    m_refresh->messages = std::max(answer.total, answer.messages);
    m_refresh->generation = answer.generation;
    m_refresh->newest = std::min(m_refresh->newest, answer.newest);
    answerRefresh();
}

void MessageListModel::takeRefreshedOrder(const mail::Result<mail::RowOrder> &answer)
{
    if (answer)
        m_refresh->order = *answer;
    else
        Q_EMIT failed(answer.error());
    answerRefresh();
}

void MessageListModel::answerRefresh()
{
    if (--m_refresh->waiting == 0)
        finishRefresh();
}

void MessageListModel::finishRefresh()
{
    const Refresh fresh = *std::exchange(m_refresh, std::nullopt);
    if (m_orderAsked) { // something was selected meanwhile, by the rows as they are now
        m_refreshAgain = true;
        return;
    }
    if (m_orderNeeded && !fresh.withOrder)
        return startRefresh();
    const auto sameIds = [](const QList<mail::MessageRow> &a, const QList<mail::MessageRow> &b) {
        return std::equal(a.cbegin(), a.cend(), b.cbegin(), b.cend(),
            [](const mail::MessageRow &x, const mail::MessageRow &y) { return x.id == y.id; });
    };
    // In an index that was made anew other numbers name them.
    bool moved = fresh.total != m_total || fresh.messages != m_messages
        || fresh.generation != m_indexGeneration || m_isRearranging;
    m_messages = fresh.messages;
    for (auto page = fresh.pages.cbegin(); page != fresh.pages.cend() && !moved; ++page)
        moved = m_pages.contains(page.key()) && !sameIds(page.value(), m_pages.value(page.key()));
    if (moved) {
        replaceRows(fresh);
    } else {
        m_pages.insert(fresh.pages);
        if (m_total > 0)
            Q_EMIT dataChanged(index(0, 0), index(m_total - 1, ColumnCount - 1));
        Q_EMIT pageArrived();
    }
    if (std::exchange(m_refreshAgain, false))
        startRefresh();
}

void MessageListModel::replaceRows(const Refresh &fresh)
{
    if (!std::exchange(m_isRearranging, false))
        Q_EMIT aboutToRearrange();
    beginResetModel();
    abandonAsked();
    m_total = fresh.total;
    m_pages = fresh.pages;
    m_indexGeneration = fresh.generation;
    m_newest = fresh.newest;
    m_order.reset();
    if (fresh.withOrder)
        takeOrder(fresh.order);
    endResetModel();
    Q_EMIT rearranged();
    Q_EMIT loaded(m_total);
}

void MessageListModel::forgetFarPages()
{
    while (m_pages.size() > pagesKept) {
        int farthest = -1;
        for (auto page = m_pages.keyBegin(); page != m_pages.keyEnd(); ++page) {
            const auto distance = [this](int p) { return std::abs(p - m_firstVisible / pageSize); };
            if (farthest < 0 || distance(*page) > distance(farthest))
                farthest = *page;
        }
        m_pages.remove(farthest);
    }
}

std::optional<mail::MessageRow> MessageListModel::row(int row) const
{
    const auto page = m_pages.constFind(row / pageSize);
    if (row < 0 || page == m_pages.cend() || row % pageSize >= page->size())
        return std::nullopt;
    return page->at(row % pageSize);
}

int MessageListModel::find(const mail::MessageId &id) const
{
    for (auto page = m_pages.cbegin(); page != m_pages.cend(); ++page) {
        for (int i = 0; i < page->size(); ++i) {
            if (page->at(i).id == id)
                return page.key() * pageSize + i;
        }
    }
    return -1;
}

void MessageListModel::setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries)
{
    m_queue = entries;
    if (m_total > 0)
        Q_EMIT dataChanged(index(0, Subject), index(m_total - 1, Subject));
}

QList<QByteArray> MessageListModel::queueIds() const
{
    QList<QByteArray> ids;
    for (const QList<mail::MessageRow> &page : m_pages)
        std::for_each(
            page.cbegin(), page.cend(), [&ids](const mail::MessageRow &row) { ids += row.queueId; });
    ids.removeAll(QByteArray());
    return ids;
}

std::optional<StateChip> MessageListModel::chip(const mail::MessageRow &row) const
{
    const auto entry = row.queueId.isEmpty() ? m_queue.cend() : m_queue.constFind(row.queueId);
    if (entry != m_queue.cend() && (m_query.searchText.isEmpty() || !entry->isDone()))
        return queueChip(*entry, QDateTime::currentDateTime());
    if (m_query.searchText.isEmpty())
        return std::nullopt;
    // Found in all mail: where it lies is what the row would else leave open.
    return StateChip{
        tr("%1, %2", "folder, whose").arg(folderTitle(row.id.folder), row.id.folder.user), Tone::Neutral};
}

int MessageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_total;
}

int MessageListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant MessageListModel::data(const QModelIndex &index, int role) const
{
    const std::optional<mail::MessageRow> found = row(index.row());
    if (!found)
        return {};
    switch (role) {
    case RowRole:
        return QVariant::fromValue(*found);
    case Qt::ToolTipRole:
        return plainToolTip(cellToolTip(*found, Column(index.column())));
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (index.column() == Size ? Qt::AlignTrailing : Qt::AlignLeading));
    case Qt::AccessibleTextRole:
        if (index.column() == Who)
            return spokenMarks(*found) + whoText(*found);
        break;
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    if (index.column() == Date)
        return relativeTime(dateOf(*found), QDateTime::currentDateTime());
    if (index.column() == OtherDate)
        return relativeTime(otherDateOf(*found), QDateTime::currentDateTime());
    return cellText(*found, Column(index.column()));
}

QVariant MessageListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == Size ? Qt::AlignTrailing : Qt::AlignLeading));
    if (role != Qt::DisplayRole)
        return {};
    return columnTitle(Column(section), m_query.folder, m_dateKey);
}

Qt::ItemFlags MessageListModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList MessageListModel::mimeTypes() const
{
    return {QLatin1String(messagesMimeType)};
}

QMimeData *MessageListModel::mimeData(const QModelIndexList &indexes) const
{
    // The tree needs to know only whose messages these are; the list knows which are selected.
    auto *data = new QMimeData;
    if (const std::optional<mail::MessageRow> first
        = indexes.isEmpty() ? std::nullopt : row(indexes[0].row()))
        data->setData(QLatin1String(messagesMimeType), first->id.folder.user.toUtf8());
    return data;
}

} // namespace glasspost::ui
