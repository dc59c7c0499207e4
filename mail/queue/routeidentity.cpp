#include "mail/queue/routeidentity.h"

#include <QFile>

namespace glasspost::mail {

namespace {

tl::expected<QByteArray, QByteArray> pemFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(path.toUtf8() + ": " + file.errorString().toUtf8());
    return file.readAll();
}

tl::expected<QList<QSslCertificate>, QByteArray> certificatesIn(const QString &path)
{
    const auto pem = pemFile(path);
    if (!pem)
        return tl::unexpected(pem.error());
    const QList<QSslCertificate> certificates = QSslCertificate::fromData(*pem, QSsl::Pem);
    if (certificates.isEmpty())
        return tl::unexpected(path.toUtf8() + ": it contains no certificate");
    return certificates;
}

/// RSA or elliptic curve; null when it is neither, or asks for a password.
QSslKey keyIn(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec}) {
        const QSslKey key(pem, algorithm, QSsl::Pem);
        if (!key.isNull())
            return key;
    }
    return {};
}

} // namespace

tl::expected<void, QByteArray> readRouteIdentity(const OutgoingRoute &route, smtp::ClientSettings &settings)
{
    if (!route.authorityFile.isEmpty()) {
        const auto authorities = certificatesIn(route.authorityFile);
        if (!authorities)
            return tl::unexpected(authorities.error());
        settings.authorities = *authorities;
    }
    if (route.certificateFile.isEmpty())
        return {};
    const auto chain = certificatesIn(route.certificateFile);
    const auto pem = pemFile(route.keyFile);
    if (!chain || !pem)
        return tl::unexpected(chain ? pem.error() : chain.error());
    settings.ownCertificate = *chain;
    settings.ownKey = keyIn(*pem);
    if (settings.ownKey.isNull())
        return tl::unexpected(route.keyFile.toUtf8() + ": it contains no usable key");
    return {};
}

} // namespace glasspost::mail
