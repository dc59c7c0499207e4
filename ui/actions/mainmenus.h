#pragma once

#include "mail/maildir/messageid.h"
#include "ui/mailbox/place.h"

#include <QObject>

class QAction;
class QMainWindow;
class QMenu;
class QPoint;

namespace glasspost::ui {

class Actions;
class PlacesModel;

/// The menu bar, made from the table of actions, the Go menu with every place, and the menu of messages.
class MainMenus : public QObject
{
    Q_OBJECT
public:
    /// All of them outlive this.
    MainMenus(QMainWindow *window, const Actions &actions, const PlacesModel &places);

    /// The menu of the place that is shown, in the File menu. It is empty each time that it is about to show;
    /// whoever knows what can be done with the place fills it then.
    [[nodiscard]] QMenu &folder() const { return *m_folder; }
    void addToView(const QList<QAction *> &actions);
    /// Into the menus of messages, here and where they are clicked.
    void addToMessages(QAction *action);
    /// For selected messages, whose folder that is.
    void popUpFor(const mail::FolderId &from, const QPoint &globalPosition);

Q_SIGNALS:
    void placeRequested(const glasspost::ui::Place &place);
    void moveRequested(const QString &folder);

private:
    void fillPlaces(QMenu *menu);

    QMainWindow *m_window;
    const Actions &m_actions;
    const PlacesModel &m_places;
    QMenu *m_view; ///< of the menu bar, like the next
    QMenu *m_folder;
    QMenu *m_message;
    QList<QAction *> m_forMessages;
};

} // namespace glasspost::ui
