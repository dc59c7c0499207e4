#include "mail/queue/certificatecare.h"

#include <QTimer>

namespace glasspost::mail {

CertificateCare::CertificateCare(DeliveryAgent &agent, Queue &queue, QObject *parent)
    : QObject(parent), m_queue(queue)
{
    connect(&agent, &DeliveryAgent::certificateRefused, this, [this](const CertificateQuestion &question) {
        if (m_desk.ask(question))
            Q_EMIT questionsChanged(m_desk.questions());
    });
    connect(&queue, &Queue::changed, this, [this](const QList<QueueEntry> &entries) {
        if (m_desk.attempted(entries))
            tellLater();
    });
    connect(&queue, &Queue::removed, this, [this](const QList<QByteArray> &ids) {
        if (m_desk.gone(ids))
            tellLater();
    });
}

// Not from inside a signal of the delivery that it is about.
void CertificateCare::tellLater()
{
    QTimer::singleShot(0, this, &CertificateCare::acceptedOnceChanged);
}

QList<QByteArray> CertificateCare::waitingFor(const AcceptedCertificate &which) const
{
    QList<QByteArray> ids;
    const QList<QueueEntry> entries = m_queue.entries();
    for (const QueueEntry &entry : entries) {
        if (!entry.held && waitsForCertificate(entry, which.server.toUtf8()))
            ids.append(entry.id);
    }
    return ids;
}

void CertificateCare::decide(const AcceptedCertificate &which, CertificateDecision decision)
{
    QList<QByteArray> ids;
    switch (decision) {
    case CertificateDecision::Refuse:
        m_desk.refuse(which);
        break;
    case CertificateDecision::AcceptOnce:
        ids = waitingFor(which);
        m_desk.acceptOnce(which, ids);
        Q_EMIT acceptedOnceChanged();
        break;
    case CertificateDecision::AcceptForGood:
        ids = waitingFor(which);
        m_desk.close(which);
        Q_EMIT acceptedForGood(which);
        break;
    }
    if (!ids.isEmpty())
        m_queue.act(QueueAction::TryNow, ids);
    Q_EMIT questionsChanged(m_desk.questions());
}

} // namespace glasspost::mail
