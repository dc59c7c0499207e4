#include "mail/queue/queue.h"

#include "mail/journal/datafolder.h"
#include "mail/queue/doneentries.h"
#include "mail/queue/queuefiles.h"
#include "mail/queue/reportpolicy.h"
#include "mail/queue/schedule.h"
#include "mail/queue/statefile.h"
#include "smtp/session/transcript.h"

#include <QHash>
#include <QSet>
#include <QTimer>

#include <algorithm>

namespace glasspost::mail {

namespace {

// How many entries an action was done to, told when the last answer is there.
struct Tally
{
    int awaited = 0;
    int count = 0;
    Promise<int> promise;
};

} // namespace

struct Queue::Private
{
    Private(Queue *queue, Journal &theJournal, QString folder, Clock clock)
        : q(queue), journal(&theJournal), dataFolder(std::move(folder)), schedule(std::move(clock)),
          writer(theJournal), doneEntries(theJournal, dataFolder)
    { }

    Queue *q;
    Journal *journal;
    QString dataFolder;
    Schedule schedule;
    StateWriter writer;
    QHash<QByteArray, QueueEvents> staged;
    QSet<QByteArray> filed; // whose message surely stands in its file
    DoneEntries doneEntries;

    void take(const QueueEntry &entry, const QueueEvents &events)
    {
        schedule.put(entry);
        Q_EMIT q->happened(entry, events);
        Q_EMIT q->changed({entry});
        if (!isOver(entry)) {
            Q_EMIT q->dueChanged();
            return;
        }
        doneEntries.add(entry);
        drop(entry.id);
    }

    QueueEntry drop(const QByteArray &id)
    {
        QueueEntry entry = schedule.take(id);
        filed.remove(id);
        Q_EMIT q->removed({id});
        return entry;
    }

    [[nodiscard]] QueueEntry after(const QByteArray &id, const QueueEvents &events) const
    {
        return applyAll(schedule.stamped(*schedule.find(id)), events);
    }

    Task<void> amendRecord(const QByteArray &id, const QueueEvents &events)
    {
        const Promise<void> written;
        const auto [now, durable] = doneEntries.amend(id, events);
        if (now.id.isEmpty())
            return written.task();
        durable.then(q, [this, written](const Result<void> &result) {
            if (!result)
                Q_EMIT q->troubled(result.error());
            written.answer(result);
        });
        Q_EMIT q->happened(now, events);
        Q_EMIT q->changed({now});
        Q_EMIT q->removed({id});
        return written.task();
    }

    // A message found at the start is in its file; one that has just come in may still be on its way.
    Task<void> write(const QueueEntry &entry, Answer when)
    {
        if (when == Answer::WhenDurable || filed.contains(entry.id))
            return writer.write(entry, Answer::WhenDurable);
        return writer.write(entry, Answer::WhenFiled).andThen(q, [this, id = entry.id] {
            if (schedule.find(id) != nullptr)
                filed.insert(id);
        });
    }

    // Told when it is durable: what a person saw leave must not come back.
    Task<void> removeEntry(const QByteArray &id)
    {
        schedule.setUse(id, Schedule::Use::BeingRemoved);
        writer.lock(id);
        const Promise<void> removed;
        journal->commit(queueRemoval(id)).durable.then(q, [this, id, removed](const Result<void> &result) {
            if (result)
                finishRemoval(id);
            else
                revertRemoval(id, result.error());
            removed.answer(result);
        });
        return removed.task();
    }

    void finishRemoval(const QByteArray &id)
    {
        writer.forget(id);
        const QueueEntry entry = drop(id);
        Q_EMIT q->takenOut(entry);
        if (entry.isUntouched() && !entry.sentCopy.isNull())
            Q_EMIT q->withdrawn(entry.sentCopy);
    }

    void revertRemoval(const QByteArray &id, const Error &error)
    {
        schedule.setUse(id, Schedule::Use::Free);
        writer.unlock(*schedule.find(id));
        Q_EMIT q->troubled(error);
        Q_EMIT q->changed({*schedule.find(id)});
        Q_EMIT q->dueChanged();
    }

    // C68: refused or whole.
    [[nodiscard]] bool mayAct(QueueAction action, const QByteArray &id) const
    {
        const QueueEntry *entry = schedule.find(id);
        if (entry == nullptr || schedule.use(id) == Schedule::Use::BeingRemoved)
            return false;
        switch (action) {
        case QueueAction::TryNow:
        case QueueAction::Hold:
            return !entry->held;
        case QueueAction::Release:
            return entry->held;
        case QueueAction::Remove:
        case QueueAction::Expire:
        case QueueAction::Postpone:
        case QueueAction::Reroute:
            return schedule.use(id) == Schedule::Use::Free;
        }
        return false;
    }

