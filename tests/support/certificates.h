#pragma once

#include <QByteArray>
#include <QSslCertificate>
#include <QSslKey>

namespace glasspost::test {

/// A certificate with its key, for tests of TLS. The key is EC P-256.
struct Certified
{
    QSslCertificate certificate = QSslCertificate();
    QSslKey key = QSslKey();
    QByteArray certificatePem;
    QByteArray keyPem;
};

/// What a certificate is to say. Times are seconds from now.
struct CertificateWish
{
    enum class Use { Server, ClientOnly, Authority };
    QByteArray name = "mail.example.test";
    Use use = Use::Server;
    long startsIn = -3600;
    long endsIn = 3600;
    /// subjectAltName as OpenSSL writes it: "DNS:a.example,IP:192.0.2.1"; "none", or empty for the name.
    QByteArray alternatives = {};
};

/// Signed by the issuer, or by itself when there is none. A failure of OpenSSL gives a null certificate.
Certified makeCertificate(const CertificateWish &wish, const Certified *issuer = nullptr);

} // namespace glasspost::test
