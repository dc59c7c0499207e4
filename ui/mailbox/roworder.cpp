#include "ui/mailbox/roworder.h"

#include <algorithm>

namespace glasspost::ui {

void FoundRows::addRow(int row)
{
    if (!ranges.isEmpty() && ranges.last().last == row - 1)
        ranges.last().last = row;
    else
        ranges.append({row, row});
}

RowOrder::RowOrder(const mail::RowOrder &order, qint64 newest)
{
    const auto isNewer = [newest](qint64 number) { return number > newest; };
    // Mostly nothing has come since: then the lists are those of the answer, and not copied.
    if (order.starts.isEmpty() || std::none_of(order.numbers.cbegin(), order.numbers.cend(), isNewer)) {
        m_numbers = order.numbers;
        m_numbers.removeIf(isNewer);
        m_starts = order.starts;
        return;
    }
    for (qsizetype row = 0; row < order.starts.size(); ++row) {
        const qsizetype end = row + 1 < order.starts.size() ? order.starts[row + 1] : order.numbers.size();
        const qsizetype start = m_numbers.size();
        for (qsizetype at = order.starts[row]; at < end; ++at) {
            if (order.numbers[at] <= newest)
                m_numbers.append(order.numbers[at]);
        }
        if (m_numbers.size() > start)
            m_starts.append(int(start));
    }
}

int RowOrder::rowCount() const
{
    return int(m_starts.isEmpty() ? m_numbers.size() : m_starts.size());
}

qsizetype RowOrder::begin(int row) const
{
    if (m_starts.isEmpty())
        return row;
    return row < m_starts.size() ? m_starts[row] : m_numbers.size();
}

QList<qint64> RowOrder::numbers(int firstRow, int lastRow) const
{
    return m_numbers.mid(begin(firstRow), begin(lastRow + 1) - begin(firstRow));
}

qint64 RowOrder::firstNumber(int row) const
{
    return row < rowCount() ? m_numbers[begin(row)] : 0;
}

int RowOrder::rowAt(QList<qint64>::const_iterator place) const
{
    if (place == m_numbers.cend())
        return -1;
    const qsizetype at = place - m_numbers.cbegin();
    if (m_starts.isEmpty())
        return int(at);
    return int(std::upper_bound(m_starts.cbegin(), m_starts.cend(), int(at)) - m_starts.cbegin()) - 1;
}

int RowOrder::rowOf(qint64 number) const
{
    return rowAt(std::find(m_numbers.cbegin(), m_numbers.cend(), number));
}

int RowOrder::rowOfAny(const NumberSet &numbers) const
{
    return rowAt(std::find_if(m_numbers.cbegin(), m_numbers.cend(),
        [&numbers](qint64 number) { return numbers.contains(number); }));
}

FoundRows RowOrder::rowsOf(const NumberSet &numbers) const
{
    FoundRows found;
    if (numbers.isEmpty())
        return found;
    for (int row = 0; row < rowCount(); ++row) {
        bool isAmong = false;
        const qsizetype end = begin(row + 1);
        for (qsizetype at = begin(row); at < end; ++at) {
            if (!numbers.contains(m_numbers[at]))
                continue;
            found.numbers.insert(m_numbers[at]);
            isAmong = true;
        }
        if (isAmong)
            found.addRow(row);
    }
    return found;
}

} // namespace glasspost::ui
