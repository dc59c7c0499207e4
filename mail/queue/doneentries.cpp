#include "mail/queue/doneentries.h"

#include "mail/queue/queuefiles.h"

#include <utility>

namespace glasspost::mail {

DoneEntries::DoneEntries(Journal &journal, QString dataFolder)
    : m_journal(journal), m_dataFolder(std::move(dataFolder))
{ }

QueueEntry DoneEntries::find(const QByteArray &id) const
{
    const auto unfiled = m_unfiled.constFind(id);
    return unfiled != m_unfiled.constEnd() ? unfiled->entry : readDoneEntry(m_dataFolder, id);
}

QList<QueueEntry> DoneEntries::unfiled() const
{
    QList<QueueEntry> entries;
    for (const Unfiled &one : m_unfiled)
        entries.append(one.entry);
    return entries;
}

Task<void> DoneEntries::remove(const QList<QByteArray> &ids)
{
    FileTransaction steps;
    for (const QByteArray &id : ids) {
        m_unfiled.remove(id);
        steps.append({FileStep::Kind::Remove, queueDonePath(id), {}, {}, {}});
    }
    return m_journal.commit(std::move(steps)).applied;
}

DoneEntries::Amended DoneEntries::amend(const QByteArray &id, const QueueEvents &events)
{
    const QueueEntry record = find(id);
    if (record.id.isEmpty())
        return {record, Result<void>()};
    const QueueEntry now = applyAll(record, events);
    const Task<void> durable = m_journal.commit(recordSteps(now)).durable;
    add(now);
    return {now, durable};
}

void DoneEntries::add(const QueueEntry &entry)
{
    Unfiled &unfiled = m_unfiled[entry.id];
    unfiled.entry = entry;
    ++unfiled.changes;
    m_written.append(entry.id);
    if (!m_isAsking)
        askWhatIsFiled();
}

/// A transaction without steps is applied when all that was written before it is: one for many entries.
void DoneEntries::askWhatIsFiled()
{
    m_isAsking = true;
    m_journal.commit({}).applied.then(this, [this, ids = std::exchange(m_written, {})](const Result<void> &) {
        for (const QByteArray &id : ids) {
            const auto unfiled = m_unfiled.find(id);
            if (unfiled != m_unfiled.end() && --unfiled->changes == 0) // not removed meanwhile
                m_unfiled.erase(unfiled);
        }
        m_isAsking = false;
        if (!m_written.isEmpty())
            askWhatIsFiled();
    });
}

} // namespace glasspost::mail
