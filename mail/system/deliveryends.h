#pragma once

#include "mail/base/task.h"
#include "mail/journey/journey.h"
#include "mail/rules/rulelog.h"

#include <QByteArray>
#include <QList>
#include <QObject>

namespace glasspost::mail {

class Mailboxes;
class Outbox;
class Sessions;

/// Of which message the ends of its sessions are asked for: one in a mailbox, or a queue entry by its
/// journey.
struct DeliveredMessage
{
    QByteArray unique; ///< empty: in no mailbox
    QByteArray sessionId; ///< that brought it; empty: none did
    QByteArray messageId;
    QList<Journey> journeys; ///< by which it left from here

    friend bool operator==(const DeliveredMessage &, const DeliveredMessage &) = default;
};

/// From one of two messages to the other, of which one was made from the other (QueueEntry::madeFrom).
struct MadeLink
{
    enum class To { Original, Made };
    To to = To::Made;
    Journey journey; ///< of the one that was made
    MessageId other; ///< where the other message is now; null: in no mailbox
    QByteArray otherMessageId; ///< without angle brackets; may be empty

    friend bool operator==(const MadeLink &, const MadeLink &) = default;
};

/// What is known at our listener's end of a message's sessions, and of who sent it where that was this
/// program. The ends of one session have the reply in common that took the message over: it names the copy.
struct DeliveryEnds
{
    /// Of this message alone (mail/journey/arrivaltrace.h), by their begin; of sessions whose transcripts are
    /// kept.
    QList<smtp::SessionTrace> received;
    QList<Journey> senders; ///< by which it came to our listener from here
    QList<RuleLogLine> ruled = {}; ///< what rules did with it, the oldest first
    QList<MadeLink> links = {}; ///< what it was made from first, then what was made from it, newest first

    friend bool operator==(const DeliveryEnds &, const DeliveryEnds &) = default;
};

/// What is asked for them; all outlive the answer.
struct EndServices
{
    Mailboxes &mailboxes;
    Outbox &outbox;
    Sessions &sessions;
};
/// As far as they are known: what is not kept any more is no error. Called on the context's thread, on which
/// the answer comes.
[[nodiscard]] Task<DeliveryEnds> deliveryEnds(
    const EndServices &services, const DeliveredMessage &message, QObject *context);

/// Those sessions, and what is received of them; each once.
[[nodiscard]] QList<QByteArray> withSessionsOf(const DeliveryEnds &ends, QList<QByteArray> sessionIds);

} // namespace glasspost::mail
