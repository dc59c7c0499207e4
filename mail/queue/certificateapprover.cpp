#include "mail/queue/certificateapprover.h"

#include <QTimer>

namespace glasspost::mail {

CertificateApprover::CertificateApprover(DeliveryAgent &agent, Queue &queue, QObject *parent)
    : QObject(parent), m_queue(queue)
{
    connect(&agent, &DeliveryAgent::certificateRefused, this, [this](const CertificateQuestion &question) {
        if (m_approvals.ask(question))
            Q_EMIT questionsChanged(m_approvals.questions());
    });
    connect(&queue, &Queue::changed, this, [this](const QList<QueueEntry> &entries) {
        if (m_approvals.attempted(entries))
            tellLater();
    });
    connect(&queue, &Queue::removed, this, [this](const QList<QByteArray> &ids) {
        if (m_approvals.gone(ids))
            tellLater();
    });
}

// Not from inside a signal of the delivery that it is about.
void CertificateApprover::tellLater()
{
    QTimer::singleShot(0, this, &CertificateApprover::acceptedOnceChanged);
}

QList<QByteArray> CertificateApprover::waitingFor(const AcceptedCertificate &which) const
{
    QList<QByteArray> ids;
    const QList<QueueEntry> entries = m_queue.entries();
    for (const QueueEntry &entry : entries) {
        if (!entry.held && waitsForCertificate(entry, which.server.toUtf8()))
            ids.append(entry.id);
    }
    return ids;
}

void CertificateApprover::decide(const AcceptedCertificate &which, CertificateDecision decision)
{
    QList<QByteArray> ids;
    switch (decision) {
    case CertificateDecision::Refuse:
        m_approvals.refuse(which);
        break;
    case CertificateDecision::AcceptOnce:
        ids = waitingFor(which);
        m_approvals.acceptOnce(which, ids);
        Q_EMIT acceptedOnceChanged();
        break;
    case CertificateDecision::AcceptForGood:
        ids = waitingFor(which);
        m_approvals.close(which);
        Q_EMIT acceptedForGood(which);
        break;
    }
    if (!ids.isEmpty())
        m_queue.act(QueueAction::TryNow, ids);
    Q_EMIT questionsChanged(m_approvals.questions());
}

} // namespace glasspost::mail
