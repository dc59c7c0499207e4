#pragma once

#include "mail/journey/comparison.h"

#include <QAbstractTableModel>

namespace glasspost::ui {

/// The rows of a comparison, all of them or those that differ, with the headings of their sessions. GUI
/// thread.
class ComparisonModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Title, Left, Right, Times, Differences, ColumnCount };

    explicit ComparisonModel(mail::Comparison comparison, QObject *parent = nullptr);

    [[nodiscard]] const mail::Comparison &comparison() const { return m_comparison; }
    void setOnlyDifferences(bool only);
    [[nodiscard]] const mail::ComparisonRow &row(int row) const { return m_comparison.rows[m_shown[row]]; }
    [[nodiscard]] QList<mail::ComparisonRow> rows() const; ///< those that are shown
    /// The next row that differs, or the one before; -1: none.
    [[nodiscard]] int differenceFrom(int row, int step) const;
    [[nodiscard]] qint64 longest() const { return m_longest; } ///< stage, in microseconds; at least 1

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString text(const mail::ComparisonRow &row, int column);

    mail::Comparison m_comparison;
    QList<int> m_shown;
    qint64 m_longest = 1;
};

} // namespace glasspost::ui
