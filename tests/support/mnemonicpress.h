#pragma once

// Alt and a letter, pressed: whether what the letter is written on does something.

#include "tests/support/controls.h"

#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

namespace glasspost::test {

inline void pressMnemonic(QWidget &window, const QString &text)
{
    if (QWidget *focused = QApplication::focusWidget())
        focused->clearFocus();
    QTest::keyClick(&window, QKeySequence::mnemonic(text)[0].key(), Qt::AltModifier);
}

/// Whether Alt and a letter may reach it now: it is in that window, in sight, enabled, and has a letter.
inline bool hasMnemonicNow(const QWidget &window, const QWidget &widget, const QString &text)
{
    return widget.window() == &window && widget.isVisible() && widget.isEnabled()
        && !QKeySequence::mnemonic(text).isEmpty();
}

inline QStringList deadLabels(QWidget &window)
{
    QStringList dead;
    for (const QLabel *label : window.findChildren<QLabel *>()) {
        const QWidget *buddy = label->buddy();
        if (buddy == nullptr || !buddy->isEnabled() || !hasMnemonicNow(window, *label, label->text()))
            continue;
        pressMnemonic(window, label->text());
        const QWidget *focused = QApplication::focusWidget();
        if (focused == nullptr
            || (focused != buddy && focused != buddy->focusProxy() && !buddy->isAncestorOf(focused)))
            dead.append(label->text());
    }
    return dead;
}

inline QStringList deadButtons(QWidget &window)
{
    constexpr int patience = 2000; // a button is pressed for a moment
    QStringList dead;
    for (QAbstractButton *button : window.findChildren<QAbstractButton *>()) {
        const auto *push = qobject_cast<const QPushButton *>(button);
        const auto *tool = qobject_cast<const QToolButton *>(button);
        const bool opensMenu
            = (push != nullptr && push->menu() != nullptr) || (tool != nullptr && tool->menu() != nullptr);
        if (opensMenu || qobject_cast<const ui::RecipientChip *>(button) != nullptr
            || !hasMnemonicNow(window, *button, button->text()))
            continue;
        const QString text = button->text();
        QObject::disconnect(button, &QAbstractButton::clicked, nullptr, nullptr); // what it does stays undone
        const QSignalSpy clicked(button, &QAbstractButton::clicked);
        pressMnemonic(window, text);
        if (!QTest::qWaitFor([&clicked] { return !clicked.isEmpty(); }, patience))
            dead.append(text);
    }
    return dead;
}

inline QStringList deadMenus(QWidget &window)
{
    QStringList dead;
    for (const QMenuBar *bar : window.findChildren<QMenuBar *>()) {
        for (const QAction *action : bar->actions()) {
            if (action->menu() == nullptr || !hasMnemonicNow(window, *bar, action->text()))
                continue;
            pressMnemonic(window, action->text());
            if (!action->menu()->isVisible())
                dead.append(action->text());
            action->menu()->close();
        }
    }
    return dead;
}

/// Letters in sight that do nothing: no focus comes, no button is clicked, no menu opens. The window's
/// buttons are of no use afterwards.
inline QStringList deadMnemonics(QWidget &window)
{
    return deadMenus(window) + deadLabels(window) + deadButtons(window);
}

} // namespace glasspost::test
