#include "mail/worker.h"

namespace glasspost::mail {

Worker::Worker()
{
    m_place.moveToThread(&m_thread);
    m_thread.start();
}

Worker::~Worker()
{
    QMetaObject::invokeMethod(
        &m_place, [this] { m_thread.quit(); }, Qt::QueuedConnection);
    m_thread.wait();
}

void Worker::run(std::function<void()> work)
{
    QMetaObject::invokeMethod(&m_place, std::move(work), Qt::QueuedConnection);
}

} // namespace glasspost::mail
