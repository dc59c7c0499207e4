#include "smtp/client/deliveryreport.h"

#include <algorithm>

namespace glasspost::smtp {

bool DeliveryReport::allDelivered() const
{
    return std::all_of(recipients.cbegin(), recipients.cend(),
        [](const RecipientReport &report) { return report.result == DeliveryResult::Delivered; });
}

bool DeliveryReport::has(DeliveryResult result) const
{
    return std::any_of(recipients.cbegin(), recipients.cend(),
        [result](const RecipientReport &report) { return report.result == result; });
}

} // namespace glasspost::smtp
