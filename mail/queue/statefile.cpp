#include "mail/queue/statefile.h"

#include "mail/settings/routejson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr char base64Mark[] = "base64:";

QJsonValue fromOctets(const QByteArray &octets)
{
    const QString text = QString::fromUtf8(octets);
    if (text.toUtf8() == octets && !octets.startsWith(base64Mark))
        return text;
    return QString::fromLatin1(base64Mark + octets.toBase64());
}

QByteArray toOctets(const QJsonValue &value)
{
    const QByteArray text = value.toString().toUtf8();
    return text.startsWith(base64Mark) ? QByteArray::fromBase64(text.mid(sizeof base64Mark - 1)) : text;
}

// A double holds every integer to 2^53, which is enough for microseconds until the year 2255.
qint64 toInteger(const QJsonValue &value, qint64 missing = 0)
{
    return value.toInteger(missing);
}

// An enum is written as its number: a number past the last value is damage, not undefined behaviour.
template <typename Enum> Enum toEnum(const QJsonValue &value, Enum last)
{
    const qint64 number = value.toInteger(0);
    return number < 0 || number > qint64(last) ? Enum(0) : Enum(number);
}

QJsonObject fromMailbox(const smtp::Mailbox &mailbox)
{
    return {{QStringLiteral("local"), fromOctets(mailbox.localPart)},
        {QStringLiteral("domain"), fromOctets(mailbox.domain)}};
}

smtp::Mailbox toMailbox(const QJsonValue &value)
{
    return {toOctets(value[u"local"]), toOctets(value[u"domain"])};
}

QString fromStatus(const smtp::EnhancedStatusCode &status)
{
    return QString::fromLatin1(status.toBytes());
}

smtp::EnhancedStatusCode toStatus(const QJsonValue &value)
{
    return smtp::EnhancedStatusCode::parse(value.toString().toLatin1()).value_or(smtp::EnhancedStatusCode());
}

QJsonObject fromReply(const smtp::Reply &reply)
{
    QJsonArray lines;
    for (const QByteArray &line : reply.lines)
        lines.append(fromOctets(line));
    return {{QStringLiteral("code"), reply.code}, {QStringLiteral("enhanced"), fromStatus(reply.enhanced)},
        {QStringLiteral("lines"), lines}};
}

smtp::Reply toReply(const QJsonValue &value)
{
    smtp::Reply reply;
    reply.code = value[u"code"].toInt();
    reply.enhanced = toStatus(value[u"enhanced"]);
    const QJsonArray lines = value[u"lines"].toArray();
    for (const auto line : lines)
        reply.lines.append(toOctets(line));
    return reply;
}

QJsonObject fromReport(const smtp::RecipientReport &report)
{
    return {{QStringLiteral("result"), int(report.result)}, {QStringLiteral("stage"), int(report.stage)},
        {QStringLiteral("reply"), fromReply(report.reply)},
        {QStringLiteral("command"), fromOctets(report.command)},
        {QStringLiteral("status"), fromStatus(report.status)},
        {QStringLiteral("reason"), fromOctets(report.reason)},
        {QStringLiteral("host"), fromOctets(report.remoteHost)},
        {QStringLiteral("address"), report.remoteAddress.toString()},
        {QStringLiteral("port"), report.remotePort}, {QStringLiteral("at"), report.at},
        {QStringLiteral("session"), fromOctets(report.sessionId)},
        {QStringLiteral("offered"), int(report.offered)}};
}

smtp::RecipientReport toReport(const QJsonValue &value, const smtp::Mailbox &recipient)
{
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = toEnum(value[u"result"], smtp::DeliveryResult::Unknown);
    report.stage = toEnum(value[u"stage"], smtp::DeliveryStage::EndOfData);
    report.reply = toReply(value[u"reply"]);
    report.command = toOctets(value[u"command"]);
    report.status = toStatus(value[u"status"]);
    report.reason = toOctets(value[u"reason"]);
    report.remoteHost = toOctets(value[u"host"]);
    report.remoteAddress = QHostAddress(value[u"address"].toString());
    report.remotePort = quint16(value[u"port"].toInt());
    report.at = toInteger(value[u"at"]);
    report.sessionId = toOctets(value[u"session"]);
    report.offered = smtp::CapabilityFlags(value[u"offered"].toInt());
    return report;
}

