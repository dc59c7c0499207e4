#include "mail/journey/journeystore.h"

#include "mail/base/posix.h"
#include "mail/queue/queuefiles.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <chrono>
#include <fcntl.h>

namespace glasspost::mail {

namespace {

constexpr auto writeWait = std::chrono::milliseconds(250);
/// A sync of a file that grew waits for the file system's own journal, and so do the mails' syncs beside it.
constexpr auto syncWait = std::chrono::seconds(2);
constexpr auto refusedWriteWait = std::chrono::seconds(5);
constexpr qsizetype mostEarly = 1000; // traces that wait to be said whose
constexpr qint64 overlap = 60'000; // milliseconds: what was done so long before the last write may be missing

/// The records of what was done since then: what the queue kept and the journeys may lack.
QList<JourneyNote> doneSince(const QString &dataFolder, qint64 since)
{
    QList<JourneyNote> notes;
    QDirIterator records(dataFolder + QStringLiteral("/queue/done"), {QStringLiteral("*.json")}, QDir::Files);
    while (records.hasNext()) {
        records.next();
        const qint64 at = records.fileInfo().lastModified().toMSecsSinceEpoch();
        if (at < since)
            continue;
        const QueueEntry entry = readDoneEntry(dataFolder, records.fileInfo().completeBaseName().toLatin1());
        if (!entry.id.isEmpty())
            notes.append({JourneyNote::Kind::CaughtUp, at, entry, {}});
    }
    return notes;
}

} // namespace

JourneyStore::JourneyStore(QString dataFolder, int keptDays, const JourneyLimits &limits)
    : m_dataFolder(std::move(dataFolder)), m_keptDays(keptDays),
      m_files(std::make_shared<JourneyFiles>(m_dataFolder + QStringLiteral("/journeys"), limits))
{
    m_due.setSingleShot(true);
    connect(&m_due, &QTimer::timeout, this, &JourneyStore::write);
    m_syncDue.setSingleShot(true);
    connect(&m_syncDue, &QTimer::timeout, this, &JourneyStore::sync);
    m_worker.run([files = m_files, keptDays] {
        lowerThreadPriority();
        files->removeOld(keptDays);
        return true;
    });
}

Result<std::unique_ptr<JourneyStore>> JourneyStore::open(
    const QString &dataFolder, int keptDays, const JourneyLimits &limits)
{
    const QString folder = QDir(dataFolder).absoluteFilePath(QStringLiteral("journeys"));
    if (const int failed = makeFolders(AT_FDCWD, QFile::encodeName(folder)); failed != 0)
        return systemFailure(failed, folder);
    return std::unique_ptr<JourneyStore>(new JourneyStore(QDir(dataFolder).absolutePath(), keptDays, limits));
}

JourneyStore::~JourneyStore()
{
    m_worker.run([files = m_files, notes = m_notes, sessions = m_sessions, traces = m_traces] {
        files->append(notes, sessions, traces);
        return files->sync();
    });
}

void JourneyStore::note(const QueueEntry &now, const QueueEvents &events)
{
    if (events.isEmpty()) {
        if (!now.originSessionId.isEmpty())
            await(now.originSessionId);
        m_recorded.insert(now.id);
        add({JourneyNote::Kind::Came, QDateTime::currentMSecsSinceEpoch(), now, {}});
        return;
    }
    QueueEvents told = events;
    told.removeIf(
        [](const QueueEvent &event) { return std::holds_alternative<ClockSet>(event); }); // no fact of it
    for (const QueueEvent &event : std::as_const(told)) {
        if (const auto *opened = std::get_if<SessionOpened>(&event))
            await(opened->sessionId);
    }
    if (told.isEmpty())
        return;
    const qint64 at = QDateTime::currentMSecsSinceEpoch();
    const bool isRecorded = m_recorded.contains(now.id);
    if (isRecorded && !m_hasLeft)
        add({at, now, told});
    else
        add({JourneyNote::Kind::Events, at, now, told});
    if (now.isDone())
        m_recorded.remove(now.id);
    else if (!isRecorded)
        m_recorded.insert(now.id);
}

void JourneyStore::noteRemoval(const QueueEntry &entry)
{
    m_recorded.remove(entry.id);
    add({JourneyNote::Kind::Removed, QDateTime::currentMSecsSinceEpoch(), entry, {}});
}

void JourneyStore::noteSessions(const QList<smtp::SessionFacts> &sessions)
{
    for (const smtp::SessionFacts &facts : sessions) {
        if (facts.outcome == smtp::SessionOutcome::Open)
            continue;
        m_early.remove(facts.id);
        if (!m_awaited.remove(facts.id))
            continue;
        m_sessions.append(facts);
        if (!m_due.isActive())
            m_due.start(writeWait);
    }
}

void JourneyStore::await(const QByteArray &sessionId)
{
    m_awaited.insert(sessionId);
    if (const auto early = m_early.constFind(sessionId); early != m_early.cend())
        noteTrace(m_early.take(sessionId));
}

void JourneyStore::noteTrace(const smtp::SessionTrace &piece)
{
    if (!m_awaited.contains(piece.sessionId)) {
        if (m_early.size() < mostEarly)
            m_early.insert(piece.sessionId, piece);
        return;
    }
    m_traces.append(piece);
    if (!m_due.isActive())
        m_due.start(writeWait);
}

bool JourneyStore::hasNews() const
{
    return !m_notes.isEmpty() || !m_sessions.isEmpty() || !m_traces.isEmpty() || m_hasLeft;
}

void JourneyStore::add(const JourneyNote &note)
{
    m_notes.append(note);
    if (!m_due.isActive())
        m_due.start(writeWait);
}

/// Questions are asked after it, on the same worker: they see everything.
void JourneyStore::write()
{
    m_due.stop();
    if (!hasNews())
        return;
    m_worker
        .run([files = m_files, days = m_keptDays, notes = std::exchange(m_notes, {}),
                 sessions = std::exchange(m_sessions, {}), traces = std::exchange(m_traces, {})] {
            files->removeOld(days);
            return files->append(notes, sessions, traces);
        })
        .then(this, [this](const Result<JourneyFiles::Appended> &appended) {
            if (appended)
                takeWritten(*appended);
        });
}

void JourneyStore::sync()
{
    m_worker.run([files = m_files] { return files->sync(); }).then(this, [this](const Result<void> &synced) {
        if (!synced && !std::exchange(m_isTroubled, true))
            Q_EMIT troubled(synced.error());
    });
}

void JourneyStore::takeWritten(const JourneyFiles::Appended &appended)
{
    if (!m_syncDue.isActive())
        m_syncDue.start(syncWait);
    if (appended.error && !m_isTroubled)
        Q_EMIT troubled(*appended.error);
    m_isTroubled = appended.error.has_value();
    m_hasLeft = appended.hasLeft;
    m_recorded -= appended.lacking;
    if (m_hasLeft && !m_due.isActive())
        m_due.start(refusedWriteWait);
}

void JourneyStore::catchUp(const QList<QueueEntry> &waiting)
{
    for (const QueueEntry &entry : waiting)
        m_recorded.insert(entry.id);
    m_worker
        .run([files = m_files, folder = m_dataFolder,
                 all = std::make_shared<const QList<QueueEntry>>(waiting)] {
            const qint64 last = files->lastWrittenAt();
            QList<JourneyNote> notes = doneSince(folder, last - overlap);
            notes.reserve(notes.size() + all->size());
            const qint64 now = QDateTime::currentMSecsSinceEpoch();
            for (const QueueEntry &entry : *all)
                notes.append(
                    {JourneyNote::Kind::CaughtUp, now, std::shared_ptr<const QueueEntry>(all, &entry)});
            return files->append(notes, {});
        })
        .then(this, [this](const Result<JourneyFiles::Appended> &appended) {
            if (appended)
                takeWritten(*appended);
        });
}

Task<QList<Journey>> JourneyStore::journeys(const QList<QByteArray> &queueIds)
{
    write();
    return m_worker.run(
        [files = m_files, queueIds] { return files->find(queueIds, JourneyFiles::WithSessions::No); });
}

Task<QList<Journey>> JourneyStore::find(const JourneyKey &key)
{
    write();
    return m_worker.run([files = m_files, key] {
        QList<Journey> found;
        if (!key.queueId.isEmpty())
            found = files->find({key.queueId});
        if (!found.isEmpty())
            return found;
        for (const Journey &journey : files->find(files->withMessageId(key.messageId, key.sessionId))) {
            if (key.sessionId.isEmpty() || journey.entry.originSessionId == key.sessionId)
                found.append(journey);
        }
        return found;
    });
}

Task<QList<Journey>> JourneyStore::madeFrom(const OriginalKey &original)
{
    write();
    return m_worker.run([files = m_files, original] {
        return files->find(files->madeFrom(original), JourneyFiles::WithSessions::No);
    });
}

Task<QList<Journey>> JourneyStore::ofSession(const QByteArray &sessionId)
{
    write();
    return m_worker.run([files = m_files, sessionId] { return files->find(files->withSession(sessionId)); });
}

Task<JourneyList> JourneyStore::list(const JourneyFilter &filter)
{
    write();
    return m_worker.run([files = m_files, filter] { return files->list(filter); });
}

Task<void> JourneyStore::remove(const QList<QByteArray> &queueIds)
{
    write();
    for (const QByteArray &id : queueIds)
        m_recorded.remove(id);
    return m_worker.run([files = m_files, queueIds] { return files->remove(queueIds); })
        .andThen(this, [this](const QList<QByteArray> &sessions) {
            for (const QByteArray &id : sessions)
                m_awaited.remove(id); // one of them may still be open
        });
}

} // namespace glasspost::mail
