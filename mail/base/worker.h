#pragma once

#include <QObject>
#include <QThread>

#include <functional>

namespace glasspost::mail {

/// What OpenSSL keeps for the thread is freed before its QThread counts as finished: wait() may return while
/// the thread's own destructors still run, and a process that ends then leaves it behind.
void endOpenSslWith(QThread &thread);

/// A thread for what blocks (reading attachments, writing small files): does one thing after another, in
/// order.
class Worker
{
public:
    Worker();
    /// Does what is left, then joins.
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void run(std::function<void()> work); ///< any thread

private:
    QThread m_thread;
    QObject m_place;
};

} // namespace glasspost::mail
