#pragma once

#include "mail/transcripts/transcriptbatch.h"
#include "smtp/session/sessiontrace.h"

#include <QByteArray>
#include <QList>

namespace glasspost::mail {

/// By what a message is found among those of the session that brought it.
struct ArrivedMessage
{
    QByteArray sessionId;
    QList<QByteArray> names; ///< of its copies and its queue entries: the reply that took it over has one
    qint64 keptAt = 0; ///< when a copy was made, microseconds since the Unix epoch; 0: not known

    friend bool operator==(const ArrivedMessage &, const ArrivedMessage &) = default;
};

/// What of a session of our listener was about that message alone, by its transcript; with what opened and
/// closed the connection where nobody else was carried before and after. The times in which the client was to
/// speak are stages of their own. Where the record does not tell whose a time was, no stage has it: after a
/// refusal the listener may let the client wait. No stages where it cannot be told which message of several
/// it was.
[[nodiscard]] smtp::SessionTrace arrivalTrace(const Transcript &transcript, const ArrivedMessage &message);

/// Whether a reply to it decides on the whole message: to the dot, or to the last chunk (RFC 3030).
[[nodiscard]] bool endsMessage(const smtp::TracedStage &stage);
/// The reply that took a message over; null when none did.
[[nodiscard]] smtp::Reply takenOverWith(const smtp::SessionTrace &trace);

} // namespace glasspost::mail
