#include "mail/queue/queue.h"

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
};

} // namespace

struct Queue::Private
{
    /// Whether it was done after all.
    using Answered = std::function<void(bool)>;

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

    void take(const QueueEntry &entry)
    {
        schedule.put(entry);
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

    void amendRecord(const QByteArray &id, const QueueEvents &events, const Completion<void> &done)
    {
        const auto durable = [this, done](const Result<void> &result) {
            if (!result)
                Q_EMIT q->troubled(result.error());
            if (done)
                done(result);
        };
        const QueueEntry now = doneEntries.amend(id, events, durable);
        if (now.id.isEmpty())
            return;
        Q_EMIT q->changed({now});
        Q_EMIT q->removed({id});
    }

    // A message found at the start is in its file; one that has just come in may still be on its way.
    void write(const QueueEntry &entry, const Completion<void> &done, Answer when)
    {
        if (when == Answer::WhenDurable || filed.contains(entry.id)) {
            writer.write(entry, done);
            return;
        }
        const auto isFiled = [this, id = entry.id, done](const Result<void> &result) {
            if (result && schedule.find(id) != nullptr)
                filed.insert(id);
            done(result);
        };
        writer.write(entry, isFiled, Answer::WhenFiled);
    }

    // Told when it is durable: what a person saw leave must not come back.
    void removeEntry(const QByteArray &id, const Answered &answered)
    {
        schedule.setUse(id, Schedule::Use::BeingRemoved);
        writer.lock(id);
        journal->commit(queueRemoval(id), q, [this, id, answered](const Result<void> &result) {
            if (result)
                finishRemoval(id);
            else
                revertRemoval(id, result.error());
            answered(result.has_value());
        });
    }

    void finishRemoval(const QByteArray &id)
    {
        writer.forget(id);
        const QueueEntry entry = drop(id);
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

    void act(const QueueRequest &request, const QByteArray &id, const Answered &answered)
    {
        // What the disk refuses is written again, and so done all the same.
        const auto written = [answered](const Result<void> &) { answered(true); };
        switch (request.action) {
        case QueueAction::TryNow:
            q->record(id, {TryRequested()});
            schedule.makeDue(id);
            break;
        case QueueAction::Hold:
            q->record(id, {Held()}, written);
            break;
        case QueueAction::Release:
            q->record(id, {Released()}, written);
            break;
        case QueueAction::Remove:
            removeEntry(id, answered);
            break;
        case QueueAction::Expire:
            q->record(id, {Expired{schedule.now()}}, written);
            break;
        case QueueAction::Postpone:
            q->record(id, {Postponed{request.at}}, written);
            break;
        case QueueAction::Reroute:
            q->record(id, {Rerouted{request.route}}, written);
            break;
        }
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
    d->take(entry);
}

QList<QueueEntry> Queue::entries() const
{
    return d->schedule.entries();
}

QueueEntry Queue::entry(const QByteArray &id) const
{
    const QueueEntry *known = d->schedule.find(id);
    return known != nullptr ? *known : d->doneEntries.find(id);
}

void Queue::record(const QByteArray &id, const QueueEvents &events, const Completion<void> &done, Answer when)
{
    if (d->schedule.find(id) == nullptr) {
        d->amendRecord(id, events, done);
        return;
    }
    const QueueEntry now = d->after(id, events);
    if (done || !std::all_of(events.begin(), events.end(), isOnlySeen))
        d->write(now, done, when);
    d->take(now);
}

FileTransaction Queue::stage(const QByteArray &id, const QueueEvents &events)
{
    d->staged.insert(id, events);
    d->writer.lock(id);
    return stateSteps(d->after(id, events));
}

void Queue::confirm(const QByteArray &id)
{
    const QueueEntry now = d->after(id, d->staged.take(id));
    d->writer.unlock(now);
    d->take(now);
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
    return d->dataFolder + QLatin1String("/spool");
}

int Queue::act(
    const QueueRequest &request, const QList<QByteArray> &ids, const std::function<void(int)> &done)
{
    const QList<QByteArray> named = ids.isEmpty() ? d->schedule.ids() : ids;
    const auto tally = std::make_shared<Tally>();
    const auto answered = [tally, done](bool happened) { // comes later, never from in here
        tally->count += happened ? 1 : 0;
        if (--tally->awaited == 0 && done)
            done(tally->count);
    };
    for (const QByteArray &id : named) {
        if (!d->mayAct(request.action, id))
            continue;
        ++tally->awaited;
        d->act(request, id, answered);
    }
    Q_EMIT dueChanged();
    const int count = tally->awaited;
    if (done && (count == 0 || request.action == QueueAction::TryNow))
        done(count);
    return count;
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
