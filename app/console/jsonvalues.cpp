#include "app/console/jsonvalues.h"

#include "mail/base/jsontext.h"
#include "smtp/syntax/path.h"

#include <QDateTime>
#include <QJsonArray>
#include <QStringDecoder>
#include <QTimeZone>
#include <QUtf8StringView>

namespace glasspost::app {

namespace {

QString text(const QByteArray &octets)
{
    return QString::fromUtf8(octets);
}

/// What is no UTF-8 is replaced.
QByteArray utf8(const QByteArray &octets)
{
    return QUtf8StringView(octets).isValidUtf8() ? octets : text(octets).toUtf8();
}

/// The octets under "text", or under "base64" when they are no UTF-8.
void putOctets(QJsonObject &object, const QByteArray &octets)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder.decode(octets);
    if (decoder.hasError())
        object[QStringLiteral("base64")] = QString::fromLatin1(octets.toBase64());
    else
        object[QStringLiteral("text")] = decoded;
}

QString resultWord(smtp::DeliveryResult result)
{
    switch (result) {
    case smtp::DeliveryResult::Delivered:
        return QStringLiteral("delivered");
    case smtp::DeliveryResult::Deferred:
        return QStringLiteral("deferred");
    case smtp::DeliveryResult::Refused:
        return QStringLiteral("refused");
    case smtp::DeliveryResult::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString stageWord(smtp::DeliveryStage stage)
{
    static const char *const names[] = {"local", "lookup", "connect", "greeting", "hello", "starttls", "auth",
        "mail", "rcpt", "data", "body", "end-of-data"};
    return QString::fromLatin1(names[int(stage)]);
}

QString outcomeWord(smtp::SessionOutcome outcome)
{
    switch (outcome) {
    case smtp::SessionOutcome::Open:
        return QStringLiteral("open");
    case smtp::SessionOutcome::Completed:
        return QStringLiteral("completed");
    case smtp::SessionOutcome::Refused:
        return QStringLiteral("refused");
    case smtp::SessionOutcome::Broken:
        break;
    }
    return QStringLiteral("broken");
}

QString speakerWord(smtp::Speaker speaker)
{
    switch (speaker) {
    case smtp::Speaker::Client:
        return QStringLiteral("client");
    case smtp::Speaker::Server:
        return QStringLiteral("server");
    case smtp::Speaker::Event:
        break;
    }
    return QStringLiteral("event");
}

} // namespace

QString isoTime(qint64 microseconds)
{
    return microseconds == 0
        ? QString()
        : QDateTime::fromMSecsSinceEpoch(microseconds / 1000, QTimeZone::utc()).toString(Qt::ISODateWithMs);
}

QByteArray toJsonLine(const mail::ReceptionEvent &event)
{
    using Kind = mail::ReceptionEvent::Kind;
    const bool stored = event.kind == Kind::Stored;
    mail::JsonText json;
    json.openObject();
    json.text("event", stored ? "stored" : event.kind == Kind::Refused ? "refused" : "discarded");
    json.text("session", event.sessionId);
    json.text("from", utf8(event.from));
    json.openArray("to");
    for (const QByteArray &recipient : event.to)
        json.text({}, utf8(recipient));
    json.closeArray();
    json.number("size", event.size);
    if (stored)
        json.text("file", event.file.toUtf8());
    else if (event.kind == Kind::Refused)
        json.text("reply", utf8(event.reply));
    json.closeObject();
    return json.toOctets();
}

QJsonObject toJson(const smtp::RecipientReport &report)
{
    QJsonObject object = {{QStringLiteral("recipient"), text(report.recipient.toBytes())},
        {QStringLiteral("result"), resultWord(report.result)},
        {QStringLiteral("stage"), stageWord(report.stage)},
        {QStringLiteral("status"), text(report.status.toBytes())}};
    if (report.at > 0) // a damaged record has no time
        object[QStringLiteral("at")] = isoTime(report.at);
    if (!report.reply.isNull()) {
        object[QStringLiteral("reply")] = text(report.reply.toBytes());
        object[QStringLiteral("command")] = text(report.command);
    }
    if (!report.reason.isEmpty())
        object[QStringLiteral("reason")] = text(report.reason);
    if (!report.remoteHost.isEmpty())
        object[QStringLiteral("host")] = text(report.remoteHost);
    if (!report.remoteAddress.isNull()) {
        object[QStringLiteral("address")] = report.remoteAddress.toString();
        object[QStringLiteral("port")] = report.remotePort;
    }
    if (!report.sessionId.isEmpty())
        object[QStringLiteral("session")] = text(report.sessionId);
    return object;
}

QString stateWord(mail::RecipientState state)
{
    switch (state) {
    case mail::RecipientState::Waiting:
        return QStringLiteral("waiting");
    case mail::RecipientState::Delivering:
        return QStringLiteral("delivering");
    case mail::RecipientState::Delivered:
        return QStringLiteral("delivered");
    case mail::RecipientState::Deferred:
        return QStringLiteral("deferred");
    case mail::RecipientState::Failed:
        return QStringLiteral("failed");
    case mail::RecipientState::Expired:
        return QStringLiteral("expired");
    case mail::RecipientState::Held:
        break;
    }
    return QStringLiteral("held");
}

std::optional<mail::RecipientState> recipientState(const QString &word)
{
    using enum mail::RecipientState;
    for (const mail::RecipientState state :
        {Waiting, Delivering, Delivered, Deferred, Failed, Expired, Held}) {
        if (stateWord(state) == word)
            return state;
    }
    return std::nullopt;
}

QJsonObject toJson(const mail::QueueEntry &entry)
{
    QJsonArray recipients;
    for (const mail::QueueRecipient &recipient : entry.recipients) {
        QJsonObject object = {{QStringLiteral("address"), text(recipient.recipient.forwardPath.toBytes())},
            {QStringLiteral("state"), stateWord(entry.stateOf(recipient))},
            {QStringLiteral("attempts"), recipient.attempts()}};
        if (recipient.isPending() && recipient.nextAttemptAt > 0)
            object[QStringLiteral("nextAttempt")] = isoTime(recipient.nextAttemptAt * 1000);
        if (const auto report = recipient.lastReport())
            object[QStringLiteral("last")] = toJson(*report);
        recipients += object;
    }
    return {{QStringLiteral("id"), text(entry.id)},
        {QStringLiteral("from"), text(entry.envelope.reversePath.toBytes())},
        {QStringLiteral("recipients"), recipients},
        {QStringLiteral("queued"), isoTime(entry.queuedAt * 1000)}, {QStringLiteral("size"), entry.size},
        {QStringLiteral("subject"), entry.subject}, {QStringLiteral("messageId"), text(entry.messageIdField)},
        {QStringLiteral("held"), entry.held}, {QStringLiteral("done"), entry.isDone()}};
}

QJsonObject toJson(const mail::MessageRow &row)
{
    const QString folder = row.id.folder.folder.isEmpty() ? QStringLiteral("Inbox") : row.id.folder.folder;
    return {{QStringLiteral("mailbox"), row.id.folder.user}, {QStringLiteral("folder"), folder},
        {QStringLiteral("id"), text(row.id.unique)}, {QStringLiteral("from"), row.fromAddress},
        {QStringLiteral("fromName"), row.fromName}, {QStringLiteral("to"), row.to},
        {QStringLiteral("subject"), row.subject}, {QStringLiteral("date"), isoTime(row.date * 1000000)},
        {QStringLiteral("size"), row.size},
        {QStringLiteral("seen"), row.flags.testFlag(mail::MessageFlag::Seen)},
        {QStringLiteral("tags"), QJsonArray::fromStringList(row.tags)},
        {QStringLiteral("attachments"), row.hasAttachments},
        {QStringLiteral("messageId"), text(row.messageIdField)},
        {QStringLiteral("session"), text(row.sessionId)}, {QStringLiteral("snippet"), row.snippet}};
}

QJsonObject toJson(const smtp::SessionFacts &session)
{
    return {{QStringLiteral("session"), text(session.id)},
        {QStringLiteral("role"),
            session.role == smtp::SessionRole::Server ? QStringLiteral("server") : QStringLiteral("client")},
        {QStringLiteral("outcome"), outcomeWord(session.outcome)},
        {QStringLiteral("started"), isoTime(session.startedAt)},
        {QStringLiteral("ended"), isoTime(session.endedAt)},
        {QStringLiteral("address"), session.peerAddress.toString()},
        {QStringLiteral("port"), session.peerPort}, {QStringLiteral("peer"), text(session.peerName)},
        {QStringLiteral("tls"), text(session.tls)}, {QStringLiteral("user"), text(session.user)},
        {QStringLiteral("messages"), session.messages}, {QStringLiteral("octets"), session.octets},
        {QStringLiteral("refusedRecipients"), session.refusedRecipients},
        {QStringLiteral("deferredRecipients"), session.deferredRecipients},
        {QStringLiteral("ending"), text(session.ending)}};
}

QJsonObject toJson(const QByteArray &sessionId, const smtp::TranscriptEntry &entry, qint64 startedAt)
{
    QJsonObject object
        = {{QStringLiteral("session"), text(sessionId)}, {QStringLiteral("at"), isoTime(entry.at)},
            {QStringLiteral("elapsed"), double(entry.at - startedAt) / 1e6},
            {QStringLiteral("speaker"), speakerWord(entry.speaker)}};
    if (entry.isData) {
        object[QStringLiteral("data")] = true;
        object[QStringLiteral("size")] = entry.dataSize;
    }
    putOctets(object, entry.bytes);
    return object;
}

QJsonObject toJson(const mail::Error &error)
{
    return {{QStringLiteral("error"), int(error.code)}, {QStringLiteral("subject"), error.subject},
        {QStringLiteral("system"), error.systemText}};
}

mail::Error errorFromJson(const QJsonObject &object)
{
    const int code = object[QStringLiteral("error")].toInt(int(mail::ErrorCode::InputOutput));
    const bool known = code >= 0 && code <= int(mail::ErrorCode::StillQueued);
    return {known ? mail::ErrorCode(code) : mail::ErrorCode::InputOutput,
        object[QStringLiteral("subject")].toString(), object[QStringLiteral("system")].toString()};
}

QJsonObject toJson(const smtp::Envelope &envelope)
{
    QJsonArray to;
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients)
        to += text(recipient.forwardPath.toBytes());
    QJsonObject object{{QStringLiteral("from"), text(envelope.reversePath.toBytes())},
        {QStringLiteral("to"), to}, {QStringLiteral("eightBit"), envelope.body != smtp::BodyType::SevenBit},
        {QStringLiteral("smtpUtf8"), envelope.smtpUtf8}, {QStringLiteral("requireTls"), envelope.requireTls},
        {QStringLiteral("holdUntil"), envelope.holdUntil}, {QStringLiteral("ret"), int(envelope.dsnReturn)},
        {QStringLiteral("envid"), text(envelope.envelopeId)},
        {QStringLiteral("notify"),
            envelope.recipients.isEmpty() ? 0 : int(envelope.recipients.first().notify)}};
    if (envelope.deliverBy) {
        object[QStringLiteral("deliverBy")] = envelope.deliverBy->seconds;
        object[QStringLiteral("late")] = int(envelope.deliverBy->mode);
    }
    if (envelope.priority)
        object[QStringLiteral("priority")] = *envelope.priority;
    return object;
}

namespace {

/// What the extensions ask; out of place values are as if they were not there.
void readEnvelopeMembers(const QJsonObject &object, smtp::Envelope &envelope)
{
    envelope.requireTls = object[QStringLiteral("requireTls")].toBool();
    envelope.holdUntil = object[QStringLiteral("holdUntil")].toInteger();
    envelope.envelopeId = object[QStringLiteral("envid")].toString().toUtf8();
    const int ret = object[QStringLiteral("ret")].toInt();
    if (ret == int(smtp::DsnReturn::Full) || ret == int(smtp::DsnReturn::Headers))
        envelope.dsnReturn = smtp::DsnReturn(ret);
    if (const QJsonValue by = object[QStringLiteral("deliverBy")]; by.isDouble()) {
        using Mode = smtp::DeliverBy::Mode;
        const bool returns = object[QStringLiteral("late")].toInt() == int(Mode::Return);
        envelope.deliverBy = smtp::DeliverBy{by.toInteger(), returns ? Mode::Return : Mode::Notify, false};
    }
    if (const QJsonValue priority = object[QStringLiteral("priority")]; priority.isDouble())
        envelope.priority = priority.toInt();
    const auto notify = smtp::NotifyFlags::fromInt(object[QStringLiteral("notify")].toInt() & 15);
    for (smtp::EnvelopeRecipient &recipient : envelope.recipients)
        recipient.notify = notify;
}

} // namespace

smtp::Envelope envelopeFromJson(const QJsonObject &object)
{
    smtp::Envelope envelope;
    const auto mailbox = [](const QJsonValue &value) {
        return smtp::parseMailbox(value.toString().toUtf8()).value_or(smtp::Mailbox());
    };
    envelope.reversePath = mailbox(object[QStringLiteral("from")]);
    for (const auto value : object[QStringLiteral("to")].toArray()) {
        if (const smtp::Mailbox recipient = mailbox(value); !recipient.isNull())
            envelope.recipients += smtp::EnvelopeRecipient{recipient, {}, {}};
    }
    envelope.body = object[QStringLiteral("eightBit")].toBool() ? smtp::BodyType::EightBitMime
                                                                : smtp::BodyType::SevenBit;
    envelope.smtpUtf8 = object[QStringLiteral("smtpUtf8")].toBool();
    readEnvelopeMembers(object, envelope);
    return envelope;
}

} // namespace glasspost::app
