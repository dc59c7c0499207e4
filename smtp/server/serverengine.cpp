#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/session/wallclock.h"
#include "smtp/syntax/octets.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace glasspost::smtp {

namespace {

QByteArray endingWords(ServerEnding ending, ServerState state)
{
    const QByteArray place = serverStateName(state);
    switch (ending) {
    case ServerEnding::PeerClosed:
        return "closed by the client in " + place;
    case ServerEnding::ConnectionLost:
        return "connection lost in " + place;
    case ServerEnding::IdleTimeout:
        return "time-out in " + place;
    case ServerEnding::TooSlow:
        return "too slow in " + place;
    case ServerEnding::NoMessage:
        return "no message for too long in " + place;
    case ServerEnding::Shutdown:
        return "shutdown";
    case ServerEnding::HandshakeFailed:
        return "TLS handshake failed";
    }
    return {};
}

} // namespace

ServerEngine::ServerEngine(const ServerSettings &settings, const Binding &binding, SessionFacts facts,
    const Owner &owner, ServerTransport &transport)
    : m_settings(settings), m_binding(binding), m_facts(std::move(facts)), m_owner(owner),
      m_transport(transport), m_handler(owner.handlers.create(*this, binding.name)),
      m_socketPeer(m_facts.peerAddress),
      m_framer(std::max<qsizetype>(saslLineLimit, settings.limits.commandLine))
{ }

ServerEngine::~ServerEngine() = default;

void ServerEngine::start()
{
    m_owner.transcripts.opened(m_facts);
    note("connected from " + m_facts.peerAddress.toString().toLatin1() + " port "
        + QByteArray::number(m_facts.peerPort));
    m_processing = true;
    if (m_binding.proxyHeaders == ProxyHeaders::Expected)
        awaitProxy();
    else
        open();
    m_processing = false;
    flush();
}

/// The client is known: TLS first where the binding speaks it, then the greeting.
void ServerEngine::open()
{
    if (m_binding.tls == TlsMode::Implicit) { // RFC 8314 3.3
        advance(ServerTrigger::TlsAwaited);
        m_transport.startHandshake();
        return;
    }
    advance(ServerTrigger::ClientKnown);
    ask(Question::Connected);
    m_handler->connected(m_facts);
}

void ServerEngine::tlsEstablished(const TlsEstablished &tls)
{
    if (m_state != ServerState::Handshake)
        return;
    m_facts.tls = tls.description;
    m_bindings = tls.bindings;
    m_peerCertificate = tls.peer;
    note(tls.description);
    for (const QByteArray &event : tls.events)
        note(event);
    factsChanged();
    m_backlog.clear();
    m_framer.clear();
    if (m_binding.tls == TlsMode::Implicit) {
        advance(ServerTrigger::ClientKnown);
        ask(Question::Connected);
        m_handler->connected(m_facts);
        return;
    }
    // RFC 3207 4.2: nothing said before the handshake is kept.
    m_facts.peerName.clear();
    m_facts.esmtp = false;
    m_facts.user.clear();
    m_facts.isUserUnchecked = false;
    m_signIn = SignIn::None;
    advance(ServerTrigger::StartTlsDone);
}

bool ServerEngine::isBlocked() const
{
    return m_dataPaused || m_delayed || m_deriving || m_state == ServerState::Handshake
        || m_state == ServerState::Closed
        || (m_question != Question::None && m_question != Question::Connected);
}

/// Every way into a state. That the table has none from here is a fault of ours.
void ServerEngine::enter(std::optional<ServerState> state)
{
    Q_ASSERT(state);
    const ServerState from = std::exchange(m_state, *state);
    if (from != *state)
        m_transport.stateEntered(from, *state);
}

void ServerEngine::receive(QByteArrayView octets)
{
    if (m_state == ServerState::Closed || m_state == ServerState::Handshake)
        return;
    if (m_processing || isBlocked()) {
        m_backlog.append(octets);
        return;
    }
    if (m_backlog.isEmpty()) {
        run(octets);
    } else {
        m_backlog.append(octets);
        const QByteArray all = std::exchange(m_backlog, {});
        run(all);
    }
    flush();
}

