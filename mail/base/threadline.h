#pragma once

#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>

namespace glasspost::mail {

class ThreadLine;

/// A context object as other threads see it: work for it waits in the line of its thread, many pieces behind
/// one posted event, in order, and is dropped when the context is gone by then. Made on any thread while the
/// context surely lives.
class ContextThread
{
public:
    explicit ContextThread(QObject *context);

    void post(std::function<void()> work) const; ///< any thread; later
    void run(std::function<void()> work) const; ///< any thread; at once on the context's own

private:
    std::shared_ptr<ThreadLine> m_line;
    QPointer<QObject> m_context;
};

} // namespace glasspost::mail
