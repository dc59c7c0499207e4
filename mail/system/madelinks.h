#pragma once

#include "mail/system/deliveryends.h"

namespace glasspost::mail {

/// What was made from the message, and what it was made from, with the place where each is now. Called on the
/// context's thread, on which the answer comes; the services outlive it.
[[nodiscard]] Task<QList<MadeLink>> madeLinks(
    const EndServices &services, const DeliveredMessage &message, QObject *context);

} // namespace glasspost::mail
