#include "mail/journal/journalwriter.h"

#include "mail/journal/journalrecord.h"
#include "mail/journal/journalreplay.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qint64 LongestGroup = 8 * 1024 * 1024;
// Past this the appender waits for the applier, and the senders for the appender: memory stays flat.
constexpr qint64 LongestBacklog = 48 * 1024 * 1024;
// So many checkpoints that fail, and nothing new is promised until one succeeds.
constexpr int CheckpointsToFail = 3;

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
      m_troubled(std::move(troubled)), m_nextNumber(firstNumber), m_sweeper(m_calls, m_folders.data.get()),
      m_steps(m_calls, m_folders.data.get(), &m_sweeper)
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
        m_appenderWakes.wait(lock, [&] { return ready() || m_checkpointOwed; });
    if (std::exchange(m_checkpointOwed, false) && !std::exchange(m_dirty, true))
        m_checkpointAt = Clock::now() + std::chrono::milliseconds(m_settings.retryMilliseconds);
    if (m_dirty && !m_appenderWakes.wait_until(lock, m_checkpointAt, ready))
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
        stuck = m_stuck ? m_stuck : m_unsynced;
    }
    std::vector<PendingTransaction> kept;
    kept.reserve(group.size());
    QList<QByteArray> spooled;
    for (PendingTransaction &pending : group) {
        // While the files cannot be written, nothing new is promised: the journal would only grow. What has
        // no steps asks for nothing.
        Result<void> good;
        if (!pending.steps.isEmpty())
            good = stuck ? Result<void>(tl::unexpected(*stuck)) : spoolLarge(pending.steps, spooled);
        if (good)
            kept.push_back(std::move(pending));
        else
            refuse(pending, good);
    }
    const Result<void> written = writeGroup(kept);
    if (!written)
        dropSpooled(spooled, 0);
    std::vector<Work> works;
    works.reserve(kept.size());
    for (PendingTransaction &pending : kept) {
        if (!written && !pending.steps.isEmpty()) {
            refuse(pending, written);
            continue;
        }
        pending.durable.answer({});
        works.push_back({std::move(pending), {}});
    }
    passOn(std::move(works));
}

void JournalWriter::refuse(PendingTransaction &pending, const Result<void> &why)
{
    pending.durable.answer(why);
    pending.applied.answer(why);
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

/// Long contents go to a file that is synced on its own, and the record names the file. The files made are
/// added to spooled; after a failure none of this transaction's is left.
Result<void> JournalWriter::spoolLarge(FileTransaction &steps, QList<QByteArray> &spooled)
{
    const qsizetype before = spooled.size();
    bool named = false;
    Result<void> good;
    for (FileStep &step : steps) {
        named = named || !step.contentFile.isEmpty();
        const bool isLarge = step.shared != nullptr || step.content.size() > m_settings.inlineBytes;
        if (step.kind != FileStep::Kind::Create || !isLarge)
            continue;
        good = spoolContent(step, spooled);
        if (!good)
            break;
        named = true;
    }
    if (good && named && m_calls.fsync(m_folders.spool.get()) != 0)
        good = systemFailure(errno, QStringLiteral("spool"));
    if (!good)
        dropSpooled(spooled, before);
    return good;
}

Result<void> JournalWriter::spoolContent(FileStep &step, QList<QByteArray> &spooled)
{
    const QByteArray name
        = "large-" + QByteArray::number(m_nextNumber) + '-' + QByteArray::number(++m_spooled);
    spooled.append(name);
    if (const auto made = step.shared ? linkShared(step, name) : writeContent(step, name); !made)
        return made;
    step.content.clear();
    step.shared.reset();
    step.contentFile = QStringLiteral("spool/") + QString::fromLatin1(name);
    return {};
}

Result<void> JournalWriter::linkShared(const FileStep &step, const QByteArray &name)
{
    const QByteArray path = QFile::encodeName(step.shared->path());
    if (m_calls.linkAt(AT_FDCWD, path.constData(), m_folders.spool.get(), name.constData()) == 0)
        return {};
    const int failed = errno;
    const bool cannotLink = failed == EXDEV || failed == EPERM || failed == EMLINK || failed == ENOTSUP;
    return cannotLink ? writeContent(step, name) : systemFailure(failed, step.shared->path());
}

Result<void> JournalWriter::writeContent(const FileStep &step, const QByteArray &name)
{
    const QString path = QStringLiteral("spool/") + QString::fromLatin1(name);
    const FileDescriptor file(m_calls.openAt(
        m_folders.spool.get(), name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
    if (!file.isOpen())
        return systemFailure(errno, path);
    int failed = 0;
    const auto write = [&](QByteArrayView octets) {
        if (failed == 0)
            failed = writeAll(m_calls, file.get(), octets);
    };
    if (step.shared) {
        if (const auto read = forEachPiece(MessageOctets(step.shared, -1, -1), write); !read)
            return read;
    } else {
        write(step.content);
    }
    if (failed == 0 && m_calls.fsync(file.get()) != 0)
        failed = errno;
    return failed == 0 ? Result<void>() : systemFailure(failed, path);
}

/// A full disk is not to be filled by what was refused.
void JournalWriter::dropSpooled(QList<QByteArray> &spooled, qsizetype from)
{
    while (spooled.size() > from)
        m_calls.unlinkAt(m_folders.spool.get(), spooled.takeLast().constData());
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
        Work work;
        {
            std::unique_lock lock(m_mutex);
            m_applierWakes.wait(lock, [this] { return !m_works.empty() || m_appenderDone; });
            if (m_works.empty())
                return;
            work = std::move(m_works.front());
            m_works.pop_front();
        }
        if (work.mark) {
            dropBehind(*work.mark);
            continue;
        }
        if (!applySteps(work.transaction.steps))
            return giveUp(std::move(work));
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

/// The end comes before the files can be written; who waits for them is told.
void JournalWriter::giveUp(Work work)
{
    const std::lock_guard lock(m_mutex);
    const Error why = m_stuck.value_or(Error{});
    work.transaction.applied.answer(tl::unexpected(why));
    for (Work &left : m_works)
        left.transaction.applied.answer(tl::unexpected(why));
    m_works.clear();
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
    if (!steps.isEmpty()) {
        const std::lock_guard lock(m_mutex);
        m_stuck.reset();
    }
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
        // Who only waits for what was before (a reader) is not kept waiting.
        for (Work &work : m_works) {
            if (work.transaction.steps.isEmpty())
                work.transaction.applied.answer(tl::unexpected(error));
        }
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
    const Result<void> done = syncAndDrop(mark);
    const int failures = std::exchange(m_checkpointFailures, done ? 0 : m_checkpointFailures + 1);
    {
        const std::lock_guard lock(m_mutex);
        m_unsynced.reset();
        if (!done && m_checkpointFailures >= CheckpointsToFail)
            m_unsynced = done.error();
        m_checkpointOwed = !done;
    }
    if (!done) {
        m_appenderWakes.notify_one();
        if (failures == 0)
            m_troubled(done.error());
    }
}

Result<void> JournalWriter::syncAndDrop(quint64 mark)
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
