#include "ui/mailbox/folderactions.h"

#include "ui/mailbox/messagechanges.h"
#include "ui/mailbox/place.h"
#include "ui/mailbox/placesmodel.h"
#include "ui/theme/icons.h"
#include "ui/widgets/inlinebar.h"
#include "ui/widgets/plaintext.h"
#include "ui/words/errortext.h"
#include "ui/words/foldertext.h"

#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

#include <algorithm>

namespace glasspost::ui {

namespace {

/// A dialog's question with names in it, which others have given: the dialog would take them for HTML, and a
/// "&" in them for a mnemonic.
void askPlainly(QInputDialog &dialog, const QString &question)
{
    dialog.setLabelText(plainCaption(question));
    for (QLabel *label : dialog.findChildren<QLabel *>())
        label->setTextFormat(Qt::PlainText);
}

} // namespace

FolderActions::FolderActions(mail::Mailboxes &mailboxes, const PlacesModel &places, MessageChanges &changes,
    InlineBar &bar, QWidget *window)
    : QObject(window), m_mailboxes(mailboxes), m_places(places), m_changes(changes), m_bar(bar),
      m_window(window)
{ }

void FolderActions::popUpFor(const mail::FolderId &folder, const QPoint &globalPosition)
{
    auto *menu = new QMenu(m_window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fill(*menu, folder);
    menu->popup(globalPosition);
}

void FolderActions::fill(QMenu &menu, const mail::FolderId &folder)
{
    const bool isFolder = !folder.folder.isNull();
    const bool isLast = folder.folder == QLatin1String("Trash") || folder.folder == QLatin1String("Junk");
    if (isFolder) {
        const mail::FolderInfo info = m_places.info(folder);
        menu.addAction(tr("Mark all as &read"), this, [this, folder] { markAllRead(folder); })
            ->setEnabled(info.unread > 0);
        if (folder.folder != QLatin1String("Trash"))
            menu.addAction(icon(IconName::Trash), tr("&Delete all messages"), this,
                    [this, folder] { deleteAll(folder); })
                ->setEnabled(info.total > 0);
        if (isLast)
            menu.addAction(
                    tr("&Empty %1 …").arg(folderTitle(folder)), this, [this, folder] { askToEmpty(folder); })
                ->setEnabled(info.total > 0);
        menu.addAction(tr("&Keep and color …"), this, [this, folder] { Q_EMIT keepingRequested(folder); });
        menu.addSeparator();
    }
    menu.addAction(icon(IconName::Add), tr("New folder for %1 …").arg(plainCaption(folder.user)), this,
        [this, user = folder.user] {
            askNewFolder({user, {}});
        });
    if (isFolder && !folder.folder.isEmpty())
        menu.addAction(tr("New folder &inside …"), this, [this, folder] { askNewFolder(folder); });
    if (isFolder && !isStandardFolder(folder)) {
        menu.addAction(tr("Re&name folder …"), this, [this, folder] { askRename(folder); });
        addPlacesToMove(*menu.addMenu(tr("&Move folder to")), folder);
        menu.addAction(tr("De&lete folder"), this, [this, folder] { deleteFolder(folder); });
    }
}

/// Those in which it can lie.
void FolderActions::addPlacesToMove(QMenu &menu, const mail::FolderId &folder)
{
    const QString leaf = leafFolder(folder.folder);
    const auto add = [&](const QString &title, const QString &parent) {
        menu.addAction(plainCaption(title), this,
            [this, folder, name = folderIn(parent, leaf)] { rename(folder, name); });
    };
    if (!parentFolder(folder.folder).isEmpty())
        add(tr("The top"), {});
    for (const mail::FolderId &parent : m_places.foldersOf(folder.user)) {
        const bool isOwn = !isStandardFolder(parent) || parent.folder == QLatin1String("Archive");
        if (isOwn && parent != folder && parent.folder != parentFolder(folder.folder)
            && !liesIn(parent.folder, folder.folder))
            add(folderTitle(parent), parent.folder);
    }
    menu.setEnabled(!menu.isEmpty());
}

void FolderActions::askNewFolder(const mail::FolderId &parent)
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const bool isInside = !parent.folder.isEmpty();
    dialog->setWindowTitle(isInside ? tr("New folder in %1").arg(folderTitle(parent)) : tr("New folder"));
    askPlainly(*dialog,
        isInside ? tr("Name of the new folder:") : tr("Name of the new folder of %1:").arg(parent.user));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, parent](const QString &name) {
        if (const QString inside = folderIn(parent.folder, name); !inside.isEmpty())
            createFolder({parent.user, inside}, [] {});
    });
    dialog->open();
}

void FolderActions::askRename(const mail::FolderId &folder)
{
    auto *dialog = new QInputDialog(m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename folder"));
    askPlainly(*dialog, tr("New name of %1:").arg(folder.folder));
    dialog->setTextValue(leafFolder(folder.folder));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, folder](const QString &name) {
        if (!name.trimmed().isEmpty())
            rename(folder, folderIn(parentFolder(folder.folder), name));
    });
    dialog->open();
}

