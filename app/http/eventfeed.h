#pragma once

#include "app/http/capturedmail.h"

#include <QTimer>

#include <functional>
#include <memory>

namespace glasspost::app {

/// How the objects go out: as server-sent events (the HTML standard, 9.2), or each as a text of a WebSocket.
enum class EventForm { ServerSent, WebSocket };

/// What happens in the inboxes of captured mail, for everybody who listens to one: the objects that Mailpit
/// sends, {"Type": "new" | "stats", "Data": ...}.
/// On the thread that made it; captured outlives it.
class EventFeed : public QObject
{
    Q_OBJECT
public:
    explicit EventFeed(CapturedMail &captured);

    /// Of that mailbox's inbox, from now on, or from after the event whose id the client had last. It ends
    /// with its last owner. InUse when there are too many; BadSettings as CapturedMail::inbox().
    mail::Task<std::shared_ptr<HttpStream>> subscribe(
        const QString &mailbox, const QByteArray &lastEventId, EventForm form, QObject *context);

private:
    /// Rows of one index: another one numbers them again.
    struct Position
    {
        quint64 generation = 0;
        qint64 number = 0;
    };
    struct Event
    {
        QByteArray id;
        QByteArray json; ///< empty: a sign of life
    };
    struct Listener
    {
        std::weak_ptr<HttpStream> stream;
        EventForm form = EventForm::ServerSent;

        void tell(const Event &event) const;
    };
    /// One inbox that somebody listens to.
    struct Feed
    {
        mail::FolderId inbox;
        QList<Listener> listeners;
        Position position; ///< what was sent
        bool isFollowing = false;
        bool isChanged = false; ///< while following

        void tell(const Event &event);
        void forgetGone();
    };
    using FeedPointer = std::shared_ptr<Feed>;
    using Stream = std::shared_ptr<HttpStream>;

    mail::Result<Stream> begin(const mail::FolderId &inbox, const QByteArray &lastEventId, EventForm form,
        const mail::RowPage &newest);
    void changed(const mail::StoreChange &change);
    void follow(const FeedPointer &feed);
    using Sink = std::function<void(const Event &event)>;
    static Event eventOf(const QString &type, const QJsonValue &data, const QByteArray &id = {});
    static void tellArrivals(const QJsonArray &summaries, const QList<mail::MessageRow> &rows,
        quint64 generation, const Sink &sink);
    /// Until the context is gone.
    mail::Task<Position> tellSince(
        const mail::FolderId &inbox, const Position &position, int start, const Sink &sink, QObject *context);
    void beat();

    CapturedMail &m_captured;
    QHash<QString, FeedPointer> m_feeds; ///< by the mailbox
    QTimer m_beat;
};

} // namespace glasspost::app
