// How messages go over: MAIL, RCPT, DATA, the octets, the dot; in rounds where the server limits recipients.

#include "smtp/client/clientengine.h"

#include <utility>

namespace glasspost::smtp {

namespace {

/// RFC 5321 4.5.3.1.10: 452 says "too many recipients", and 552 is to be taken for it. With an enhanced
/// status code that says something else (5.2.2, mailbox full), that one is meant.
bool isTooManyRecipients(const Reply &reply)
{
    const bool code = reply.code == 452 || reply.code == 552;
    const bool said = reply.enhanced.subject == 5 && reply.enhanced.detail == 3;
    return code && (reply.enhanced.isNull() || said);
}

} // namespace

bool ClientEngine::pipelines() const
{
    return m_settings.pipelining && m_capabilities.has(Capability::Pipelining);
}

void ClientEngine::send(const Envelope &envelope, std::shared_ptr<MessageSource> message)
{
    Message next{envelope, std::move(message)};
    if (m_state == ClientState::Closed || m_state == ClientState::Quit || m_sessionFailure)
        return reportUntried(next);
    m_waiting.append(std::move(next));
    if (m_state == ClientState::Ready)
        proceed();
}

void ClientEngine::reportUntried(const Message &message)
{
    Transaction untried(message.envelope, message.source, m_peer);
    untried.decideRest(m_sessionFailure.value_or(untriedOutcome()));
    m_events.append(TransactionDone{untried.report()});
}

void ClientEngine::proceed()
{
    if (!m_waiting.isEmpty())
        startTransaction();
    else if (m_quitAsked)
        say(ClientState::Quit, "QUIT");
}

void ClientEngine::startTransaction()
{
    const Message next = m_waiting.dequeue();
    m_transaction = std::make_unique<Transaction>(next.envelope, next.source, m_peer);
    m_transaction->prepare(m_capabilities);
    m_mailSaid = false;
    m_roundDelivered = false;
    endRound();
}

void ClientEngine::beginRound()
{
    m_round = m_transaction->beginRound(m_capabilities.recipientLimit.value_or(0));
    m_nextRcpt = 0;
    m_roundDelivered = false;
    m_emptyData = false;
    m_mailSaid = true;
    ++m_mails;
    m_dataAsked = pipelines();
    say(ClientState::Mail, m_transaction->mailLine(m_capabilities));
    if (!m_dataAsked)
        return;
    for (const qsizetype recipient : std::as_const(m_round))
        say(ClientState::Rcpt, m_transaction->rcptLine(recipient, m_capabilities), recipient);
    say(ClientState::Data, "DATA"); // RFC 2920 3.1: DATA ends a group
}

void ClientEngine::onMail(Verdict verdict, const Outcome &outcome)
{
    if (verdict != Verdict::Accept)
        m_transaction->decideRest(outcome); // the answers to the rest of a pipelined group say nothing new
    if (m_dataAsked)
        return;
    if (verdict == Verdict::Accept)
        sayNextRcpt();
    else
        endRound();
}

void ClientEngine::sayNextRcpt()
{
    if (m_nextRcpt < m_round.size()) {
        const qsizetype recipient = m_round.at(m_nextRcpt++);
        return say(ClientState::Rcpt, m_transaction->rcptLine(recipient, m_capabilities), recipient);
    }
    if (!m_transaction->has(RecipientProgress::Accepted))
        return endRound(); // C24
    m_dataAsked = true;
    say(ClientState::Data, "DATA");
}

void ClientEngine::onRcpt(Verdict verdict, const Outcome &outcome, qsizetype recipient)
{
    if (verdict == Verdict::Accept) {
        m_transaction->accept(recipient);
    } else if (isTooManyRecipients(outcome.reply)) { // C21, C22
        Outcome later = outcome;
        later.result = DeliveryResult::Deferred;
        later.status.statusClass = 4;
        if (m_transaction->has(RecipientProgress::Accepted))
            m_transaction->postpone(recipient, later);
        else
            m_transaction->decide(recipient, later);
    } else {
        m_transaction->decide(recipient, outcome);
    }
    if (!m_dataAsked)
        sayNextRcpt();
}

void ClientEngine::onData(Verdict verdict, const Outcome &outcome)
{
    if (verdict != Verdict::Accept) {
        m_transaction->decideAccepted(outcome);
        return endRound();
    }
    if (m_transaction->has(RecipientProgress::Accepted))
        return beginBody();
    // RFC 2920 3.1, C25: no recipient stands, yet the server waits for a message: an empty one.
    m_emptyData = true;
    say(ClientState::EndOfData, ".");
}

void ClientEngine::beginBody()
{
    enter(ClientState::Body);
    if (!m_body.begin(m_transaction->message()))
        failSession(outcomeOf(DeliveryStage::Local, {4, 3, 0}, "the message could not be read"),
            "the message could not be read");
}

QByteArray ClientEngine::takeBody(qint64 maximum)
{
    QByteArray wire = m_body.take(maximum);
    switch (m_body.end()) {
    case MessageBody::End::More:
        return wire;
    case MessageBody::End::Failed: // no dot: half a message must not look whole
        failSession(outcomeOf(DeliveryStage::Local, {4, 3, 0}, "the message could not be read"),
            "the message could not be read");
        return {};
    case MessageBody::End::Dot:
        m_events.append(DataSpoken{m_body.head(), m_body.size()});
        m_events.append(LineSpoken{Speaker::Client, "."});
        await({ClientState::EndOfData, ".", -1, true});
        return wire;
    }
    return wire;
}

void ClientEngine::onEndOfData(Verdict verdict, const Outcome &outcome)
{
    if (!m_emptyData) {
        m_transaction->decideAccepted(outcome);
        m_roundDelivered = verdict == Verdict::Accept;
        m_delivered += m_roundDelivered ? 1 : 0;
    }
    endRound();
}

/// Another round, the end, or first a RSET.
void ClientEngine::endRound()
{
    if (m_roundDelivered)
        m_transaction->resumePostponed();
    const bool used = m_capabilities.mailLimit && m_mails >= *m_capabilities.mailLimit;
    if (used || !m_transaction->has(RecipientProgress::Waiting))
        return endTransaction();
    if (m_mailSaid && !m_roundDelivered)
        say(ClientState::Reset, "RSET");
    else
        beginRound();
}

void ClientEngine::endTransaction()
{
    m_transaction->decideRest(
        outcomeOf(DeliveryStage::Mail, {4, 5, 3}, "the server takes no more messages in one session"));
    const DeliveryReport report = m_transaction->report();
    m_transaction.reset();
    if (!report.has(DeliveryResult::Delivered) && !report.recipients.isEmpty()) {
        const RecipientReport &first = report.recipients.constFirst();
        ++m_refused;
        m_refusal = first.reply.isNull() ? first.reason : first.reply.toBytes();
    }
    m_events.append(TransactionDone{report});
    if (m_mailSaid && !m_roundDelivered) // C64: after an error the next message starts clean
        return say(ClientState::Reset, "RSET");
    enter(ClientState::Ready);
    proceed();
}

void ClientEngine::onReset(Verdict verdict, const Outcome &outcome)
{
    if (verdict != Verdict::Accept)
        return refuseSession(outcome);
    if (m_transaction)
        return beginRound();
    enter(ClientState::Ready);
    proceed();
}

} // namespace glasspost::smtp
