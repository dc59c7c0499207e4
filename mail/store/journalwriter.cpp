#include "mail/store/journalwriter.h"

#include "mail/store/journalrecord.h"
#include "mail/store/journalreplay.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qint64 LongestGroup = 8 * 1024 * 1024;
// Past this the appender waits for the applier, and the senders for the appender: memory stays flat.
constexpr qint64 LongestBacklog = 48 * 1024 * 1024;

} // namespace

void Answer::answer(Result<void> result)
{
    if (completion)
        ticket.deliver([run = std::move(completion), result = std::move(result)] { run(result); });
    completion = {};
}

JournalWriter::JournalWriter(const JournalSettings &settings, JournalFolders folders, quint64 firstNumber,
    std::function<void(const Error &)> troubled)
    : m_settings(settings), m_calls(*settings.calls), m_folders(std::move(folders)),
      m_troubled(std::move(troubled)), m_nextNumber(firstNumber), m_steps(m_calls, m_folders.data.get())
{
    m_appender = std::thread([this] { append(); });
    m_applier = std::thread([this] { apply(); });
}

JournalWriter::~JournalWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_appenderWakes.notify_all();
    m_applierWakes.notify_all();
    m_appender.join();
    m_applier.join();
}

void JournalWriter::put(PendingTransaction pending)
{
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_waiting.empty();
        m_waiting.push_back(std::move(pending));
    }
    if (first)
        m_appenderWakes.notify_one();
}

void JournalWriter::append()
{
    std::vector<PendingTransaction> group;
    while (takeGroup(group)) {
        if (!group.empty())
            commitGroup(std::exchange(group, {}));
        if (isCheckpointDue())
            checkpoint(false);
    }
    checkpoint(true);
    {
        const std::lock_guard lock(m_mutex);
        m_appenderDone = true;
    }
    m_applierWakes.notify_one();
}

