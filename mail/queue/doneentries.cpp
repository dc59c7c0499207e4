#include "mail/queue/doneentries.h"

#include "mail/queue/queuefiles.h"

namespace glasspost::mail {

DoneEntries::DoneEntries(Journal &journal, QString dataFolder)
    : m_journal(journal), m_dataFolder(std::move(dataFolder))
{ }

QueueEntry DoneEntries::find(const QByteArray &id) const
{
    const auto unfiled = m_unfiled.constFind(id);
    return unfiled != m_unfiled.constEnd() ? unfiled->entry : readDoneEntry(m_dataFolder, id);
}

void DoneEntries::add(const QueueEntry &entry)
{
    keepUntilFiled(entry, {}); // applied when all that was written before is, its record too
}

DoneEntries::Amended DoneEntries::amend(const QByteArray &id, const QueueEvents &events)
{
    const QueueEntry record = find(id);
    if (record.id.isEmpty())
        return {record, Result<void>()};
    const QueueEntry now = applyAll(record, events);
    return {now, keepUntilFiled(now, recordSteps(now))};
}

Task<void> DoneEntries::keepUntilFiled(const QueueEntry &entry, const FileTransaction &steps)
{
    m_unfiled[entry.id] = {entry, m_unfiled.value(entry.id).changes + 1};
    const Committed written = m_journal.commit(steps);
    written.applied.then(this, [this, id = entry.id](const Result<void> &) {
        if (--m_unfiled[id].changes == 0)
            m_unfiled.remove(id);
    });
    return written.durable;
}

} // namespace glasspost::mail
