#include "mail/queue/statefile.h"

#include "mail/queue/reportjson.h"
#include "mail/settings/routejson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace glasspost::mail {

namespace {

void writeMailbox(JsonText &json, const smtp::Mailbox &mailbox)
{
    writeStateOctets(json, "local", mailbox.localPart);
    writeStateOctets(json, "domain", mailbox.domain);
}

smtp::Mailbox toMailbox(const QJsonObject &value)
{
    return {stateOctets(value[u"local"]), stateOctets(value[u"domain"])};
}

void writeLater(JsonText &json, const LaterReport &later)
{
    json.openObject("later");
    json.number("action", int(later.action));
    json.text("status", later.status.toBytes());
    writeStateOctets(json, "server", later.server);
    writeStateOctets(json, "diagnostic", later.diagnostic);
    json.number("at", later.at);
    json.closeObject();
}

LaterReport toLater(const QJsonObject &value)
{
    return {stateEnum(value[u"action"], ReportAction::Expanded), statusFromJson(value[u"status"]),
        stateOctets(value[u"server"]), stateOctets(value[u"diagnostic"]), stateInteger(value[u"at"])};
}

void writeReceipt(JsonText &json, const ReadReceipt &receipt)
{
    json.openObject("receipt");
    writeStateOctets(json, "disposition", receipt.disposition);
    json.number("at", receipt.at);
    json.closeObject();
}

ReadReceipt toReceipt(const QJsonObject &value)
{
    return {stateOctets(value[u"disposition"]), stateInteger(value[u"at"])};
}

void writeRecipient(JsonText &json, const QueueEntry &entry, const QueueRecipient &one)
{
    json.openObject();
    writeMailbox(json, one.recipient.forwardPath);
    json.number("notify", int(one.recipient.notify));
    writeStateOctets(json, "originalRecipient", one.recipient.originalRecipient);
    json.number("state", int(entry.stateOf(one)));
    json.number("attempts", one.attempts());
    json.number("nextAttemptAt", one.nextAttemptAt);
    json.number("told", int(one.notified));
    if (one.later)
        writeLater(json, *one.later);
    if (one.receipt)
        writeReceipt(json, *one.receipt);
    if (const auto report = one.lastReport())
        writeRecipientReport(json, "lastReport", *report);
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
        report = recipientReport(value[u"lastReport"].toObject(), recipient);
    const auto ended = [&](Ended::Outcome outcome) {
        return Ended{outcome, attempts, report.value_or(bareReport(outcome, recipient))};
    };
    switch (stateEnum(value[u"state"], RecipientState::Held)) {
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
    one.recipient.originalRecipient = stateOctets(value[u"originalRecipient"]);
    one.progress = toProgress(value, one.recipient.forwardPath);
    one.nextAttemptAt = stateInteger(value[u"nextAttemptAt"]);
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
    return smtp::DeliverBy{stateInteger(value[u"seconds"]),
        stateEnum(value[u"mode"], smtp::DeliverBy::Mode::Notify), value[u"trace"].toBool()};
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
    writeStateOctets(json, "envelopeId", envelope.envelopeId);
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
    envelope.body = stateEnum(value[u"body"], smtp::BodyType::BinaryMime);
    envelope.smtpUtf8 = value[u"smtpUtf8"].toBool();
    envelope.declaredSize = stateInteger(value[u"declaredSize"], -1);
    envelope.dsnReturn = stateEnum(value[u"return"], smtp::DsnReturn::Headers);
    envelope.envelopeId = stateOctets(value[u"envelopeId"]);
    envelope.requireTls = value[u"requireTls"].toBool();
    envelope.deliverBy = toDeliverBy(value[u"deliverBy"]);
    envelope.holdUntil = stateInteger(value[u"holdUntil"]);
    if (value[u"priority"].isDouble())
        envelope.priority = std::clamp(value[u"priority"].toInt(), -9, 9);
    return envelope;
}

void writeMessageId(JsonText &json, QByteArrayView key, const MessageId &id)
{
    json.openObject(key);
    writeStateText(json, "user", id.folder.user);
    writeStateText(json, "folder", id.folder.folder);
    writeStateOctets(json, "unique", id.unique);
    json.closeObject();
}

MessageId toMessageId(const QJsonObject &value)
{
    return {{value[u"user"].toString(), value[u"folder"].toString()}, stateOctets(value[u"unique"])};
}

void writeMadeFrom(JsonText &json, const MadeFrom &made)
{
    json.openObject("madeFrom");
    json.number("how", int(made.how));
    writeMessageId(json, "message", made.message);
    writeStateOctets(json, "messageId", made.messageId);
    writeStateText(json, "rule", made.rule);
    json.closeObject();
}

std::optional<MadeFrom> toMadeFrom(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return MadeFrom{stateEnum(value[u"how"], MadeFrom::How::Released),
        toMessageId(value[u"message"].toObject()), stateOctets(value[u"messageId"]),
        value[u"rule"].toString()};
}

} // namespace

void writeState(JsonText &json, QByteArrayView key, const QueueEntry &entry)
{
    json.openObject(key);
    writeStateOctets(json, "id", entry.id);
    writeEnvelope(json, entry.envelope);
    writeRecipients(json, entry);
    json.number("queuedAt", entry.queuedAt);
    json.number("notBefore", entry.notBefore);
    json.number("size", entry.size);
    writeStateText(json, "subject", entry.subject);
    writeStateOctets(json, "messageId", entry.messageIdField);
    writeStateOctets(json, "originSession", entry.originSessionId);
    writeStateOctetsList(json, "attemptSessions", entry.attemptSessionIds);
    writeMessageId(json, "sentCopy", entry.sentCopy);
    json.number("age", entry.age);
    json.number("seenAt", entry.seenAt);
    json.number("inQueue", entry.inQueue);
    json.flag("held", entry.held);
    if (entry.route) // few have one
        json.raw("route", QJsonDocument(toJson(entry.route).toObject()).toJson(QJsonDocument::Compact));
    if (entry.madeFrom) // likewise
        writeMadeFrom(json, *entry.madeFrom);
    json.closeObject();
}

QByteArray writeState(const QueueEntry &entry)
{
    JsonText json;
    writeState(json, {}, entry);
    return json.toOctets() + '\n';
}

Result<QueueEntry> readState(const QByteArray &json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    QueueEntry entry;
    entry.id = stateOctets(object[u"id"]);
    if (entry.id.isEmpty() || !object[u"recipients"].isArray())
        return tl::unexpected(Error{ErrorCode::Damaged, {}, {}});
    entry.envelope = toEnvelope(object[u"envelope"].toObject());
    const QJsonArray recipients = object[u"recipients"].toArray();
    for (const auto one : recipients) {
        entry.recipients.append(toRecipient(one.toObject()));
        entry.envelope.recipients.append(entry.recipients.last().recipient);
    }
    entry.queuedAt = stateInteger(object[u"queuedAt"]);
    entry.notBefore = stateInteger(object[u"notBefore"]);
    entry.size = stateInteger(object[u"size"]);
    entry.subject = object[u"subject"].toString();
    entry.messageIdField = stateOctets(object[u"messageId"]);
    entry.originSessionId = stateOctets(object[u"originSession"]);
    entry.attemptSessionIds = stateOctetsList(object[u"attemptSessions"]);
    entry.sentCopy = toMessageId(object[u"sentCopy"].toObject());
    entry.age = stateInteger(object[u"age"]);
    entry.seenAt = stateInteger(object[u"seenAt"]);
    entry.inQueue = stateInteger(object[u"inQueue"]);
    entry.held = object[u"held"].toBool();
    entry.route = routeFromJson(object[u"route"]);
    entry.madeFrom = toMadeFrom(object[u"madeFrom"]);
    return entry;
}

} // namespace glasspost::mail