void ServerEngine::run(QByteArrayView octets)
{
    m_processing = true;
    m_input = octets;
    while (!m_input.isEmpty() && !isBlocked()) {
        if (m_state == ServerState::Data)
            takeData(m_input);
        else if (m_state == ServerState::Chunk)
            takeChunk(m_input);
        else if (m_state == ServerState::Proxy)
            takeProxyHeader(m_input);
        else
            takeLine(m_input);
    }
    m_processing = false;
    if (m_state == ServerState::Closed || m_state == ServerState::Handshake)
        m_backlog.clear();
    else if (!m_input.isEmpty())
        m_backlog.prepend(m_input.toByteArray());
    m_input = {};
}

/// After an answer of the owner that came later, not from within run().
void ServerEngine::continueAfterAnswer()
{
    if (m_processing)
        return;
    if (!m_backlog.isEmpty() && !isBlocked()) {
        const QByteArray all = std::exchange(m_backlog, {});
        run(all);
    }
    flush();
    if (!isBlocked())
        m_transport.wantsInput();
}

void ServerEngine::flush()
{
    // While more of a pipelined group waits to be answered, its replies wait too (RFC 2920 3.2).
    if (m_output.isEmpty() || m_delayed || (!m_backlog.isEmpty() && m_state != ServerState::Closed))
        return;
    m_transport.send(std::exchange(m_output, {}));
}

void ServerEngine::record(Speaker speaker, const QByteArray &line)
{
    m_owner.transcripts.recorded(m_facts.id, {microsecondsNow(), speaker, false, line, 0});
}

void ServerEngine::note(const QByteArray &event)
{
    record(Speaker::Event, event);
}

/// Puts a reply on its way and counts what it means for the limits.
void ServerEngine::say(const Reply &reply)
{
    sayPlain(reply);
    if (reply.isTransient() || reply.isPermanent())
        m_lastRefusal = reply.toBytes();
    if (reply.code == 421) {
        closeSession(SessionOutcome::Broken, reply.toBytes());
    } else if (reply.isPermanent()) {
        ++m_errors;
        countErrors();
        if (m_errors > m_settings.limits.slowAfterErrors)
            delayReply();
    }
}

void ServerEngine::sayPlain(const Reply &reply)
{
    for (const QByteArray &line : reply.wireLines()) {
        m_output.append(line).append("\r\n");
        record(Speaker::Server, line);
    }
}

void ServerEngine::sayAndClose(const Reply &reply)
{
    sayPlain(reply);
    if (reply.code != 421) // RFC 5321 3.8: who has to close says so
        sayPlain(makeReply(421, {4, 7, 0}, m_settings.hostName + " Closing connection"));
    closeSession(SessionOutcome::Broken, reply.toBytes());
}

void ServerEngine::countErrors()
{
    if (m_state == ServerState::Closed)
        return;
    if (m_errors >= m_settings.limits.errors)
        sayAndClose(makeReply(421, {4, 7, 0}, m_settings.hostName + " Too many errors"));
    else if (m_idleCommands > m_settings.limits.junkCommands)
        sayAndClose(makeReply(421, {4, 7, 0}, m_settings.hostName + " Too many commands without a message"));
}

/// Who makes mistake after mistake, or tries password after password, waits for the answer (S105, S109).
void ServerEngine::delayReply()
{
    if (m_delayed || m_state == ServerState::Closed || m_settings.limits.errorDelay.count() == 0)
        return;
    m_delayed = true;
    m_transport.startDelay(m_settings.limits.errorDelay);
}

void ServerEngine::delayOver()
{
    if (std::exchange(m_delayed, false) && m_state != ServerState::Closed)
        continueAfterAnswer();
}

