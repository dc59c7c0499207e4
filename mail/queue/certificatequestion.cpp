#include "mail/queue/certificatequestion.h"

#include <algorithm>

namespace glasspost::mail {

CertificateQuestion::Ground groundOf(const smtp::TlsDemand &demand)
{
    const bool isAsked
        = demand.kind == smtp::TlsDemand::Kind::Dane || demand.kind == smtp::TlsDemand::Kind::MtaSts;
    return isAsked ? CertificateQuestion::Ground::Policy : CertificateQuestion::Ground::Settings;
}

QList<QByteArray> acceptedAt(
    const QByteArray &host, const smtp::TlsDemand &demand, const QList<AcceptedCertificate> &all)
{
    QList<QByteArray> fingerprints;
    for (const AcceptedCertificate &one : all) {
        const bool isMeant = one.server.compare(QString::fromUtf8(host), Qt::CaseInsensitive) == 0;
        if (isMeant && groundOf(demand) == CertificateQuestion::Ground::Settings)
            fingerprints.append(one.fingerprint.toLatin1());
    }
    return fingerprints;
}

AcceptedCertificate certificateOf(const CertificateQuestion &question)
{
    return {QString::fromUtf8(question.facts.host), QString::fromLatin1(question.facts.fingerprint.toHex())};
}

bool waitsForCertificate(const QueueRecipient &recipient, const QByteArray &server)
{
    const auto report = recipient.lastReport();
    return recipient.isPending() && report && report->stage == smtp::DeliveryStage::StartTls
        && report->status == smtp::EnhancedStatusCode{4, 7, 5} && report->remoteHost == server;
}

bool waitsForCertificate(const QueueEntry &entry, const QByteArray &server)
{
    return std::any_of(entry.recipients.begin(), entry.recipients.end(),
        [&server](const QueueRecipient &one) { return waitsForCertificate(one, server); });
}

} // namespace glasspost::mail
