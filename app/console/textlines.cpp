#include "app/console/textlines.h"

#include "app/console/jsonvalues.h"
#include "app/console/output.h"

#include <QDateTime>
#include <QJsonArray>

namespace glasspost::app {

namespace {

QByteArray field(const QJsonObject &object, const char *name)
{
    return printable(object[QLatin1String(name)].toString().toUtf8());
}

QDateTime timeOf(const QJsonObject &object, const char *name)
{
    return QDateTime::fromString(object[QLatin1String(name)].toString(), Qt::ISODateWithMs).toLocalTime();
}

QByteArray when(const QJsonObject &object, const char *name)
{
    return timeOf(object, name).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")).toLatin1();
}

/// The octets of a message: each line indented under the transcript's own.
QByteArray dataLines(const QByteArray &octets, qint64 size)
{
    QByteArray lines;
    for (QByteArray line : octets.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        lines += "\n    " + printable(line);
    }
    if (size > octets.size())
        lines += "\n    (" + QByteArray::number(size - octets.size()) + " more octets)";
    return lines;
}

QByteArray transcriptText(
    const QDateTime &at, double elapsed, char speaker, const QByteArray &octets, bool isData, qint64 size)
{
    const QByteArray head = at.toString(QStringLiteral("HH:mm:ss.zzz")).toLatin1() + " +"
        + QByteArray::number(elapsed, 'f', 3) + "  " + speaker + "  ";
    if (!isData)
        return head + printable(octets);
    return head + "message, " + QByteArray::number(size) + " octets" + dataLines(octets, size);
}

QByteArray recipientLine(const QJsonObject &recipient)
{
    QByteArray line = "  " + field(recipient, "address") + ": " + field(recipient, "state");
    if (recipient.contains(QStringLiteral("nextAttempt")))
        line += ", next attempt " + when(recipient, "nextAttempt");
    const QJsonObject last = recipient[QStringLiteral("last")].toObject();
    const QByteArray said = field(last, last.contains(QStringLiteral("reply")) ? "reply" : "reason");
    return said.isEmpty() ? line : line + " (" + said + ")";
}

QByteArray addressLine(const QJsonObject &message, const char *name, const char *words)
{
    QByteArrayList addresses;
    for (const auto value : message[QLatin1String(name)].toArray()) {
        const QJsonObject one = value.toObject();
        const QByteArray given = field(one, "name"), address = field(one, "address");
        addresses += given.isEmpty() ? address : given + " <" + address + '>';
    }
    return addresses.isEmpty() ? QByteArray() : words + addresses.join(", ") + '\n';
}

QByteArray headLines(const QJsonObject &message)
{
    QByteArray lines = addressLine(message, "from", "From: ") + addressLine(message, "to", "To: ")
        + addressLine(message, "cc", "Cc: ") + "Subject: " + field(message, "subject")
        + "\nDate: " + when(message, "date") + "\nMessage: " + field(message, "id") + " in "
        + field(message, "mailbox") + '/' + field(message, "folder") + '\n';
    QByteArrayList tags;
    for (const auto tag : message[QStringLiteral("tags")].toArray())
        tags += printable(tag.toString().toUtf8());
    if (!tags.isEmpty())
        lines += "Tags: " + tags.join(", ") + '\n';
    const QJsonObject session = message[QStringLiteral("session")].toObject();
    if (!session.isEmpty())
        lines += "Session: " + sessionLine(session).trimmed() + '\n';
    return lines;
}

/// What was found in it, each kind under its name.
QByteArray foundLines(const QJsonObject &message)
{
    QByteArray lines;
    const auto add = [&lines](const char *words, const QJsonArray &values, const auto &line) {
        if (!values.isEmpty())
            lines += QByteArray("\n") + words;
        for (const auto value : values)
            lines += "\n  " + line(value);
    };
    add("Codes:", message[QStringLiteral("codes")].toArray(),
        [](const QJsonValue &code) { return printable(code.toString().toUtf8()); });
    add("Links:", message[QStringLiteral("links")].toArray(), [](const QJsonValue &value) {
        const QJsonObject link = value.toObject();
        const QByteArray words = field(link, "text");
        return field(link, "url") + (words.isEmpty() ? QByteArray() : "  (" + words + ')');
    });
    add("Attachments, by part:", message[QStringLiteral("attachments")].toArray(),
        [](const QJsonValue &value) {
            const QJsonObject part = value.toObject();
            return QByteArray::number(part[QStringLiteral("part")].toInt()) + "  " + field(part, "fileName")
                + "  " + field(part, "contentType") + "  "
                + QByteArray::number(part[QStringLiteral("size")].toInteger()) + " octets";
        });
    return lines;
}

/// "  2026-11-28 12:00:01  attempted  bob@example.org  refused  550 5.1.1 No such user  mx1.example.org"
QByteArray eventLine(const QJsonObject &event)
{
    const QJsonObject report = event[QStringLiteral("report")].toObject();
    QByteArrayList words{when(event, "at"), field(event, "event"), field(event, "recipient"),
        field(report, "result"), field(report, "reply"), field(report, "reason"), field(report, "host"),
        field(event, "session"), field(event, "what"), field(event, "server"), field(event, "disposition")};
    words.removeAll(QByteArray());
    return "  " + words.join("  ");
}

/// What a rule did with the message.
QByteArray ruleDeedLine(const QJsonObject &deed)
{
    QByteArray line = when(deed, "at") + "  rule \"" + field(deed, "rule") + "\": " + field(deed, "action");
    for (const char *more : {"detail", "problem"}) {
        if (const QByteArray text = field(deed, more); !text.isEmpty())
            line += ' ' + text;
    }
    return line;
}

/// To what the message was made from, or what was made from it.
QByteArray linkLine(const QJsonObject &link)
{
    QByteArray line = when(link, "at") + "  " + field(link, "how").replace('-', ' ');
    if (const QByteArray rule = field(link, "rule"); !rule.isEmpty())
        line += " \"" + rule + '"';
    QByteArrayList recipients;
    for (const auto one : link[QStringLiteral("recipients")].toArray())
        recipients.append('<' + printable(one.toString().toUtf8()) + '>');
    line += " to " + recipients.join(", ");
    const QByteArray other = field(link[QStringLiteral("message")].toObject(), "id");
    if (field(link, "to") == "made")
        return line + ", as " + (other.isEmpty() ? field(link, "entry") : other);
    return line + ", from " + (other.isEmpty() ? QByteArray("a message that is no longer here") : other);
}

} // namespace

QByteArray messageLines(const QJsonObject &message)
{
    QByteArray lines = headLines(message);
    const QByteArray text = message[QStringLiteral("text")].toString().toUtf8();
    for (QByteArray line : text.split('\n')) {
        if (line.endsWith('\r'))
            line.chop(1);
        lines += '\n' + printable(line);
    }
    return lines + foundLines(message);
}

QByteArray checkLines(const QJsonObject &checks)
{
    QByteArray lines;
    for (const auto value : checks[QStringLiteral("findings")].toArray()) {
        const QJsonObject finding = value.toObject();
        const qint64 line = finding[QStringLiteral("line")].toInteger();
        const QByteArray place = line > 0 ? QByteArray::number(line) : QByteArrayLiteral("-");
        lines += place.leftJustified(6) + field(finding, "severity").leftJustified(9)
            + field(finding, "check").leftJustified(26) + field(finding, "reason") + '\n';
    }
    const auto count = [&checks](const char *name) {
        return QByteArray::number(checks[QLatin1String(name)].toInt()) + ' ' + name;
    };
    lines += count("errors") + ", " + count("warnings") + ", " + count("notes");
    if (checks[QStringLiteral("cut")].toBool())
        lines += "; the message is larger than what is checked";
    return lines;
}

QByteArray rowLine(const QJsonObject &row)
{
    return when(row, "date") + "  " + field(row, "mailbox") + "/" + field(row, "folder") + "  "
        + field(row, "from") + "  " + field(row, "subject") + "  " + field(row, "id");
}

QByteArray sessionLine(const QJsonObject &session)
{
    const QByteArray peer = field(session, "peer");
    QByteArray line = field(session, "session") + "  " + when(session, "started") + "  "
        + field(session, "role") + "  " + field(session, "address");
    if (!peer.isEmpty())
        line += " (" + peer + ")";
    return line + "  " + field(session, "outcome") + "  " + field(session, "ending");
}

QByteArray transcriptLine(const QJsonObject &entry)
{
    const QString speaker = entry[QStringLiteral("speaker")].toString();
    const char letter = speaker == u"client" ? 'C' : speaker == u"server" ? 'S' : '-';
    const QByteArray octets = entry.contains(QStringLiteral("base64"))
        ? QByteArray::fromBase64(entry[QStringLiteral("base64")].toString().toLatin1())
        : entry[QStringLiteral("text")].toString().toUtf8();
    return transcriptText(timeOf(entry, "at"), entry[QStringLiteral("elapsed")].toDouble(), letter, octets,
        entry[QStringLiteral("data")].toBool(), entry[QStringLiteral("size")].toInteger());
}

QByteArray transcriptLine(const smtp::TranscriptEntry &entry, qint64 startedAt)
{
    static constexpr char letters[] = {'C', 'S', '-'};
    return transcriptText(QDateTime::fromMSecsSinceEpoch(entry.at / 1000), double(entry.at - startedAt) / 1e6,
        letters[int(entry.speaker)], entry.bytes, entry.isData, entry.dataSize);
}

QByteArray queueLine(const QJsonObject &entry)
{
    QByteArray lines = field(entry, "id") + "  " + when(entry, "queued") + "  <" + field(entry, "from")
        + ">  " + QByteArray::number(entry[QStringLiteral("size")].toInteger()) + " octets  "
        + field(entry, "subject");
    if (entry[QStringLiteral("held")].toBool())
        lines += "  (held)";
    for (const auto recipient : entry[QStringLiteral("recipients")].toArray())
        lines += '\n' + recipientLine(recipient.toObject());
    return lines;
}

QByteArray journeyLines(const QJsonObject &answer)
{
    QByteArrayList lines;
    if (const QJsonObject message = answer[QStringLiteral("message")].toObject(); !message.isEmpty())
        lines.append(rowLine(message));
    if (const QJsonObject arrival = answer[QStringLiteral("arrival")].toObject(); !arrival.isEmpty())
        lines.append(sessionLine(arrival));
    const QJsonArray journeys = answer[QStringLiteral("journeys")].toArray();
    for (const auto value : journeys) {
        const QJsonObject journey = value.toObject();
        lines.append(queueLine(journey));
        for (const auto event : journey[QStringLiteral("events")].toArray())
            lines.append(eventLine(event.toObject()));
        if (const QByteArray removed = field(journey, "removed"); !removed.isEmpty())
            lines.append("  " + when(journey, "removed") + "  removed from the queue");
        if (journey[QStringLiteral("damaged")].toBool())
            lines.append("  this record is damaged: something may be missing");
    }
    for (const auto rule : answer[QStringLiteral("rules")].toArray())
        lines.append(ruleDeedLine(rule.toObject()));
    for (const auto link : answer[QStringLiteral("links")].toArray())
        lines.append(linkLine(link.toObject()));
    if (journeys.isEmpty())
        lines.append("no record of a delivery from here");
    return lines.join('\n');
}

QByteArray reportLine(const smtp::RecipientReport &report)
{
    static const char *const results[] = {"delivered", "deferred", "refused", "unknown, may be a duplicate"};
    QByteArray line = report.recipient.toBytes() + ": " + results[int(report.result)] + ", "
        + (report.reply.isNull() ? report.status.toBytes() + " " + report.reason : report.reply.toBytes());
    if (!report.remoteHost.isEmpty())
        line += ", " + report.remoteHost;
    if (!report.remoteAddress.isNull())
        line += " [" + report.remoteAddress.toString().toLatin1()
            + "]:" + QByteArray::number(report.remotePort);
    return printable(line);
}

} // namespace glasspost::app
