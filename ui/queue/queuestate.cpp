#include "ui/queue/queuestate.h"

#include "ui/words/format.h"

#include <QCoreApplication>

namespace glasspost::ui {

namespace {

struct QueueStateWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::QueueState)
};

using State = mail::RecipientState;

int countOf(const mail::QueueEntry &entry, State state)
{
    return int(std::count_if(entry.recipients.cbegin(), entry.recipients.cend(),
        [&](const mail::QueueRecipient &recipient) { return entry.stateOf(recipient) == state; }));
}

int lostOf(const mail::QueueEntry &entry)
{
    const auto isLost = [&entry](const mail::QueueRecipient &recipient) {
        const State state = entry.stateOf(recipient);
        return state == State::Failed || state == State::Expired
            || (state == State::Delivered && hasBouncedLater(recipient));
    };
    return int(std::count_if(entry.recipients.cbegin(), entry.recipients.cend(), isLost));
}

// As the reader's program says (RFC 8098).
bool wasDisplayed(const mail::QueueRecipient &recipient)
{
    return recipient.receipt && recipient.receipt->disposition == "displayed";
}

qint64 nextAttempt(const mail::QueueEntry &entry)
{
    qint64 next = 0;
    for (const mail::QueueRecipient &recipient : entry.recipients) {
        if (entry.held || !recipient.isPending())
            continue;
        const qint64 at = std::max(recipient.nextAttemptAt, entry.notBefore);
        next = next == 0 ? at : std::min(next, at);
    }
    return next;
}

} // namespace

bool hasBouncedLater(const mail::QueueRecipient &recipient)
{
    return recipient.later && recipient.later->action == mail::ReportAction::Failed;
}

StateChip recipientChip(
    const mail::QueueEntry &entry, const mail::QueueRecipient &recipient, const QDateTime &now)
{
    switch (entry.stateOf(recipient)) {
    case State::Waiting:
        return {QueueStateWords::tr("queued"), Tone::Transit};
    case State::Delivering:
        return {QueueStateWords::tr("sending"), Tone::Transit};
    case State::Delivered:
        if (hasBouncedLater(recipient))
            return {QueueStateWords::tr("bounced"), Tone::Refused};
        if (wasDisplayed(recipient))
            return {QueueStateWords::tr("displayed"), Tone::Accepted};
        return {QueueStateWords::tr("delivered"), Tone::Accepted};
    case State::Deferred:
        return {QueueStateWords::tr("deferred, again %1").arg(untilText(recipient.nextAttemptAt, now)),
            Tone::Deferred};
    case State::Failed:
        return {QueueStateWords::tr("refused"), Tone::Refused};
    case State::Expired:
        return {QueueStateWords::tr("given up"), Tone::Refused};
    case State::Held:
        return {QueueStateWords::tr("held"), Tone::Neutral};
    }
    return {};
}

StateChip queueChip(const mail::QueueEntry &entry, const QDateTime &now)
{
    const int total = int(entry.recipients.size());
    const int failed = lostOf(entry);
    if (entry.held)
        return {QueueStateWords::tr("held"), Tone::Neutral};
    if (countOf(entry, State::Delivering) > 0)
        return {QueueStateWords::tr("sending"), Tone::Transit};
    if (failed == total && total > 0)
        return {QueueStateWords::tr("bounced"), Tone::Refused};
    if (failed > 0)
        return {
            QueueStateWords::tr("%1 of %2 refused").arg(countText(failed), countText(total)), Tone::Refused};
    if (countOf(entry, State::Deferred) > 0)
        return {QueueStateWords::tr("deferred, again %1").arg(untilText(nextAttempt(entry), now)),
            Tone::Deferred};
    if (countOf(entry, State::Delivered) == total
        && std::all_of(entry.recipients.cbegin(), entry.recipients.cend(), wasDisplayed))
        return {QueueStateWords::tr("displayed"), Tone::Accepted};
    if (countOf(entry, State::Delivered) == total)
        return {QueueStateWords::tr("delivered"), Tone::Accepted};
    return {QueueStateWords::tr("queued"), Tone::Transit};
}

bool isDeferred(const mail::QueueEntry &entry)
{
    return countOf(entry, State::Deferred) > 0;
}

QueueSummary summary(const QList<mail::QueueEntry> &entries)
{
    QueueSummary sum;
    for (const mail::QueueEntry &entry : entries) {
        const int open = countOf(entry, State::Waiting) + countOf(entry, State::Deferred)
            + countOf(entry, State::Delivering) + countOf(entry, State::Held);
        sum.deferred += isDeferred(entry) ? 1 : 0;
        if (open > 0)
            ++sum.waiting;
        else if (countOf(entry, State::Failed) + countOf(entry, State::Expired) > 0)
            ++sum.failed;
        const qint64 next = nextAttempt(entry);
        if (next > 0)
            sum.nextAttemptAt = sum.nextAttemptAt == 0 ? next : std::min(sum.nextAttemptAt, next);
    }
    return sum;
}

} // namespace glasspost::ui
