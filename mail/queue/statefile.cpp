#include "mail/queue/statefile.h"

#include "mail/base/jsontext.h"
#include "mail/settings/routejson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUtf8StringView>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr char base64Mark[] = "base64:";
constexpr char byteOrderMark[] = "\xef\xbb\xbf"; // in front of a text it would be lost when that is read

void writeOctets(JsonText &json, QByteArrayView key, const QByteArray &octets)
{
    const bool isPlain = QUtf8StringView(octets).isValidUtf8() && !octets.startsWith(base64Mark)
        && !octets.startsWith(byteOrderMark);
    json.text(key, isPlain ? octets : QByteArray(base64Mark + octets.toBase64()));
}

void writeOctetsList(JsonText &json, QByteArrayView key, const QList<QByteArray> &list)
{
    json.openArray(key);
    for (const QByteArray &octets : list)
        writeOctets(json, {}, octets);
    json.closeArray();
}

void writeText(JsonText &json, QByteArrayView key, const QString &text)
{
    json.text(key, text.toUtf8());
}

QByteArray toOctets(const QJsonValue &value)
{
    const QByteArray text = value.toString().toUtf8();
    return text.startsWith(base64Mark) ? QByteArray::fromBase64(text.mid(sizeof base64Mark - 1)) : text;
}

