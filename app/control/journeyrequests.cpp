#include "app/control/journeyrequests.h"

#include "app/console/jsonvalues.h"
#include "app/control/answering.h"
#include "app/messages/comparisonjson.h"
#include "app/messages/journeyjson.h"
#include "app/messages/messageway.h"
#include "mail/base/worker.h"
#include "ui/message/reportpage.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace glasspost::app {

namespace {

QByteArray askedName(const QJsonObject &asked)
{
    return asked[QStringLiteral("name")].toString().toUtf8();
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

/// What is compared of whatever has that name.
mail::Task<mail::ComparedDelivery> namedDelivery(
    mail::MailSystem &mail, const QByteArray &name, QObject *context)
{
    return wayOf(mail, name, mail::FolderId(), context)
        .andThen(context, [&mail, name, context](const MessageWay &way) {
            return comparedDelivery(mail, name, way, context);
        });
}

constexpr std::array repeatPrograms{std::pair{ui::RepeatWith::Swaks, "swaks"},
    std::pair{ui::RepeatWith::Curl, "curl"}, std::pair{ui::RepeatWith::Openssl, "openssl"}};

ui::RepeatWith programIn(const QJsonObject &asked)
{
    const QString name = asked[QStringLiteral("program")].toString();
    for (const auto &[program, known] : repeatPrograms) {
        if (name == QLatin1String(known))
            return program;
    }
    return ui::RepeatWith::Swaks;
}

/// A line for each delivery that can be said again, or why none can.
QJsonObject repeatAnswer(const MessageWay &way, ui::RepeatWith program)
{
    QStringList lines;
    for (const mail::Journey &journey : way.journeys)
        lines << ui::repeatCommand(program, {journey}).line;
    lines.removeAll(QString());
    const QString whyNot = lines.isEmpty() ? ui::repeatCommand(program, way.journeys).whyNot : QString();
    return {{QStringLiteral("text"), lines.join(u'\n')}, {QStringLiteral("whyNot"), whyNot}};
}

/// Of the message that went or came that way, where it is in a mailbox or waits in the queue; empty where it
/// is not.
mail::Task<QList<mail::HeaderField>> headerOf(mail::MailSystem &mail, const MessageWay &way, QObject *context)
{
    using Header = QList<mail::HeaderField>;
    if (!way.row && way.journeys.isEmpty())
        return mail::Result<Header>(Header());
    const mail::Promise<Header> promise;
    const mail::Task<mail::MessageView> message = way.row
        ? mail.mailboxes().message(way.row->id)
        : mail.outbox().message(way.journeys.first().entry.id);
    message.then(context, [promise](const mail::Result<mail::MessageView> &view) {
        promise.answer(view ? view->header : Header());
    });
    return promise.task();
}

/// The header fields where they are asked for.
mail::Task<std::optional<QList<mail::HeaderField>>> askedHeader(
    mail::MailSystem &mail, const QJsonObject &asked, const MessageWay &way, QObject *context)
{
    using Header = std::optional<QList<mail::HeaderField>>;
    if (!asked[QStringLiteral("headers")].toBool())
        return mail::Result<Header>(Header());
    return headerOf(mail, way, context).andThen(context, [](const QList<mail::HeaderField> &header) {
        return Header(header);
    });
}

QJsonObject textAnswer(const QByteArray &text)
{
    return {{QStringLiteral("text"), QString::fromUtf8(text)}};
}

QJsonObject journeysAnswer(const mail::JourneyList &list)
{
    QJsonArray journeys;
    for (const mail::Journey &journey : list.journeys)
        journeys += journeySummaryJson(journey);
    return {{QStringLiteral("journeys"), journeys}, {QStringLiteral("next"), QString::fromUtf8(list.next)}};
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

QJsonObject journeysRequest(const mail::JourneyFilter &filter)
{
    return {{requestKey, QStringLiteral("journeys")},
        {QStringLiteral("state"), filter.state ? stateWord(*filter.state) : QString()},
        {QStringLiteral("since"), filter.since},
        {QStringLiteral("olderThan"), QString::fromUtf8(filter.olderThan)},
        {QStringLiteral("limit"), filter.limit}};
}

QJsonObject transcriptRequest(const QByteArray &name)
{
    return requestFor("transcript", name);
}

QJsonObject journeyReportRequest(const QByteArray &name, bool showsAddresses, bool showsHeader)
{
    QJsonObject request = requestFor("journey-report", name);
    request[QStringLiteral("addresses")] = showsAddresses;
    request[QStringLiteral("headers")] = showsHeader;
    return request;
}

QJsonObject repeatRequest(const QByteArray &name, ui::RepeatWith program)
{
    QJsonObject request = requestFor("repeat", name);
    for (const auto &[known, word] : repeatPrograms) {
        if (known == program)
            request[QStringLiteral("program")] = QLatin1String(word);
    }
    return request;
}

QJsonObject comparisonRequest(const QByteArray &left, const QByteArray &right)
{
    QJsonObject request = requestFor("comparison", left);
    request[QStringLiteral("other")] = QString::fromUtf8(right);
    return request;
}

QJsonObject journeyDeletionRequest(const QByteArray &name)
{
    return requestFor("journey-deletion", name);
}

void answerJourney(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    wayOf(mail, askedName(asked), mail::FolderId(), context)
        .andThen(context, [&mail, context](const MessageWay &way) { return withEnds(mail, way, context); })
        .then(context, answering<MessageWay>(std::move(done), wayJson));
}

void answerJourneys(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    constexpr int most = 1000;
    const mail::JourneyFilter filter{recipientState(asked[QStringLiteral("state")].toString()),
        asked[QStringLiteral("since")].toInteger(), asked[QStringLiteral("olderThan")].toString().toUtf8(),
        std::clamp(asked[QStringLiteral("limit")].toInt(), 1, most)};
    mail.outbox().listJourneys(filter).then(
        context, answering<mail::JourneyList>(std::move(done), journeysAnswer));
}

void answerJourneyDeletion(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const QByteArray name = askedName(asked);
    const auto removeAll = [&mail, name, context](const MessageWay &way) -> mail::Task<QList<QByteArray>> {
        QList<QByteArray> ids;
        for (const mail::Journey &journey : way.journeys)
            ids.append(journey.entry.id);
        // A session may have carried what is not meant.
        if (ids.isEmpty() || (!way.row && ids.first() != name))
            return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromUtf8(name), {}});
        return mail.outbox().removeJourneys(ids).andThen(context, [ids] { return ids; });
    };
    const auto deleted = [](const QList<QByteArray> &ids) {
        QJsonArray names;
        for (const QByteArray &id : ids)
            names += QString::fromUtf8(id);
        return QJsonObject{{QStringLiteral("deleted"), names}};
    };
    wayOf(mail, name, mail::FolderId(), context)
        .andThen(context, removeAll)
        .then(context, answering<QList<QByteArray>>(std::move(done), deleted));
}

void answerTranscript(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const QByteArray name = askedName(asked);
    mail.sessions().transcript(name).then(context,
        [&mail, name, context, done = std::move(done)](const mail::Result<mail::Transcript> &transcript) {
            if (!transcript) {
                wayOf(mail, name, mail::FolderId(), context)
                    .andThen(context,
                        [&mail, context](const MessageWay &way) {
                            return readTranscripts(mail, sessionsOn(way), context);
                        })
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
    wayOf(mail, askedName(asked), mail::FolderId(), context)
        .andThen(context, [&mail, context](const MessageWay &way) { return withEnds(mail, way, context); })
        .andThen(context,
            [&mail, context, asked](const MessageWay &way) {
                return askedHeader(mail, asked, way, context)
                    .andThen(context,
                        [&mail, context, way](const std::optional<QList<mail::HeaderField>> &header) {
                            return readTranscripts(
                                mail, mail::withSessionsOf(way.ends, sessionsOn(way)), context)
                                .andThen(context, [way, header](const QList<mail::Transcript> &read) {
                                    return ui::ReportContent{
                                        way.journeys, read, QDateTime::currentDateTime(), way.ends, header};
                                });
                        });
            })
        .andThen(context,
            [addresses = maskOf(asked)](const ui::ReportContent &content) {
                return mail::runInPool([content, addresses] { return ui::reportPage(content, addresses); });
            })
        .then(context, answering<QByteArray>(std::move(done), textAnswer));
}

void answerRepeat(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    wayOf(mail, askedName(asked), mail::FolderId(), context)
        .then(context,
            answering<MessageWay>(std::move(done),
                [program = programIn(asked)](const MessageWay &way) { return repeatAnswer(way, program); }));
}

void answerComparison(
    mail::MailSystem &mail, const QJsonObject &asked, QObject *context, ControlServer::Done done)
{
    const QByteArray other = asked[QStringLiteral("other")].toString().toUtf8();
    namedDelivery(mail, askedName(asked), context)
        .andThen(context,
            [&mail, other, context](const mail::ComparedDelivery &left) {
                return namedDelivery(mail, other, context)
                    .andThen(context, [left](const mail::ComparedDelivery &right) {
                        return mail::runInPool([left, right] { return mail::compared(left, right); });
                    });
            })
        .then(context, answering<mail::Comparison>(std::move(done), comparisonJson));
}

} // namespace glasspost::app
