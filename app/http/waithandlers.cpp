// Ours beyond Mailpit's API: a captured message with all that a test looks for in it, waiting for some, and a
// message's way.
#include "app/commandline/parsers.h"
#include "app/http/handlers.h"
#include "app/messages/messagejson.h"
#include "app/messages/messageway.h"
#include "mail/base/worker.h"

#include <QJsonArray>
#include <QTimer>

#include <chrono>
#include <memory>

namespace glasspost::app {

namespace {

using mail::Task;
using std::chrono::seconds;

constexpr int mostAwaited = 100; // messages in one answer
constexpr int longestWait = 600; // seconds
constexpr int usualWait = 30; // seconds

/// What a request waits for.
struct Awaited
{
    WaitCondition condition;
    int count = 1;
    seconds timeout = seconds(usualWait);
};

QString mailboxOf(const HttpRequest &request)
{
    const QString named = request.argument(QStringLiteral("mailbox"));
    return named.isEmpty() ? request.mailbox : named;
}

/// An empty argument does not count, as one that is not there.
Parsed<QRegularExpression> patternOf(const HttpRequest &request, const QString &name)
{
    const QString text = request.argument(name);
    if (text.isEmpty())
        return QRegularExpression();
    return parsePattern(name, text).map([](const QString &pattern) { return QRegularExpression(pattern); });
}

Parsed<void> readPatterns(const HttpRequest &request, WaitCondition &condition)
{
    const auto subject = patternOf(request, QStringLiteral("subject"));
    const auto body = patternOf(request, QStringLiteral("body"));
    if (!subject || !body)
        return refused(subject ? body.error() : subject.error());
    condition.subject = *subject;
    condition.body = *body;
    for (const QString &text : request.arguments(QStringLiteral("header"))) {
        const auto header = parseHeaderPattern(QStringLiteral("header"), text);
        if (!header)
            return refused(header.error());
        condition.headers.append({header->first, QRegularExpression(header->second)});
    }
    return {};
}

/// A whole number of the query, or fallback where it is not there.
Parsed<int> numberOf(const HttpRequest &request, const QString &name, int fallback, int least, int most)
{
    const QString text = request.argument(name);
    if (text.isEmpty())
        return fallback;
    return parseNumber(name, text, least, most).map([](qint64 number) { return int(number); });
}

/// All but where.
Parsed<Awaited> awaitedOf(const HttpRequest &request)
{
    Awaited awaited;
    const QString since = request.argument(QStringLiteral("since"));
    const auto moment = parseSince(QStringLiteral("since"), since.isEmpty() ? QStringLiteral("now") : since);
    const auto count = numberOf(request, QStringLiteral("count"), 1, 1, mostAwaited);
    const auto timeout = numberOf(request, QStringLiteral("timeout"), usualWait, 0, longestWait);
    if (!moment)
        return refused(moment.error());
    if (!count || !timeout)
        return refused(count ? timeout.error() : count.error());
    if (const auto patterns = readPatterns(request, awaited.condition); !patterns)
        return refused(patterns.error());
    awaited.condition.to = request.argument(QStringLiteral("to"));
    awaited.condition.from = request.argument(QStringLiteral("from"));
    awaited.condition.since = *moment;
    awaited.count = *count;
    awaited.timeout = seconds(*timeout);
    return awaited;
}

/// The messages, as many as came in time.
Task<QJsonArray> messagesInTime(
    MessageWaits &waits, mail::Mailboxes &mailboxes, const Awaited &awaited, QObject *context)
{
    const mail::Promise<QJsonArray> promise;
    const auto messages = std::make_shared<QJsonArray>();
    auto *poll = new QObject(context); // what waits, ends with it
    const auto end = [promise, messages, poll] {
        promise.answer(*messages);
        poll->deleteLater();
    };
    MessageWait wait;
    wait.condition = awaited.condition;
    wait.count = awaited.count;
    wait.found = [messages, count = awaited.count, end](const QJsonObject &answer) {
        messages->append(answer[QStringLiteral("message")]);
        if (messages->size() == count)
            end();
    };
    const bool isAtOnce = awaited.timeout == seconds(0);
    wait.caughtUp = [isAtOnce, end] {
        if (isAtOnce)
            end();
    };
    if (isAtOnce) { // what was acknowledged before counts
        mailboxes.settle().then(
            poll, [&waits, wait, poll](const mail::Result<quint64> &) { waits.add(wait, poll); });
    } else {
        waits.add(wait, poll);
        QTimer::singleShot(awaited.timeout, poll, end);
    }
    return promise.task();
}

HttpHandler wait(CapturedMail &captured, MessageWaits &waits)
{
    return [&captured, &waits](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const auto awaited = awaitedOf(request);
        if (!awaited)
            return answered(refusal(400, awaited.error()));
        const auto begin
            = [&captured, &waits, context, wanted = *awaited](const mail::FolderId &inbox) mutable {
                  wanted.condition.folder = inbox;
                  return messagesInTime(waits, captured.mail().mailboxes(), wanted, context);
              };
        const auto respond = [count = awaited->count](const QJsonArray &messages) -> Task<HttpResponse> {
            if (messages.size() < count)
                return answered(refusal(404,
                    QStringLiteral("%1 of %2 messages arrived in time").arg(messages.size()).arg(count)));
            return mail::runLongWork([messages] {
                return jsonResponse(QJsonObject{{QStringLiteral("messages"), messages}});
            });
        };
        return captured.inbox(mailboxOf(request)).andThen(context, begin).andThen(context, respond);
    };
}

/// As "glasspost show --json" has it.
HttpHandler show(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        mail::Mailboxes &mailboxes = captured.mail().mailboxes();
        mail::Lookups &lookups = captured.mail().lookups();
        const QString id = request.captured.value(0);
        const auto find = [&mailboxes, &lookups, id, context](const mail::FolderId &inbox) {
            return id == u"latest" ? findLatest(mailboxes, inbox, context)
                                   : findMessage(mailboxes, lookups, id.toUtf8(), inbox, context);
        };
        return captured.inbox(mailboxOf(request))
            .andThen(context, find)
            .andThen(context,
                [&mailboxes, &lookups, context](const mail::MessageRow &found) {
                    return readContent(mailboxes, lookups, found, context);
                })
            .andThen(context, [](const MessageContent &content) {
                return mail::runLongWork([content] { return jsonResponse(messageJson(content)); });
            });
    };
}

/// As "glasspost journey --json" has it. The queue and the sessions are served whole, so are their journeys;
/// a message is one of the inbox.
HttpHandler journey(CapturedMail &captured)
{
    return [&captured](const HttpRequest &request, QObject *context) -> Task<HttpResponse> {
        const mail::Promise<HttpResponse> promise;
        const QByteArray name = request.captured.value(0).toUtf8();
        captured.inbox(mailboxOf(request))
            .then(context, [&captured, promise, name, context](const mail::Result<mail::FolderId> &inbox) {
                const auto folder = inbox ? std::optional(*inbox) : std::nullopt;
                promise.answerWith([&] {
                    return wayOf(captured.mail(), name, folder, context)
                        .andThen(context,
                            [&captured, context](
                                const MessageWay &way) { return withEnds(captured.mail(), way, context); })
                        .andThen(context, [](const MessageWay &way) {
                            return mail::runLongWork([way] { return jsonResponse(wayJson(way)); });
                        });
                });
            });
        return promise.task();
    };
}

} // namespace

QList<HttpRoute> waitRoutes(CapturedMail &captured, MessageWaits &waits)
{
    return {{"GET", "/glasspost/v1/wait", wait(captured, waits)},
        {"GET", "/glasspost/v1/messages/{}", show(captured)},
        {"GET", "/glasspost/v1/journeys/{}", journey(captured)}};
}

} // namespace glasspost::app
