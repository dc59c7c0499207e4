#include "mail/message/bounce.h"

#include "mail/message/fieldwriter.h"
#include "mail/message/headerfields.h"
#include "mail/message/trace.h"

namespace glasspost::mail {

namespace {

constexpr qsizetype mostReturned = 64 * 1024; // octets of the original's header

/// One line that cannot end early, whatever a server said.
QByteArray line(QByteArray text)
{
    for (char &c : text)
        if (uchar(c) < ' ' || c == 127)
            c = ' ';
    return text.left(2000).trimmed();
}

/// Words of at most 76 octets a line, the next lines indented.
QByteArray wrapped(const QByteArray &text, const QByteArray &indent)
{
    QByteArray result, current = indent;
    const QList<QByteArray> words = line(text).split(' ');
    for (const QByteArray &word : words) {
        if (current.size() > indent.size() && current.size() + 1 + word.size() > 76) {
            result += current + '\n';
            current = indent;
        }
        current += current.size() > indent.size() ? ' ' + word : word;
    }
    return result + current + '\n';
}

/// A field of the machine part, folded between words.
QByteArray field(const QByteArray &name, const QByteArray &value)
{
    QByteArray body = wrapped(value, " ");
    return name + ':' + body;
}

QByteArray readable(const smtp::RecipientReport &report)
{
    QByteArray text = "  <" + line(report.recipient.toBytes()) + ">\n";
    QByteArray who = line(report.remoteHost);
    if (!report.remoteAddress.isNull())
        who += (who.isEmpty() ? "[" : " [") + report.remoteAddress.toString().toLatin1() + ']';
    if (!report.reply.isNull()) {
        text += wrapped(
            "The server " + who + " said" + (report.command.isEmpty() ? "" : " to " + report.command) + ':',
            "    ");
        text += wrapped(report.reply.toBytes(), "      ");
    } else {
        text += wrapped(
            (who.isEmpty() ? "" : who + ": ") + report.reason + " (" + report.status.toBytes() + ')', "    ");
    }
    return text + '\n';
}

QByteArray explanation(const BounceFacts &facts)
{
    QByteArray text = "This is the mail system at " + line(facts.hostName) + ".\n\n";
    text += facts.gaveUp ? "Your message could not be delivered in the time allowed to the "
                           "recipient(s)\nbelow. It is not tried again.\n\n"
                         : "Your message was refused for the recipient(s) below. It is not tried again.\n\n";
    for (const smtp::RecipientReport &report : facts.failed)
        text += readable(report);
    return text + "Attached are the details for programs, and the header of your message.\n";
}

/// RFC 3464 2.3.3 to 2.3.6: what was said at the wire, unaltered.
QByteArray recipientFields(const smtp::RecipientReport &report)
{
    const QByteArray type = report.recipient.needsSmtpUtf8() ? "utf-8; " : "rfc822; ";
    QByteArray fields = field("Final-Recipient", type + report.recipient.toBytes());
    fields += field("Action", "failed");
    smtp::EnhancedStatusCode status = report.status;
    // RFC 3464 2.3.4: what failed for good is class 5, also when the last word was "later".
    status = status.isNull() ? smtp::EnhancedStatusCode{5, 0, 0}
                             : smtp::EnhancedStatusCode{5, status.subject, status.detail};
    fields += field("Status", status.toBytes());
    if (!report.remoteHost.isEmpty())
        fields += field("Remote-MTA", "dns; " + report.remoteHost);
    if (!report.reply.isNull())
        fields += field("Diagnostic-Code", "smtp; " + report.reply.toBytes());
    else if (!report.reason.isEmpty())
        fields += field("Diagnostic-Code", "x-glasspost; " + report.reason);
    if (report.at > 0)
        fields += field("Last-Attempt-Date", dateTime(QDateTime::fromMSecsSinceEpoch(report.at / 1000)));
    return fields;
}

QByteArray machinePart(const BounceFacts &facts)
{
    QByteArray fields = field("Reporting-MTA", "dns; " + facts.hostName);
    if (!facts.envelopeId.isEmpty())
        fields += field("Original-Envelope-Id", facts.envelopeId);
    if (facts.arrivedAt.isValid())
        fields += field("Arrival-Date", dateTime(facts.arrivedAt));
    for (const smtp::RecipientReport &report : facts.failed)
        fields += '\n' + recipientFields(report);
    return fields;
}

/// The original's header, whole lines of it.
QByteArray returnedHeader(const QByteArray &original)
{
    const qsizetype end = visitHeader(original, [](const RawField &) { return true; });
    QByteArray header = original.left(qMin(end, mostReturned));
    header.replace("\r\n", "\n");
    if (end > mostReturned)
        header.truncate(header.lastIndexOf('\n') + 1);
    while (header.endsWith("\n\n"))
        header.chop(1);
    return header.endsWith('\n') || header.isEmpty() ? header : header + '\n';
}

bool isAscii(const QByteArray &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return uchar(c) < 0x80; });
}

/// RFC 6533: reports on internationalized addresses have types of their own.
QByteArray part(
    const QByteArray &boundary, const char *type, const char *globalType, const QByteArray &content)
{
    const bool plain = isAscii(content);
    return "--" + boundary + "\nContent-Type: " + (plain ? type : globalType)
        + "\nContent-Transfer-Encoding: " + (plain ? "7bit" : "8bit") + "\n\n" + content + '\n';
}

} // namespace

QByteArray makeBounce(const BounceFacts &facts)
{
    const QByteArray id = newMessageId(facts.hostName);
    const QByteArray text = explanation(facts), machine = machinePart(facts),
                     header = returnedHeader(facts.original);
    QByteArray boundary = "report-" + id.left(id.indexOf('@'));
    while (text.contains(boundary) || machine.contains(boundary) || header.contains(boundary))
        boundary += '-';
    QByteArray message = "From: Mail Delivery System <MAILER-DAEMON@" + line(facts.hostName) + ">\nTo: <"
        + line(facts.sender) + ">\nSubject: Undelivered mail returned to sender\nDate: "
        + dateTime(QDateTime::currentDateTime()) + "\nMessage-ID: <" + id + ">\n";
    const QByteArray original = line(readHeader(facts.original).value("Message-ID"));
    if (!original.isEmpty() && isAscii(original))
        message += "References: " + original + '\n';
    // RFC 3834 5: programs that answer mail leave this one alone.
    message += "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
               "Content-Type: multipart/report; report-type=delivery-status;\n boundary=\""
        + boundary + "\"\n\n";
    message += part(boundary, "text/plain; charset=us-ascii", "text/plain; charset=utf-8", text);
    message += part(boundary, "message/delivery-status", "message/global-delivery-status", machine);
    message += part(boundary, "text/rfc822-headers", "message/global-headers", header);
    return message + "--" + boundary + "--\n";
}

} // namespace glasspost::mail
