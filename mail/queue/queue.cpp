#include "mail/queue/queue.h"

#include "mail/queue/queueedits.h"
#include "mail/queue/queuefiles.h"
#include "mail/queue/reportfolding.h"
#include "mail/queue/reportpolicy.h"
#include "mail/queue/statefile.h"
#include "mail/queue/timetable.h"
#include "smtp/session/transcript.h"

#include <QHash>
#include <QSet>
#include <QTimer>

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr int writeAgain = 5000;

bool isOver(const QueueEntry &entry)
{
    return entry.isDone() && !isOwedAnyReport(entry);
}

// What stands on disk is still true; the times it was looked at always move.
bool saysTheSame(QueueEntry written, const QueueEntry &now)
{
    written.age = now.age;
    written.seenAt = now.seenAt;
    written.inQueue = now.inQueue;
    return written == now;
}

// How many entries an action was done to, told when the last answer is there.
struct Tally
{
    int awaited = 0;
    int removed = 0;
};

} // namespace

struct Queue::Private
{
    Private(Queue *queue, Journal &theJournal, QString folder, Clock clock)
        : q(queue), journal(&theJournal), dataFolder(std::move(folder)), times(std::move(clock))
    { }

    Queue *q;
    Journal *journal;
    QString dataFolder;
    Timetable times;
    QHash<QByteArray, QueueEntry> unwrittenEntries; // state files that the disk refused
    QSet<QByteArray> filed; // whose message surely stands in its file

    void take(const QueueEntry &entry)
    {
        times.put(entry);
        Q_EMIT q->changed({entry});
        if (isOver(entry))
            drop(entry.id);
        else
            Q_EMIT q->dueChanged();
    }

    QueueEntry drop(const QByteArray &id)
    {
        QueueEntry entry = times.take(id);
        filed.remove(id);
        Q_EMIT q->removed({id});
        return entry;
    }

    void write(const QueueEntry &entry, const Completion<void> &durable, const Completion<void> &applied)
    {
        const auto failed = std::make_shared<bool>(false);
        journal->commit(
            q->stateSteps(entry), q,
            [this, entry, durable, applied, failed](const Result<void> &result) {
                if (!result) {
                    *failed = true;
                    refusedByDisk(entry, result.error());
                }
                if (durable)
                    durable(result);
                if (!result && applied)
                    applied(result);
            },
            [applied, failed](const Result<void> &result) {
                if (applied && !*failed)
                    applied(result);
            });
    }

    // What was seen stays true; it is written down as soon as the disk takes it.
    void refusedByDisk(const QueueEntry &entry, const Error &error)
    {
        Q_EMIT q->troubled(error);
        if (std::exchange(unwrittenEntries[entry.id], entry).id.isEmpty())
            QTimer::singleShot(writeAgain, q, [this, id = entry.id] { writeOnceMore(id); });
    }

    void writeOnceMore(const QByteArray &id)
    {
        if (times.use(id) == Timetable::Use::Leaving) { // its state would stand there again
            QTimer::singleShot(writeAgain, q, [this, id] { writeOnceMore(id); });
            return;
        }
        const QueueEntry kept = unwrittenEntries.take(id);
        if (kept.id.isEmpty()) // removed meanwhile
            return;
        const QueueEntry *known = times.find(id);
        write(times.stamped(known == nullptr ? kept : *known), {}, {});
    }

    bool takeEdit(const std::optional<QueueEntry> &edited)
    {
        if (edited)
            q->change(*edited);
        return edited.has_value();
    }

    // Told when it is durable: what a person saw leave must not come back.
    bool removeEntry(const QByteArray &id, const std::function<void(bool)> &done)
    {
        if (times.use(id) == Timetable::Use::Busy)
            return false;
        times.setUse(id, Timetable::Use::Leaving);
        journal->commit(queueRemoval(id), q, [this, id, done](const Result<void> &result) {
            if (result)
                gone(id);
            else
                putBack(id, result.error());
            done(result.has_value());
        });
        return true;
    }

    void gone(const QByteArray &id)
    {
        unwrittenEntries.remove(id);
        const QueueEntry entry = drop(id);
        if (entry.isUntouched() && !entry.sentCopy.isNull())
            Q_EMIT q->withdrawn(entry.sentCopy);
    }

    void putBack(const QByteArray &id, const Error &error)
    {
        times.setUse(id, Timetable::Use::Free);
        Q_EMIT q->troubled(error);
        Q_EMIT q->changed({*times.find(id)});
        Q_EMIT q->dueChanged();
    }

