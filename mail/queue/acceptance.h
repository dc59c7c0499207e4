#pragma once

#include "mail/base/task.h"
#include "mail/journal/transaction.h"
#include "mail/routing/plan.h"

namespace glasspost::mail {

/// Where one message was kept and queued.
struct Accepted
{
    QList<MessageId> mailboxes; ///< in the order of Plan::mailboxes
    MessageId sentCopy;
    QByteArray queueId; ///< of the first relay; empty when there is none
    QString file; ///< absolute path in the first mailbox
    qint64 size = 0; ///< octets of it on the wire
    bool isDiscarded = false; ///< a rule wants nothing of it kept
};

/// What becomes of a message that was handed in: see Acceptor.
struct Promised
{
    Task<Accepted> durable;
    Task<Accepted> filed;
};

/// The one way into mailboxes and queue, as the queue's own parts see it: reports and the copies of
/// recipients here are messages like any other. Acceptor stands above the queue, into which it puts entries,
/// so that they reach it through this.
class Acceptance
{
public:
    virtual ~Acceptance() = default;

    /// By the rules and the time as they are now.
    [[nodiscard]] virtual Plan planFor(const IncomingMessage &message) const = 0;
    /// Whether mail for that address is ours to deliver: a name here, which somebody may have or nobody.
    [[nodiscard]] virtual bool isHere(const smtp::Mailbox &forwardPath) const = 0;
    /// All that the plan says and the steps alongside, in one transaction: see Acceptor.
    virtual Promised accept(
        const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside)
        = 0;
};

} // namespace glasspost::mail
