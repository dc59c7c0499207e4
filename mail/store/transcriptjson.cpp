#include "mail/store/transcriptjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUtf8StringView>

namespace glasspost::mail {

namespace {

constexpr const char *Head = "{\"session\":\"";
constexpr const char *First = "\",\"first\":true";

QJsonValue octets(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    if (text.toUtf8() == bytes)
        return text;
    return QJsonObject{{QStringLiteral("b64"), QString::fromLatin1(bytes.toBase64())}};
}

QByteArray toOctets(const QJsonValue &value)
{
    if (value.isObject())
        return QByteArray::fromBase64(value.toObject().value(QStringLiteral("b64")).toString().toLatin1());
    return value.toString().toUtf8();
}

QJsonObject factsObject(const smtp::SessionFacts &facts)
{
    return {{QStringLiteral("role"), int(facts.role)}, {QStringLiteral("esmtp"), facts.esmtp},
        {QStringLiteral("outcome"), int(facts.outcome)}, {QStringLiteral("started"), facts.startedAt},
        {QStringLiteral("ended"), facts.endedAt}, {QStringLiteral("peer"), facts.peerAddress.toString()},
        {QStringLiteral("peerPort"), facts.peerPort},
        {QStringLiteral("local"), facts.localAddress.toString()},
        {QStringLiteral("localPort"), facts.localPort}, {QStringLiteral("peerName"), octets(facts.peerName)},
        {QStringLiteral("tls"), octets(facts.tls)}, {QStringLiteral("user"), octets(facts.user)},
        {QStringLiteral("messages"), facts.messages}, {QStringLiteral("ending"), octets(facts.ending)}};
}

smtp::SessionFacts toFacts(const QJsonObject &object)
{
    smtp::SessionFacts facts;
    const auto number = [&object](const char *key) { return object.value(QLatin1String(key)).toInteger(); };
    facts.role = number("role") == 0 ? smtp::SessionRole::Server : smtp::SessionRole::Client;
    facts.esmtp = object.value(QStringLiteral("esmtp")).toBool();
    const qint64 outcome = number("outcome");
    facts.outcome
        = outcome >= 0 && outcome <= 3 ? smtp::SessionOutcome(outcome) : smtp::SessionOutcome::Broken;
    facts.startedAt = number("started");
    facts.endedAt = number("ended");
    facts.peerAddress = QHostAddress(object.value(QStringLiteral("peer")).toString());
    facts.peerPort = quint16(number("peerPort"));
    facts.localAddress = QHostAddress(object.value(QStringLiteral("local")).toString());
    facts.localPort = quint16(number("localPort"));
    facts.peerName = toOctets(object.value(QStringLiteral("peerName")));
    facts.tls = toOctets(object.value(QStringLiteral("tls")));
    facts.user = toOctets(object.value(QStringLiteral("user")));
    facts.messages = int(number("messages"));
    facts.ending = toOctets(object.value(QStringLiteral("ending")));
    return facts;
}

void appendString(QByteArray &to, QByteArrayView text)
{
    to.append('"');
    for (const char c : text) {
        if (c == '"' || c == '\\')
            to.append('\\').append(c);
        else if (quint8(c) < 0x20)
            to.append("\\u00").append(QByteArray(1, c).toHex());
        else
            to.append(c);
    }
    to.append('"');
}

// By hand, because tens of thousands come in a second.
void appendEntry(QByteArray &to, const smtp::TranscriptEntry &entry)
{
    to.append("{\"at\":").append(QByteArray::number(entry.at));
    const char who = entry.speaker == smtp::Speaker::Client ? 'C'
        : entry.speaker == smtp::Speaker::Server            ? 'S'
                                                            : '-';
    to.append(",\"who\":\"").append(who).append('"');
    if (entry.isData)
        to.append(",\"data\":").append(QByteArray::number(entry.dataSize));
    if (QUtf8StringView(entry.bytes).isValidUtf8()) {
        to.append(",\"text\":");
        appendString(to, entry.bytes);
    } else {
        to.append(",\"b64\":\"").append(entry.bytes.toBase64()).append('"');
    }
    to.append('}');
}

smtp::TranscriptEntry toEntry(const QJsonObject &object)
{
    smtp::TranscriptEntry entry;
    entry.at = object.value(QStringLiteral("at")).toInteger();
    const QString who = object.value(QStringLiteral("who")).toString();
    entry.speaker = who == QLatin1String("C") ? smtp::Speaker::Client
        : who == QLatin1String("S")           ? smtp::Speaker::Server
                                              : smtp::Speaker::Event;
    entry.isData = object.contains(QStringLiteral("data"));
    entry.dataSize = object.value(QStringLiteral("data")).toInteger();
    entry.bytes = object.contains(QStringLiteral("b64"))
        ? QByteArray::fromBase64(object.value(QStringLiteral("b64")).toString().toLatin1())
        : object.value(QStringLiteral("text")).toString().toUtf8();
    return entry;
}

} // namespace

QByteArray toJsonLine(const TranscriptBlock &block)
{
    QByteArray line(Head);
    line.append(block.facts.id);
    line.append(block.isFirst ? First : "\"");
    line.append(",\"facts\":").append(QJsonDocument(factsObject(block.facts)).toJson(QJsonDocument::Compact));
    line.append(",\"entries\":[");
    for (qsizetype i = 0; i < block.entries.size(); ++i) {
        if (i > 0)
            line.append(',');
        appendEntry(line, block.entries[i]);
    }
    return line.append("]}\n");
}

std::optional<TranscriptBlock> fromJsonLine(const QByteArray &line)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    TranscriptBlock block;
    block.facts = toFacts(object.value(QStringLiteral("facts")).toObject());
    block.facts.id = object.value(QStringLiteral("session")).toString().toLatin1();
    block.isFirst = object.value(QStringLiteral("first")).toBool();
    if (block.facts.id.isEmpty())
        return {};
    for (const auto entry : object.value(QStringLiteral("entries")).toArray())
        block.entries.append(toEntry(entry.toObject()));
    return block;
}

std::optional<BlockHead> headOfLine(QByteArrayView line)
{
    const QByteArrayView head(Head);
    if (!line.startsWith(head) || !line.endsWith('}'))
        return {};
    const qsizetype end = line.indexOf('"', head.size());
    if (end < 0)
        return {};
    return BlockHead{line.sliced(head.size(), end - head.size()).toByteArray(),
        line.sliced(end).startsWith(QByteArrayView(First))};
}

} // namespace glasspost::mail
