#pragma once

#include "mail/journey/comparison.h"

#include <QList>
#include <QString>

#include <utility>

namespace glasspost::ui {

enum class Side { Left, Right };

/// Words for a comparison. What peers said is made safe to be shown on one line.

/// In what a row differs: "reply code", "TLS version".
[[nodiscard]] QString differenceText(mail::Difference difference);
/// All of them: "reply code, time"; empty where there is none.
[[nodiscard]] QString differencesText(const mail::ComparisonRow &row);
/// "Greeting"; of a RCPT its recipient, of a fact its name.
[[nodiscard]] QString comparisonTitle(const mail::ComparisonRow &row);

/// A line, and the parts of it that are not in the line beside it: start and length of each.
struct LitText
{
    QString text;
    QList<std::pair<int, int>> lit;

    friend bool operator==(const LitText &, const LitText &) = default;
};
/// What one side has: the command and the reply, the value; "not there".
[[nodiscard]] LitText comparedText(const mail::ComparisonRow &row, Side side);
/// The same and what happened meanwhile, such as look-up answers, one a line.
[[nodiscard]] QString comparedFacts(const mail::ComparisonRow &row, Side side);
/// "20 ms, 300 ms, +280 ms"; of one side alone "20 ms"; empty for a fact.
[[nodiscard]] QString comparedTimes(const mail::ComparisonRow &row);
/// The whole row for who hears it: "Greeting. Different: time. Left: ... Right: ..."
[[nodiscard]] QString spokenComparison(const mail::ComparisonRow &row);
/// The rows as text, each a line, with "!" before what differs, to be copied.
[[nodiscard]] QString comparisonText(const QList<mail::ComparisonRow> &rows);
/// "3 differences", and what is not known of both.
[[nodiscard]] QString comparisonSummary(const mail::Comparison &comparison);

} // namespace glasspost::ui
