#pragma once

#include "mail/accept/acceptor.h"
#include "mail/accept/captureinboxes.h"
#include "mail/accept/receptionevent.h"
#include "mail/accept/spool.h"
#include "mail/journal/datafolder.h"
#include "smtp/server/transactionhandler.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>

namespace glasspost::mail {

/// The listener's owner: makes one handler (ReceptionSession) for each session and has what they share, the
/// memory and the disk that they may take. Who may send what to whom is in the acceptor's rules. The
/// binding's name is the user whose Inbox captures (catch-all), unless the rule of the settings names
/// another. On the mail thread; outlives the sessions, and the acceptor outlives it.
class Reception : public QObject, public smtp::TransactionHandlerFactory
{
    Q_OBJECT
public:
    /// Large messages are written to files in spoolFolder while they come.
    Reception(Acceptor &acceptor, const DataFolder &folder, const QString &spoolFolder);
    ~Reception() override;

    /// Octets that stay free on the disk; less: 452 at MAIL (S44).
    void setReserve(qint64 octets) { m_reserve = octets; }
    /// Octets that messages and envelopes of all sessions together may take in memory. Past it messages go to
    /// the disk at once, and recipients get 452.
    void setMemoryBudget(qint64 octets) { m_memoryBudget = octets; }
    [[nodiscard]] qint64 heldInMemory() const { return m_held; }

    std::unique_ptr<smtp::TransactionHandler> create(
        smtp::Responder &responder, const QByteArray &bindingName) override;

    /// For the sessions.
    [[nodiscard]] Acceptor &acceptor() { return m_acceptor; }
    [[nodiscard]] const AcceptanceRules &rules() const { return m_acceptor.rules(); }
    [[nodiscard]] Spooler &spooler() { return m_spooler; }
    [[nodiscard]] CaptureInboxes &inboxes() { return m_inboxes; }
    void countHeld(qint64 more) { m_held += more; }
    [[nodiscard]] bool isMemoryShort() const { return m_held > m_memoryBudget; }
    /// Whether a message of that size fits: twice, journal or spool, and file. Asked of the system at most
    /// once a second.
    [[nodiscard]] bool isDiskShort(qint64 size);

Q_SIGNALS:
    /// Stored: its file stands in its mailbox, or it is in the queue alone. Refused: a recipient or a
    /// message.
    void received(const glasspost::mail::ReceptionEvent &event);

private:
    Acceptor &m_acceptor;
    const DataFolder &m_folder;
    Spooler m_spooler;
    CaptureInboxes m_inboxes;
    qint64 m_reserve = 16 * 1024 * 1024;
    qint64 m_memoryBudget = 64 * 1024 * 1024;
    qint64 m_held = 0; ///< by all sessions now
    qint64 m_freeBytes = -1; ///< -1 when the system does not tell
    QElapsedTimer m_freeBytesAt;
};

} // namespace glasspost::mail
