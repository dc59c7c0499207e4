#include "mail/queue/queuevalues.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

RecipientState stateAfter(Ended::Outcome outcome)
{
    switch (outcome) {
    case Ended::Outcome::Delivered:
        return RecipientState::Delivered;
    case Ended::Outcome::Failed:
        return RecipientState::Failed;
    case Ended::Outcome::Expired:
        break;
    }
    return RecipientState::Expired;
}

} // namespace

DeliveryProgress pendingAfter(int attempts, const std::optional<smtp::RecipientReport> &lastReport)
{
    return attempts > 0 ? DeliveryProgress(Deferred{attempts, lastReport}) : Waiting();
}

int QueueRecipient::attempts() const
{
    const auto attemptsOf = [](const auto &state) {
        if constexpr (requires { state.attempts; })
            return state.attempts;
        else
            return 0;
    };
    return std::visit(attemptsOf, progress);
}

std::optional<smtp::RecipientReport> QueueRecipient::lastReport() const
{
    const auto lastReportOf = [](const auto &state) -> std::optional<smtp::RecipientReport> {
        if constexpr (requires { state.lastReport; })
            return state.lastReport;
        else
            return std::nullopt;
    };
    return std::visit(lastReportOf, progress);
}

RecipientState QueueEntry::stateOf(const QueueRecipient &recipient) const
{
    if (const auto *ended = std::get_if<Ended>(&recipient.progress))
        return stateAfter(ended->outcome);
    if (recipient.isDelivering())
        return RecipientState::Delivering;
    if (held)
        return RecipientState::Held;
    return recipient.attempts() > 0 ? RecipientState::Deferred : RecipientState::Waiting;
}

bool QueueEntry::isDone() const
{
    return std::all_of(recipients.begin(), recipients.end(),
        [](const QueueRecipient &recipient) { return recipient.hasEnded(); });
}

bool QueueEntry::isUntouched() const
{
    return std::all_of(recipients.begin(), recipients.end(),
        [](const QueueRecipient &recipient) { return recipient.attempts() == 0; });
}

} // namespace glasspost::mail
