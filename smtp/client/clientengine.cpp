// The machine itself: replies come in, the table says what they mean, states are entered, sessions end. The
// opening of a session stands in clientopening.cpp, its transactions in clienttransactions.cpp.

#include "smtp/client/clientengine.h"

#include <utility>

namespace glasspost::smtp {

namespace {

QByteArray faultText(ReplyFault fault)
{
    switch (fault) {
    case ReplyFault::NotAReply:
        return "the server sent something that is not an SMTP reply";
    case ReplyFault::UnknownClass:
        return "the server's reply begins with a digit that SMTP does not define";
    case ReplyFault::MixedCodes:
        return "the lines of one reply carry different codes";
    case ReplyFault::TooLong:
        return "the server's reply is too long";
    }
    return {};
}

} // namespace

ClientEngine::ClientEngine(ClientSettings settings)
    : m_settings(std::move(settings)), m_parser(m_settings.replyLimit)
{
    m_blotter.add(m_settings.credentials.password);
    m_blotter.add(m_settings.credentials.token);
}

bool ClientEngine::isReusable() const
{
    const bool ended = m_state == ClientState::Closed || m_state == ClientState::Quit || m_quitAsked;
    const bool used = m_capabilities.mailLimit && m_mails >= *m_capabilities.mailLimit;
    return !ended && !used && !m_sessionFailure;
}

/// Every way into a state; also into the one that it is in, for which the time starts again then.
void ClientEngine::enter(ClientState state)
{
    const ClientState from = std::exchange(m_state, state);
    startTimeout();
    if (from != state)
        m_events.append(StateEntered{from, state});
}

void ClientEngine::startTimeout()
{
    m_timeout.reset();
    if (const auto timeout = stepOf(m_state).timeout)
        m_timeout = m_now.steady + m_settings.timeouts.*timeout;
}

void ClientEngine::lookingUp(Moment now)
{
    m_now = now;
    enter(ClientState::LookingUp);
}

void ClientEngine::connecting(Moment now)
{
    m_now = now;
    enter(ClientState::Connecting);
}

void ClientEngine::note(const QByteArray &text)
{
    m_events.append(LineSpoken{Speaker::Event, m_blotter.blotted(text)});
}

void ClientEngine::await(const Awaited &awaited)
{
    m_awaited.enqueue(awaited);
    if (m_awaited.size() == 1)
        enter(awaited.state);
}

void ClientEngine::say(ClientState state, const QByteArray &line, qsizetype recipient)
{
    m_out += line + "\r\n";
    m_events.append(LineSpoken{Speaker::Client, line});
    await({state, line, recipient, false});
}

void ClientEngine::saySecret(ClientState state, const QByteArray &line, const QByteArray &shown)
{
    m_out += line + "\r\n";
    m_events.append(LineSpoken{Speaker::Client, shown});
    await({state, shown, -1, false});
}

QByteArray ClientEngine::takeOutput(qint64 maximum, Moment now)
{
    m_now = now;
    if (!m_out.isEmpty()) {
        for (Awaited &awaited : m_awaited)
            awaited.written = true;
        return std::exchange(m_out, {});
    }
    QByteArray octets;
    if (m_state == ClientState::Body)
        octets = takeBody(maximum);
    else if (wantsChunk())
        octets = takeChunk();
    // RFC 5321 4.5.3.2.5: the time counts for each block, not for the message.
    if (!octets.isEmpty())
        startTimeout();
    return octets;
}

void ClientEngine::receive(QByteArrayView octets, Moment now)
{
    if (m_state == ClientState::Closed)
        return;
    m_now = now;
    if (m_state == ClientState::Handshake) // C45: what came in the clear must not be taken for TLS's
        return breach("octets in the clear in place of the TLS handshake");
    m_parser.feed(octets);
    while (m_state != ClientState::Closed) {
        const auto line = m_parser.next();
        if (!line)
            return;
        m_events.append(LineSpoken{Speaker::Server, m_blotter.blotted(line->raw)});
        if (line->fault)
            return breach(faultText(*line->fault));
        if (line->reply)
            handle(isPartOfTheExchange(*line->reply) ? *line->reply : m_blotter.blotted(*line->reply));
    }
}

/// Keywords of EHLO and challenges are read, not shown: they stay as they came. Every other text ends in
/// reports.
bool ClientEngine::isPartOfTheExchange(const Reply &reply) const
{
    const bool isHello = m_state == ClientState::Ehlo && reply.isPositive();
    return isHello || (m_state == ClientState::Auth && reply.isIntermediate());
}

void ClientEngine::handle(const Reply &reply)
{
    const Verdict verdict = verdictFor(m_state, classOf(reply));
    if (verdict == Verdict::Ignore)
        return;
    if (verdict == Verdict::Breach)
        return breach("the server's reply is not valid here: " + reply.toBytes());
    if (m_state == ClientState::Chunk && m_awaited.isEmpty() && verdict != Verdict::Leave)
        return breach("the server replied before it was asked: " + reply.toBytes());
    if (m_signIn && m_signIn->isResponding() && verdict != Verdict::Leave)
        return breach("the server replied before it was asked: " + reply.toBytes());
    Awaited answered{m_state, {}, -1, true};
    if (!m_awaited.isEmpty()) {
        answered = m_awaited.dequeue();
        if (!answered.written && verdict != Verdict::Leave) // C32
            return breach("the server replied before it was asked: " + reply.toBytes());
    }
    m_events.append(Answered{answered.state, answered.line, m_blotter.blotted(reply)});
    if (!m_awaited.isEmpty())
        enter(m_awaited.head().state);
    dispatch(verdict, reply, answered);
}

void ClientEngine::dispatch(Verdict verdict, const Reply &reply, const Awaited &answered)
{
    const Outcome outcome = outcomeOf(reply, stepOf(answered.state).stage, answered.line);
    if (answered.state == ClientState::Quit) {
        const bool refused = m_refused > 0 && m_delivered == 0;
        return over(
            refused ? SessionOutcome::Refused : SessionOutcome::Completed, refused ? m_refusal : "QUIT");
    }
    if (verdict == Verdict::Leave) // RFC 5321 3.8: 421 closes the channel; no RSET, no QUIT (C17)
        return failSession(
            answered.state == ClientState::Auth ? m_signIn->passwordRefusal().value_or(outcome) : outcome,
            reply.toBytes());
    switch (answered.state) {
    case ClientState::Greeting:
        if (verdict == Verdict::Accept)
            return say(ClientState::Ehlo, helloLine());
        return refuseSession(outcome);
    case ClientState::Ehlo:
    case ClientState::Helo:
        return onHello(verdict, reply, answered);
    case ClientState::XClient:
        return onXClient(verdict, reply, answered);
    case ClientState::StartTls:
        return onStartTls(verdict, reply, answered);
    case ClientState::Auth:
        return take(m_signIn->takeReply(verdict, reply, answered.line));
    case ClientState::Mail:
        return onMail(verdict, outcome);
    case ClientState::Rcpt:
        return onRcpt(verdict, outcome, answered.recipient);
    case ClientState::Data:
        return onData(verdict, outcome);
    case ClientState::Body:
        return failSession(outcome, "the server interrupted the message: " + reply.toBytes()); // C31
    case ClientState::Chunk:
        return onChunk(verdict, outcome);
    case ClientState::EndOfData:
        return onEndOfData(verdict, outcome, answered.recipient);
    case ClientState::Reset:
        return onReset(verdict, outcome);
    case ClientState::Idle:
    case ClientState::LookingUp:
    case ClientState::Connecting:
    case ClientState::Handshake:
    case ClientState::Ready:
    case ClientState::Converting:
    case ClientState::Quit:
    case ClientState::Closed:
        return;
    }
}

Outcome ClientEngine::untriedOutcome()
{
    return outcomeOf(DeliveryStage::Connect, {4, 4, 2}, "the session had ended before the message");
}

Outcome ClientEngine::lossOutcome(EnhancedStatusCode status, const QByteArray &reason) const
{
    if (m_state == ClientState::Auth && m_signIn->passwordRefusal()) // it had enough of our tries
        return *m_signIn->passwordRefusal();
    Outcome outcome = outcomeOf(stepOf(m_state).stage, status, reason);
    if (!m_awaited.isEmpty())
        outcome.command = m_awaited.head().line;
    // C28: the server may have taken it over, and its 250 was lost (RFC 5321 4.5.3.2.6, 6.1).
    const bool whole = m_state == ClientState::EndOfData || m_chunks == Chunks::LastSaid;
    if (whole && !m_emptyData && m_chunks != Chunks::Refused) {
        outcome.result = DeliveryResult::Unknown;
        outcome.stage = DeliveryStage::EndOfData;
    }
    return outcome;
}

void ClientEngine::noteBrokenBody()
{
    if (m_state == ClientState::Body)
        m_events.append(DataSpoken{m_body.head(), m_body.size()});
}

void ClientEngine::failUndecided(const Outcome &outcome)
{
    Outcome rest = outcome;
    if (rest.result == DeliveryResult::Unknown || rest.result == DeliveryResult::Delivered)
        rest.result = DeliveryResult::Deferred;
    // What a server said of one message does not hold for the next.
    const bool ofSession = !m_transaction && rest.stage < DeliveryStage::Mail;
    m_sessionFailure = ofSession ? rest : untriedOutcome();
    if (m_transaction) {
        m_transaction->decideAccepted(outcome, m_now.wall);
        m_transaction->decideRest(rest, m_now.wall);
        m_events.append(TransactionDone{m_transaction->report()});
        m_transaction.reset();
    }
    while (!m_waiting.isEmpty())
        reportUntried(m_waiting.dequeue());
}

void ClientEngine::refuseSession(const Outcome &outcome)
{
    ++m_refused;
    m_refusal = outcome.reply.isNull() ? outcome.reason : outcome.reply.toBytes();
    if (!outcome.reason.isEmpty())
        note(outcome.reason);
    failUndecided(outcome);
    m_quitAsked = true;
    say(ClientState::Quit, "QUIT");
}

void ClientEngine::failSession(const Outcome &outcome, const QByteArray &ending)
{
    noteBrokenBody();
    if (outcome.reply.isNull())
        note(ending);
    failUndecided(outcome);
    over(SessionOutcome::Broken, ending);
}

void ClientEngine::breach(const QByteArray &what)
{
    const QByteArray shown = m_blotter.blotted(what);
    failSession(lossOutcome({4, 5, 0}, shown), shown);
}

void ClientEngine::over(SessionOutcome outcome, const QByteArray &ending)
{
    if (m_state == ClientState::Closed)
        return;
    m_awaited.clear();
    m_out.clear();
    enter(ClientState::Closed);
    m_events.append(SessionOver{outcome, ending});
}

void ClientEngine::connectionFailed(const Outcome &outcome, Moment now)
{
    m_now = now;
    if (m_state != ClientState::Closed)
        failSession(outcome, outcome.reason);
}

void ClientEngine::connectionLost(const QByteArray &reason, Moment now)
{
    if (m_state == ClientState::Closed)
        return;
    m_now = now;
    if (const QByteArray rest = m_parser.rest(); !rest.isEmpty())
        m_events.append(LineSpoken{Speaker::Server, m_blotter.blotted(rest.left(1000))});
    if (m_state == ClientState::Quit) // the server did not wait to answer QUIT; nothing is lost by it
        return dispatch(Verdict::Accept, {}, {ClientState::Quit, {}, -1, true});
    const QByteArray ending = reason + " while " + stepOf(m_state).words;
    failSession(lossOutcome({4, 4, 2}, ending), ending);
}

void ClientEngine::timeoutPassed(Moment now)
{
    if (!m_timeout || now.steady < *m_timeout)
        return;
    m_now = now;
    const ClientStep &step = stepOf(m_state);
    if (m_state == ClientState::Quit)
        return dispatch(Verdict::Accept, {}, {ClientState::Quit, {}, -1, true});
    if (m_state == ClientState::Handshake && m_settings.tls == TlsMode::Implicit) // C63
        return handshakeFailed({4, 4, 2}, "the server is silent; does it speak TLS on this port?", now);
    if (m_state == ClientState::Handshake && m_settings.tls == TlsMode::Opportunistic)
        return handshakeFailed({4, 4, 2}, "time-out in the handshake", now);
    const auto seconds = std::chrono::duration<double>(m_settings.timeouts.*step.timeout).count();
    const QByteArray ending = "time-out after " + QByteArray::number(seconds) + " s while " + step.words;
    const bool connected = m_state != ClientState::LookingUp && m_state != ClientState::Connecting;
    failSession(lossOutcome({4, 4, connected ? 2 : 1}, ending), ending);
}

void ClientEngine::abort(const QByteArray &reason, Moment now)
{
    m_now = now;
    if (m_state != ClientState::Closed)
        failSession(lossOutcome({4, 4, 2}, reason), reason);
}

void ClientEngine::quit(Moment now)
{
    m_now = now;
    m_quitAsked = true;
    if (m_state == ClientState::Idle)
        over(SessionOutcome::Completed, "never connected");
    else if (m_state == ClientState::Ready)
        proceed();
}

} // namespace glasspost::smtp
