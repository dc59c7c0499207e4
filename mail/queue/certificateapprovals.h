#pragma once

#include "mail/queue/certificatequestion.h"
#include "mail/settings/settings.h"

#include <QHash>

namespace glasspost::mail {

/// The certificates that a person is asked about in this run, and those accepted once. No I/O: who holds it
/// carries its answers to the delivery agent. Lives on the mail thread.
class CertificateApprovals
{
public:
    /// True when the person has something new to look at.
    bool ask(const CertificateQuestion &question);
    [[nodiscard]] const QList<CertificateQuestion> &questions() const { return m_questions; }

    void refuse(const AcceptedCertificate &which);
    /// Accepted for good: no question any more.
    void close(const AcceptedCertificate &which);
    /// Accepted for one attempt at each of these messages.
    void acceptOnce(const AcceptedCertificate &which, const QList<QByteArray> &queueIds);
    [[nodiscard]] QList<AcceptedCertificate> acceptedOnce() const { return m_once.keys(); }
    /// From the queue: entries that changed or are gone. True when a certificate is accepted no longer.
    bool attempted(const QList<QueueEntry> &entries);
    bool gone(const QList<QByteArray> &queueIds);

private:
    enum class Attempt { Awaited, Running };

    bool dropUsed();

    QList<CertificateQuestion> m_questions; // oldest first
    QHash<AcceptedCertificate, QHash<QByteArray, Attempt>> m_once; // by queue id
};

} // namespace glasspost::mail
