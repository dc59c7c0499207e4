#include "mail/system/comparedsessions.h"

#include "mail/journey/dialoguetrace.h"
#include "mail/system/outbox.h"
#include "mail/system/sessions.h"

#include <algorithm>
#include <optional>

namespace glasspost::mail {

namespace {

std::optional<ComparedSession> tracedIn(const QList<Journey> &journeys, const QByteArray &sessionId)
{
    for (const Journey &journey : journeys) {
        const auto trace = std::find_if(journey.traces.begin(), journey.traces.end(),
            [&sessionId](const smtp::SessionTrace &one) { return one.sessionId == sessionId; });
        if (trace != journey.traces.end())
            return ComparedSession{*trace, false};
    }
    return {};
}

} // namespace

Task<ComparedSession> comparedSession(
    Outbox &outbox, Sessions &sessions, const QByteArray &sessionId, QObject *context)
{
    return outbox.journeysOfSession(sessionId).andThen(
        context, [&sessions, sessionId, context](const QList<Journey> &journeys) -> Task<ComparedSession> {
            if (const auto traced = tracedIn(journeys, sessionId))
                return Result<ComparedSession>(*traced);
            return sessions.transcript(sessionId).andThen(context, [](const Transcript &transcript) {
                return ComparedSession{traceOfDialogue(transcript), true};
            });
        });
}

} // namespace glasspost::mail
