#pragma once

#include "mail/rules/rule.h"
#include "mail/rules/rulemessage.h"

namespace glasspost::mail {

enum class RuleTruth {
    No,
    Yes,
    Unknown ///< something that the test asks for cannot be told of this message
};

/// Whether a message that comes into the mailbox meets the test.
RuleTruth meets(const RuleTest &test, RuleReading &reading, const QString &mailbox);

/// Whether the value is, contains or looks like the key, as the test says.
bool isMatch(const RuleTest &test, const QString &value, const QString &key);

} // namespace glasspost::mail
