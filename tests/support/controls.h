#pragma once

// What a window owes to who works it by the keyboard, or hears it: names, letters of Alt, tips, and Tab.

#include "ui/compose/recipientchip.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QMenuBar>
#include <QScrollArea>
#include <QScrollBar>
#include <QSet>
#include <QTabBar>
#include <QTest>

namespace glasspost::test {

/// The classes from its window down to it.
inline QString pathOf(const QWidget *widget)
{
    QStringList names;
    for (; widget != nullptr; widget = widget->parentWidget())
        names.prepend(QLatin1String(widget->metaObject()->className()));
    return names.join(QLatin1Char('/'));
}

/// The same, and what is written on a button.
inline QString described(const QWidget *widget)
{
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return button == nullptr ? pathOf(widget) : pathOf(widget) + QLatin1Char(' ') + button->text();
}

/// Parts of another control, which speaks for them: a spin box's edit, a view's scroll bars.
inline bool isPartOfAnother(const QWidget *widget)
{
    const QWidget *parent = widget->parentWidget();
    return widget->objectName().startsWith(QLatin1String("qt_"))
        || qobject_cast<const QAbstractSpinBox *>(parent) || qobject_cast<const QComboBox *>(parent)
        || qobject_cast<const QLineEdit *>(parent) || qobject_cast<const QTabBar *>(parent)
        || qobject_cast<const QScrollBar *>(widget) || widget->inherits("QComboBoxListView")
        || widget->inherits("QComboBoxPrivateContainer")
        || (qobject_cast<const QScrollArea *>(widget) != nullptr);
}

/// Controls in sight without a name for who hears them.
inline QStringList nameless(const QWidget &top)
{
    QStringList found;
    for (QWidget *widget : top.findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || isPartOfAnother(widget))
            continue;
        const QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
        if (face == nullptr || face->text(QAccessible::Name).trimmed().isEmpty())
            found.append(pathOf(widget));
    }
    return found;
}

/// Buttons in sight, and tabs, without a tip.
inline QStringList tipless(const QWidget &top)
{
    QStringList found;
    for (const QAbstractButton *button : top.findChildren<QAbstractButton *>()) {
        if (button->focusPolicy() != Qt::NoFocus && button->isVisible() && !isPartOfAnother(button)
            && button->toolTip().isEmpty())
            found.append(described(button));
    }
    for (const QTabBar *tabs : top.findChildren<QTabBar *>()) {
        for (int i = 0; tabs->isVisible() && i < tabs->count(); ++i) {
            if (tabs->isTabVisible(i) && tabs->tabToolTip(i).isEmpty())
                found.append(pathOf(tabs) + QLatin1Char(' ') + tabs->tabText(i));
        }
    }
    return found;
}

/// What Alt and a letter reach in the window, by the letter.
inline QMultiMap<QString, QString> mnemonics(const QWidget &window)
{
    QMultiMap<QString, QString> letters;
    const auto take = [&letters](const QString &text) {
        if (const QKeySequence key = QKeySequence::mnemonic(text); !key.isEmpty())
            letters.insert(key.toString(), text);
    };
    for (const QMenuBar *bar : window.findChildren<QMenuBar *>()) {
        for (const QAction *menu : bar->actions())
            take(menu->text());
    }
    for (const QLabel *label : window.findChildren<QLabel *>()) {
        if (label->buddy() != nullptr && label->isVisible())
            take(label->text());
    }
    for (const QAbstractButton *button : window.findChildren<QAbstractButton *>()) {
        if (button->isVisible() && qobject_cast<const ui::RecipientChip *>(button) == nullptr)
            take(button->text());
    }
    for (const QTabBar *tabs : window.findChildren<QTabBar *>()) {
        for (int i = 0; tabs->isVisible() && i < tabs->count(); ++i)
            take(tabs->tabText(i));
    }
    return letters;
}

/// Letters that several have.
inline QStringList shared(const QMultiMap<QString, QString> &letters)
{
    QStringList found;
    for (const QString &letter : letters.uniqueKeys()) {
        if (letters.count(letter) > 1)
            found.append(QStringList(letters.values(letter)).join(QStringLiteral(" and ")));
    }
    return found;
}

/// Controls in sight that Tab does not get to from where the focus is, though they say that it does.
inline QStringList notReachedByTab(const QWidget &window)
{
    constexpr int enough = 300;
    QSet<const QWidget *> reached;
    for (int i = 0; i < enough && QApplication::focusWidget() != nullptr; ++i) {
        reached.insert(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    QStringList missed;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        const bool isStop = (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisible()
            && widget->isEnabled() && widget->focusProxy() == nullptr && !isPartOfAnother(widget);
        if (isStop && !reached.contains(widget))
            missed.append(described(widget));
    }
    return missed;
}

} // namespace glasspost::test
