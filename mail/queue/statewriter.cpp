#include "mail/queue/statewriter.h"

#include "mail/queue/queuefiles.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

constexpr int refusedWait = 5000; // milliseconds

} // namespace

Task<void> StateWriter::write(const QueueEntry &entry, Answer when)
{
    const Request request{when};
    const auto locked = m_locked.find(entry.id);
    if (locked == m_locked.end())
        commit(entry, {request});
    else
        locked->append(request);
    return request.promise.task();
}

void StateWriter::lock(const QByteArray &id)
{
    Requests waiting;
    if (m_refused.remove(id))
        waiting.append(Request());
    m_locked.insert(id, waiting);
}

void StateWriter::unlock(const QueueEntry &entry)
{
    const Requests waiting = m_locked.take(entry.id);
    if (!waiting.isEmpty())
        commit(entry, waiting);
}

void StateWriter::forget(const QByteArray &id)
{
    m_newest.remove(id);
    m_refused.remove(id);
    const Requests waiting = m_locked.take(id);
    for (const Request &request : waiting)
        request.promise.answer(tl::unexpected(Error{ErrorCode::NotFound, QString::fromLatin1(id), {}}));
}

void StateWriter::commit(const QueueEntry &entry, const Requests &requests)
{
    const quint64 number = ++m_lastNumber;
    m_newest.insert(entry.id, number);
    m_refused.remove(entry.id);
    const auto answer = [requests](Answer when, const Result<void> &result) {
        for (const Request &request : requests) {
            if (request.when == when)
                request.promise.answer(result);
        }
    };
    const Committed committed = m_journal->commit(stateSteps(entry));
    committed.durable.then(this, [this, number, entry, answer](const Result<void> &result) {
        takeAnswer(number, entry, result);
        answer(Answer::WhenDurable, result);
    });
    const bool isFiledAwaited = std::any_of(requests.begin(), requests.end(),
        [](const Request &request) { return request.when == Answer::WhenFiled; });
    if (isFiledAwaited)
        committed.applied.then(
            this, [answer](const Result<void> &result) { answer(Answer::WhenFiled, result); });
}

// What was seen stays true: it is written as soon as the disk takes it, unless something newer was.
void StateWriter::takeAnswer(quint64 number, const QueueEntry &entry, const Result<void> &result)
{
    if (!result)
        Q_EMIT troubled(result.error());
    const auto newest = m_newest.find(entry.id);
    if (newest == m_newest.end() || *newest != number)
        return;
    m_newest.erase(newest);
    if (result)
        return;
    if (const auto locked = m_locked.find(entry.id); locked != m_locked.end()) {
        locked->append(Request());
        return;
    }
    m_refused.insert(entry.id, entry);
    QTimer::singleShot(refusedWait, this, [this, id = entry.id] { writeAgain(id); });
}

void StateWriter::writeAgain(const QByteArray &id)
{
    if (const auto refused = m_refused.constFind(id); refused != m_refused.constEnd())
        commit(QueueEntry(*refused), {});
}

} // namespace glasspost::mail
