#include "mail/queue/reportpolicy.h"

namespace glasspost::mail {

namespace {

using std::chrono::milliseconds;

// RFC 3461 4.1: without NOTIFY failures are told, and delays may be.
bool isAsked(smtp::NotifyFlags notify, smtp::Notify what)
{
    if (!notify)
        return what == smtp::Notify::Failure || what == smtp::Notify::Delay;
    return notify.testFlag(what);
}

} // namespace

bool isOwnReport(const QueueEntry &entry)
{
    return entry.envelope.reversePath.isNull() && entry.originSessionId.isEmpty();
}

DsnKinds owedNow(const QueueEntry &entry, int recipient)
{
    const QueueRecipient &one = entry.recipients.at(recipient);
    const bool forPostmaster = isOwnReport(entry);
    const auto *ended = std::get_if<Ended>(&one.progress);
    if (!ended || (entry.envelope.reversePath.isNull() && !forPostmaster))
        return {};
    switch (ended->outcome) {
    case Ended::Outcome::Failed:
    case Ended::Outcome::Expired: {
        const bool asked = forPostmaster || isAsked(one.recipient.notify, smtp::Notify::Failure);
        const bool owed = asked && !one.notified.testFlag(DsnKind::Failure);
        return owed ? DsnKinds(DsnKind::Failure) : DsnKinds();
    }
    case Ended::Outcome::Delivered: {
        const bool owed = !forPostmaster && isAsked(one.recipient.notify, smtp::Notify::Success)
            && !ended->lastReport.offered.testFlag(smtp::Capability::Dsn)
            && !one.notified.testFlag(DsnKind::Success);
        return owed ? DsnKinds(DsnKind::Success) : DsnKinds();
    }
    }
    return {};
}

bool isOwedAnyReport(const QueueEntry &entry)
{
    for (int i = 0; i < entry.recipients.size(); ++i) {
        if (owedNow(entry, i))
            return true;
    }
    return false;
}

bool isOver(const QueueEntry &entry)
{
    return entry.isDone() && !isOwedAnyReport(entry);
}

bool isOwedDelay(const QueueEntry &entry, int recipient, milliseconds age, milliseconds inQueue,
    const RetrySchedule &schedule)
{
    const QueueRecipient &one = entry.recipients.at(recipient);
    if (entry.stateOf(one) != RecipientState::Deferred || one.notified.testFlag(DsnKind::Delay)
        || entry.envelope.reversePath.isNull() || !isAsked(one.recipient.notify, smtp::Notify::Delay))
        return false;
    const bool isLate = schedule.delayAfter.count() > 0 && age >= schedule.delayAfter;
    const auto left = timeLeft(entry, inQueue);
    return isLate || (left && *left <= milliseconds(0));
}

std::optional<milliseconds> timeLeft(const QueueEntry &entry, milliseconds inQueue)
{
    if (!entry.envelope.deliverBy)
        return std::nullopt;
    return std::chrono::seconds(entry.envelope.deliverBy->seconds) - inQueue;
}

bool mustReturn(const QueueEntry &entry, milliseconds inQueue)
{
    const auto left = timeLeft(entry, inQueue);
    return left && *left <= milliseconds(0)
        && entry.envelope.deliverBy->mode == smtp::DeliverBy::Mode::Return;
}

} // namespace glasspost::mail
