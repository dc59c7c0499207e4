#pragma once

#include "mail/journey/journey.h"
#include "mail/system/deliveryends.h"

#include <QJsonObject>

namespace glasspost::app {

/// A journey as "journey --json" has it: docs/JOURNEY.md gives the members.
QJsonObject journeyJson(const mail::Journey &journey);
/// What a rule did with the message, likewise.
QJsonObject ruleJson(const mail::RuleLogLine &line);
/// To what the message was made from, or what was made from it, likewise.
QJsonObject linkJson(const mail::MadeLink &link);
/// The same without events, sessions and traces, as it stands in a list.
QJsonObject journeySummaryJson(const mail::Journey &journey);

} // namespace glasspost::app
