#pragma once

#include "mail/system/mailboxes.h"

#include <QObject>

#include <functional>

class QWidget;

namespace glasspost::ui {

class InlineBar;
class MessageChanges;
class PlacesModel;

/// What a person does to a whole folder: make, rename and delete it, mark all its mail as read, delete or
/// remove all of it. The mail goes through MessageChanges, which gives it a way back.
class FolderActions : public QObject
{
    Q_OBJECT
public:
    /// All outlive this; window: parent of menus and dialogs.
    FolderActions(mail::Mailboxes &mailboxes, const PlacesModel &places, MessageChanges &changes,
        InlineBar &bar, QWidget *window);

    /// The menu of a folder, or of a user when the folder's name is null.
    void popUpFor(const mail::FolderId &folder, const QPoint &globalPosition);

    void askNewFolder(const QString &user);
    void askRename(const mail::FolderId &folder);
    void rename(const mail::FolderId &folder, const QString &name);
    void deleteFolder(const mail::FolderId &folder); ///< its mail goes to Trash
    void markAllRead(const mail::FolderId &folder);
    void deleteAll(const mail::FolderId &folder); ///< to Trash
    void askToEmpty(const mail::FolderId &folder); ///< permanently: Trash and Junk

Q_SIGNALS:
    void foldersChanged();

private:
    using WithMessages = std::function<void(const QList<mail::MessageId> &ids)>;
    /// Every message that lies in the folder now.
    void withAll(const mail::FolderId &folder, const WithMessages &then);
    void createFolder(const mail::FolderId &folder, const std::function<void()> &then);
    void removeEmptied(const mail::FolderId &folder);
    [[nodiscard]] bool exists(const mail::FolderId &folder) const;
    void complain(const mail::Error &error);

    mail::Mailboxes &m_mailboxes;
    const PlacesModel &m_places;
    MessageChanges &m_changes;
    InlineBar &m_bar;
    QWidget *m_window;
};

} // namespace glasspost::ui
