#include "mail/queue/queue.h"

#include "mail/queue/queuefiles.h"
#include "mail/queue/retrypolicy.h"
#include "mail/queue/statefile.h"
#include "smtp/session/transcript.h"

#include <QHash>
#include <QTimer>

#include <algorithm>
#include <limits>
#include <set>

namespace glasspost::mail {

namespace {

constexpr qint64 never = std::numeric_limits<qint64>::max();
constexpr qint64 day = 24 * 60 * 60 * 1000;
constexpr qint64 shortHold = 10 * 60 * 1000; // up to this notBefore means "so long from now", past it a date
constexpr qint64 clockSet = 30 * 1000; // the two clocks drift by less
constexpr int writeAgain = 5000;

// An entry and what is known of it by the monotonic clock.
struct Item
{
    QueueEntry entry;
    qint64 seen = 0; // when entry.age was true
    qint64 heldUntil = 0;
    QList<qint64> dueAt; // one a recipient
    qint64 key = never; // the earliest of them
    bool asked = false; // TryNow named it
    bool busy = false; // in the runner's hands
    bool leaving = false; // its removal is on the way to the disk
};

bool mayBeTried(const QueueRecipient &one)
{
    return one.state == RecipientState::Waiting || one.state == RecipientState::Deferred;
}

bool nothingLeft(const QueueEntry &entry)
{
    return std::all_of(entry.recipients.begin(), entry.recipients.end(),
        [](const QueueRecipient &one) { return one.attempts == 0; });
}

// RFC 5321 4.5.4.1 counts the time in which a message could be tried: none before the first attempt, none
// while a person holds it.
bool growsOlder(const QueueEntry &entry)
{
    return !entry.held && !nothingLeft(entry);
}

} // namespace

struct Queue::Private
{
    Queue *q = nullptr;
    Journal *journal = nullptr;
    QString dataFolder;
    Clock clock;
    QHash<QByteArray, Item> items;
    std::set<std::pair<qint64, QByteArray>> order; // by key
    QHash<QByteArray, QueueEntry> unwrittenEntries; // state files that the disk refused
    bool resting = false;
    qint64 drift = 0;

    qint64 wallMinusMonotonic() const { return clock.wall() - clock.monotonic(); }

    // RFC 5321 4.5.4.1 by sane time: no wait is longer than it was when it was written down, whatever the
    // wall clock says now (C67).
    qint64 dueTime(const QueueRecipient &one, const QueueEntry &entry) const
    {
        const qint64 planned = std::max<qint64>(0, one.nextAttemptAt - entry.seenAt);
        return clock.monotonic() + std::clamp<qint64>(one.nextAttemptAt - clock.wall(), 0, planned);
    }

    qint64 holdTime(const QueueEntry &entry) const
    {
        const qint64 planned = std::max<qint64>(0, entry.notBefore - entry.queuedAt);
        return clock.monotonic() + std::clamp<qint64>(entry.notBefore - clock.wall(), 0, planned);
    }

    void rank(Item &item)
    {
        order.erase({item.key, item.entry.id});
        item.key = never;
        if (!item.busy && !item.leaving && !item.entry.held && (!resting || item.asked)) {
            for (int i = 0; i < item.entry.recipients.size(); ++i) {
                if (mayBeTried(item.entry.recipients.at(i)))
                    item.key = std::min(item.key, std::max(item.dueAt.at(i), item.heldUntil));
            }
            if (isOwedAnyBounce(item.entry))
                item.key = 0;
        }
        if (item.key != never)
            order.insert({item.key, item.entry.id});
    }

