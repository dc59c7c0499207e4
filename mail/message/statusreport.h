#pragma once

#include "smtp/syntax/enhancedstatuscode.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace glasspost::mail {

class PartTree;

/// What a delivery status notification says became of a recipient (RFC 3464 2.3.3).
enum class ReportAction : quint8 { Failed, Delayed, Delivered, Relayed, Expanded };
/// As the Action field has it: "failed".
QByteArray actionWord(ReportAction action);

/// One recipient of a report that came in.
struct ReportedRecipient
{
    QByteArray originalRecipient; ///< the address after "rfc822;" or "utf-8;"; empty when not given
    QByteArray finalRecipient; ///< likewise
    ReportAction action = ReportAction::Failed;
    smtp::EnhancedStatusCode status;
    QByteArray remoteServer; ///< Remote-MTA without its type
    QByteArray diagnostic; ///< Diagnostic-Code without its type, one line

    friend bool operator==(const ReportedRecipient &, const ReportedRecipient &) = default;
};

/// A delivery status notification that came in (RFC 3464, RFC 6533).
struct StatusReport
{
    QByteArray reportingServer; ///< Reporting-MTA without its type
    QByteArray envelopeId; ///< Original-Envelope-Id; empty when not given
    QByteArray originalMessageId; ///< of the returned header, without angle brackets
    QList<ReportedRecipient> recipients;

    friend bool operator==(const StatusReport &, const StatusReport &) = default;
};

/// Nothing when the message (LF or CRLF) is no multipart/report with a delivery status. Whatever stands in it
/// comes from a stranger: addresses and texts are to be shown, not believed. Bounded by the message's size.
std::optional<StatusReport> readStatusReport(const QByteArray &message);
/// The same of a message that was read already.
std::optional<StatusReport> statusReportOf(const PartTree &tree);

} // namespace glasspost::mail
