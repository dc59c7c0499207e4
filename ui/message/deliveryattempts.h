#pragma once

#include "mail/journey/comparison.h"
#include "mail/journey/journey.h"

#include <QList>
#include <QString>

namespace glasspost::ui {

/// One attempt to deliver a message, to be compared with another.
struct DeliveryAttempt
{
    int number = 1;
    qint64 at = 0; ///< microseconds since the Unix epoch: its first stage
    mail::ComparedDelivery delivery;

    friend bool operator==(const DeliveryAttempt &, const DeliveryAttempt &) = default;
};

/// The attempts of which the record has stages, those of this message alone, as in the waterfall.
[[nodiscard]] QList<DeliveryAttempt> attemptsIn(const mail::Journey &journey);
/// "Attempt 2 with mx1.example.org, 28 November 2026 12:00:00 UTC"
[[nodiscard]] QString attemptText(const DeliveryAttempt &attempt);

} // namespace glasspost::ui
