#include "mail/transcripts/transcriptjson.h"

#include "mail/base/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUtf8StringView>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr const char *blockHead = "{\"session\":\"";
constexpr const char *firstMark = "\",\"first\":true";

QByteArray toOctets(const QJsonValue &value)
{
    if (value.isObject())
        return QByteArray::fromBase64(value.toObject().value(QStringLiteral("b64")).toString().toLatin1());
    return value.toString().toUtf8();
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
    facts.isUserUnchecked = object.value(QStringLiteral("userUnchecked")).toBool();
    facts.messages = int(number("messages"));
    facts.octets = number("octets");
    facts.refusedRecipients = int(number("refusedRecipients"));
    facts.deferredRecipients = int(number("deferredRecipients"));
    facts.ending = toOctets(object.value(QStringLiteral("ending")));
    return facts;
}

/// Octets that are no UTF-8 stand as {"b64":...}.
void writeSessionOctets(JsonText &json, QByteArrayView key, const QByteArray &bytes)
{
    if (QUtf8StringView(bytes).isValidUtf8()) {
        json.text(key, bytes);
        return;
    }
    json.openObject(key);
    json.text("b64", bytes.toBase64());
    json.closeObject();
}

void writeFacts(JsonText &json, const smtp::SessionFacts &facts)
{
    json.openObject("facts");
    json.number("role", int(facts.role));
    json.flag("esmtp", facts.esmtp);
    json.number("outcome", int(facts.outcome));
    json.number("started", facts.startedAt);
    json.number("ended", facts.endedAt);
    json.text("peer", facts.peerAddress.toString().toUtf8());
    json.number("peerPort", facts.peerPort);
    json.text("local", facts.localAddress.toString().toUtf8());
    json.number("localPort", facts.localPort);
    writeSessionOctets(json, "peerName", facts.peerName);
    writeSessionOctets(json, "tls", facts.tls);
    writeSessionOctets(json, "user", facts.user);
    if (facts.isUserUnchecked)
        json.flag("userUnchecked", true);
    json.number("messages", facts.messages);
    // What most sessions have none of takes no room in each of their blocks.
    if (facts.octets > 0)
        json.number("octets", facts.octets);
    if (facts.refusedRecipients > 0)
        json.number("refusedRecipients", facts.refusedRecipients);
    if (facts.deferredRecipients > 0)
        json.number("deferredRecipients", facts.deferredRecipients);
    writeSessionOctets(json, "ending", facts.ending);
    json.closeObject();
}

QByteArrayView wordFor(smtp::Speaker speaker)
{
    switch (speaker) {
    case smtp::Speaker::Client:
        return "C";
    case smtp::Speaker::Server:
        return "S";
    case smtp::Speaker::Event:
        break;
    }
    return "-";
}

/// With the escapes of RFC 8259 7: a control character takes six octets. Every octet of a session is counted:
/// in a form that compilers make vector instructions of.
qint64 sizeAsText(QByteArrayView octets)
{
    quint32 more = 0;
    for (const char c : octets)
        more += (quint8(c) < 0x20 ? 5U : 0U) + (c == '"' || c == '\\' ? 1U : 0U);
    return octets.size() + more;
}

qint64 sizeAsBase64(QByteArrayView octets)
{
    return (octets.size() + 2) / 3 * 4;
}

bool isBestAsText(QByteArrayView octets)
{
    constexpr qsizetype anyway = 16; // a short line stays readable
    return QUtf8StringView(octets).isValidUtf8()
        && (octets.size() <= anyway || sizeAsText(octets) <= sizeAsBase64(octets));
}

void writeEntry(JsonText &json, const smtp::TranscriptEntry &entry)
{
    json.openObject();
    json.number("at", entry.at);
    json.text("who", wordFor(entry.speaker));
    if (entry.isData)
        json.number("data", entry.dataSize);
    if (isBestAsText(entry.bytes))
        json.text("text", entry.bytes);
    else
        json.text("b64", entry.bytes.toBase64());
    json.closeObject();
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

qint64 sizeInLine(const smtp::TranscriptEntry &entry)
{
    constexpr qint64 members = 64;
    return members + std::min(sizeAsText(entry.bytes), sizeAsBase64(entry.bytes));
}

void appendJsonLine(std::string &lines, const TranscriptBlock &block)
{
    // The head as headOfLine() finds it again.
    lines.append(blockHead).append(block.facts.id.constData(), size_t(block.facts.id.size()));
    lines.append(block.isFirst ? firstMark : "\"") += ',';
    JsonText json(std::move(lines));
    writeFacts(json, block.facts);
    json.openArray("entries");
    for (const smtp::TranscriptEntry &entry : block.entries)
        writeEntry(json, entry);
    json.closeArray();
    lines = json.take(); // moved, not copied: a line is added to a megabyte of them
    lines += "}\n";
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
    const QByteArrayView head(blockHead);
    if (!line.startsWith(head) || !line.endsWith('}'))
        return {};
    const qsizetype end = line.indexOf('"', head.size());
    if (end < 0)
        return {};
    return BlockHead{line.sliced(head.size(), end - head.size()).toByteArray(),
        line.sliced(end).startsWith(QByteArrayView(firstMark))};
}

} // namespace glasspost::mail
