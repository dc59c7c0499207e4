#include "smtp/server/servertls.h"

#include <QDateTime>
#include <QSslCipher>
#include <QSslConfiguration>
#include <QSslError>

#include <algorithm>

namespace glasspost::smtp {

namespace {

/// "CN=alice, O=Example": controls do not get into a transcript line.
QByteArray nameOf(const QSslCertificate &certificate)
{
    QByteArray name = certificate.subjectDisplayName().toUtf8();
    std::replace_if(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; },
        '?');
    return name;
}

QByteArray describeCertificate(const QSslCertificate &certificate)
{
    return nameOf(certificate) + ", valid until "
        + certificate.expiryDate().toUTC().toString(Qt::ISODate).toLatin1() + ", SHA-256 "
        + certificate.digest(QCryptographicHash::Sha256).toHex();
}

} // namespace

QSslConfiguration serverTlsConfiguration(const ServerSettings &settings, const Binding &binding)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    if (settings.identity) {
        configuration.setLocalCertificateChain(settings.identity->chain);
        configuration.setPrivateKey(settings.identity->key);
    }
    // RFC 8997: nothing below TLS 1.2.
    const bool isLatest = settings.tls.minimum == TlsPolicy::Version::Tls13;
    configuration.setProtocol(isLatest ? QSsl::TlsV1_3OrLater : QSsl::TlsV1_2OrLater);
    if (!settings.tls.ciphers.isEmpty())
        configuration.setCiphers(QString::fromLatin1(settings.tls.ciphers));
    configuration.setCaCertificates(settings.tls.clientAuthorities);
    switch (binding.clientCertificate) {
    case ClientCertificate::NotAsked:
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        break;
    case ClientCertificate::Asked:
        configuration.setPeerVerifyMode(QSslSocket::QueryPeer);
        break;
    case ClientCertificate::Required:
        configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
        break;
    }
    return configuration;
}

TlsEstablished tlsEstablishedOn(const QSslSocket &socket, const TlsHandle &handle, qint64 milliseconds)
{
    const QSslCipher cipher = socket.sessionCipher();
    TlsEstablished tls{(cipher.protocolString() + QLatin1Char(' ') + cipher.name()).toLatin1()};
    tls.bindings = handle.channelBindings();
    const bool isResumed = handle.session() == TlsHandle::Session::Resumed;
    tls.events.append(QByteArray("TLS handshake took ") + QByteArray::number(milliseconds) + " ms, "
        + (isResumed ? "session resumed" : "new session"));
    const QList<QSslCertificate> chain = socket.peerCertificateChain();
    for (const QSslCertificate &certificate : chain)
        tls.events.append("certificate of the client: " + describeCertificate(certificate));
    const QList<QSslError> errors = socket.sslHandshakeErrors();
    for (const QSslError &error : errors) {
        if (!chain.isEmpty())
            tls.events.append("certificate of the client: " + error.errorString().toUtf8());
    }
    tls.peer = socket.peerCertificate();
    return tls;
}

ClientCertificateDemands ClientCertificateDemands::of(const ServerSettings &settings, const Binding &binding)
{
    return {binding.clientCertificate, !settings.tls.clientAuthorities.isEmpty()};
}

ClientCertificateVerdict judge(const ClientCertificateDemands &demands, const QList<QSslError> &errors)
{
    using enum ClientCertificateVerdict;
    if (demands.wanted != ClientCertificate::Required || errors.isEmpty())
        return Accepted;
    const bool isMissing = std::any_of(errors.begin(), errors.end(),
        [](const QSslError &error) { return error.error() == QSslError::NoPeerCertificate; });
    return demands.hasAuthorities || isMissing ? Refused : Accepted;
}

} // namespace glasspost::smtp
