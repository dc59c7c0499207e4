#include "mail/queue/retrypolicy.h"

#include <algorithm>

namespace glasspost::mail {

std::chrono::milliseconds waitAfter(const RetrySchedule &schedule, int failedAttempts)
{
    using namespace std::chrono_literals;
    const QList<std::chrono::seconds> waits
        = schedule.waits.isEmpty() ? RetrySchedule::standard().waits : schedule.waits;
    const qsizetype place = std::clamp<qsizetype>(failedAttempts - 1, 0, waits.size() - 1);
    return std::max<std::chrono::milliseconds>(waits.at(place), 1s);
}

AttemptOutcome outcomeOf(
    const smtp::RecipientReport &report, std::chrono::milliseconds age, const RetrySchedule &schedule)
{
    const AttemptOutcome later
        = age >= schedule.giveUpAfter ? AttemptOutcome::Expired : AttemptOutcome::Deferred;
    switch (report.result) {
    case smtp::DeliveryResult::Delivered:
        return AttemptOutcome::Delivered;
    case smtp::DeliveryResult::Refused:
        return report.stage == smtp::DeliveryStage::Auth ? later : AttemptOutcome::Failed;
    case smtp::DeliveryResult::Deferred:
    case smtp::DeliveryResult::Unknown:
        return later;
    }
    return later;
}

QList<DestinationGroup> groupByDomain(
    const QList<smtp::EnvelopeRecipient> &recipients, const QList<int> &indexes)
{
    QList<DestinationGroup> groups;
    QHash<QByteArray, qsizetype> places;
    for (const int index : indexes) {
        const QByteArray domain = recipients.at(index).forwardPath.domain.toLower();
        const auto known = places.constFind(domain);
        if (known != places.constEnd()) {
            groups[*known].recipients.append(index);
            continue;
        }
        places.insert(domain, groups.size());
        groups.append({domain, {index}});
    }
    return groups;
}

} // namespace glasspost::mail
