#include "ui/theme/checkmarks.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>

namespace glasspost::ui {

namespace {

constexpr qreal corner = 3;
constexpr qreal pen = 1.5;

QRectF squareIn(const QRect &rect)
{
    const qreal side = qMin(rect.width(), rect.height()) - 1;
    QRectF square(0, 0, side, side);
    square.moveCenter(QRectF(rect).center());
    return square;
}

/// Half way between the ground and the text.
QColor outline(const QPalette &palette)
{
    const QColor ground = palette.color(QPalette::Base);
    const QColor text = palette.color(QPalette::Text);
    const auto middle = [](int a, int b) { return (a + b) / 2; };
    return {middle(ground.red(), text.red()), middle(ground.green(), text.green()),
        middle(ground.blue(), text.blue())};
}

QColor fill(const QStyleOption &option, bool on)
{
    const bool enabled = option.state & QStyle::State_Enabled;
    if (!on)
        return option.palette.color(QPalette::Base);
    return enabled ? option.palette.color(QPalette::Highlight) : outline(option.palette);
}

void prepare(const QStyleOption &option, QPainter *painter, bool on)
{
    painter->setRenderHint(QPainter::Antialiasing);
    const bool enabled = option.state & QStyle::State_Enabled;
    QColor line = on ? fill(option, true) : outline(option.palette);
    if (!enabled)
        line.setAlphaF(0.5F);
    painter->setPen(QPen(line, 1));
    QColor ground = fill(option, on);
    if (!enabled && on)
        ground.setAlphaF(0.5F);
    painter->setBrush(ground);
}

} // namespace

void drawCheckBox(const QStyleOption &option, QPainter *painter)
{
    const bool partly = option.state & QStyle::State_NoChange;
    const bool on = partly || option.state & QStyle::State_On;
    const QRectF square = squareIn(option.rect);
    painter->save();
    prepare(option, painter, on);
    painter->drawRoundedRect(square, corner, corner);
    if (on) {
        const auto at = [&square](qreal x, qreal y) {
            return QPointF(square.left() + x * square.width(), square.top() + y * square.height());
        };
        QPainterPath mark(partly ? at(0.25, 0.5) : at(0.22, 0.52));
        if (!partly)
            mark.lineTo(at(0.42, 0.72));
        mark.lineTo(partly ? at(0.75, 0.5) : at(0.78, 0.3));
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(option.palette.color(QPalette::HighlightedText), pen, Qt::SolidLine,
            Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(mark);
    }
    painter->restore();
}

void drawRadioButton(const QStyleOption &option, QPainter *painter)
{
    const bool on = option.state & QStyle::State_On;
    const QRectF square = squareIn(option.rect);
    painter->save();
    prepare(option, painter, on);
    painter->drawEllipse(square);
    if (on) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.palette.color(QPalette::HighlightedText));
        const qreal dot = square.width() * 0.4;
        QRectF inner(0, 0, dot, dot);
        inner.moveCenter(square.center());
        painter->drawEllipse(inner);
    }
    painter->restore();
}

} // namespace glasspost::ui
