#pragma once

#include "mail/base/worker.h"
#include "mail/queue/queue.h"
#include "mail/routing/distribution.h"
#include "mail/store/store.h"

#include <optional>

namespace glasspost::mail {

/// A message of our own on its way to mailboxes here and to the queue.
struct Posting
{
    smtp::Envelope envelope;
    MessageOctets message; ///< LF line ends, without Return-Path and Delivered-To
    QString subject; ///< for the queue's window
    QByteArray messageIdField;
    QByteArray originSessionId;
    qint64 notBefore = 0; ///< milliseconds since the Unix epoch; later than now: all of it waits in the queue
    std::optional<OutgoingRoute> route; ///< all of it goes that way, names of ours too
    QList<Intake> copies; ///< kept in the same transaction: the one in Sent
    FileTransaction alongside;
    /// A report (RFC 3464) stays here when it is for anybody here, by whatever way other mail leaves; names
    /// here that nobody has are an error, but of a report mail for the postmaster.
    enum class Kind { Mail, Report } kind = Kind::Mail;
};

struct Posted
{
    QByteArray queueId; ///< empty when every recipient was local
    QList<MessageId> delivered; ///< in mailboxes here
    QList<MessageId> copies;
};

/// Puts a message into mailboxes and queue in one transaction: all of it or nothing, whatever dies meanwhile.
/// Used by submission, by the queue for recipients here, and for bounces. Lives on the mail thread.
class Dispatcher
{
public:
    Dispatcher(Store &store, Journal &journal, Queue &queue, Router router, Clock clock = Clock::system());

    void setRouter(Router router);
    [[nodiscard]] const Router &router() const { return m_router; }
    /// BadAddress names the first recipient that nobody here has; then nothing happens. done comes on the
    /// mail thread, at once when it is that error.
    void post(const Posting &posting, const Completion<Posted> &done);

private:
    /// What the queue takes of a posting: its files, and the entries once they stand.
    struct Queued
    {
        QByteArray id; ///< of the first message; empty when every recipient was local
        QList<QueueEntry> entries;
        FileTransaction steps;
    };
    [[nodiscard]] Distribution placesOf(const Posting &posting) const;
    [[nodiscard]] Queued enqueue(const Posting &posting, const Distribution &where);
    void admit(const QList<QueueEntry> &entries, const QList<MessageId> &copies);
    void commit(const Posting &posting, const Distribution &where, const MessageOctets &local,
        const Completion<Posted> &done);

    Store &m_store;
    Journal &m_journal;
    Queue &m_queue;
    Router m_router;
    Clock m_clock;
    Worker m_worker; ///< copies large messages
};

} // namespace glasspost::mail
