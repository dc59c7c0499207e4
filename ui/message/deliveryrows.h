#pragma once

#include "mail/system/deliveryends.h"
#include "ui/message/waterfall.h"

#include <QList>

namespace glasspost::ui {

/// The waterfall of a message: how it came, then how it left. Where a session had both its ends here, what
/// the listener has of it stands below the client's attempt: times are those of the one clock of this
/// machine.
struct DeliveryRows
{
    QList<WaterfallRow> came;
    QList<QList<WaterfallRow>> left; ///< of each journey
};
/// left has waterfallOf() each journey.
[[nodiscard]] DeliveryRows deliveryRows(
    const QList<QList<WaterfallRow>> &left, const mail::DeliveryEnds &ends);

} // namespace glasspost::ui
