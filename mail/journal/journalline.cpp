#include "mail/journal/journalline.h"

#include <utility>

namespace glasspost::mail {

namespace {

constexpr qint64 longestGroup = 8 * 1024 * 1024;
// Past this the appender waits for the applier, and the senders for the appender: memory stays flat.
constexpr qint64 longestBacklog = 48 * 1024 * 1024;

} // namespace

void JournalLine::put(PendingTransaction pending)
{
    bool first = false;
    {
        const MutexLock lock(m_mutex);
        first = m_waiting.empty();
        m_waiting.push_back(std::move(pending));
    }
    if (first)
        m_appenderWakes.notify_one();
}

void JournalLine::stop()
{
    {
        const MutexLock lock(m_mutex);
        m_stopping = true;
    }
    m_appenderWakes.notify_all();
    m_applierWakes.notify_all();
}

bool JournalLine::takeGroup(std::vector<PendingTransaction> &group,
    std::optional<Clock::time_point> &checkpointAt, std::chrono::milliseconds retry)
{
    MutexLock lock(m_mutex);
    const auto ready = [this]() REQUIRES(m_mutex) {
        const bool room = m_backlog < longestBacklog || m_stuck.has_value();
        return (!m_waiting.empty() && room) || m_stopping;
    };
    if (!checkpointAt)
        lock.wait(m_appenderWakes, [&]() REQUIRES(m_mutex) { return ready() || m_checkpointOwed; });
    if (std::exchange(m_checkpointOwed, false) && !checkpointAt)
        checkpointAt = Clock::now() + retry;
    if (checkpointAt && !lock.waitUntil(m_appenderWakes, *checkpointAt, ready))
        return true;
    if (m_waiting.empty())
        return false;
    qint64 octets = 0;
    size_t count = 0;
    while (count < m_waiting.size() && octets < longestGroup)
        octets += m_waiting[count++].octets;
    if (count == m_waiting.size()) {
        group.swap(m_waiting);
        return true;
    }
    const auto end = m_waiting.begin() + std::ptrdiff_t(count);
    group.assign(std::make_move_iterator(m_waiting.begin()), std::make_move_iterator(end));
    m_waiting.erase(m_waiting.begin(), end);
    return true;
}

void JournalLine::passOn(std::vector<ApplierWork> works)
{
    if (works.empty())
        return;
    {
        const MutexLock lock(m_mutex);
        for (ApplierWork &work : works) {
            m_backlog += work.transaction.octets;
            m_works.push_back(std::move(work));
        }
    }
    m_applierWakes.notify_one();
}

void JournalLine::endOfAppending()
{
    {
        const MutexLock lock(m_mutex);
        m_appenderDone = true;
    }
    m_applierWakes.notify_one();
}

std::optional<Error> JournalLine::obstacle()
{
    const MutexLock lock(m_mutex);
    return m_stuck ? m_stuck : m_unsynced;
}

std::optional<ApplierWork> JournalLine::next()
{
    MutexLock lock(m_mutex);
    lock.wait(m_applierWakes, [this]() REQUIRES(m_mutex) { return !m_works.empty() || m_appenderDone; });
    if (m_works.empty())
        return std::nullopt;
    ApplierWork work = std::move(m_works.front());
    m_works.pop_front();
    return work;
}

void JournalLine::applied(qint64 octets)
{
    bool appenderWaits = false;
    {
        const MutexLock lock(m_mutex);
        appenderWaits = m_backlog >= longestBacklog;
        m_backlog -= octets;
    }
    if (appenderWaits)
        m_appenderWakes.notify_one();
}

void JournalLine::goesOn()
{
    const MutexLock lock(m_mutex);
    m_stuck.reset();
}

bool JournalLine::isStuck(const Error &error)
{
    bool isNews = false;
    {
        const MutexLock lock(m_mutex);
        isNews = !m_stuck || m_stuck->code != error.code;
        m_stuck = error;
        // Who only waits for what was before (a reader) is not kept waiting.
        for (ApplierWork &work : m_works) {
            if (work.transaction.steps.isEmpty())
                work.transaction.applied.answer(tl::unexpected(error));
        }
    }
    m_appenderWakes.notify_one();
    return isNews;
}

bool JournalLine::pause(std::chrono::milliseconds time)
{
    MutexLock lock(m_mutex);
    return !lock.waitUntil(
        m_applierWakes, Clock::now() + time, [this]() REQUIRES(m_mutex) { return m_appenderDone; });
}

void JournalLine::giveUp(const ApplierWork &work)
{
    const MutexLock lock(m_mutex);
    const Error why = m_stuck.value_or(Error{});
    work.transaction.applied.answer(tl::unexpected(why));
    for (const ApplierWork &left : m_works)
        left.transaction.applied.answer(tl::unexpected(why));
    m_works.clear();
}

void JournalLine::checkpointEnded(bool succeeded, const std::optional<Error> &unsynced)
{
    {
        const MutexLock lock(m_mutex);
        m_unsynced = unsynced;
        m_checkpointOwed = !succeeded;
    }
    if (!succeeded)
        m_appenderWakes.notify_one();
}

} // namespace glasspost::mail
