#include "mail/accept/acceptor.h"

#include "mail/base/contextlink.h"
#include "mail/base/lineends.h"
#include "mail/message/reportparts.h"
#include "mail/queue/sitereports.h"

namespace glasspost::mail {

namespace {

const MessageOctets *withoutHead(const IncomingMessage &message)
{
    return std::get_if<MessageOctets>(&message.content);
}

/// What is in memory gets its fields here. What is in a file has them, or there are none to put on top.
MessageCopies copiesOf(const IncomingMessage &message, const Plan &plan)
{
    const MessageOctets *octets = withoutHead(message);
    if (octets == nullptr)
        return std::get<MessageCopies>(message.content);
    if (octets->isSpooled())
        return {*octets, *octets};
    const QByteArray lines = withLf(octets->inMemory());
    MessageCopies copies;
    if (!plan.mailboxes.isEmpty())
        copies.forMailboxes = plan.mailboxHead + lines;
    if (!plan.relays.isEmpty())
        copies.forRelays = plan.relayHead + lines;
    return copies;
}

} // namespace

struct Acceptor::Transaction
{
    Filing filing;
    QList<QueueEntry> entries;
    Accepted accepted;
};

Acceptor::Acceptor(Store &store, Queue &queue, AcceptanceRules rules, Clock clock)
    : m_store(store), m_queue(queue), m_rules(std::move(rules)), m_clock(std::move(clock))
{ }

Plan Acceptor::planFor(const IncomingMessage &message) const
{
    return mail::planFor(message, m_rules, m_clock.wall());
}

bool Acceptor::isHere(const smtp::Mailbox &forwardPath) const
{
    return m_rules.router.destination(forwardPath).kind != Destination::Kind::Remote;
}

void Acceptor::accept(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside,
    const Completion<Accepted> &durable)
{
    accept(message, plan, alongside, durable, {});
}

void Acceptor::accept(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside,
    const Completion<Accepted> &durable, const Completion<Accepted> &filed)
{
    if (!plan.unknown.isEmpty()) {
        const QByteArray first = plan.unknown.first().forwardPath.toBytes();
        durable(tl::unexpected(Error{ErrorCode::BadAddress, QString::fromUtf8(first), {}}));
        return;
    }
    const MessageOctets *octets = withoutHead(message);
    if (octets == nullptr || !octets->isSpooled() || plan.mailboxHead.isEmpty()) {
        commit(message, plan, alongside, durable, filed);
        return;
    }
    m_worker.run([this, link = ContextLink::to(this), folder = m_store.spoolFolder(), message, plan,
                     alongside, durable, filed] {
        const MessageOctets &plain = *withoutHead(message);
        const auto local = withHead(plan.mailboxHead, plain, folder);
        IncomingMessage whole = message;
        if (local)
            whole.content = MessageCopies{*local, plain};
        link->run(
            [this, whole, plan, alongside, durable, filed, made = local.map([](const MessageOctets &) {})] {
                if (made)
                    commit(whole, plan, alongside, durable, filed);
                else
                    durable(tl::unexpected(made.error()));
            });
    });
}

void Acceptor::commit(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside,
    const Completion<Accepted> &durable, const Completion<Accepted> &filed)
{
    Transaction transaction;
    if (const Result<void> added = add(transaction, message, plan); !added) {
        durable(tl::unexpected(added.error()));
        return;
    }
    transaction.filing.steps += alongside;
    if (transaction.filing.steps.isEmpty()) { // nothing to keep is nothing to promise
        durable(tl::unexpected(Error{ErrorCode::NotFound, {}, {}}));
        return;
    }
    const auto answer = [accepted = transaction.accepted](const Completion<Accepted> &done) {
        return [accepted, done](
                   const Result<void> &result) { done(result.map([&accepted] { return accepted; })); };
    };
    m_store.commit(
        std::move(transaction.filing), this,
        [this, entries = transaction.entries, tell = answer(durable)](const Result<void> &result) {
            for (const QueueEntry &entry : entries) {
                if (result)
                    m_queue.insert(entry);
            }
            tell(result);
        },
        filed ? Completion<void>(answer(filed)) : Completion<void>());
}

void Acceptor::acceptAll(const QList<IncomingMessage> &messages, const Completion<void> &durable)
{
    Transaction all;
    for (const IncomingMessage &message : messages) {
        if (const Result<void> added = add(all, message, planFor(message)); !added) {
            durable(added);
            return;
        }
    }
    m_store.commit(std::move(all.filing), this, durable);
}

Result<void> Acceptor::add(Transaction &transaction, const IncomingMessage &message, const Plan &plan) const
{
    const MessageCopies copies = copiesOf(message, plan);
    Filing &filing = transaction.filing;
    Accepted &accepted = transaction.accepted;
    const qsizetype first = filing.jobs.size();
    const auto kept = filing.add(copies.forMailboxes, plan.mailboxes, plan.flags, message.session.id, {});
    if (!kept)
        return tl::unexpected(kept.error());
    accepted.mailboxes = *kept;
    if (!kept->isEmpty()) {
        accepted.file = m_store.fileOf(filing.jobs.at(first));
        accepted.size = filing.jobs.at(first).size;
    }
    QList<QueueEntry> relays = relaysOf(message, plan, copies.forRelays);
    if (!relays.isEmpty())
        accepted.queueId = relays.first().id;
    if (message.sentCopy) {
        const auto sent = filing.add(
            message.sentCopy->octets, {message.sentCopy->folder}, MessageFlag::Seen, {}, accepted.queueId);
        if (!sent)
            return tl::unexpected(sent.error());
        accepted.sentCopy = sent->first();
    }
    filing.remove(message.replaces);
    for (QueueEntry &entry : relays)
        enqueue(transaction, entry, copies.forRelays);
    if (auto entry = successEntry(message, plan))
        enqueue(transaction, *entry, headerOf(message.front()));
    return {};
}

void Acceptor::enqueue(Transaction &transaction, QueueEntry &entry, const MessageOctets &octets) const
{
    entry.sentCopy = transaction.accepted.sentCopy;
    transaction.filing.steps += m_queue.steps(entry, octets);
    transaction.entries.append(entry);
}

QList<QueueEntry> Acceptor::relaysOf(
    const IncomingMessage &message, const Plan &plan, const MessageOctets &octets) const
{
    const qint64 size = octets.wireSize() < 0 ? octets.size() : octets.wireSize();
    QList<QueueEntry> entries;
    for (const Relay &relay : plan.relays) {
        QueueEntry entry = m_queue.prepare(
            relay.envelope, message.notBefore, message.session.id, message.subject, message.messageId, size);
        entry.route = relay.route;
        entries.append(entry);
    }
    return entries;
}

// Those whose delivery is done: all that is left of it is the report, which needs the header alone.
std::optional<QueueEntry> Acceptor::successEntry(const IncomingMessage &message, const Plan &plan) const
{
    if (plan.successReports.isEmpty())
        return std::nullopt;
    smtp::Envelope envelope = message.envelope;
    envelope.recipients = plan.successReports;
    QueueEntry entry = m_queue.prepare(envelope, 0, message.session.id, message.subject);
    for (QueueRecipient &one : entry.recipients) {
        one.state = RecipientState::Delivered;
        one.lastReport = ownReport(one.recipient.forwardPath, smtp::DeliveryResult::Delivered,
            smtp::DeliveryStage::Local, {2, 0, 0}, "kept in the mailbox here");
    }
    return entry;
}

} // namespace glasspost::mail
