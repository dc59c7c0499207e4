#pragma once

#include <QByteArray>
#include <QSslCertificate>
#include <QSslKey>

#include <optional>

namespace glasspost::smtp {

/// A certificate that vouches for itself, with its key, as objects and as PEM for files.
struct SelfSigned
{
    QSslCertificate certificate;
    QSslKey key;
    QByteArray certificatePem;
    QByteArray keyPem;
};

/// Makes one for the listener's first start: RSA of 2048 bits, which TLS 1.2 clients of every age know, ten
/// years, the name in CN and subjectAltName together with localhost. Nothing when OpenSSL fails. Takes some
/// tenths of a second: not on a thread that somebody waits for.
std::optional<SelfSigned> makeSelfSigned(const QByteArray &hostName);

} // namespace glasspost::smtp
