#pragma once

#include "mail/queue/queuevalues.h"

#include <optional>

namespace glasspost::mail {

/// What a person does to an entry, as pure functions over the value; the queue writes the result down.

/// Nothing when it is so already.
std::optional<QueueEntry> withHold(QueueEntry entry, bool held);
/// Every recipient that still waits is given up, held or not; now: milliseconds since the Unix epoch.
QueueEntry expired(QueueEntry entry, qint64 now);
/// No attempt before that time, whatever was planned.
QueueEntry postponed(QueueEntry entry, qint64 at);
/// By that route from now on, or by the settings' one again; due at once.
QueueEntry rerouted(QueueEntry entry, const std::optional<OutgoingRoute> &route);

} // namespace glasspost::mail
