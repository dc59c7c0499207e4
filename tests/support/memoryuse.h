#pragma once

#include <QtGlobal>

#include <atomic>
#include <chrono>
#include <thread>

namespace glasspost::test {

/// Octets that this process holds: what is allocated where a sanitizer counts it (its quarantine keeps freed
/// memory resident), else what is resident. 0 where neither is known.
qint64 memoryInUse();

/// The most memory that the process held while it was there, beyond what it held before.
class MemoryWatch
{
public:
    MemoryWatch()
        : m_thread([this] {
              while (!m_isDone) {
                  m_most = qMax(m_most.load(), memoryInUse());
                  std::this_thread::sleep_for(std::chrono::milliseconds(2));
              }
          })
    { }
    ~MemoryWatch() { end(); }
    Q_DISABLE_COPY_MOVE(MemoryWatch)

    qint64 end()
    {
        m_isDone = true;
        if (m_thread.joinable())
            m_thread.join();
        return m_most - m_before;
    }

private:
    const qint64 m_before = memoryInUse();
    std::atomic<qint64> m_most = 0;
    std::atomic<bool> m_isDone = false;
    std::thread m_thread;
};

} // namespace glasspost::test
