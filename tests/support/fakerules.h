#pragma once

// Rules without a mail system, for a window's test.

#include "mail/system/rules.h"

namespace glasspost::test {

/// In memory alone; what rules do is what the test says.
class FakeRules : public mail::Rules
{
public:
    mail::Task<mail::RuleSet> rules() override { return mail::Result<mail::RuleSet>(m_set); }
    mail::Task<void> set(const QList<mail::Rule> &rules) override
    {
        m_set = {rules, std::nullopt};
        Q_EMIT changed(m_set);
        return mail::Result<void>();
    }
    mail::Task<QList<mail::RuleLogLine>> log(int) override
    {
        return mail::Result<QList<mail::RuleLogLine>>();
    }
    mail::Task<QList<mail::RuleRunResult>> run(const QList<mail::MessageId> &ids, mail::RuleRunMode mode,
        const std::optional<QList<mail::Rule>> &) override
    {
        runs.append({mode, int(ids.size())});
        if (error)
            return tl::unexpected(*error);
        QList<mail::RuleRunResult> results;
        for (const mail::MessageId &id : deeds.isEmpty() ? QList<mail::MessageId>() : ids)
            results.append({id, QString::fromUtf8(id.unique), QStringLiteral("ann@b.test"), deeds});
        return mail::Result<QList<mail::RuleRunResult>>(results);
    }

    QList<mail::RuleDeed> deeds; ///< for each message that rules run over
    std::optional<mail::Error> error; ///< instead
    QList<std::pair<mail::RuleRunMode, int>> runs; ///< how, and over how many messages

    [[nodiscard]] const QList<mail::Rule> &now() const { return m_set.rules; }

private:
    mail::RuleSet m_set;
};

} // namespace glasspost::test
