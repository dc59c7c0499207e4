#include "smtp/client/transaction.h"

#include <QSet>

#include <limits>
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
    : m_envelope(envelope), m_message(std::move(message)), m_peer(peer)
{
    for (const EnvelopeRecipient &recipient : std::as_const(m_envelope.recipients)) {
        RecipientReport report;
        report.recipient = recipient.forwardPath;
        m_report.recipients.append(report);
        m_progress.append(RecipientProgress::Waiting);
        m_forwardPaths.append(recipient.forwardPath);
    }
}

void Transaction::prepare(const SessionOffer &offer, qint64 now)
{
    m_offered = offer.offered.flags;
    prepareTls(offer, now);
    preparePaths(offer.offered, now);
    prepareMessage(offer.offered, now);
    prepareTimes(offer.offered, now);
    m_parameters.submitter = offer.submitter;
}

/// RFC 8689 4.2.1: TLS, a certificate that was verified, and the keyword; another exchanger may have them
/// (C50).
void Transaction::prepareTls(const SessionOffer &offer, qint64 now)
{
    m_parameters.requireTls = m_envelope.requireTls;
    if (!m_envelope.requireTls)
        return;
    if (offer.protection != ChannelProtection::Verified) {
        decideRest(outcomeOf(DeliveryStage::StartTls, {5, 7, 10},
                       "REQUIRETLS is requested, and there is no TLS with a verified certificate"),
            now);
    } else if (!offer.offered.has(Capability::RequireTls)) {
        decideRest(outcomeOf(DeliveryStage::Hello, {5, 7, 30},
                       "REQUIRETLS is requested, and the server does not offer it"),
            now);
    }
}

/// Why the time that DELIVERBY allows cannot be kept, or asked for.
std::optional<Outcome> Transaction::deliverByRefusal(const Capabilities &offered) const
{
    if (!m_envelope.deliverBy || m_envelope.deliverBy->mode != DeliverBy::Mode::Return)
        return {};
    const qint64 seconds = m_envelope.deliverBy->seconds;
    if (seconds <= 0)
        return outcomeOf(DeliveryStage::Local, {5, 4, 7}, "the time that DELIVERBY allows is over");
    if (!offered.has(Capability::DeliverBy)) // RFC 2852 4.1.4.2: not handed to who cannot keep it
        return outcomeOf(
            DeliveryStage::Mail, {5, 3, 3}, "DELIVERBY is requested, and the server does not offer it");
    if (seconds >= offered.shortestDeliverBy)
        return {};
    return outcomeOf(DeliveryStage::Mail, {5, 4, 7},
        "the server promises delivery within " + QByteArray::number(offered.shortestDeliverBy)
            + " s at best, and DELIVERBY asks for " + QByteArray::number(seconds));
}

void Transaction::prepareTimes(const Capabilities &offered, qint64 now)
{
    m_parameters.deliverBy = m_envelope.deliverBy;
    if (const auto refused = deliverByRefusal(offered))
        decideRest(*refused, now);
    const qint64 seconds = now / 1'000'000;
    if (m_envelope.holdUntil <= seconds) // the hold is over: nothing to ask any more
        return;
    const bool tooLong = (offered.longestHold > 0 && m_envelope.holdUntil - seconds > offered.longestHold)
        || (offered.latestHold > 0 && m_envelope.holdUntil > offered.latestHold);
    m_parameters.holdUntil = m_envelope.holdUntil;
    if (!offered.has(Capability::FutureRelease)
        || tooLong) { // RFC 4865: who cannot hand it on holds it itself
        decideRest(outcomeOf(DeliveryStage::Mail, {4, 7, 0},
                       "the message is to be held, and the server cannot hold it for us"),
            now);
    }
}

void Transaction::preparePaths(const Capabilities &offered, qint64 now)
{
    const bool utf8Offered = offered.has(Capability::SmtpUtf8);
    m_parameters.smtpUtf8 = m_envelope.smtpUtf8 || hasForeignLocalPart(m_envelope.reversePath);
    const auto sender = wirePath(m_envelope.reversePath);
    if (!sender || !isSafePath(*sender) || !isSafeText(m_envelope.envelopeId))
        return decideRest(refusal(1, 7, "the sender's address cannot be used in a command"), now);
    if (m_parameters.smtpUtf8 && !utf8Offered)
        return decideRest(refusal(6, 7, "SMTPUTF8 is needed, and the server does not offer it"), now);
    m_reversePath = *sender;
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        const EnvelopeRecipient &recipient = m_envelope.recipients.at(i);
        const auto path = wirePath(recipient.forwardPath);
        if (!path || path->isNull() || !isSafePath(*path) || !isSafeText(recipient.originalRecipient))
            decide(i, refusal(1, 3, "the address cannot be used in a command"), now);
        else if (hasForeignLocalPart(*path) && !utf8Offered)
            decide(i, refusal(6, 7, "SMTPUTF8 is needed, and the server does not offer it"), now);
        else
            m_forwardPaths[i] = *path;
        m_parameters.smtpUtf8 |= m_progress.at(i) == RecipientProgress::Waiting && hasForeignLocalPart(*path);
    }
}

