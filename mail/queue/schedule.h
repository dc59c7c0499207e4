#pragma once

#include "mail/queue/clock.h"
#include "mail/queue/queueevent.h"

#include <QHash>

#include <functional>
#include <map>
#include <set>

namespace glasspost::mail {

/// The queue's entries in memory and when each of them may be tried, by sane time: no wait is longer than it
/// was when it was written down, and no jump of the wall clock makes an entry old (C67). Knows no disk. Times
/// are milliseconds. One thread.
class Schedule
{
public:
    explicit Schedule(Clock clock);

    [[nodiscard]] qint64 now() const { return m_clock.wall(); } ///< what people read
    /// An entry as a run before this one left it: the gap between counts for its age, a day at most.
    void load(QueueEntry entry);
    void put(const QueueEntry &entry);
    QueueEntry take(const QByteArray &id); ///< it is no more
    [[nodiscard]] const QueueEntry *find(const QByteArray &id) const; ///< until the next change
    [[nodiscard]] QList<QueueEntry> entries() const; ///< oldest first
    [[nodiscard]] QList<QByteArray> ids() const { return m_items.keys(); }
    /// The entry with its age as it is now, to be written down.
    [[nodiscard]] QueueEntry stamped(QueueEntry entry) const;

    /// Entries of which a recipient may be tried now: by priority (RFC 6710), then longest due first.
    [[nodiscard]] QList<QByteArray> dueEntries(int limit) const;
    [[nodiscard]] QList<int> due(const QByteArray &id) const;
    [[nodiscard]] qint64 nextDueIn() const; ///< -1 when nothing will be
    [[nodiscard]] qint64 age(const QByteArray &id) const;
    [[nodiscard]] qint64 inQueue(const QByteArray &id) const;
    void pauseAge(const QByteArray &id); ///< the time since the last change was spent waiting for a person

    /// In the runner's hands, or its removal is on the way to the disk: not due meanwhile.
    enum class Use { Free, InDelivery, BeingRemoved };
    void setUse(const QByteArray &id, Use use);
    [[nodiscard]] Use use(const QByteArray &id) const;
    void makeDue(const QByteArray &id); ///< at once, whatever was planned, even while paused
    void setPaused(bool paused); ///< only what was asked for is due
    /// True when the wall clock was set since the last call; the times that people read are right again.
    bool followClock();

private:
    struct Item
    {
        QueueEntry entry;
        qint64 seen = 0; // when entry.age was true
        qint64 heldUntil = 0;
        QList<qint64> dueAt; // one a recipient
        qint64 key = -1; // the earliest of them; -1: never
        bool asked = false;
        Use use = Use::Free;
    };
    using Order = std::set<std::pair<qint64, QByteArray>>; // by key

    [[nodiscard]] qint64 dueTime(const QueueRecipient &one, const QueueEntry &entry) const;
    [[nodiscard]] qint64 holdTime(const QueueEntry &entry) const;
    [[nodiscard]] qint64 ageOf(const Item &item) const;
    [[nodiscard]] qint64 keyOf(const Item &item) const;
    void rank(Item &item);
    void unrank(const Item &item);
    void setRight(Item &item);
    [[nodiscard]] qint64 wallMinusMonotonic() const { return m_clock.wall() - m_clock.monotonic(); }

    Clock m_clock;
    QHash<QByteArray, Item> m_items;
    std::map<int, Order, std::greater<>> m_orders; // by priority, the highest first
    bool m_paused = false;
    qint64 m_drift = 0;
};

} // namespace glasspost::mail
