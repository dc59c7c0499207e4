#pragma once

#include "mail/accept/reception.h"
#include "mail/accept/receptionreplies.h"
#include "smtp/server/transactionhandler.h"

#include <memory>

namespace glasspost::mail {

/// One SMTP session as the mail system sees it: answers the engine's questions. Lives and dies with the
/// session; what it gave to the store goes on without it.
class ReceptionSession : public smtp::TransactionHandler
{
public:
    ReceptionSession(Reception &reception, smtp::Responder &responder, const QByteArray &captureMailbox);
    ~ReceptionSession() override;

    void connected(const smtp::SessionFacts &session) override;
    void identified(const smtp::SessionFacts &session) override;
    void mailFrom(const smtp::SessionFacts &session, const smtp::Envelope &envelope) override;
    void rcptTo(const smtp::Envelope &envelope, const smtp::EnvelopeRecipient &recipient) override;
    void dataBegin(const smtp::Envelope &envelope) override;
    smtp::DataFlow dataChunk(QByteArrayView octets) override;
    void tolerated(const QByteArray &what) override;
    void dataEnd() override;
    void refused(const smtp::Envelope &envelope, const smtp::Reply &reply) override;
    void reset() override;
    void closed(const smtp::SessionFacts &session) override;
    void verify(const smtp::SessionFacts &session, const QByteArray &text) override;
    void expand(const smtp::SessionFacts &session, const QByteArray &list) override;

private:
    [[nodiscard]] Relaying relaying() const;
    [[nodiscard]] bool isStillWelcome() const;
    [[nodiscard]] QByteArray loopingAddress(QByteArrayView message) const;
    void startSpool();
    void spool(const QByteArray &octets);
    void spoolWritten(qint64 octets);
    void acceptSpooled(const Result<QList<MessageOctets>> &files);
    [[nodiscard]] IncomingMessage incoming() const;
    void accept(std::variant<MessageOctets, MessageCopies> content);
    [[nodiscard]] ReceptionEvent eventOf(ReceptionEvent::Kind kind) const;
    void answerAccepted(const Result<Accepted> &accepted);
    void refuse(const smtp::Reply &reply, const QList<QByteArray> &recipients);
    void tellRefused(const smtp::Reply &reply, const QList<QByteArray> &recipients);
    void dropMessage();
    void countHeld();

    Reception &m_reception;
    smtp::Responder &m_responder;
    FolderId m_captureFolder;
    smtp::SessionFacts m_facts;
    smtp::Envelope m_envelope;
    Plan m_plan; ///< of the message, decided at DATA; completed() when its octets are there
    QByteArray m_content; ///< CRLF, as it came; what has not gone to the spool
    QByteArray m_looping; ///< the address that was here before
    qint64 m_wireSize = 0;
    quint64 m_spool = 0; ///< 0: the message is in memory
    qsizetype m_spooledHead = 0; ///< octets of our fields on top of what was spooled
    bool m_spoolsRelays = false; ///< under the fields of the relays as well
    qint64 m_unwritten = 0; ///< octets on their way to the spool
    qint64 m_envelopeSize = 0; ///< octets that the envelope takes, about
    qint64 m_held = 0; ///< counted for this session in the sum of all
    bool m_paused = false;
    std::unique_ptr<QObject> m_message; ///< what is asked for the message in work is dropped with it
};

} // namespace glasspost::mail
