#include "ui/mailbox/selectedmessages.h"

#include "ui/mailbox/messagelistmodel.h"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace glasspost::ui {

SelectedMessages::SelectedMessages(MessageListModel &model, QItemSelectionModel &rows, QObject *parent)
    : QObject(parent), m_model(model), m_rows(rows)
{
    connect(&m_model, &MessageListModel::orderKnown, this, &SelectedMessages::takeNumbers);
    connect(&m_model, &MessageListModel::pageArrived, this, &SelectedMessages::takeNumbers);
}

int SelectedMessages::count() const
{
    return m_numbers ? int(m_numbers->size()) : rowCount();
}

int SelectedMessages::rowCount() const
{
    const QItemSelection selection = m_rows.selection();
    return std::accumulate(selection.cbegin(), selection.cend(), 0,
        [](int sum, const QItemSelectionRange &range) { return sum + range.height(); });
}

std::optional<QList<mail::MessageId>> SelectedMessages::ids() const
{
    QList<mail::MessageId> ids;
    QItemSelection selection = m_rows.selection();
    std::sort(selection.begin(), selection.end(),
        [](const QItemSelectionRange &a, const QItemSelectionRange &b) { return a.top() < b.top(); });
    for (const QItemSelectionRange &range : std::as_const(selection)) {
        for (int number = range.top(); number <= range.bottom(); ++number) {
            const std::optional<mail::MessageRow> row = m_model.row(number);
            if (!row || !row->conversation.others.isEmpty()) // those have numbers alone
                return std::nullopt;
            ids.append(row->id);
        }
    }
    // More were selected than could be shown again: they have numbers alone.
    return m_numbers && m_numbers->size() != ids.size() ? std::nullopt : std::optional(ids);
}

void SelectedMessages::withNumbers(Then then)
{
    if (m_numbers)
        then({m_generation, *m_numbers, {}});
    else
        m_waiting = std::move(then);
}

bool SelectedMessages::reachBeyond(int firstRow, int lastRow) const
{
    const QItemSelection selection = m_rows.selection();
    return std::any_of(selection.cbegin(), selection.cend(),
        [=](const QItemSelectionRange &range) { return range.top() < firstRow || range.bottom() > lastRow; });
}

void SelectedMessages::note()
{
    m_numbers.reset();
    m_waiting = {};
    takeNumbers();
}

void SelectedMessages::forget()
{
    m_numbers = QList<qint64>();
    m_waiting = {};
}

void SelectedMessages::takeNumbers()
{
    if (m_numbers)
        return;
    QList<qint64> numbers;
    const QItemSelection selection = m_rows.selection();
    for (const QItemSelectionRange &range : selection) {
        const std::optional<QList<qint64>> some = m_model.numbers(range.top(), range.bottom());
        if (!some)
            return; // their page or the order comes
        numbers += *some;
    }
    std::sort(numbers.begin(), numbers.end());
    m_numbers = numbers;
    m_generation = m_model.indexGeneration();
    if (const Then then = std::exchange(m_waiting, {}))
        then({m_generation, numbers, {}});
}

QItemSelection SelectedMessages::again()
{
    if (!m_numbers || m_generation != m_model.indexGeneration())
        m_numbers = QList<qint64>();
    m_generation = m_model.indexGeneration();
    const QList<int> rows = m_model.rowsOf(*m_numbers);
    if (rows.size() < m_numbers->size() && m_model.knowsPlaces()) {
        // What came into a selected conversation meanwhile is not among them.
        QList<qint64> there, found;
        for (const int row : rows)
            there += m_model.numbers(row, row).value_or(QList<qint64>());
        std::sort(there.begin(), there.end());
        std::set_intersection(
            there.cbegin(), there.cend(), m_numbers->cbegin(), m_numbers->cend(), std::back_inserter(found));
        m_numbers = found;
    }
    return selectionOf(m_model, rows);
}

QItemSelection selectionOf(const MessageListModel &model, const QList<int> &rows)
{
    QItemSelection selection;
    for (qsizetype first = 0; first < rows.size();) {
        qsizetype last = first;
        while (last + 1 < rows.size() && rows[last + 1] == rows[last] + 1)
            ++last;
        selection.append(QItemSelectionRange(
            model.index(rows[first], 0), model.index(rows[last], MessageListModel::ColumnCount - 1)));
        first = last + 1;
    }
    return selection;
}

} // namespace glasspost::ui
