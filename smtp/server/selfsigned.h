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

/// Makes one for the listener's first start: EC P-256, ten years, the name in CN and subjectAltName together
/// with localhost. Nothing when OpenSSL fails. Takes a few milliseconds; any thread.
std::optional<SelfSigned> makeSelfSigned(const QByteArray &hostName);

} // namespace glasspost::smtp
