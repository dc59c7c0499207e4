#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/syntax/octets.h"

#include <algorithm>
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

/// What is said with 421 before the connection is closed for that; null: nothing.
const char *farewell(ServerEnding ending)
{
    switch (ending) {
    case ServerEnding::IdleTimeout:
        return " Time-out, closing connection";
    case ServerEnding::TooSlow:
        return " Too slow, closing connection";
    case ServerEnding::NoMessage:
        return " No message for too long";
    case ServerEnding::PeerClosed:
    case ServerEnding::ConnectionLost:
    case ServerEnding::Shutdown:
    case ServerEnding::HandshakeFailed:
        break;
    }
    return nullptr;
}

} // namespace

ServerEngine::ServerEngine(
    const ServerSettings &settings, const Binding &binding, SessionFacts facts, CredentialStore *credentials)
    : m_settings(settings), m_listenAddress(binding), m_facts(std::move(facts)), m_credentials(credentials),
      m_framer(std::max<qsizetype>(saslLineLimit, settings.limits.commandLine)), m_pace(settings.limits),
      m_budget(settings.limits), m_socketPeer(m_facts.peerAddress), m_stream(settings)
{ }

void ServerEngine::start(Moment now)
{
    m_now = now;
    m_pace.begin(now.steady);
    tell(SessionStarted{m_facts});
    if (m_listenAddress.unixPath.isEmpty())
        note("connected from " + m_facts.peerAddress.toString().toLatin1() + " port "
            + QByteArray::number(m_facts.peerPort));
    else
        note("connected at the Unix socket " + m_listenAddress.unixPath);
    if (m_listenAddress.proxyHeaders == ProxyHeaders::Expected)
        awaitProxy();
    else
        open();
    settle();
}

/// The client is known: TLS first where the binding speaks it, then the greeting.
void ServerEngine::open()
{
    if (m_listenAddress.tls == TlsMode::Implicit) { // RFC 8314 3.3
        advance(ServerTrigger::TlsAwaited);
        tell(HandshakeNeeded{});
        return;
    }
    advance(ServerTrigger::ClientKnown);
    askConnected();
}

void ServerEngine::tlsEstablished(const TlsEstablished &tls, Moment now)
{
    if (m_state != ServerState::Handshake)
        return;
    m_now = now;
    m_facts.tls = tls.description;
    m_channelBindings = tls.bindings;
    m_peerCertificate = tls.peer;
    note(tls.description);
    for (const QByteArray &event : tls.events)
        note(event);
    factsChanged();
    m_input = {};
    m_framer.clear();
    if (m_listenAddress.tls == TlsMode::Implicit) {
        advance(ServerTrigger::ClientKnown);
        askConnected();
    } else {
        // RFC 3207 4.2: nothing said before the handshake is kept.
        m_facts.peerName.clear();
        m_facts.esmtp = false;
        m_facts.user.clear();
        m_facts.isUserUnchecked = false;
        m_identity = ClientIdentity::Unknown;
        advance(ServerTrigger::StartTlsDone);
    }
    settle();
}

bool ServerEngine::isBlocked() const
{
    return m_slowedUntil || m_state == ServerState::Handshake || m_state == ServerState::Closed
        || (m_pending != Pending::Nothing && m_pending != Pending::Connected);
}

/// Every way into a state. Where the table has none from here the session stays: a fault of ours.
void ServerEngine::enter(std::optional<ServerState> state)
{
    Q_ASSERT(state);
    if (!state)
        return;
    const ServerState from = std::exchange(m_state, *state);
    if (from == *state)
        return;
    m_pace.unitBegan(m_now.steady);
    tell(ServerStateEntered{from, *state});
}

void ServerEngine::receive(QByteArrayView octets, Moment now)
{
    if (m_state == ServerState::Closed || m_state == ServerState::Handshake)
        return;
    m_now = now;
    m_pace.octetsCame(octets.size(), now.steady);
    if (isBlocked()) {
        keep(octets);
        return;
    }
    if (isInMessage() && !m_stream.isFaulty())
        m_pace.messageSeen(now.steady);
    if (m_input.isEmpty())
        m_input = octets;
    else
        keep(octets);
    run();
    if (!m_input.isEmpty())
        keep({});
}

/// What is not yet processed outlives the call.
void ServerEngine::keep(QByteArrayView octets)
{
    QByteArray kept = m_input.toByteArray();
    m_kept = kept.append(octets);
    m_input = m_kept;
}

void ServerEngine::run()
{
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
    if (m_state == ServerState::Closed || m_state == ServerState::Handshake)
        m_input = {};
    if (m_input.isEmpty() && !isBlocked()) // else the owner may still be reading them
        m_kept.clear();
    settle();
}

/// The end of each call: from here on it is the client's turn, or not.
void ServerEngine::settle()
{
    m_pace.setTurn(!isBlocked() || m_state == ServerState::Handshake, m_now.steady);
}

QByteArray ServerEngine::takeOutput()
{
    // While more of a pipelined group waits to be answered, its replies wait too (RFC 2920 3.2).
    const bool isHeld = isSlowedDown() || !m_input.isEmpty();
    const bool isLast = m_state == ServerState::Closed || m_state == ServerState::Handshake;
    if (m_output.isEmpty() || (isHeld && !isLast))
        return {};
    m_pace.unitBegan(m_now.steady);
    return std::exchange(m_output, {});
}

