#pragma once

#include "mail/maildir/messageid.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// A sent or local message: where it went.
struct SubmitReceipt
{
    QByteArray queueId; ///< empty when every recipient was local
    QList<MessageId> delivered; ///< local mailboxes that have it now
};

} // namespace glasspost::mail
