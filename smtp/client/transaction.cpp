#include "smtp/client/transaction.h"

#include "smtp/session/wallclock.h"

#include <QDateTime>

#include <utility>

namespace glasspost::smtp {

namespace {

bool hasForeignLocalPart(const Mailbox &path)
{
    return Mailbox{path.localPart, {}}.needsSmtpUtf8();
}

Outcome refusal(int subject, int detail, const QByteArray &reason)
{
    return outcomeOf(DeliveryStage::Local, EnhancedStatusCode{5, subject, detail}, reason);
}

} // namespace

Transaction::Transaction(const Envelope &envelope, std::shared_ptr<MessageSource> message, const Peer &peer)
    : m_envelope(envelope), m_message(std::move(message)), m_wireMessage(m_message.get()), m_peer(peer)
{
    for (const EnvelopeRecipient &recipient : std::as_const(m_envelope.recipients)) {
        RecipientReport report;
        report.recipient = recipient.forwardPath;
        m_report.recipients.append(report);
        m_progress.append(RecipientProgress::Waiting);
        m_forwardPaths.append(recipient.forwardPath);
    }
}

void Transaction::prepare(const Capabilities &offered)
{
    preparePaths(offered);
    prepareMessage(offered);
}

void Transaction::preparePaths(const Capabilities &offered)
{
    const bool utf8Offered = offered.has(Capability::SmtpUtf8);
    m_parameters.smtpUtf8 = m_envelope.smtpUtf8 || hasForeignLocalPart(m_envelope.reversePath);
    const auto sender = wirePath(m_envelope.reversePath);
    if (!sender || !isSafePath(*sender) || !isSafeText(m_envelope.envelopeId))
        return decideRest(refusal(1, 7, "the sender's address cannot stand in a command"));
    if (m_parameters.smtpUtf8 && !utf8Offered)
        return decideRest(refusal(6, 7, "SMTPUTF8 is needed, and the server does not offer it"));
    m_reversePath = *sender;
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        const EnvelopeRecipient &recipient = m_envelope.recipients.at(i);
        const auto path = wirePath(recipient.forwardPath);
        if (!path || path->isNull() || !isSafePath(*path) || !isSafeText(recipient.originalRecipient))
            decide(i, refusal(1, 3, "the address cannot stand in a command"));
        else if (hasForeignLocalPart(*path) && !utf8Offered)
            decide(i, refusal(6, 7, "SMTPUTF8 is needed, and the server does not offer it"));
        else
            m_forwardPaths[i] = *path;
        m_parameters.smtpUtf8 |= m_progress.at(i) == RecipientProgress::Waiting && hasForeignLocalPart(*path);
    }
}

void Transaction::prepareMessage(const Capabilities &offered)
{
    if (m_message->hasEightBit() && !offered.has(Capability::EightBitMime)) {
        m_wireMessage = m_message->sevenBit();
        if (!m_wireMessage) {
            m_wireMessage = m_message.get();
            return decideRest(
                refusal(6, 3, "the server takes 7-bit mail only, and the message must not be converted"));
        }
    }
    m_parameters.eightBit = m_wireMessage->hasEightBit();
    m_parameters.size = m_wireMessage->wireSize();
    if (offered.sizeLimit > 0 && m_parameters.size > offered.sizeLimit) {
        Outcome outcome = refusal(3, 4,
            "the message has " + QByteArray::number(m_parameters.size) + " octets, the server takes "
                + QByteArray::number(offered.sizeLimit));
        outcome.stage = DeliveryStage::Mail;
        decideRest(outcome);
    }
}

QList<qsizetype> Transaction::beginRound(int limit)
{
    QList<qsizetype> round;
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        if (m_progress.at(i) != RecipientProgress::Waiting || (limit > 0 && round.size() >= limit))
            continue;
        m_progress[i] = RecipientProgress::Asked;
        round.append(i);
    }
    return round;
}

QByteArray Transaction::mailLine(const Capabilities &offered) const
{
    return smtp::mailLine(m_envelope, m_reversePath, m_parameters, offered);
}

QByteArray Transaction::rcptLine(qsizetype recipient, const Capabilities &offered) const
{
    return smtp::rcptLine(m_envelope.recipients.at(recipient), m_forwardPaths.at(recipient), offered);
}

void Transaction::accept(qsizetype recipient)
{
    if (m_progress.at(recipient) == RecipientProgress::Asked)
        m_progress[recipient] = RecipientProgress::Accepted;
}

void Transaction::postpone(qsizetype recipient, const Outcome &outcome)
{
    if (m_progress.at(recipient) != RecipientProgress::Asked)
        return;
    decide(recipient, outcome);
    m_progress[recipient] = RecipientProgress::Postponed;
}

void Transaction::decide(qsizetype recipient, const Outcome &outcome)
{
    if (m_progress.at(recipient) == RecipientProgress::Decided)
        return;
    m_progress[recipient] = RecipientProgress::Decided;
    RecipientReport &report = m_report.recipients[recipient];
    report.result = outcome.result;
    report.stage = outcome.stage;
    report.reply = outcome.reply;
    report.command = outcome.command;
    report.status = outcome.status;
    report.reason = outcome.reason;
    report.remoteHost = m_peer.host;
    report.remoteAddress = m_peer.address;
    report.remotePort = m_peer.port;
    report.sessionId = m_peer.sessionId;
    report.at = microsecondsNow();
}

void Transaction::decideAccepted(const Outcome &outcome)
{
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        if (m_progress.at(i) == RecipientProgress::Accepted)
            decide(i, outcome);
    }
}

void Transaction::decideRest(const Outcome &outcome)
{
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        if (m_progress.at(i) == RecipientProgress::Postponed)
            m_progress[i] = RecipientProgress::Decided;
        else
            decide(i, outcome);
    }
}

void Transaction::resumePostponed()
{
    for (RecipientProgress &progress : m_progress) {
        if (progress == RecipientProgress::Postponed)
            progress = RecipientProgress::Waiting;
    }
}

bool Transaction::has(RecipientProgress progress) const
{
    return m_progress.contains(progress);
}

bool Transaction::isDecided() const
{
    return m_progress.count(RecipientProgress::Decided) == m_progress.size();
}

} // namespace glasspost::smtp
