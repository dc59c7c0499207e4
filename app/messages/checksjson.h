#pragma once

#include "mail/checks/messagechecks.h"

#include <QJsonObject>

namespace glasspost::app {

/// What the checks found in a message, as docs/CHECKS.md describes it; id is its unique name.
QJsonObject toJson(const mail::MessageChecks &checks, const QByteArray &id);

} // namespace glasspost::app
