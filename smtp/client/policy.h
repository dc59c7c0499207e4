#pragma once

#include "smtp/client/deliveryreport.h"

namespace glasspost::smtp {

enum class NextHost { Try, Stop };

/// Error policy of one site, apart from the protocol: whether another address or exchanger is worth a try
/// for this recipient in the same attempt (RFC 5321 5.1). Only before MAIL: what a server said of sender,
/// recipient or message counts for its whole domain. A 5xx greeting counts as that host's alone.
NextHost nextHostFor(const RecipientReport &report);

/// The same for a whole transaction: Try when any recipient's report says so. Those that say Stop keep their
/// result.
NextHost nextHostFor(const DeliveryReport &report);

} // namespace glasspost::smtp
