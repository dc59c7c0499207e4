#pragma once

#include "mail/base/task.h"
#include "smtp/session/longworkpool.h"

#include <QThread>
#include <QThreadPool>

namespace glasspost::mail {

/// What OpenSSL keeps for the thread is freed before its QThread counts as finished: wait() may return while
/// the thread's own destructors still run, and a process that ends then leaves it behind.
void endOpenSslWith(QThread &thread);

/// A thread for what blocks (reading attachments, writing files): does one thing after another, in order.
class Worker
{
public:
    explicit Worker(const QString &name = QStringLiteral("worker"));
    /// Does what is left, then joins.
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    /// The task is answered with what work() returns, a value or a Result. Any thread.
    template <typename Work> TaskFor<Work> run(Work work) { return runOn(&m_place, std::move(work)); }

private:
    QThread m_thread;
    QObject m_place;
};

/// The same on a thread of a pool, in no order. Qt's own is for short work that must not delay closing a
/// window.
template <typename Work>
TaskFor<Work> runInPool(Work work, QThreadPool &pool = *QThreadPool::globalInstance())
{
    const PromiseFor<Work> promise;
    pool.start([promise, work = std::move(work)]() mutable { promise.answerWith(std::move(work)); });
    return promise.task();
}

/// For work that takes the longer the larger a message is: see smtp::longWorkPool().
template <typename Work> TaskFor<Work> runLongWork(Work work)
{
    return runInPool(std::move(work), smtp::longWorkPool());
}

} // namespace glasspost::mail
