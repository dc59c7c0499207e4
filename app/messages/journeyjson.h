#pragma once

#include "mail/journey/journey.h"

#include <QJsonObject>

namespace glasspost::app {

/// A journey as "journey --json" has it: docs/JOURNEY.md gives the members.
QJsonObject journeyJson(const mail::Journey &journey);

} // namespace glasspost::app
