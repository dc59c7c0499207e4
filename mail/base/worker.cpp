#include "mail/base/worker.h"

#include <openssl/crypto.h>

namespace glasspost::mail {

void endOpenSslWith(QThread &thread)
{
    QObject::connect(
        &thread, &QThread::finished, &thread, [] { OPENSSL_thread_stop(); }, Qt::DirectConnection);
}

Worker::Worker(const QString &name)
{
    m_thread.setObjectName(name);
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

} // namespace glasspost::mail
