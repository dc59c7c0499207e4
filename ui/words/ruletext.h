#pragma once

#include "mail/rules/rulelog.h"

#include <QString>

namespace glasspost::ui {

/// "Lists: move to Lists/qt", and what keeps it from being done.
[[nodiscard]] QString ruleDeedText(const mail::RuleDeed &deed);
/// Why something that a rule asks for is not done; empty for None.
[[nodiscard]] QString ruleProblemText(mail::RuleProblem problem);
/// The same of a line of the log; empty where it tells of a program's end that went well.
[[nodiscard]] QString ruleLineText(const mail::RuleLogLine &line);
/// A failure as a sentence: which rule, what, of which message, why.
[[nodiscard]] QString ruleFailureText(const mail::RuleLogLine &line);

} // namespace glasspost::ui
