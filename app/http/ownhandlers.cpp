// What is ours beyond Mailpit's API: events, sessions with what was said in them, the queue.
#include "app/console/jsonvalues.h"
#include "app/http/eventfeed.h"
#include "app/http/handlers.h"

#include <QJsonArray>

#include <algorithm>

namespace glasspost::app {

namespace {

using mail::Task;

constexpr int mostSessions = 1000;

Task<HttpResponse> noWebSocket(WebSocketWish wish)
{
    if (wish == WebSocketWish::Malformed)
        return answered(refusal(400, QStringLiteral("The Sec-WebSocket-Key is not one of 16 octets")));
    HttpResponse response = refusal(426, QStringLiteral("Version 13 of the WebSocket protocol is needed"));
    response.fields.emplaceBack("Sec-WebSocket-Version", "13");
    return answered(response);
}

/// For browsers a WebSocket, as Mailpit has it; or server-sent events.
HttpHandler events(EventFeed &feed)
{
    return [&feed](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        if (request.webSocket == WebSocketWish::Valid)
            return feed.subscribe(request.mailbox, {}, EventForm::WebSocket, context)
                .andThen(context, [key = request.webSocketKey](const std::shared_ptr<HttpStream> &stream) {
                    HttpResponse response;
                    response.stream = stream;
                    response.webSocketAccept = webSocketAccept(key);
                    return response;
                });
        if (request.webSocket != WebSocketWish::None)
            return noWebSocket(request.webSocket);
        return feed.subscribe(request.mailbox, request.lastEventId, EventForm::ServerSent, context)
            .andThen(context, [](const std::shared_ptr<HttpStream> &stream) {
                HttpResponse response;
                response.contentType = "text/event-stream";
                response.stream = stream;
                return response;
            });
    };
}

HttpHandler inboxes(CapturedMail &captured)
{
    return [&captured](const HttpRequest &, QObject *context) {
        return captured.inboxes(context).andThen(context, [](const QList<mail::FolderInfo> &all) {
            QJsonArray array;
            for (const mail::FolderInfo &one : all)
                array += QJsonObject{{QStringLiteral("name"), one.id.user},
                    {QStringLiteral("total"), one.total}, {QStringLiteral("unread"), one.unread}};
            return jsonResponse(QJsonObject{{QStringLiteral("inboxes"), array}});
        });
    };
}

HttpHandler sessions(mail::MailSystem &mail)
{
    return [&mail](const HttpRequest &request, QObject *context) {
        const int limit = std::min(request.number(QStringLiteral("limit"), 50), mostSessions);
        return mail.sessions()
            .list(request.number(QStringLiteral("start"), 0), limit)
            .andThen(context, [](const QList<smtp::SessionFacts> &list) {
                QJsonArray array;
                for (const smtp::SessionFacts &session : list)
                    array += toJson(session);
                return jsonResponse(QJsonObject{{QStringLiteral("sessions"), array}});
            });
    };
}

HttpHandler session(mail::MailSystem &mail)
{
    return [&mail](const HttpRequest &request, QObject *context) {
        return mail.sessions()
            .transcript(request.captured.value(0).toUtf8())
            .andThen(context, [](const mail::Transcript &transcript) {
                QJsonArray entries;
                for (const smtp::TranscriptEntry &entry : transcript.second)
                    entries += toJson(transcript.first.id, entry, transcript.first.startedAt);
                return jsonResponse(QJsonObject{{QStringLiteral("session"), toJson(transcript.first)},
                    {QStringLiteral("entries"), entries}});
            });
    };
}

HttpHandler queue(mail::MailSystem &mail)
{
    return [&mail](const HttpRequest &, QObject *context) {
        return mail.outbox().entries().andThen(context, [](const QList<mail::QueueEntry> &list) {
            QJsonArray array;
            for (const mail::QueueEntry &entry : list)
                array += toJson(entry);
            return jsonResponse(QJsonObject{{QStringLiteral("entries"), array}});
        });
    };
}

Task<HttpResponse> entryResponse(mail::MailSystem &mail, const QByteArray &id, QObject *context)
{
    return mail.outbox().entry(id).andThen(
        context, [](const mail::QueueEntry &entry) { return jsonResponse(toJson(entry)); });
}

HttpHandler queued(mail::MailSystem &mail)
{
    return [&mail](const HttpRequest &request, QObject *context) {
        return entryResponse(mail, request.captured.value(0).toUtf8(), context);
    };
}

/// Answers with what became of the entry.
HttpHandler acting(mail::MailSystem &mail, mail::QueueAction action)
{
    return [&mail, action](const HttpRequest &request, QObject *context) {
        const QByteArray id = request.captured.value(0).toUtf8();
        return mail.outbox().act(action, {id}).andThen(context, [&mail, id, context](int) {
            return entryResponse(mail, id, context);
        });
    };
}

HttpHandler releasing(mail::MailSystem &mail, QueueRelease release)
{
    if (release == QueueRelease::ByToken)
        return acting(mail, mail::QueueAction::Release);
    return [](const HttpRequest &, QObject *) -> Task<HttpResponse> {
        return answered(refusal(403,
            QStringLiteral(
                "Only a person can release a held message, in the window; over HTTP a token is required "
                "(GLASSPOST_HTTP_TOKEN)")));
    };
}

} // namespace

QList<HttpRoute> ownRoutes(CapturedMail &captured, EventFeed &feed, QueueRelease release)
{
    mail::MailSystem &mail = captured.mail();
    return {{"GET", "/glasspost/v1/inboxes", inboxes(captured)}, {"GET", "/api/events", events(feed)},
        {"GET", "/glasspost/v1/events", events(feed)}, {"GET", "/glasspost/v1/sessions", sessions(mail)},
        {"GET", "/glasspost/v1/sessions/{}", session(mail)}, {"GET", "/glasspost/v1/queue", queue(mail)},
        {"GET", "/glasspost/v1/queue/{}", queued(mail)},
        {"POST", "/glasspost/v1/queue/{}/hold", acting(mail, mail::QueueAction::Hold)},
        {"POST", "/glasspost/v1/queue/{}/release", releasing(mail, release)}};
}

} // namespace glasspost::app