bool FolderActions::mayBecome(const mail::FolderId &folder, const mail::FolderId &renamed)
{
    QString problem;
    if (exists(renamed) || isStandardFolder(renamed))
        problem = tr("%1 already has a folder named “%2”.").arg(folder.user, renamed.folder);
    else if (liesIn(renamed.folder, folder.folder))
        problem = tr("“%1” cannot lie in itself.").arg(folder.folder);
    if (!problem.isEmpty())
        m_bar.say(InlineBar::Kind::Error, problem);
    return problem.isEmpty();
}

// All of its mail moves to a folder of the new name, and so does that of each folder in it: each step of it
// is in the journal.
void FolderActions::rename(const mail::FolderId &folder, const QString &name)
{
    if (name.isEmpty() || name == folder.folder)
        return;
    const QList<mail::FolderId> from = withAllIn(folder);
    QList<mail::FolderId> to;
    for (const mail::FolderId &one : from)
        to.append({one.user, name + one.folder.sliced(folder.folder.size())});
    // Nor may one of those in it fall together with a folder that is there: "Mail.qt" without a "Mail", say.
    if (!std::all_of(to.cbegin(), to.cend(),
            [this, &folder](const mail::FolderId &renamed) { return mayBecome(folder, renamed); }))
        return;
    createFolders(to, [this, from, to] {
        withContents(from, [this, from, to](const Contents &contents) {
            QList<MessageChanges::Move> moves;
            for (qsizetype i = 0; i < from.size(); ++i)
                moves.append({contents[i], to[i].folder});
            m_changes.move(moves, [this, from, to] {
                for (qsizetype i = 0; i < from.size(); ++i)
                    Q_EMIT renamed(from[i], to[i]);
                removeEmptied(from);
            });
        });
    });
}

void FolderActions::deleteFolder(const mail::FolderId &folder)
{
    const QList<mail::FolderId> all = withAllIn(folder);
    withContents(all, [this, all](const Contents &contents) {
        QList<MessageChanges::Move> moves;
        for (const ChosenMessages &messages : contents)
            moves.append({messages, QStringLiteral("Trash")});
        m_changes.move(moves, [this, all] { removeEmptied(all); });
    });
}

void FolderActions::markAllRead(const mail::FolderId &folder)
{
    withAll(folder, [this](const ChosenMessages &messages) {
        m_changes.setFlag(messages, mail::MessageFlag::Seen, true);
    });
}

void FolderActions::deleteAll(const mail::FolderId &folder)
{
    withAll(folder,
        [this](const ChosenMessages &messages) { m_changes.move(messages, QStringLiteral("Trash")); });
}

void FolderActions::askToEmpty(const mail::FolderId &folder)
{
    withAll(folder, [this, folder](const ChosenMessages &messages) {
        const int count = int(messages.count());
        if (count == 0)
            return;
        m_bar.say(InlineBar::Kind::Warning,
            tr("Delete %Ln message(s) of %1 permanently? This cannot be undone.", nullptr, count)
                .arg(folderTitle(folder)));
        m_bar.addButton(tr("Delete permanently"), [this, messages] { m_changes.removeForGood(messages); });
    });
}

void FolderActions::withAll(const mail::FolderId &folder, const WithMessages &then)
{
    mail::RowQuery query;
    query.folder = folder;
    // What lies there and is not in the list yet is meant, too.
    m_mailboxes.settle()
        .andThen(this, [this, query](quint64) { return m_mailboxes.rowOrder(query); })
        .then(this, [this, folder, then](const mail::Result<mail::RowOrder> &order) {
            if (order)
                then({{}, *order, folder});
            else
                complain(order.error());
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

void FolderActions::createFolders(const QList<mail::FolderId> &folders, const std::function<void()> &then)
{
    if (folders.isEmpty())
        return then();
    createFolder(folders.first(), [this, rest = folders.mid(1), then] { createFolders(rest, then); });
}

void FolderActions::withContents(const QList<mail::FolderId> &folders,
    const std::function<void(const Contents &)> &then, const Contents &known)
{
    if (known.size() == folders.size())
        return then(known);
    withAll(folders[known.size()], [this, folders, then, known](const ChosenMessages &messages) {
        withContents(folders, then, known + Contents{messages});
    });
}

void FolderActions::removeEmptied(const QList<mail::FolderId> &folders)
{
    for (const mail::FolderId &folder : folders) {
        m_mailboxes.removeFolder(folder).then(this, [this](const mail::Result<void> &removed) {
            if (!removed)
                complain(removed.error());
            Q_EMIT foldersChanged();
        });
    }
}

/// The folder, and those that lie in it.
QList<mail::FolderId> FolderActions::withAllIn(const mail::FolderId &folder) const
{
    QList<mail::FolderId> all{folder};
    for (const mail::FolderId &other : m_places.foldersOf(folder.user)) {
        if (liesIn(other.folder, folder.folder))
            all.append(other);
    }
    return all;
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
