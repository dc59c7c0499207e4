#pragma once

#include "mail/rules/rule.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>

namespace glasspost::ui {

/// A rule as rows that a person fills in; see the choices below for their words.
struct RuleForm
{
    enum class Join { All, Any };
    Join join = Join::All;
    QList<QStringList> conditions; ///< what, how, text; none: every message
    QList<QStringList> actions; ///< what, text

    friend bool operator==(const RuleForm &, const RuleForm &) = default;
};

/// Whether a condition's row says what is looked for: one without words would be met by everything.
bool isFilledIn(const QStringList &condition);
/// Nothing when the rule says more than rows can.
std::optional<RuleForm> formOf(const mail::Rule &rule);
/// With no name, switched on.
mail::Rule ruleOf(const RuleForm &form);

using RuleChoices = QList<std::pair<QString, QString>>; ///< value, words
RuleChoices conditionChoices();
RuleChoices comparisonChoices();
RuleChoices actionChoices();

} // namespace glasspost::ui
