#pragma once

#include "mail/queue/queueevent.h"
#include "mail/settings/settings.h"

#include <chrono>

namespace glasspost::mail {

/// Policy of the queue as pure functions over values: no clock, no disk, no network.

/// How long a recipient waits after so many failed attempts (1 is the first). Never negative, at least a
/// second: an empty schedule is the standard one (RFC 5321 4.5.4.1).
std::chrono::milliseconds waitAfter(const RetrySchedule &schedule, int failedAttempts);

/// What an attempt comes to. Expired only ever follows a failed attempt, so that a clock that was
/// set or a machine that slept loses nothing without one more try. A refused sign-in defers: the password is
/// at fault, not the recipient (C52). Unknown defers too (C28).
AttemptOutcome outcomeOf(
    const smtp::RecipientReport &report, std::chrono::milliseconds age, const RetrySchedule &schedule);

/// Recipients by the domain that decides their exchanger, without case, in the order first met; each with the
/// indexes given.
struct DestinationGroup
{
    QByteArray domain; ///< lower case
    QList<int> recipients;

    friend bool operator==(const DestinationGroup &, const DestinationGroup &) = default;
};
QList<DestinationGroup> groupByDomain(
    const QList<smtp::EnvelopeRecipient> &recipients, const QList<int> &indexes);

} // namespace glasspost::mail
