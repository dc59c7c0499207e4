#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"

#include <algorithm>
#include <chrono>
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
    beginData();
    say(reply.isNull() ? makeReply(354, "End data with <CR><LF>.<CR><LF>") : reply);
}

void ServerEngine::beginData()
{
    m_decoder.clear();
    m_header.clear();
    m_fault = DataFault::None;
    m_wireKept.resize(0);
    m_wireSize = 0;
    m_dataEnded = false;
    enter(ServerState::Data);
}

void ServerEngine::takeData(QByteArrayView &input)
{
    const QByteArrayView before = input;
    m_decoded.resize(0);
    const bool ended = m_decoder.decode(input, m_decoded);
    const QByteArrayView wire = before.first(before.size() - input.size());
    const qsizetype room = std::max<qsizetype>(0, keptWireOctets - m_wireKept.size());
    m_wireKept.append(wire.first(std::min(room, wire.size())));
    m_wireSize += wire.size();
    judgeData();
    m_dataEnded = ended;
    handOver();
    if (ended && !m_dataPaused)
        finishData();
}

/// The first fault found stays the one that is told; octets go on being read until the true end.
void ServerEngine::judgeData()
{
    if (!m_header.isDone())
        m_header.scan(m_decoded);
    // Judged anew each time, so that the fault named does not hang on how the octets came: none of these is
    // ever taken back.
    const ServerLimits &limits = m_settings.limits;
    if (m_decoder.hasBareLf())
        m_fault = DataFault::BareLf;
    else if (m_decoder.hasBareCr())
        m_fault = DataFault::BareCr;
    else if (m_decoder.size() > limits.messageSize)
        m_fault = DataFault::TooLarge;
    else if (m_decoder.longestLine() > limits.textLine)
        m_fault = DataFault::LineTooLong;
    else if (m_header.size() > limits.headerSize)
        m_fault = DataFault::HeaderTooLarge;
    else if (m_header.receivedFields() > limits.hops)
        m_fault = DataFault::Loop;
}

void ServerEngine::handOver()
{
    if (m_fault != DataFault::None || m_decoded.isEmpty())
        return;
    // Set first: the owner may end the pause before dataChunk has returned.
    m_dataPaused = true;
    if (m_handler->dataChunk(m_decoded) == DataFlow::Continue)
        m_dataPaused = false;
}

void ServerEngine::resumeData()
{
    if (!std::exchange(m_dataPaused, false) || m_processing)
        return;
    if (m_dataEnded) {
        m_processing = true;
        finishData();
        m_processing = false;
    }
    continueAfterAnswer();
}

Reply ServerEngine::faultReply() const
{
    switch (m_fault) {
    case DataFault::BareCr:
        return makeReply(550, {5, 5, 2}, "bare <CR> received"); // RFC 5321 2.3.8
    case DataFault::BareLf:
        return makeReply(550, {5, 5, 2}, "bare <LF> received");
    case DataFault::TooLarge:
        return makeReply(
            552, {5, 3, 4}, "Message larger than " + QByteArray::number(m_settings.limits.messageSize));
    case DataFault::LineTooLong:
        return makeReply(500, {5, 5, 2}, "Line too long");
    case DataFault::HeaderTooLarge:
        return makeReply(552, {5, 3, 4}, "Header too large");
    case DataFault::Loop:
        return makeReply(554, {5, 4, 6}, "Too many hops"); // RFC 5321 6.3
    case DataFault::None:
        break;
    }
    return {};
}

void ServerEngine::finishData()
{
    m_dataEnded = false;
    recordData(true);
    if (m_fault != DataFault::None) {
        const Reply reply = faultReply();
        m_handler->refused(m_envelope, reply);
        refuseMessage(reply);
        return;
    }
    ask(Question::DataEnd);
    m_handler->dataEnd();
}

void ServerEngine::recordData(bool complete)
{
    constexpr qint64 dotLine = 3; // "." CRLF
    TranscriptEntry entry;
    entry.at = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch())
                   .count();
    entry.speaker = Speaker::Client;
    entry.isData = true;
    entry.dataSize = m_wireSize - (complete ? dotLine : 0);
    m_wireKept.truncate(std::min<qint64>(m_wireKept.size(), entry.dataSize));
    entry.bytes = std::exchange(m_wireKept, {});
    m_owner.transcripts.recorded(m_facts.id, std::move(entry));
    m_wireSize = 0;
    if (complete)
        record(Speaker::Client, ".");
}

/// The transaction is over either way: RFC 5321 4.1.1.4 clears all buffers after the end of data.
void ServerEngine::refuseMessage(const Reply &reply)
{
    m_envelope = {};
    enter(ServerState::Identified);
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
        enter(ServerState::Identified);
        m_handler->reset();
        say(said);
        factsChanged();
    }
    if (m_shuttingDown)
        shutdown();
}

} // namespace glasspost::smtp
