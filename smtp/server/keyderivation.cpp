#include "smtp/server/keyderivation.h"

#include "smtp/server/network.h"

#include <algorithm>
#include <utility>

namespace glasspost::smtp {

namespace {

constexpr qsizetype waitingPerNetwork = 100; // half a second's work
constexpr qsizetype networksWaiting = 100;

} // namespace

KeyDerivation::KeyDerivation(QObject *parent) : QObject(parent)
{
    m_pool.setMaxThreadCount(std::max(1, QThread::idealThreadCount() / 2));
}

void KeyDerivation::derive(
    const QHostAddress &peer, const KeyRequest &request, QObject *context, const Done &done)
{
    const QHostAddress network = networkOf(peer);
    const Job job{request, context, done};
    const bool isNew = !m_waiting.contains(network);
    if (isNew ? m_turns.size() >= networksWaiting : m_waiting[network].size() >= waitingPerNetwork) {
        QMetaObject::invokeMethod(
            this, [this, job] { finish(job, std::nullopt); }, Qt::QueuedConnection);
        return;
    }
    m_waiting[network].enqueue(job);
    if (isNew)
        m_turns.enqueue(network);
    startNext();
}

void KeyDerivation::startNext()
{
    while (m_running < m_pool.maxThreadCount() && !m_turns.isEmpty()) {
        const QHostAddress network = m_turns.dequeue();
        const Job job = m_waiting[network].dequeue();
        if (m_waiting.value(network).isEmpty())
            m_waiting.remove(network);
        else
            m_turns.enqueue(network);
        if (!job.context)
            continue;
        ++m_running;
        m_pool.start([this, job] {
            const ScramKeys keys = deriveScramKeys(job.request);
            QMetaObject::invokeMethod(
                this,
                [this, job, keys] {
                    --m_running;
                    finish(job, keys);
                    startNext();
                },
                Qt::QueuedConnection);
        });
    }
}

void KeyDerivation::finish(const Job &job, const std::optional<ScramKeys> &keys)
{
    if (job.context)
        job.done(keys);
}

} // namespace glasspost::smtp
