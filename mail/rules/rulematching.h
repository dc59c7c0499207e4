#pragma once

#include "mail/rules/rule.h"
#include "mail/rules/rulemessage.h"
#include "mail/rules/wildcardpattern.h"

namespace glasspost::mail {

enum class RuleTruth {
    No,
    Yes,
    Unknown ///< something that the test asks for cannot be told of this message
};

/// Whether a message that comes into the mailbox meets the test.
RuleTruth meets(const RuleTest &test, RuleReading &reading, const QString &mailbox);

/// The keys of a test, made ready once for all values.
class RuleKeys
{
public:
    explicit RuleKeys(const RuleTest &test);
    /// Whether the value is, contains or looks like any of them, as the test says.
    [[nodiscard]] bool match(const QString &value) const;

private:
    RuleTest::Match m_match;
    RuleTest::Comparator m_comparator;
    QStringList m_words; ///< Is, Contains
    QList<WildcardPattern> m_patterns; ///< Matches
};

} // namespace glasspost::mail
