#include "ui/queue/queuewatch.h"

#include <algorithm>

namespace glasspost::ui {

QueueWatch::QueueWatch(mail::Outbox &outbox, QObject *parent) : QObject(parent), m_outbox(outbox)
{
    connect(&m_outbox, &mail::Outbox::changed, this,
        [this](const QList<mail::QueueEntry> &entries) { take(entries, News::Live); });
    connect(&m_outbox, &mail::Outbox::removed, this, &QueueWatch::drop);
}

void QueueWatch::load()
{
    m_outbox.entries().then(this, [this](const mail::Result<QList<mail::QueueEntry>> &entries) {
        if (entries)
            take(*entries, News::Old);
        else
            Q_EMIT failed(entries.error());
    });
}

void QueueWatch::take(const QList<mail::QueueEntry> &entries, News news)
{
    for (const mail::QueueEntry &entry : entries) {
        const auto before = m_entries.constFind(entry.id);
        const bool wasDone = before != m_entries.cend() && before->isDone();
        const bool wasDeferred = before != m_entries.cend() && isDeferred(*before);
        m_entries.insert(entry.id, entry);
        if (news == News::Live && isDeferred(entry) && !wasDeferred)
            Q_EMIT deferred(entry);
        if (entry.isDone() && !wasDone)
            Q_EMIT ended(entry);
        const bool hasBounced
            = std::any_of(entry.recipients.cbegin(), entry.recipients.cend(), hasBouncedLater);
        if (news == News::Live && hasBounced)
            Q_EMIT bounced(entry);
    }
    Q_EMIT changed();
}

void QueueWatch::drop(const QList<QByteArray> &ids)
{
    for (const QByteArray &id : ids)
        m_entries.remove(id);
    Q_EMIT changed();
}

} // namespace glasspost::ui
