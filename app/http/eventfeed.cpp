#include "app/http/eventfeed.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <chrono>

namespace glasspost::app {

namespace {

constexpr int pageSize = 100;
constexpr int mostStreams = 64; // each of them may hold HttpStream::mostWaiting octets

QByteArray eventOf(const QString &type, const QJsonValue &data, const QByteArray &id = {})
{
    const QJsonObject event{{QStringLiteral("Type"), type}, {QStringLiteral("Data"), data}};
    const QByteArray idLine = id.isEmpty() ? QByteArray() : "id: " + id + '\n';
    return idLine + "data: " + QJsonDocument(event).toJson(QJsonDocument::Compact) + "\n\n";
}

void tell(const QJsonArray &summaries, const QList<mail::MessageRow> &rows, quint64 generation,
    const std::function<void(const QByteArray &)> &sink)
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

} // namespace

EventFeed::EventFeed(CapturedMail &captured) : m_captured(captured)
{
    connect(&m_captured.mail().mailboxes(), &mail::Mailboxes::changed, this, &EventFeed::changed);
    // So that a client that went away is noticed, and one behind a proxy is not given up.
    connect(&m_beat, &QTimer::timeout, this, [this] { write(": \n\n"); });
    m_beat.start(std::chrono::seconds(15));
}

mail::Task<std::shared_ptr<HttpStream>> EventFeed::subscribe(const QByteArray &lastEventId, QObject *context)
{
    using Stream = std::shared_ptr<HttpStream>;
    const auto begin = [this, lastEventId](const mail::RowPage &page) -> mail::Result<Stream> {
        m_streams.removeIf([](const std::weak_ptr<HttpStream> &one) { return one.expired(); });
        if (m_streams.size() >= mostStreams)
            return tl::unexpected(
                mail::Error{mail::ErrorCode::InUse, QStringLiteral("Too many event streams at once"), {}});
        const auto stream = std::make_shared<HttpStream>();
        stream->write(": \n\n"); // the head of the response goes out with the first octets
        if (m_streams.isEmpty())
            m_position = {page.generation, page.newest};
        m_streams.append(stream);
        const QList<QByteArray> last = lastEventId.split('-');
        if (last.size() == 2)
            tellSince(
                {last.first().toULongLong(), last.last().toLongLong()}, 0,
                [to = std::weak_ptr(stream)](const QByteArray &event) {
                    if (const auto there = to.lock())
                        there->write(event);
                },
                stream.get());
        return stream;
    };
    return m_captured.page({}, 0, 0, context).andThen(this, begin);
}

void EventFeed::changed(const mail::StoreChange &change)
{
    if (m_streams.isEmpty())
        return;
    const mail::Result<mail::FolderId> inbox = m_captured.folder();
    if (!inbox)
        return;
    for (const mail::FolderInfo &folder : change.folders) {
        if (folder.id != *inbox)
            continue;
        write(eventOf(QStringLiteral("stats"),
            QJsonObject{{QStringLiteral("Total"), folder.total}, {QStringLiteral("Unread"), folder.unread},
                {QStringLiteral("Tags"), QJsonArray()}}));
        follow();
    }
}

void EventFeed::follow()
{
    m_isChanged = true;
    if (std::exchange(m_isFollowing, true))
        return;
    m_isChanged = false;
    tellSince(
        m_position, 0, [this](const QByteArray &event) { write(event); }, this)
        .then(this, [this](const mail::Result<Position> &told) {
            m_position = told.value_or(m_position);
            m_isFollowing = false;
            if (m_isChanged)
                follow();
        });
}

/// Reports the rows after the position: the pages lead from the newest back to it, and the oldest is reported
/// first. Where the newest is.
mail::Task<EventFeed::Position> EventFeed::tellSince(
    const Position &position, int start, const Sink &sink, QObject *context)
{
    const mail::Result<mail::FolderId> inbox = m_captured.folder();
    if (!inbox)
        return mail::Result<Position>(tl::unexpected(inbox.error()));
    mail::RowQuery query;
    query.folder = *inbox;
    query.sort = mail::SortKey::Arrival;
    query.offset = start;
    query.limit = pageSize;
    const auto take
        = [this, position, start, sink, context](const mail::RowPage &page) -> mail::Task<Position> {
        const Position newest{page.generation, page.newest};
        if (page.isMissing || page.generation != position.generation)
            return mail::Result<Position>(page.isMissing ? position : newest);
        QList<mail::MessageRow> rows;
        for (const mail::MessageRow &row : page.rows) {
            if (row.number > position.number)
                rows.prepend(row);
        }
        const auto older = rows.size() == pageSize ? tellSince(position, start + pageSize, sink, context)
                                                   : mail::Task<Position>(mail::Result<Position>(position));
        return older
            .andThen(context,
                [this, rows, context](const Position &) { return m_captured.summaries(rows, context); })
            .andThen(context, [rows, newest, sink](const QJsonArray &summaries) {
                tell(summaries, rows, newest.generation, sink);
                return newest;
            });
    };
    return m_captured.mail().mailboxes().rows(query).andThen(context, take);
}

void EventFeed::write(const QByteArray &octets)
{
    for (const std::weak_ptr<HttpStream> &one : std::as_const(m_streams)) {
        if (const auto stream = one.lock())
            stream->write(octets);
    }
    m_streams.removeIf([](const std::weak_ptr<HttpStream> &one) { return one.expired(); });
}

} // namespace glasspost::app
