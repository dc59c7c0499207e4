#include "mail/base/deferredunlinker.h"

namespace glasspost::mail {

namespace {

constexpr size_t mostWaiting = 2000; // a start after a crash deletes them before it does anything else

} // namespace

DeferredUnlinker::DeferredUnlinker(FileSystemCalls &calls, int dataFolder)
    : m_calls(calls), m_data(dataFolder), m_thread([this] { sweep(); })
{ }

DeferredUnlinker::~DeferredUnlinker()
{
    {
        const MutexLock lock(m_mutex);
        m_stopping = true;
    }
    m_wakes.notify_one();
    m_thread.join();
}

bool DeferredUnlinker::take(const QByteArray &path)
{
    {
        const MutexLock lock(m_mutex);
        if (m_waiting.size() >= mostWaiting)
            return false;
    }
    QByteArray swept = "spool/swept-" + QByteArray::number(++m_taken);
    if (m_calls.renameAt(m_data, path.constData(), m_data, swept.constData()) != 0)
        return false;
    {
        const MutexLock lock(m_mutex);
        m_waiting.push_back(std::move(swept));
    }
    m_wakes.notify_one();
    return true;
}

/// What cannot be deleted now is left to the next start.
void DeferredUnlinker::sweep()
{
    for (;;) {
        QByteArray path;
        {
            MutexLock lock(m_mutex);
            lock.wait(m_wakes, [this]() REQUIRES(m_mutex) { return !m_waiting.empty() || m_stopping; });
            if (m_waiting.empty())
                return;
            path = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        m_calls.unlinkAt(m_data, path.constData());
    }
}

} // namespace glasspost::mail
