#pragma once

#include "mail/base/worker.h"
#include "mail/routing/plan.h"
#include "mail/store/store.h"

#include <QObject>

#include <memory>

namespace glasspost::mail {

/// The rules as messages come in: what they say of one is worked into its plan before anything of it is
/// written, so that filing, flags, forwarding and discarding are part of the one transaction that accepts it.
/// What takes time of its own (tags, programs, notices) becomes errands of the plan. A thread of its own
/// reads and judges. Lives on the mail thread; the store outlives it.
class ArrivalRules : public QObject
{
    Q_OBJECT
public:
    explicit ArrivalRules(Store &store);

    void setRules(const QList<Rule> &rules);
    void setTerms(const RuleTerms &terms) { m_terms = terms; }
    [[nodiscard]] const QList<Rule> &rules() const { return *m_rules; }
    [[nodiscard]] const RuleTerms &terms() const { return m_terms; }
    /// Whether what is spooled must be there without the mailboxes' fields.
    [[nodiscard]] bool mayForward() const { return m_mayForward; }

    /// Whether the message has rules to pass: it comes into an Inbox.
    [[nodiscard]] bool concern(const IncomingMessage &message, const Plan &plan) const;
    /// The plan as the rules have it. An error is the disk's: then nothing of the message may be taken.
    Task<Plan> applied(const IncomingMessage &message, const Plan &plan);
    /// Whether mail was sent to that address; nothing when the index does not tell within two seconds.
    Task<std::optional<bool>> isKnown(const QString &address);

private:
    Task<std::optional<bool>> knownSenderOf(const IncomingMessage &message);

    Store &m_store;
    std::shared_ptr<const QList<Rule>> m_rules = std::make_shared<QList<Rule>>();
    RuleTerms m_terms;
    bool m_mayForward = false;
    bool m_asksForSenders = false;
    Worker m_worker{QStringLiteral("rules")};
};

} // namespace glasspost::mail
