#pragma once

#include "mail/message/statusreport.h"
#include "smtp/client/deliveryreport.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

namespace glasspost::mail {

/// One recipient of whom a delivery status notification tells.
struct NotifiedRecipient
{
    ReportAction action = ReportAction::Failed;
    smtp::RecipientReport report; ///< recipient and the deciding attempt
    QByteArray originalRecipient; ///< ORCPT=, decoded: "rfc822;a@b"; empty when not given
    bool gaveUp = false; ///< failed: the time for retries is over, in place of a refusal
    QDateTime retryUntil; ///< delayed
};

/// What a sender is told (RFC 3464).
struct NotificationFacts
{
    QByteArray hostName; ///< Reporting-MTA
    QByteArray sender; ///< who gets it; never the null reverse-path
    QByteArray envelopeId; ///< ENVID=, decoded; empty when none
    QByteArray logId; ///< Final-Log-ID: the queue's name for the message
    QDateTime arrivedAt;
    QList<NotifiedRecipient> recipients; ///< of one kind: all failed, all delayed, or all served
    QByteArray original; ///< the message, or its beginning
    enum class Returned { Header, Whole } returned = Returned::Header; ///< RET=
    QByteArray transcript; ///< of the deciding attempts, as text; empty when it is not known any more
};

/// A multipart/report; delivery-status: words for people, the machine part, the original or its header, and
/// the transcript as a part behind what RFC 6522 asks for. From is MAILER-DAEMON, the reverse-path it travels
/// with is null (RFC 5321 4.5.5). Lines end in LF.
QByteArray makeNotification(const NotificationFacts &facts);

} // namespace glasspost::mail
