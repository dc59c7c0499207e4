#include "mail/journal/journalapplier.h"

#include "mail/journal/journalreplay.h"

#include <cerrno>
#include <utility>

namespace glasspost::mail {

namespace {

// So many checkpoints that fail, and nothing new is promised until one succeeds.
constexpr int checkpointsToFail = 3;

} // namespace

JournalApplier::JournalApplier(const JournalSettings &settings, const JournalFolders &folders,
    JournalLine &line, std::function<void(const Error &)> troubled)
    : m_settings(settings), m_calls(*settings.calls), m_folders(folders), m_line(line),
      m_troubled(std::move(troubled)), m_sweeper(m_calls, folders.data.get()),
      m_steps(m_calls, folders.data.get(), &m_sweeper)
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
