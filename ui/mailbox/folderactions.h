#pragma once

#include "mail/system/mailboxes.h"
#include "ui/mailbox/chosenmessages.h"

#include <QObject>

#include <functional>

class QMenu;
class QWidget;

namespace glasspost::ui {

class InlineBar;
class MessageChanges;
class PlacesModel;

/// What a person does to a whole folder: make, rename, move and delete it with all that lies in it, mark all
/// its mail as read, delete or remove all of it. The mail goes through MessageChanges, which gives it a way
/// back.
class FolderActions : public QObject
{
    Q_OBJECT
public:
    /// All outlive this; window: parent of menus and dialogs.
    FolderActions(mail::Mailboxes &mailboxes, const PlacesModel &places, MessageChanges &changes,
        InlineBar &bar, QWidget *window);

    /// The menu of a folder, or of a user when the folder's name is null.
    void popUpFor(const mail::FolderId &folder, const QPoint &globalPosition);
    void fill(QMenu &menu, const mail::FolderId &folder); ///< with the same

    /// In that folder; of an empty or null name: in none.
    void askNewFolder(const mail::FolderId &parent);
    void askRename(const mail::FolderId &folder);
    /// To that whole name: somewhere else, too.
    void rename(const mail::FolderId &folder, const QString &name);
    void deleteFolder(const mail::FolderId &folder); ///< its mail goes to Trash
    void markAllRead(const mail::FolderId &folder);
    void deleteAll(const mail::FolderId &folder); ///< to Trash
    void askToEmpty(const mail::FolderId &folder); ///< permanently: Trash and Junk

Q_SIGNALS:
    void foldersChanged();
    void keepingRequested(const glasspost::mail::FolderId &folder); ///< what it keeps of its mail
    /// All mail of the one lies in the other now; the one is about to go.
    void renamed(const glasspost::mail::FolderId &from, const glasspost::mail::FolderId &to);

private:
    using WithMessages = std::function<void(const ChosenMessages &messages)>;
    /// Every message that lies in the folder now.
    void withAll(const mail::FolderId &folder, const WithMessages &then);
    void createFolder(const mail::FolderId &folder, const std::function<void()> &then);
    /// One after another.
    void createFolders(const QList<mail::FolderId> &folders, const std::function<void()> &then);
    using Contents = QList<ChosenMessages>; ///< of some folders, in their order
    void withContents(const QList<mail::FolderId> &folders, const std::function<void(const Contents &)> &then,
        const Contents &known = {});
    void removeEmptied(const QList<mail::FolderId> &folders);
    void addPlacesToMove(QMenu &menu, const mail::FolderId &folder);
    [[nodiscard]] bool mayBecome(const mail::FolderId &folder, const mail::FolderId &renamed);
    [[nodiscard]] QList<mail::FolderId> withAllIn(const mail::FolderId &folder) const;
    [[nodiscard]] bool exists(const mail::FolderId &folder) const;
    void complain(const mail::Error &error);

    mail::Mailboxes &m_mailboxes;
    const PlacesModel &m_places;
    MessageChanges &m_changes;
    InlineBar &m_bar;
    QWidget *m_window;
};

} // namespace glasspost::ui
