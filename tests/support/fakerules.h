#pragma once

// Rules without a mail system, for a window's test.

#include "mail/system/rules.h"

namespace glasspost::test {

/// In memory alone; runs none.
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
    mail::Task<QList<mail::RuleRunResult>> run(
        const QList<mail::MessageId> &, mail::RuleRunMode, const std::optional<QList<mail::Rule>> &) override
    {
        return mail::Result<QList<mail::RuleRunResult>>();
    }

    [[nodiscard]] const QList<mail::Rule> &now() const { return m_set.rules; }

private:
    mail::RuleSet m_set;
};

} // namespace glasspost::test
