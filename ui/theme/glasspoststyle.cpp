#include "ui/theme/glasspoststyle.h"

#include "ui/theme/checkmarks.h"
#include "ui/theme/controlpainting.h"
#include "ui/theme/theme.h"

#include <QAbstractSpinBox>
#include <QPainter>
#include <QSplitter>
#include <QStyleOption>
#include <QTabBar>

namespace glasspost::ui {

GlasspostStyle::GlasspostStyle(QStyle *base) : QProxyStyle(base) { }

void GlasspostStyle::polish(QPalette &palette)
{
    QProxyStyle::polish(palette);
    mendPlaceholders(palette);
}

void GlasspostStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (int(element)) {
    case PE_PanelButtonCommand:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            paintPushButton(*button, painter);
            return;
        }
        break;
    case PE_PanelButtonTool:
        paintToolButton(*option, painter);
        return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            frame != nullptr && frame->lineWidth > 0) {
            paintLineEdit(*option, painter);
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
        // Panes end at their hairline: a frame would be a second one.
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
        paintPanel(painter, option->rect, {}, option->palette.color(QPalette::Highlight));
        return;
    default:
        break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void GlasspostStyle::drawControl(
    ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (int(element)) {
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        paintHeaderSection(*option, painter);
        return;
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
            paintTabShape(*tab, painter);
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
            paintMenuBarItem(*item, painter, *this);
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

void GlasspostStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const auto part
        = [&](SubControl which) { return proxy()->subControlRect(control, option, which, widget); };
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option);
    const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option);
    const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
    if (control == CC_ScrollBar && bar != nullptr)
        paintScrollBar(*bar, part(SC_ScrollBarSlider), painter);
    else if (control == CC_ComboBox && combo != nullptr && !combo->editable)
        paintComboBox(*combo, part(SC_ComboBoxArrow), painter);
    else if (control == CC_SpinBox && spin != nullptr && spin->frame)
        paintSpinBox(*spin, part(SC_SpinBoxUp), part(SC_SpinBoxDown), painter);
    else if (control == CC_ToolButton && button != nullptr && button->text.isEmpty())
        drawIconButton(*button, painter, widget);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

/// An icon alone says by itself that there is a menu.
void GlasspostStyle::drawIconButton(
    const QStyleOptionToolButton &option, QPainter *painter, const QWidget *widget) const
{
    QStyleOptionToolButton plain = option;
    plain.features.setFlag(QStyleOptionToolButton::HasMenu, false);
    QProxyStyle::drawComplexControl(CC_ToolButton, &plain, painter, widget);
}

QRect GlasspostStyle::subControlRect(
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

QRect GlasspostStyle::subElementRect(
    SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
    const bool boxed = element == SE_LineEditContents && frame != nullptr && frame->lineWidth > 0;
    return boxed ? rect.adjusted(space::half, 0, -space::half, 0) : rect;
}

QSize GlasspostStyle::sizeFromContents(
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

int GlasspostStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
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

int GlasspostStyle::styleHint(
    StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *returnData) const
{
    // Fusion would have its own pictures on the buttons of dialogs; ours are words.
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons || hint == SH_EtchDisabledText
        || hint == SH_DitherDisabledText)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

} // namespace glasspost::ui
