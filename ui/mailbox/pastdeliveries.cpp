#include "ui/mailbox/pastdeliveries.h"

#include "ui/mailbox/messagelistmodel.h"

#include <utility>

namespace glasspost::ui {

PastDeliveries::PastDeliveries(mail::Outbox &outbox, MessageListModel &model, QObject *parent)
    : QObject(parent), m_outbox(outbox), m_model(model)
{
    connect(&m_model, &MessageListModel::loaded, this, &PastDeliveries::askForRows);
    connect(&m_model, &MessageListModel::pageArrived, this, &PastDeliveries::askForRows);
    connect(&m_outbox, &mail::Outbox::journeysRemoved, this, &PastDeliveries::forget);
}

void PastDeliveries::setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries)
{
    for (const QByteArray &id : m_model.queueIds()) {
        const auto before = m_waiting.constFind(id);
        if (before != m_waiting.cend() && before->isDone() && !entries.contains(id))
            m_past.insert(id, *before);
    }
    m_waiting = entries;
    tell();
}

void PastDeliveries::askForRows()
{
    tell();
    QList<QByteArray> ids;
    for (const QByteArray &id : m_model.queueIds()) {
        if (m_asked.contains(id) || m_waiting.contains(id) || m_past.contains(id))
            continue;
        m_asked.insert(id);
        ids.append(id);
    }
    if (ids.isEmpty())
        return;
    m_outbox.past(ids).then(this, [this](const mail::Result<QList<mail::QueueEntry>> &entries) {
        for (const mail::QueueEntry &entry : entries.value_or(QList<mail::QueueEntry>())) {
            if (!m_past.contains(entry.id)) // what the queue reported meanwhile is newer
                m_past.insert(entry.id, entry);
        }
        tell();
    });
}

/// Their records were deleted.
void PastDeliveries::forget(const QList<QByteArray> &ids)
{
    for (const QByteArray &id : ids)
        m_past.remove(id);
    tell();
}

/// A window stays open while hundreds of thousands leave.
void PastDeliveries::forgetOthers(const QSet<QByteArray> &listed)
{
    m_past.removeIf([&listed](const auto &one) { return !listed.contains(one.key()); });
    m_asked.removeIf([&listed](const QByteArray &id) { return !listed.contains(id); });
}

void PastDeliveries::tell()
{
    const QList<QByteArray> ids = m_model.queueIds();
    const QSet<QByteArray> listed(ids.cbegin(), ids.cend());
    forgetOthers(listed);
    QHash<QByteArray, mail::QueueEntry> known = m_past;
    for (const QByteArray &id : listed) {
        if (const auto waiting = m_waiting.constFind(id); waiting != m_waiting.cend())
            known.insert(id, *waiting);
    }
    const bool knewAny = std::exchange(m_knowsAny, !known.isEmpty());
    if (knewAny || m_knowsAny) // most folders have nothing of the queue, and their rows come by the hundred
        m_model.setQueueEntries(known);
}

} // namespace glasspost::ui
