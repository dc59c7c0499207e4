#include "ui/theme/poststyle.h"

#include "ui/theme/checkmarks.h"
#include "ui/theme/theme.h"

#include <QAbstractSpinBox>
#include <QPainter>
#include <QSplitter>
#include <QStyleOption>
#include <QTabBar>

namespace glasspost::ui {

namespace {

constexpr qreal radius = 5;

QColor shaded(const QColor &color, bool dark, int amount)
{
    return dark ? color.lighter(100 + amount) : color.darker(100 + amount);
}

void panel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(line.isValid() ? QPen(line, 1) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter->restore();
}

void pushButton(const QStyleOptionButton &button, QPainter *painter)
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
        panel(painter, button.rect, fill, flat ? fill : line);
    else if (button.state & QStyle::State_HasFocus)
        panel(painter, button.rect, {}, line);
}

void toolButton(const QStyleOption &option, QPainter *painter)
{
    if (!(option.state & QStyle::State_Enabled))
        return;
    const QColor window = option.palette.color(QPalette::Window);
    const bool dark = isDark(option.palette);
    if (option.state & (QStyle::State_Sunken | QStyle::State_On))
        panel(painter, option.rect, shaded(window, dark, dark ? 45 : 10), {});
    else if (option.state & QStyle::State_MouseOver)
        panel(painter, option.rect, shaded(window, dark, dark ? 25 : 5), {});
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange)
        panel(painter, option.rect, {}, option.palette.color(QPalette::Highlight));
}

void lineEdit(const QStyleOption &option, QPainter *painter)
{
    const bool focus = option.state & QStyle::State_HasFocus;
    const QColor line = focus ? option.palette.color(QPalette::Highlight)
                              : hairline(option.palette).darker(isDark(option.palette) ? 90 : 108);
    const bool enabled = option.state & QStyle::State_Enabled;
    panel(painter, option.rect, option.palette.color(enabled ? QPalette::Base : QPalette::Window), line);
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

/// A list of choices looks like a button; without a frame, like text that can be changed.
void comboBox(const QStyleOptionComboBox &box, const QRect &arrow, QPainter *painter)
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
        panel(painter, box.rect, fill, line);
    else if (over || focus)
        panel(painter, box.rect, over ? hoverFill(palette) : QColor(), focus ? line : QColor());
    chevron(painter, arrow, false, palette.color(QPalette::ButtonText));
}

void spinBox(const QStyleOptionSpinBox &box, const QRect &up, const QRect &down, QPainter *painter)
{
    lineEdit(box, painter);
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

void headerSection(const QStyleOption &option, QPainter *painter)
{
    painter->fillRect(option.rect, option.palette.color(QPalette::Base));
    painter->setPen(hairline(option.palette));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const int right = option.direction == Qt::RightToLeft ? option.rect.left() : option.rect.right();
    painter->drawLine(right, option.rect.top() + 6, right, option.rect.bottom() - 6);
}

void tabShape(const QStyleOptionTab &tab, QPainter *painter)
{
    const bool selected = tab.state & QStyle::State_Selected;
    if (!selected && tab.state & QStyle::State_MouseOver)
        panel(painter, tab.rect.adjusted(2, 3, -2, -5), hoverFill(tab.palette), {});
    if (selected)
        painter->fillRect(QRect(tab.rect.left() + 6, tab.rect.bottom() - 1, tab.rect.width() - 12, 2),
            tab.palette.color(QPalette::Highlight));
    if (tab.state & QStyle::State_HasFocus && tab.state & QStyle::State_KeyboardFocusChange)
        panel(painter, tab.rect.adjusted(2, 3, -2, -5), {}, tab.palette.color(QPalette::Highlight));
}

void menuBarItem(const QStyleOptionMenuItem &item, QPainter *painter, const QStyle &style)
{
    painter->fillRect(item.rect, item.palette.color(QPalette::Window));
    if (item.state & QStyle::State_Selected && item.state & QStyle::State_Enabled)
        panel(painter, item.rect.adjusted(0, 1, 0, -1),
            shaded(item.palette.color(QPalette::Window), isDark(item.palette),
                item.state & QStyle::State_Sunken ? 14 : 7),
            {});
    style.drawItemText(painter, item.rect, Qt::AlignCenter | Qt::TextShowMnemonic | Qt::TextSingleLine,
        item.palette, item.state & QStyle::State_Enabled, item.text, QPalette::WindowText);
}

/// A thin round handle on the ground of its pane, without steps and trough.
void scrollBar(const QStyleOptionSlider &bar, const QRect &handle, QPainter *painter)
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

} // namespace

PostStyle::PostStyle(QStyle *base) : QProxyStyle(base) { }

void PostStyle::polish(QPalette &palette)
{
    QProxyStyle::polish(palette);
    mendPlaceholders(palette);
}

void PostStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (int(element)) {
    case PE_PanelButtonCommand:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            pushButton(*button, painter);
            return;
        }
        break;
    case PE_PanelButtonTool:
        toolButton(*option, painter);
        return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            frame != nullptr && frame->lineWidth > 0) {
            lineEdit(*option, painter);
            return;
        }
        break;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawCheckBox(*option, painter);
        return;
    case PE_IndicatorRadioButton:
        drawRadioButton(*option, painter);
        return;
    case PE_FrameLineEdit:
    case PE_IndicatorButtonDropDown: // the chevron is enough
        return;
    case PE_Frame:
        // Panes stand against their hairline: a frame would be a second one.
        painter->setPen(hairline(option->palette));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            hairline(option->palette));
        return;
    case PE_FrameTabWidget:
    case PE_FrameStatusBarItem:
    case PE_PanelStatusBar:
        return;
    case PE_FrameFocusRect:
        if (option->state & State_Item || qobject_cast<const QTabBar *>(widget) != nullptr)
            return;
        panel(painter, option->rect, {}, option->palette.color(QPalette::Highlight));
        return;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void PostStyle::drawControl(
    ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (int(element)) {
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        headerSection(*option, painter);
        return;
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
            tabShape(*tab, painter);
            return;
        }
        break;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option); button != nullptr
            && button->features & QStyleOptionButton::DefaultButton && button->state & State_Enabled) {
            QStyleOptionButton onAccent = *button;
            onAccent.palette.setColor(QPalette::ButtonText, button->palette.color(QPalette::HighlightedText));
            if (!onAccent.icon.isNull())
                onAccent.icon = QIcon(onAccent.icon.pixmap(
                    onAccent.iconSize, painter->device()->devicePixelRatioF(), QIcon::Selected));
            QProxyStyle::drawControl(element, &onAccent, painter, widget);
            return;
        }
        break;
    case CE_Splitter:
        painter->fillRect(option->rect, hairline(option->palette));
        return;
    case CE_ToolBar:
        painter->fillRect(option->rect, option->palette.color(QPalette::Window));
        painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
            hairline(option->palette));
        return;
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            menuBarItem(*item, painter, *this);
            return;
        }
        break;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, option->palette.color(QPalette::Window));
        return;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void PostStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const auto part
        = [&](SubControl which) { return proxy()->subControlRect(control, option, which, widget); };
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
    if (control == CC_ScrollBar && bar != nullptr)
        scrollBar(*bar, part(SC_ScrollBarSlider), painter);
    else if (control == CC_ComboBox && combo != nullptr && !combo->editable)
        comboBox(*combo, part(SC_ComboBoxArrow), painter);
    else if (control == CC_SpinBox && spin != nullptr && spin->frame)
        spinBox(*spin, part(SC_SpinBoxUp), part(SC_SpinBoxDown), painter);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect PostStyle::subControlRect(
    ComplexControl control, const QStyleOptionComplex *option, SubControl part, const QWidget *widget) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (control != CC_ScrollBar || bar == nullptr)
        return QProxyStyle::subControlRect(control, option, part, widget);
    const bool upright = bar->orientation == Qt::Vertical;
    const int length = upright ? bar->rect.height() : bar->rect.width();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    const int wanted = int(qint64(length) * bar->pageStep / std::max<qint64>(1, range + bar->pageStep));
    const int handle = range > 0 ? std::clamp(wanted, std::min(length, 28), length) : length;
    const int start = sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto stretch = [bar, upright](int from, int size) {
        return visualRect(bar->direction, bar->rect,
            upright ? QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size)
                    : QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height()));
    };
    switch (int(part)) {
    case SC_ScrollBarSlider:
        return stretch(start, handle);
    case SC_ScrollBarGroove:
        return bar->rect;
    case SC_ScrollBarSubPage:
        return stretch(0, start);
    case SC_ScrollBarAddPage:
        return stretch(start + handle, length - start - handle);
    default:
        return {};
    }
}

QRect PostStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
    const bool boxed = element == SE_LineEditContents && frame != nullptr && frame->lineWidth > 0;
    return boxed ? rect.adjusted(space::half, 0, -space::half, 0) : rect;
}

QSize PostStyle::sizeFromContents(
    ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (int(type)) {
    case CT_PushButton:
        result.setHeight(std::max(result.height(), 30));
        result.rwidth() += space::one;
        break;
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        result.setHeight(std::max(result.height(), 30));
        break;
    case CT_ToolButton:
        result += QSize(space::half, space::half);
        break;
    case CT_TabBarTab:
        result += QSize(space::half, space::half);
        break;
    case CT_MenuItem:
        result.rheight() += 2;
        break;
    default:
        break;
    }
    return result;
}

int PostStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (int(metric)) {
    case PM_ScrollBarExtent:
        return 12;
    case PM_ScrollView_ScrollBarSpacing:
        return 0;
    case PM_HeaderMargin:
        return space::one;
    case PM_FocusFrameHMargin:
        return space::one - 1; // item views add one
    case PM_SplitterWidth:
        return 1;
    case PM_ToolBarFrameWidth:
        return 1;
    case PM_ToolBarItemSpacing:
        return 2;
    case PM_ToolBarItemMargin:
        return 4;
    case PM_ToolBarIconSize:
        return 20;
    case PM_SmallIconSize:
        return 18;
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabOverlap:
    case PM_TabBarBaseOverlap:
        return 0;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return space::one;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return space::one;
    default:
        break;
    }
    return QProxyStyle::pixelMetric(metric, option, widget);
}

int PostStyle::styleHint(
    StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *returnData) const
{
    // Fusion would have its own pictures on the buttons of dialogs; ours are words.
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons || hint == SH_EtchDisabledText
        || hint == SH_DitherDisabledText)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

} // namespace glasspost::ui
