#include "mail/queue/reportjson.h"

#include <QJsonArray>
#include <QUtf8StringView>

namespace glasspost::mail {

namespace {

constexpr char base64Mark[] = "base64:";
constexpr char byteOrderMark[] = "\xef\xbb\xbf"; // in front of a text it would be lost when that is read

} // namespace

void writeReply(JsonText &json, const smtp::Reply &reply)
{
    json.openObject("reply");
    json.number("code", reply.code);
    json.text("enhanced", reply.enhanced.toBytes());
    writeStateOctetsList(json, "lines", reply.lines);
    json.closeObject();
}

smtp::Reply replyFromJson(const QJsonObject &value)
{
    smtp::Reply reply;
    reply.code = value[u"code"].toInt();
    reply.enhanced = statusFromJson(value[u"enhanced"]);
    reply.lines = stateOctetsList(value[u"lines"]);
    return reply;
}

void writeStateOctets(JsonText &json, QByteArrayView key, const QByteArray &octets)
{
    const bool isPlain = QUtf8StringView(octets).isValidUtf8() && !octets.startsWith(base64Mark)
        && !octets.startsWith(byteOrderMark);
    json.text(key, isPlain ? octets : QByteArray(base64Mark + octets.toBase64()));
}

void writeStateOctetsList(JsonText &json, QByteArrayView key, const QList<QByteArray> &list)
{
    json.openArray(key);
    for (const QByteArray &octets : list)
        writeStateOctets(json, {}, octets);
    json.closeArray();
}

void writeStateText(JsonText &json, QByteArrayView key, const QString &text)
{
    json.text(key, text.toUtf8());
}

QByteArray stateOctets(const QJsonValue &value)
{
    const QByteArray text = value.toString().toUtf8();
    return text.startsWith(base64Mark) ? QByteArray::fromBase64(text.mid(sizeof base64Mark - 1)) : text;
}

QList<QByteArray> stateOctetsList(const QJsonValue &value)
{
    QList<QByteArray> list;
    const QJsonArray array = value.toArray();
    for (const auto octets : array)
        list.append(stateOctets(octets));
    return list;
}

smtp::EnhancedStatusCode statusFromJson(const QJsonValue &value)
{
    return smtp::EnhancedStatusCode::parse(value.toString().toLatin1()).value_or(smtp::EnhancedStatusCode());
}

void writeRecipientReport(JsonText &json, QByteArrayView key, const smtp::RecipientReport &report)
{
    json.openObject(key);
    json.number("result", int(report.result));
    json.number("stage", int(report.stage));
    writeReply(json, report.reply);
    writeStateOctets(json, "command", report.command);
    json.text("status", report.status.toBytes());
    writeStateOctets(json, "reason", report.reason);
    writeStateOctets(json, "host", report.remoteHost);
    writeStateText(json, "address", report.remoteAddress.toString());
    json.number("port", report.remotePort);
    json.number("at", report.at);
    writeStateOctets(json, "session", report.sessionId);
    json.number("offered", int(report.offered));
    json.closeObject();
}

smtp::RecipientReport recipientReport(const QJsonObject &value, const smtp::Mailbox &recipient)
{
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = stateEnum(value[u"result"], smtp::DeliveryResult::Unknown);
    report.stage = stateEnum(value[u"stage"], smtp::DeliveryStage::EndOfData);
    report.reply = replyFromJson(value[u"reply"].toObject());
    report.command = stateOctets(value[u"command"]);
    report.status = statusFromJson(value[u"status"]);
    report.reason = stateOctets(value[u"reason"]);
    report.remoteHost = stateOctets(value[u"host"]);
    report.remoteAddress = QHostAddress(value[u"address"].toString());
    report.remotePort = quint16(value[u"port"].toInt());
    report.at = stateInteger(value[u"at"]);
    report.sessionId = stateOctets(value[u"session"]);
    report.offered = smtp::CapabilityFlags(value[u"offered"].toInt());
    return report;
}

} // namespace glasspost::mail
