#include "mail/accept/receptionsession.h"

#include "mail/base/lineends.h"
#include "mail/message/trace.h"

#include <QPointer>

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr qsizetype mostInMemory = 256 * 1024; // octets; larger messages go to the disk while they come
constexpr qint64 spoolHigh = 1024 * 1024; // octets on their way to the disk: the socket is read no further
constexpr qint64 spoolLow = 256 * 1024;
constexpr qint64 recipientSize = 256; // octets of memory beside its texts

QList<QByteArray> addressesOf(const smtp::Envelope &envelope)
{
    QList<QByteArray> result;
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients)
        result += recipient.forwardPath.toBytes();
    return result;
}

} // namespace

ReceptionSession::ReceptionSession(
    Reception &reception, smtp::Responder &responder, const QByteArray &captureMailbox)
    : m_reception(reception), m_responder(responder), m_captureFolder{QString::fromUtf8(captureMailbox), {}}
{
    if (m_captureFolder.user.isEmpty())
        m_captureFolder.user = ListenerBinding().captureMailbox;
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
    m_reception.countHeld(now - std::exchange(m_held, now));
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
    // RFC 1870 6.1 and S44: better now than after the message was carried over.
    if (m_reception.isDiskShort(envelope.declaredSize)) {
        refuse(replyOf(452, 3, 1, "Insufficient system storage"), {});
        return;
    }
    m_responder.reply({});
}

Relaying ReceptionSession::relaying() const
{
    const bool isTrusted = m_facts.peerAddress.isLoopback() || !m_facts.user.isEmpty();
    return isTrusted ? Relaying::Allowed : Relaying::Denied;
}

void ReceptionSession::rcptTo(const smtp::Envelope &envelope, const smtp::EnvelopeRecipient &recipient)
{
    m_envelope = envelope;
    const bool isFirst = envelope.recipients.isEmpty(); // it is taken whatever the others hold
    const smtp::Reply reply = m_reception.isMemoryShort() && !isFirst
        ? replyOf(452, 3, 1, "Insufficient memory now, try again later")
        : rcptReply(m_reception.rules(), recipient, relaying());
    if (reply.isTransient() || reply.isPermanent()) {
        refuse(reply, {recipient.forwardPath.toBytes()});
        return;
    }
    m_envelopeSize += recipientSize + recipient.forwardPath.localPart.size()
        + recipient.forwardPath.domain.size() + recipient.originalRecipient.size();
    countHeld();
    m_responder.reply(reply);
}

/// The settings may have changed since RCPT said yes: a 250 after the dot for nobody would lose the message.
bool ReceptionSession::isStillWelcome() const
{
    const bool hasNobody = m_plan.mailboxes.isEmpty() && m_plan.relays.isEmpty() && !m_plan.isDiscarded;
    if (!m_plan.unknown.isEmpty() || hasNobody)
        return false;
    return std::none_of(
        m_envelope.recipients.begin(), m_envelope.recipients.end(), [this](const auto &recipient) {
            const smtp::Reply now = rcptReply(m_reception.rules(), recipient, relaying());
            return now.isTransient() || now.isPermanent();
        });
}

void ReceptionSession::dataBegin(const smtp::Envelope &envelope)
{
    dropMessage();
    m_message = std::make_unique<QObject>();
    m_envelope = envelope;
    m_plan = m_reception.acceptor().planFor(incoming());
    if (isStillWelcome())
        m_responder.reply({});
    else
        refuse(
            replyOf(451, 3, 0, "The recipients here have changed; try again later"), addressesOf(m_envelope));
}

smtp::DataFlow ReceptionSession::dataChunk(QByteArrayView octets)
{
    m_wireSize += octets.size();
    if (m_plan.isDiscarded)
        return smtp::DataFlow::Continue;
    if (m_spool == 0) {
        m_content.append(octets);
        countHeld();
        if (m_content.size() <= mostInMemory && !m_reception.isMemoryShort())
            return smtp::DataFlow::Continue;
        startSpool();
    } else {
        spool(octets.toByteArray());
    }
    countHeld();
    m_paused = m_unwritten > (m_reception.isMemoryShort() ? 0 : spoolHigh);
    return m_paused ? smtp::DataFlow::Pause : smtp::DataFlow::Continue;
}

/// Of a spooled message the trace is on the disk already: then the transcript alone says it.
void ReceptionSession::tolerated(const QByteArray &what)
{
    m_plan = withTolerated(std::move(m_plan), what);
}

void ReceptionSession::startSpool()
{
    m_looping = loopingAddress(m_content);
    QList<QByteArray> heads;
    if (!m_plan.mailboxes.isEmpty())
        heads.append(m_plan.mailboxHead);
    m_spoolsRelays = !m_plan.relays.isEmpty() || m_reception.acceptor().mayForward();
    if (m_spoolsRelays)
        heads.append(m_plan.relayHead);
    m_spooledHead = m_plan.mailboxHead.size();
    m_spool = m_reception.spooler().begin(heads);
    spool(std::exchange(m_content, {}));
}

