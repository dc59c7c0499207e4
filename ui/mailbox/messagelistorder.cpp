// The part of the message list's model that puts the rows into another order, leaves some of them out, and
// knows those beyond its pages.
#include "ui/mailbox/messagecolumns.h"
#include "ui/mailbox/messagelistmodel.h"

#include <algorithm>

namespace glasspost::ui {

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

/// The same place with other rows or another order: what is selected and still there stays selected.
void MessageListModel::rearrange(const mail::RowQuery &query)
{
    if (query == m_query)
        return;
    if (m_loading || m_total == 0) {
        setQuery(query);
        return;
    }
    if (!std::exchange(m_isRearranging, true))
        Q_EMIT aboutToRearrange();
    const bool isSorting = query.filter == m_query.filter;
    m_query = query;
    ++m_generation;
    m_pages.clear();
    m_asked.clear();
    m_order.reset();
    m_orderAsked = m_refreshAgain = false;
    // How many rows another filter gives is not known yet.
    m_orderNeeded = !isSorting || m_total > pageSize;
    if (!isSorting)
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
    m_source.order(m_query).then(
        this, [this, generation = m_generation](const mail::Result<mail::RowOrder> &answer) {
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
    m_order = order.generation == m_indexGeneration ? order.numbers : QList<qint64>();
    m_order->removeIf([this](qint64 number) { return number > m_newest; });
}

/// Where the row that is shown there is in the order; -1 when that cannot be said.
int MessageListModel::placeInOrder(int row) const
{
    const std::optional<mail::MessageRow> shown = this->row(row);
    if (!shown)
        return m_order->size() == m_total ? row : -1; // else one above it may be gone
    return m_order->value(row) == shown->number ? row : int(m_order->indexOf(shown->number));
}

std::optional<QList<qint64>> MessageListModel::numbers(int first, int last) const
{
    if (m_order) {
        const int from = first == 0 ? 0 : placeInOrder(first);
        const int to = last == m_total - 1 ? int(m_order->size()) - 1 : placeInOrder(last);
        return from < 0 || to < from ? QList<qint64>() : m_order->mid(from, to - from + 1);
    }
    QList<qint64> numbers;
    for (int number = first; number <= last; ++number) {
        const std::optional<mail::MessageRow> shown = row(number);
        if (!shown)
            return std::nullopt;
        numbers.append(shown->number);
    }
    return numbers;
}

QList<int> MessageListModel::rowsOf(const QList<qint64> &sorted) const
{
    QList<int> rows;
    const auto take = [&rows, &sorted](qint64 number, int row) {
        if (std::binary_search(sorted.cbegin(), sorted.cend(), number))
            rows.append(row);
    };
    if (m_order && m_order->size() == m_total) {
        for (int row = 0; row < m_total; ++row)
            take(m_order->at(row), row);
        return rows;
    }
    for (auto page = m_pages.cbegin(); page != m_pages.cend(); ++page) {
        for (int i = 0; i < page->size(); ++i)
            take(page->at(i).number, page.key() * pageSize + i);
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

} // namespace glasspost::ui
