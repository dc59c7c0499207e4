#pragma once

#include "mail/base/task.h"
#include "mail/transcripts/transcriptbatch.h"
#include "mail/transcripts/transcriptfiles.h"
#include "smtp/session/transcript.h"

#include <QList>
#include <QObject>

#include <limits>
#include <memory>
#include <utility>

namespace glasspost::mail {

/// Keeps every session's transcript in sessions/, one file a day that is only appended to, one JSON object a
/// line, and hands what is new to the window in batches. The sink's functions only note under a short lock
/// (they are called on the mail thread, tens of thousands of times a second); a thread of its own writes some
/// four times a second and at once at the end. What a session, a day and the folder may take is bounded
/// (TranscriptLimits), and what is left out is said. Transcripts live and past are asked for by session id. A
/// session of which a crash cut the end is listed with what was written, as Broken.
class TranscriptStore : public QObject, public smtp::TranscriptSink
{
    Q_OBJECT
public:
    static Result<std::unique_ptr<TranscriptStore>> open(
        const QString &dataFolder, int keptDays, const TranscriptLimits &limits = {});
    ~TranscriptStore() override;

    void opened(const smtp::SessionFacts &session) override;
    void recorded(const QByteArray &sessionId, smtp::TranscriptEntry entry) override;
    void changed(const smtp::SessionFacts &session) override;
    void closed(const smtp::SessionFacts &session) override;
    void traced(const smtp::SessionTrace &piece) override { Q_EMIT sessionTraced(piece); }

    /// Newest first; entries that are still in memory included.
    Task<QList<smtp::SessionFacts>> sessions(int offset, int limit);
    /// Whole, or its last entries, so many at most.
    Task<Transcript> transcript(
        const QByteArray &sessionId, qsizetype most = std::numeric_limits<qsizetype>::max());
    Task<smtp::SessionFacts> facts(const QByteArray &sessionId);

Q_SIGNALS:
    /// What came since the last time, at most some 30 a second, and none before the last was dealt with; past
    /// 2000 entries a batch the middle ones are left out here, and the oldest of 4000 sessions (not on disk).
    /// Emitted on the thread this object lives on.
    void batched(const QList<glasspost::smtp::SessionFacts> &sessions,
        const QList<std::pair<QByteArray, glasspost::smtp::TranscriptEntry>> &entries);
    /// Kept here by nobody: the journeys do (mail/journey/journeystore.h). At once, on the sessions' thread.
    void sessionTraced(const glasspost::smtp::SessionTrace &piece);
    void troubled(const glasspost::mail::Error &error);

private:
    TranscriptStore();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace glasspost::mail
