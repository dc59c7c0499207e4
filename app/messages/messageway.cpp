#include "app/messages/messageway.h"

#include "app/console/jsonvalues.h"
#include "app/messages/journeyjson.h"
#include "app/messages/messagecontent.h"
#include "app/messages/tracejson.h"
#include "mail/journey/arrivaltrace.h"

#include <QJsonArray>

#include <algorithm>

namespace glasspost::app {

namespace {

mail::Task<MessageWay> withArrival(
    mail::MailSystem &mail, MessageWay way, const QByteArray &session, QObject *context)
{
    if (session.isEmpty())
        return mail::Result<MessageWay>(way);
    const mail::Promise<MessageWay> promise;
    mail.lookups().session(session).then(
        context, [promise, way](const mail::Result<smtp::SessionFacts> &facts) mutable {
            if (facts)
                way.arrival = *facts;
            promise.answer(way);
        });
    return promise.task();
}

mail::Task<MessageWay> wayOfSession(mail::MailSystem &mail, const QByteArray &session, QObject *context)
{
    return mail.outbox()
        .journeysOfSession(session)
        .andThen(context,
            [&mail, session, context](const QList<mail::Journey> &journeys) {
                return withArrival(mail, {{}, {}, journeys}, session, context);
            })
        .andThen(context, [session](const MessageWay &way) -> mail::Result<MessageWay> {
            if (way.journeys.isEmpty() && !way.arrival)
                return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(session), {}});
            return way;
        });
}

mail::Task<MessageWay> wayOfRow(mail::MailSystem &mail, const mail::MessageRow &row, QObject *context)
{
    return mail.outbox()
        .journeys({row.queueId, row.messageIdField, row.sessionId})
        .andThen(context, [&mail, row, context](const QList<mail::Journey> &journeys) {
            return withArrival(mail, {row, {}, journeys}, row.sessionId, context);
        });
}

mail::Task<MessageWay> wayOfMessage(
    mail::MailSystem &mail, const QByteArray &name, const mail::FolderId &folder, QObject *context)
{
    const mail::Promise<MessageWay> promise;
    const auto row = name == "latest" ? findLatest(mail.mailboxes(), folder, context)
                                      : findMessage(mail.mailboxes(), mail.lookups(), name, folder, context);
    row.then(context, [&mail, name, context, promise](const mail::Result<mail::MessageRow> &found) {
        const auto answer = [promise](const mail::Result<MessageWay> &way) { promise.answer(way); };
        if (found)
            wayOfRow(mail, *found, context).then(context, answer);
        else if (found.error().code == mail::ErrorCode::NotFound)
            wayOfSession(mail, name, context).then(context, answer);
        else
            promise.answer(tl::unexpected(found.error()));
    });
    return promise.task();
}

/// The sender's session of which that is the listener's end; nothing where the sender was elsewhere.
QJsonObject otherEnd(const MessageWay &way, const smtp::SessionTrace &received)
{
    const smtp::Reply taken = mail::takenOverWith(received);
    const QByteArray reply = taken.isNull() ? QByteArray() : taken.toBytes();
    for (const mail::Journey &journey : way.journeys + way.ends.senders) {
        for (const smtp::SessionTrace &trace : journey.traces) {
            const bool isIt = std::any_of(
                trace.stages.begin(), trace.stages.end(), [&reply](const smtp::TracedStage &stage) {
                    return mail::endsMessage(stage) && !reply.isEmpty() && stage.reply.toBytes() == reply;
                });
            if (isIt)
                return {{QStringLiteral("entry"), QString::fromUtf8(journey.entry.id)},
                    {QStringLiteral("trace"), toJson(trace)}};
        }
    }
    return {};
}

} // namespace

mail::Task<MessageWay> wayOf(mail::MailSystem &mail, const QByteArray &name,
    const std::optional<mail::FolderId> &folder, QObject *context)
{
    return mail.outbox()
        .journeys({name, {}, {}})
        .andThen(context,
            [&mail, name, folder, context](const QList<mail::Journey> &journeys) -> mail::Task<MessageWay> {
                if (journeys.isEmpty())
                    return folder ? wayOfMessage(mail, name, *folder, context)
                                  : wayOfSession(mail, name, context);
                return withArrival(mail, {{}, {}, journeys}, journeys.first().entry.originSessionId, context);
            });
}

mail::Task<MessageWay> withEnds(mail::MailSystem &mail, const MessageWay &way, QObject *context)
{
    const mail::MessageRow row = way.row.value_or(mail::MessageRow());
    mail::DeliveredMessage message{row.id.unique, row.sessionId, row.messageIdField, way.journeys};
    if (message.messageId.isEmpty() && !way.journeys.isEmpty())
        message.messageId = way.journeys.first().entry.messageIdField;
    if (!way.row && !way.journeys.isEmpty()) // of a queue entry
        message.unique = way.journeys.first().entry.sentCopy.unique;
    return mail::deliveryEnds({mail.mailboxes(), mail.outbox(), mail.sessions()}, message, context)
        .andThen(context, [way](const mail::DeliveryEnds &ends) -> mail::Result<MessageWay> {
            MessageWay whole = way;
            whole.ends = ends;
            return whole;
        });
}

QJsonObject wayJson(const MessageWay &way)
{
    QJsonArray received;
    for (const smtp::SessionTrace &trace : way.ends.received) {
        QJsonObject one = toJson(trace);
        one[QStringLiteral("otherEnd")] = otherEnd(way, trace);
        received += one;
    }
    QJsonArray journeys;
    for (const mail::Journey &journey : way.journeys)
        journeys += journeyJson(journey);
    QJsonArray links;
    for (const mail::MadeLink &link : way.ends.links)
        links += linkJson(link);
    QJsonArray rules;
    for (const mail::RuleLogLine &line : way.ends.ruled)
        rules += ruleJson(line);
    return {{QStringLiteral("message"), way.row ? toJson(*way.row) : QJsonObject()},
        {QStringLiteral("arrival"), way.arrival ? toJson(*way.arrival) : QJsonObject()},
        {QStringLiteral("journeys"), journeys}, {QStringLiteral("received"), received},
        {QStringLiteral("rules"), rules}, {QStringLiteral("links"), links}};
}

QList<QByteArray> sessionsOn(const MessageWay &way)
{
    QList<QByteArray> sessions;
    if (way.row && !way.row->sessionId.isEmpty())
        sessions.append(way.row->sessionId);
    for (const mail::Journey &journey : way.journeys)
        sessions += QList<QByteArray>{journey.entry.originSessionId} + journey.entry.attemptSessionIds;
    QList<QByteArray> each;
    for (const QByteArray &id : std::as_const(sessions)) {
        if (!id.isEmpty() && !each.contains(id))
            each.append(id);
    }
    return each;
}

} // namespace glasspost::app
