#include "mail/journey/tracejson.h"

#include "mail/queue/reportjson.h"
#include "smtp/syntax/enumtable.h"

#include <QJsonArray>

#include <algorithm>

namespace glasspost::mail {

namespace {

struct StageName
{
    smtp::TraceStage stage;
    const char *name;
};
using Stage = smtp::TraceStage;
constexpr std::array stageNames{StageName{Stage::Lookup, "lookup"}, StageName{Stage::Connect, "connect"},
    StageName{Stage::Greeting, "greeting"}, StageName{Stage::Hello, "hello"},
    StageName{Stage::StartTls, "starttls"}, StageName{Stage::Handshake, "handshake"},
    StageName{Stage::Auth, "auth"}, StageName{Stage::Between, "between"},
    StageName{Stage::Convert, "convert"}, StageName{Stage::Mail, "mail"}, StageName{Stage::Rcpt, "rcpt"},
    StageName{Stage::Data, "data"}, StageName{Stage::Body, "body"},
    StageName{Stage::EndOfData, "end-of-data"}, StageName{Stage::Reset, "reset"},
    StageName{Stage::Quit, "quit"}, StageName{Stage::ClientTurn, "client-turn"}};
static_assert(smtp::isInEnumOrder(stageNames, smtp::allTraceStages.size(), &StageName::stage));
static_assert(smtp::isInEnumOrder(smtp::allTraceStages, stageNames.size(), std::identity()));

void writeNotes(JsonText &json, const QList<smtp::TraceNote> &notes)
{
    if (notes.isEmpty())
        return;
    json.openArray("notes");
    for (const smtp::TraceNote &note : notes) {
        json.openObject();
        json.number("at", note.at);
        writeStateOctets(json, "text", note.text);
        json.closeObject();
    }
    json.closeArray();
}

void writeStage(JsonText &json, const smtp::TracedStage &stage)
{
    json.openObject();
    json.text("stage", stageName(stage.stage));
    json.number("from", stage.from);
    json.number("to", stage.to);
    if (stage.message != 0)
        json.number("message", stage.message);
    if (!stage.command.isEmpty())
        writeStateOctets(json, "command", stage.command);
    if (!stage.reply.isNull())
        writeReply(json, stage.reply);
    if (stage.octets != 0)
        json.number("octets", stage.octets);
    writeNotes(json, stage.notes);
    json.closeObject();
}

void writeTls(JsonText &json, const smtp::TracedTls &tls)
{
    json.openObject("tls");
    writeStateOctets(json, "summary", tls.summary);
    json.flag("resumed", tls.isResumed);
    json.openArray("chain");
    for (const smtp::TracedCertificate &one : tls.chain) {
        json.openObject();
        writeStateOctets(json, "subject", one.subject);
        writeStateOctets(json, "issuer", one.issuer);
        json.number("until", one.goodUntil);
        json.text("sha256", one.sha256);
        json.closeObject();
    }
    json.closeArray();
    writeStateOctetsList(json, "errors", tls.errors);
    writeStateOctets(json, "fault", tls.fault);
    json.closeObject();
}

smtp::TracedTls toTls(const QJsonObject &value)
{
    smtp::TracedTls tls;
    tls.summary = stateOctets(value[u"summary"]);
    tls.isResumed = value[u"resumed"].toBool();
    tls.errors = stateOctetsList(value[u"errors"]);
    tls.fault = stateOctets(value[u"fault"]);
    const QJsonArray chain = value[u"chain"].toArray();
    for (const auto member : chain) {
        const QJsonObject one = member.toObject();
        tls.chain.append({stateOctets(one[u"subject"]), stateOctets(one[u"issuer"]),
            stateInteger(one[u"until"]), stateOctets(one[u"sha256"])});
    }
    return tls;
}

std::optional<smtp::TracedStage> toStage(const QJsonObject &value)
{
    const QByteArray name = value[u"stage"].toString().toLatin1();
    const auto known = std::find_if(
        stageNames.begin(), stageNames.end(), [&name](const StageName &one) { return name == one.name; });
    smtp::TracedStage stage;
    stage.from = stateInteger(value[u"from"]);
    stage.to = stateInteger(value[u"to"]);
    if (known == stageNames.end() || stage.from <= 0 || stage.to < stage.from)
        return std::nullopt;
    stage.stage = known->stage;
    stage.message = value[u"message"].toInt();
    stage.command = stateOctets(value[u"command"]);
    stage.reply = replyFromJson(value[u"reply"].toObject());
    stage.octets = stateInteger(value[u"octets"]);
    const QJsonArray notes = value[u"notes"].toArray();
    for (const auto note : notes)
        stage.notes.append({stateInteger(note[u"at"]), stateOctets(note[u"text"])});
    return stage;
}

} // namespace

QByteArray stageName(smtp::TraceStage stage)
{
    return stageNames[size_t(stage)].name;
}

void writeTrace(JsonText &json, const smtp::SessionTrace &trace)
{
    json.openObject("trace");
    json.number("piece", trace.piece);
    json.number("started", trace.startedAt);
    writeStateOctets(json, "host", trace.host);
    if (!trace.address.isNull()) {
        json.text("address", trace.address.toString().toUtf8());
        json.number("port", trace.port);
    }
    const auto writeIfAny = [&json](const char *key, const QByteArray &octets) {
        if (!octets.isEmpty())
            writeStateOctets(json, key, octets);
    };
    writeIfAny("choice", trace.choice);
    writeIfAny("demand", trace.demand);
    if (trace.tls)
        writeTls(json, *trace.tls);
    writeIfAny("mechanism", trace.mechanism);
    writeIfAny("user", trace.user);
    json.openArray("stages");
    for (const smtp::TracedStage &stage : trace.stages)
        writeStage(json, stage);
    json.closeArray();
    if (trace.leftOut != 0)
        json.number("leftOut", trace.leftOut);
    json.closeObject();
}

std::optional<smtp::SessionTrace> traceFromJson(const QJsonObject &value, const QByteArray &sessionId)
{
    smtp::SessionTrace trace;
    trace.sessionId = sessionId;
    trace.piece = value[u"piece"].toInt(-1);
    trace.startedAt = stateInteger(value[u"started"]);
    trace.host = stateOctets(value[u"host"]);
    trace.address = QHostAddress(value[u"address"].toString());
    trace.port = quint16(value[u"port"].toInt());
    trace.choice = stateOctets(value[u"choice"]);
    trace.demand = stateOctets(value[u"demand"]);
    if (value[u"tls"].isObject())
        trace.tls = toTls(value[u"tls"].toObject());
    trace.mechanism = stateOctets(value[u"mechanism"]);
    trace.user = stateOctets(value[u"user"]);
    trace.leftOut = stateInteger(value[u"leftOut"]);
    const QJsonArray stages = value[u"stages"].toArray();
    for (const auto member : stages) {
        const auto stage = toStage(member.toObject());
        if (!stage)
            return std::nullopt;
        trace.stages.append(*stage);
    }
    return trace.piece < 0 || trace.stages.isEmpty() ? std::nullopt : std::optional(trace);
}

} // namespace glasspost::mail
