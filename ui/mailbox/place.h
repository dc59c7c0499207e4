#pragma once

#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"

#include <QMetaType>
#include <QString>

namespace glasspost::ui {

/// What the centre of the main window shows: a folder of a local user, the outgoing queue, or the sessions.
struct Place
{
    enum class Kind { Folder, Outgoing, Sessions };
    Kind kind = Kind::Folder;
    mail::FolderId folder; ///< Folder alone

    friend bool operator==(const Place &, const Place &) = default;
};

/// Folders in which the recipient matters more than the sender.
[[nodiscard]] bool showsRecipients(const mail::FolderId &folder);
/// "Inbox", "Sent" ... translated for the standard names, the name itself for others.
[[nodiscard]] QString folderTitle(const mail::FolderId &folder);
/// Inbox, Drafts, Sent, Archive, Junk or Trash.
[[nodiscard]] bool isStandardFolder(const mail::FolderId &folder);
/// Order in the tree: the standard folders first, then by name.
[[nodiscard]] int folderRank(const mail::FolderId &folder);

/// Whether programs under test send there: they write any Date, so that mail is in order of arrival.
[[nodiscard]] bool isCaptured(const mail::FolderId &folder, const mail::Settings &settings);

} // namespace glasspost::ui

Q_DECLARE_METATYPE(glasspost::ui::Place)
