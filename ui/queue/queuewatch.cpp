#include "ui/queue/queuewatch.h"

namespace glasspost::ui {

QueueWatch::QueueWatch(mail::MailSystem &system, QObject *parent) : QObject(parent), m_system(system)
{
    connect(&m_system, &mail::MailSystem::queueChanged, this,
        [this](const QList<mail::QueueEntry> &entries) { take(entries, News::Told); });
    connect(&m_system, &mail::MailSystem::queueRemoved, this, &QueueWatch::drop);
}

void QueueWatch::load()
{
    m_system.queue().then(this, [this](const mail::Result<QList<mail::QueueEntry>> &entries) {
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
        if (news == News::Told && isDeferred(entry) && !wasDeferred)
            Q_EMIT deferred(entry);
        if (entry.isDone() && !wasDone)
            Q_EMIT ended(entry);
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