QJsonObject fromLater(const LaterReport &later)
{
    return {{QStringLiteral("action"), int(later.action)},
        {QStringLiteral("status"), fromStatus(later.status)},
        {QStringLiteral("server"), fromOctets(later.server)},
        {QStringLiteral("diagnostic"), fromOctets(later.diagnostic)}, {QStringLiteral("at"), later.at}};
}

LaterReport toLater(const QJsonValue &value)
{
    return {toEnum(value[u"action"], ReportAction::Expanded), toStatus(value[u"status"]),
        toOctets(value[u"server"]), toOctets(value[u"diagnostic"]), toInteger(value[u"at"])};
}

QJsonObject fromReceipt(const ReadReceipt &receipt)
{
    return {
        {QStringLiteral("disposition"), fromOctets(receipt.disposition)}, {QStringLiteral("at"), receipt.at}};
}

ReadReceipt toReceipt(const QJsonValue &value)
{
    return {toOctets(value[u"disposition"]), toInteger(value[u"at"])};
}

QJsonObject fromRecipient(const QueueRecipient &one)
{
    QJsonObject object = fromMailbox(one.recipient.forwardPath);
    object.insert(QStringLiteral("notify"), int(one.recipient.notify));
    object.insert(QStringLiteral("originalRecipient"), fromOctets(one.recipient.originalRecipient));
    object.insert(QStringLiteral("state"), int(one.state));
    object.insert(QStringLiteral("attempts"), one.attempts);
    object.insert(QStringLiteral("nextAttemptAt"), one.nextAttemptAt);
    object.insert(QStringLiteral("told"), int(one.told));
    if (one.later)
        object.insert(QStringLiteral("later"), fromLater(*one.later));
    if (one.receipt)
        object.insert(QStringLiteral("receipt"), fromReceipt(*one.receipt));
    if (one.lastReport.at != 0)
        object.insert(QStringLiteral("lastReport"), fromReport(one.lastReport));
    return object;
}

QueueRecipient toRecipient(const QJsonValue &value)
{
    QueueRecipient one;
    one.recipient.forwardPath = toMailbox(value);
    one.recipient.notify = smtp::NotifyFlags(value[u"notify"].toInt());
    one.recipient.originalRecipient = toOctets(value[u"originalRecipient"]);
    one.state = toEnum(value[u"state"], RecipientState::Held);
    one.attempts = value[u"attempts"].toInt();
    one.nextAttemptAt = toInteger(value[u"nextAttemptAt"]);
    one.told = ToldFlags(value[u"told"].toInt());
    if (value[u"later"].isObject())
        one.later = toLater(value[u"later"]);
    if (value[u"receipt"].isObject())
        one.receipt = toReceipt(value[u"receipt"]);
    if (value[u"lastReport"].isObject())
        one.lastReport = toReport(value[u"lastReport"], one.recipient.forwardPath);
    return one;
}

QJsonValue fromDeliverBy(const std::optional<smtp::DeliverBy> &by)
{
    if (!by)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("seconds"), by->seconds}, {QStringLiteral("mode"), int(by->mode)},
        {QStringLiteral("trace"), by->trace}};
}

std::optional<smtp::DeliverBy> toDeliverBy(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return smtp::DeliverBy{toInteger(value[u"seconds"]),
        toEnum(value[u"mode"], smtp::DeliverBy::Mode::Notify), value[u"trace"].toBool()};
}

QJsonObject fromEnvelope(const smtp::Envelope &envelope)
{
    return {{QStringLiteral("reversePath"), fromMailbox(envelope.reversePath)},
        {QStringLiteral("body"), int(envelope.body)}, {QStringLiteral("smtpUtf8"), envelope.smtpUtf8},
        {QStringLiteral("declaredSize"), envelope.declaredSize},
        {QStringLiteral("return"), int(envelope.dsnReturn)},
        {QStringLiteral("envelopeId"), fromOctets(envelope.envelopeId)},
        {QStringLiteral("requireTls"), envelope.requireTls},
        {QStringLiteral("deliverBy"), fromDeliverBy(envelope.deliverBy)},
        {QStringLiteral("holdUntil"), envelope.holdUntil},
        {QStringLiteral("priority"), envelope.priority ? QJsonValue(*envelope.priority) : QJsonValue::Null}};
}

