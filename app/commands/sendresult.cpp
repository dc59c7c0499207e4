#include "app/commands/sendresult.h"

#include "mail/queue/sitereports.h"

namespace glasspost::app {

namespace {

/// The server refused it, or its certificate kept the password here. RFC 3463 3.8: X.7.Z is about security; a
/// connection lost on the way is not, nor a server that is busy.
bool isSignInFailure(const smtp::RecipientReport &report, SignIn signIn)
{
    if (report.stage == smtp::DeliveryStage::StartTls)
        return signIn == SignIn::Wanted && report.status == smtp::EnhancedStatusCode{4, 7, 5};
    if (report.stage != smtp::DeliveryStage::Auth)
        return mail::isSignInRefused(report);
    return report.reply.isNull() ? report.status.subject == 7 : report.reply.code != 421;
}

ExitCode exitCodeFor(const smtp::RecipientReport &report, SignIn signIn)
{
    if (report.result == smtp::DeliveryResult::Delivered)
        return ExitCode::Ok;
    if (isSignInFailure(report, signIn))
        return ExitCode::SignIn;
    // RFC 3463 3.2: X.1.2 bad destination system address, X.1.10 (RFC 7505) it takes no mail.
    if (report.stage == smtp::DeliveryStage::Lookup && report.status.statusClass == 5
        && report.status.subject == 1)
        return ExitCode::UnknownHost;
    // RFC 3463 3.6: X.5.0 without a reply: what came was not SMTP.
    if (report.status.subject == 5 && report.status.detail == 0 && report.reply.isNull())
        return ExitCode::Protocol;
    return report.result == smtp::DeliveryResult::Refused ? ExitCode::Unavailable : ExitCode::TryLater;
}

} // namespace

ExitCode exitCodeFor(const smtp::DeliveryReport &report, SignIn signIn)
{
    ExitCode worst = ExitCode::Ok;
    for (const smtp::RecipientReport &recipient : report.recipients) {
        const ExitCode code = exitCodeFor(recipient, signIn);
        if (code == ExitCode::Ok || code == worst)
            continue;
        if (worst == ExitCode::Ok)
            worst = code;
        else if (recipient.result == smtp::DeliveryResult::Refused
            || report.has(smtp::DeliveryResult::Refused))
            worst = ExitCode::Unavailable;
        else
            worst = ExitCode::TryLater;
    }
    return worst;
}

} // namespace glasspost::app