    Task<void> act(const QueueRequest &request, const QByteArray &id)
    {
        switch (request.action) {
        case QueueAction::TryNow: {
            const Task<void> seen = q->record(id, {TryRequested()});
            schedule.makeDue(id);
            return seen;
        }
        case QueueAction::Hold:
            return q->record(id, {Held()});
        case QueueAction::Release:
            return q->record(id, {Released()});
        case QueueAction::Remove:
            return removeEntry(id);
        case QueueAction::Expire:
            return q->record(id, {Expired{schedule.now()}});
        case QueueAction::Postpone:
            return q->record(id, {Postponed{request.at}});
        case QueueAction::Reroute:
            return q->record(id, {Rerouted{request.route}});
        }
        return Result<void>();
    }
};

Queue::Queue(Journal &journal, const QString &dataFolder, Clock clock)
    : d(std::make_unique<Private>(this, journal, dataFolder, std::move(clock)))
{
    connect(&d->writer, &StateWriter::troubled, this, &Queue::troubled);
}

Queue::~Queue() = default;

Result<std::unique_ptr<Queue>> Queue::open(const QString &dataFolder, Journal &journal, Clock clock)
{
    Result<StoredQueue> stored = readQueue(dataFolder, clock.wall());
    if (!stored)
        return tl::unexpected(stored.error());
    std::unique_ptr<Queue> queue(new Queue(journal, dataFolder, std::move(clock)));
    for (const QueueEntry &entry : std::as_const(stored->entries)) {
        queue->d->schedule.load(entry);
        queue->d->filed.insert(entry.id);
    }
    journal.commit(stored->cleaning);
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
    entry.queuedAt = d->schedule.now();
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

void Queue::insert(const QueueEntry &entry)
{
    d->take(entry, {});
}

QList<QueueEntry> Queue::entries() const
{
    return d->schedule.entries();
}

QList<QueueEntry> Queue::unfiledEntries() const
{
    return d->schedule.entries() + d->doneEntries.unfiled();
}

QueueEntry Queue::entry(const QByteArray &id) const
{
    const QueueEntry *known = d->schedule.find(id);
    return known != nullptr ? *known : d->doneEntries.find(id);
}

Task<void> Queue::removeRecords(const QList<QByteArray> &ids)
{
    return d->doneEntries.remove(ids);
}

Task<void> Queue::record(const QByteArray &id, const QueueEvents &events, Answer when)
{
    if (d->schedule.find(id) == nullptr)
        return d->amendRecord(id, events);
    const QueueEntry now = d->after(id, events);
    const bool isSeenAlone = std::all_of(events.begin(), events.end(), isOnlySeen);
    const Task<void> written = isSeenAlone ? Task<void>(Result<void>()) : d->write(now, when);
    d->take(now, events);
    return written;
}

FileTransaction Queue::stage(const QByteArray &id, const QueueEvents &events)
{
    d->staged.insert(id, events);
    d->writer.lock(id);
    return stateSteps(d->after(id, events));
}

void Queue::confirm(const QByteArray &id)
{
    const QueueEvents events = d->staged.take(id);
    const QueueEntry now = d->after(id, events);
    d->writer.unlock(now);
    d->take(now, events);
    if (isSettled())
        Q_EMIT settled();
}

void Queue::abandon(const QByteArray &id)
{
    d->staged.remove(id);
    d->writer.unlock(*d->schedule.find(id));
    if (isSettled())
        Q_EMIT settled();
}

bool Queue::isSettled() const
{
    return d->staged.isEmpty();
}

bool Queue::contains(const QByteArray &id) const
{
    return d->schedule.find(id) != nullptr;
}

QString Queue::messageFile(const QByteArray &id) const
{
    return d->dataFolder + QLatin1Char('/') + queueMessagePath(id);
}

QString Queue::spoolFolder() const
{
    return spoolFolderOf(d->dataFolder);
}

Queue::Acted Queue::act(const QueueRequest &request, const QList<QByteArray> &ids)
{
    const QList<QByteArray> named = ids.isEmpty() ? d->schedule.ids() : ids;
    const auto tally = std::make_shared<Tally>();
    const auto answered = [tally, action = request.action](const Result<void> &result) {
        // What the disk refuses but for a removal is written again, and so done all the same.
        tally->count += result || action != QueueAction::Remove ? 1 : 0;
        if (--tally->awaited == 0)
            tally->promise.answer(tally->count);
    };
    for (const QByteArray &id : named) {
        if (!d->mayAct(request.action, id))
            continue;
        ++tally->awaited;
        d->act(request, id).then(this, answered); // which comes later
    }
    Q_EMIT dueChanged();
    if (tally->awaited == 0)
        tally->promise.answer(0);
    return {tally->awaited, tally->promise.task()};
}

QList<QByteArray> Queue::dueEntries(int limit) const
{
    return d->schedule.dueEntries(limit);
}

QList<int> Queue::due(const QByteArray &id) const
{
    return d->schedule.due(id);
}

qint64 Queue::now() const
{
    return d->schedule.now();
}

qint64 Queue::nextDueIn() const
{
    return d->schedule.nextDueIn();
}

qint64 Queue::age(const QByteArray &id) const
{
    return d->schedule.age(id);
}

qint64 Queue::inQueue(const QByteArray &id) const
{
    return d->schedule.inQueue(id);
}

void Queue::pauseAge(const QByteArray &id)
{
    d->schedule.pauseAge(id);
}

void Queue::setInDelivery(const QByteArray &id, bool inDelivery)
{
    if (d->schedule.find(id) == nullptr)
        return;
    d->schedule.setUse(id, inDelivery ? Schedule::Use::InDelivery : Schedule::Use::Free);
    if (!inDelivery)
        Q_EMIT dueChanged();
}

void Queue::setPaused(bool paused)
{
    d->schedule.setPaused(paused);
    Q_EMIT dueChanged();
}

void Queue::checkClock()
{
    if (!d->schedule.followClock())
        return;
    Q_EMIT changed(entries());
    Q_EMIT dueChanged();
}

} // namespace glasspost::mail
