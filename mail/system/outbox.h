#pragma once

#include "mail/accept/submitreceipt.h"
#include "mail/base/messageoctets.h"
#include "mail/base/task.h"
#include "mail/journey/journeyfilter.h"
#include "mail/message/draft.h"
#include "mail/message/messageview.h"
#include "mail/queue/queuevalues.h"
#include "mail/queue/reachability.h"
#include "mail/routing/recipientroute.h"

#include <QObject>

namespace glasspost::mail {

/// What is sent from here: submitting it, the queue in which it waits, and the way that it takes. Any thread
/// may call; every method returns at once. Signals are emitted on the thread that made the mail system, those
/// of the queue some 30 a second at most.
class Outbox : public QObject
{
    Q_OBJECT
public:
    /// Answers when the message is durable: in the queue, in mailboxes here and in Sent. NoMailbox names a
    /// recipient of ours whom nobody here is, BadAddress one that is no address.
    virtual Task<SubmitReceipt> submit(const Draft &draft, const SubmitTerms &terms = {}) = 0;
    /// A whole message with its envelope, as "send --message --queue" has it; a route of its own is kept
    /// while it waits.
    virtual Task<SubmitReceipt> submitMessage(
        const smtp::Envelope &envelope, const MessageOctets &message, const SubmitTerms &terms = {})
        = 0;
    /// Where mail for that recipient, as it is typed, goes under the current settings.
    [[nodiscard]] virtual RecipientRoute routeFor(const QString &recipient) const = 0;

    /// The entries that have a recipient still to be served, oldest first.
    virtual Task<QList<QueueEntry>> entries() = 0;
    /// One that is done too, for seven days; NotFound after that: journeys() goes on.
    virtual Task<QueueEntry> entry(const QByteArray &id) = 0;
    /// The way of a message, in the queue or long gone from it, newest first where several went out of it.
    /// None is an empty list.
    virtual Task<QList<Journey>> journeys(const JourneyKey &key) = 0;
    /// Of what a session brought or tried to carry away.
    virtual Task<QList<Journey>> journeysOfSession(const QByteArray &sessionId) = 0;
    /// Of what was made from that message, newest first: forwarded by a person or a rule, or released. Those
    /// that the queue carries; without their sessions.
    virtual Task<QList<Journey>> journeysMadeFrom(const OriginalKey &original) = 0;
    /// Of everything that went through the queue. NotFound when the filter's olderThan is unknown.
    virtual Task<JourneyList> listJourneys(const JourneyFilter &filter) = 0;
    /// How entries stood when they left the queue, those of them that are known.
    virtual Task<QList<QueueEntry>> past(const QList<QByteArray> &ids) = 0;
    /// Deletes journeys permanently, and the queue's own records of these entries. StillQueued names one
    /// that still waits in the queue; nothing is deleted then.
    virtual Task<void> removeJourneys(const QList<QByteArray> &queueIds) = 0;
    virtual Task<MessageView> message(const QByteArray &id) = 0; ///< of an entry, to be shown
    /// An empty list of ids means every entry. The number of entries acted on. Removing an entry of which
    /// nothing has left yet (undo) moves its copy in Sent to Trash.
    virtual Task<int> act(const QueueRequest &request, const QList<QByteArray> &ids) = 0;

    /// Of a smarthost, for this run: what passwordNeeded asked for. Kept in memory only.
    virtual void setPassword(const QString &host, const QString &user, const QByteArray &password) = 0;
    /// Offline: what would leave this machine waits until it is said otherwise (NetworkWatch knows).
    virtual void setReachability(Reachability reachability) = 0;
    [[nodiscard]] virtual Reachability reachability() const = 0;

Q_SIGNALS:
    /// Entries that came or changed; one that is done comes once more, and removed() follows at once.
    void changed(const QList<glasspost::mail::QueueEntry> &entries);
    void removed(const QList<QByteArray> &ids);
    void journeysRemoved(const QList<QByteArray> &queueIds);
    /// An account without a user: the server wants a sign-in, and nobody was named.
    void passwordNeeded(const QString &host, const QString &user);
    void reachabilityChanged(glasspost::mail::Reachability reachability);
};

} // namespace glasspost::mail
