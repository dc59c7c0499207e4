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
    case smtp::LookupFailure::Kind::NoAddress:
        return smtp::DeliveryResult::Refused;
    case smtp::LookupFailure::Kind::Untrusted:
    case smtp::LookupFailure::Kind::Temporary:
        return smtp::DeliveryResult::Deferred;
    }
    return smtp::DeliveryResult::Deferred;
}

bool isSignInDemanded(const smtp::RecipientReport &report)
{
    if (report.stage < smtp::DeliveryStage::Mail || !report.reply.isPermanent())
        return false;
    const smtp::EnhancedStatusCode &status = report.reply.enhanced;
    switch (report.reply.code) {
    case 530: // authentication required, or STARTTLS first (RFC 3207 4)
    case 534:
    case 535:
    case 538:
        return true;
    case 503: // before MAIL only a sign-in can be missing
        return report.stage == smtp::DeliveryStage::Mail;
    default: // RFC 4954 6: credentials invalid, mechanism too weak, encryption required
        return status.subject == 7 && (status.detail == 8 || status.detail == 9 || status.detail == 11);
    }
}

namespace {

/// RFC 3207 4: "530 Must issue a STARTTLS command first", and no password helps.
bool asksForTls(const smtp::Reply &reply)
{
    return reply.code == 530 && reply.lines.join(' ').toUpper().contains("STARTTLS");
}

} // namespace

bool isSignInRefused(const smtp::RecipientReport &report)
{
    if (report.result == smtp::DeliveryResult::Deferred && isSignInDemanded(report))
        return !asksForTls(report.reply);
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

bool isTurnedAway(const smtp::RecipientReport &report)
{
    if (report.stage == smtp::DeliveryStage::Greeting && !report.reply.isNull())
        return !report.reply.isPositive(); // 554 too
    if (report.result != smtp::DeliveryResult::Deferred || report.stage < smtp::DeliveryStage::Connect
        || report.stage > smtp::DeliveryStage::Mail)
        return false;
    const bool early = report.stage < smtp::DeliveryStage::StartTls;
    if (report.reply.isNull()) // refused, closed or silent; but 4.5.0 was no SMTP at all
        return early && report.status.subject == 4;
    if (report.reply.code == 421 || (early && report.reply.isTransient()))
        return true;
    // RFC 3463 3.4, 3.5, 3.8: not accepting now, congestion, or a policy such as a limit.
    const smtp::EnhancedStatusCode &status = report.reply.enhanced;
    return report.reply.isTransient() && report.stage >= smtp::DeliveryStage::Auth
        && (status.subject == 7 || (status.subject == 3 && status.detail == 2)
            || (status.subject == 4 && status.detail == 5));
}

bool isSiteFailure(const smtp::RecipientReport &report)
{
    if (isSignInRefused(report))
        return true;
    return report.result == smtp::DeliveryResult::Deferred && report.stage > smtp::DeliveryStage::Local
        && report.stage < smtp::DeliveryStage::Auth;
}

} // namespace glasspost::mail
