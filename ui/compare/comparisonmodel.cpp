#include "ui/compare/comparisonmodel.h"

#include "ui/widgets/plaintext.h"
#include "ui/words/comparisontext.h"

#include <algorithm>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr qsizetype mostComparedCharacters = 1000; // of a cell; its tooltip has more

QString toolTipOf(const mail::ComparisonRow &row, int column)
{
    if (column == ComparisonModel::Left)
        return comparedFacts(row, Side::Left);
    if (column == ComparisonModel::Right)
        return comparedFacts(row, Side::Right);
    return row.differences.isEmpty() ? comparisonTitle(row)
                                     : comparisonTitle(row) + QStringLiteral(": ") + differencesText(row);
}

} // namespace

ComparisonModel::ComparisonModel(mail::Comparison comparison, QObject *parent)
    : QAbstractTableModel(parent), m_comparison(std::move(comparison))
{
    for (const mail::ComparisonRow &row : std::as_const(m_comparison.rows)) {
        if (row.kind == mail::ComparisonRow::Kind::Stage)
            m_longest = std::max({m_longest, row.left.took(), row.right.took()});
    }
    setOnlyDifferences(false);
}

void ComparisonModel::setOnlyDifferences(bool only)
{
    beginResetModel();
    m_shown.clear();
    for (int i = 0; i < m_comparison.rows.size(); ++i) {
        const mail::ComparisonRow &row = m_comparison.rows[i];
        if (!only || !row.differences.isEmpty() || row.kind == mail::ComparisonRow::Kind::Session)
            m_shown.append(i);
    }
    endResetModel();
}

QList<mail::ComparisonRow> ComparisonModel::rows() const
{
    QList<mail::ComparisonRow> rows;
    for (const int place : m_shown)
        rows.append(m_comparison.rows[place]);
    return rows;
}

int ComparisonModel::differenceFrom(int row, int step) const
{
    for (int next = row + step; next >= 0 && next < m_shown.size(); next += step) {
        if (!this->row(next).differences.isEmpty())
            return next;
    }
    return -1;
}

int ComparisonModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int ComparisonModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ComparisonModel::text(const mail::ComparisonRow &row, int column)
{
    switch (column) {
    case Title:
        return comparisonTitle(row);
    case Left:
        return comparedText(row, Side::Left).text;
    case Right:
        return comparedText(row, Side::Right).text;
    case Times:
        return comparedTimes(row);
    case Differences:
        return differencesText(row);
    default:
        return {};
    }
}

QVariant ComparisonModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const mail::ComparisonRow &one = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return shortened(text(one, index.column()), mostComparedCharacters);
    case Qt::ToolTipRole:
        return plainToolTip(toolTipOf(one, index.column()));
    case Qt::AccessibleTextRole:
        return index.column() == Title ? spokenComparison(one) : text(one, index.column());
    default:
        return {};
    }
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | Qt::AlignLeading);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Title:
        return tr("Stage");
    case Left:
        return tr("Left");
    case Right:
        return tr("Right");
    case Times:
        return tr("Time");
    case Differences:
        return tr("Differs in");
    default:
        return {};
    }
}

} // namespace glasspost::ui
