// How messages go over: MAIL, RCPT, DATA, the octets, the dot; in rounds where the server limits recipients.
// BDAT in place of DATA stands in clientchunks.cpp.

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
    return m_capabilities.has(Capability::Pipelining);
}

bool ClientEngine::chunks() const
{
    return m_capabilities.has(Capability::Chunking);
}

void ClientEngine::send(const Envelope &envelope, std::shared_ptr<MessageSource> message, Moment now)
{
    m_now = now;
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
    untried.decideRest(m_sessionFailure.value_or(untriedOutcome()), m_now.wall);
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
    if (!m_transaction->needsSevenBit(m_capabilities))
        return prepareTransaction();
    enter(ClientState::Converting);
    m_events.append(ConversionNeeded{next.source->toSevenBit()});
}

void ClientEngine::converted(const ConvertedMessage &sevenBit, Moment now)
{
    if (m_state != ClientState::Converting)
        return;
    m_now = now;
    m_transaction->setSevenBit(sevenBit);
    prepareTransaction();
}

void ClientEngine::prepareTransaction()
{
    m_transaction->prepare(
        {m_capabilities, m_channel, m_signedIn ? m_settings.submitter : QByteArray()}, m_now.wall);
    m_mailSaid = false;
    m_roundDelivered = false;
    endRound();
}

void ClientEngine::beginRound()
{
    m_round = m_transaction->beginRound(m_capabilities);
    m_nextRcpt = 0;
    m_roundDelivered = false;
    m_emptyData = false;
    m_chunks = Chunks::None;
    m_mailSaid = true;
    ++m_mails;
    // RFC 2033 4.2: who asks for the data with nobody accepted could not tell how many replies follow. With
    // BDAT the recipients' replies are awaited too: they cost no more time than DATA's 354.
    const bool withData = !chunks() && !speaksLmtp();
    m_group = !pipelines() ? Group::Stepwise : withData ? Group::WithData : Group::Envelope;
    say(ClientState::Mail, m_transaction->mailLine(m_capabilities));
    if (m_group == Group::Stepwise)
        return;
    for (const qsizetype recipient : std::as_const(m_round))
        say(ClientState::Rcpt, m_transaction->rcptLine(recipient, m_capabilities), recipient);
    if (m_group == Group::WithData)
        say(ClientState::Data, "DATA"); // RFC 2920 3.1: DATA ends a group
}

void ClientEngine::onMail(Verdict verdict, const Outcome &outcome)
{
    if (verdict != Verdict::Accept)
        m_transaction->decideRest(
            outcome, m_now.wall); // the answers to the rest of a pipelined group say nothing new
    if (m_group != Group::Stepwise)
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
    askForMessage();
}

/// Every recipient has its reply.
void ClientEngine::askForMessage()
{
    if (!m_transaction->has(RecipientProgress::Accepted))
        return endRound(); // C24
    if (chunks())
        return beginChunks();
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
            m_transaction->postpone(recipient, later, m_now.wall);
        else
            m_transaction->decide(recipient, later, m_now.wall);
    } else {
        m_transaction->decide(recipient, outcome, m_now.wall);
    }
    if (m_group == Group::Stepwise)
        sayNextRcpt();
    else if (m_awaited.isEmpty())
        askForMessage();
}

void ClientEngine::onData(Verdict verdict, const Outcome &outcome)
{
    if (verdict != Verdict::Accept) {
        m_transaction->decideAccepted(outcome, m_now.wall);
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
    if (!m_body.begin(m_transaction->message(), ContentFramer::Framing::Dots))
        failBody();
}

/// No dot, no LAST: half a message must not look whole.
void ClientEngine::failBody()
{
    const QByteArray reason = "the message could not be read";
    failSession(outcomeOf(DeliveryStage::Local, {4, 3, 0}, reason), reason);
}

QByteArray ClientEngine::takeBody(qint64 maximum)
{
    QByteArray wire = m_body.take(maximum);
    switch (m_body.end()) {
    case ContentFramer::End::More:
        return wire;
    case ContentFramer::End::Failed:
        failBody();
        return {};
    case ContentFramer::End::Last:
        m_events.append(DataSpoken{m_body.head(), m_body.size()});
        m_events.append(LineSpoken{Speaker::Client, "."});
        awaitEnd(".");
        return wire;
    }
    return wire;
}

/// RFC 2033 4.2: LMTP answers for each recipient that was accepted, in their order (C27).
void ClientEngine::awaitEnd(const QByteArray &line)
{
    if (!speaksLmtp())
        return await({ClientState::EndOfData, line, -1, true});
    const QList<qsizetype> accepted = m_transaction->accepted();
    for (const qsizetype recipient : accepted)
        await({ClientState::EndOfData, line, recipient, true});
}

void ClientEngine::onEndOfData(Verdict verdict, const Outcome &outcome, qsizetype recipient)
{
    const bool counts = !m_emptyData && m_chunks != Chunks::Refused;
    if (counts && recipient >= 0)
        m_transaction->decide(recipient, outcome, m_now.wall);
    else if (counts)
        m_transaction->decideAccepted(outcome, m_now.wall);
    m_roundDelivered |= counts && verdict == Verdict::Accept;
    if (!m_awaited.isEmpty())
        return;
    m_delivered += m_roundDelivered ? 1 : 0;
    endRound();
}

/// Another round, the end, or first a RSET.
void ClientEngine::endRound()
{
    m_chunks = Chunks::None;
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
        outcomeOf(DeliveryStage::Mail, {4, 5, 3}, "the server accepts no more messages in one session"),
        m_now.wall);
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
