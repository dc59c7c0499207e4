#include "mail/journal/journalappender.h"

#include "mail/journal/journalrecord.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

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

} // namespace glasspost::mail
