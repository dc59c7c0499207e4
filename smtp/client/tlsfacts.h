#pragma once

#include <QByteArray>
#include <QList>
#include <QSslError>
#include <QSslSocket>

namespace glasspost::smtp {

/// "TLSv1.3 TLS_AES_256_GCM_SHA384".
QByteArray tlsSummary(const QSslSocket &socket);
/// Lines for the transcript: protocol and cipher, the certificate's subject, issuer, time and SHA-256, and
/// whether it fits, or why not.
QList<QByteArray> tlsLines(const QSslSocket &socket, const QList<QSslError> &errors);
/// SHA-256 of the peer's certificate, as octets.
QByteArray peerFingerprint(const QSslSocket &socket);
/// A fingerprint as a person or a settings file writes it: octets, or hexadecimal with or without colons.
bool isSameFingerprint(const QByteArray &written, const QByteArray &octets);
/// "certificate expired; host name does not fit".
QByteArray errorLine(const QList<QSslError> &errors);

} // namespace glasspost::smtp
