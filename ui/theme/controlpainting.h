#pragma once

#include <QColor>

class QPainter;
class QRect;
class QStyle;
class QStyleOption;
class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionMenuItem;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;

namespace glasspost::ui {

/// How GlasspostStyle paints each control: shapes in the palette's colors, in whatever state the option says.

void paintPanel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &line);
void paintPushButton(const QStyleOptionButton &button, QPainter *painter);
void paintToolButton(const QStyleOption &option, QPainter *painter);
void paintLineEdit(const QStyleOption &option, QPainter *painter);
/// A list of choices looks like a button; without a frame, like text that can be changed.
void paintComboBox(const QStyleOptionComboBox &box, const QRect &arrow, QPainter *painter);
void paintSpinBox(const QStyleOptionSpinBox &box, const QRect &up, const QRect &down, QPainter *painter);
void paintHeaderSection(const QStyleOption &option, QPainter *painter);
void paintTabShape(const QStyleOptionTab &tab, QPainter *painter);
void paintMenuBarItem(const QStyleOptionMenuItem &item, QPainter *painter, const QStyle &style);
/// A thin round handle on the ground of its pane, without steps and trough.
void paintScrollBar(const QStyleOptionSlider &bar, const QRect &handle, QPainter *painter);

} // namespace glasspost::ui
