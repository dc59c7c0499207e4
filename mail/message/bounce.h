#pragma once

#include "smtp/client/deliveryreport.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

namespace glasspost::mail {

/// What a report to the sender tells (RFC 3464).
struct BounceFacts
{
    QByteArray hostName; ///< Reporting-MTA
    QByteArray sender; ///< who gets it; never the null reverse-path
    QByteArray envelopeId; ///< Original-Envelope-Id, empty when none
    QDateTime arrivedAt;
    QList<smtp::RecipientReport> failed;
    bool gaveUp = false; ///< the time for retries is over, in place of a refusal
    QByteArray original; ///< the message; its header is returned (RET=HDRS), at most 64 KiB
};

/// A multipart/report; delivery-status: words that name each recipient, the server and its reply; the machine
/// part; the header of the original. From is MAILER-DAEMON, the reverse-path it travels with is null. Lines
/// end in LF.
QByteArray makeBounce(const BounceFacts &facts);

} // namespace glasspost::mail
