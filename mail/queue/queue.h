#pragma once

#include "mail/base/error.h"
#include "mail/journal/journal.h"
#include "mail/queue/clock.h"
#include "mail/queue/queuevalues.h"
#include "mail/settings/settings.h"

#include <QObject>

#include <functional>
#include <memory>

namespace glasspost::mail {

struct FoundReport;

/// The outgoing queue as it stands on disk: queue/ID.msg, the message, and queue/ID.json, its state. Every
/// change goes through the journal and is seen here at once. It knows when a recipient is due, and nothing of
/// the network: QueueRunner carries the messages. Lives on the mail thread; the journal outlives it.
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

    /// A new entry; it is in the queue only when its steps are durable and admit() was called. Any thread.
    [[nodiscard]] QueueEntry prepare(const smtp::Envelope &envelope, qint64 notBefore,
        const QByteArray &originSessionId, const QString &subject = {}, const QByteArray &messageIdField = {},
        qint64 size = 0) const;
    /// What must become durable for the entry: the message and the state file. Any thread.
    [[nodiscard]] FileTransaction steps(const QueueEntry &entry, const MessageOctets &message) const;
    /// The same for a large message: the spool file (on the same file system, synced) becomes the queue's own
    /// by renaming, so it must not be used for a mailbox as well: hard-link it first.
    [[nodiscard]] FileTransaction stepsFromFile(const QueueEntry &entry, const QString &spoolFile) const;
    void admit(const QueueEntry &entry);

    [[nodiscard]] QList<QueueEntry> entries() const; ///< those not done, oldest first
    [[nodiscard]] QueueEntry entry(
        const QByteArray &id) const; ///< done ones too; an empty id when there is none
    [[nodiscard]] bool contains(const QByteArray &id) const; ///< and it is not done
    [[nodiscard]] QString messageFile(const QByteArray &id) const; ///< absolute path
    [[nodiscard]] QString spoolFolder() const; ///< for large files that are needed for a while
    /// What a person asks for; an empty list means every entry. Returns how many it is done to: an entry on
    /// which a delivery is running can be held or released, nothing else (C68). One that is being removed can
    /// neither be tried nor changed any more, and leaves when that is durable; done then gets how many did
    /// (now, for other actions).
    int act(
        const QueueRequest &request, const QList<QByteArray> &ids, const std::function<void(int)> &done = {});

    /// Takes what a report that came in says into the entry that it is about, waiting or (doneId) done.
    void fold(const FoundReport &found);

    /// For the runner. Entries of which a recipient may be tried now, by priority (RFC
    /// 6710), then longest due first.
    [[nodiscard]] QList<QByteArray> dueEntries(int limit) const;
    /// The recipients that may be tried now, by index; none while held, before notBefore, or when the queue
    /// rests and nobody asked.
    [[nodiscard]] QList<int> due(const QByteArray &id) const;
    /// Milliseconds to the next due time of all entries; -1 when there is none.
    [[nodiscard]] qint64 nextDueIn() const;
    /// Milliseconds since the first attempt at the entry, sane whatever the wall clock does; time in which
    /// nothing could be tried (held, before notBefore) does not count.
    [[nodiscard]] qint64 age(const QByteArray &id) const;
    /// Milliseconds since it came, by the same reckoning, waiting included.
    [[nodiscard]] qint64 inQueue(const QByteArray &id) const;
    /// The time since the entry was changed last was spent waiting for a person (the password): no age.
    void restAge(const QByteArray &id);
    /// While an entry is in the runner's hands it is not due, and cannot be removed (C68).
    void setBusy(const QByteArray &id, bool busy);
    /// When that recipient is tried again, in milliseconds from now; takes effect with change().
    void postpone(QueueEntry &entry, int recipient, qint64 milliseconds) const;
    /// Takes over the changed entry: seen here and in the window at once; the state file goes through the
    /// journal and is tried again when the disk refused it. durable comes when a crash cannot undo it any
    /// more (or the disk refused it for now), applied when it stands in the files.
    void change(
        const QueueEntry &entry, const Completion<void> &durable = {}, const Completion<void> &applied = {});
    /// The same for an attempt that is to begin: noted comes when a crash cannot undo it and the message
    /// stands in its file, which for one that has just come in may be later.
    void noteAttempt(const QueueEntry &entry, const Completion<void> &noted);
    /// The steps change() would make, for a transaction of somebody else's; adopt() when that is durable.
    [[nodiscard]] FileTransaction stateSteps(const QueueEntry &entry) const;
    void adopt(const QueueEntry &entry);
    /// The same, when `written` is what stands on disk and the entry may have been changed meanwhile: the
    /// last word there is the entry's.
    void takeOver(const QueueEntry &entry, const QueueEntry &written);
    /// Nothing is due but what TryNow named.
    void setResting(bool resting);

    /// Looks whether the wall clock was set since the last call; if so, the times that people read are put
    /// right.
    void checkClock();

Q_SIGNALS:
    void changed(const QList<glasspost::mail::QueueEntry> &entries); ///< came, changed, or are done now
    void removed(const QList<QByteArray> &ids); ///< by a person's wish, or because they are done
    void withdrawn(const glasspost::mail::MessageId &sentCopy); ///< removed before anything of it had left
    void dueChanged(); ///< something may be due sooner than before
    void troubled(const glasspost::mail::Error &error);

private:
    Queue(Journal &journal, const QString &dataFolder, Clock clock);
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
