#pragma once

#include "mail/base/task.h"
#include "mail/base/worker.h"
#include "mail/journey/journeyfiles.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <memory>

namespace glasspost::mail {

/// Keeps the journey of every message that goes through the queue in journeys/. What is noted is written and
/// synced some four times a second, on a thread of its own, so that accepting mail waits for nothing; what a
/// crash takes of that is made good from the queue's own files at the next start (catchUp). Lives on the mail
/// thread.
class JourneyStore : public QObject
{
    Q_OBJECT
public:
    static Result<std::unique_ptr<JourneyStore>> open(
        const QString &dataFolder, int keptDays, const JourneyLimits &limits = {});
    /// Writes what is noted.
    ~JourneyStore() override;

    /// What happened to an entry, which is now as given; no events: it came.
    void note(const QueueEntry &now, const QueueEvents &events);
    void noteRemoval(const QueueEntry &entry); ///< by a person
    /// Of sessions that brought or carried what is noted here; of others nothing is kept.
    void noteSessions(const QList<smtp::SessionFacts> &sessions);
    void noteTrace(const smtp::SessionTrace &piece); ///< of those
    /// At a start: the entries as the queue found them, and those that were done when nothing of that was
    /// noted any more.
    void catchUp(const QList<QueueEntry> &waiting);

    /// Those that have a record, in that order, without their sessions; damaged records are read as far as
    /// they can be.
    [[nodiscard]] Task<QList<Journey>> journeys(const QList<QByteArray> &queueIds);
    /// Newest first; none is an empty list.
    [[nodiscard]] Task<QList<Journey>> find(const JourneyKey &key);
    [[nodiscard]] Task<QList<Journey>> ofSession(const QByteArray &sessionId);
    /// Of what was made from that message, newest first, without their sessions.
    [[nodiscard]] Task<QList<Journey>> madeFrom(const OriginalKey &original);
    [[nodiscard]] Task<JourneyList> list(const JourneyFilter &filter);
    /// Permanently. Of an entry that is noted again a new one begins.
    Task<void> remove(const QList<QByteArray> &queueIds);

Q_SIGNALS:
    void troubled(const glasspost::mail::Error &error);

private:
    explicit JourneyStore(QString dataFolder, int keptDays, const JourneyLimits &limits);
    void add(const JourneyNote &note);
    [[nodiscard]] bool hasNews() const;
    void await(const QByteArray &sessionId);
    void write();
    void sync();
    void takeWritten(const JourneyFiles::Appended &appended);

    QString m_dataFolder;
    int m_keptDays;
    QTimer m_due; ///< to write
    QTimer m_syncDue; ///< since the first write that the disk may not have yet
    QList<JourneyNote> m_notes;
    QList<smtp::SessionFacts> m_sessions;
    QList<smtp::SessionTrace> m_traces;
    /// Of a session that came to nothing before it was said whose it was.
    QHash<QByteArray, smtp::SessionTrace> m_early;
    QSet<QByteArray> m_awaited; ///< sessions of what was noted that have not ended
    QSet<QByteArray> m_recorded; ///< entries not done that a note tells whole: of the others no copy is kept
    bool m_isTroubled = false;
    bool m_hasLeft = false; ///< of what was written; it goes first the next time
    std::shared_ptr<JourneyFiles> m_files; ///< on the worker
    Worker m_worker{QStringLiteral("journeys")};
};

} // namespace glasspost::mail
