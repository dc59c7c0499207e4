#include "mail/queue/doneentries.h"

#include "mail/queue/queuefiles.h"

namespace glasspost::mail {

DoneEntries::DoneEntries(Journal &journal, QString dataFolder)
    : m_journal(journal), m_dataFolder(std::move(dataFolder))
{ }

QueueEntry DoneEntries::find(const QByteArray &id) const
{
    const auto amended = m_amended.constFind(id);
    return amended != m_amended.constEnd() ? amended->entry : readDoneEntry(m_dataFolder, id);
}

QueueEntry DoneEntries::amend(const QByteArray &id, const QueueEvents &events, const Completion<void> &done)
{
    const QueueEntry record = find(id);
    if (record.id.isEmpty())
        return record;
    const QueueEntry now = applyAll(record, events);
    m_amended[id] = {now, m_amended.value(id).unfiled + 1};
    m_journal.commit(recordSteps(now), this, done, [this, id](const Result<void> &) {
        if (--m_amended[id].unfiled == 0)
            m_amended.remove(id);
    });
    return now;
}

} // namespace glasspost::mail
