#pragma once

#include "mail/accept/receptionevent.h"
#include "mail/accept/spool.h"
#include "mail/journal/datafolder.h"
#include "mail/journal/journal.h"
#include "mail/queue/queue.h"
#include "mail/routing/router.h"
#include "mail/settings/settings.h"
#include "mail/store/store.h"

#include <QElapsedTimer>
#include <QObject>

#include <optional>

namespace glasspost::mail {

/// What reception decides by; a plain value that may be replaced while sessions run.
struct ReceptionContext
{
    Router router;
    RecipientPolicy policy = RecipientPolicy::CatchAll;
    QByteArray hostName; ///< in Received
    std::optional<OutgoingRoute> handOn = {}; ///< where mail for mailboxes here goes; none: it is kept
};

/// A message that came in whole, with the decision where it goes.
struct Handover
{
    QList<FolderId> folders;
    QList<smtp::Envelope> remote; ///< for the queue
    std::optional<OutgoingRoute> handOn; ///< the way of the last of them, which is for mailboxes here
    smtp::Envelope envelope; ///< as it was received
    QList<smtp::EnvelopeRecipient> served; ///< Distribution::served
    QByteArray localTrace; ///< on top of the copy in the mailboxes
    QByteArray received; ///< on top of what goes on
    QByteArray content; ///< LF; empty when it was spooled
    QList<SpoolTarget>
        files; ///< spooled: the mailboxes' first, if there are any; then one for each remote envelope
    ReceptionEvent event; ///< for when it is filed
};

/// What the sessions of one listener share: where messages go and how they become durable. On the mail
/// thread.
class ReceptionDesk : public QObject
{
    Q_OBJECT
public:
    ReceptionDesk(
        ReceptionContext context, Store &store, Queue &queue, Journal &journal, const DataFolder &folder);

    ReceptionContext context;
    qint64 reserve = 16 * 1024 * 1024; ///< octets that stay free on the disk; less: 452 at MAIL (S44)

    /// Octets that messages and envelopes of all sessions together may take in memory. Past it messages go to
    /// the disk at once, and recipients get 452.
    qint64 memoryBudget = 64 * 1024 * 1024;
    qint64 held = 0; ///< by all sessions now
    [[nodiscard]] bool isMemoryShort() const { return held > memoryBudget; }

    [[nodiscard]] Spooler &spooler() { return m_spooler; }
    [[nodiscard]] QString newSpoolFile() const { return m_store.newSpoolFile(); }
    /// Asked of the system at most once a second; -1 when it does not tell.
    [[nodiscard]] qint64 freeBytes();
    /// done comes once everything is durable, or nothing will happen, with the name it is kept under.
    void take(const Handover &handover, const Completion<QByteArray> &done);

Q_SIGNALS:
    void received(const glasspost::mail::ReceptionEvent &event);

private:
    struct Queued
    {
        QList<QueueEntry> entries;
        FileTransaction steps;
    };
    [[nodiscard]] Queued queued(const Handover &handover) const;

    Store &m_store;
    Queue &m_queue;
    Journal &m_journal;
    const DataFolder &m_folder;
    Spooler m_spooler;
    qint64 m_freeBytes = -1;
    QElapsedTimer m_freeBytesAt;
};

} // namespace glasspost::mail