/// Waits for something to do. An empty group: a checkpoint is due. False: the end.
bool JournalWriter::takeGroup(std::vector<PendingTransaction> &group)
{
    std::unique_lock lock(m_mutex);
    const auto ready = [this] {
        const bool room = m_backlog < LongestBacklog || m_stuck.has_value();
        return (!m_waiting.empty() && room) || m_stopping;
    };
    if (!m_dirty)
        m_appenderWakes.wait(lock, ready);
    else if (!m_appenderWakes.wait_until(lock, m_checkpointAt, ready))
        return true;
    if (m_waiting.empty())
        return false;
    qint64 octets = 0;
    size_t count = 0;
    while (count < m_waiting.size() && octets < LongestGroup)
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

void JournalWriter::commitGroup(std::vector<PendingTransaction> group)
{
    std::optional<Error> stuck;
    {
        const std::lock_guard lock(m_mutex);
        stuck = m_stuck;
    }
    // While the files cannot be written, nothing new is promised: the journal would only grow.
    std::vector<PendingTransaction> kept;
    kept.reserve(group.size());
    for (PendingTransaction &pending : group) {
        Result<void> good = stuck ? Result<void>(tl::unexpected(*stuck)) : spoolLarge(pending.steps);
        if (good)
            kept.push_back(std::move(pending));
        else
            pending.durable.answer(std::move(good));
    }
    const Result<void> written = writeGroup(kept);
    std::vector<Work> works;
    works.reserve(kept.size());
    for (PendingTransaction &pending : kept) {
        pending.durable.answer(written);
        if (written)
            works.push_back({std::move(pending), {}});
    }
    passOn(std::move(works));
}

Result<void> JournalWriter::writeGroup(const std::vector<PendingTransaction> &group)
{
    const auto hasSteps = [](const PendingTransaction &pending) { return !pending.steps.isEmpty(); };
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
    if (written && !std::exchange(m_dirty, true))
        m_checkpointAt = Clock::now() + std::chrono::milliseconds(m_settings.checkpointMilliseconds);
    return written;
}

/// Long contents go to a file that is synced on its own, and the record names the file.
Result<void> JournalWriter::spoolLarge(FileTransaction &steps)
{
    bool spooled = false;
    for (FileStep &step : steps) {
        spooled = spooled || !step.contentFile.isEmpty();
        if (step.kind != FileStep::Kind::Create || step.content.size() <= m_settings.inlineBytes)
            continue;
        const QByteArray name
            = "large-" + QByteArray::number(m_nextNumber) + '-' + QByteArray::number(++m_spooled);
        const QString path = QStringLiteral("spool/") + QString::fromLatin1(name);
        const FileDescriptor file(m_calls.openAt(
            m_folders.spool.get(), name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
        int failed = file.isOpen() ? writeAll(m_calls, file.get(), step.content) : errno;
        if (failed == 0 && m_calls.fsync(file.get()) != 0)
            failed = errno;
        if (failed != 0) {
            m_calls.unlinkAt(m_folders.spool.get(), name.constData());
            return systemFailure(failed, path);
        }
        step.content.clear();
        step.contentFile = path;
        spooled = true;
    }
    if (spooled && m_calls.fsync(m_folders.spool.get()) != 0)
        return systemFailure(errno, QStringLiteral("spool"));
    return {};
}

Result<void> JournalWriter::needSegment()
{
    if (m_segment && !m_segment->isSuspect())
        return {};
    if (m_segment) {
        m_lastNumber = m_segment->number();
        m_lastEnd = m_segment->end();
        m_segment.reset();
    }
    auto segment
        = JournalSegment::create(m_calls, m_folders.segments.get(), m_nextNumber, m_lastNumber, m_lastEnd);
    ++m_nextNumber; // never the same name twice: a failed one may still lie there
    if (!segment)
        return tl::unexpected(segment.error());
    m_segment = std::move(*segment);
    return {};
}

bool JournalWriter::isCheckpointDue() const
{
    return m_dirty
        && (Clock::now() >= m_checkpointAt || (m_segment && m_segment->end() >= m_settings.checkpointBytes));
}

void JournalWriter::checkpoint(bool last)
{
    if (!m_dirty && !last)
        return;
    m_dirty = false;
    quint64 mark = m_nextNumber - 1;
    if (m_segment) {
        m_lastNumber = m_segment->number();
        m_lastEnd = m_segment->end();
        m_segment.reset();
    }
    std::vector<Work> works;
    works.push_back({{}, mark});
    passOn(std::move(works));
}

void JournalWriter::passOn(std::vector<Work> works)
{
    if (works.empty())
        return;
    {
        const std::lock_guard lock(m_mutex);
        for (Work &work : works) {
            m_backlog += work.transaction.octets;
            m_works.push_back(std::move(work));
        }
    }
    m_applierWakes.notify_one();
}

void JournalWriter::apply()
{
    for (;;) {
        std::deque<Work> works;
        {
            std::unique_lock lock(m_mutex);
            m_applierWakes.wait(lock, [this] { return !m_works.empty() || m_appenderDone; });
            if (m_works.empty())
                return;
            works.swap(m_works);
        }
        for (Work &work : works) {
            if (work.mark) {
                dropBehind(*work.mark);
                continue;
            }
            if (!applySteps(work.transaction.steps))
                return;
            work.transaction.applied.answer({});
            bool appenderWaits = false;
            {
                const std::lock_guard lock(m_mutex);
                appenderWaits = m_backlog >= LongestBacklog;
                m_backlog -= work.transaction.octets;
            }
            if (appenderWaits)
                m_appenderWakes.notify_one();
        }
    }
}

/// False when it could not be done before the end; the segments stay, for the next start.
bool JournalWriter::applySteps(const FileTransaction &steps)
{
    for (const FileStep &step : steps) {
        for (;;) {
            const auto done = m_steps.apply(step);
            if (done)
                break;
            if (!pauseAfter(done.error()))
                return false;
        }
    }
    const std::lock_guard lock(m_mutex);
    m_stuck.reset();
    return true;
}

/// Tells once for each failure, waits, and says whether to try again.
bool JournalWriter::pauseAfter(const Error &error)
{
    bool news = false;
    {
        const std::lock_guard lock(m_mutex);
        news = !m_stuck || m_stuck->code != error.code;
        m_stuck = error;
    }
    m_appenderWakes.notify_one();
    if (news)
        m_troubled(error);
    std::unique_lock lock(m_mutex);
    const auto pause = std::chrono::milliseconds(m_settings.retryMilliseconds);
    return !m_applierWakes.wait_for(lock, pause, [this] { return m_appenderDone; });
}

void JournalWriter::dropBehind(quint64 mark)
{
    // A sync that failed says so once and is then content; so the content is written again before the next.
    if (m_syncFailed) {
        const auto again = rewriteSegments(m_calls, m_folders.data.get(), m_folders.segments.get(), mark);
        if (!again) {
            m_troubled(again.error());
            return;
        }
    }
    if (m_calls.syncfs(m_folders.data.get()) != 0) {
        m_troubled(systemError(errno, QStringLiteral("syncfs")));
        m_syncFailed = true;
        return;
    }
    m_syncFailed = false;
    if (const auto dropped = dropSegments(m_calls, m_folders.segments.get(), mark); !dropped)
        m_troubled(dropped.error());
}

} // namespace glasspost::mail
