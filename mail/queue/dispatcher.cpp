#include "mail/queue/dispatcher.h"

#include "mail/base/contextlink.h"
#include "mail/message/reportparts.h"
#include "mail/queue/servedentry.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

constexpr qint64 mostOfAHeader = 64 * 1024; // octets that are returned to the sender

// Everything through the queue: it is not time yet, or it has a route of its own.
Distribution throughQueue(const smtp::Envelope &envelope)
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

/// What stands on top of the copies for mailboxes here.
QByteArray traceOf(const Posting &posting, const Distribution &where)
{
    return deliveryTrace(posting.envelope.reversePath, where.deliveredTo);
}

// Copies first, then what goes into mailboxes here: local, a large one with its trace fields in it.
QList<Intake> intakesOf(
    const Posting &posting, const Distribution &where, const QByteArray &queueId, const MessageOctets &local)
{
    QList<Intake> intakes = posting.copies;
    for (Intake &copy : intakes)
        copy.queueId = queueId;
    if (where.folders.isEmpty())
        return intakes;
    Intake intake;
    intake.folders = where.folders;
    if (!local.isSpooled())
        intake.traceFields = traceOf(posting, where);
    intake.content = local;
    intake.sessionId = posting.originSessionId;
    intakes.append(intake);
    return intakes;
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

Distribution Dispatcher::placesOf(const Posting &posting) const
{
    const bool isReport = posting.kind == Posting::Kind::Report;
    Distribution where = posting.route ? throughQueue(posting.envelope)
        : isReport                     ? distributeReport(m_router, posting.envelope)
                                       : distribute(m_router, posting.envelope);
    if (isReport)
        givePostmaster(where, m_router, posting.envelope);
    const bool later = std::max(posting.notBefore, posting.envelope.holdUntil * 1000) > m_clock.wall();
    return later && where.unknown.isEmpty() ? throughQueue(posting.envelope) : where;
}

Dispatcher::Queued Dispatcher::enqueue(const Posting &posting, const Distribution &where)
{
    Queued queued;
    for (const smtp::Envelope &envelope : std::as_const(where.remote)) {
        QueueEntry entry = m_queue.prepare(envelope, posting.notBefore, posting.originSessionId,
            posting.subject, posting.messageIdField, posting.message.size());
        entry.route = posting.route;
        queued.steps += m_queue.steps(entry, posting.message);
        queued.entries.append(entry);
    }
    if (!queued.entries.isEmpty())
        queued.id = queued.entries.first().id;
    const auto served
        = servedEntry(m_queue, posting.envelope, where.served, posting.originSessionId, posting.subject);
    if (served) {
        const QByteArray front = posting.message.front(mostOfAHeader).value_or(QByteArray());
        queued.steps += m_queue.steps(*served, headerOf(front));
        queued.entries.append(*served);
    }
    return queued;
}

void Dispatcher::admit(const QList<QueueEntry> &entries, const QList<MessageId> &copies)
{
    for (const QueueEntry &entry : entries) {
        m_queue.insert(entry);
        if (!copies.isEmpty())
            m_queue.record(entry.id, {SentCopyKept{copies.first()}});
    }
}

void Dispatcher::post(const Posting &posting, const Completion<Posted> &done)
{
    const Distribution where = placesOf(posting);
    if (!where.unknown.isEmpty()) {
        const QByteArray first = where.unknown.first().forwardPath.toBytes();
        done(tl::unexpected(Error{ErrorCode::BadAddress, QString::fromUtf8(first), {}}));
        return;
    }
    if (!posting.message.isSpooled() || where.folders.isEmpty()) {
        commit(posting, where, posting.message, done);
        return;
    }
    m_worker.run(
        [this, link = ContextLink::to(&m_queue), folder = m_store.spoolFolder(), posting, where, done] {
            const auto local = withHead(traceOf(posting, where), posting.message, folder);
            link->run([this, posting, where, local, done] {
                if (local)
                    commit(posting, where, *local, done);
                else
                    done(tl::unexpected(local.error()));
            });
        });
}

void Dispatcher::commit(const Posting &posting, const Distribution &where, const MessageOctets &local,
    const Completion<Posted> &done)
{
    const Queued queued = enqueue(posting, where);
    FileTransaction alongside = posting.alongside + queued.steps;
    QList<Intake> intakes = intakesOf(posting, where, queued.id, local);
    auto kept = [this, queued, copies = posting.copies.size(), done](
                    const Result<QList<QList<MessageId>>> &result) {
        if (!result) {
            done(tl::unexpected(result.error()));
            return;
        }
        Posted posted{queued.id, {}, {}};
        for (qsizetype i = 0; i < result->size(); ++i)
            (i < copies ? posted.copies : posted.delivered) += result->at(i);
        admit(queued.entries, posted.copies);
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
