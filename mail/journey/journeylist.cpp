// Listing the journeys of all days, newest first.
#include "mail/base/dayfiles.h"
#include "mail/journey/journeyfiles.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int mostReadForAList = 2000; // journeys: what else is asked of the worker waits meanwhile

bool isListed(const Journey &journey, const JourneyFilter &filter)
{
    if (journey.entry.queuedAt < filter.since)
        return false;
    const auto isInState = [&](const QueueRecipient &one) {
        if (filter.state == RecipientState::Failed && one.later && one.later->action == ReportAction::Failed)
            return true;
        return (one.hasEnded() || journey.removedAt == 0) && journey.entry.stateOf(one) == *filter.state;
    };
    return !filter.state
        || std::any_of(journey.entry.recipients.begin(), journey.entry.recipients.end(), isInState);
}

} // namespace

QList<QByteArray> JourneyFiles::newestOfDay(const QString &name)
{
    QList<std::pair<qint64, QByteArray>> byOffset;
    const Day &day = load(name);
    for (auto one = day.journeys.cbegin(); one != day.journeys.cend(); ++one)
        byOffset.append({one->first().offset, one.key()});
    std::sort(byOffset.begin(), byOffset.end(), std::greater<>());
    QList<QByteArray> ids;
    for (const auto &one : std::as_const(byOffset))
        ids.append(one.second);
    return ids;
}

Result<JourneyList> JourneyFiles::list(const JourneyFilter &filter)
{
    findDays();
    JourneyList list;
    QString from; // a day; empty: the newest
    if (!filter.olderThan.isEmpty())
        from = daysWith({filter.olderThan}).value(filter.olderThan);
    if (from.isEmpty() && !filter.olderThan.isEmpty())
        return tl::unexpected(Error{ErrorCode::NotFound, QString::fromUtf8(filter.olderThan), {}});
    const QString until = dayName(filter.since);
    int readSoFar = 0;
    QByteArray last;
    for (const QString &name : newestFirst()) {
        if (name < until)
            break;
        if (!from.isEmpty() && name > from)
            continue;
        const QList<QByteArray> ids = newestOfDay(name);
        // -1 where it is of another day, or nothing but damage is left of it: the whole day.
        for (qsizetype i = name == from ? ids.indexOf(filter.olderThan) + 1 : 0; i < ids.size(); ++i) {
            if (list.journeys.size() == filter.limit || readSoFar == mostReadForAList) {
                list.next = last;
                return list;
            }
            last = ids[i];
            ++readSoFar;
            if (const Journey journey = read(name, last); isListed(journey, filter))
                list.journeys.append(journey);
        }
    }
    return list;
}

} // namespace glasspost::mail