void ReceptionSession::spool(const QByteArray &octets)
{
    m_unwritten += octets.size();
    m_reception.spooler()
        .write(m_spool, octets)
        .then(m_message.get(), [this, size = octets.size()](const Result<void> &) { spoolWritten(size); });
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
    if (m_plan.isDiscarded) {
        Q_EMIT m_reception.received(eventOf(ReceptionEvent::Kind::Discarded));
        m_responder.reply(replyOf(250, 0, 0, "Ok"));
        return;
    }
    if (m_spool == 0)
        m_looping = loopingAddress(m_content);
    if (!m_looping.isEmpty()) {
        refuse(replyOf(554, 4, 6, "Mail loop: this message was delivered to <" + m_looping + "> before"),
            addressesOf(m_envelope));
        return;
    }
    if (m_spool == 0) {
        accept(MessageOctets(withLf(std::exchange(m_content, {}))));
        return;
    }
    m_reception.spooler().finish(m_spool).then(
        m_message.get(), [this](const Result<QList<MessageOctets>> &files) { acceptSpooled(files); });
}

void ReceptionSession::acceptSpooled(const Result<QList<MessageOctets>> &files)
{
    m_spool = 0;
    if (!files) {
        refuse(errorReply(files.error()), addressesOf(m_envelope));
        return;
    }
    MessageCopies copies; // as startSpool() ordered them
    copies.mailboxHead = m_spooledHead;
    if (!m_plan.mailboxes.isEmpty())
        copies.forMailboxes = files->first();
    if (m_spoolsRelays)
        copies.forRelays = files->last();
    accept(copies);
}

IncomingMessage ReceptionSession::incoming() const
{
    IncomingMessage message;
    message.origin = IncomingMessage::Origin::Session;
    message.envelope = m_envelope;
    message.session = m_facts;
    message.folder = m_captureFolder;
    return message;
}

void ReceptionSession::accept(std::variant<MessageOctets, MessageCopies> content)
{
    IncomingMessage message = incoming();
    message.content = std::move(content);
    FileTransaction marks; // of inboxes that are made with it
    m_plan = completed(
        std::move(m_plan), message, m_reception.rules(), [this, &marks](const QList<FolderId> &wished) {
            CaptureInboxes::Admission admission = m_reception.inboxes().admit(wished, m_captureFolder);
            marks = std::move(admission.marks);
            return std::move(admission.folders);
        });
    if (!m_plan.relays.isEmpty() || !m_plan.successReports.isEmpty())
        message.readHeader();
    ReceptionEvent event = eventOf(ReceptionEvent::Kind::Stored);
    // The session may be gone before the answer is there; the promise lives on without it.
    Reception *reception = &m_reception;
    const Promised promised = reception->acceptor().accept(message, m_plan, marks);
    promised.durable.then(reception,
        [this, waiting = QPointer(m_message.get()), event,
            discarded = eventOf(ReceptionEvent::Kind::Discarded), reception,
            folders = m_plan.mailboxes](const Result<Accepted> &accepted) {
            if (accepted)
                reception->inboxes().made(folders);
            else
                reception->inboxes().failed(folders);
            if (accepted && accepted->mailboxes.isEmpty())
                Q_EMIT reception->received(accepted->isDiscarded ? discarded : event);
            if (waiting)
                answerAccepted(accepted);
        });
    promised.filed.then(
        reception, [event = std::move(event), reception](const Result<Accepted> &filed) mutable {
            if (!filed || filed->mailboxes.isEmpty())
                return;
            event.file = filed->file;
            event.size = filed->size;
            Q_EMIT reception->received(event);
        });
}

ReceptionEvent ReceptionSession::eventOf(ReceptionEvent::Kind kind) const
{
    return {kind, m_facts.id, m_envelope.reversePath.toBytes(), addressesOf(m_envelope), m_wireSize, {}, {}};
}

void ReceptionSession::answerAccepted(const Result<Accepted> &accepted)
{
    if (!accepted) {
        refuse(errorReply(accepted.error()), addressesOf(m_envelope));
        return;
    }
    if (accepted->isDiscarded) {
        m_responder.reply(replyOf(250, 0, 0, "Ok"));
        return;
    }
    const QByteArray name
        = accepted->mailboxes.isEmpty() ? accepted->queueId : accepted->mailboxes.first().unique;
    m_responder.reply(replyOf(250, 0, 0, "Ok: kept as " + name));
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
    Q_EMIT m_reception.received(event);
}

/// What came of the message so far is void; what the acceptor took over is not.
void ReceptionSession::dropMessage()
{
    if (m_spool != 0)
        m_reception.spooler().drop(m_spool);
    m_message.reset();
    m_spool = 0;
    m_spooledHead = 0;
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
    m_responder.reply(vrfyReply(m_reception.rules(), text, relaying()));
}

void ReceptionSession::expand(const smtp::SessionFacts &session, const QByteArray &list)
{
    m_facts = session;
    m_responder.reply(expnReply(m_reception.rules(), list));
}

} // namespace glasspost::mail
