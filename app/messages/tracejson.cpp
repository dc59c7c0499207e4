#include "app/messages/tracejson.h"

#include "app/console/jsonvalues.h"
#include "mail/journey/tracejson.h"

#include <QJsonArray>

namespace glasspost::app {

namespace {

constexpr double microsecondsOfMilli = 1000;
constexpr qint64 microsecondsOfSecond = 1'000'000;

QString traceWords(const QByteArray &octets)
{
    return QString::fromUtf8(octets);
}

QJsonArray listOf(const QList<QByteArray> &texts)
{
    QJsonArray list;
    for (const QByteArray &text : texts)
        list += traceWords(text);
    return list;
}

QJsonArray notesJson(const QList<smtp::TraceNote> &notes, qint64 start)
{
    QJsonArray list;
    for (const smtp::TraceNote &note : notes)
        list += QJsonObject{{QStringLiteral("at"), double(note.at - start) / microsecondsOfMilli},
            {QStringLiteral("text"), traceWords(note.text)}};
    return list;
}

QJsonObject stageJson(const smtp::TracedStage &stage, smtp::SessionRole role, qint64 start)
{
    QJsonObject object{{QStringLiteral("stage"), traceWords(mail::stageName(stage.stage))},
        {QStringLiteral("from"), double(stage.from - start) / microsecondsOfMilli},
        {QStringLiteral("to"), double(stage.to - start) / microsecondsOfMilli}};
    if (const smtp::TimeSpent spent = smtp::timeSpentIn(stage.stage, role); spent != smtp::TimeSpent::Either)
        object[QStringLiteral("waits")] = spent == smtp::TimeSpent::Waiting;
    if (stage.message > 0)
        object[QStringLiteral("message")] = stage.message;
    if (!stage.command.isEmpty())
        object[QStringLiteral("command")] = traceWords(stage.command);
    if (!stage.reply.isNull())
        object[QStringLiteral("reply")] = traceWords(stage.reply.toBytes());
    if (stage.stage == smtp::TraceStage::Body)
        object[QStringLiteral("octets")] = stage.octets;
    if (!stage.notes.isEmpty())
        object[QStringLiteral("notes")] = notesJson(stage.notes, start);
    return object;
}

QJsonObject tlsJson(const smtp::TracedTls &tls)
{
    QJsonArray chain;
    for (const smtp::TracedCertificate &one : tls.chain)
        chain += QJsonObject{{QStringLiteral("subject"), traceWords(one.subject)},
            {QStringLiteral("issuer"), traceWords(one.issuer)},
            {QStringLiteral("goodUntil"), isoTime(one.goodUntil * microsecondsOfSecond)},
            {QStringLiteral("sha256"), traceWords(one.sha256)}};
    return {{QStringLiteral("summary"), traceWords(tls.summary)}, {QStringLiteral("resumed"), tls.isResumed},
        {QStringLiteral("chain"), chain}, {QStringLiteral("verified"), tls.errors.isEmpty()},
        {QStringLiteral("errors"), listOf(tls.errors)}, {QStringLiteral("fault"), traceWords(tls.fault)}};
}

} // namespace

QJsonObject toJson(const smtp::SessionTrace &trace)
{
    const qint64 start = trace.stages.isEmpty() ? trace.startedAt : trace.stages.first().from;
    QJsonArray stages;
    for (const smtp::TracedStage &stage : trace.stages)
        stages += stageJson(stage, trace.role, start);
    QJsonObject object{{QStringLiteral("session"), traceWords(trace.sessionId)},
        {QStringLiteral("at"), isoTime(start)}, {QStringLiteral("host"), traceWords(trace.host)},
        {QStringLiteral("choice"), traceWords(trace.choice)},
        {QStringLiteral("demand"), traceWords(trace.demand)}, {QStringLiteral("stages"), stages}};
    if (!trace.address.isNull()) {
        object[QStringLiteral("address")] = trace.address.toString();
        object[QStringLiteral("port")] = trace.port;
    }
    if (trace.tls)
        object[QStringLiteral("tls")] = tlsJson(*trace.tls);
    if (!trace.mechanism.isEmpty()) {
        object[QStringLiteral("mechanism")] = traceWords(trace.mechanism);
        object[QStringLiteral("user")] = traceWords(trace.user);
    }
    if (trace.leftOut > 0)
        object[QStringLiteral("leftOut")] = trace.leftOut;
    return object;
}

} // namespace glasspost::app
