#pragma once

#include <QByteArray>
#include <QList>
#include <QMetaType>
#include <QSslCertificate>
#include <QSslError>

class QSslSocket;

namespace glasspost::smtp {

/// What a TLS handshake showed: enough for a person to decide about a certificate that does not fit. A plain
/// value.
struct TlsFacts
{
    enum class Resumption { Fresh, Resumed };

    QByteArray host; ///< the name that the certificate was held against
    QByteArray summary; ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"; empty when the handshake was not ended
    QList<QSslCertificate> chain; ///< the server's own first; of a resumed session that one alone
    QList<QByteArray> errors; ///< why it does not fit, a line each; empty: it does
    QByteArray fault; ///< why the session was ended for it, a line; empty: it went on
    QByteArray fingerprint; ///< SHA-256 of the server's certificate, octets
    Resumption resumption = Resumption::Fresh;
    qint64 handshakeTime = 0; ///< milliseconds

    friend bool operator==(const TlsFacts &, const TlsFacts &) = default;
};

/// The facts of a socket in or after its handshake; host and time are the caller's to add.
TlsFacts tlsFacts(const QSslSocket &socket, const QList<QSslError> &errors);
/// Lines for the transcript: protocol and cipher, the chain with subjects, issuers, times and SHA-256,
/// whether the session was resumed, how long the handshake took, and whether the certificate fits, or why
/// not.
QList<QByteArray> tlsLines(const TlsFacts &facts);
/// SHA-256 of the peer's certificate, as octets.
QByteArray peerFingerprint(const QSslSocket &socket);
/// A fingerprint as a person or a settings file writes it: octets, or hexadecimal with or without colons.
bool isSameFingerprint(const QByteArray &written, const QByteArray &octets);

} // namespace glasspost::smtp

Q_DECLARE_METATYPE(glasspost::smtp::TlsFacts)
