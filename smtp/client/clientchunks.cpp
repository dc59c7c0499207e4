// The message in chunks, RFC 3030: BDAT n and n octets, again and again, the last one marked; no dot is
// stuffed. Where the server pipelines, no chunk waits for the reply to the one before.

#include "smtp/client/clientengine.h"

namespace glasspost::smtp {

void ClientEngine::beginChunks()
{
    enter(ClientState::Chunk);
    m_chunks = Chunks::More;
    const auto framing
        = m_transaction->isBinary() ? ContentFramer::Framing::BinaryChunks : ContentFramer::Framing::Chunks;
    if (!m_body.begin(m_transaction->message(), framing))
        failBody();
}

bool ClientEngine::wantsChunk() const
{
    // LMTP: after a refused chunk nobody says how many replies a last one still has.
    const bool ahead = pipelines() && !speaksLmtp();
    return m_state == ClientState::Chunk && m_chunks == Chunks::More && (ahead || m_awaited.isEmpty());
}

QByteArray ClientEngine::takeChunk()
{
    const auto chunk = m_body.takeChunk(m_settings.chunkSize);
    if (!chunk) {
        failBody();
        return {};
    }
    const bool last = m_body.end() == ContentFramer::End::Last;
    const QByteArray line = "BDAT " + QByteArray::number(chunk->octets.size()) + (last ? " LAST" : "");
    m_events.append(LineSpoken{Speaker::Client, line});
    m_events.append(DataSpoken{chunk->kept, chunk->octets.size()});
    if (last) {
        m_chunks = Chunks::LastSaid;
        awaitEnd(line);
    } else {
        await({ClientState::Chunk, line, -1, true});
    }
    return line + "\r\n" + chunk->octets;
}

/// RFC 3030 2: a refused chunk is the end of the transaction; what was sent behind it is refused as well.
void ClientEngine::onChunk(Verdict verdict, const Outcome &outcome)
{
    if (verdict != Verdict::Accept && m_chunks != Chunks::Refused) {
        m_transaction->decideAccepted(outcome, m_now.wall);
        m_chunks = Chunks::Refused;
    }
    if (m_chunks == Chunks::Refused && m_awaited.isEmpty())
        endRound();
}

} // namespace glasspost::smtp
