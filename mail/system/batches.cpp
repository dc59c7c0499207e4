#include "mail/system/batches.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {
constexpr qint64 interval = 33; // milliseconds
}

Batches::Batches(QObject *parent) : QObject(parent), m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Batches::flush);
}

void Batches::entriesChanged(const QList<QueueEntry> &entries)
{
    for (const QueueEntry &entry : entries) {
        const auto known = m_places.constFind(entry.id);
        if (known != m_places.constEnd()) {
            m_entries[*known] = entry;
            continue;
        }
        m_places.insert(entry.id, m_entries.size());
        m_entries.append(entry);
    }
    schedule();
}

void Batches::entriesRemoved(const QList<QByteArray> &ids)
{
    m_removed += ids;
    schedule();
}

void Batches::received(const ReceptionEvent &event)
{
    m_events.append(event);
    schedule();
}

void Batches::listenerChanged(const ListenerState &state)
{
    m_listener = state;
    schedule();
}

// The first of a burst goes at once, the rest with the next beat.
void Batches::schedule()
{
    if (m_timer.isActive())
        return;
    const qint64 since = m_lastFlush.isValid() ? m_lastFlush.elapsed() : interval;
    m_timer.start(int(std::max<qint64>(0, interval - since)));
}

void Batches::flush()
{
    m_timer.stop();
    m_lastFlush.start();
    m_places.clear();
    if (const auto entries = std::exchange(m_entries, {}); !entries.isEmpty())
        Q_EMIT queueChanged(entries);
    if (const auto ids = std::exchange(m_removed, {}); !ids.isEmpty())
        Q_EMIT queueRemoved(ids);
    if (const auto events = std::exchange(m_events, {}); !events.isEmpty())
        Q_EMIT receptions(events);
    if (const auto state = std::exchange(m_listener, {}))
        Q_EMIT listener(*state);
}

} // namespace glasspost::mail
