#pragma once

#include <QStyledItemDelegate>

namespace glasspost::mail {
struct ComparisonRow;
} // namespace glasspost::mail

namespace glasspost::ui {

class ComparisonModel;

/// Paints a cell of a comparison. A row that differs has a ground, a line at its edge and the mark "≠"; the
/// words that are not in the line beside them are bold and underlined. Each stage has two bars to one scale,
/// the upper of the left side, the lower of the right.
class ComparisonDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    ComparisonDelegate(const ComparisonModel *model, QObject *parent);

    void paint(
        QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// How wide the bars are, with what is kept free behind them.
    [[nodiscard]] static int barsWidth();

private:
    void paintGround(QPainter *painter, const QStyleOptionViewItem &option, const mail::ComparisonRow &row,
        int column) const;
    void paintBars(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
        const mail::ComparisonRow &row) const;
    void paintLine(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
        const mail::ComparisonRow &row, const QModelIndex &index) const;

    const ComparisonModel *m_model;
};

} // namespace glasspost::ui
