#pragma once

#include "mail/journal/journal.h"
#include "mail/queue/queueevent.h"

#include <QHash>
#include <QObject>

namespace glasspost::mail {

/// The records of entries that are done, as they are in queue/done or will be in a moment. Lives on the mail
/// thread; the journal outlives it.
class DoneEntries : public QObject
{
public:
    DoneEntries(Journal &journal, QString dataFolder);

    /// Reads a small file. Without an id when there is no such record.
    [[nodiscard]] QueueEntry find(const QByteArray &id) const;
    [[nodiscard]] QList<QueueEntry> unfiled() const; ///< whose records are not in their files yet
    /// Its record is on its way into the file.
    void add(const QueueEntry &entry);

    /// Deletes their records; answers when they are gone from queue/done.
    Task<void> remove(const QList<QByteArray> &ids);

    struct Amended
    {
        QueueEntry now; ///< without an id when there is no such record
        Task<void> durable;
    };

    /// What came to be known later (ReportFolded).
    Amended amend(const QByteArray &id, const QueueEvents &events);

private:
    struct Unfiled
    {
        QueueEntry entry;
        int changes = 0; // that are on their way into the file
    };

    void askWhatIsFiled();

    Journal &m_journal;
    QString m_dataFolder;
    QHash<QByteArray, Unfiled> m_unfiled; // newer than their files
    QList<QByteArray> m_written; // since it was asked last what is filed
    bool m_isAsking = false;
};

} // namespace glasspost::mail
