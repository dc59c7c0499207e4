// What a session tells of itself: what was said, once it has left, and its trace.

#include "smtp/client/clientsessionprivate.h"

#include <algorithm>
#include <utility>

namespace glasspost::smtp {

void ClientSession::Private::record(TranscriptEntry entry)
{
    if (entry.speaker == Speaker::Client || !held.isEmpty())
        held.append({std::move(entry), -1});
    else
        show(std::move(entry));
}

void ClientSession::Private::show(TranscriptEntry entry)
{
    entry.at = microsecondsNow();
    if (entry.speaker == Speaker::Event)
        tracer.noted(entry.bytes, entry.at);
    transcripts.recorded(facts.id, std::move(entry));
}

void ClientSession::Private::releaseHeld()
{
    if (socket.state() != QAbstractSocket::ConnectedState || socket.encryptedBytesToWrite() > 0)
        return;
    left = handedOver - socket.bytesToWrite();
    while (!held.isEmpty() && held.constFirst().behind >= 0 && held.constFirst().behind <= left)
        show(held.takeFirst().entry);
}

void ClientSession::Private::dropUnsaid()
{
    releaseHeld();
    const qint64 unsaid = handedOver - left;
    for (Held &one : held) {
        TranscriptEntry &entry = one.entry;
        if (entry.isData) { // a part of it may have left
            entry.dataSize = std::max<qint64>(0, entry.dataSize - unsaid);
            entry.bytes.truncate(entry.dataSize);
        }
        if (entry.speaker != Speaker::Client || entry.dataSize > 0)
            show(std::move(entry));
    }
    held.clear();
    handedOver = left = 0;
}

void ClientSession::Private::record(Speaker speaker, const QByteArray &bytes)
{
    TranscriptEntry entry;
    entry.speaker = speaker;
    entry.bytes = bytes;
    record(std::move(entry));
}

void ClientSession::Private::tellTrace()
{
    if (const auto piece = tracer.take())
        transcripts.traced(*piece);
}

void ClientSession::Private::tellEnd(SessionOutcome outcome, const QByteArray &why)
{
    tracer.end(microsecondsNow());
    tellTrace();
    note("closed: " + why);
    facts.outcome = outcome;
    facts.ending = why;
    facts.endedAt = microsecondsNow();
    transcripts.closed(facts);
}

} // namespace glasspost::smtp
