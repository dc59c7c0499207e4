#include "ui/theme/controlpainting.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>

#include <algorithm>

namespace glasspost::ui {

namespace {

constexpr qreal radius = 5;

QColor shaded(const QColor &color, bool dark, int amount)
{
    return dark ? color.lighter(100 + amount) : color.darker(100 + amount);
}

/// A small chevron in the middle of a place.
void chevron(QPainter *painter, const QRect &place, bool up, const QColor &color)
{
    const QPointF middle = QRectF(place).center();
    const qreal tip = up ? -1.75 : 1.75;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF points[]
        = {middle + QPointF(-3.5, -tip), middle + QPointF(0, tip), middle + QPointF(3.5, -tip)};
    painter->drawPolyline(points, 3);
    painter->restore();
}

} // namespace

void paintPanel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(line.isValid() ? QPen(line, 1) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter->restore();
}

void paintPushButton(const QStyleOptionButton &button, QPainter *painter)
{
    const QPalette &palette = button.palette;
    const bool dark = isDark(palette);
    const bool enabled = button.state & QStyle::State_Enabled;
    const bool flat = button.features & QStyleOptionButton::Flat;
    const bool isDefault = enabled && (button.features & QStyleOptionButton::DefaultButton);
    const bool down = button.state & (QStyle::State_Sunken | QStyle::State_On);
    QColor fill = isDefault ? palette.color(QPalette::Highlight) : palette.color(QPalette::Button);
    if (enabled && (button.state & QStyle::State_MouseOver))
        fill = shaded(fill, dark || isDefault, isDefault ? 12 : 4);
    if (down)
        fill = shaded(palette.color(isDefault ? QPalette::Highlight : QPalette::Button), dark, 12);
    const bool bare = flat && !down && !(button.state & QStyle::State_MouseOver);
    QColor line = isDefault ? fill : hairline(palette).darker(dark ? 90 : 108);
    if (button.state & QStyle::State_HasFocus)
        line = isDefault ? palette.color(QPalette::WindowText) : palette.color(QPalette::Highlight);
    if (!bare)
        paintPanel(painter, button.rect, fill, flat ? fill : line);
    else if (button.state & QStyle::State_HasFocus)
        paintPanel(painter, button.rect, {}, line);
}

void paintToolButton(const QStyleOption &option, QPainter *painter)
{
    if (!(option.state & QStyle::State_Enabled))
        return;
    const QColor window = option.palette.color(QPalette::Window);
    const bool dark = isDark(option.palette);
    if (option.state & (QStyle::State_Sunken | QStyle::State_On))
        paintPanel(painter, option.rect, shaded(window, dark, dark ? 45 : 10), {});
    else if (option.state & QStyle::State_MouseOver)
        paintPanel(painter, option.rect, shaded(window, dark, dark ? 25 : 5), {});
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        paintPanel(painter, option.rect, {}, option.palette.color(QPalette::Highlight));
}

void paintLineEdit(const QStyleOption &option, QPainter *painter)
{
    const bool focus = option.state & QStyle::State_HasFocus;
    const QColor line = focus ? option.palette.color(QPalette::Highlight)
                              : hairline(option.palette).darker(isDark(option.palette) ? 90 : 108);
    const bool enabled = option.state & QStyle::State_Enabled;
    paintPanel(painter, option.rect, option.palette.color(enabled ? QPalette::Base : QPalette::Window), line);
}

void paintComboBox(const QStyleOptionComboBox &box, const QRect &arrow, QPainter *painter)
{
    const QPalette &palette = box.palette;
    const bool over = box.state & QStyle::State_MouseOver && box.state & QStyle::State_Enabled;
    const bool focus = box.state & QStyle::State_HasFocus;
    QColor fill = palette.color(QPalette::Button);
    if (over)
        fill = shaded(fill, isDark(palette), 4);
    const QColor line
        = focus ? palette.color(QPalette::Highlight) : hairline(palette).darker(isDark(palette) ? 90 : 108);
    if (box.frame)
        paintPanel(painter, box.rect, fill, line);
    else if (over || focus)
        paintPanel(painter, box.rect, over ? hoverFill(palette) : QColor(), focus ? line : QColor());
    chevron(painter, arrow, false, palette.color(QPalette::ButtonText));
}

void paintSpinBox(const QStyleOptionSpinBox &box, const QRect &up, const QRect &down, QPainter *painter)
{
    paintLineEdit(box, painter);
    const auto ink = [&box](QStyle::SubControl part, QAbstractSpinBox::StepEnabledFlag step) {
        if (!(box.state & QStyle::State_Enabled) || !(box.stepEnabled & step))
            return box.palette.color(QPalette::Disabled, QPalette::ButtonText);
        return box.activeSubControls == part ? box.palette.color(QPalette::Link)
                                             : box.palette.color(QPalette::ButtonText);
    };
    chevron(painter, up.translated(0, 1), true, ink(QStyle::SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled));
    chevron(painter, down.translated(0, -1), false,
        ink(QStyle::SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled));
}

void paintHeaderSection(const QStyleOption &option, QPainter *painter)
{
    painter->fillRect(option.rect, option.palette.color(QPalette::Base));
    painter->setPen(hairline(option.palette));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const int right = option.direction == Qt::RightToLeft ? option.rect.left() : option.rect.right();
    painter->drawLine(right, option.rect.top() + 6, right, option.rect.bottom() - 6);
}

void paintTabShape(const QStyleOptionTab &tab, QPainter *painter)
{
    const bool selected = tab.state & QStyle::State_Selected;
    if (!selected && tab.state & QStyle::State_MouseOver)
        paintPanel(painter, tab.rect.adjusted(2, 3, -2, -5), hoverFill(tab.palette), {});
    if (selected)
        painter->fillRect(QRect(tab.rect.left() + 6, tab.rect.bottom() - 1, tab.rect.width() - 12, 2),
            tab.palette.color(QPalette::Highlight));
    if (tab.state & QStyle::State_HasFocus && tab.state & QStyle::State_KeyboardFocusChange)
        paintPanel(painter, tab.rect.adjusted(2, 3, -2, -5), {}, tab.palette.color(QPalette::Highlight));
}

void paintMenuBarItem(const QStyleOptionMenuItem &item, QPainter *painter, const QStyle &style)
{
    painter->fillRect(item.rect, item.palette.color(QPalette::Window));
    if (item.state & QStyle::State_Selected && item.state & QStyle::State_Enabled)
        paintPanel(painter, item.rect.adjusted(0, 1, 0, -1),
            shaded(item.palette.color(QPalette::Window), isDark(item.palette),
                item.state & QStyle::State_Sunken ? 14 : 7),
            {});
    style.drawItemText(painter, item.rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine,
        item.palette, item.state & QStyle::State_Enabled, item.text, QPalette::WindowText);
}

void paintScrollBar(const QStyleOptionSlider &bar, const QRect &handle, QPainter *painter)
{
    const QPalette &palette = bar.palette;
    painter->fillRect(bar.rect, palette.color(QPalette::Base));
    if (bar.maximum <= bar.minimum || !handle.isValid())
        return;
    const bool active = bar.activeSubControls & QStyle::SC_ScrollBarSlider;
    QColor fill = mutedText(palette);
    fill.setAlphaF(active ? 0.75F : 0.4F);
    const QRectF shape = bar.orientation == Qt::Vertical ? QRectF(handle).adjusted(3, 2, -3, -2)
                                                         : QRectF(handle).adjusted(2, 3, -2, -3);
    const qreal round = std::min(shape.width(), shape.height()) / 2;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    painter->drawRoundedRect(shape, round, round);
    painter->restore();
}

} // namespace glasspost::ui
