#pragma once

#include "mail/accept/receptiondesk.h"
#include "smtp/server/transactionhandler.h"

#include <memory>

namespace glasspost::mail {

/// The listener's owner: who may send what to whom; what comes in is stored, queued or refused. Makes one
/// handler for each session, all on the mail thread; outlives the sessions, and store, queue and journal
/// outlive it. The binding's name is the user whose Inbox captures (catch-all). A 250 after the dot is said
/// only when the message and its queue entries are durable in one transaction (RFC 5321 6.1).
class Reception : public QObject, public smtp::TransactionHandlerFactory
{
    Q_OBJECT
public:
    Reception(ReceptionContext context, Store &store, Queue &queue, Journal &journal,
        const DataFolder &folder, QObject *parent = nullptr);
    ~Reception() override;

    void setContext(ReceptionContext context);
    void setRouter(Router router);
    void setPolicy(RecipientPolicy policy);
    /// Octets that stay free on the disk; less: 452 at MAIL (S44).
    void setReserve(qint64 octets);
    /// Octets of memory for the messages and envelopes of all sessions together.
    void setMemoryBudget(qint64 octets);
    [[nodiscard]] qint64 heldInMemory() const { return m_desk.held; }

    std::unique_ptr<smtp::TransactionHandler> create(
        smtp::Responder &responder, const QByteArray &bindingName) override;

Q_SIGNALS:
    /// Stored: its file stands in its mailbox, or it is in the queue alone. Refused: a recipient or a
    /// message.
    void received(const glasspost::mail::ReceptionEvent &event);

private:
    ReceptionDesk m_desk;
};

} // namespace glasspost::mail
