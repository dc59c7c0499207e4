#pragma once

#include "ui/mailbox/savedsearches.h"

#include <QObject>

#include <functional>

class QMenu;
class QWidget;

namespace glasspost::ui {

class InlineBar;

/// What a person does to a search: save, rename and delete it.
class SearchActions : public QObject
{
    Q_OBJECT
public:
    /// Both outlive this; window: parent of menus and dialogs.
    SearchActions(SavedSearches &searches, InlineBar &bar, QWidget *window);

    void askSave(const QString &words);
    void popUpFor(const QString &name, const QPoint &globalPosition);
    void fill(QMenu &menu, const QString &name); ///< with the same
    void askRename(const QString &name);
    void remove(const QString &name); ///< with a way back

Q_SIGNALS:
    void saved(const QString &name);
    void renamed(const QString &name, const QString &newName);

private:
    void ask(const QString &title, const QString &label, const QString &text,
        const std::function<void(const QString &)> &then);

    SavedSearches &m_searches;
    InlineBar &m_bar;
    QWidget *m_window;
};

} // namespace glasspost::ui
