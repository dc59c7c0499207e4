#include "ui/mailbox/pastdeliveries.h"

#include "ui/mailbox/messagelistmodel.h"

namespace glasspost::ui {

PastDeliveries::PastDeliveries(mail::Outbox &outbox, MessageListModel &model, QObject *parent)
    : QObject(parent), m_outbox(outbox), m_model(model)
{
    connect(&m_model, &MessageListModel::loaded, this, &PastDeliveries::askForRows);
    connect(&m_model, &MessageListModel::pageArrived, this, &PastDeliveries::askForRows);
}

void PastDeliveries::setQueueEntries(const QHash<QByteArray, mail::QueueEntry> &entries)
{
    for (auto entry = m_waiting.cbegin(); entry != m_waiting.cend(); ++entry) {
        if (entry->isDone() && !entries.contains(entry.key()))
            m_past.insert(entry.key(), *entry);
    }
    m_waiting = entries;
    tell();
}

void PastDeliveries::askForRows()
{
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
            if (!m_past.contains(entry.id)) // what the queue told meanwhile is newer
                m_past.insert(entry.id, entry);
        }
        tell();
    });
}

void PastDeliveries::tell()
{
    QHash<QByteArray, mail::QueueEntry> known = m_past;
    known.insert(m_waiting);
    m_model.setQueueEntries(known);
}

} // namespace glasspost::ui