smtp::Envelope toEnvelope(const QJsonValue &value)
{
    smtp::Envelope envelope;
    envelope.reversePath = toMailbox(value[u"reversePath"]);
    envelope.body = toEnum(value[u"body"], smtp::BodyType::BinaryMime);
    envelope.smtpUtf8 = value[u"smtpUtf8"].toBool();
    envelope.declaredSize = toInteger(value[u"declaredSize"], -1);
    envelope.dsnReturn = toEnum(value[u"return"], smtp::DsnReturn::Headers);
    envelope.envelopeId = toOctets(value[u"envelopeId"]);
    envelope.requireTls = value[u"requireTls"].toBool();
    envelope.deliverBy = toDeliverBy(value[u"deliverBy"]);
    envelope.holdUntil = toInteger(value[u"holdUntil"]);
    if (value[u"priority"].isDouble())
        envelope.priority = std::clamp(value[u"priority"].toInt(), -9, 9);
    return envelope;
}

QJsonObject fromMessageId(const MessageId &id)
{
    return {{QStringLiteral("user"), id.folder.user}, {QStringLiteral("folder"), id.folder.folder},
        {QStringLiteral("unique"), fromOctets(id.unique)}};
}

MessageId toMessageId(const QJsonValue &value)
{
    return {{value[u"user"].toString(), value[u"folder"].toString()}, toOctets(value[u"unique"])};
}

} // namespace

QByteArray writeState(const QueueEntry &entry)
{
    QJsonArray recipients;
    for (const QueueRecipient &one : entry.recipients)
        recipients.append(fromRecipient(one));
    QJsonArray sessions;
    for (const QByteArray &session : entry.attemptSessionIds)
        sessions.append(fromOctets(session));
    const QJsonObject object{{QStringLiteral("id"), fromOctets(entry.id)},
        {QStringLiteral("envelope"), fromEnvelope(entry.envelope)},
        {QStringLiteral("recipients"), recipients}, {QStringLiteral("queuedAt"), entry.queuedAt},
        {QStringLiteral("notBefore"), entry.notBefore}, {QStringLiteral("size"), entry.size},
        {QStringLiteral("subject"), entry.subject},
        {QStringLiteral("messageId"), fromOctets(entry.messageIdField)},
        {QStringLiteral("originSession"), fromOctets(entry.originSessionId)},
        {QStringLiteral("attemptSessions"), sessions},
        {QStringLiteral("sentCopy"), fromMessageId(entry.sentCopy)}, {QStringLiteral("age"), entry.age},
        {QStringLiteral("seenAt"), entry.seenAt}, {QStringLiteral("inQueue"), entry.inQueue},
        {QStringLiteral("held"), entry.held}, {QStringLiteral("route"), toJson(entry.route)}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

Result<QueueEntry> readState(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonObject object = document.object();
    QueueEntry entry;
    entry.id = toOctets(object[u"id"]);
    if (entry.id.isEmpty() || !object[u"recipients"].isArray())
        return tl::unexpected(Error{ErrorCode::Damaged, {}, {}});
    entry.envelope = toEnvelope(object[u"envelope"]);
    const QJsonArray recipients = object[u"recipients"].toArray();
    for (const auto one : recipients) {
        entry.recipients.append(toRecipient(one));
        entry.envelope.recipients.append(entry.recipients.last().recipient);
    }
    entry.queuedAt = toInteger(object[u"queuedAt"]);
    entry.notBefore = toInteger(object[u"notBefore"]);
    entry.size = toInteger(object[u"size"]);
    entry.subject = object[u"subject"].toString();
    entry.messageIdField = toOctets(object[u"messageId"]);
    entry.originSessionId = toOctets(object[u"originSession"]);
    const QJsonArray sessions = object[u"attemptSessions"].toArray();
    for (const auto session : sessions)
        entry.attemptSessionIds.append(toOctets(session));
    entry.sentCopy = toMessageId(object[u"sentCopy"]);
    entry.age = toInteger(object[u"age"]);
    entry.seenAt = toInteger(object[u"seenAt"]);
    entry.inQueue = toInteger(object[u"inQueue"]);
    entry.held = object[u"held"].toBool();
    entry.route = routeFromJson(object[u"route"]);
    return entry;
}

} // namespace glasspost::mail
