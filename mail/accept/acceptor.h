#pragma once

#include "mail/accept/arrivalrules.h"
#include "mail/accept/ruleerrands.h"
#include "mail/base/worker.h"
#include "mail/queue/acceptance.h"
#include "mail/queue/queue.h"
#include "mail/routing/plan.h"
#include "mail/store/store.h"

#include <QObject>

namespace glasspost::mail {

/// The one way in: sessions, the composer, the command line, reports and receipts of ours, recipients here
/// whose copy waited in the queue, drafts and import all hand their messages to it.
///
/// What it promises, as one transaction of the journal:
/// - All or nothing. Every mailbox of the plan, every entry of the queue, every report that is owed, the copy
///   in Sent, the removal of what the message replaces, and the steps alongside: a crash at any moment leaves
///   all of them or none. There is no partial success to ask about.
/// - durable comes once. With a value the message survives kill -9 and power loss, and nothing takes it back:
///   only then may a 250 be said or a composer be closed. With an error nothing of it will ever happen, and
///   whoever brought the message still has it.
/// - An error is known before anything is written when the plan itself is impossible: NoMailbox names the
///   first recipient that nobody here has (but of the queue's copies, whose entries say so), NotFound says
///   that there is nothing to keep, NotPermitted that a folder can have no such name. All others are the
///   disk's.
/// - Until durable, nobody sees anything of it; the entries are in the queue when durable comes. filed comes
///   afterwards, when the files are in the mailboxes, or with the error that the disk gave to durable; the
///   index follows.
/// - What rules say of a message that comes into an Inbox is in the same transaction (ArrivalRules). What
///   they want done with it besides is durable with it, and done once it is filed (RuleErrands).
/// - The message is never changed but for the plan's fields on top, and a large one never read into memory:
///   its file is linked into place. The caller may go before the answer, the promise does not.
///
/// Lives on the mail thread. Store and queue outlive it, and so do the rules.
class Acceptor : public QObject, public Acceptance
{
    Q_OBJECT
public:
    Acceptor(Store &store, Queue &queue, AcceptanceRules rules, Clock clock = Clock::system());

    /// What arrives passes these; without them it does not.
    struct Rules
    {
        ArrivalRules &arrival;
        RuleErrands &errands;
    };
    void pass(const Rules &rules) { m_passes.emplace(rules); }
    [[nodiscard]] bool mayForward() const { return m_passes && m_passes->arrival.mayForward(); }

    void setRules(AcceptanceRules rules) { m_rules = std::move(rules); }
    [[nodiscard]] const AcceptanceRules &rules() const { return m_rules; }

    [[nodiscard]] Plan planFor(const IncomingMessage &message) const override;
    [[nodiscard]] bool isHere(const smtp::Mailbox &forwardPath) const override;
    Promised accept(
        const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside) override;
    /// Several that are filed alone, in one transaction; answers when it is durable.
    Task<void> acceptAll(const QList<IncomingMessage> &messages);

private:
    struct Transaction;
    [[nodiscard]] Result<void> add(
        Transaction &transaction, const IncomingMessage &message, const Plan &plan) const;
    static void addErrands(Transaction &transaction, const Plan &plan);
    void enqueue(Transaction &transaction, QueueEntry &entry, const MessageOctets &octets) const;
    [[nodiscard]] QList<QueueEntry> relaysOf(
        const IncomingMessage &message, const Plan &plan, const MessageOctets &octets) const;
    static void addOriginals(QList<QueueEntry> &relays, const Plan &plan, const QList<MessageId> &kept);
    [[nodiscard]] std::optional<QueueEntry> successEntry(
        const IncomingMessage &message, const Plan &plan) const;
    Promised keep(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside);
    Promised acceptWhole(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside);
    Promised commit(Transaction transaction);

    Store &m_store;
    Queue &m_queue;
    AcceptanceRules m_rules;
    std::optional<Rules> m_passes;
    Clock m_clock;
    Worker m_worker; ///< copies large messages under their fields
};

} // namespace glasspost::mail
