#pragma once

#include "mail/base/messageoctets.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace glasspost::mail {

/// The fields that were put on top of a message as it came into a mailbox here, but for Received, which is a
/// trace of where it was. They name recipients of whom others must not learn (Bcc): RFC 5321 7.2.
struct DeliveryHead
{
    qint64 size = 0; ///< octets
    QByteArray returnPath; ///< without its angle brackets; empty for the null one, or where there is none
    QList<QByteArray> deliveredTo; ///< likewise
};

/// front: the first octets of the message, with all of these fields in them.
DeliveryHead deliveryHeadOf(const QByteArray &front);
/// The message with other fields in their place, to be sent. A large one gets a file in spoolFolder. Blocks
/// on the disk.
Result<MessageOctets> withoutDeliveryHead(
    const MessageOctets &octets, const QByteArray &fields, const QString &spoolFolder);

} // namespace glasspost::mail
