#include "ui/mailbox/roworder.h"

#include <algorithm>

namespace glasspost::ui {

RowOrder::RowOrder(const mail::RowOrder &order, qint64 newest)
{
    if (order.starts.isEmpty()) {
        m_numbers = order.numbers;
        m_numbers.removeIf([newest](qint64 number) { return number > newest; });
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

int RowOrder::rowOf(qint64 number) const
{
    const qsizetype at = m_numbers.indexOf(number);
    if (at < 0 || m_starts.isEmpty())
        return int(at);
    return int(std::upper_bound(m_starts.cbegin(), m_starts.cend(), int(at)) - m_starts.cbegin()) - 1;
}

QList<int> RowOrder::rowsOf(const QList<qint64> &sorted) const
{
    QList<int> rows;
    for (int row = 0; row < rowCount(); ++row) {
        const auto from = m_numbers.cbegin() + begin(row), to = m_numbers.cbegin() + begin(row + 1);
        if (std::any_of(from, to, [&sorted](qint64 number) {
                return std::binary_search(sorted.cbegin(), sorted.cend(), number);
            }))
            rows.append(row);
    }
    return rows;
}

} // namespace glasspost::ui
