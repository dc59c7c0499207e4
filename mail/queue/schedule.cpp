#include "mail/queue/schedule.h"

#include "mail/queue/reportpolicy.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 never = -1;
constexpr qint64 longestGap = 24 * 60 * 60 * 1000;
constexpr qint64 shortHold = 10 * 60 * 1000; // up to this notBefore means "so long from now", past it a date
constexpr qint64 clockSet = 30 * 1000; // the two clocks drift by less

// RFC 5321 4.5.4.1 counts the time in which a message could be tried: none before the first attempt, none
// while a person holds it.
bool growsOlder(const QueueEntry &entry)
{
    return !entry.held && !entry.isUntouched();
}

} // namespace

Schedule::Schedule(Clock clock) : m_clock(std::move(clock)), m_drift(wallMinusMonotonic()) { }

qint64 Schedule::dueTime(const QueueRecipient &one, const QueueEntry &entry) const
{
    const qint64 planned = std::max<qint64>(0, one.nextAttemptAt - entry.seenAt);
    return m_clock.monotonic() + std::clamp<qint64>(one.nextAttemptAt - m_clock.wall(), 0, planned);
}

qint64 Schedule::holdTime(const QueueEntry &entry) const
{
    const qint64 planned = std::max<qint64>(0, entry.notBefore - entry.queuedAt);
    return m_clock.monotonic() + std::clamp<qint64>(entry.notBefore - m_clock.wall(), 0, planned);
}

qint64 Schedule::keyOf(const Item &item) const
{
    if (item.use != Use::Free || item.entry.held || (m_paused && !item.asked))
        return never;
    if (isOwedAnyReport(item.entry))
        return 0;
    qint64 key = never;
    for (int i = 0; i < item.entry.recipients.size(); ++i) {
        if (!item.entry.recipients.at(i).isPending())
            continue;
        const qint64 at = std::max(item.dueAt.at(i), item.heldUntil);
        key = key == never ? at : std::min(key, at);
    }
    return key;
}

void Schedule::rank(Item &item)
{
    unrank(item);
    item.key = keyOf(item);
    if (item.key != never)
        m_orders[item.entry.envelope.priority.value_or(0)].insert({item.key, item.entry.id});
}

void Schedule::unrank(const Item &item)
{
    const auto order = m_orders.find(item.entry.envelope.priority.value_or(0));
    if (order == m_orders.end())
        return;
    order->second.erase({item.key, item.entry.id});
    if (order->second.empty())
        m_orders.erase(order);
}

void Schedule::put(const QueueEntry &entry)
{
    Item &item = m_items[entry.id];
    const bool isNew = item.entry.id.isEmpty();
    unrank(item);
    const QueueEntry before = std::exchange(item.entry, entry);
    if (isNew || before.notBefore != entry.notBefore)
        item.heldUntil = holdTime(entry);
    item.dueAt.resize(entry.recipients.size());
    for (int i = 0; i < entry.recipients.size(); ++i) {
        if (isNew || before.recipients.value(i).nextAttemptAt != entry.recipients.at(i).nextAttemptAt)
            item.dueAt[i] = dueTime(entry.recipients.at(i), entry);
    }
    item.seen = m_clock.monotonic();
    rank(item);
}

void Schedule::load(QueueEntry entry)
{
    const qint64 gap = m_clock.wall() - std::max(entry.seenAt, entry.notBefore);
    if (growsOlder(entry))
        entry.age += std::clamp<qint64>(gap, 0, longestGap);
    entry.inQueue += std::clamp<qint64>(m_clock.wall() - entry.seenAt, 0, longestGap);
    put(apply(std::move(entry), Restarted{}));
}

QueueEntry Schedule::take(const QByteArray &id)
{
    const Item item = m_items.take(id);
    unrank(item);
    return item.entry;
}

const QueueEntry *Schedule::find(const QByteArray &id) const
{
    const auto item = m_items.constFind(id);
    return item == m_items.constEnd() ? nullptr : &item->entry;
}

QList<QueueEntry> Schedule::entries() const
{
    QList<QueueEntry> all;
    all.reserve(m_items.size());
    for (const Item &item : m_items)
        all.append(item.entry);
    std::sort(all.begin(), all.end(), [](const QueueEntry &a, const QueueEntry &b) {
        return std::tie(a.queuedAt, a.id) < std::tie(b.queuedAt, b.id);
    });
    return all;
}

