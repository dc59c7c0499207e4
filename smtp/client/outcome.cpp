#include "smtp/client/outcome.h"

namespace glasspost::smtp {

namespace {

DeliveryResult resultOf(const Reply &reply)
{
    if (reply.isPositive())
        return DeliveryResult::Delivered;
    return reply.isPermanent() ? DeliveryResult::Refused : DeliveryResult::Deferred;
}

} // namespace

Outcome outcomeOf(const Reply &reply, DeliveryStage stage, const QByteArray &command)
{
    Outcome outcome;
    outcome.result = resultOf(reply);
    outcome.stage = stage;
    outcome.status = reply.enhanced;
    if (outcome.status.isNull())
        outcome.status.statusClass = reply.code / 100; // RFC 3463 3.1: x.0.0 where nothing more is known
    outcome.reply = reply;
    outcome.command = command;
    return outcome;
}

Outcome outcomeOf(DeliveryStage stage, EnhancedStatusCode status, const QByteArray &reason)
{
    Outcome outcome;
    outcome.result = status.statusClass == 5 ? DeliveryResult::Refused : DeliveryResult::Deferred;
    outcome.stage = stage;
    outcome.status = status;
    outcome.reason = reason;
    return outcome;
}

} // namespace glasspost::smtp
