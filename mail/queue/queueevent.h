#pragma once

#include "mail/message/mdn.h"
#include "mail/message/statusreport.h"
#include "mail/queue/queuevalues.h"

#include <QList>

#include <optional>
#include <variant>

namespace glasspost::mail {

/// The life of a queue entry is a sequence of events, and apply() alone says what each of them changes.
///
/// A recipient is Waiting until its first attempt, Delivering during one, and then Ended for good or Deferred
/// until the next (queuevalues.h). Who records what:
///
/// - QueueRunner: AttemptBegan, written before anything is opened, so that a crash makes no storm of retries;
///   AttemptUndone when the disk refused that, or the program ended before anything was opened;
///   SessionOpened; Attempted for each recipient as soon as its result is known, AttemptInterrupted when the
///   program ends first; PutOff without an attempt while a password or the network is missing; Returned when
///   the time of DELIVERBY is over.
/// - Reporter: Notified, in the transaction that holds the report itself.
/// - A person, by Queue::act(): TryRequested, Held, Released, Postponed, Rerouted, Expired.
/// - ReturnedReports: ReportFolded, when a report or a receipt came back; also to an entry that is done.
/// - Schedule: ClockSet, when the wall clock was set, and Restarted, when an entry is read from its file.
///
/// Queue::insert() is the beginning. An entry is done when every recipient has ended and no report is owed
/// (isOver()): its state file becomes the record in queue/done. A person's Remove ends it without a record.
///
/// Queue::record() applies events to what the entry is at that moment and writes the result down. Events that
/// must be durable together with something else are staged: until that transaction is durable or has failed,
/// other events are seen at once and written after it, so that neither undoes the other on disk or in memory.
///
/// Recipients are named by their index. Times are milliseconds since the Unix epoch.

/// An attempt is about to begin.
struct AttemptBegan
{
    int recipient = 0;
    qint64 nextAttemptAt = 0; ///< the next one's time, should nothing be heard of this one

    friend bool operator==(const AttemptBegan &, const AttemptBegan &) = default;
};

/// Nothing was opened, because the beginning could not be written down or the program ends: no attempt.
struct AttemptUndone
{
    int recipient = 0;
    qint64 nextAttemptAt = 0;

    friend bool operator==(const AttemptUndone &, const AttemptUndone &) = default;
};

/// What an attempt comes to: by the report, and by the time that is left.
enum class AttemptOutcome { Delivered, Deferred, Failed, Expired };

struct Attempted
{
    int recipient = 0;
    smtp::RecipientReport report;
    AttemptOutcome outcome = AttemptOutcome::Deferred;

    friend bool operator==(const Attempted &, const Attempted &) = default;
};

/// The program ended the attempt, to end itself: due at the next start.
struct AttemptInterrupted
{
    int recipient = 0;
    smtp::RecipientReport report;

    friend bool operator==(const AttemptInterrupted &, const AttemptInterrupted &) = default;
};

/// It cannot be tried now.
struct PutOff
{
    int recipient = 0;
    qint64 nextAttemptAt = 0;

    friend bool operator==(const PutOff &, const PutOff &) = default;
};

/// Opened, or taken up again where an earlier attempt left it open: once in each attempt.
struct SessionOpened
{
    QByteArray sessionId;

    friend bool operator==(const SessionOpened &, const SessionOpened &) = default;
};

/// RFC 2852 4.1.4: past its time a message with R is returned.
struct Returned
{
    qint64 at = 0;

    friend bool operator==(const Returned &, const Returned &) = default;
};

/// The sender was sent a report of that recipient.
struct Notified
{
    int recipient = 0;
    DsnKind what = DsnKind::Failure;

    friend bool operator==(const Notified &, const Notified &) = default;
};

/// Due at once, whatever was planned.
struct TryRequested
{
    friend bool operator==(const TryRequested &, const TryRequested &) = default;
};

struct Held
{
    friend bool operator==(const Held &, const Held &) = default;
};

struct Released
{
    friend bool operator==(const Released &, const Released &) = default;
};

/// No attempt before that time, whatever was planned.
struct Postponed
{
    qint64 notBefore = 0;

    friend bool operator==(const Postponed &, const Postponed &) = default;
};

/// By that route from now on, none for the settings' one; due at once.
struct Rerouted
{
    std::optional<OutgoingRoute> route;

    friend bool operator==(const Rerouted &, const Rerouted &) = default;
};

/// Every recipient that still waits is given up, held or not.
struct Expired
{
    qint64 at = 0;

    friend bool operator==(const Expired &, const Expired &) = default;
};

/// What came back later of the recipients whose addresses it names, or of the only one there is.
struct ReportFolded
{
    StatusReport report; ///< without recipients: none came
    MdnReceipt receipt; ///< a null originalMessageId: none came
    qint64 at = 0;

    friend bool operator==(const ReportFolded &, const ReportFolded &) = default;
};

/// The times that people read, put right: one a recipient.
struct ClockSet
{
    QList<qint64> nextAttemptAt;

    friend bool operator==(const ClockSet &, const ClockSet &) = default;
};

/// Found in its file at a start: nobody said how an attempt that ran ended.
struct Restarted
{
    friend bool operator==(const Restarted &, const Restarted &) = default;
};

using QueueEvent = std::variant<AttemptBegan, AttemptUndone, Attempted, AttemptInterrupted, PutOff,
    SessionOpened, Returned, Notified, TryRequested, Held, Released, Postponed, Rerouted, Expired,
    ReportFolded, ClockSet, Restarted>;
using QueueEvents = QList<QueueEvent>;

/// What the entry is after the event. What happens to an entry changes it here alone; Schedule besides keeps
/// its clock (age, inQueue, seenAt), and what an entry is when it comes (route, held, the copy in Sent) is
/// set before Queue::insert().
[[nodiscard]] QueueEntry apply(QueueEntry entry, const QueueEvent &event);
/// After all of them, in that order.
[[nodiscard]] QueueEntry applyAll(QueueEntry entry, const QueueEvents &events);

/// Not worth a write of its own: seen at once, and on disk with the next event that is.
[[nodiscard]] bool isOnlySeen(const QueueEvent &event);

} // namespace glasspost::mail
