#pragma once

#include "mail/journal/journal.h"
#include "mail/queue/queuevalues.h"

#include <QHash>
#include <QObject>

namespace glasspost::mail {

/// When the writer of a state is answered.
enum class Answer {
    WhenDurable, ///< a crash cannot undo it any more
    WhenFiled ///< and it is in its file, and so is what was committed before it, the message above all
};

/// Writes the states of queue entries through the journal: the last one written is the one that stays. One
/// that the disk refuses is written again later. While an entry is locked, because a transaction of somebody
/// else's that holds its state or its removal is on the way to the disk, nothing of it is written: that waits
/// for unlock(). Lives on the queue's thread; the journal outlives it.
class StateWriter : public QObject
{
    Q_OBJECT
public:
    explicit StateWriter(Journal &journal) : m_journal(&journal) { }

    Task<void> write(const QueueEntry &entry, Answer when);
    void lock(const QByteArray &id);
    /// The entry as it is now; it is written if anything waited to be.
    void unlock(const QueueEntry &entry);
    void forget(const QByteArray &id); ///< it is removed: nothing of it is written any more

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    struct Request
    {
        Answer when = Answer::WhenDurable;
        Promise<void> promise = {};
    };
    using Requests = QList<Request>;

    void commit(const QueueEntry &entry, const Requests &requests);
    void takeAnswer(quint64 number, const QueueEntry &entry, const Result<void> &result);
    void writeAgain(const QByteArray &id);

    Journal *m_journal;
    QHash<QByteArray, Requests> m_locked; ///< what waits; empty when nothing does
    QHash<QByteArray, quint64> m_newest; ///< on the way to the disk
    QHash<QByteArray, QueueEntry> m_refused;
    quint64 m_lastNumber = 0;
};

} // namespace glasspost::mail
