#include "ui/mailbox/selectedmessages.h"

#include "ui/mailbox/messagelistmodel.h"

#include <algorithm>
#include <numeric>
#include <utility>

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
    if (m_awaitsRest)
        return std::nullopt;
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
    if (m_numbers && !m_awaitsRest)
        then({m_generation, m_numbers->sorted(), {}});
    else
        m_waiting = std::move(then);
}

bool SelectedMessages::reachBeyond(int firstRow, int lastRow) const
{
    const QItemSelection selection = m_rows.selection();
    return std::any_of(selection.cbegin(), selection.cend(),
        [=](const QItemSelectionRange &range) { return range.top() < firstRow || range.bottom() > lastRow; });
}

void SelectedMessages::awaitRest()
{
    m_awaitsRest = true;
}

void SelectedMessages::takeRest(const std::function<void()> &select)
{
    if (!std::exchange(m_awaitsRest, false))
        return;
    Then waiting = std::exchange(m_waiting, {});
    select();
    if (waiting)
        withNumbers(std::move(waiting));
}

void SelectedMessages::callOff()
{
    m_waiting = {};
    m_awaitsRest = false;
}

void SelectedMessages::note()
{
    m_numbers.reset();
    callOff();
    takeNumbers();
}

void SelectedMessages::forget()
{
    m_numbers = NumberSet();
    callOff();
}

void SelectedMessages::takeNumbers()
{
    if (m_numbers)
        return;
    NumberSet numbers;
    const QItemSelection selection = m_rows.selection();
    for (const QItemSelectionRange &range : selection) {
        const std::optional<QList<qint64>> some = m_model.numbers(range.top(), range.bottom());
        if (!some)
            return; // their page or the order comes
        numbers.insert(*some);
    }
    m_numbers = std::move(numbers);
    m_generation = m_model.indexGeneration();
    if (const Then then = std::exchange(m_waiting, {}))
        then({m_generation, m_numbers->sorted(), {}});
}

QItemSelection SelectedMessages::again()
{
    if (!m_numbers || m_generation != m_model.indexGeneration())
        m_numbers = NumberSet();
    m_generation = m_model.indexGeneration();
    const FoundRows found = m_model.rowsOf(*m_numbers);
    // What came into a selected conversation meanwhile is not among them.
    if (m_model.knowsPlaces())
        m_numbers = found.numbers;
    return selectionOf(m_model, found.ranges);
}

QItemSelection selectionOf(const MessageListModel &model, const QList<RowRange> &rows)
{
    QItemSelection selection;
    for (const RowRange &range : rows)
        selection.append(QItemSelectionRange(
            model.index(range.first, 0), model.index(range.last, MessageListModel::ColumnCount - 1)));
    return selection;
}

} // namespace glasspost::ui
