#pragma once

#include "mail/maildir/madefrom.h"
#include "mail/message/statusreport.h"
#include "mail/settings/settings.h"
#include "smtp/client/deliveryreport.h"
#include "smtp/syntax/envelope.h"

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>
#include <variant>

namespace glasspost::mail {

/// A recipient's state in one word, for files, scripts and people: QueueEntry::stateOf().
enum class RecipientState : quint8 { Waiting, Delivering, Delivered, Deferred, Failed, Expired, Held };

/// The delivery status notifications of a recipient that its sender is owed (RFC 3461 4.1), each once.
enum class DsnKind { Failure = 1, Delay = 2, Success = 4 };
Q_DECLARE_FLAGS(DsnKinds, DsnKind)
Q_DECLARE_OPERATORS_FOR_FLAGS(DsnKinds)

/// What a server further on said later of a recipient, in a report that came back (RFC 3464).
struct LaterReport
{
    ReportAction action = ReportAction::Failed;
    smtp::EnhancedStatusCode status;
    QByteArray server; ///< who reported it
    QByteArray diagnostic; ///< one line, may be empty
    qint64 at = 0; ///< milliseconds since the Unix epoch: when it came

    friend bool operator==(const LaterReport &, const LaterReport &) = default;
};

/// What the program of a recipient's reader said became of the message (RFC 8098).
struct ReadReceipt
{
    QByteArray disposition; ///< "displayed", "deleted" ..., in small letters
    qint64 at = 0; ///< milliseconds since the Unix epoch: when it came

    friend bool operator==(const ReadReceipt &, const ReadReceipt &) = default;
};

/// Not attempted yet.
struct Waiting
{
    friend bool operator==(const Waiting &, const Waiting &) = default;
};

/// An attempt is running.
struct Delivering
{
    int attempts = 1; ///< this one included
    std::optional<smtp::RecipientReport> lastReport; ///< of an earlier one

    friend bool operator==(const Delivering &, const Delivering &) = default;
};

/// Between two attempts.
struct Deferred
{
    int attempts = 1;
    std::optional<smtp::RecipientReport> lastReport; ///< none: no attempt was seen to its end

    friend bool operator==(const Deferred &, const Deferred &) = default;
};

/// There is no further attempt.
struct Ended
{
    enum class Outcome : quint8 { Delivered, Failed, Expired };
    Outcome outcome = Outcome::Delivered;
    int attempts = 0; ///< 0: given up before the first, or kept in a mailbox here on arrival
    smtp::RecipientReport lastReport; ///< our own if no attempt was reported on

    friend bool operator==(const Ended &, const Ended &) = default;
};

/// How far the delivery to one recipient has come.
using DeliveryProgress = std::variant<Waiting, Delivering, Deferred, Ended>;

/// Waiting before the first attempt, Deferred after one.
[[nodiscard]] DeliveryProgress pendingAfter(
    int attempts, const std::optional<smtp::RecipientReport> &lastReport);

/// One recipient of one queued message.
struct QueueRecipient
{
    smtp::EnvelopeRecipient recipient;
    DeliveryProgress progress;
    /// When another attempt, should there be one, may begin: milliseconds since the Unix epoch; 0: as soon as
    /// may be. Whatever the progress: an attempt that runs has it on disk before it begins, and it means
    /// nothing once the recipient has ended.
    qint64 nextAttemptAt = 0;
    DsnKinds notified; ///< what the sender was notified of
    std::optional<LaterReport> later;
    std::optional<ReadReceipt> receipt;

    [[nodiscard]] bool isDelivering() const { return std::holds_alternative<Delivering>(progress); }
    [[nodiscard]] bool hasEnded() const { return std::holds_alternative<Ended>(progress); }
    [[nodiscard]] bool isPending() const { return !isDelivering() && !hasEnded(); } ///< Waiting or Deferred
    [[nodiscard]] int attempts() const; ///< begun so far
    [[nodiscard]] std::optional<smtp::RecipientReport> lastReport() const;
    friend bool operator==(const QueueRecipient &, const QueueRecipient &) = default;
};

/// One message in the outgoing queue, as files and window know it.
struct QueueEntry
{
    QByteArray id;
    smtp::Envelope envelope; ///< as accepted
    /// One for each recipient of the envelope, in that order, each with a copy of it that never differs; the
    /// state file has them once.
    QList<QueueRecipient> recipients;
    qint64 queuedAt = 0; ///< milliseconds since the Unix epoch
    qint64 notBefore = 0; ///< milliseconds since the Unix epoch: undo time, send at
    qint64 size = 0; ///< octets
    QString subject; ///< for the window
    QByteArray messageIdField;
    QByteArray originSessionId; ///< the session that brought it in; empty when composed here
    QList<QByteArray> attemptSessionIds; ///< sessions that tried to carry it away, oldest first
    MessageId sentCopy; ///< null when it was not composed here
    /// Milliseconds since the first attempt when seenAt (milliseconds since the Unix epoch) was, without the
    /// time in which a person had it wait: running time by the monotonic clock, gaps between two runs by the
    /// wall clock but a day at most each, so that no jump of the clock makes an entry old (C67).
    qint64 age = 0;
    qint64 seenAt = 0;
    /// Milliseconds in the queue when seenAt was, by the same reckoning but with the time that it was held:
    /// what DELIVERBY counts (RFC 2852).
    qint64 inQueue = 0;
    bool held = false; ///< by a person: what is pending is not attempted
    /// The way the whole of it goes, in place of the settings' route and of the mailboxes here.
    std::optional<OutgoingRoute> route;
    std::optional<MadeFrom> madeFrom = {}; ///< none: it is nobody's forward or release

    [[nodiscard]] RecipientState stateOf(const QueueRecipient &recipient) const; ///< one of its own
    [[nodiscard]] bool isDone() const; ///< every recipient ended: delivered, failed or expired
    [[nodiscard]] bool isUntouched() const; ///< nothing of it was tried yet
    friend bool operator==(const QueueEntry &, const QueueEntry &) = default;
};

enum class QueueAction {
    TryNow,
    Hold,
    Release,
    Remove, ///< nobody is told
    Expire, ///< given up: the sender gets the report
    Postpone, ///< no attempt before QueueRequest::at
    Reroute ///< goes by QueueRequest::route from now on, and is due at once
};

/// What a person asks of the queue.
struct QueueRequest
{
    QueueRequest(QueueAction what) : action(what) { }
    QueueAction action;
    qint64 at = 0; ///< Postpone: milliseconds since the Unix epoch
    std::optional<OutgoingRoute> route; ///< Reroute: none for the settings' route again

    friend bool operator==(const QueueRequest &, const QueueRequest &) = default;
};

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::QueueEntry)
