#include "app/control/journeyrequests.h"

#include "app/control/answering.h"
#include "app/messages/journeyjson.h"
#include "app/messages/messagecontent.h"
#include "ui/message/reportpage.h"
#include "ui/message/swakscommand.h"

#include <QJsonArray>

#include <memory>
#include <optional>

namespace glasspost::app {

namespace {

/// What is known of a message's way.
struct Way
{
    std::optional<mail::MessageRow> row; ///< none where a queue entry or a session was named
    std::optional<smtp::SessionFacts> arrival; ///< none: no session brought it, or nothing of it is kept
    QList<mail::Journey> journeys;
};

QByteArray askedName(const QJsonObject &asked)
{
    return asked[QStringLiteral("name")].toString().toUtf8();
}

mail::Task<Way> withArrival(mail::MailSystem &mail, Way way, const QByteArray &session, QObject *context)
{
    if (session.isEmpty())
        return mail::Result<Way>(way);
    const mail::Promise<Way> promise;
    mail.lookups().session(session).then(
        context, [promise, way](const mail::Result<smtp::SessionFacts> &facts) mutable {
            if (facts)
                way.arrival = *facts;
            promise.answer(way);
        });
    return promise.task();
}

mail::Task<Way> wayOfSession(mail::MailSystem &mail, const QByteArray &session, QObject *context)
{
    return mail.outbox()
        .journeysOfSession(session)
        .andThen(context,
            [&mail, session, context](const QList<mail::Journey> &journeys) {
                return withArrival(mail, {{}, {}, journeys}, session, context);
            })
        .andThen(context, [session](const Way &way) -> mail::Result<Way> {
            if (way.journeys.isEmpty() && !way.arrival)
                return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(session), {}});
            return way;
        });
}

mail::Task<Way> wayOfRow(mail::MailSystem &mail, const mail::MessageRow &row, QObject *context)
{
    return mail.outbox()
        .journeys({row.queueId, row.messageIdField, row.sessionId})
        .andThen(context, [&mail, row, context](const QList<mail::Journey> &journeys) {
            return withArrival(mail, {row, {}, journeys}, row.sessionId, context);
        });
}

mail::Task<Way> wayOfMessage(mail::MailSystem &mail, const QByteArray &name, QObject *context)
{
    const mail::Promise<Way> promise;
    const auto row = name == "latest" ? findLatest(mail.mailboxes(), {}, context)
                                      : findMessage(mail.mailboxes(), mail.lookups(), name, {}, context);
    row.then(context, [&mail, name, context, promise](const mail::Result<mail::MessageRow> &found) {
        const auto answer = [promise](const mail::Result<Way> &way) { promise.answer(way); };
        if (found)
            wayOfRow(mail, *found, context).then(context, answer);
        else if (found.error().code == mail::ErrorCode::NotFound)
            wayOfSession(mail, name, context).then(context, answer);
        else
            promise.answer(tl::unexpected(found.error()));
    });
    return promise.task();
}

mail::Task<Way> wayOf(mail::MailSystem &mail, const QByteArray &name, QObject *context)
{
    return mail.outbox()
        .journeys({name, {}, {}})
        .andThen(context, [&mail, name, context](const QList<mail::Journey> &journeys) -> mail::Task<Way> {
            if (journeys.isEmpty())
                return wayOfMessage(mail, name, context);
            return withArrival(mail, {{}, {}, journeys}, journeys.first().entry.originSessionId, context);
        });
}

QJsonObject wayJson(const Way &way)
{
    QJsonArray journeys;
    for (const mail::Journey &journey : way.journeys)
        journeys += journeyJson(journey);
    return {{QStringLiteral("message"), way.row ? toJson(*way.row) : QJsonObject()},
        {QStringLiteral("arrival"), way.arrival ? toJson(*way.arrival) : QJsonObject()},
        {QStringLiteral("journeys"), journeys}};
}

/// In the order in which they carried it.
QList<QByteArray> sessionsOn(const Way &way)
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

void addTranscript(QJsonArray &sessions, QJsonArray &entries, const mail::Transcript &transcript)
{
    sessions += toJson(transcript.first);
    for (const smtp::TranscriptEntry &entry : transcript.second)
        entries += toJson(transcript.first.id, entry, transcript.first.startedAt);
}

