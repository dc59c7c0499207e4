#pragma once

#include "mail/queue/queueevent.h"
#include "smtp/session/sessiontrace.h"
#include "smtp/session/transcript.h"

#include <QList>
#include <QMetaType>

namespace glasspost::mail {

/// One thing that happened to a message on its way out. What it changed is apply()'s to say (queueevent.h).
struct JourneyEvent
{
    qint64 at = 0; ///< milliseconds since the Unix epoch: when it was recorded
    QueueEvent what;

    friend bool operator==(const JourneyEvent &, const JourneyEvent &) = default;
};

/// The way of a message that left through the queue, from its acceptance to the last report that came back.
/// It is kept with the mail, not with the queue: it outlives the entry and its record in queue/done. Each
/// Attempted among the events has all that is known of that attempt (smtp::RecipientReport, times in
/// microseconds), and the number of its session, whose lines stand in the transcript.
struct Journey
{
    QueueEntry entry; ///< as it was last; with its id alone when nothing else of it can be read
    QList<JourneyEvent> events; ///< oldest first
    /// Of the sessions that brought it and tried to carry it away, by their start. Those that have ended, as
    /// far as they were noted.
    QList<smtp::SessionFacts> sessions;
    qint64 removedAt = 0; ///< milliseconds since the Unix epoch: a person took it out of the queue; 0: no
    /// Something of the record, or of the file that it stands in, cannot be read: what is here is true, and
    /// something may be missing.
    bool isDamaged = false;
    /// What was found out in those sessions in which we were the client, and how long each stage took, as far
    /// as they had come; older records have none.
    QList<smtp::SessionTrace> traces = {};

    friend bool operator==(const Journey &, const Journey &) = default;
};

/// By what a message's journey is found: by the number of its queue entry, or, where it has none (it was
/// imported, or came here and was handed on), by its Message-ID.
struct JourneyKey
{
    QByteArray queueId;
    QByteArray messageId;
    QByteArray sessionId; ///< with a Message-ID: only what that session brought

    friend bool operator==(const JourneyKey &, const JourneyKey &) = default;
};

/// By what the journeys of messages that were made from another are found. The times in its names tell from
/// which day on there can be any.
struct OriginalKey
{
    QByteArray unique; ///< empty: in no mailbox
    QByteArray messageId;
    QByteArray sessionId; ///< that brought it; empty: none did

    friend bool operator==(const OriginalKey &, const OriginalKey &) = default;
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::Journey)
