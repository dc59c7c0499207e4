#include "mail/queue/queueedits.h"

namespace glasspost::mail {

namespace {

bool canBeHeld(const QueueRecipient &one)
{
    return one.state == RecipientState::Waiting || one.state == RecipientState::Deferred;
}

void forgetPlans(QueueEntry &entry)
{
    for (QueueRecipient &one : entry.recipients)
        one.nextAttemptAt = 0;
}

} // namespace

std::optional<QueueEntry> withHold(QueueEntry entry, bool held)
{
    if (entry.held == held)
        return std::nullopt;
    entry.held = held;
    for (QueueRecipient &one : entry.recipients) {
        if (held && canBeHeld(one))
            one.state = RecipientState::Held;
        else if (!held && one.state == RecipientState::Held)
            one.state = one.attempts == 0 ? RecipientState::Waiting : RecipientState::Deferred;
    }
    return entry;
}

QueueEntry expired(QueueEntry entry, qint64 now)
{
    entry.held = false; // the report of it is made at once
    for (QueueRecipient &one : entry.recipients) {
        if (!canBeHeld(one) && one.state != RecipientState::Held)
            continue;
        one.state = RecipientState::Expired;
        if (one.lastReport.at != 0)
            continue;
        one.lastReport.recipient = one.recipient.forwardPath;
        one.lastReport.at = now * 1000;
        one.lastReport.status = {5, 4, 7};
        one.lastReport.reason = "given up by hand before it was tried";
    }
    return entry;
}

QueueEntry postponed(QueueEntry entry, qint64 at)
{
    entry.notBefore = at;
    forgetPlans(entry);
    return entry;
}

QueueEntry rerouted(QueueEntry entry, const std::optional<OutgoingRoute> &route)
{
    entry.route = route;
    forgetPlans(entry);
    return entry;
}

} // namespace glasspost::mail
