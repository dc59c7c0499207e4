#include "smtp/client/tlsfacts.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslCipher>
#include <QSslSocket>

namespace glasspost::smtp {

namespace {

QByteArray name(const QStringList &common, const QStringList &organization)
{
    return (common.isEmpty() ? organization : common).join(u", ").toUtf8();
}

} // namespace

TlsFacts tlsFacts(const QSslSocket &socket, const QList<QSslError> &errors)
{
    TlsFacts facts;
    if (const QSslCipher cipher = socket.sessionCipher(); !cipher.isNull())
        facts.summary = (cipher.protocolString() + u' ' + cipher.name()).toUtf8();
    facts.chain = socket.peerCertificateChain();
    // OpenSSL keeps the server's own certificate in a session, and not its issuers'.
    if (facts.chain.isEmpty() && !socket.peerCertificate().isNull())
        facts.chain = {socket.peerCertificate()};
    for (const QSslError &error : errors) {
        if (const QByteArray text = error.errorString().toUtf8(); !facts.errors.contains(text))
            facts.errors.append(text);
    }
    facts.fingerprint = peerFingerprint(socket);
    return facts;
}

QList<QByteArray> tlsLines(const TlsFacts &facts)
{
    QList<QByteArray> lines;
    if (!facts.summary.isEmpty()) {
        const bool resumed = facts.resumption == TlsFacts::Resumption::Resumed;
        lines << facts.summary;
        lines << "handshake took " + QByteArray::number(facts.handshakeTime)
                + (resumed ? " ms, earlier session resumed" : " ms, new session");
    }
    if (facts.chain.isEmpty())
        return lines << "no certificate was presented";
    for (const QSslCertificate &certificate : facts.chain) {
        const bool own = &certificate == &facts.chain.constFirst();
        lines << (own ? "certificate of " : "its issuer ")
                + name(certificate.subjectInfo(QSslCertificate::CommonName),
                    certificate.subjectInfo(QSslCertificate::Organization))
                + ", issued by "
                + name(certificate.issuerInfo(QSslCertificate::CommonName),
                    certificate.issuerInfo(QSslCertificate::Organization))
                + ", valid until " + certificate.expiryDate().toUTC().toString(Qt::ISODate).toUtf8()
                + ", SHA-256 " + certificate.digest(QCryptographicHash::Sha256).toHex(':');
    }
    return lines << (facts.errors.isEmpty() ? QByteArray("certificate verified")
                                            : "certificate not verified: " + facts.errors.join("; "));
}

QByteArray peerFingerprint(const QSslSocket &socket)
{
    return socket.peerCertificate().digest(QCryptographicHash::Sha256);
}

bool isSameFingerprint(const QByteArray &written, const QByteArray &octets)
{
    if (octets.isEmpty())
        return false;
    if (written == octets)
        return true;
    QByteArray digits = written.toLower();
    digits.replace(":", "").replace(" ", "");
    return digits == octets.toHex();
}

} // namespace glasspost::smtp
