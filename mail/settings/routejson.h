#pragma once

#include "mail/settings/settings.h"

#include <QJsonValue>

#include <optional>

namespace glasspost::mail {

/// A route in state files and between two instances: an object; null for none. What is missing or unknown
/// there has its default.
QJsonValue toJson(const std::optional<OutgoingRoute> &route);
std::optional<OutgoingRoute> routeFromJson(const QJsonValue &value);

} // namespace glasspost::mail
