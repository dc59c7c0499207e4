#pragma once

#include "mail/base/task.h"
#include "mail/transcripts/transcriptbatch.h"

#include <QObject>

namespace glasspost::mail {

/// The SMTP sessions, past and alive, in and out, with what was said in them. Any thread may call; every
/// method returns at once. recorded() is emitted on the thread that made the mail system, some 30 times a
/// second at most.
class Sessions : public QObject
{
    Q_OBJECT
public:
    virtual Task<QList<smtp::SessionFacts>> list(int offset, int limit) = 0; ///< newest first
    virtual Task<Transcript> transcript(const QByteArray &sessionId) = 0; ///< NotFound when it is not kept
    /// The same with its last lines alone, so many at most: without reading the others.
    virtual Task<Transcript> lastLines(const QByteArray &sessionId, qsizetype most) = 0;
    virtual Task<smtp::SessionFacts> facts(const QByteArray &sessionId) = 0; ///< likewise, with no line

Q_SIGNALS:
    void recorded(const glasspost::mail::TranscriptBatch &batch);
};

} // namespace glasspost::mail
