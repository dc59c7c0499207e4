#pragma once

// Sessions without a mail system, for a window's test.

#include "mail/system/sessions.h"

namespace glasspost::test {

/// Keeps nothing: every session is new.
class FakeSessions : public mail::Sessions
{
public:
    /// As when these were opened, changed or closed, and this was said in them.
    void record(const mail::TranscriptBatch &batch) { Q_EMIT recorded(batch); }

    mail::Task<QList<smtp::SessionFacts>> list(int, int) override
    {
        return mail::Result<QList<smtp::SessionFacts>>();
    }
    mail::Task<mail::Transcript> transcript(const QByteArray &sessionId) override
    {
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromLatin1(sessionId), {}});
    }
    mail::Task<mail::Transcript> lastLines(const QByteArray &sessionId, qsizetype) override
    {
        return transcript(sessionId);
    }
    mail::Task<smtp::SessionFacts> facts(const QByteArray &sessionId) override
    {
        return tl::unexpected(mail::Error{mail::ErrorCode::NotFound, QString::fromLatin1(sessionId), {}});
    }
};

} // namespace glasspost::test
