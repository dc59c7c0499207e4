#pragma once

#include "mail/base/task.h"
#include "mail/queue/certificatequestion.h"

#include <QObject>

namespace glasspost::mail {

/// The certificates of servers that could not be verified: each is asked about once, until a person decides,
/// and messages for that server wait in the queue meanwhile. Any thread may call; every method returns at
/// once. changed() is emitted on the thread that made the mail system.
class ServerCertificates : public QObject
{
    Q_OBJECT
public:
    virtual Task<QList<CertificateQuestion>> questions() = 0;
    /// What waits for an accepted one is tried at once.
    virtual void decide(const AcceptedCertificate &which, CertificateDecision decision) = 0;

Q_SIGNALS:
    void changed(const QList<glasspost::mail::CertificateQuestion> &questions); ///< all there are
};

} // namespace glasspost::mail
