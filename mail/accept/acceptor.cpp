#include "mail/accept/acceptor.h"

#include "mail/base/lineends.h"
#include "mail/message/reportparts.h"
#include "mail/queue/sitereports.h"

#include <algorithm>

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
    if (!plan.mailboxes.isEmpty()) {
        copies.forMailboxes = plan.mailboxHead + lines;
        copies.mailboxHead = plan.mailboxHead.size();
    }
    if (!plan.relays.isEmpty())
        copies.forRelays = plan.relayHead + lines;
    return copies;
}

/// The queue tells of its own recipients that nobody has them.
Result<void> isPossible(const IncomingMessage &message, const Plan &plan)
{
    if (plan.unknown.isEmpty() || message.origin == IncomingMessage::Origin::Queue)
        return {};
    const QByteArray first = plan.unknown.first().forwardPath.toBytes();
    return tl::unexpected(Error{ErrorCode::NoMailbox, QString::fromUtf8(first), {}});
}

Promised refused(const Error &error)
{
    return {tl::unexpected(error), tl::unexpected(error)};
}

} // namespace

struct Acceptor::Transaction
{
    MailboxTransaction mailboxes;
    QList<QueueEntry> entries;
    Accepted accepted;
    QList<RuleErrand> errands;
    QList<RuleLogLine> log;
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

Promised Acceptor::accept(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside)
{
    if (const Result<void> possible = isPossible(message, plan); !possible)
        return refused(possible.error());
    if (!m_passes || !m_passes->arrival.concern(message, plan))
        return keep(message, plan, alongside);
    const Promise<Accepted> durable;
    const Promise<Accepted> filed;
    m_passes->arrival.applied(message, plan)
        .then(this, [this, message, alongside, durable, filed](const Result<Plan> &ruled) {
            IncomingMessage named = message;
            if (ruled && !ruled->relays.isEmpty() && message.messageId.isEmpty())
                named.readHeader();
            const Promised promised = ruled ? keep(named, *ruled, alongside) : refused(ruled.error());
            durable.answerWith([&] { return promised.durable; });
            filed.answerWith([&] { return promised.filed; });
        });
    return {durable.task(), filed.task()};
}

/// By a plan in which the rules are.
Promised Acceptor::keep(const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside)
{
    const MessageOctets *octets = withoutHead(message);
    if (octets == nullptr || !octets->isSpooled() || plan.mailboxHead.isEmpty())
        return acceptWhole(message, plan, alongside);
    const Promise<Accepted> durable;
    const Promise<Accepted> filed;
    const auto putUnderHead = [folder = m_store.spoolFolder(), head = plan.mailboxHead, plain = *octets] {
        return withHead(head, plain, folder);
    };
    m_worker.run(putUnderHead)
        .then(this, [this, message, plan, alongside, durable, filed](const Result<MessageOctets> &local) {
            IncomingMessage whole = message;
            if (local)
                whole.content = MessageCopies{*local, *withoutHead(message), plan.mailboxHead.size()};
            const Promised promised = local ? acceptWhole(whole, plan, alongside) : refused(local.error());
            durable.answerWith([&] { return promised.durable; });
            filed.answerWith([&] { return promised.filed; });
        });
    return {durable.task(), filed.task()};
}

/// Its content is as it will be written, or small enough to be put under its fields here.
Promised Acceptor::acceptWhole(
    const IncomingMessage &message, const Plan &plan, const FileTransaction &alongside)
{
    Transaction transaction;
    if (const Result<void> added = add(transaction, message, plan); !added)
        return refused(added.error());
    transaction.mailboxes.steps += alongside;
    if (transaction.mailboxes.steps.isEmpty()
        && !plan.ruled.isDiscarded) // nothing to keep is nothing to promise
        return refused({ErrorCode::NotFound, {}, {}});
    return commit(std::move(transaction));
}

Promised Acceptor::commit(Transaction transaction)
{
    const Committed committed = m_store.commit(std::move(transaction.mailboxes));
    auto enqueued = [this, entries = std::move(transaction.entries), accepted = transaction.accepted,
                        log = std::move(transaction.log)] {
        for (const QueueEntry &entry : entries)
            m_queue.insert(entry);
        if (!log.isEmpty())
            m_passes->errands.note(log, accepted.mailboxes);
        return accepted;
    };
    auto filed
        = [this, accepted = std::move(transaction.accepted), errands = std::move(transaction.errands)] {
              for (const RuleErrand &errand : errands)
                  m_passes->errands.take(errand);
              return accepted;
          };
    // Moved: a captured const is copied each time that its function is handed on.
    return {committed.durable.andThen(this, std::move(enqueued)),
        committed.applied.andThen(this, std::move(filed))};
}

Task<void> Acceptor::acceptAll(const QList<IncomingMessage> &messages)
{
    Transaction all;
    for (const IncomingMessage &message : messages) {
        const Plan plan = planFor(message);
        if (const Result<void> possible = isPossible(message, plan); !possible)
            return possible;
        if (const Result<void> added = add(all, message, plan); !added)
            return added;
    }
    return commit(std::move(all)).durable.andThen(this, [](const Accepted &) {});
}

Result<void> Acceptor::add(Transaction &transaction, const IncomingMessage &message, const Plan &plan) const
{
    const MessageCopies copies = copiesOf(message, plan);
    MailboxTransaction &mailboxes = transaction.mailboxes;
    Accepted &accepted = transaction.accepted = {};
    const qsizetype firstStep = mailboxes.steps.size();
    const auto kept = mailboxes.add(
        copies.forMailboxes, plan.mailboxes, plan.flags, message.session.id, {}, plan.flagsIn);
    if (!kept)
        return tl::unexpected(kept.error());
    accepted.mailboxes = *kept;
    accepted.isDiscarded = plan.ruled.isDiscarded;
    addErrands(transaction, plan);
    if (!kept->isEmpty()) {
        accepted.file = m_store.fileOf(mailboxes.steps.at(firstStep));
        accepted.size = copies.forMailboxes.wireSize();
    }
    QList<QueueEntry> relays = relaysOf(message, plan, copies.forRelays);
    addOriginals(relays, plan, *kept);
    if (!relays.isEmpty())
        accepted.queueId = relays.first().id;
    if (message.sentCopy) {
        const auto sent = mailboxes.add(
            message.sentCopy->octets, {message.sentCopy->folder}, MessageFlag::Seen, {}, accepted.queueId);
        if (!sent)
            return tl::unexpected(sent.error());
        accepted.sentCopy = sent->first();
    }
    mailboxes.remove(message.replaces);
    for (qsizetype at = 0; at < relays.size(); ++at)
        enqueue(transaction, relays[at], plan.relays.at(at).octets.value_or(copies.forRelays));
    if (auto entry = successEntry(message, plan))
        enqueue(transaction, *entry, headerOf(message.front()));
    return {};
}

/// What must be done though we crash meanwhile is durable with the message.
void Acceptor::addErrands(Transaction &transaction, const Plan &plan)
{
    for (RuleErrand errand : plan.ruled.errands) {
        for (RuleErrand::Copy &copy : errand.copies)
            copy.id = transaction.accepted.mailboxes.at(plan.mailboxes.indexOf(copy.id.folder));
        if (errand.isOwed())
            transaction.mailboxes.steps.append(
                {FileStep::Kind::Replace, errandPath(errand), {}, toJson(errand), {}});
        transaction.errands.append(errand);
    }
    transaction.log += plan.ruled.log;
}

void Acceptor::enqueue(Transaction &transaction, QueueEntry &entry, const MessageOctets &octets) const
{
    entry.sentCopy = transaction.accepted.sentCopy;
    transaction.mailboxes.steps += m_queue.steps(entry, octets);
    transaction.entries.append(entry);
}

QList<QueueEntry> Acceptor::relaysOf(
    const IncomingMessage &message, const Plan &plan, const MessageOctets &octets) const
{
    QList<QueueEntry> entries;
    for (const Relay &relay : plan.relays) {
        const MessageOctets &own = relay.octets ? *relay.octets : octets;
        const qint64 size = own.wireSize() < 0 ? own.size() : own.wireSize();
        QueueEntry entry = m_queue.prepare(
            relay.envelope, message.notBefore, message.session.id, message.subject, message.messageId, size);
        entry.route = relay.route;
        entry.held = message.held;
        entry.madeFrom = relay.madeFrom ? relay.madeFrom : message.madeFrom;
        entries.append(entry);
    }
    return entries;
}

/// What a rule forwards was made from the copy in its mailbox, else from any that is kept.
void Acceptor::addOriginals(QList<QueueEntry> &relays, const Plan &plan, const QList<MessageId> &kept)
{
    for (qsizetype at = 0; at < relays.size(); ++at) {
        const Relay &relay = plan.relays.at(at);
        std::optional<MadeFrom> &madeFrom = relays[at].madeFrom;
        if (!relay.madeFrom || !madeFrom || kept.isEmpty())
            continue;
        const auto own = std::find_if(kept.cbegin(), kept.cend(),
            [&relay](const MessageId &one) { return one.folder.user == relay.forwardedBy; });
        madeFrom->message = own == kept.cend() ? kept.first() : *own;
    }
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
        one.progress = Ended{Ended::Outcome::Delivered, 0,
            ownReport(one.recipient.forwardPath, smtp::DeliveryResult::Delivered, smtp::DeliveryStage::Local,
                {2, 0, 0}, "kept in the mailbox here")};
    }
    return entry;
}

} // namespace glasspost::mail
