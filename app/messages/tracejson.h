#pragma once

#include "smtp/session/sessiontrace.h"

#include <QJsonObject>

namespace glasspost::app {

/// What a session found out and how long it took, as "journey --json" has it: docs/JOURNEY.md.
QJsonObject toJson(const smtp::SessionTrace &trace);

} // namespace glasspost::app
