#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"

#include <utility>

namespace glasspost::smtp {

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
    ask(Pending::DataBegin, DataAsked{m_envelope});
}

void ServerEngine::answerDataBegin(const Reply &reply)
{
    if (reply.isTransient() || reply.isPermanent()) {
        say(reply);
        return;
    }
    m_stream.begin(m_envelope.body);
    accepted(Verb::Data);
    say(reply.isNull() ? makeReply(354, "End data with <CR><LF>.<CR><LF>") : reply);
}

void ServerEngine::takeData(QByteArrayView &input)
{
    // A fault is told at the true end; until then octets go on being read.
    const bool isEnd = m_stream.takeData(input);
    handOver(m_stream.decoded(), isEnd ? Pending::LastOctets : Pending::Octets);
}

/// Asks the owner to take them, and waits until it has.
void ServerEngine::handOver(QByteArrayView octets, Pending pending)
{
    if (m_stream.takeBareLf())
        tell(DepartureTolerated{tolerate("DATA", "bare line feeds")});
    if (!m_stream.isFaulty() && !octets.isEmpty())
        ask(pending, OctetsReceived{octets});
    else if (pending == Pending::LastOctets)
        finishOctets();
}

void ServerEngine::octetsTaken(Moment now)
{
    if (m_pending != Pending::Octets && m_pending != Pending::LastOctets)
        return;
    m_now = now;
    if (std::exchange(m_pending, Pending::Nothing) == Pending::LastOctets)
        finishOctets();
    run();
}

void ServerEngine::finishOctets()
{
    if (m_state == ServerState::Chunk)
        finishChunk();
    else
        finishData();
}

void ServerEngine::finishData()
{
    recordData();
    record(Speaker::Client, ".");
    if (m_stream.isFaulty()) {
        const Reply reply = m_stream.fault();
        tell(MessageRefused{m_envelope, reply});
        refuseMessage(reply);
        return;
    }
    ask(Pending::DataEnd, MessageEnded{});
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
    countRefused(reply, m_envelope.recipients.size());
    m_envelope = {};
    messageOver();
    tell(TransactionReset{});
    say(reply);
}

void ServerEngine::answerDataEnd(const Reply &reply)
{
    const Reply said = reply.isNull() ? makeReply(250, {2, 0, 0}, "Message accepted") : reply;
    if (!said.isPositive()) {
        refuseMessage(said);
    } else {
        m_envelope = {};
        m_budget.messageAccepted();
        m_pace.messageSeen(m_now.steady);
        ++m_facts.messages;
        m_facts.octets += m_stream.messageSize();
        messageOver();
        tell(TransactionReset{});
        say(said);
        factsChanged();
    }
    if (m_isShuttingDown)
        shutdown(m_now);
}

} // namespace glasspost::smtp
