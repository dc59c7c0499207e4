#include "mail/message/reportparts.h"

#include "mail/base/lineends.h"
#include "mail/message/headerfields.h"
#include "mail/message/trace.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostOfALine = 2000;
constexpr qsizetype mostReturned = 64 * 1024; // octets of the original's header
constexpr qsizetype widest = 76;

QByteArray partText(const QByteArray &boundary, const ReportPart &part)
{
    const bool plain = isAscii(part.content);
    QByteArray text = "--" + boundary + "\nContent-Type: " + (plain ? part.type : part.globalType)
        + "\nContent-Transfer-Encoding: " + (plain ? "7bit" : "8bit") + '\n';
    if (!part.description.isEmpty())
        text += "Content-Description: " + part.description + '\n';
    return text + '\n' + part.content + '\n';
}

QByteArray boundaryFor(const QByteArray &id, const QList<ReportPart> &parts)
{
    QByteArray boundary = "report-" + id.left(id.indexOf('@'));
    const auto isInside = [&](const ReportPart &part) { return part.content.contains("--" + boundary); };
    while (std::any_of(parts.begin(), parts.end(), isInside))
        boundary += 'x';
    return boundary;
}

} // namespace

QByteArray oneLine(QByteArray text)
{
    for (char &c : text)
        if (uchar(c) < ' ' || c == 127)
            c = ' ';
    return text.left(mostOfALine).trimmed();
}

QByteArray wrappedText(const QByteArray &text, const QByteArray &indent)
{
    QByteArray result;
    QByteArray current = indent;
    const QList<QByteArray> words = oneLine(text).split(' ');
    for (const QByteArray &word : words) {
        if (current.size() > indent.size() && current.size() + 1 + word.size() > widest) {
            result += current + '\n';
            current = indent;
        }
        current += current.size() > indent.size() ? ' ' + word : word;
    }
    return result + current + '\n';
}

QByteArray reportField(const QByteArray &name, const QByteArray &value)
{
    return name + ':' + wrappedText(value, " ");
}

bool isAscii(const QByteArray &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return uchar(c) < 0x80; });
}

QByteArray withoutType(const QByteArray &value)
{
    return value.mid(value.indexOf(';') + 1).trimmed();
}

QByteArray bareMessageId(const QByteArray &id)
{
    return id.startsWith('<') && id.endsWith('>') ? id.sliced(1, id.size() - 2) : id;
}

QByteArray makeReport(const ReportHead &head, const QList<ReportPart> &parts)
{
    const QByteArray id = newMessageId(head.hostName);
    const QByteArray boundary = boundaryFor(id, parts);
    const QByteArray from = head.from.isEmpty()
        ? "Mail Delivery System <MAILER-DAEMON@" + oneLine(head.hostName) + '>'
        : oneLine(head.from);
    QByteArray message = "From: " + from + "\nTo: <" + oneLine(head.to)
        + ">\nSubject: " + oneLine(head.subject) + "\nDate: " + dateTime(QDateTime::currentDateTime())
        + "\nMessage-ID: <" + id + ">\n";
    const QByteArray original = oneLine(readHeader(head.original).value("Message-ID"));
    if (!original.isEmpty() && isAscii(original))
        message += "References: " + original + '\n';
    // RFC 3834 5: programs that answer mail leave this one alone.
    message += "Auto-Submitted: auto-replied\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type="
        + head.type + ";\n boundary=\"" + boundary + "\"\n\n";
    for (const ReportPart &part : parts)
        message += partText(boundary, part);
    return message + "--" + boundary + "--\n";
}

QByteArray headerOf(const QByteArray &message)
{
    const qsizetype end = visitHeader(message, [](const RawField &) { return true; });
    QByteArray header = withLf(message.left(qMin(end, mostReturned)));
    if (end > mostReturned)
        header.truncate(header.lastIndexOf('\n') + 1);
    while (header.endsWith("\n\n"))
        header.chop(1);
    return header.endsWith('\n') || header.isEmpty() ? header : header + '\n';
}

} // namespace glasspost::mail
