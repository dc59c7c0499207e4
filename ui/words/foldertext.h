#pragma once

#include "mail/maildir/messageid.h"
#include "mail/settings/settings.h"

#include <QString>

namespace glasspost::ui {

/// "Inbox", "Sent" ... translated for the standard names, the name itself for others.
[[nodiscard]] QString folderTitle(const mail::FolderId &folder);
/// Inbox, Drafts, Sent, Archive, Junk or Trash.
[[nodiscard]] bool isStandardFolder(const mail::FolderId &folder);
/// Order in the tree: the standard folders first, then by name.
[[nodiscard]] int folderRank(const mail::FolderId &folder);
/// Folders in which the recipient matters more than the sender.
[[nodiscard]] bool showsRecipients(const mail::FolderId &folder);
/// Which mail will be in the user's Inbox, for one that is empty.
[[nodiscard]] QString emptyInboxText(const QString &user, const mail::ListenerSettings &listener);

} // namespace glasspost::ui