// RFC 3030 4: binary goes as it is in chunks, or not at all.
bool Transaction::goesBinary(const Capabilities &offered) const
{
    return m_envelope.body == BodyType::BinaryMime && offered.has(Capability::BinaryMime)
        && offered.has(Capability::Chunking);
}

bool Transaction::mustNotGoAsItIs(const Capabilities &offered) const
{
    const bool eightBit = m_message->hasEightBit() && !offered.has(Capability::EightBitMime);
    const bool binary = m_envelope.body == BodyType::BinaryMime || m_message->hasNul();
    return !goesBinary(offered) && (binary || eightBit);
}

bool Transaction::needsSevenBit(const Capabilities &offered) const
{
    return mustNotGoAsItIs(offered) || (!goesBinary(offered) && m_message->hasLongLine());
}

void Transaction::prepareMessage(const Capabilities &offered, qint64 now)
{
    if (!m_sevenBit && mustNotGoAsItIs(offered) && m_sevenBit.error() == ConversionFault::NotNow) {
        return decideRest(outcomeOf(DeliveryStage::Local, {4, 3, 0},
                              "the message could not be converted to 7-bit form at this time"),
            now);
    }
    if (!m_sevenBit && mustNotGoAsItIs(offered)) {
        const bool eightBit = m_message->hasEightBit() && !offered.has(Capability::EightBitMime);
        return decideRest(refusal(6, 3,
                              "the server accepts " + QByteArray(eightBit ? "7-bit mail" : "mail in lines")
                                  + " only, and the message must not be converted"),
            now);
    }
    if (goesBinary(offered))
        m_parameters.body = BodyType::BinaryMime;
    else if (message().hasEightBit())
        m_parameters.body = BodyType::EightBitMime;
    m_parameters.size = message().wireSize();
    if (offered.sizeLimit > 0 && m_parameters.size > offered.sizeLimit) {
        Outcome outcome = refusal(3, 4,
            "the message has " + QByteArray::number(m_parameters.size) + " octets, the server accepts "
                + QByteArray::number(offered.sizeLimit));
        outcome.stage = DeliveryStage::Mail;
        decideRest(outcome, now);
    }
}

QList<qsizetype> Transaction::beginRound(const Capabilities &offered)
{
    const auto recipients = offered.recipientLimit.value_or(std::numeric_limits<int>::max());
    const auto domains = offered.recipientDomainLimit.value_or(std::numeric_limits<int>::max());
    QList<qsizetype> round;
    QSet<QByteArray> named;
    for (qsizetype i = 0; i < m_progress.size() && round.size() < recipients; ++i) {
        if (m_progress.at(i) != RecipientProgress::Waiting)
            continue;
        const QByteArray domain = m_forwardPaths.at(i).domain.toLower();
        if (!named.contains(domain) && named.size() >= domains)
            continue;
        named.insert(domain);
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

void Transaction::postpone(qsizetype recipient, const Outcome &outcome, qint64 now)
{
    if (m_progress.at(recipient) != RecipientProgress::Asked)
        return;
    decide(recipient, outcome, now);
    m_progress[recipient] = RecipientProgress::Postponed;
}

void Transaction::decide(qsizetype recipient, const Outcome &outcome, qint64 now)
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
    report.at = now;
    report.offered = m_offered;
}

QList<qsizetype> Transaction::accepted() const
{
    QList<qsizetype> found;
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        if (m_progress.at(i) == RecipientProgress::Accepted)
            found.append(i);
    }
    return found;
}

void Transaction::decideAccepted(const Outcome &outcome, qint64 now)
{
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        if (m_progress.at(i) == RecipientProgress::Accepted)
            decide(i, outcome, now);
    }
}

void Transaction::decideRest(const Outcome &outcome, qint64 now)
{
    for (qsizetype i = 0; i < m_progress.size(); ++i) {
        if (m_progress.at(i) == RecipientProgress::Postponed)
            m_progress[i] = RecipientProgress::Decided;
        else
            decide(i, outcome, now);
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
