#include "mail/accept/receptionsession.h"

#include "mail/base/lineends.h"
#include "mail/message/trace.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostInMemory = 256 * 1024; // octets; larger messages go to the disk while they come
constexpr qint64 spoolHigh = 1024 * 1024; // octets on their way to the disk: the socket is read no further
constexpr qint64 spoolLow = 256 * 1024;
constexpr qint64 recipientSize = 256; // octets of memory beside its texts

smtp::Reply answer(int code, int subject, int detail, const QByteArray &text)
{
    return {code, {code / 100, subject, detail}, {text}};
}

smtp::Reply errorReply(const Error &error)
{
    if (error.code == ErrorCode::NoSpace)
        return answer(452, 3, 1, "Insufficient system storage");
    return answer(451, 3, 0, "Local error in processing; try again later");
}

QList<QByteArray> addressesOf(const smtp::Envelope &envelope)
{
    QList<QByteArray> result;
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients)
        result += recipient.forwardPath.toBytes();
    return result;
}

/// Relaying asked for inside a local-part: "user%domain", "domain!user", "user@domain" in quotes (S41).
bool looksLikeRelay(const QByteArray &localPart)
{
    return localPart.contains('%') || localPart.contains('!') || localPart.contains('@');
}

} // namespace

ReceptionSession::ReceptionSession(
    ReceptionDesk &desk, smtp::Responder &responder, const QByteArray &captureMailbox)
    : m_desk(desk), m_responder(responder), m_captureMailbox(QString::fromUtf8(captureMailbox))
{
    if (m_captureMailbox.isEmpty())
        m_captureMailbox = ListenerBinding().captureMailbox;
}

ReceptionSession::~ReceptionSession()
{
    dropMessage();
    m_envelopeSize = 0;
    countHeld();
}

/// This session's part of what all hold in memory.
void ReceptionSession::countHeld()
{
    const qint64 now = m_content.size() + m_unwritten + m_envelopeSize;
    m_desk.held += now - std::exchange(m_held, now);
}

void ReceptionSession::connected(const smtp::SessionFacts &session)
{
    m_facts = session;
    m_responder.reply({});
}

void ReceptionSession::identified(const smtp::SessionFacts &session)
{
    m_facts = session;
}

void ReceptionSession::mailFrom(const smtp::SessionFacts &session, const smtp::Envelope &envelope)
{
    m_facts = session;
    // RFC 1870 6.1 and S44: better now than after the message was carried over. Twice: journal or spool, and
    // file.
    const qint64 free = m_desk.freeBytes();
    const bool isLow = free >= 0 && free < m_desk.reserve + 2 * qMax<qint64>(0, envelope.declaredSize);
    if (isLow) {
        refuse(answer(452, 3, 1, "Insufficient system storage"), {});
        return;
    }
    m_responder.reply({});
}

bool ReceptionSession::mayRelay() const
{
    return m_facts.peerAddress.isLoopback() || !m_facts.user.isEmpty();
}

smtp::Reply ReceptionSession::rcptReply(const smtp::EnvelopeRecipient &recipient) const
{
    if (m_desk.context.policy == RecipientPolicy::CatchAll)
        return {};
    const Destination destination = m_desk.context.router.destination(recipient.forwardPath);
    switch (destination.kind) {
    case Destination::Kind::Local:
        return {};
    case Destination::Kind::Forwarded:
        if (destination.remote.isEmpty())
            return {};
        return answer(
            251, 1, 5, "User not local; will forward to <" + destination.remote.constFirst().toBytes() + '>');
    case Destination::Kind::Remote:
        return mayRelay() ? smtp::Reply() : answer(550, 7, 1, "Relaying denied");
    case Destination::Kind::NoSuchUser:
        if (looksLikeRelay(recipient.forwardPath.localPart))
            return answer(550, 7, 1, "Relaying denied");
        return answer(550, 1, 1, "No such user here");
    case Destination::Kind::Loop:
        return answer(550, 4, 6, "Aliases of this name lead back to it");
    }
    return {};
}

void ReceptionSession::rcptTo(const smtp::Envelope &envelope, const smtp::EnvelopeRecipient &recipient)
{
    m_envelope = envelope;
    const bool isFirst = envelope.recipients.isEmpty(); // it is taken whatever the others hold
    const smtp::Reply reply = m_desk.isMemoryShort() && !isFirst
        ? answer(452, 3, 1, "Insufficient memory now, try again later")
        : rcptReply(recipient);
    if (reply.isTransient() || reply.isPermanent()) {
        refuse(reply, {recipient.forwardPath.toBytes()});
        return;
    }
    m_envelopeSize += recipientSize + recipient.forwardPath.localPart.size()
        + recipient.forwardPath.domain.size() + recipient.originalRecipient.size();
    countHeld();
    m_responder.reply(reply);
}