    Item &put(const QueueEntry &entry)
    {
        Item &item = items[entry.id];
        const bool isNew = item.entry.id.isEmpty();
        const QueueEntry before = std::exchange(item.entry, entry);
        if (isNew)
            item.heldUntil = holdTime(entry);
        item.dueAt.resize(entry.recipients.size());
        for (int i = 0; i < entry.recipients.size(); ++i) {
            if (isNew || before.recipients.value(i).nextAttemptAt != entry.recipients.at(i).nextAttemptAt)
                item.dueAt[i] = dueTime(entry.recipients.at(i), entry);
        }
        item.seen = clock.monotonic();
        rank(item);
        return item;
    }

    bool isOver(const QueueEntry &entry) const { return entry.isDone() && !isOwedAnyBounce(entry); }

    qint64 ageOf(const Item &item) const
    {
        const qint64 from = std::max(item.seen, item.heldUntil);
        const qint64 grown = std::max<qint64>(0, clock.monotonic() - from);
        return growsOlder(item.entry) ? item.entry.age + grown : item.entry.age;
    }

    QueueEntry stamped(QueueEntry entry) const
    {
        const auto item = items.constFind(entry.id);
        if (item != items.constEnd())
            entry.age = ageOf(*item);
        entry.seenAt = clock.wall();
        return entry;
    }

    void take(const QueueEntry &entry)
    {
        put(entry);
        Q_EMIT q->changed({entry});
        if (isOver(entry))
            drop(entry.id);
        else
            Q_EMIT q->dueChanged();
    }

    void drop(const QByteArray &id)
    {
        const Item item = items.take(id);
        order.erase({item.key, id});
        Q_EMIT q->removed({id});
    }

