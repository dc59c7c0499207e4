#include "mail/queue/dispatcher.h"

namespace glasspost::mail {

namespace {

Distribution sendLater(const smtp::Envelope &envelope)
{
    Distribution result;
    result.remote.append(envelope);
    return result;
}

// RFC 5321 4.5.1: postmaster is always somebody, here or (an alias) elsewhere; else the first user.
void givePostmaster(Distribution &where, const Router &router, const smtp::Envelope &envelope)
{
    if (where.unknown.isEmpty())
        return;
    smtp::Envelope toPostmaster = envelope;
    toPostmaster.recipients = {{{QByteArrayLiteral("postmaster"), {}}, smtp::Notify::Never, {}}};
    Distribution postmaster = distribute(router, toPostmaster);
    if (postmaster.folders.isEmpty() && postmaster.remote.isEmpty())
        postmaster.folders = router.firstInbox();
    where.unknown.clear();
    for (const FolderId &folder : std::as_const(postmaster.folders)) {
        if (!where.folders.contains(folder))
            where.folders.append(folder);
    }
    if (!postmaster.folders.isEmpty())
        where.deliveredTo.append(QByteArrayLiteral("postmaster"));
    where.remote += postmaster.remote;
}

} // namespace

Dispatcher::Dispatcher(Store &store, Journal &journal, Queue &queue, Router router, Clock clock)
    : m_store(store), m_journal(journal), m_queue(queue), m_router(std::move(router)),
      m_clock(std::move(clock))
{ }

void Dispatcher::setRouter(Router router)
{
    m_router = std::move(router);
}

void Dispatcher::post(const Posting &posting, const Completion<Posted> &done)
{
    const bool later = posting.notBefore > m_clock.wall();
    Distribution where = distribute(m_router, posting.envelope);
    if (posting.unknown == Posting::Unknown::ToPostmaster)
        givePostmaster(where, m_router, posting.envelope);
    if (!where.unknown.isEmpty()) {
        const Error error{
            ErrorCode::BadAddress, QString::fromUtf8(where.unknown.first().forwardPath.toBytes()), {}};
        done(tl::unexpected(error));
        return;
    }
    if (later)
        where = sendLater(posting.envelope);

    QList<QueueEntry> entries;
    FileTransaction alongside = posting.alongside;
    for (const smtp::Envelope &envelope : std::as_const(where.remote)) {
        entries.append(m_queue.prepare(envelope, posting.notBefore, posting.originSessionId, posting.subject,
            posting.messageIdField, posting.message.size()));
        alongside += m_queue.steps(entries.last(), posting.message);
    }
    const QByteArray queueId = entries.isEmpty() ? QByteArray() : entries.first().id;

    QList<Intake> intakes = posting.copies;
    for (Intake &copy : intakes)
        copy.queueId = queueId;
    if (!where.folders.isEmpty()) {
        Intake intake;
        intake.folders = where.folders;
        intake.traceFields = deliveryTrace(posting.envelope.reversePath, where.deliveredTo);
        intake.content = posting.message;
        intake.sessionId = posting.originSessionId;
        intakes.append(intake);
    }

    const qsizetype copies = posting.copies.size();
    auto kept = [this, entries, queueId, copies, done](const Result<QList<QList<MessageId>>> &result) {
        if (!result) {
            done(tl::unexpected(result.error()));
            return;
        }
        Posted posted{queueId, {}, {}};
        for (qsizetype i = 0; i < result->size(); ++i)
            (i < copies ? posted.copies : posted.delivered) += result->at(i);
        for (QueueEntry entry : entries) {
            m_queue.admit(entry);
            if (posted.copies.isEmpty())
                continue;
            entry.sentCopy = posted.copies.first();
            m_queue.change(entry);
        }
        done(posted);
    };
    if (intakes.isEmpty()) {
        m_journal.commit(std::move(alongside), &m_queue, [kept](const Result<void> &result) {
            kept(result ? Result<QList<QList<MessageId>>>(QList<QList<MessageId>>())
                        : tl::unexpected(result.error()));
        });
        return;
    }
    intakes.first().alongside += alongside;
    m_store.keepAll(std::move(intakes), &m_queue, std::move(kept));
}

} // namespace glasspost::mail