/// The transcripts of all that are kept, one after another.
mail::Task<QList<mail::Transcript>> readTranscripts(
    mail::MailSystem &mail, const QList<QByteArray> &ids, QObject *context)
{
    struct Reading
    {
        QList<QByteArray> left;
        QList<mail::Transcript> read;
    };
    const auto reading = std::make_shared<Reading>(Reading{ids, {}});
    const auto step = [&mail, context, reading]() -> mail::Task<bool> {
        if (reading->left.isEmpty())
            return mail::Result<bool>(false);
        const mail::Promise<bool> promise;
        mail.sessions()
            .transcript(reading->left.takeFirst())
            .then(context, [reading, promise](const mail::Result<mail::Transcript> &transcript) {
                if (transcript)
                    reading->read.append(*transcript);
                promise.answer(true);
            });
        return promise.task();
    };
    return mail::repeat(context, step).andThen(context, [reading]() -> mail::Result<QList<mail::Transcript>> {
        return reading->read;
    });
}

/// NotFound when none is kept.
mail::Result<QJsonObject> transcriptsJson(const QByteArray &name, const QList<mail::Transcript> &transcripts)
{
    if (transcripts.isEmpty())
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(name), {}});
    QJsonArray sessions;
    QJsonArray entries;
    for (const mail::Transcript &transcript : transcripts)
        addTranscript(sessions, entries, transcript);
    return QJsonObject{{QStringLiteral("sessions"), sessions}, {QStringLiteral("entries"), entries}};
}

ui::AddressMask::Addresses maskOf(const QJsonObject &asked)
{
    using Addresses = ui::AddressMask::Addresses;
    return asked[QStringLiteral("addresses")].toBool() ? Addresses::Shown : Addresses::Masked;
}

QByteArray swaksLines(const Way &way)
{
    QStringList lines;
    for (const mail::Journey &journey : way.journeys)
        lines << ui::swaksCommand(journey);
    lines.removeAll(QString());
    return lines.join(u'\n').toUtf8();
}

QJsonObject textAnswer(const QByteArray &text)
{
    return {{QStringLiteral("text"), QString::fromUtf8(text)}};
}

QJsonObject requestFor(const char *request, const QByteArray &name)
{
    return {{requestKey, QLatin1String(request)}, {QStringLiteral("name"), QString::fromUtf8(name)}};
}

} // namespace

QJsonObject journeyRequest(const QByteArray &name)
{
    return requestFor("journey", name);
}

QJsonObject transcriptRequest(const QByteArray &name)
{
    return requestFor("transcript", name);
}

QJsonObject journeyReportRequest(const QByteArray &name, bool showsAddresses)
{
    QJsonObject request = requestFor("journey-report", name);
    request[QStringLiteral("addresses")] = showsAddresses;
    return request;
}

QJsonObject swaksRequest(const QByteArray &name)
{
    return requestFor("swaks", name);
}

void answerJourney(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    wayOf(mail, askedName(asked), context).then(context, answering<Way>(std::move(done), wayJson));
}

void answerTranscript(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const QByteArray name = askedName(asked);
    mail.sessions().transcript(name).then(context,
        [&mail, name, context, done = std::move(done)](const mail::Result<mail::Transcript> &transcript) {
            if (!transcript) {
                wayOf(mail, name, context)
                    .andThen(context,
                        [&mail, context](
                            const Way &way) { return readTranscripts(mail, sessionsOn(way), context); })
                    .andThen(context,
                        [name](const QList<mail::Transcript> &read) { return transcriptsJson(name, read); })
                    .then(context,
                        answering<QJsonObject>(done, [](const QJsonObject &answer) { return answer; }));
                return;
            }
            done(transcriptsJson(name, {*transcript}).value_or(QJsonObject()));
        });
}

void answerJourneyReport(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    wayOf(mail, askedName(asked), context)
        .andThen(context,
            [&mail, context, addresses = maskOf(asked)](const Way &way) {
                return readTranscripts(mail, sessionsOn(way), context)
                    .andThen(context,
                        [way, addresses](const QList<mail::Transcript> &read) -> mail::Result<QByteArray> {
                            return ui::reportPage(
                                {way.journeys, read, QDateTime::currentDateTime()}, addresses);
                        });
            })
        .then(context, answering<QByteArray>(std::move(done), textAnswer));
}

void answerSwaks(mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    wayOf(mail, askedName(asked), context).then(context, answering<Way>(std::move(done), [](const Way &way) {
        return textAnswer(swaksLines(way));
    }));
}

} // namespace glasspost::app
