#pragma once

#include "mail/settings/settings.h"

#include <QByteArray>
#include <QMetaType>

namespace glasspost::mail {

/// Whether this machine reaches others, as far as its system tells.
enum class Reachability {
    Unknown, ///< nothing here tells: treated as online
    Online,
    Offline
};

/// Does mail by that route for that domain leave this machine? Not to a smarthost at a Unix socket or on
/// loopback, nor to an address literal of loopback.
[[nodiscard]] bool needsNetwork(const OutgoingRoute &route, const QByteArray &domain);

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::Reachability)
