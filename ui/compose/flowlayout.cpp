#include "ui/compose/flowlayout.h"

#include <QStyle>
#include <QWidget>

namespace glasspost::ui {

FlowLayout::FlowLayout(QWidget *parent, int gap) : QLayout(parent), m_gap(gap)
{
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

void FlowLayout::insertWidget(int index, QWidget *widget)
{
    addChildWidget(widget);
    m_items.insert(index, new QWidgetItem(widget));
    invalidate();
}

void FlowLayout::addItem(QLayoutItem *item)
{
    m_items.append(item);
    invalidate();
}

int FlowLayout::count() const
{
    return int(m_items.size());
}

QLayoutItem *FlowLayout::itemAt(int index) const
{
    return m_items.value(index);
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= m_items.size())
        return nullptr;
    invalidate();
    return m_items.takeAt(index);
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), Pass::Measure);
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem *item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size
        + QSize(contentsMargins().left() + contentsMargins().right(),
            contentsMargins().top() + contentsMargins().bottom());
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    // In a place higher than needed the lines are in its middle, beside the label of the row.
    const int spare = std::max(0, rect.height() - arrange(rect, Pass::Measure));
    arrange(rect.translated(0, spare / 2), Pass::Place);
}

int FlowLayout::arrange(const QRect &whole, Pass pass) const
{
    const QRect rect = whole.marginsRemoved(contentsMargins());
    const Qt::LayoutDirection direction
        = parentWidget() ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    int x = rect.left();
    int y = rect.top();
    int lineHeight = 0;
    QList<std::pair<QLayoutItem *, QRect>> line;
    // Items of different heights are centered on their line.
    const auto place = [&] {
        for (const auto &[item, geometry] : std::as_const(line)) {
            const QRect centred = geometry.translated(0, (lineHeight - geometry.height()) / 2);
            if (pass == Pass::Place)
                item->setGeometry(QStyle::visualRect(direction, rect, centred));
        }
        line.clear();
    };
    for (QLayoutItem *item : m_items) {
        if (item->isEmpty())
            continue;
        const bool isLast = item == m_items.constLast();
        QSize size = item->sizeHint().boundedTo(QSize(rect.width(), QLAYOUTSIZE_MAX));
        if (x > rect.left() && x + size.width() > rect.right() + 1) {
            place();
            x = rect.left();
            y += lineHeight + m_gap;
            lineHeight = 0;
        }
        if (isLast)
            size.setWidth(rect.right() + 1 - x);
        line.append({item, QRect(QPoint(x, y), size)});
        x += size.width() + m_gap;
        lineHeight = std::max(lineHeight, size.height());
    }
    place();
    return y + lineHeight - whole.top() + contentsMargins().bottom();
}

} // namespace glasspost::ui