    void write(const QueueEntry &entry, FileTransaction more, const Completion<void> &noted)
    {
        const QByteArray id = entry.id;
        const auto failed = std::make_shared<bool>(false);
        journal->commit(
            q->stateSteps(entry) + std::move(more), q,
            [this, id, entry, noted, failed](const Result<void> &result) {
                if (result)
                    return;
                *failed = true;
                refusedByDisk(entry, result.error());
                if (noted)
                    noted(result);
            },
            [noted, failed](const Result<void> &result) {
                if (noted && !*failed)
                    noted(result);
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
        const auto item = items.constFind(id);
        if (item != items.constEnd() && item->leaving) { // its state would stand there again
            QTimer::singleShot(writeAgain, q, [this, id] { writeOnceMore(id); });
            return;
        }
        const QueueEntry kept = unwrittenEntries.take(id);
        if (kept.id.isEmpty()) // removed meanwhile
            return;
        write(stamped(item == items.constEnd() ? kept : item->entry), {}, {});
    }

    void load(QueueEntry entry)
    {
        const qint64 gap = clock.wall() - std::max(entry.seenAt, entry.notBefore);
        if (growsOlder(entry))
            entry.age += std::clamp<qint64>(gap, 0, day);
        for (QueueRecipient &one : entry.recipients) {
            if (one.state == RecipientState::Delivering)
                one.state = RecipientState::Deferred;
        }
        put(entry);
    }

    bool tryNow(Item &item)
    {
        if (item.entry.held)
            return false;
        for (int i = 0; i < item.dueAt.size(); ++i) {
            item.dueAt[i] = 0;
            item.entry.recipients[i].nextAttemptAt = 0;
        }
        item.entry.age = ageOf(item); // before the time that it was kept back is forgotten
        item.seen = clock.monotonic();
        item.heldUntil = 0;
        item.asked = true;
        rank(item);
        return true;
    }

    bool setHeld(Item &item, bool held)
    {
        if (item.entry.held == held)
            return false;
        QueueEntry entry = item.entry;
        entry.held = held;
        for (QueueRecipient &one : entry.recipients) {
            if (held && mayBeTried(one))
                one.state = RecipientState::Held;
            else if (!held && one.state == RecipientState::Held)
                one.state = one.attempts == 0 ? RecipientState::Waiting : RecipientState::Deferred;
        }
        q->change(entry);
        return true;
    }

    // Told when it is durable: what a person saw leave must not come back.
    bool removeEntry(Item &item, const std::function<void(bool)> &done)
    {
        if (item.busy)
            return false;
        item.leaving = true;
        rank(item);
        journal->commit(
            queueRemoval(item.entry.id), q, [this, id = item.entry.id, done](const Result<void> &result) {
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
        const QueueEntry entry = items.value(id).entry;
        drop(id);
        if (nothingLeft(entry) && !entry.sentCopy.isNull())
            Q_EMIT q->withdrawn(entry.sentCopy);
    }

    void putBack(const QByteArray &id, const Error &error)
    {
        Item &item = items[id];
        item.leaving = false;
        rank(item);
        Q_EMIT q->troubled(error);
        Q_EMIT q->changed({item.entry});
        Q_EMIT q->dueChanged();
    }

    bool act(QueueAction action, const QByteArray &id, const std::function<void(bool)> &removed)
    {
        const auto item = items.find(id);
        if (item == items.end() || item->leaving)
            return false;
        switch (action) {
        case QueueAction::TryNow:
            if (!tryNow(*item))
                return false;
            Q_EMIT q->changed({item->entry});
            return true;
        case QueueAction::Hold:
            return setHeld(*item, true);
        case QueueAction::Release:
            return setHeld(*item, false);
        case QueueAction::Remove:
            return removeEntry(*item, removed);
        }
        return false;
    }

    void setRight(Item &item)
    {
        const qint64 difference = wallMinusMonotonic();
        for (int i = 0; i < item.dueAt.size(); ++i) {
            QueueRecipient &one = item.entry.recipients[i];
            if (mayBeTried(one) && one.nextAttemptAt != 0)
                one.nextAttemptAt = item.dueAt.at(i) + difference;
        }
        if (item.entry.notBefore - item.entry.queuedAt > shortHold)
            item.heldUntil = holdTime(item.entry);
        rank(item);
    }
};

Queue::Queue() : d(std::make_unique<Private>())
{
    d->q = this;
}

Queue::~Queue() = default;

Result<std::unique_ptr<Queue>> Queue::open(const QString &dataFolder, Journal &journal, Clock clock)
{
    Result<StoredQueue> stored = readQueue(dataFolder, clock.wall());
    if (!stored)
        return tl::unexpected(stored.error());
    std::unique_ptr<Queue> queue(new Queue);
    queue->d->journal = &journal;
    queue->d->dataFolder = dataFolder;
    queue->d->clock = std::move(clock);
    queue->d->drift = queue->d->wallMinusMonotonic();
    for (const QueueEntry &entry : std::as_const(stored->entries))
        queue->d->load(entry);
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
    entry.queuedAt = d->clock.wall();
    entry.seenAt = entry.queuedAt;
    entry.notBefore = notBefore;
    entry.size = size;
    entry.subject = subject;
    entry.messageIdField = messageIdField;
    entry.originSessionId = originSessionId;
    return entry;
}

FileTransaction Queue::steps(const QueueEntry &entry, const QByteArray &message) const
{
    return {{FileStep::Kind::Create, queueMessagePath(entry.id), {}, message, {}},
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
    QList<QueueEntry> all;
    all.reserve(d->items.size());
    for (const Item &item : std::as_const(d->items))
        all.append(item.entry);
    std::sort(all.begin(), all.end(), [](const QueueEntry &a, const QueueEntry &b) {
        return std::tie(a.queuedAt, a.id) < std::tie(b.queuedAt, b.id);
    });
    return all;
}

QueueEntry Queue::entry(const QByteArray &id) const
{
    const auto item = d->items.constFind(id);
    return item != d->items.constEnd() ? item->entry : readDoneEntry(d->dataFolder, id);
}

QString Queue::messageFile(const QByteArray &id) const
{
    return d->dataFolder + QLatin1Char('/') + queueMessagePath(id);
}

int Queue::act(QueueAction action, const QList<QByteArray> &ids, const std::function<void(int)> &done)
{
    struct Tally
    {
        int awaited = 0;
        int removed = 0;
    };
    const auto tally = std::make_shared<Tally>();
    const auto removed = [tally, done](bool isGone) {
        tally->removed += isGone ? 1 : 0;
        if (--tally->awaited == 0 && done)
            done(tally->removed);
    };
    const QList<QByteArray> named = ids.isEmpty() ? d->items.keys() : ids;
    const int count = int(std::count_if(
        named.begin(), named.end(), [&](const QByteArray &id) { return d->act(action, id, removed); }));
    Q_EMIT dueChanged();
    tally->awaited = action == QueueAction::Remove ? count : 0; // its answers come later, never from in here
    if (tally->awaited == 0 && done)
        done(count);
    return count;
}

QList<QByteArray> Queue::dueEntries(int limit) const
{
    QList<QByteArray> ids;
    const qint64 now = d->clock.monotonic();
    for (const auto &[key, id] : d->order) {
        if (key > now || ids.size() >= limit)
            break;
        ids.append(id);
    }
    return ids;
}

QList<int> Queue::due(const QByteArray &id) const
{
    const auto item = d->items.constFind(id);
    const qint64 now = d->clock.monotonic();
    if (item == d->items.constEnd() || item->leaving || item->entry.held || item->heldUntil > now)
        return {};
    QList<int> recipients;
    for (int i = 0; i < item->dueAt.size(); ++i) {
        if (mayBeTried(item->entry.recipients.at(i)) && item->dueAt.at(i) <= now)
            recipients.append(i);
    }
    return d->resting && !item->asked ? QList<int>() : recipients;
}

qint64 Queue::nextDueIn() const
{
    if (d->order.empty())
        return -1;
    return std::max<qint64>(0, d->order.begin()->first - d->clock.monotonic());
}

qint64 Queue::age(const QByteArray &id) const
{
    const auto item = d->items.constFind(id);
    return item == d->items.constEnd() ? 0 : d->ageOf(*item);
}

void Queue::restAge(const QByteArray &id)
{
    const auto item = d->items.find(id);
    if (item != d->items.end())
        item->seen = d->clock.monotonic();
}

void Queue::setBusy(const QByteArray &id, bool busy)
{
    const auto item = d->items.find(id);
    if (item == d->items.end())
        return;
    item->busy = busy;
    d->rank(*item);
    if (!busy)
        Q_EMIT dueChanged();
}

void Queue::postpone(QueueEntry &entry, int recipient, qint64 milliseconds) const
{
    entry.recipients[recipient].nextAttemptAt = d->clock.wall() + milliseconds;
}

void Queue::change(const QueueEntry &entry, FileTransaction more, Completion<void> noted)
{
    const QueueEntry now = d->stamped(entry);
    d->write(now, std::move(more), noted);
    d->take(now);
}

FileTransaction Queue::stateSteps(const QueueEntry &entry) const
{
    if (!d->isOver(entry))
        return {{FileStep::Kind::Replace, queueStatePath(entry.id), {}, writeState(entry), {}}};
    FileTransaction steps = queueRemoval(entry.id);
    steps.prepend({FileStep::Kind::Replace, queueDonePath(entry.id), {}, writeState(entry), {}});
    return steps;
}

void Queue::adopt(const QueueEntry &entry)
{
    d->take(d->stamped(entry));
}

void Queue::setResting(bool resting)
{
    d->resting = resting;
    for (Item &item : d->items)
        d->rank(item);
    Q_EMIT dueChanged();
}

void Queue::checkClock()
{
    const qint64 drift = d->wallMinusMonotonic();
    if (std::abs(drift - d->drift) < clockSet)
        return;
    d->drift = drift;
    for (Item &item : d->items)
        d->setRight(item);
    Q_EMIT changed(entries());
    Q_EMIT dueChanged();
}

} // namespace glasspost::mail