void ServerEngine::record(Speaker speaker, const QByteArray &line)
{
    tell(LineRecorded{{m_now.wall, speaker, false, line, 0}});
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
        m_budget.countError();
        closeIfExhausted();
        if (m_budget.slowsErrors())
            slowDown();
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

void ServerEngine::sayAndClose(const EnhancedStatusCode &status, const char *why)
{
    sayAndClose(makeReply(421, status, m_settings.hostName + why));
}

void ServerEngine::closeIfExhausted()
{
    if (m_state == ServerState::Closed)
        return;
    if (const char *why = m_budget.exhausted())
        sayAndClose({4, 7, 0}, why);
}

/// Who makes mistake after mistake, or tries password after password, waits for the answer (S105, S109).
void ServerEngine::slowDown()
{
    const auto delay = m_settings.limits.errorDelay;
    if (!m_slowedUntil && m_state != ServerState::Closed && delay.count() > 0)
        m_slowedUntil = m_now.steady + delay;
}

std::optional<Moment::Steady> ServerEngine::nextTimeout() const
{
    if (m_state == ServerState::Closed)
        return {};
    return m_slowedUntil ? m_slowedUntil : m_pace.deadline();
}

void ServerEngine::timeoutPassed(Moment now)
{
    if (m_state == ServerState::Closed)
        return;
    m_now = now;
    if (m_slowedUntil) {
        if (now.steady < *m_slowedUntil)
            return;
        m_slowedUntil.reset();
        run();
    } else if (const auto fault = m_pace.fault(now.steady)) {
        end(*fault, {}, now);
    }
}

void ServerEngine::closeSession(SessionOutcome outcome, const QByteArray &why)
{
    if (m_state == ServerState::Closed)
        return;
    if (isInMessage() && m_pending != Pending::DataEnd)
        m_stream.keepWire(std::exchange(m_input, {}));
    if (m_stream.hasWire())
        recordData();
    recordUnserved("the session ended before this was served");
    m_pending = Pending::Nothing;
    m_slowedUntil.reset();
    m_signIn.reset();
    advance(ServerTrigger::Ended);
    m_facts.outcome = outcome;
    m_facts.ending = why;
    note("closed: " + why);
    m_facts.endedAt = m_now.wall;
    tell(SessionClosed{m_facts});
}

void ServerEngine::end(ServerEnding ending, const QByteArray &detail, Moment now)
{
    if (m_state == ServerState::Closed)
        return;
    m_now = now;
    QByteArray why = endingWords(ending, m_state);
    if (!detail.isEmpty())
        why += ": " + detail;
    // RFC 5321 3.8: a server that has to close says 421 first, where it still can.
    if (const char *words = farewell(ending); words != nullptr && canSpeak())
        sayPlain(makeReply(421, {4, 4, 2}, m_settings.hostName + words));
    const bool refusedCertificate = ending == ServerEnding::PeerClosed && m_state == ServerState::Greeted
        && isSecured() && m_listenAddress.tls != TlsMode::Implicit;
    if (refusedCertificate) // some clients look at the certificate once the handshake is done
        why = "TLS handshake failed: the client closed right after it";
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
    return !isBetween || isBlocked() || m_framer.pendingSize() > 0 || !m_input.isEmpty();
}

void ServerEngine::shutdown(Moment now)
{
    if (m_state == ServerState::Closed)
        return;
    m_now = now;
    if (m_pending == Pending::DataEnd) {
        m_isShuttingDown = true;
        return;
    }
    if (canSpeak())
        sayPlain(makeReply(421, {4, 3, 2}, m_settings.hostName + " Shutting down, try again later"));
    closeSession(SessionOutcome::Broken, endingWords(ServerEnding::Shutdown, m_state));
}

void ServerEngine::reply(const Reply &reply, Moment now)
{
    const bool isAsked = m_pending != Pending::Nothing && m_pending != Pending::Octets
        && m_pending != Pending::LastOctets && m_pending != Pending::Keys;
    if (!isAsked)
        return;
    m_now = now;
    answer(std::exchange(m_pending, Pending::Nothing), reply);
    run();
}

void ServerEngine::answer(Pending question, const Reply &reply)
{
    switch (question) {
    case Pending::Nothing:
    case Pending::Octets:
    case Pending::LastOctets:
    case Pending::Keys:
        return;
    case Pending::Connected:
        return answerConnected(reply);
    case Pending::Mail:
        return answerMail(reply);
    case Pending::Rcpt:
        return answerRcpt(reply);
    case Pending::DataBegin:
        return answerDataBegin(reply);
    case Pending::FirstChunk:
        return answerFirstChunk(reply);
    case Pending::DataEnd:
        return answerDataEnd(reply);
    case Pending::Verify:
        return say(reply.isNull()
                ? makeReply(252, {2, 5, 0}, "Cannot verify, but will take the message and try")
                : reply);
    case Pending::Expand:
        return say(reply.isNull()
                ? makeReply(252, {2, 5, 0}, "Cannot expand, but will take the message and try")
                : reply);
    }
}

} // namespace glasspost::smtp
