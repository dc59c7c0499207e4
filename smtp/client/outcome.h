#pragma once

#include "smtp/client/deliveryreport.h"

namespace glasspost::smtp {

/// What became of one recipient, or of all of them: the facts of a RecipientReport that are the dialogue's.
struct Outcome
{
    DeliveryResult result = DeliveryResult::Deferred;
    DeliveryStage stage = DeliveryStage::Local;
    EnhancedStatusCode status;
    QByteArray reason; ///< one English line; empty when a reply says it
    Reply reply;
    QByteArray command;

    friend bool operator==(const Outcome &, const Outcome &) = default;
};

/// By the reply's first digit (RFC 5321 4.2.1), its enhanced status code or x.0.0.
Outcome outcomeOf(const Reply &reply, DeliveryStage stage, const QByteArray &command);
/// Without a reply: 4.x.y is Deferred, 5.x.y Refused.
Outcome outcomeOf(DeliveryStage stage, EnhancedStatusCode status, const QByteArray &reason);

} // namespace glasspost::smtp
