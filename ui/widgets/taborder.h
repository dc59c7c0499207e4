#pragma once

#include <QWidget>

namespace glasspost::ui {

/// Lets Tab reach a widget that was added to its window after the others right before one of them, where it
/// would come last.
inline void tabBefore(QWidget *other, QWidget *added)
{
    QWidget::setTabOrder(other, added);
    QWidget::setTabOrder(added, other);
}

} // namespace glasspost::ui
