#pragma once

// Sessions as values, for tests of what shows them.

#include "mail/transcripts/transcriptbatch.h"

namespace glasspost::test {

constexpr qint64 dialogueStart = 1700000000000000; ///< microseconds since the Unix epoch

inline smtp::TranscriptEntry said(smtp::Speaker who, const QByteArray &bytes, int ms = 0)
{
    return {dialogueStart + ms * 1000, who, false, bytes, 0};
}

/// "C: EHLO a", "S: 250 ok", "-: event"; "D: " is the content of a message.
inline QList<smtp::TranscriptEntry> dialogue(const QList<QByteArray> &lines)
{
    QList<smtp::TranscriptEntry> entries;
    for (const QByteArray &line : lines) {
        const char mark = line.front();
        const smtp::Speaker who = mark == 'S' ? smtp::Speaker::Server
            : mark == '-'                     ? smtp::Speaker::Event
                                              : smtp::Speaker::Client;
        entries.append(said(who, line.mid(3), int(entries.size())));
        entries.last().isData = mark == 'D';
        entries.last().dataSize = mark == 'D' ? line.size() - 3 : 0;
    }
    return entries;
}

inline smtp::SessionFacts sessionFacts(
    const QByteArray &id, smtp::SessionOutcome outcome = smtp::SessionOutcome::Open)
{
    smtp::SessionFacts facts;
    facts.id = id;
    facts.outcome = outcome;
    facts.startedAt = dialogueStart;
    facts.peerName = "client.example.test";
    return facts;
}

inline mail::TranscriptBatch sessionBatch(
    const smtp::SessionFacts &facts, const QList<smtp::TranscriptEntry> &entries)
{
    mail::TranscriptBatch batch;
    batch.sessions = {facts};
    for (const smtp::TranscriptEntry &entry : entries)
        batch.entries.append({facts.id, entry});
    return batch;
}

} // namespace glasspost::test
