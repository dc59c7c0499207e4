// Many messages at once: pages of them, searches, marking, deleting.
#include "app/http/handlers.h"

#include "app/http/mailpitjson.h"
#include "app/http/mailpitsearch.h"
#include "mail/index/searchquery.h"

#include <QJsonDocument>

#include <algorithm>

namespace glasspost::app {

namespace {

using mail::Result;
using mail::Task;

constexpr int mostListed = 1000; // messages in one answer

/// A page, as long as it is put together.
struct Listing
{
    int start = 0;
    mail::RowPage page;
    mail::FolderInfo folder;
    QList<mail::TagCount> tags; ///< of the whole inbox
    int unread = 0; ///< of what was asked for
};

QJsonObject listingJson(const Listing &listing, const QJsonArray &messages)
{
    QStringList tags;
    for (const mail::TagCount &one : listing.tags)
        tags += one.name;
    return {{QStringLiteral("total"), listing.folder.total},
        {QStringLiteral("unread"), listing.folder.unread}, {QStringLiteral("count"), messages.size()},
        {QStringLiteral("messages_count"), listing.page.total},
        {QStringLiteral("messages_unread"), listing.unread}, {QStringLiteral("start"), listing.start},
        {QStringLiteral("tags"), tagsJson(tags)}, {QStringLiteral("messages"), messages}};
}

/// limit=0 is Mailpit's for all there are.
int limitOf(const HttpRequest &request)
{
    const int limit = request.number(QStringLiteral("limit"), 50);
    return limit == 0 ? mostListed : std::min(limit, mostListed);
}

Task<int> countUnread(CapturedMail &captured, const QString &mailbox, const QString &search, QObject *context)
{
    return captured.page(mailbox, QStringLiteral("is:unread ") + search, 0, 0, context)
        .andThen(context, [](const mail::RowPage &page) { return page.total; });
}

Task<HttpResponse> list(
    CapturedMail &captured, const QString &search, const HttpRequest &request, QObject *context)
{
    auto listing = std::make_shared<Listing>();
    listing->start = request.number(QStringLiteral("start"), 0);
    const QString mailbox = request.mailbox;
    const auto keepPage
        = [&captured, listing, mailbox, search, context](const mail::RowPage &page) -> Task<int> {
        listing->page = page;
        return search.isEmpty() ? Task<int>(Result<int>(-1))
                                : countUnread(captured, mailbox, search, context);
    };
    const auto keepUnread = [&captured, listing, mailbox, context](int unread) {
        listing->unread = unread;
        return captured.counts(mailbox, context);
    };
    const auto keepCounts = [&captured, listing, mailbox, context](const mail::FolderInfo &folder) {
        listing->folder = folder;
        if (listing->unread < 0)
            listing->unread = folder.unread;
        return captured.tagCounts(mailbox, context);
    };
    const auto readSummaries = [&captured, listing, context](const QList<mail::TagCount> &tags) {
        listing->tags = tags;
        return captured.summaries(listing->page.rows, context);
    };
    return captured.page(mailbox, search, listing->start, limitOf(request), context)
        .andThen(context, keepPage)
        .andThen(context, keepUnread)
        .andThen(context, keepCounts)
        .andThen(context, readSummaries)
        .andThen(context,
            [listing](const QJsonArray &messages) { return jsonResponse(listingJson(*listing, messages)); });
}

QString searchOf(const HttpRequest &request)
{
    return request.argument(QStringLiteral("query")).trimmed();
}

Task<HttpResponse> noQuery()
{
    return answered(refusal(400, QStringLiteral("Error: no search query")));
}

HttpHandler listAll(CapturedMail &captured)
{
    return [&captured](
               const HttpRequest &request, QObject *context) { return list(captured, {}, request, context); };
}

HttpHandler search(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        const QString query = searchOf(request);
        const Result<QString> search = searchOfMailpit(query);
        if (query.isEmpty() || !search)
            return query.isEmpty() ? noQuery() : answered(refusal(search.error()));
        return list(captured, *search, request, context);
    };
}

QStringList idsOf(const QJsonObject &asked)
{
    QStringList names;
    for (const auto name : asked[QStringLiteral("IDs")].toArray())
        names += name.toString();
    return names;
}

/// Those that are named, or else all that the search finds.
Task<QList<mail::MessageId>> chosen(CapturedMail &captured, const QString &mailbox, const QStringList &named,
    const QString &query, QObject *context)
{
    return named.isEmpty() ? captured.all(mailbox, query, context)
                           : captured.identify(mailbox, named, context);
}

HttpResponse ok()
{
    return textResponse("ok");
}

QString noObject(const QJsonParseError &error)
{
    return error.error != QJsonParseError::NoError ? error.errorString()
                                                   : QStringLiteral("A JSON object is expected");
}

HttpHandler mark(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        QJsonParseError error;
        const QJsonDocument body = QJsonDocument::fromJson(request.body, &error);
        if (!body.isObject())
            return answered(refusal(400, noObject(error)));
        const QJsonObject asked = body.object();
        const QString query = asked[QStringLiteral("Search")].toString().trimmed();
        const QStringList named = idsOf(asked);
        if (!named.isEmpty() && !query.isEmpty())
            return answered(
                refusal(400, QStringLiteral("You may specify either IDs or a search query, not both")));
        const Result<QString> search = searchOfMailpit(query);
        if (!search)
            return answered(refusal(search.error()));
        const bool isRead = asked[QStringLiteral("Read")].toBool();
        return chosen(captured, request.mailbox, named, *search, context)
            .andThen(context,
                [&captured, isRead, context](
                    const QList<mail::MessageId> &ids) { return captured.setRead(ids, isRead, context); })
            .andThen(context, ok);
    };
}

Task<HttpResponse> removeChosen(CapturedMail &captured, const QString &mailbox, const QStringList &named,
    const QString &query, QObject *context)
{
    return chosen(captured, mailbox, named, query, context)
        .andThen(context,
            [&captured, context](const QList<mail::MessageId> &ids) { return captured.remove(ids, context); })
        .andThen(context, ok);
}

/// A body that says nothing means all. One that is there and is no object does not.
HttpHandler remove(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        QJsonParseError error;
        const QJsonDocument body = QJsonDocument::fromJson(request.body, &error);
        if (!body.isObject() && !request.body.trimmed().isEmpty())
            return answered(refusal(400, noObject(error)));
        return removeChosen(captured, request.mailbox, idsOf(body.object()), {}, context);
    };
}

HttpHandler removeFound(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const Result<QString> search = searchOfMailpit(searchOf(request));
        if (!search)
            return answered(refusal(search.error()));
        // "to:" asks for nothing, and would find everything.
        return mail::parseSearch(*search).where.isEmpty()
            ? noQuery()
            : removeChosen(captured, request.mailbox, {}, *search, context);
    };
}

} // namespace

QList<HttpRoute> listRoutes(CapturedMail &captured)
{
    return {{"GET", "/api/v1/messages", listAll(captured)}, {"PUT", "/api/v1/messages", mark(captured)},
        {"DELETE", "/api/v1/messages", remove(captured)}, {"GET", "/api/v1/search", search(captured)},
        {"DELETE", "/api/v1/search", removeFound(captured)}};
}

} // namespace glasspost::app
