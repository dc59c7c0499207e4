#include "ui/mailbox/folderactions.h"

#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/place.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/theme/icons.h"
#include "ui/widgets/inlinebar.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"

#include <QInputDialog>
#include <QMenu>
#include <QPushButton>

namespace glasspost::ui {

FolderActions::FolderActions(mail::Mailboxes &mailboxes, const PlacesModel &places, MessageChanges &changes,
    InlineBar &bar, QWidget *window)
    : QObject(window), m_mailboxes(mailboxes), m_places(places), m_changes(changes), m_bar(bar),
      m_window(window)
{ }

void FolderActions::popUpFor(const mail::FolderId &folder, const QPoint &globalPosition)
{
    auto *menu = new QMenu(m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool isFolder = !folder.folder.isNull();
    const bool isLast = folder.folder == QLatin1String("Trash") || folder.folder == QLatin1String("Junk");
    if (isFolder) {
        const mail::FolderInfo info = m_places.info(folder);
        menu->addAction(tr("Mark all as &read"), this, [this, folder] { markAllRead(folder); })
            ->setEnabled(info.unread > 0);
        if (folder.folder != QLatin1String("Trash"))
            menu->addAction(icon(IconName::Trash), tr("&Delete all messages"), this,
                    [this, folder] { deleteAll(folder); })
                ->setEnabled(info.total > 0);
        if (isLast)
            menu->addAction(
                    tr("&Empty %1 …").arg(folderTitle(folder)), this, [this, folder] { askToEmpty(folder); })
                ->setEnabled(info.total > 0);
        menu->addSeparator();
    }
    menu->addAction(icon(IconName::Add), tr("New folder for %1 …").arg(folder.user), this,
        [this, user = folder.user] { askNewFolder(user); });
    if (isFolder && !isStandardFolder(folder)) {
        menu->addAction(tr("Re&name folder …"), this, [this, folder] { askRename(folder); });
        menu->addAction(tr("De&lete folder"), this, [this, folder] { deleteFolder(folder); });
    }
    menu->popup(globalPosition);
}

void FolderActions::askNewFolder(const QString &user)
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("New folder"));
    dialog->setLabelText(tr("Name of the new folder of %1:").arg(user));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, user](const QString &name) {
        createFolder({user, name.trimmed()}, [] {});
    });
    dialog->open();
}

void FolderActions::askRename(const mail::FolderId &folder)
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename folder"));
    dialog->setLabelText(tr("New name of %1:").arg(folder.folder));
    dialog->setTextValue(folder.folder);
    connect(dialog, &QInputDialog::textValueSelected, this,
        [this, folder](const QString &name) { rename(folder, name.trimmed()); });
    dialog->open();
}

// All of its mail moves to a folder of the new name: each step of it is in the journal.
void FolderActions::rename(const mail::FolderId &folder, const QString &name)
{
    const mail::FolderId renamed{folder.user, name};
    if (name.isEmpty() || renamed == folder)
        return;
    if (exists(renamed)) {
        m_bar.say(InlineBar::Kind::Error, tr("%1 already has a folder named “%2”.").arg(folder.user, name));
        return;
    }
    createFolder(renamed, [this, folder, name] {
        withAll(folder, [this, folder, name](const QList<mail::MessageId> &ids) {
            m_changes.move(ids, name, [this, folder] { removeEmptied(folder); });
        });
    });
}

void FolderActions::deleteFolder(const mail::FolderId &folder)
{
    withAll(folder, [this, folder](const QList<mail::MessageId> &ids) {
        m_changes.move(ids, QStringLiteral("Trash"), [this, folder] { removeEmptied(folder); });
    });
}

void FolderActions::markAllRead(const mail::FolderId &folder)
{
    withAll(folder,
        [this](const QList<mail::MessageId> &ids) { m_changes.setFlag(ids, mail::MessageFlag::Seen, true); });
}

void FolderActions::deleteAll(const mail::FolderId &folder)
{
    withAll(
        folder, [this](const QList<mail::MessageId> &ids) { m_changes.move(ids, QStringLiteral("Trash")); });
}

void FolderActions::askToEmpty(const mail::FolderId &folder)
{
    withAll(folder, [this, folder](const QList<mail::MessageId> &ids) {
        if (ids.isEmpty())
            return;
        m_bar.say(InlineBar::Kind::Warning,
            tr("Delete %Ln message(s) of %1 permanently? This cannot be undone.", nullptr, int(ids.size()))
                .arg(folderTitle(folder)));
        m_bar.addButton(tr("Delete permanently"), [this, ids] { m_changes.removeForGood(ids); });
    });
}

void FolderActions::withAll(const mail::FolderId &folder, const WithMessages &then)
{
    mail::RowQuery query;
    query.folder = folder;
    // What lies there and is not in the list yet is meant, too.
    m_mailboxes.settle()
        .andThen(this, [this, query](quint64) { return m_mailboxes.rowOrder(query); })
        .andThen(this, [this](const mail::RowOrder &order) { return m_mailboxes.identify(order); })
        .then(this, [this, then](const mail::Result<QList<mail::MessageId>> &ids) {
            ids ? then(*ids) : complain(ids.error());
        });
}

void FolderActions::createFolder(const mail::FolderId &folder, const std::function<void()> &then)
{
    m_mailboxes.createFolder(folder).then(this, [this, then](const mail::Result<void> &made) {
        if (!made) {
            complain(made.error());
            return;
        }
        Q_EMIT foldersChanged();
        then();
    });
}

void FolderActions::removeEmptied(const mail::FolderId &folder)
{
    m_mailboxes.removeFolder(folder).then(this, [this](const mail::Result<void> &removed) {
        if (!removed)
            complain(removed.error());
        Q_EMIT foldersChanged();
    });
}

bool FolderActions::exists(const mail::FolderId &folder) const
{
    return m_places.indexOf({Place::Kind::Folder, folder}).isValid();
}

void FolderActions::complain(const mail::Error &error)
{
    m_bar.say(InlineBar::Kind::Error, errorText(error));
}

} // namespace glasspost::ui
