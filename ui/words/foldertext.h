#pragma once

#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"

#include <QString>

namespace glasspost::ui {

/// "Inbox", "Sent" ... translated for the standard names, the name itself for others.
[[nodiscard]] QString folderTitle(const mail::FolderId &folder);
/// Folders lie in each other by their names, "Lists.qt" in "Lists": what one lies in (empty: in none), what
/// it is called there, and whether it lies in another, at whatever depth.
[[nodiscard]] QString parentFolder(const QString &folder);
[[nodiscard]] QString leafFolder(const QString &folder);
[[nodiscard]] bool liesIn(const QString &folder, const QString &other);
/// A folder of that name within another or, where that is empty, in none. Levels may be typed with '/'.
[[nodiscard]] QString folderIn(const QString &parent, const QString &typed);
/// Inbox, Drafts, Sent, Archive, Junk or Trash.
[[nodiscard]] bool isStandardFolder(const mail::FolderId &folder);
/// Of the standard folders, which come first in the tree; the others have the highest.
[[nodiscard]] int folderRank(const mail::FolderId &folder);
/// Order in the tree: by rank, then by name, and behind each what lies in it.
[[nodiscard]] bool standsBefore(const mail::FolderId &a, const mail::FolderId &b);
/// Folders in which the recipient matters more than the sender.
[[nodiscard]] bool showsRecipients(const mail::FolderId &folder);
/// Which mail will be in the user's Inbox, for one that is empty.
[[nodiscard]] QString emptyInboxText(const QString &user, const mail::ListenerSettings &listener);

} // namespace glasspost::ui