void ServerEngine::closeSession(SessionOutcome outcome, const QByteArray &why)
{
    if (m_state == ServerState::Closed)
        return;
    const bool isMessage = m_state == ServerState::Data || m_state == ServerState::Chunk;
    if (isMessage && m_question != Question::DataEnd)
        keepWire(std::exchange(m_backlog, {}));
    if (m_wireSize > 0)
        recordData();
    recordUnserved("the session ended before this was served");
    m_question = Question::None;
    m_backlog.clear();
    m_sasl.reset();
    advance(ServerTrigger::Ended);
    m_facts.outcome = outcome;
    m_facts.ending = why;
    note("closed: " + why);
    m_facts.endedAt = microsecondsNow();
    m_handler->closed(m_facts);
    m_owner.transcripts.closed(m_facts);
    if (!m_output.isEmpty())
        m_transport.send(std::exchange(m_output, {}));
    m_transport.close();
}

void ServerEngine::end(ServerEnding ending, const QByteArray &detail)
{
    if (m_state == ServerState::Closed)
        return;
    QByteArray why = endingWords(ending, m_state);
    if (!detail.isEmpty())
        why += ": " + detail;
    // RFC 5321 3.8: a server that has to close says 421 first, where it still can.
    if (ending == ServerEnding::IdleTimeout && canSpeak())
        sayPlain(makeReply(421, {4, 4, 2}, m_settings.hostName + " Time-out, closing connection"));
    else if (ending == ServerEnding::TooSlow && canSpeak())
        sayPlain(makeReply(421, {4, 4, 2}, m_settings.hostName + " Too slow, closing connection"));
    else if (ending == ServerEnding::NoMessage && canSpeak())
        sayPlain(makeReply(421, {4, 4, 2}, m_settings.hostName + " No message for too long"));
    const bool refusedCertificate = ending == ServerEnding::PeerClosed && m_state == ServerState::Greeted
        && isSecured() && m_binding.tls != TlsMode::Implicit;
    if (refusedCertificate) // some clients look at the certificate once the handshake is done
        why = "TLS handshake failed: the client closed right behind it";
    const bool left = !refusedCertificate && ending == ServerEnding::PeerClosed && !isAmidSomething();
    if (!left)
        closeSession(SessionOutcome::Broken, why);
    else if (m_facts.messages > 0)
        closeSession(SessionOutcome::Completed, "closed by the client without QUIT");
    else if (!m_lastRefusal.isEmpty())
        closeSession(SessionOutcome::Refused, m_lastRefusal);
    else
        closeSession(SessionOutcome::Completed, "closed by the client without a message");
}

/// A command, a transaction or an exchange has begun and is not done.
bool ServerEngine::isAmidSomething() const
{
    const bool isBetween = m_state == ServerState::Greeted || m_state == ServerState::Identified;
    return !isBetween || isBlocked() || m_framer.pendingSize() > 0 || !m_backlog.isEmpty();
}

void ServerEngine::shutdown()
{
    if (m_state == ServerState::Closed)
        return;
    if (m_question == Question::DataEnd) {
        m_shuttingDown = true;
        return;
    }
    if (canSpeak())
        sayPlain(makeReply(421, {4, 3, 2}, m_settings.hostName + " Shutting down, try again later"));
    closeSession(SessionOutcome::Broken, endingWords(ServerEnding::Shutdown, m_state));
}

void ServerEngine::reply(const Reply &reply)
{
    const Question question = std::exchange(m_question, Question::None);
    switch (question) {
    case Question::None:
        return;
    case Question::Connected:
        answerConnected(reply);
        break;
    case Question::Mail:
        answerMail(reply);
        break;
    case Question::Rcpt:
        answerRcpt(reply);
        break;
    case Question::DataBegin:
        answerDataBegin(reply);
        break;
    case Question::FirstChunk:
        answerFirstChunk(reply);
        break;
    case Question::DataEnd:
        answerDataEnd(reply);
        break;
    case Question::Verify:
        say(reply.isNull() ? makeReply(252, {2, 5, 0}, "Cannot verify, but will take the message and try")
                           : reply);
        break;
    case Question::Expand:
        say(reply.isNull() ? makeReply(252, {2, 5, 0}, "Cannot expand, but will take the message and try")
                           : reply);
        break;
    }
    continueAfterAnswer();
}

} // namespace glasspost::smtp
