#include "mail/journal/journalwriter.h"

#include "mail/journal/journalrecord.h"
#include "mail/journal/journalreplay.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace glasspost::mail {

namespace {

// So many checkpoints that fail, and nothing new is promised until one succeeds.
constexpr int checkpointsToFail = 3;

bool hasSteps(const PendingTransaction &pending)
{
    return !pending.steps.isEmpty();
}

void refuse(PendingTransaction &pending, const Result<void> &why)
{
    pending.durable.answer(why);
    pending.applied.answer(why);
}

} // namespace

JournalAppender::JournalAppender(
    const JournalSettings &settings, const JournalFolders &folders, quint64 firstNumber, JournalLine &line)
    : m_settings(settings), m_calls(*settings.calls), m_folders(folders), m_line(line),
      m_contents(m_calls, folders.spool.get(), settings.inlineBytes), m_nextNumber(firstNumber)
{ }

void JournalAppender::run()
{
    std::vector<PendingTransaction> group;
    while (m_line.takeGroup(group, m_checkpointAt, std::chrono::milliseconds(m_settings.retryMilliseconds))) {
        if (!group.empty())
            commitGroup(std::exchange(group, {}));
        if (isCheckpointDue())
            checkpoint();
    }
    checkpoint();
    m_line.endOfAppending();
}

void JournalAppender::commitGroup(std::vector<PendingTransaction> group)
{
    const std::optional<Error> obstacle = m_line.obstacle();
    std::vector<PendingTransaction> kept;
    kept.reserve(group.size());
    for (PendingTransaction &pending : group) {
        // While the files cannot be written, nothing new is promised: the journal would only grow. What has
        // no steps asks for nothing.
        Result<void> good;
        if (hasSteps(pending))
            good = obstacle ? Result<void>(tl::unexpected(*obstacle))
                            : m_contents.spool(pending.steps, m_nextNumber);
        if (good)
            kept.push_back(std::move(pending));
        else
            refuse(pending, good);
    }
    const Result<void> written = writeGroup(kept);
    if (written)
        m_contents.keepSpooled();
    else
        m_contents.dropSpooled();
    std::vector<ApplierWork> works;
    works.reserve(kept.size());
    for (PendingTransaction &pending : kept) {
        if (!written && hasSteps(pending)) {
            refuse(pending, written);
            continue;
        }
        pending.durable.answer({});
        works.push_back({std::move(pending)});
    }
    m_line.passOn(std::move(works));
}

Result<void> JournalAppender::writeGroup(const std::vector<PendingTransaction> &group)
{
    if (std::none_of(group.begin(), group.end(), hasSteps))
        return {};
    if (auto ready = needSegment(); !ready)
        return ready;
    QByteArray records;
    qint64 octets = 0;
    for (const PendingTransaction &pending : group)
        octets += pending.octets;
    records.reserve(octets + 512);
    for (const PendingTransaction &pending : group) {
        if (hasSteps(pending))
            appendRecord(records, pending.steps, m_segment->number(), m_segment->end() + records.size());
    }
    auto written = m_segment->append(m_calls, records);
    if (written && !m_checkpointAt)
        m_checkpointAt
            = JournalLine::Clock::now() + std::chrono::milliseconds(m_settings.checkpointMilliseconds);
    return written;
}

Result<void> JournalAppender::needSegment()
{
    if (m_segment && !m_segment->isSuspect())
        return {};
    leaveSegment();
    auto segment
        = JournalSegment::create(m_calls, m_folders.segments.get(), m_nextNumber, m_lastNumber, m_lastEnd);
    ++m_nextNumber; // never the same name twice: a failed one may still lie there
    if (!segment)
        return tl::unexpected(segment.error());
    m_segment = std::move(*segment);
    return {};
}

void JournalAppender::leaveSegment()
{
    if (!m_segment)
        return;
    m_lastNumber = m_segment->number();
    m_lastEnd = m_segment->end();
    m_segment.reset();
}

bool JournalAppender::isCheckpointDue() const
{
    return m_checkpointAt
        && (JournalLine::Clock::now() >= *m_checkpointAt
            || (m_segment && m_segment->end() >= m_settings.checkpointBytes));
}

void JournalAppender::checkpoint()
{
    m_checkpointAt.reset();
    leaveSegment();
    std::vector<ApplierWork> works;
    works.push_back({{}, m_nextNumber - 1});
    m_line.passOn(std::move(works));
}

JournalApplier::JournalApplier(const JournalSettings &settings, const JournalFolders &folders,
    JournalLine &line, std::function<void(const Error &)> troubled)
    : m_settings(settings), m_calls(*settings.calls), m_folders(folders), m_line(line),
      m_troubled(std::move(troubled)), m_unlinker(m_calls, folders.data.get()),
      m_steps(m_calls, folders.data.get(), &m_unlinker)
{ }

void JournalApplier::run()
{
    while (std::optional<ApplierWork> work = m_line.next()) {
        if (work->mark) {
            dropBehind(*work->mark);
            continue;
        }
        if (!applySteps(work->transaction.steps))
            return m_line.giveUp(*work);
        work->transaction.applied.answer({});
        m_line.applied(work->transaction.octets);
    }
}

/// False when it could not be done before the end; the segments stay, for the next start.
bool JournalApplier::applySteps(const FileTransaction &steps)
{
    for (const FileStep &step : steps) {
        for (auto done = m_steps.apply(step); !done; done = m_steps.apply(step)) {
            if (m_line.isStuck(done.error()))
                m_troubled(done.error());
            if (!m_line.pause(std::chrono::milliseconds(m_settings.retryMilliseconds)))
                return false;
        }
    }
    if (!steps.isEmpty())
        m_line.goesOn();
    return true;
}

void JournalApplier::dropBehind(quint64 mark)
{
    const Result<void> done = syncAndDrop(mark);
    const int failures = std::exchange(m_checkpointFailures, done ? 0 : m_checkpointFailures + 1);
    std::optional<Error> unsynced;
    if (m_checkpointFailures >= checkpointsToFail)
        unsynced = done.error();
    m_line.checkpointEnded(done.has_value(), unsynced);
    if (!done && failures == 0)
        m_troubled(done.error());
}

Result<void> JournalApplier::syncAndDrop(quint64 mark)
{
    // A sync that failed says so once and is then content; so the content is written again before the next.
    if (m_syncFailed) {
        if (auto again = rewriteSegments(m_calls, m_folders.data.get(), m_folders.segments.get(), mark);
            !again)
            return again;
    }
    m_syncFailed = m_calls.syncfs(m_folders.data.get()) != 0;
    if (m_syncFailed)
        return systemFailure(errno, QStringLiteral("syncfs"));
    return dropSegments(m_calls, m_folders.segments.get(), mark);
}

} // namespace glasspost::mail
