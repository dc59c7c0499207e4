#pragma once

#include "mail/journal/journal.h"
#include "mail/queue/clock.h"
#include "mail/queue/queueevent.h"
#include "mail/queue/statewriter.h"

#include <QObject>

#include <memory>

namespace glasspost::mail {

/// The outgoing queue as it is on disk: queue/ID.msg, the message, and queue/ID.json, its state. What happens
/// to an entry is an event (queueevent.h tells its life); record() is the one way to change it, is seen at
/// once, and goes through the journal. The queue knows when a recipient is due, and nothing of the network:
/// QueueRunner carries the messages. Lives on the mail thread; the journal outlives it.
class Queue : public QObject
{
    Q_OBJECT
public:
    /// Loads what is there. A recipient that was being delivered to when the program died counts as deferred
    /// until the time that was noted before the connection was opened (C66, F40). Blocks on the disk: not for
    /// the GUI thread.
    static Result<std::unique_ptr<Queue>> open(
        const QString &dataFolder, Journal &journal, Clock clock = Clock::system());
    ~Queue() override;

    /// A new entry; it is in the queue only when its steps are durable and insert() was called. Any thread.
    [[nodiscard]] QueueEntry prepare(const smtp::Envelope &envelope, qint64 notBefore,
        const QByteArray &originSessionId, const QString &subject = {}, const QByteArray &messageIdField = {},
        qint64 size = 0) const;
    /// What must become durable for the entry: the message and the state file. Any thread.
    [[nodiscard]] FileTransaction steps(const QueueEntry &entry, const MessageOctets &message) const;
    void insert(const QueueEntry &entry);

    [[nodiscard]] QList<QueueEntry> entries() const; ///< those not done, oldest first
    /// Those not done, and those that are whose records are not in queue/done yet.
    [[nodiscard]] QList<QueueEntry> unfiledEntries() const;
    [[nodiscard]] QueueEntry entry(
        const QByteArray &id) const; ///< done ones too; an empty id when there is none
    [[nodiscard]] bool contains(const QByteArray &id) const; ///< and it is not done
    [[nodiscard]] QString messageFile(const QByteArray &id) const; ///< absolute path
    [[nodiscard]] QString spoolFolder() const; ///< for large files that are needed for a while

    /// Applies the events to the entry as it is now, waiting or done. It is seen here and in the window at
    /// once; it is written unless every event isOnlySeen(). A state that the disk refuses is answered with
    /// the error, and written again later. WhenFiled: not before the message, which may have just come in, is
    /// in its file. An id that is not known is passed over, and never answered.
    Task<void> record(const QByteArray &id, const QueueEvents &events, Answer when = Answer::WhenDurable);
    /// The same for events that must become durable together with something else: the steps for that
    /// transaction. Nothing is seen of them before confirm(), and whatever else is recorded meanwhile is seen
    /// at once and written after that. Exactly one of confirm() and abandon() must follow. One at a time for
    /// an entry, which is in delivery.
    [[nodiscard]] FileTransaction stage(const QByteArray &id, const QueueEvents &events);
    void confirm(const QByteArray &id); ///< the transaction is durable
    void abandon(const QByteArray &id); ///< it will never be
    /// No transaction with staged events is on its way.
    [[nodiscard]] bool isSettled() const;

    /// What a person asks for; an empty list means every entry. An entry on which a delivery is running can
    /// be held, released, or asked to be tried again after it, nothing else (C68). One that is being removed
    /// can neither be tried nor changed any more, and leaves when that is durable.
    struct Acted
    {
        int begun = 0; ///< entries it was started on
        Task<int> done; ///< entries it succeeded on, once that is durable or refused by the disk
    };
    Acted act(const QueueRequest &request, const QList<QByteArray> &ids);

    /// Deletes the records of entries that are done, as a person asks; answers when the files are gone.
    Task<void> removeRecords(const QList<QByteArray> &ids);

    [[nodiscard]] qint64 now() const; ///< the wall clock: milliseconds since the Unix epoch
    /// For the runner. Entries of which a recipient may be tried now, by priority (RFC
    /// 6710), then longest due first.
    [[nodiscard]] QList<QByteArray> dueEntries(int limit) const;
    /// The recipients that may be tried now, by index; none while held, before notBefore, or when the queue
    /// is paused and nobody asked.
    [[nodiscard]] QList<int> due(const QByteArray &id) const;
    /// Milliseconds to the next due time of all entries; -1 when there is none.
    [[nodiscard]] qint64 nextDueIn() const;
    /// Milliseconds since the first attempt at the entry, sane whatever the wall clock does; time in which
    /// nothing could be tried (held, before notBefore) does not count.
    [[nodiscard]] qint64 age(const QByteArray &id) const;
    /// Milliseconds since it came, by the same reckoning, waiting included.
    [[nodiscard]] qint64 inQueue(const QByteArray &id) const;
    /// The time since the entry was changed last was spent waiting for a person (the password): no age.
    void pauseAge(const QByteArray &id);
    /// While an entry is in the runner's hands it is not due, and cannot be removed (C68).
    void setInDelivery(const QByteArray &id, bool inDelivery);
    /// Nothing is due but what TryNow named.
    void setPaused(bool paused);

    /// Looks whether the wall clock was set since the last call; if so, the times that people read are put
    /// right.
    void checkClock();

Q_SIGNALS:
    void changed(const QList<glasspost::mail::QueueEntry> &entries); ///< came, changed, or are done now
    void removed(const QList<QByteArray> &ids); ///< by a person's wish, or because they are done
    /// Every change, as it is seen: the entry after it, and what happened; no events: it came.
    void happened(const glasspost::mail::QueueEntry &now, const QList<glasspost::mail::QueueEvent> &events);
    void takenOut(const glasspost::mail::QueueEntry &entry); ///< by a person
    void withdrawn(const glasspost::mail::MessageId &sentCopy); ///< removed before anything of it had left
    void dueChanged(); ///< something may be due sooner than before
    void settled(); ///< isSettled() now
    void troubled(const glasspost::mail::Error &error);

private:
    Queue(Journal &journal, const QString &dataFolder, Clock clock);
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
