#include "smtp/client/policy.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// The host failed before it was asked anything about this mail.
bool isBeforeMail(DeliveryStage stage)
{
    switch (stage) {
    case DeliveryStage::Lookup:
    case DeliveryStage::Connect:
    case DeliveryStage::Greeting:
    case DeliveryStage::Hello:
    case DeliveryStage::StartTls:
        return true;
    case DeliveryStage::Local:
    case DeliveryStage::Auth:
    case DeliveryStage::Mail:
    case DeliveryStage::Rcpt:
    case DeliveryStage::Data:
    case DeliveryStage::Body:
    case DeliveryStage::EndOfData:
        return false;
    }
    return false;
}

/// We did not ask, since this server lacks what the message needs.
bool isOurRefusal(const RecipientReport &report)
{
    return report.stage == DeliveryStage::Mail && report.reply.isNull()
        && report.result == DeliveryResult::Refused;
}

/// A connection lost between MAIL and the dot, no reply having decided: the next host may do better.
bool isLostOnTheWay(const RecipientReport &report)
{
    const bool sending = report.stage == DeliveryStage::Mail || report.stage == DeliveryStage::Rcpt
        || report.stage == DeliveryStage::Data || report.stage == DeliveryStage::Body;
    return sending && report.result == DeliveryResult::Deferred
        && (report.reply.isNull() || report.reply.code == 421);
}

} // namespace

NextHost nextHostFor(const RecipientReport &report)
{
    if (report.result == DeliveryResult::Delivered || report.result == DeliveryResult::Unknown)
        return NextHost::Stop; // C28: another host now would make a duplicate likely
    const bool another = isBeforeMail(report.stage) // C1, C2, C3
        || isOurRefusal(report) // C38: the next exchanger may take more
        || isLostOnTheWay(report);
    return another ? NextHost::Try : NextHost::Stop;
}

NextHost nextHostFor(const DeliveryReport &report)
{
    const bool any = std::any_of(report.recipients.cbegin(), report.recipients.cend(),
        [](const RecipientReport &recipient) { return nextHostFor(recipient) == NextHost::Try; });
    return any ? NextHost::Try : NextHost::Stop;
}

} // namespace glasspost::smtp
