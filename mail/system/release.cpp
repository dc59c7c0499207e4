#include "mail/system/release.h"

#include "mail/message/deliveryhead.h"
#include "mail/message/headerfields.h"
#include "mail/message/reportparts.h"
#include "smtp/syntax/path.h"

namespace glasspost::mail {

namespace {

constexpr qint64 mostReleaseHead = 1024 * 1024; // octets

} // namespace

Result<QList<smtp::Mailbox>> envelopeRecipientsOf(const MessageOctets &captured)
{
    const auto front = captured.front(mostReleaseHead);
    if (!front)
        return tl::unexpected(front.error());
    QList<smtp::Mailbox> recipients;
    for (const QByteArray &address : deliveryHeadOf(*front).deliveredTo) {
        const auto mailbox = smtp::parseMailbox(address);
        if (mailbox && !recipients.contains(*mailbox))
            recipients.append(*mailbox);
    }
    return recipients;
}

Result<DepartingMessage> departingMessage(const MessageId &id, const MessageOctets &captured,
    const QList<smtp::Mailbox> &to, const QString &spoolFolder)
{
    const auto front = captured.front(mostReleaseHead);
    const auto octets = withoutDeliveryHead(captured, {}, spoolFolder);
    if (!front || !octets)
        return tl::unexpected(front ? octets.error() : front.error());
    DepartingMessage message;
    message.octets = *octets;
    message.envelope.reversePath
        = smtp::parseMailbox(deliveryHeadOf(*front).returnPath).value_or(smtp::Mailbox());
    for (const smtp::Mailbox &one : to)
        message.envelope.recipients.append({one, {}, {}});
    message.envelope.smtpUtf8 = message.envelope.hasUtf8Paths();
    message.madeFrom
        = {MadeFrom::How::Released, id, bareMessageId(readHeader(*front).value("Message-ID")), {}};
    return message;
}

} // namespace glasspost::mail
