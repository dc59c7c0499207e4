#pragma once

#include <QStyledItemDelegate>

namespace glasspost::ui {

/// Paints a cell that has a tone as a chip, and others as ever, with rows a little taller than the text.
class ChipDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    static constexpr int toneRole = Qt::UserRole + 100; ///< int of a Tone; none: a plain cell

    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(
        QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace glasspost::ui
