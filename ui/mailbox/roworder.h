#pragma once

#include "mail/index/rows.h"
#include "ui/mailbox/numberset.h"

namespace glasspost::ui {

/// Rows that follow each other.
struct RowRange
{
    int first = 0;
    int last = 0;

    friend bool operator==(const RowRange &, const RowRange &) = default;
};

/// The rows that have any of the numbers that were looked for, in as few ranges as they make, and those of
/// the numbers that they have.
struct FoundRows
{
    QList<RowRange> ranges;
    NumberSet numbers;

    void addRow(int row); ///< behind all that are there
};

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
    [[nodiscard]] int rowOfAny(const NumberSet &numbers) const; ///< the first with one of them; -1: none
    /// In one pass, whatever the order: a million are looked for on the GUI thread.
    [[nodiscard]] FoundRows rowsOf(const NumberSet &numbers) const;

private:
    /// Where in the numbers a row begins; of the one behind the last, their end.
    [[nodiscard]] qsizetype begin(int row) const;
    [[nodiscard]] int rowAt(QList<qint64>::const_iterator place) const;

    QList<qint64> m_numbers;
    QList<int> m_starts; ///< empty: each number is a row
};

} // namespace glasspost::ui
