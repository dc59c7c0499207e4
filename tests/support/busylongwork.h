#pragma once

#include "smtp/session/longworkpool.h"

#include <QSemaphore>

namespace glasspost::test {

/// Every thread of the pool for long work is busy, as with as many large messages, until end().
class BusyLongWork
{
public:
    BusyLongWork()
    {
        const int threads = smtp::longWorkPool().maxThreadCount();
        for (int i = 0; i < threads; ++i) {
            smtp::longWorkPool().start([this] {
                m_running.release();
                m_end.acquire();
            });
        }
        m_running.acquire(threads);
    }
    ~BusyLongWork() { end(); }
    BusyLongWork(const BusyLongWork &) = delete;
    BusyLongWork &operator=(const BusyLongWork &) = delete;

    /// What waited meanwhile is done, too.
    void end()
    {
        m_end.release(smtp::longWorkPool().maxThreadCount());
        smtp::longWorkPool().waitForDone();
    }

private:
    QSemaphore m_running;
    QSemaphore m_end;
};

} // namespace glasspost::test
