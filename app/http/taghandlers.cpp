// Tags of messages, as Mailpit's clients set, rename and delete them.
#include "app/http/handlers.h"

#include "mail/index/messagetags.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <optional>

namespace glasspost::app {

namespace {

using mail::Task;

HttpHandler listTags(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        return captured.tagCounts(request.mailbox, context)
            .andThen(context, [](const QList<mail::TagCount> &counts) {
                QJsonArray names;
                for (const mail::TagCount &one : counts)
                    names += one.name;
                return jsonResponse(names);
            });
    };
}

/// An array of strings, or null, or nothing at all; anything else is none.
std::optional<QStringList> stringsOf(const QJsonValue &value)
{
    QStringList texts;
    for (const auto one : value.toArray()) {
        if (!one.isString())
            return std::nullopt;
        texts += one.toString();
    }
    const bool isNone = value.isNull() || value.isUndefined();
    return value.isArray() || isNone ? std::optional(texts) : std::nullopt;
}

/// Those that messages have now and shall not have any more.
QStringList namesWithout(const QList<mail::TagCount> &counts, const QStringList &kept)
{
    QStringList names;
    for (const mail::TagCount &one : counts) {
        const bool isKept = std::any_of(kept.cbegin(), kept.cend(),
            [&one](const QString &tag) { return mail::tagKey(mail::tagOf(tag)) == mail::tagKey(one.name); });
        if (!isKept)
            names += one.name;
    }
    return names;
}

HttpHandler setTags(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const QJsonDocument body = QJsonDocument::fromJson(request.body);
        const auto tags = stringsOf(body[QStringLiteral("Tags")]);
        const auto names = stringsOf(body[QStringLiteral("IDs")]);
        if (!body.isObject() || !tags || !names)
            return answered(
                refusal(400, QStringLiteral("An object with the arrays Tags and IDs is expected")));
        const QString mailbox = request.mailbox;
        const auto set = [&captured, mailbox, names = *names, tags = *tags, context](
                             const QList<mail::TagCount> &counts) {
            return captured.identify(mailbox, names, context)
                .andThen(context,
                    [&captured, tags, remove = namesWithout(counts, tags), context](
                        const QList<mail::MessageId> &ids) {
                        return captured.retag(ids, tags, remove, context);
                    });
        };
        return captured.tagCounts(mailbox, context).andThen(context, set).andThen(context, [] {
            return textResponse("ok");
        });
    };
}

/// How a tag is written of which a request names the key; empty when no message has it.
QString nameAmong(const QList<mail::TagCount> &counts, const QString &tag)
{
    const auto found = std::find_if(counts.cbegin(), counts.cend(),
        [key = mail::tagKey(tag)](const mail::TagCount &one) { return mail::tagKey(one.name) == key; });
    return found == counts.cend() ? QString() : found->name;
}

/// Another tag in the place of one, wherever a message has it; an empty one takes it away.
Task<HttpResponse> replaceTag(
    CapturedMail &captured, const HttpRequest &request, const QString &by, QObject *context)
{
    const QString mailbox = request.mailbox, tag = request.captured.value(0);
    const auto replace
        = [&captured, mailbox, tag, by, context](const QList<mail::TagCount> &counts) -> Task<HttpResponse> {
        const QString name = nameAmong(counts, tag);
        if (name.isEmpty())
            return answered(refusal(400, QStringLiteral("tag not found: ") + tag));
        if (mail::tagKey(by) != mail::tagKey(name) && !nameAmong(counts, by).isEmpty())
            return answered(refusal(400, QStringLiteral("tag already exists: ") + by));
        return captured.tagged(mailbox, name, context)
            .andThen(context,
                [&captured, name, by, context](const QList<mail::MessageId> &ids) {
                    const QStringList add = by.isEmpty() ? QStringList() : QStringList{by};
                    return captured.retag(ids, add, {name}, context);
                })
            .andThen(context, [] { return textResponse("ok"); });
    };
    return captured.tagCounts(mailbox, context).andThen(context, replace);
}

HttpHandler renameTag(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const QJsonDocument body = QJsonDocument::fromJson(request.body);
        const QString name = body[QStringLiteral("Name")].toString();
        const QString by = mail::tagOf(name);
        if (by.isEmpty())
            return answered(refusal(400, QStringLiteral("invalid tag name: ") + name));
        if (by == request.captured.value(0))
            return answered(textResponse("ok"));
        return replaceTag(captured, request, by, context);
    };
}

HttpHandler deleteTag(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) {
        return replaceTag(captured, request, {}, context);
    };
}

} // namespace

QList<HttpRoute> tagRoutes(CapturedMail &captured)
{
    return {{"GET", "/api/v1/tags", listTags(captured)}, {"PUT", "/api/v1/tags", setTags(captured)},
        {"PUT", "/api/v1/tags/{}", renameTag(captured)}, {"DELETE", "/api/v1/tags/{}", deleteTag(captured)}};
}

} // namespace glasspost::app
