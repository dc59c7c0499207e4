#include "mail/queue/servedentry.h"

#include "mail/queue/sitereports.h"

namespace glasspost::mail {

std::optional<QueueEntry> servedEntry(const Queue &queue, const smtp::Envelope &envelope,
    const QList<smtp::EnvelopeRecipient> &served, const QByteArray &originSessionId, const QString &subject)
{
    smtp::Envelope told = envelope;
    told.recipients.clear();
    for (const smtp::EnvelopeRecipient &one : served) {
        if (one.notify.testFlag(smtp::Notify::Success))
            told.recipients.append(one);
    }
    if (told.recipients.isEmpty() || envelope.reversePath.isNull())
        return std::nullopt;
    QueueEntry entry = queue.prepare(told, 0, originSessionId, subject);
    for (QueueRecipient &one : entry.recipients) {
        one.state = RecipientState::Delivered;
        one.lastReport = ownReport(one.recipient.forwardPath, smtp::DeliveryResult::Delivered,
            smtp::DeliveryStage::Local, {2, 0, 0}, "kept in the mailbox here");
    }
    return entry;
}

} // namespace glasspost::mail
