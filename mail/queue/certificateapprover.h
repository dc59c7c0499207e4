#pragma once

#include "mail/queue/certificateapprovals.h"
#include "mail/queue/deliveryagent.h"
#include "mail/queue/queue.h"

#include <QObject>

namespace glasspost::mail {

/// Carries the questions about certificates from the delivery agent to the person, and the answers back into
/// the queue. Lives on the mail thread; agent and queue outlive it.
class CertificateApprover : public QObject
{
    Q_OBJECT
public:
    CertificateApprover(DeliveryAgent &agent, Queue &queue, QObject *parent = nullptr);

    [[nodiscard]] const QList<CertificateQuestion> &questions() const { return m_approvals.questions(); }
    [[nodiscard]] QList<AcceptedCertificate> acceptedOnce() const { return m_approvals.acceptedOnce(); }
    /// What waits for an accepted one is tried at once.
    void decide(const AcceptedCertificate &which, CertificateDecision decision);

Q_SIGNALS:
    void questionsChanged(const QList<glasspost::mail::CertificateQuestion> &questions); ///< all
    void acceptedOnceChanged(); ///< the agent is to be configured anew
    void acceptedForGood(const glasspost::mail::AcceptedCertificate &which); ///< for the settings

private:
    [[nodiscard]] QList<QByteArray> waitingFor(const AcceptedCertificate &which) const;
    void tellLater();

    Queue &m_queue;
    CertificateApprovals m_approvals;
};

} // namespace glasspost::mail
