#pragma once

#include "mail/base/mutex.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <unordered_map>

class QThread;

namespace glasspost::mail {

/// Carries results from worker threads to the thread of a context object, many in one posted event, and drops
/// those whose context is gone. Any thread may call. One desk for each thread that waits for something.
class Deliverer
{
public:
    class Desk;

    /// Where a result goes; made while the context surely lives.
    struct Ticket
    {
        std::shared_ptr<Desk> desk;
        QPointer<QObject> context;

        /// Runs work on the context's thread soon; in order for one desk.
        void deliver(std::function<void()> work) const;
    };

    Deliverer() = default;
    ~Deliverer();
    Deliverer(const Deliverer &) = delete;
    Deliverer &operator=(const Deliverer &) = delete;

    Ticket ticket(QObject *context);

private:
    Mutex m_mutex;
    std::unordered_map<QThread *, std::shared_ptr<Desk>> m_desks GUARDED_BY(m_mutex);
};

} // namespace glasspost::mail