qint64 Schedule::ageOf(const Item &item) const
{
    const qint64 from = std::max(item.seen, item.heldUntil);
    const qint64 grown = std::max<qint64>(0, m_clock.monotonic() - from);
    return growsOlder(item.entry) ? item.entry.age + grown : item.entry.age;
}

qint64 Schedule::age(const QByteArray &id) const
{
    const auto item = m_items.constFind(id);
    return item == m_items.constEnd() ? 0 : ageOf(*item);
}

qint64 Schedule::inQueue(const QByteArray &id) const
{
    const auto item = m_items.constFind(id);
    return item == m_items.constEnd() ? 0 : item->entry.inQueue + m_clock.monotonic() - item->seen;
}

void Schedule::pauseAge(const QByteArray &id)
{
    const auto item = m_items.find(id);
    if (item == m_items.end())
        return;
    item->entry.inQueue = inQueue(id);
    item->seen = m_clock.monotonic();
}

QueueEntry Schedule::stamped(QueueEntry entry) const
{
    const auto item = m_items.constFind(entry.id);
    if (item != m_items.constEnd()) {
        entry.age = ageOf(*item);
        entry.inQueue = inQueue(entry.id);
    }
    entry.seenAt = m_clock.wall();
    return entry;
}

QList<QByteArray> Schedule::dueEntries(int limit) const
{
    QList<QByteArray> result;
    const qint64 now = m_clock.monotonic();
    for (const auto &[priority, order] : m_orders) {
        for (const auto &[key, id] : order) {
            if (key > now || result.size() >= limit)
                break;
            result.append(id);
        }
    }
    return result;
}

QList<int> Schedule::due(const QByteArray &id) const
{
    const auto item = m_items.constFind(id);
    const qint64 now = m_clock.monotonic();
    if (item == m_items.constEnd() || item->use == Use::BeingRemoved || item->entry.held
        || item->heldUntil > now)
        return {};
    QList<int> recipients;
    for (int i = 0; i < item->dueAt.size(); ++i) {
        if (item->entry.recipients.at(i).isPending() && item->dueAt.at(i) <= now)
            recipients.append(i);
    }
    return m_paused && !item->asked ? QList<int>() : recipients;
}

qint64 Schedule::nextDueIn() const
{
    qint64 next = never;
    for (const auto &[priority, order] : m_orders) {
        const qint64 in = std::max<qint64>(0, order.begin()->first - m_clock.monotonic());
        next = next == never ? in : std::min(next, in);
    }
    return next;
}

void Schedule::setUse(const QByteArray &id, Use use)
{
    const auto item = m_items.find(id);
    if (item == m_items.end())
        return;
    item->use = use;
    rank(*item);
}

Schedule::Use Schedule::use(const QByteArray &id) const
{
    const auto item = m_items.constFind(id);
    return item == m_items.constEnd() ? Use::Free : item->use;
}

void Schedule::makeDue(const QByteArray &id)
{
    const auto item = m_items.find(id);
    if (item == m_items.end())
        return;
    item->dueAt.fill(0);
    item->heldUntil = 0;
    item->asked = true;
    rank(*item);
}

void Schedule::setPaused(bool paused)
{
    m_paused = paused;
    for (Item &item : m_items)
        rank(item);
}

bool Schedule::followClock()
{
    const qint64 drift = wallMinusMonotonic();
    if (std::abs(drift - m_drift) < clockSet)
        return false;
    m_drift = drift;
    for (Item &item : m_items)
        setRight(item);
    return true;
}

void Schedule::setRight(Item &item)
{
    ClockSet right;
    for (int i = 0; i < item.dueAt.size(); ++i) {
        const QueueRecipient &one = item.entry.recipients.at(i);
        const bool isShown = !item.entry.held && one.isPending() && one.nextAttemptAt != 0;
        right.nextAttemptAt.append(isShown ? item.dueAt.at(i) + wallMinusMonotonic() : one.nextAttemptAt);
    }
    item.entry = apply(std::move(item.entry), right);
    if (item.entry.notBefore - item.entry.queuedAt > shortHold)
        item.heldUntil = holdTime(item.entry);
    rank(item);
}

} // namespace glasspost::mail
