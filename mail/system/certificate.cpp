#include "mail/system/certificate.h"

#include "mail/base/posix.h"
#include "smtp/server/selfsigned.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>

namespace glasspost::mail {

namespace {

Result<QByteArray> readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(Error{ErrorCode::BadSettings, path, file.errorString()});
    return file.readAll();
}

QSslKey keyFrom(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(pem, algorithm);
        if (!key.isNull())
            return key;
    }
    return {};
}

Result<ListenerCertificate> load(const QString &certificateFile, const QString &keyFile)
{
    const Result<QByteArray> certificatePem = readAll(certificateFile);
    if (!certificatePem)
        return tl::unexpected(certificatePem.error());
    const Result<QByteArray> keyPem = readAll(keyFile);
    if (!keyPem)
        return tl::unexpected(keyPem.error());
    const QList<QSslCertificate> all = QSslCertificate::fromData(*certificatePem, QSsl::Pem);
    if (all.isEmpty())
        return tl::unexpected(
            Error{ErrorCode::BadSettings, certificateFile, QStringLiteral("no certificate in it")});
    const QSslKey key = keyFrom(*keyPem);
    if (key.isNull())
        return tl::unexpected(Error{ErrorCode::BadSettings, keyFile, QStringLiteral("no private key in it")});
    return ListenerCertificate{smtp::ServerIdentity{all, key}, {}};
}

// Without one of its own the listener still offers TLS: a self-signed certificate, made once and kept.
Result<ListenerCertificate> loadOwn(const QString &folder, const QString &hostName)
{
    const QString certificateFile = folder + QLatin1String("/certificate.pem");
    const QString keyFile = folder + QLatin1String("/key.pem");
    const Result<ListenerCertificate> kept = load(certificateFile, keyFile);
    if (kept && kept->identity->chain.first().expiryDate() > QDateTime::currentDateTimeUtc())
        return kept;
    const auto made = smtp::makeSelfSigned(hostName.toUtf8());
    if (!made)
        return ListenerCertificate(); // no TLS is better than no listener: STARTTLS is not offered
    if (const auto written = replaceFile(keyFile, made->keyPem); !written)
        return tl::unexpected(written.error());
    if (const auto written = replaceFile(certificateFile, made->certificatePem); !written)
        return tl::unexpected(written.error());
    return ListenerCertificate{smtp::ServerIdentity{{made->certificate}, made->key}, {}};
}

Result<ListenerCertificate> addAuthorities(ListenerCertificate certificate, const QString &file)
{
    const Result<QByteArray> pem = readAll(file);
    if (!pem)
        return tl::unexpected(pem.error());
    certificate.clientAuthorities = QSslCertificate::fromData(*pem, QSsl::Pem);
    // None would mean: anybody.
    if (certificate.clientAuthorities.isEmpty())
        return tl::unexpected(Error{ErrorCode::BadSettings, file, QStringLiteral("no certificate in it")});
    return certificate;
}

} // namespace

Result<ListenerCertificate> loadCertificate(
    const QString &dataFolder, const ListenerSettings &settings, const QString &hostName)
{
    Result<ListenerCertificate> certificate = settings.certificateFile.isEmpty()
        ? loadOwn(dataFolder + QLatin1String("/tls"), hostName)
        : load(settings.certificateFile,
            settings.keyFile.isEmpty() ? settings.certificateFile : settings.keyFile);
    if (!certificate || settings.clientAuthorityFile.isEmpty())
        return certificate;
    return addAuthorities(std::move(*certificate), settings.clientAuthorityFile);
}

CertificateFacts factsOf(const QSslCertificate &certificate)
{
    const QStringList names = certificate.subjectAlternativeNames().values(QSsl::DnsEntry);
    const QString common = certificate.subjectInfo(QSslCertificate::CommonName).value(0);
    return {names.isEmpty() ? common : names.last(), certificate.digest(QCryptographicHash::Sha256),
        certificate.expiryDate().toSecsSinceEpoch(), certificate.isSelfSigned()};
}

} // namespace glasspost::mail
