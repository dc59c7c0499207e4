#include "mail/system/mailthread.h"

#include "mail/base/worker.h"

namespace glasspost::mail {

MailThread::MailThread(const QString &dataFolder) : m_core(new MailCore(dataFolder))
{
    m_core->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("mail"));
    endOpenSslWith(m_thread);
    QObject::connect(m_core, &MailCore::closed, m_core, &QObject::deleteLater);
    QObject::connect(m_core, &QObject::destroyed, &m_thread, &QThread::quit, Qt::DirectConnection);
    m_thread.start();
}

// What was asked before is done.
MailThread::~MailThread()
{
    runOn(m_core, [this] {
        m_isOpen = false;
        m_core->close();
    });
    m_thread.wait();
}

Task<void> MailThread::open(const StartOptions &options)
{
    return runOn(m_core, [this, options]() -> Result<void> {
        const Result<void> opened = m_core->open(options);
        m_isOpen = opened.has_value();
        const std::list<std::function<void()>> waiting = std::exchange(m_waiting, {});
        if (m_isOpen)
            for (const std::function<void()> &work : waiting)
                work();
        return opened;
    });
}

void MailThread::post(std::function<void()> work)
{
    ContextThread(m_core).post([this, work = std::move(work)] {
        if (m_isOpen)
            work();
        else
            m_waiting.push_back(work);
    });
}

} // namespace glasspost::mail
