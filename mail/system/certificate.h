#pragma once

#include "mail/base/error.h"
#include "mail/settings/settings.h"
#include "smtp/server/serversettings.h"

#include <QList>
#include <QSslCertificate>

#include <optional>

namespace glasspost::mail {

struct ListenerCertificate
{
    std::optional<smtp::ServerIdentity> identity; ///< none: TLS is not offered
    QList<QSslCertificate> clientAuthorities; ///< who may have signed a client's certificate
};

/// What tells one certificate from another.
struct CertificateFacts
{
    QString name; ///< the first name it is made out to
    QByteArray fingerprint; ///< SHA-256, 32 octets
    qint64 goodUntil = 0; ///< seconds since the Unix epoch
    bool isSelfSigned = false;

    friend bool operator==(const CertificateFacts &, const CertificateFacts &) = default;
};
[[nodiscard]] CertificateFacts factsOf(const QSslCertificate &certificate);

/// The listener's certificate: from the files the settings name, else from tls/ in the data folder, where one
/// is made at the first start; with it the authorities of clients' certificates. BadSettings names a file
/// that holds none or whose key does not fit. Blocks on the disk.
Result<ListenerCertificate> loadCertificate(
    const QString &dataFolder, const ListenerSettings &settings, const QString &hostName);

} // namespace glasspost::mail
