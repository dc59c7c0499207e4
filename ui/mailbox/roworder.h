#pragma once

#include "mail/index/rows.h"

namespace glasspost::ui {

/// The numbers of the messages in every row of a message list, loaded or not.
class RowOrder
{
public:
    /// Without what has a number above the newest one that the list shows.
    RowOrder(const mail::RowOrder &order, qint64 newest);

    [[nodiscard]] int rowCount() const;
    [[nodiscard]] QList<qint64> numbers(int firstRow, int lastRow) const;
    [[nodiscard]] qint64 firstNumber(int row) const; ///< 0: no such row
    [[nodiscard]] int rowOf(qint64 number) const; ///< -1: in none
    [[nodiscard]] QList<int> rowsOf(const QList<qint64> &sorted) const; ///< those with any of these

private:
    /// Where in the numbers a row begins; of the one behind the last, their end.
    [[nodiscard]] qsizetype begin(int row) const;

    QList<qint64> m_numbers;
    QList<int> m_starts; ///< empty: each number is a row
};

} // namespace glasspost::ui