    bool tryNow(const QByteArray &id)
    {
        if (!times.askFor(id))
            return false;
        Q_EMIT q->changed({*times.find(id)});
        return true;
    }

    bool act(const QueueRequest &request, const QByteArray &id, const std::function<void(bool)> &removed)
    {
        const QueueEntry *entry = times.find(id);
        if (entry == nullptr || times.use(id) == Timetable::Use::Leaving)
            return false;
        const bool isFree = times.use(id) == Timetable::Use::Free; // C68: refused or whole
        switch (request.action) {
        case QueueAction::TryNow:
            return tryNow(id);
        case QueueAction::Hold:
            return takeEdit(withHold(*entry, true));
        case QueueAction::Release:
            return takeEdit(withHold(*entry, false));
        case QueueAction::Remove:
            return removeEntry(id, removed);
        case QueueAction::Expire:
            return isFree && takeEdit(expired(*entry, times.now()));
        case QueueAction::Postpone:
            return isFree && takeEdit(postponed(*entry, request.at));
        case QueueAction::Reroute:
            return isFree && takeEdit(rerouted(*entry, request.route));
        }
        return false;
    }
};

Queue::Queue(Journal &journal, const QString &dataFolder, Clock clock)
    : d(std::make_unique<Private>(this, journal, dataFolder, std::move(clock)))
{ }

Queue::~Queue() = default;

Result<std::unique_ptr<Queue>> Queue::open(const QString &dataFolder, Journal &journal, Clock clock)
{
    Result<StoredQueue> stored = readQueue(dataFolder, clock.wall());
    if (!stored)
        return tl::unexpected(stored.error());
    std::unique_ptr<Queue> queue(new Queue(journal, dataFolder, std::move(clock)));
    for (const QueueEntry &entry : std::as_const(stored->entries)) {
        queue->d->times.load(entry);
        queue->d->filed.insert(entry.id);
    }
    journal.commit(stored->cleaning, queue.get(), {});
    QTimer::singleShot(0, queue.get(), [q = queue.get(), damaged = stored->damaged] {
        for (const Error &error : damaged)
            Q_EMIT q->troubled(error);
    });
    return queue;
}

QueueEntry Queue::prepare(const smtp::Envelope &envelope, qint64 notBefore, const QByteArray &originSessionId,
    const QString &subject, const QByteArray &messageIdField, qint64 size) const
{
    QueueEntry entry;
    entry.id = smtp::newSessionId();
    entry.envelope = envelope;
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients) {
        QueueRecipient one;
        one.recipient = recipient;
        entry.recipients.append(one);
    }
    // A report that comes back is known by it (RFC 3461 4.4); who relays keeps the sender's own.
    if (originSessionId.isEmpty() && entry.envelope.envelopeId.isEmpty() && !envelope.reversePath.isNull())
        entry.envelope.envelopeId = entry.id;
    entry.queuedAt = d->times.now();
    entry.seenAt = entry.queuedAt;
    entry.notBefore = std::max(notBefore, envelope.holdUntil * 1000); // RFC 4865
    entry.size = size;
    entry.subject = subject;
    entry.messageIdField = messageIdField;
    entry.originSessionId = originSessionId;
    return entry;
}

FileTransaction Queue::steps(const QueueEntry &entry, const MessageOctets &message) const
{
    return {{FileStep::Kind::Create, queueMessagePath(entry.id), {}, message.inMemory(), {}, message.file()},
        {FileStep::Kind::Create, queueStatePath(entry.id), {}, writeState(entry), {}}};
}

FileTransaction Queue::stepsFromFile(const QueueEntry &entry, const QString &spoolFile) const
{
    return {{FileStep::Kind::Create, queueMessagePath(entry.id), {}, {}, spoolFile},
        {FileStep::Kind::Create, queueStatePath(entry.id), {}, writeState(entry), {}}};
}

void Queue::admit(const QueueEntry &entry)
{
    d->take(entry);
}

QList<QueueEntry> Queue::entries() const
{
    return d->times.entries();
}

QueueEntry Queue::entry(const QByteArray &id) const
{
    const QueueEntry *known = d->times.find(id);
    return known != nullptr ? *known : readDoneEntry(d->dataFolder, id);
}

