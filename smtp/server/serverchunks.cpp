#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/syntax/bdat.h"

#include <algorithm>
#include <utility>

// RFC 3030: BDAT says how many octets follow it. Whatever the answer, those octets are no commands.

namespace glasspost::smtp {

namespace {

Reply malformedBdat()
{
    return makeReply(501, {5, 5, 4}, "Syntax: BDAT octets [LAST]; the end of the chunk is unknown");
}

} // namespace

/// A chunk that is taken. The first of a message asks the owner, as DATA does.
void ServerEngine::bdat(QByteArrayView argument)
{
    const std::optional<BdatArgument> chunk = parseBdat(argument);
    if (!chunk) {
        sayAndClose(malformedBdat());
        return;
    }
    if (chunk->size == 0 && chunk->place == BdatArgument::Place::Inner)
        m_budget.countJunk(); // S57: a loop of them moves nothing
    const bool isFirst = m_state == ServerState::RcptGiven;
    if (isFirst)
        m_stream.begin(m_envelope.body);
    const bool isLast = chunk->place == BdatArgument::Place::Last;
    m_chunk = {*chunk, chunk->size, {}, m_state, isLast ? ChunkEnd::LastTaken : ChunkEnd::Taken};
    if (chunk->size > m_settings.limits.messageSize - m_stream.size()) {
        failMessage(tooLargeReply(m_settings.limits));
        takeChunkOctets();
    } else if (isFirst) {
        ask(Pending::FirstChunk, DataAsked{m_envelope});
    } else {
        takeChunkOctets();
    }
}

void ServerEngine::answerFirstChunk(const Reply &reply)
{
    if (reply.isTransient() || reply.isPermanent())
        refuseChunk(reply);
    takeChunkOctets();
}

/// RFC 3030 2: the octets of a chunk are read and thrown away before the refusal is said.
void ServerEngine::skipChunk(QByteArrayView argument, const Reply &refusal)
{
    const std::optional<BdatArgument> chunk = parseBdat(argument);
    if (!chunk) {
        sayAndClose(malformedBdat());
        return;
    }
    const bool isLast = chunk->place == BdatArgument::Place::Last;
    m_chunk = {*chunk, chunk->size, refusal, m_state, isLast ? ChunkEnd::LastSkipped : ChunkEnd::Skipped};
    takeChunkOctets();
}

/// From here to the end of the chunk octets are the message's, or nobody's.
void ServerEngine::takeChunkOctets()
{
    const bool isSkipped = m_chunk.end == ChunkEnd::Skipped || m_chunk.end == ChunkEnd::LastSkipped;
    if (isSkipped)
        advance(ServerTrigger::ChunkSkipped);
    else
        accepted(Verb::Bdat);
    if (m_chunk.left == 0)
        finishChunk();
}

void ServerEngine::takeChunk(QByteArrayView &input)
{
    const auto count = static_cast<qsizetype>(std::min<qint64>(m_chunk.left, input.size()));
    const QByteArrayView octets = input.first(count);
    input = input.sliced(count);
    m_chunk.left -= count;
    const bool isEnd = m_chunk.left == 0;
    if (!m_chunk.refusal) {
        m_stream.takeChunk(octets);
        handOver(octets, isEnd ? Pending::LastOctets : Pending::Octets);
        return;
    }
    m_stream.keepWire(octets);
    if (isEnd)
        finishChunk();
}

void ServerEngine::finishChunk()
{
    recordData();
    const bool isLast = m_chunk.argument.place == BdatArgument::Place::Last;
    if (!m_chunk.refusal && isLast)
        m_stream.finishChunks();
    if (!m_chunk.refusal && m_stream.isFaulty())
        failMessage(m_stream.fault());
    if (m_chunk.refusal) {
        leaveChunk();
        say(*std::exchange(m_chunk.refusal, {}));
    } else if (isLast) {
        ask(Pending::DataEnd, MessageEnded{});
    } else {
        leaveChunk();
        say(makeReply(250, {2, 0, 0}, QByteArray::number(m_chunk.argument.size) + " octets received"));
    }
}

void ServerEngine::leaveChunk()
{
    enter(stateAfter(m_chunk.saidIn, m_chunk.end));
}

/// The engine's own refusal of a message that comes in chunks.
void ServerEngine::failMessage(const Reply &reply)
{
    tell(MessageRefused{m_envelope, reply});
    countRefused(reply, m_envelope.recipients.size());
    refuseChunk(reply);
}

/// RFC 3030 2: after a chunk that failed the transaction is over; chunks that were on their way are eaten
/// until LAST or RSET.
void ServerEngine::refuseChunk(const Reply &reply)
{
    m_chunk.refusal = reply;
    const bool isLast = m_chunk.argument.place == BdatArgument::Place::Last;
    m_chunk.end = isLast ? ChunkEnd::LastFailed : ChunkEnd::Failed;
    m_envelope = {};
    tell(TransactionReset{});
}

} // namespace glasspost::smtp
