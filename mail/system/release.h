#pragma once

#include "mail/base/messageoctets.h"
#include "mail/maildir/madefrom.h"
#include "smtp/syntax/envelope.h"

#include <QList>

namespace glasspost::mail {

/// A captured message as it leaves after all.
struct DepartingMessage
{
    smtp::Envelope envelope;
    MessageOctets octets;
    MadeFrom madeFrom; ///< the captured one
};

/// Whom the envelope named by which the message was captured, each once; those that are no address are left
/// out. Blocks on the disk.
Result<QList<smtp::Mailbox>> envelopeRecipientsOf(const MessageOctets &captured);
/// For the queue: from the same sender, without what names others who got it here. A large one gets a file in
/// spoolFolder. Blocks on the disk.
Result<DepartingMessage> departingMessage(const MessageId &id, const MessageOctets &captured,
    const QList<smtp::Mailbox> &to, const QString &spoolFolder);

} // namespace glasspost::mail
