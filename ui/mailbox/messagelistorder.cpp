// The part of the message list's model that puts the rows into another order, leaves some of them out, and
// knows those beyond its pages.
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/messagelistmodel.h"

#include <algorithm>

namespace glasspost::ui {

/// How many rows there are in all, once the first of them are shown.
void MessageListModel::askCount()
{
    mail::RowQuery query = m_query;
    query.limit = 0;
    m_source.rows(query, m_outdated.get_token())
        .then(this, [this, generation = m_generation](const mail::Result<mail::RowPage> &answer) {
            if (generation != m_generation)
                return;
            m_counting = false;
            if (answer)
                takeCount(*answer);
            else
                Q_EMIT failed(answer.error());
            if (std::exchange(m_refreshAgain, false))
                refresh();
        });
}

void MessageListModel::takeCount(const mail::RowPage &counted)
{
    if (counted.total > m_total) {
        beginInsertRows({}, m_total, counted.total - 1);
        m_total = counted.total;
        m_messages = std::max(counted.total, counted.messages);
        endInsertRows();
    }
    Q_EMIT loaded(m_total);
}

void MessageListModel::sort(int column, Qt::SortOrder order)
{
    const std::optional<mail::SortKey> key = sortKeyOf(column, m_dateKey);
    if (!key)
        return;
    mail::RowQuery query = m_query;
    query.sort = *key;
    query.order = order;
    rearrange(query);
}

void MessageListModel::setFilter(const QString &filter)
{
    mail::RowQuery query = m_query;
    query.filter = filter;
    rearrange(query);
}

void MessageListModel::setGrouping(mail::Grouping grouping)
{
    mail::RowQuery query = m_query;
    query.grouping = grouping;
    query.unfolded = {};
    rearrange(query);
}

bool MessageListModel::setUnfolded(int row, bool unfolded)
{
    const std::optional<mail::MessageRow> shown = this->row(row);
    if (!shown || shown->conversation.messages < 2 || shown->conversation.isUnfolded == unfolded)
        return false;
    mail::RowQuery query = m_query;
    if (unfolded)
        query.unfolded.insert(shown->conversation.thread);
    else
        query.unfolded.remove(shown->conversation.thread);
    rearrange(query);
    return true;
}

int MessageListModel::firstRowOf(qint64 thread) const
{
    for (auto page = m_pages.cbegin(); page != m_pages.cend(); ++page) {
        for (int i = 0; i < page->size(); ++i) {
            const mail::Conversation &conversation = page->at(i).conversation;
            if (conversation.thread == thread && !conversation.isBelow)
                return page.key() * pageSize + i;
        }
    }
    return -1;
}

/// The same place with other rows or another order: what is selected and still there stays selected.
void MessageListModel::rearrange(const mail::RowQuery &query)
{
    if (query == m_query)
        return;
    if (m_loading || m_total == 0) {
        setQuery(query);
        return;
    }
    const bool isFolding = query.unfolded != m_query.unfolded && query.grouping == m_query.grouping;
    const bool hasOtherRows = query.filter != m_query.filter || query.grouping != m_query.grouping;
    if (!std::exchange(m_isRearranging, true))
        Q_EMIT aboutToRearrange();
    m_query = query;
    abandonAsked();
    m_pages.clear();
    m_order.reset();
    m_orderAsked = m_refreshAgain = false;
    // How many rows another filter gives is not known yet.
    m_orderNeeded = hasOtherRows || isFolding || m_total > pageSize || m_counting;
    m_counting = false;
    if (hasOtherRows)
        m_firstVisible = m_lastVisible = 0;
    startRefresh();
}

void MessageListModel::keepOrder(bool needed)
{
    m_orderNeeded = needed;
    if (!needed)
        m_order.reset();
    else if (!m_order && !m_orderAsked && !m_loading && !m_isRearranging)
        askOrder();
}

void MessageListModel::askOrder()
{
    m_orderAsked = true;
    m_source.order(m_query, m_outdated.get_token())
        .then(this, [this, generation = m_generation](const mail::Result<mail::RowOrder> &answer) {
            if (generation != m_generation)
                return;
            m_orderAsked = false;
            if (!answer) {
                Q_EMIT failed(answer.error());
            } else if (m_orderNeeded) {
                takeOrder(*answer);
                Q_EMIT orderKnown();
            }
            if (std::exchange(m_refreshAgain, false))
                refresh();
        });
}

void MessageListModel::takeOrder(const mail::RowOrder &order)
{
    m_order.emplace(order.generation == m_indexGeneration ? order : mail::RowOrder(), m_newest);
}

/// Where the row that is shown there is in the order; -1 when that cannot be said.
int MessageListModel::placeInOrder(int row) const
{
    const std::optional<mail::MessageRow> shown = this->row(row);
    if (!shown)
        return m_order->rowCount() == m_total ? row : -1; // else one above it may be gone
    return m_order->firstNumber(row) == shown->number ? row : m_order->rowOf(shown->number);
}

std::optional<QList<qint64>> MessageListModel::numbers(int first, int last) const
{
    if (m_order) {
        const int from = first == 0 ? 0 : placeInOrder(first);
        const int to = last == m_total - 1 ? m_order->rowCount() - 1 : placeInOrder(last);
        return from < 0 || to < from ? QList<qint64>() : m_order->numbers(from, to);
    }
    QList<qint64> numbers;
    for (int number = first; number <= last; ++number) {
        const std::optional<mail::MessageRow> shown = row(number);
        if (!shown)
            return std::nullopt;
        numbers.append(shown->number);
        numbers += shown->conversation.others;
    }
    return numbers;
}

FoundRows MessageListModel::rowsOf(const NumberSet &numbers) const
{
    if (m_order && m_order->rowCount() == m_total)
        return m_order->rowsOf(numbers);
    FoundRows found;
    QList<int> pages = m_pages.keys();
    std::sort(pages.begin(), pages.end());
    for (const int page : std::as_const(pages)) {
        const QList<mail::MessageRow> rows = m_pages.value(page);
        for (int i = 0; i < rows.size(); ++i) {
            QList<qint64> some = QList<qint64>{rows[i].number} + rows[i].conversation.others;
            some.removeIf([&numbers](qint64 number) { return !numbers.contains(number); });
            found.numbers.insert(some);
            if (!some.isEmpty())
                found.addRow(page * pageSize + i);
        }
    }
    return found;
}

int MessageListModel::rowOfAny(const NumberSet &numbers) const
{
    if (m_order && m_order->rowCount() == m_total)
        return m_order->rowOfAny(numbers);
    const FoundRows found = rowsOf(numbers);
    return found.ranges.isEmpty() ? -1 : found.ranges.first().first;
}

} // namespace glasspost::ui
