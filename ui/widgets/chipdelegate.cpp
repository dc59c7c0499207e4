#include "ui/widgets/chipdelegate.h"

#include "ui/theme/theme.h"
#include "ui/widgets/chip.h"

#include <QApplication>
#include <QPainter>

namespace glasspost::ui {

void ChipDelegate::paint(
    QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariant tone = index.data(toneRole);
    if (!tone.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem ground = option;
    initStyleOption(&ground, index);
    const QString words = std::exchange(ground.text, QString());
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
    if (words.isEmpty())
        return;
    painter->save();
    painter->setFont(option.font);
    painter->setLayoutDirection(option.direction);
    paintChip(painter, option.rect.adjusted(space::half, 0, -space::half, 0), words,
        chipColors(option.palette, Tone(tone.toInt())), option.palette,
        option.state & QStyle::State_Selected);
    painter->restore();
}

QSize ChipDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(option.fontMetrics.height() + space::one + space::half);
    if (index.data(toneRole).isValid())
        size.setWidth(chipSize(option.font, index.data().toString()).width() + space::two);
    return size;
}

} // namespace glasspost::ui
