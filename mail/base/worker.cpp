#include "mail/base/worker.h"

#include <openssl/crypto.h>

namespace glasspost::mail {

void endOpenSslWith(QThread &thread)
{
    QObject::connect(
        &thread, &QThread::finished, &thread, [] { OPENSSL_thread_stop(); }, Qt::DirectConnection);
}

Worker::Worker()
{
    endOpenSslWith(m_thread);
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
