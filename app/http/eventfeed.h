#pragma once

#include "app/http/capturedmail.h"

#include <QTimer>

#include <functional>
#include <memory>

namespace glasspost::app {

/// What happens in the captured mailbox, for everybody who listens: server-sent events (the HTML standard,
/// 9.2) whose data are the objects that Mailpit sends: {"Type": "new" | "stats", "Data": ...}. On the thread
/// of the mail system; captured outlives it.
class EventFeed : public QObject
{
    Q_OBJECT
public:
    explicit EventFeed(CapturedMail &captured);

    /// From now on, or from after the event whose id the client had last. It ends with its last owner. InUse
    /// when there are too many.
    mail::Task<std::shared_ptr<HttpStream>> subscribe(const QByteArray &lastEventId, QObject *context);

private:
    /// Rows of one index: another one numbers them again.
    struct Position
    {
        quint64 generation = 0;
        qint64 number = 0;
    };

    void changed(const mail::StoreChange &change);
    void follow();
    using Sink = std::function<void(const QByteArray &event)>;
    /// Until the context is gone.
    mail::Task<Position> tellSince(const Position &position, int start, const Sink &sink, QObject *context);
    void write(const QByteArray &octets);

    CapturedMail &m_captured;
    QList<std::weak_ptr<HttpStream>> m_streams;
    Position m_position; ///< what was sent; of no index: nobody listens
    bool m_isFollowing = false;
    bool m_isChanged = false; ///< while following
    QTimer m_beat;
};

} // namespace glasspost::app
