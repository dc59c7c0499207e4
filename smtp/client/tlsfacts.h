#pragma once

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QSslCertificate>
#include <QSslError>

class QSslSocket;

namespace glasspost::smtp {

/// What a TLS handshake revealed: enough for a person to decide about a certificate that was not verified. A
/// plain value.
struct TlsFacts
{
    enum class Resumption { Fresh, Resumed };

    QByteArray host; ///< the name that the certificate was checked against
    QByteArray summary; ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty when the handshake did not complete
    QList<QSslCertificate> chain; ///< the server's own first; of a resumed session that one alone
    QList<QByteArray> errors; ///< why it was not verified, a line each; empty: it was
    QByteArray fault; ///< why the session was closed because of it, one line; empty: it went on
    QByteArray fingerprint; ///< SHA-256 of the server's certificate, octets
    Resumption resumption = Resumption::Fresh;
    qint64 handshakeTime = 0; ///< milliseconds

    friend bool operator==(const TlsFacts &, const TlsFacts &) = default;
};

/// The facts of a socket during or after its handshake; the caller adds host and handshakeTime.
TlsFacts tlsFacts(const QSslSocket &socket, const QList<QSslError> &errors);
/// Lines for the transcript: protocol and cipher, the chain with subjects, issuers, times and SHA-256,
/// whether the session was resumed, how long the handshake took, and whether the certificate was verified, or
/// why not.
QList<QByteArray> tlsLines(const TlsFacts &facts);
/// SHA-256 of the peer's certificate, as octets.
QByteArray peerFingerprint(const QSslSocket &socket);
/// A fingerprint as a person or a settings file writes it: octets, or hexadecimal with or without colons.
bool isSameFingerprint(const QByteArray &written, const QByteArray &octets);

} // namespace glasspost::smtp

Q_DECLARE_METATYPE(glasspost::smtp::TlsFacts)
