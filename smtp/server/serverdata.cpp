#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/session/wallclock.h"

#include <algorithm>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype keptWireOctets = 32 * 1024;

} // namespace

void ServerEngine::data(QByteArrayView argument)
{
    if (!argument.isEmpty()) {
        say(makeReply(501, {5, 5, 4}, "DATA takes no argument"));
        return;
    }
    if (m_envelope.body == BodyType::BinaryMime) { // RFC 3030 3
        say(makeReply(503, {5, 5, 1}, "BODY=BINARYMIME goes with BDAT, not with DATA"));
        return;
    }
    if (m_envelope.recipients.isEmpty()) { // RFC 5321 3.3: 554 when no recipient was accepted
        say(makeReply(554, {5, 5, 1}, "No valid recipients"));
        return;
    }
    ask(Question::DataBegin);
    m_handler->dataBegin(m_envelope);
}

void ServerEngine::answerDataBegin(const Reply &reply)
{
    if (reply.isTransient() || reply.isPermanent()) {
        say(reply);
        return;
    }
    beginMessage();
    accepted(Verb::Data);
    say(reply.isNull() ? makeReply(354, "End data with <CR><LF>.<CR><LF>") : reply);
}

/// What was known of the message before is forgotten.
void ServerEngine::beginMessage()
{
    using LineEnds = MessageCheck::LineEnds;
    const bool isBinary = m_envelope.body == BodyType::BinaryMime;
    const bool marks = m_settings.bareLineFeeds == BareLineFeeds::Marked;
    m_check.begin(isBinary ? LineEnds::Any : marks ? LineEnds::LfToo : LineEnds::CrlfOnly);
    m_hasMarkedLf = false;
    m_decoder.clear();
    m_lines.clear();
    m_wireKept.resize(0);
    m_wireRoom = keptWireOctets;
    m_wireSize = 0;
    m_dataEnded = false;
}

void ServerEngine::keepWire(QByteArrayView octets)
{
    const QByteArrayView kept = octets.first(std::min(m_wireRoom, octets.size()));
    m_wireKept.append(kept);
    m_wireRoom -= kept.size();
    m_wireSize += octets.size();
}

void ServerEngine::takeData(QByteArrayView &input)
{
    const QByteArrayView before = input;
    m_decoded.resize(0);
    const bool ended = m_decoder.decode(input, m_decoded);
    keepWire(before.first(before.size() - input.size()));
    // A fault is told at the true end; until then octets go on being read.
    m_check.see(m_decoded, m_decoder.facts(), m_settings.limits);
    markBareLf(m_decoder.facts());
    m_dataEnded = ended;
    handOver(m_decoded);
    if (ended && !m_dataPaused)
        finishData();
}

/// The first bare LF of a message is noted, where it is not refused.
void ServerEngine::markBareLf(const LineFacts &lines)
{
    const bool isMarked
        = m_settings.bareLineFeeds == BareLineFeeds::Marked && m_envelope.body != BodyType::BinaryMime;
    if (!isMarked || !lines.hasBareLf || std::exchange(m_hasMarkedLf, true))
        return;
    m_handler->tolerated(tolerate("DATA", "bare line feeds"));
}

void ServerEngine::handOver(QByteArrayView octets)
{
    if (m_check.isFaulty() || octets.isEmpty())
        return;
    // Set first: the owner may end the pause before dataChunk has returned.
    m_dataPaused = true;
    if (m_handler->dataChunk(octets) == DataFlow::Continue)
        m_dataPaused = false;
}

void ServerEngine::resumeData()
{
    if (!std::exchange(m_dataPaused, false) || m_processing)
        return;
    if (m_dataEnded) {
        m_processing = true;
        if (m_state == ServerState::Chunk)
            finishChunk();
        else
            finishData();
        m_processing = false;
    }
    continueAfterAnswer();
}

void ServerEngine::finishData()
{
    constexpr qint64 dotLine = 3; // "." CRLF
    m_dataEnded = false;
    m_wireSize -= dotLine;
    recordData();
    record(Speaker::Client, ".");
    if (m_check.isFaulty()) {
        const Reply reply = m_check.reply(m_settings.limits);
        m_handler->refused(m_envelope, reply);
        refuseMessage(reply);
        return;
    }
    ask(Question::DataEnd);
    m_handler->dataEnd();
}

void ServerEngine::recordData()
{
    TranscriptEntry entry;
    entry.at = microsecondsNow();
    entry.speaker = Speaker::Client;
    entry.isData = true;
    entry.dataSize = std::exchange(m_wireSize, 0);
    m_wireKept.truncate(std::min<qint64>(m_wireKept.size(), entry.dataSize));
    entry.bytes = std::exchange(m_wireKept, {});
    m_owner.transcripts.recorded(m_facts.id, std::move(entry));
}

/// Where the message leads that came by DATA, or in chunks.
void ServerEngine::messageOver()
{
    if (m_state == ServerState::Chunk)
        leaveChunk();
    else
        advance(ServerTrigger::MessageOver);
}

/// The transaction is over either way: RFC 5321 4.1.1.4 clears all buffers after the end of data.
void ServerEngine::refuseMessage(const Reply &reply)
{
    m_envelope = {};
    messageOver();
    m_handler->reset();
    say(reply);
}

void ServerEngine::answerDataEnd(const Reply &reply)
{
    const Reply said = reply.isNull() ? makeReply(250, {2, 0, 0}, "Message accepted") : reply;
    if (!said.isPositive()) {
        refuseMessage(said);
    } else {
        m_envelope = {};
        m_errors = 0;
        m_idleCommands = 0;
        ++m_facts.messages;
        messageOver();
        m_handler->reset();
        say(said);
        factsChanged();
    }
    if (m_shuttingDown)
        shutdown();
}

} // namespace glasspost::smtp
