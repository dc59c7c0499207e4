#include "smtp/client/tlsfacts.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslCipher>

namespace glasspost::smtp {

namespace {

QByteArray name(const QStringList &common, const QStringList &organization)
{
    return (common.isEmpty() ? organization : common).join(u", ").toUtf8();
}

} // namespace

QByteArray tlsSummary(const QSslSocket &socket)
{
    const QSslCipher cipher = socket.sessionCipher();
    return (cipher.protocolString() + u' ' + cipher.name()).toUtf8();
}

QByteArray errorLine(const QList<QSslError> &errors)
{
    QList<QByteArray> texts;
    for (const QSslError &error : errors) {
        if (const QByteArray text = error.errorString().toUtf8(); !texts.contains(text))
            texts.append(text);
    }
    return texts.join("; ");
}

QList<QByteArray> tlsLines(const QSslSocket &socket, const QList<QSslError> &errors)
{
    QList<QByteArray> lines{tlsSummary(socket)};
    const QSslCertificate certificate = socket.peerCertificate();
    if (certificate.isNull())
        return lines << "no certificate was shown";
    lines << "certificate of "
            + name(certificate.subjectInfo(QSslCertificate::CommonName),
                certificate.subjectInfo(QSslCertificate::Organization));
    lines << "issued by "
            + name(certificate.issuerInfo(QSslCertificate::CommonName),
                certificate.issuerInfo(QSslCertificate::Organization));
    lines << "good until " + certificate.expiryDate().toUTC().toString(Qt::ISODate).toUtf8();
    lines << "SHA-256 " + peerFingerprint(socket).toHex(':');
    lines << (errors.isEmpty() ? QByteArray("certificate verified")
                               : "certificate not verified: " + errorLine(errors));
    return lines;
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
