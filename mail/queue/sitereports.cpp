#include "mail/queue/sitereports.h"

#include <QDateTime>

namespace glasspost::mail {

smtp::RecipientReport ownReport(const smtp::Mailbox &recipient, smtp::DeliveryResult result,
    smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status, const QByteArray &reason)
{
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = result;
    report.stage = stage;
    report.status = status;
    report.reason = reason;
    report.at = QDateTime::currentMSecsSinceEpoch() * 1000;
    return report;
}

smtp::DeliveryReport ownReports(const smtp::Envelope &envelope, smtp::DeliveryResult result,
    smtp::DeliveryStage stage, const smtp::EnhancedStatusCode &status, const QByteArray &reason)
{
    smtp::DeliveryReport report;
    for (const smtp::EnvelopeRecipient &one : envelope.recipients)
        report.recipients.append(ownReport(one.forwardPath, result, stage, status, reason));
    return report;
}

smtp::DeliveryResult resultOf(smtp::LookupFailure::Kind kind)
{
    switch (kind) {
    case smtp::LookupFailure::Kind::NoSuchDomain:
    case smtp::LookupFailure::Kind::NullExchanger: // RFC 7505 4.1: at once, for good
    case smtp::LookupFailure::Kind::OnlyUs:
    case smtp::LookupFailure::Kind::NotPublic:
    case smtp::LookupFailure::Kind::Loop:
        return smtp::DeliveryResult::Refused;
    case smtp::LookupFailure::Kind::NoAddress: // RFC 5321 5.1: for good when the time for retries is over
    case smtp::LookupFailure::Kind::Untrusted:
    case smtp::LookupFailure::Kind::Temporary:
        return smtp::DeliveryResult::Deferred;
    }
    return smtp::DeliveryResult::Deferred;
}

bool isSignInRefused(const smtp::RecipientReport &report)
{
    if (report.stage != smtp::DeliveryStage::Auth)
        return false;
    return report.reply.isNull() ? report.status == smtp::EnhancedStatusCode{4, 7, 8}
                                 : report.reply.isPermanent();
}

bool isTooMany(const smtp::RecipientReport &report)
{
    return report.stage == smtp::DeliveryStage::Rcpt && report.result == smtp::DeliveryResult::Deferred
        && (report.reply.code == 452 || report.reply.code == 552);
}

bool isStale(const smtp::RecipientReport &report)
{
    return report.result == smtp::DeliveryResult::Deferred && report.stage <= smtp::DeliveryStage::Rcpt
        && (report.reply.isNull() || report.reply.code == 421);
}

bool isSiteFailure(const smtp::RecipientReport &report)
{
    if (isSignInRefused(report))
        return true;
    return report.result == smtp::DeliveryResult::Deferred && report.stage > smtp::DeliveryStage::Local
        && report.stage < smtp::DeliveryStage::Auth;
}

} // namespace glasspost::mail
