#include "app/http/eventfeed.h"

#include "app/http/websocketframes.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <chrono>

namespace glasspost::app {

namespace {

constexpr int feedPageSize = 100;
constexpr int mostStreams = 64; // each of them may hold HttpStream::mostWaiting octets

/// A comment is a sign of life (the HTML standard, 9.2.7), as a ping is.
QByteArray serverSent(const QByteArray &id, const QByteArray &json)
{
    const QByteArray idLine = id.isEmpty() ? QByteArray() : "id: " + id + '\n';
    return json.isEmpty() ? QByteArray(": \n\n") : idLine + "data: " + json + "\n\n";
}

} // namespace

EventFeed::Event EventFeed::eventOf(const QString &type, const QJsonValue &data, const QByteArray &id)
{
    const QJsonObject event{{QStringLiteral("Type"), type}, {QStringLiteral("Data"), data}};
    return {id, QJsonDocument(event).toJson(QJsonDocument::Compact)};
}

void EventFeed::tellArrivals(
    const QJsonArray &summaries, const QList<mail::MessageRow> &rows, quint64 generation, const Sink &sink)
{
    QHash<QString, qint64> numbers;
    for (const mail::MessageRow &row : rows)
        numbers.insert(CapturedMail::nameOf(row.id), row.number);
    for (const auto summary : summaries) {
        const qint64 number = numbers.value(summary[QStringLiteral("ID")].toString());
        sink(eventOf(QStringLiteral("new"), summary,
            QByteArray::number(generation) + '-' + QByteArray::number(number)));
    }
}

void EventFeed::Listener::tell(const Event &event) const
{
    const auto there = stream.lock();
    if (there && form == EventForm::ServerSent)
        there->write(serverSent(event.id, event.json));
    else if (there)
        there->write(
            webSocketFrame(event.json.isEmpty() ? WebSocketOpcode::Ping : WebSocketOpcode::Text, event.json));
}

void EventFeed::Feed::tell(const Event &event)
{
    for (const Listener &one : std::as_const(listeners))
        one.tell(event);
    forgetGone();
}

void EventFeed::Feed::forgetGone()
{
    listeners.removeIf([](const Listener &one) { return one.stream.expired(); });
}

EventFeed::EventFeed(CapturedMail &captured) : m_captured(captured)
{
    connect(&m_captured.mail().mailboxes(), &mail::Mailboxes::changed, this, &EventFeed::changed);
    // So that a client that went away is noticed, and one behind a proxy is not given up.
    connect(&m_beat, &QTimer::timeout, this, &EventFeed::beat);
    m_beat.start(std::chrono::seconds(15));
}

mail::Task<std::shared_ptr<HttpStream>> EventFeed::subscribe(
    const QString &mailbox, const QByteArray &lastEventId, EventForm form, QObject *context)
{
    return m_captured.inbox(mailbox).andThen(
        context, [this, mailbox, lastEventId, form, context](const mail::FolderId &inbox) {
            return m_captured.page(mailbox, {}, 0, 0, context)
                .andThen(this, [this, inbox, lastEventId, form](const mail::RowPage &newest) {
                    return begin(inbox, lastEventId, form, newest);
                });
        });
}

mail::Result<EventFeed::Stream> EventFeed::begin(
    const mail::FolderId &inbox, const QByteArray &lastEventId, EventForm form, const mail::RowPage &newest)
{
    qsizetype listening = 0;
    for (const FeedPointer &one : std::as_const(m_feeds)) {
        one->forgetGone();
        listening += one->listeners.size();
    }
    if (listening >= mostStreams)
        return tl::unexpected(
            mail::Error{mail::ErrorCode::InUse, QStringLiteral("Too many event streams at once"), {}});
    FeedPointer &feed = m_feeds[inbox.user];
    if (!feed)
        feed = std::make_shared<Feed>(Feed{inbox, {}, {}, false, false});
    if (feed->listeners.isEmpty())
        feed->position = {newest.generation, newest.newest};
    const auto stream = std::make_shared<HttpStream>();
    const Listener listener{stream, form};
    listener.tell({}); // the head of the response goes out with the first octets
    feed->listeners.append(listener);
    const QList<QByteArray> last = lastEventId.split('-');
    if (last.size() == 2)
        tellSince(
            inbox, {last.first().toULongLong(), last.last().toLongLong()}, 0,
            [listener](const Event &event) { listener.tell(event); }, stream.get());
    return stream;
}

void EventFeed::beat()
{
    for (const FeedPointer &feed : std::as_const(m_feeds))
        feed->tell({});
    m_feeds.removeIf([](const auto &one) { return one.value()->listeners.isEmpty(); });
}

void EventFeed::changed(const mail::StoreChange &change)
{
    for (const mail::FolderInfo &folder : change.folders) {
        const FeedPointer feed = folder.id.folder.isEmpty() ? m_feeds.value(folder.id.user) : nullptr;
        if (!feed || feed->listeners.isEmpty())
            continue;
        feed->tell(eventOf(QStringLiteral("stats"),
            QJsonObject{{QStringLiteral("Total"), folder.total}, {QStringLiteral("Unread"), folder.unread},
                {QStringLiteral("Tags"), QJsonArray()}}));
        follow(feed);
    }
}

void EventFeed::follow(const FeedPointer &feed)
{
    feed->isChanged = true;
    if (std::exchange(feed->isFollowing, true))
        return;
    feed->isChanged = false;
    tellSince(
        feed->inbox, feed->position, 0, [feed](const Event &event) { feed->tell(event); }, this)
        .then(this, [this, feed](const mail::Result<Position> &told) {
            feed->position = told.value_or(feed->position);
            feed->isFollowing = false;
            if (feed->isChanged)
                follow(feed);
        });
}

/// Reports the rows after the position: the pages lead from the newest back to it, and the oldest is reported
/// first. Where the newest is.
mail::Task<EventFeed::Position> EventFeed::tellSince(
    const mail::FolderId &inbox, const Position &position, int start, const Sink &sink, QObject *context)
{
    mail::RowQuery query;
    query.folder = inbox;
    query.sort = mail::SortKey::Arrival;
    query.offset = start;
    query.limit = feedPageSize;
    const auto take
        = [this, inbox, position, start, sink, context](const mail::RowPage &page) -> mail::Task<Position> {
        const Position newest{page.generation, page.newest};
        if (page.isMissing || page.generation != position.generation)
            return mail::Result<Position>(page.isMissing ? position : newest);
        QList<mail::MessageRow> rows;
        for (const mail::MessageRow &row : page.rows) {
            if (row.number > position.number)
                rows.prepend(row);
        }
        const auto older = rows.size() == feedPageSize
            ? tellSince(inbox, position, start + feedPageSize, sink, context)
            : mail::Task<Position>(mail::Result<Position>(position));
        return older
            .andThen(context,
                [this, rows, context](const Position &) { return m_captured.summaries(rows, context); })
            .andThen(context, [rows, newest, sink](const QJsonArray &summaries) {
                tellArrivals(summaries, rows, newest.generation, sink);
                return newest;
            });
    };
    return m_captured.mail().mailboxes().rows(query).andThen(context, take);
}

} // namespace glasspost::app
