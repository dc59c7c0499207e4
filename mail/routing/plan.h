#pragma once

#include "mail/routing/incomingmessage.h"
#include "mail/routing/recipientpatterns.h"
#include "mail/routing/router.h"
#include "mail/rules/errand.h"
#include "mail/rules/rulemessage.h"
#include "mail/rules/verdict.h"

#include <QHash>

#include <functional>

namespace glasspost::mail {

/// What acceptance goes by: a value that may be replaced at any time.
struct AcceptanceRules
{
    Router router;
    RecipientPolicy policy = RecipientPolicy::CatchAll; ///< of sessions
    QByteArray hostName = {}; ///< in Received
    /// Where sessions' mail for mailboxes here goes; none: it is kept.
    std::optional<OutgoingRoute> handOn = {};
    CaptureRule captureRule = {}; ///< CatchAll, as the next two
    RecipientPatterns rejected = {};
    RecipientPatterns discarded = {};
};

/// One message for the queue.
struct Relay
{
    smtp::Envelope envelope;
    std::optional<OutgoingRoute> route; ///< of its own
    QString forwardedBy = {}; ///< the mailbox whose rule forwards it
    /// By which rule, likewise; where the message was kept is known when it is.
    std::optional<MadeFrom> madeFrom = {};
    std::optional<MessageOctets> octets = {}; ///< its own copy; none: the one of all relays

    friend bool operator==(const Relay &, const Relay &) = default;
};

/// What becomes of one message, and of each of its recipients.
struct Plan
{
    QList<FolderId> mailboxes; ///< folders here, each once
    bool isDiscarded = false; ///< 250, and nothing is kept: every recipient is one to discard
    bool isCaptured = false; ///< the rule may name these mailboxes, and nobody has them
    MessageFlags flags; ///< of the message there
    QHash<FolderId, MessageFlags> flagsIn; ///< further ones in a folder, which rules give
    QList<QByteArray> deliveredTo; ///< the addresses that led there
    /// For an Inbox those that led to it, which is all that its rules see of them (RFC 5228 5.4); one that is
    /// not among these is for all of the message's recipients.
    QHash<FolderId, QList<QByteArray>> recipientsOf;
    QList<Relay> relays; ///< for the queue: one for each reverse-path (a list's owner has its own)
    /// Those who have it, in a mailbox here or from a list here, and whose sender asked to be told
    /// (NOTIFY=SUCCESS): all that is left of them is the report (RFC 3461 5.2.3).
    QList<smtp::EnvelopeRecipient> successReports;
    QList<smtp::EnvelopeRecipient> unknown; ///< our domains, nobody of that name, or a loop of aliases
    QByteArray mailboxHead; ///< fields on top of the copy for mailboxes, lines end in LF
    QByteArray relayHead; ///< on top of what goes on
    RuleOutcome ruled; ///< what rules want besides
};

/// Decides from values alone: no disk, no network, no clock. The content is not looked at, but by a
/// captureRule that asks for a field of it, and may be missing yet. now is in milliseconds since the Unix
/// epoch.
Plan planFor(const IncomingMessage &message, const AcceptanceRules &rules, qint64 now);

// A session needs the plan before the octets come. What they add to it is added here, and nowhere else.

/// A departure that was tolerated in the octets gets its field on top, before any of them is written.
Plan withTolerated(Plan plan, const QByteArray &words);
/// The folders among those that may be, and another in place of each that may not.
using Admit = std::function<QList<FolderId>(const QList<FolderId> &)>;
/// With the octets in message: where a captured message is filed. Its rule may ask for a field of the header;
/// which of the inboxes that it names may be is for admit to say. Any other plan is whole already.
Plan completed(Plan plan, const IncomingMessage &message, const AcceptanceRules &rules, const Admit &admit);
/// What rules make of it: a verdict for each of its Inboxes, in the order of Plan::mailboxes, on the message
/// as they read it. The octets of what they forward are left to the caller.
Plan withVerdicts(
    Plan plan, const IncomingMessage &message, const QList<RuleVerdict> &verdicts, const RuleMessage &read);

} // namespace glasspost::mail
