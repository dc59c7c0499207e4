#pragma once

#include "mail/system/mailcore.h"

#include <QThread>

#include <atomic>
#include <functional>
#include <list>

namespace glasspost::mail {

/// The mail thread with MailCore on it, as the services reach it. There are two ways, and a method of a
/// service names the one that it takes: onMailThread() for what lives there, directly() for parts that any
/// thread may call since they have threads of their own (Store, TranscriptStore). Both may be called on any
/// thread. What is asked before the system is open waits for that, and is never answered if it fails to open.
class MailThread
{
public:
    /// Nothing is touched before open().
    explicit MailThread(const QString &dataFolder);
    /// Closes the core in order and joins.
    ~MailThread();
    MailThread(const MailThread &) = delete;
    MailThread &operator=(const MailThread &) = delete;

    Task<void> open(const StartOptions &options); ///< once
    [[nodiscard]] MailCore &core() const { return *m_core; } ///< for its signals: it lives on that thread

    /// Runs work(MailCore &) there; what it returns, now or later, is the answer.
    template <typename Work> TaskFor<Work, MailCore &> onMailThread(Work work)
    {
        const PromiseFor<Work, MailCore &> promise;
        post([this, promise, work = std::move(work)]() mutable {
            promise.answerWith([&] { return work(*m_core); });
        });
        return promise.task();
    }

    /// Runs work(MailCore &) at once, on the caller's thread.
    template <typename Work> TaskFor<Work, MailCore &> directly(Work work)
    {
        if (m_isOpen)
            return work(*m_core);
        return onMailThread(std::move(work));
    }

private:
    void post(std::function<void()> work);

    QThread m_thread;
    MailCore *m_core; // lives there
    std::atomic<bool> m_isOpen = false;
    std::list<std::function<void()>> m_waiting; // for open(); used on the mail thread alone
};

} // namespace glasspost::mail
