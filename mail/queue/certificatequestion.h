#pragma once

#include "mail/queue/queuevalues.h"
#include "smtp/client/tlsfacts.h"
#include "smtp/dns/tlsdemand.h"

#include <QByteArray>
#include <QMetaType>

namespace glasspost::mail {

/// A certificate that ended a session because it does not fit: shown whole, for a person to decide about. The
/// messages for that server wait in the queue meanwhile, and are tried by their schedule. A plain value.
struct CertificateQuestion
{
    enum class Ground {
        Settings, ///< the route asks for a certificate that fits: a person may take this one all the same
        Policy ///< the domain asks for it (RFC 7672, RFC 8461 5): nobody here can take another one
    };
    enum class Answer { Open, Refused };

    smtp::TlsFacts facts; ///< facts.host is the server, facts.fault why it does not fit
    QByteArray sessionId; ///< of the last attempt that met it
    Ground ground = Ground::Settings;
    Answer answer = Answer::Open;

    friend bool operator==(const CertificateQuestion &, const CertificateQuestion &) = default;
};

enum class CertificateDecision {
    Refuse, ///< not asked about that certificate again in this run; the messages wait on
    AcceptOnce, ///< for the messages that wait for it now, one attempt each
    AcceptForGood ///< kept in the settings: Settings::acceptedCertificates
};

[[nodiscard]] CertificateQuestion::Ground groundOf(const smtp::TlsDemand &demand);
/// The fingerprints that a person accepted for that host; none where its domain asks for more.
[[nodiscard]] QList<QByteArray> acceptedAt(
    const QByteArray &host, const smtp::TlsDemand &demand, const QList<AcceptedCertificate> &all);
/// Which certificate of which server it is about.
[[nodiscard]] AcceptedCertificate certificateOf(const CertificateQuestion &question);
/// Does a recipient of it wait because that server's certificate was refused?
[[nodiscard]] bool waitsForCertificate(const QueueRecipient &recipient, const QByteArray &server);
[[nodiscard]] bool waitsForCertificate(const QueueEntry &entry, const QByteArray &server);

} // namespace glasspost::mail

Q_DECLARE_METATYPE(glasspost::mail::CertificateQuestion)
