#pragma once

#include "mail/queue/queuevalues.h"
#include "ui/widgets/chip.h"

#include <QDateTime>

namespace glasspost::ui {

/// A queue entry in two or three words: "queued", "sending", "deferred, in 3 min", "refused", "delivered".
[[nodiscard]] StateChip queueChip(const mail::QueueEntry &entry, const QDateTime &now);
/// The same for one of its recipients.
[[nodiscard]] StateChip recipientChip(
    const mail::QueueEntry &entry, const mail::QueueRecipient &recipient, const QDateTime &now);

/// What the status bar says about the queue.
struct QueueSummary
{
    int waiting = 0; ///< messages with a recipient that is still to be tried
    int failed = 0; ///< messages with a recipient that was refused or expired, not yet removed
    qint64 nextAttemptAt = 0; ///< milliseconds since the Unix epoch; 0: none planned
    int deferred = 0; ///< of those that wait: a server has put them off, or could not be reached

    friend bool operator==(const QueueSummary &, const QueueSummary &) = default;
};
/// A server took it over, and reported later that it could not deliver it.
[[nodiscard]] bool hasBouncedLater(const mail::QueueRecipient &recipient);
/// A recipient of it was put off, and is tried again later.
[[nodiscard]] bool isDeferred(const mail::QueueEntry &entry);
[[nodiscard]] QueueSummary summary(const QList<mail::QueueEntry> &entries);

} // namespace glasspost::ui
