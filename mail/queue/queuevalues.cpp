#include "mail/queue/queuevalues.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

bool hasEnded(const QueueRecipient &recipient)
{
    switch (recipient.state) {
    case RecipientState::Delivered:
    case RecipientState::Failed:
    case RecipientState::Expired:
        return true;
    case RecipientState::Waiting:
    case RecipientState::Delivering:
    case RecipientState::Deferred:
    case RecipientState::Held:
        return false;
    }
    return false;
}

} // namespace

bool QueueEntry::isDone() const
{
    return std::all_of(recipients.begin(), recipients.end(), hasEnded);
}

bool QueueEntry::isUntouched() const
{
    return std::all_of(recipients.begin(), recipients.end(),
        [](const QueueRecipient &recipient) { return recipient.attempts == 0; });
}

} // namespace glasspost::mail
