// One message: as JSON, its headers, its source, and as a page.
#include "app/http/handlers.h"

#include "app/http/mailpitjson.h"

#include <QRegularExpression>

namespace glasspost::app {

namespace {

using mail::Task;

/// What the page of a message may do: be drawn, with its own pictures. It is somebody else's, and is
/// where a script could ask for everything.
constexpr const char *pagePolicy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
                                   "form-action 'none'; base-uri 'none'; frame-ancestors 'self'";

/// What is made of a message that the path names, and of the root of links to here.
template <typename Make> HttpHandler ofMessage(CapturedMail &captured, Make make)
{
    return [&captured, make](const HttpRequest &request, QObject *context) {
        return captured.named(request, context)
            .andThen(context,
                [&captured, context](
                    const mail::MessageId &id) { return captured.read(id, Hashes::Left, context); })
            .andThen(context, [make, root = request.root()](const CapturedMessage &message) {
                return make(message, root);
            });
    };
}

/// Looking at it marks it as read, as Mailpit has it.
HttpHandler whole(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const auto read = [&captured, context](
                              const mail::MessageId &id) { return captured.read(id, Hashes::Made, context); };
        const auto markAndShow = [&captured, context](const CapturedMessage &message) {
            return captured.setRead({message.view.id}, true, context)
                .andThen(context,
                    [&captured, id = message.view.id, context] { return captured.tagsOf(id, context); })
                .andThen(context,
                    [message](const QStringList &tags) { return jsonResponse(messageJson(message, tags)); });
        };
        return captured.named(request, context).andThen(context, read).andThen(context, markAndShow);
    };
}

HttpHandler headers(CapturedMail &captured)
{
    return ofMessage(captured, [](const CapturedMessage &message, const QString &) {
        return jsonResponse(headersJson(message.header));
    });
}

HttpHandler text(CapturedMail &captured)
{
    return ofMessage(captured, [](const CapturedMessage &message, const QString &) {
        return textResponse(message.view.text.toUtf8());
    });
}

HttpHandler source(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const bool isDownload = request.argument(QStringLiteral("dl")) == u"1";
        const auto show = [isDownload](const mail::MessageId &id, const mail::MessageOctets &octets) {
            HttpResponse response = textResponse(octets.inMemory());
            response.file = octets.file();
            if (isDownload)
                response.fields.emplaceBack("Content-Disposition",
                    "attachment; filename=\"" + CapturedMail::nameOf(id).toLatin1() + ".eml\"");
            return response;
        };
        return captured.named(request, context)
            .andThen(context, [&captured, show, context](const mail::MessageId &id) {
                return captured.mail().mailboxes().octets(id).andThen(
                    context, [show, id](const mail::MessageOctets &octets) { return show(id, octets); });
            });
    };
}

/// The pictures that came with it have addresses here, below the request's root.
QString withLinkedPictures(const CapturedMessage &message, const QString &root)
{
    QString html = message.html;
    for (const AttachedPart &part : message.attached) {
        if (part.contentId.isEmpty())
            continue;
        const QRegularExpression reference(
            QStringLiteral("cid:%1(?=[\"'\\s>);]|$)").arg(QRegularExpression::escape(part.contentId)),
            QRegularExpression::CaseInsensitiveOption);
        html.replace(reference,
            root
                + QStringLiteral("/api/v1/message/%1/part/%2")
                      .arg(CapturedMail::nameOf(message.view.id))
                      .arg(part.index));
    }
    return html;
}

HttpResponse pageOf(const CapturedMessage &message, const QString &root)
{
    if (message.html.isEmpty())
        return refusal(404, QStringLiteral("This message does not contain a HTML part"));
    HttpResponse response = textResponse(withLinkedPictures(message, root).toUtf8());
    response.contentType = "text/html; charset=utf-8";
    response.fields.emplaceBack("Content-Security-Policy", pagePolicy);
    return response;
}

/// /view/latest and /view/ID, where Mailpit has a window of its own: to what can be shown.
HttpResponse redirectToPage(const CapturedMessage &message, const QString &root)
{
    HttpResponse response = textResponse({}, 302);
    response.fields.emplaceBack("Location",
        root.toLatin1() + "/view/" + CapturedMail::nameOf(message.view.id).toLatin1()
            + (message.html.isEmpty() ? ".txt" : ".html"));
    return response;
}

/// What Mailpit says that was not started with --enable-chaos.
Task<HttpResponse> chaos(const HttpRequest &, QObject *)
{
    return answered(refusal(400, QStringLiteral("Chaos is not enabled")));
}

} // namespace

QList<HttpRoute> messageRoutes(CapturedMail &captured)
{
    return {{"GET", "/api/v1/message/{}", whole(captured)},
        {"GET", "/api/v1/message/{}/headers", headers(captured)},
        {"GET", "/api/v1/message/{}/raw", source(captured)}, {"GET", "/api/v1/chaos", chaos},
        {"PUT", "/api/v1/chaos", chaos}, {"GET", "/view/{}.html", ofMessage(captured, pageOf)},
        {"GET", "/view/{}.txt", text(captured)}, {"GET", "/view/{}", ofMessage(captured, redirectToPage)}};
}

} // namespace glasspost::app
