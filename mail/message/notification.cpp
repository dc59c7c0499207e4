#include "mail/message/notification.h"

#include "mail/base/lineends.h"
#include "mail/message/reportparts.h"
#include "mail/message/trace.h"
#include "smtp/syntax/addressliteral.h"

namespace glasspost::mail {

namespace {

/// What the report is called, and its first words.
struct ReportWords
{
    const char *subject;
    const char *opening;
};

ReportWords wordsFor(const NotifiedRecipient &first)
{
    switch (first.action) {
    case ReportAction::Failed:
        return {"Undelivered mail returned to sender",
            first.gaveUp
                ? "Your message could not be delivered to the recipient(s) below in the\ntime allowed. It "
                  "will not be retried.\n\n"
                : "Your message was refused for the recipient(s) below. It will not be retried.\n\n"};
    case ReportAction::Delayed:
        return {"Your mail is delayed",
            "Your message could not be delivered yet to the recipient(s) below. Delivery will\nbe retried; "
            "no action is needed.\n\n"};
    case ReportAction::Delivered:
    case ReportAction::Relayed:
    case ReportAction::Expanded:
        return {"Your mail was delivered",
            "As requested: your message has reached the recipient(s) below, as far as this\nsystem can "
            "tell.\n\n"};
    }
    return {};
}

QByteArray readable(const NotifiedRecipient &one)
{
    const smtp::RecipientReport &report = one.report;
    QByteArray text = "  <" + oneLine(report.recipient.toBytes()) + ">\n";
    QByteArray who = oneLine(report.remoteHost);
    if (!report.remoteAddress.isNull())
        who += (who.isEmpty() ? "" : " ") + smtp::addressLiteral(report.remoteAddress);
    if (one.action == ReportAction::Relayed)
        text += wrappedText("Passed on; the next server does not report delivery.", "    ");
    if (!report.reply.isNull()) {
        text += wrappedText(
            "The server " + who + " said" + (report.command.isEmpty() ? "" : " to " + report.command) + ':',
            "    ");
        text += wrappedText(report.reply.toBytes(), "      ");
    } else {
        text += wrappedText(
            (who.isEmpty() ? "" : who + ": ") + report.reason + " (" + report.status.toBytes() + ')', "    ");
    }
    if (one.retryUntil.isValid())
        text += wrappedText("It will be retried until " + dateTime(one.retryUntil) + '.', "    ");
    return text + '\n';
}

QByteArray explanation(const NotificationFacts &facts, const ReportWords &words)
{
    QByteArray text = "This is the mail system at " + oneLine(facts.hostName) + ".\n\n" + words.opening;
    for (const NotifiedRecipient &one : facts.recipients)
        text += readable(one);
    text += "Attached are the details for programs, and "
        + QByteArray(facts.returned == NotificationFacts::Returned::Whole ? "" : "the header of ")
        + "your message";
    return text + (facts.transcript.isEmpty() ? ".\n" : ",\nand what the servers said to each other.\n");
}

/// RFC 3464 2.3.4: what failed for good is class 5, also when the last word was "later".
smtp::EnhancedStatusCode statusOf(const NotifiedRecipient &one)
{
    smtp::EnhancedStatusCode status = one.report.status;
    switch (one.action) {
    case ReportAction::Failed:
        status.statusClass = 5;
        break;
    case ReportAction::Delayed:
        status.statusClass = 4;
        break;
    case ReportAction::Delivered:
    case ReportAction::Relayed:
    case ReportAction::Expanded:
        status.statusClass = 2;
        break;
    }
    return status;
}

QByteArray typedRecipient(const smtp::Mailbox &recipient)
{
    return (recipient.needsSmtpUtf8() ? "utf-8; " : "rfc822; ") + recipient.toBytes();
}

/// "rfc822;a@b" as it came in ORCPT, with the blank that people like.
QByteArray typedOriginal(const QByteArray &originalRecipient)
{
    const qsizetype semicolon = originalRecipient.indexOf(';');
    return semicolon < 1 ? "rfc822; " + originalRecipient
                         : originalRecipient.left(semicolon) + "; " + originalRecipient.mid(semicolon + 1);
}

/// RFC 3464 2.3: what was said at the wire, unaltered.
QByteArray recipientFields(const NotificationFacts &facts, const NotifiedRecipient &one)
{
    const smtp::RecipientReport &report = one.report;
    QByteArray fields;
    if (!one.originalRecipient.isEmpty())
        fields += reportField("Original-Recipient", typedOriginal(one.originalRecipient));
    fields += reportField("Final-Recipient", typedRecipient(report.recipient));
    fields += reportField("Action", actionWord(one.action));
    fields += reportField("Status", statusOf(one).toBytes());
    if (!report.remoteHost.isEmpty())
        fields += reportField("Remote-MTA", "dns; " + report.remoteHost);
    if (!report.reply.isNull())
        fields += reportField("Diagnostic-Code", "smtp; " + report.reply.toBytes());
    else if (!report.reason.isEmpty())
        fields += reportField("Diagnostic-Code", "x-glasspost; " + report.reason);
    if (report.at > 0)
        fields
            += reportField("Last-Attempt-Date", dateTime(QDateTime::fromMSecsSinceEpoch(report.at / 1000)));
    if (!facts.logId.isEmpty())
        fields += reportField("Final-Log-ID", facts.logId);
    if (one.retryUntil.isValid())
        fields += reportField("Will-Retry-Until", dateTime(one.retryUntil));
    return fields;
}

QByteArray machinePart(const NotificationFacts &facts)
{
    QByteArray fields;
    if (!facts.envelopeId.isEmpty())
        fields += reportField("Original-Envelope-Id", facts.envelopeId);
    fields += reportField("Reporting-MTA", "dns; " + facts.hostName);
    if (facts.arrivedAt.isValid())
        fields += reportField("Arrival-Date", dateTime(facts.arrivedAt));
    for (const NotifiedRecipient &one : facts.recipients)
        fields += '\n' + recipientFields(facts, one);
    return fields;
}

ReportPart returnedPart(const NotificationFacts &facts)
{
    const QByteArray header = headerOf(facts.original);
    if (facts.returned == NotificationFacts::Returned::Header)
        return {"text/rfc822-headers", "message/global-headers", header, {}};
    // RFC 6532 3.7: message/global is for headers past ASCII, not for bodies.
    const QByteArray type = isAscii(header) ? "message/rfc822" : "message/global";
    return {type, type, withLf(facts.original), {}};
}

} // namespace

QByteArray makeNotification(const NotificationFacts &facts)
{
    const ReportWords words = wordsFor(facts.recipients.value(0));
    QList<ReportPart> parts;
    parts.append(
        {"text/plain; charset=us-ascii", "text/plain; charset=utf-8", explanation(facts, words), {}});
    parts.append({"message/delivery-status", "message/global-delivery-status", machinePart(facts), {}});
    parts.append(returnedPart(facts));
    if (!facts.transcript.isEmpty())
        parts.append({"text/plain; charset=us-ascii", "text/plain; charset=utf-8", facts.transcript,
            "Transcript of the attempt"});
    ReportHead head;
    head.hostName = facts.hostName;
    head.to = facts.sender;
    head.subject = words.subject;
    head.type = "delivery-status";
    head.original = facts.original;
    return makeReport(head, parts);
}

} // namespace glasspost::mail
