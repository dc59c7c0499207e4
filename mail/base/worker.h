#pragma once

#include "mail/base/task.h"

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

/// The same on a thread of Qt's pool, in no order: for work that must not delay closing a window.
template <typename Work> TaskFor<Work> runInPool(Work work)
{
    const PromiseFor<Work> promise;
    QThreadPool::globalInstance()->start(
        [promise, work = std::move(work)]() mutable { promise.answerWith(std::move(work)); });
    return promise.task();
}

} // namespace glasspost::mail
