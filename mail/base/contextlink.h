#pragma once

#include "mail/base/error.h"

#include <QMutex>
#include <QObject>

#include <memory>

namespace glasspost::mail {

/// Holds on to a context object of another thread until an answer is there: any thread may answer, also while
/// the context is being destroyed. Made on any thread while the context lives.
class ContextLink
{
public:
    static std::shared_ptr<ContextLink> to(QObject *context)
    {
        auto link = std::make_shared<ContextLink>();
        link->m_context = context;
        // Directly, so that the destruction of the context waits for an answer that is being posted.
        link->m_connection = QObject::connect(
            context, &QObject::destroyed, context, [link] { link->forget(); }, Qt::DirectConnection);
        return link;
    }

    /// Runs the function on the context's thread, later, unless the context is destroyed first. Once.
    template <typename Function> void run(Function function)
    {
        const QMutexLocker lock(&m_mutex);
        if (m_context == nullptr)
            return;
        QObject *context = std::exchange(m_context, nullptr);
        QMetaObject::invokeMethod(
            context,
            [connection = m_connection, function = std::move(function)] {
                QObject::disconnect(connection);
                function();
            },
            Qt::QueuedConnection);
    }

private:
    void forget()
    {
        const QMutexLocker lock(&m_mutex);
        m_context = nullptr;
    }

    QMutex m_mutex;
    QObject *m_context = nullptr;
    QMetaObject::Connection m_connection;
};

/// A completion that may be called on any thread and comes on the context's.
template <typename T> Completion<T> onContext(QObject *context, Completion<T> done)
{
    return [link = ContextLink::to(context), done = std::move(done)](const Result<T> &result) {
        link->run([done, result] {
            if (done)
                done(result);
        });
    };
}

} // namespace glasspost::mail
