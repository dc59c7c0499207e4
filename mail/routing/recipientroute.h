#pragma once

#include "mail/settings/settings.h"

#include <QString>
#include <QStringList>

namespace glasspost::mail {

/// Where mail for one recipient goes: what the router decides, and how the queue then delivers. An alias or a
/// list may lead to mailboxes here and to other servers; neither means that nothing can be sent to it: it is
/// malformed, nobody here has that name, or its aliases lead back to themselves.
struct RecipientRoute
{
    bool isLocal = false; ///< to a mailbox here
    QStringList domains; ///< that it leaves for, each once; an address literal with its brackets
    OutgoingRoute route; ///< by which it leaves for those; the default where there are none

    friend bool operator==(const RecipientRoute &, const RecipientRoute &) = default;
};

/// recipient: as a person types it, without a name: an address, or a local name alone.
[[nodiscard]] RecipientRoute routeFor(const QString &recipient, const Settings &settings);

} // namespace glasspost::mail