void Queue::fold(const FoundReport &found)
{
    const QList<QueueEntry> waiting = entries();
    const auto meant = std::find_if(
        waiting.begin(), waiting.end(), [&found](const QueueEntry &one) { return found.isAbout(one); });
    if (meant != waiting.end()) {
        change(withReport(*meant, found, d->times.now()));
        return;
    }
    const QueueEntry done
        = found.doneId.isEmpty() ? QueueEntry() : readDoneEntry(d->dataFolder, found.doneId);
    if (done.id.isEmpty())
        return;
    const QueueEntry now = withReport(done, found, d->times.now());
    d->journal->commit({{FileStep::Kind::Replace, queueDonePath(now.id), {}, writeState(now), {}}}, this,
        [this](const Result<void> &result) {
            if (!result)
                Q_EMIT troubled(result.error());
        });
    Q_EMIT changed({now});
    Q_EMIT removed({now.id});
}

bool Queue::contains(const QByteArray &id) const
{
    return d->times.find(id) != nullptr;
}

QString Queue::messageFile(const QByteArray &id) const
{
    return d->dataFolder + QLatin1Char('/') + queueMessagePath(id);
}

QString Queue::spoolFolder() const
{
    return d->dataFolder + QLatin1String("/spool");
}

int Queue::act(
    const QueueRequest &request, const QList<QByteArray> &ids, const std::function<void(int)> &done)
{
    const auto tally = std::make_shared<Tally>();
    const auto removed = [tally, done](bool isGone) {
        tally->removed += isGone ? 1 : 0;
        if (--tally->awaited == 0 && done)
            done(tally->removed);
    };
    const QList<QByteArray> named = ids.isEmpty() ? d->times.ids() : ids;
    const int count = int(std::count_if(
        named.begin(), named.end(), [&](const QByteArray &id) { return d->act(request, id, removed); }));
    Q_EMIT dueChanged();
    tally->awaited
        = request.action == QueueAction::Remove ? count : 0; // its answers come later, never from in here
    if (tally->awaited == 0 && done)
        done(count);
    return count;
}

QList<QByteArray> Queue::dueEntries(int limit) const
{
    return d->times.dueEntries(limit);
}

QList<int> Queue::due(const QByteArray &id) const
{
    return d->times.due(id);
}

qint64 Queue::nextDueIn() const
{
    return d->times.nextDueIn();
}

qint64 Queue::age(const QByteArray &id) const
{
    return d->times.age(id);
}

qint64 Queue::inQueue(const QByteArray &id) const
{
    return d->times.inQueue(id);
}

void Queue::restAge(const QByteArray &id)
{
    d->times.restAge(id);
}

void Queue::setBusy(const QByteArray &id, bool busy)
{
    if (d->times.find(id) == nullptr)
        return;
    d->times.setUse(id, busy ? Timetable::Use::Busy : Timetable::Use::Free);
    if (!busy)
        Q_EMIT dueChanged();
}

void Queue::postpone(QueueEntry &entry, int recipient, qint64 milliseconds) const
{
    entry.recipients[recipient].nextAttemptAt = d->times.now() + milliseconds;
}

void Queue::change(const QueueEntry &entry, const Completion<void> &durable, const Completion<void> &applied)
{
    const QueueEntry now = d->times.stamped(entry);
    d->write(now, durable, applied);
    d->take(now);
}

void Queue::noteAttempt(const QueueEntry &entry, const Completion<void> &noted)
{
    if (d->filed.contains(entry.id)) {
        change(entry, noted);
        return;
    }
    change(entry, {}, [this, id = entry.id, noted](const Result<void> &result) {
        if (result && contains(id))
            d->filed.insert(id);
        noted(result);
    });
}

FileTransaction Queue::stateSteps(const QueueEntry &entry) const
{
    if (!isOver(entry))
        return {{FileStep::Kind::Replace, queueStatePath(entry.id), {}, writeState(entry), {}}};
    // The state file becomes the record: a new file and one less would cost the disk twice as much.
    const QString record = queueDonePath(entry.id);
    return {{FileStep::Kind::Rename, queueStatePath(entry.id), record, {}, {}},
        {FileStep::Kind::Replace, record, {}, writeState(entry), {}},
        {FileStep::Kind::Remove, queueMessagePath(entry.id), {}, {}, {}}};
}

void Queue::adopt(const QueueEntry &entry)
{
    d->take(d->times.stamped(entry));
}

void Queue::takeOver(const QueueEntry &entry, const QueueEntry &written)
{
    if (saysTheSame(written, entry))
        adopt(entry);
    else
        change(entry);
}

void Queue::setResting(bool resting)
{
    d->times.setResting(resting);
    Q_EMIT dueChanged();
}

void Queue::checkClock()
{
    if (!d->times.followClock())
        return;
    Q_EMIT changed(entries());
    Q_EMIT dueChanged();
}

} // namespace glasspost::mail
