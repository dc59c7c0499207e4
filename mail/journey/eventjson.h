#pragma once

#include "mail/base/jsontext.h"
#include "mail/queue/queueevent.h"

#include <QJsonObject>

#include <optional>

namespace glasspost::mail {

/// The word for an event, in files and for scripts: "attempted", "held".
[[nodiscard]] QByteArray eventName(const QueueEvent &event);
/// Adds the members of the object that is open: "event" and what the event has.
void writeEvent(JsonText &json, const QueueEvent &event);
/// Nothing when it is no event, or names a recipient that the entry does not have.
[[nodiscard]] std::optional<QueueEvent> readEvent(const QJsonObject &object, const QueueEntry &entry);

} // namespace glasspost::mail