QList<QByteArray> toOctetsList(const QJsonValue &value)
{
    QList<QByteArray> list;
    const QJsonArray array = value.toArray();
    for (const auto octets : array)
        list.append(toOctets(octets));
    return list;
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

void writeMailbox(JsonText &json, const smtp::Mailbox &mailbox)
{
    writeOctets(json, "local", mailbox.localPart);
    writeOctets(json, "domain", mailbox.domain);
}

smtp::Mailbox toMailbox(const QJsonObject &value)
{
    return {toOctets(value[u"local"]), toOctets(value[u"domain"])};
}

smtp::EnhancedStatusCode toStatus(const QJsonValue &value)
{
    return smtp::EnhancedStatusCode::parse(value.toString().toLatin1()).value_or(smtp::EnhancedStatusCode());
}

void writeReply(JsonText &json, const smtp::Reply &reply)
{
    json.openObject("reply");
    json.number("code", reply.code);
    json.text("enhanced", reply.enhanced.toBytes());
    writeOctetsList(json, "lines", reply.lines);
    json.closeObject();
}

smtp::Reply toReply(const QJsonObject &value)
{
    smtp::Reply reply;
    reply.code = value[u"code"].toInt();
    reply.enhanced = toStatus(value[u"enhanced"]);
    reply.lines = toOctetsList(value[u"lines"]);
    return reply;
}

void writeReport(JsonText &json, const smtp::RecipientReport &report)
{
    json.openObject("lastReport");
    json.number("result", int(report.result));
    json.number("stage", int(report.stage));
    writeReply(json, report.reply);
    writeOctets(json, "command", report.command);
    json.text("status", report.status.toBytes());
    writeOctets(json, "reason", report.reason);
    writeOctets(json, "host", report.remoteHost);
    writeText(json, "address", report.remoteAddress.toString());
    json.number("port", report.remotePort);
    json.number("at", report.at);
    writeOctets(json, "session", report.sessionId);
    json.number("offered", int(report.offered));
    json.closeObject();
}

smtp::RecipientReport toReport(const QJsonObject &value, const smtp::Mailbox &recipient)
{
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = toEnum(value[u"result"], smtp::DeliveryResult::Unknown);
    report.stage = toEnum(value[u"stage"], smtp::DeliveryStage::EndOfData);
    report.reply = toReply(value[u"reply"].toObject());
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

void writeLater(JsonText &json, const LaterReport &later)
{
    json.openObject("later");
    json.number("action", int(later.action));
    json.text("status", later.status.toBytes());
    writeOctets(json, "server", later.server);
    writeOctets(json, "diagnostic", later.diagnostic);
    json.number("at", later.at);
    json.closeObject();
}

LaterReport toLater(const QJsonObject &value)
{
    return {toEnum(value[u"action"], ReportAction::Expanded), toStatus(value[u"status"]),
        toOctets(value[u"server"]), toOctets(value[u"diagnostic"]), toInteger(value[u"at"])};
}

void writeReceipt(JsonText &json, const ReadReceipt &receipt)
{
    json.openObject("receipt");
    writeOctets(json, "disposition", receipt.disposition);
    json.number("at", receipt.at);
    json.closeObject();
}

ReadReceipt toReceipt(const QJsonObject &value)
{
    return {toOctets(value[u"disposition"]), toInteger(value[u"at"])};
}

void writeRecipient(JsonText &json, const QueueEntry &entry, const QueueRecipient &one)
{
    json.openObject();
    writeMailbox(json, one.recipient.forwardPath);
    json.number("notify", int(one.recipient.notify));
    writeOctets(json, "originalRecipient", one.recipient.originalRecipient);
    json.number("state", int(entry.stateOf(one)));
    json.number("attempts", one.attempts());
    json.number("nextAttemptAt", one.nextAttemptAt);
    json.number("told", int(one.notified));
    if (one.later)
        writeLater(json, *one.later);
    if (one.receipt)
        writeReceipt(json, *one.receipt);
    if (const auto report = one.lastReport())
        writeReport(json, *report);
    json.closeObject();
}

void writeRecipients(JsonText &json, const QueueEntry &entry)
{
    json.openArray("recipients");
    for (const QueueRecipient &one : entry.recipients)
        writeRecipient(json, entry, one);
    json.closeArray();
}

// The outcome alone, for a damaged file without the report.
smtp::RecipientReport bareReport(Ended::Outcome outcome, const smtp::Mailbox &recipient)
{
    const bool isDelivered = outcome == Ended::Outcome::Delivered;
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = isDelivered ? smtp::DeliveryResult::Delivered : smtp::DeliveryResult::Refused;
    report.status = isDelivered ? smtp::EnhancedStatusCode{2, 0, 0} : smtp::EnhancedStatusCode{5, 0, 0};
    return report;
}

// What no version writes is read as what it can only mean: docs/FORMATS.md.
DeliveryProgress toProgress(const QJsonObject &value, const smtp::Mailbox &recipient)
{
    const int attempts = std::max(0, value[u"attempts"].toInt());
    std::optional<smtp::RecipientReport> report;
    if (value[u"lastReport"].isObject())
        report = toReport(value[u"lastReport"].toObject(), recipient);
    const auto ended = [&](Ended::Outcome outcome) {
        return Ended{outcome, attempts, report.value_or(bareReport(outcome, recipient))};
    };
    switch (toEnum(value[u"state"], RecipientState::Held)) {
    case RecipientState::Delivered:
        return ended(Ended::Outcome::Delivered);
    case RecipientState::Failed:
        return ended(Ended::Outcome::Failed);
    case RecipientState::Expired:
        return ended(Ended::Outcome::Expired);
    case RecipientState::Delivering:
        if (attempts > 0)
            return Delivering{attempts, report};
        break;
    case RecipientState::Waiting:
    case RecipientState::Deferred:
    case RecipientState::Held:
        break;
    }
    return pendingAfter(attempts, report);
}

QueueRecipient toRecipient(const QJsonObject &value)
{
    QueueRecipient one;
    one.recipient.forwardPath = toMailbox(value);
    one.recipient.notify = smtp::NotifyFlags(value[u"notify"].toInt());
    one.recipient.originalRecipient = toOctets(value[u"originalRecipient"]);
    one.progress = toProgress(value, one.recipient.forwardPath);
    one.nextAttemptAt = toInteger(value[u"nextAttemptAt"]);
    one.notified = DsnKinds(value[u"told"].toInt());
    if (const QJsonValue later = value[u"later"]; later.isObject())
        one.later = toLater(later.toObject());
    if (const QJsonValue receipt = value[u"receipt"]; receipt.isObject())
        one.receipt = toReceipt(receipt.toObject());
    return one;
}

void writeDeliverBy(JsonText &json, const smtp::DeliverBy &by)
{
    json.openObject("deliverBy");
    json.number("seconds", by.seconds);
    json.number("mode", int(by.mode));
    json.flag("trace", by.trace);
    json.closeObject();
}

std::optional<smtp::DeliverBy> toDeliverBy(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return smtp::DeliverBy{toInteger(value[u"seconds"]),
        toEnum(value[u"mode"], smtp::DeliverBy::Mode::Notify), value[u"trace"].toBool()};
}

void writeEnvelope(JsonText &json, const smtp::Envelope &envelope)
{
    json.openObject("envelope");
    json.openObject("reversePath");
    writeMailbox(json, envelope.reversePath);
    json.closeObject();
    json.number("body", int(envelope.body));
    json.flag("smtpUtf8", envelope.smtpUtf8);
    json.number("declaredSize", envelope.declaredSize);
    json.number("return", int(envelope.dsnReturn));
    writeOctets(json, "envelopeId", envelope.envelopeId);
    json.flag("requireTls", envelope.requireTls);
    if (envelope.deliverBy)
        writeDeliverBy(json, *envelope.deliverBy);
    json.number("holdUntil", envelope.holdUntil);
    if (envelope.priority)
        json.number("priority", *envelope.priority);
    json.closeObject();
}

smtp::Envelope toEnvelope(const QJsonObject &value)
{
    smtp::Envelope envelope;
    envelope.reversePath = toMailbox(value[u"reversePath"].toObject());
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

void writeSentCopy(JsonText &json, const MessageId &id)
{
    json.openObject("sentCopy");
    writeText(json, "user", id.folder.user);
    writeText(json, "folder", id.folder.folder);
    writeOctets(json, "unique", id.unique);
    json.closeObject();
}

MessageId toMessageId(const QJsonObject &value)
{
    return {{value[u"user"].toString(), value[u"folder"].toString()}, toOctets(value[u"unique"])};
}

} // namespace

QByteArray writeState(const QueueEntry &entry)
{
    JsonText json;
    json.openObject();
    writeOctets(json, "id", entry.id);
    writeEnvelope(json, entry.envelope);
    writeRecipients(json, entry);
    json.number("queuedAt", entry.queuedAt);
    json.number("notBefore", entry.notBefore);
    json.number("size", entry.size);
    writeText(json, "subject", entry.subject);
    writeOctets(json, "messageId", entry.messageIdField);
    writeOctets(json, "originSession", entry.originSessionId);
    writeOctetsList(json, "attemptSessions", entry.attemptSessionIds);
    writeSentCopy(json, entry.sentCopy);
    json.number("age", entry.age);
    json.number("seenAt", entry.seenAt);
    json.number("inQueue", entry.inQueue);
    json.flag("held", entry.held);
    if (entry.route) // few have one
        json.raw("route", QJsonDocument(toJson(entry.route).toObject()).toJson(QJsonDocument::Compact));
    json.closeObject();
    return json.toOctets() + '\n';
}

Result<QueueEntry> readState(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    QueueEntry entry;
    entry.id = toOctets(object[u"id"]);
    if (entry.id.isEmpty() || !object[u"recipients"].isArray())
        return tl::unexpected(Error{ErrorCode::Damaged, {}, {}});
    entry.envelope = toEnvelope(object[u"envelope"].toObject());
    const QJsonArray recipients = object[u"recipients"].toArray();
    for (const auto one : recipients) {
        entry.recipients.append(toRecipient(one.toObject()));
        entry.envelope.recipients.append(entry.recipients.last().recipient);
    }
    entry.queuedAt = toInteger(object[u"queuedAt"]);
    entry.notBefore = toInteger(object[u"notBefore"]);
    entry.size = toInteger(object[u"size"]);
    entry.subject = object[u"subject"].toString();
    entry.messageIdField = toOctets(object[u"messageId"]);
    entry.originSessionId = toOctets(object[u"originSession"]);
    entry.attemptSessionIds = toOctetsList(object[u"attemptSessions"]);
    entry.sentCopy = toMessageId(object[u"sentCopy"].toObject());
    entry.age = toInteger(object[u"age"]);
    entry.seenAt = toInteger(object[u"seenAt"]);
    entry.inQueue = toInteger(object[u"inQueue"]);
    entry.held = object[u"held"].toBool();
    entry.route = routeFromJson(object[u"route"]);
    return entry;
}

} // namespace glasspost::mail