ReceptionSession::Plan ReceptionSession::plan() const
{
    Plan plan;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const bool captures = m_desk.context.policy == RecipientPolicy::CatchAll;
    plan.received = captures
        ? capturedReceivedField(m_facts, m_desk.context.hostName, m_envelope, now)
        : receivedField(m_facts, m_desk.context.hostName, m_facts.esmtp, m_envelope, now);
    if (captures) {
        // Kept once, and never passed on. Who it was for stands on top, each on a line: what a developer
        // looks for.
        plan.folders = {{m_captureMailbox, {}}};
        plan.localTrace = returnPathField(m_envelope.reversePath);
        const QList<QByteArray> recipients = addressesOf(m_envelope);
        for (const QByteArray &recipient : recipients)
            plan.localTrace += deliveredToField(recipient);
        plan.localTrace += parametersFields(m_envelope);
    } else if (m_envelope.holdUntil > QDateTime::currentSecsSinceEpoch()) {
        plan.remote = {m_envelope}; // RFC 4865: the queue keeps all of it until then, mail for names here too
    } else {
        const Distribution where = distribute(m_desk.context.router, m_envelope);
        plan.folders = where.folders;
        plan.remote = where.remote;
        plan.deliveredTo = where.deliveredTo;
        plan.served = where.served;
        plan.localTrace = deliveryTrace(m_envelope.reversePath, where.deliveredTo);
        if (m_desk.context.handOn && !where.local.isEmpty())
            handOn(plan, where);
    }
    for (const QByteArray &tolerated : m_envelope.tolerated)
        plan.localTrace += toleratedField(tolerated);
    plan.localTrace += plan.received;
    return plan;
}

/// Past one machine: another server keeps the mailboxes, and reports on what it takes over.
void ReceptionSession::handOn(Plan &plan, const Distribution &where) const
{
    smtp::Envelope onward = m_envelope;
    onward.recipients = where.local;
    plan.remote.append(onward);
    plan.handOn = m_desk.context.handOn;
    plan.folders.clear();
    plan.served.removeIf([&](const smtp::EnvelopeRecipient &one) { return where.local.contains(one); });
}

/// The settings may have changed since RCPT said yes: a 250 after the dot for nobody would lose the message.
bool ReceptionSession::isStillWelcome() const
{
    if (m_plan.folders.isEmpty() && m_plan.remote.isEmpty())
        return false;
    return std::none_of(
        m_envelope.recipients.begin(), m_envelope.recipients.end(), [this](const auto &recipient) {
            const smtp::Reply now = rcptReply(recipient);
            return now.isTransient() || now.isPermanent();
        });
}

void ReceptionSession::dataBegin(const smtp::Envelope &envelope)
{
    dropMessage();
    m_envelope = envelope;
    m_plan = plan();
    if (isStillWelcome())
        m_responder.reply({});
    else
        refuse(
            answer(451, 3, 0, "The recipients here have changed; try again later"), addressesOf(m_envelope));
}

smtp::DataFlow ReceptionSession::dataChunk(QByteArrayView octets)
{
    m_wireSize += octets.size();
    if (m_spool == 0) {
        m_content.append(octets);
        countHeld();
        if (m_content.size() <= mostInMemory && !m_desk.isMemoryShort())
            return smtp::DataFlow::Continue;
        startSpool();
    } else {
        m_unwritten += octets.size();
        m_desk.spooler().write(m_spool, octets.toByteArray());
    }
    countHeld();
    m_paused = m_unwritten > (m_desk.isMemoryShort() ? 0 : spoolHigh);
    return m_paused ? smtp::DataFlow::Pause : smtp::DataFlow::Continue;
}

/// Of a spooled message the trace is on the disk already: then the transcript alone says it.
void ReceptionSession::tolerated(const QByteArray &what)
{
    m_plan.localTrace.prepend(toleratedField(what));
}

void ReceptionSession::startSpool()
{
    m_looping = loopingAddress(m_content);
    if (!m_plan.folders.isEmpty())
        m_files.append({m_desk.newSpoolFile(), m_plan.localTrace});
    for (qsizetype i = 0; i < m_plan.remote.size(); ++i)
        m_files.append({m_desk.newSpoolFile(), m_plan.received});
    m_spool = m_desk.spooler().begin(m_files, [this](qint64 octets) { spoolWritten(octets); });
    m_unwritten = m_content.size();
    m_desk.spooler().write(m_spool, std::exchange(m_content, {}));
}

void ReceptionSession::spoolWritten(qint64 octets)
{
    m_unwritten -= octets;
    countHeld();
    if (!m_paused || m_unwritten > spoolLow)
        return;
    m_paused = false;
    m_responder.resumeData();
}

QByteArray ReceptionSession::loopingAddress(QByteArrayView message) const
{
    for (const QByteArray &address : m_plan.deliveredTo)
        if (wasDeliveredTo(message, address))
            return address;
    return {};
}

