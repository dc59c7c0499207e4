#include "mail/accept/arrivalrules.h"

#include "mail/base/lineends.h"
#include "mail/message/deliveryhead.h"

#include <QTimer>

#include <algorithm>

namespace glasspost::mail {

namespace {

using namespace std::chrono_literals;

constexpr auto longestLookUp = 2s;

/// As the mailbox will have it: with our fields on top.
Result<QByteArray> octetsForRules(const IncomingMessage &message, const Plan &plan)
{
    if (const auto *octets = std::get_if<MessageOctets>(&message.content)) {
        return octets->front(mostOctetsForRules).map([&plan](const QByteArray &front) {
            return plan.mailboxHead + front;
        });
    }
    return std::get<MessageCopies>(message.content).forMailboxes.front(mostOctetsForRules);
}

qint64 sizeForRules(const IncomingMessage &message, const QByteArray &octets)
{
    const auto *plain = std::get_if<MessageOctets>(&message.content);
    const qint64 size = plain == nullptr ? std::get<MessageCopies>(message.content).forMailboxes.wireSize()
                                         : plain->wireSize();
    return size < 0 ? octets.size() : size;
}

Result<RuleMessage> ruleMessage(
    const IncomingMessage &message, const Plan &plan, const std::optional<bool> &isSenderKnown)
{
    const Result<QByteArray> octets = octetsForRules(message, plan);
    if (!octets)
        return tl::unexpected(octets.error());
    RuleMessage result;
    result.octets = *octets;
    result.size = sizeForRules(message, *octets);
    result.reversePath = message.envelope.reversePath.toBytes();
    result.recipients.emplace();
    for (const smtp::EnvelopeRecipient &recipient : message.envelope.recipients)
        result.recipients->append(recipient.forwardPath.toBytes());
    result.session = message.session;
    result.isSenderKnown = isSenderKnown;
    return result;
}

/// What is forwarded under the field that tells a loop. Blocks on the disk where the message is a file.
Result<MessageOctets> forwardedOctets(
    const IncomingMessage &message, const Plan &plan, const QByteArray &field, const QString &spoolFolder)
{
    if (const auto *octets = std::get_if<MessageOctets>(&message.content)) {
        if (!octets->isSpooled())
            return MessageOctets(field + plan.relayHead + withLf(octets->inMemory()));
        return withHead(field + plan.relayHead, *octets, spoolFolder);
    }
    const MessageCopies &copies = std::get<MessageCopies>(message.content);
    if (copies.forRelays.isSpooled())
        return withHead(field, copies.forRelays, spoolFolder);
    return withoutDeliveryHead(copies.forMailboxes, field, spoolFolder); // spooled before a rule forwarded
}

} // namespace

ArrivalRules::ArrivalRules(Store &store) : m_store(store) { }

void ArrivalRules::setRules(const QList<Rule> &rules)
{
    m_rules = std::make_shared<QList<Rule>>(rules);
    m_mayForward = mail::mayForward(rules);
    m_asksForSenders = asksForKnownSenders(rules);
}

bool ArrivalRules::concern(const IncomingMessage &message, const Plan &plan) const
{
    using Origin = IncomingMessage::Origin;
    if (message.origin == Origin::Draft || message.origin == Origin::Import)
        return false;
    const bool hasRules
        = std::any_of(m_rules->cbegin(), m_rules->cend(), [](const Rule &rule) { return rule.isEnabled; });
    return hasRules && !plan.mailboxes.isEmpty();
}

Task<Plan> ArrivalRules::applied(const IncomingMessage &message, const Plan &plan)
{
    const auto judged = [this, message, plan](const std::optional<bool> &isSenderKnown) {
        return m_worker.run([message, plan, isSenderKnown, rules = m_rules, terms = m_terms,
                                spoolFolder = m_store.spoolFolder()]() -> Result<Plan> {
            Result<RuleMessage> read = ruleMessage(message, plan, isSenderKnown);
            if (!read)
                return tl::unexpected(read.error());
            RuleReading reading(*read);
            QList<RuleVerdict> verdicts;
            const auto recipients = read->recipients.value_or(QList<QByteArray>());
            for (const FolderId &inbox : plan.mailboxes) {
                read->recipients = plan.recipientsOf.value(inbox, recipients);
                verdicts.append(judge(*rules, reading, inbox.user, terms));
            }
            Plan ruled = withVerdicts(plan, message, verdicts, *read);
            for (Relay &relay : ruled.relays) {
                if (relay.forwardedBy.isEmpty())
                    continue;
                const QByteArray field = forwardedField(relay.forwardedBy, terms.hostName);
                const Result<MessageOctets> octets = forwardedOctets(message, plan, field, spoolFolder);
                if (!octets)
                    return tl::unexpected(octets.error());
                relay.octets = *octets;
            }
            return ruled;
        });
    };
    if (!m_asksForSenders)
        return judged(std::nullopt);
    return knownSenderOf(message).andThen(this, judged);
}

Task<std::optional<bool>> ArrivalRules::knownSenderOf(const IncomingMessage &message)
{
    return m_worker.run([message] { return senderOf(message.front()); })
        .andThen(this, [this](const QString &sender) { return isKnown(sender); });
}

Task<std::optional<bool>> ArrivalRules::isKnown(const QString &address)
{
    if (address.isEmpty())
        return Result<std::optional<bool>>(std::optional(false));
    RowQuery query;
    query.searchText = QStringLiteral("in:sent to:\"%1\" ").arg(QString(address).remove(u'"'));
    query.limit = 1;
    const Promise<std::optional<bool>> known;
    m_store.rows(query).then(this, [known](const Result<RowPage> &page) {
        known.answer(page && !page->isMissing ? std::optional(page->total > 0) : std::nullopt);
    });
    QTimer::singleShot(longestLookUp, this, [known] { known.answer(std::optional<bool>()); });
    return known.task();
}

} // namespace glasspost::mail
