#pragma once

#include "mail/maildir/madefrom.h"
#include "mail/settings/settings.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace glasspost::mail {

/// When a message leaves, and how.
struct SubmitTerms
{
    qint64 notBefore = 0; ///< milliseconds since the Unix epoch
    std::optional<OutgoingRoute> route = {}; ///< of its own; none: the settings' one
    bool held = false; ///< until a person releases it: nothing of it is attempted, mailboxes here get none
    std::optional<MadeFrom> madeFrom = {}; ///< of which message it was made
};

/// A sent or local message: where it went.
struct SubmitReceipt
{
    QByteArray queueId; ///< empty when every recipient was local
    QList<MessageId> delivered; ///< local mailboxes that have it now
};

} // namespace glasspost::mail