void ReceptionSession::dataEnd()
{
    if (m_spool == 0)
        m_looping = loopingAddress(m_content);
    if (!m_looping.isEmpty()) {
        refuse(answer(554, 4, 6, "Mail loop: this message was delivered to <" + m_looping + "> before"),
            addressesOf(m_envelope));
        return;
    }
    if (m_spool == 0) {
        keep();
        return;
    }
    m_desk.spooler().finish(m_spool, [this](const Result<void> &result) {
        m_spool = 0;
        if (result) {
            keep();
            return;
        }
        m_desk.spooler().remove(std::exchange(m_files, {}));
        refuse(errorReply(result.error()), addressesOf(m_envelope));
    });
}

void ReceptionSession::keep()
{
    Handover handover;
    handover.folders = m_plan.folders;
    handover.remote = m_plan.remote;
    handover.envelope = m_envelope;
    handover.served = m_plan.served;
    handover.handOn = m_plan.handOn;
    handover.localTrace = m_plan.localTrace;
    handover.received = m_plan.received;
    handover.content = withLf(std::exchange(m_content, {}));
    handover.files = std::exchange(m_files, {});
    handover.event = {ReceptionEvent::Kind::Stored, m_facts.id, m_envelope.reversePath.toBytes(),
        addressesOf(m_envelope), m_wireSize, {}, {}};
    // The session may be gone before the answer is there; the promise lives on without it.
    m_waiting = std::make_shared<ReceptionSession *>(this);
    m_desk.take(handover, [session = m_waiting](const Result<QByteArray> &kept) {
        if (*session)
            (*session)->answerKept(kept);
    });
}

void ReceptionSession::answerKept(const Result<QByteArray> &kept)
{
    m_waiting.reset();
    if (kept)
        m_responder.reply(answer(250, 0, 0, "Ok: kept as " + *kept));
    else
        refuse(errorReply(kept.error()), addressesOf(m_envelope));
}

void ReceptionSession::refuse(const smtp::Reply &reply, const QList<QByteArray> &recipients)
{
    tellRefused(reply, recipients);
    m_responder.reply(reply);
}

void ReceptionSession::tellRefused(const smtp::Reply &reply, const QList<QByteArray> &recipients)
{
    ReceptionEvent event;
    event.kind = ReceptionEvent::Kind::Refused;
    event.sessionId = m_facts.id;
    event.from = m_envelope.reversePath.toBytes();
    event.to = recipients;
    event.size = m_wireSize;
    event.reply = reply.toBytes();
    Q_EMIT m_desk.received(event);
}

/// What came of the message so far is void; what the desk took over is not.
void ReceptionSession::dropMessage()
{
    if (m_spool != 0)
        m_desk.spooler().drop(m_spool);
    if (!m_files.isEmpty())
        m_desk.spooler().remove(m_files);
    if (m_waiting)
        *m_waiting = nullptr;
    m_waiting.reset();
    m_spool = 0;
    m_files.clear();
    m_plan = {};
    m_content.clear();
    m_looping.clear();
    m_wireSize = 0;
    m_unwritten = 0;
    m_paused = false;
    countHeld();
}

void ReceptionSession::refused(const smtp::Envelope &envelope, const smtp::Reply &reply)
{
    m_envelope = envelope;
    tellRefused(reply, addressesOf(envelope));
}

void ReceptionSession::reset()
{
    m_envelopeSize = 0;
    dropMessage();
    m_envelope = {};
}

void ReceptionSession::closed(const smtp::SessionFacts &session)
{
    m_facts = session;
    reset();
}

void ReceptionSession::verify(const smtp::SessionFacts &session, const QByteArray &text)
{
    m_facts = session;
    m_responder.reply(verification(text));
}

/// RFC 5321 3.5.3: what RCPT would say of it; null is the engine's 252, for what cannot be verified.
smtp::Reply ReceptionSession::verification(const QByteArray &text) const
{
    if (m_desk.context.policy == RecipientPolicy::CatchAll)
        return {};
    const Verification found = m_desk.context.router.verify(text);
    switch (found.kind) {
    case Verification::Kind::Found: {
        const smtp::Reply said = rcptReply({found.mailbox, {}, {}});
        return said.isNull() ? answer(250, 1, 5, '<' + found.mailbox.toBytes() + '>') : said;
    }
    case Verification::Kind::Ambiguous:
        return answer(553, 1, 4, "User ambiguous");
    case Verification::Kind::Unknown:
        return answer(550, 1, 1, "No such user here");
    case Verification::Kind::Elsewhere:
        break;
    }
    return {};
}

void ReceptionSession::expand(const smtp::SessionFacts &session, const QByteArray &list)
{
    m_facts = session;
    if (m_desk.context.policy == RecipientPolicy::CatchAll) {
        m_responder.reply({});
        return;
    }
    const QStringList members = m_desk.context.router.members(QString::fromUtf8(list));
    if (members.isEmpty()) {
        m_responder.reply(answer(550, 1, 1, "No such list here"));
        return;
    }
    smtp::Reply reply = answer(250, 1, 5, {});
    reply.lines.clear();
    for (const QString &member : members) {
        const QByteArray address = member.toUtf8();
        reply.lines
            += '<' + (address.contains('@') ? address : address + '@' + m_desk.context.hostName) + '>';
    }
    m_responder.reply(reply);
}

} // namespace glasspost::mail
