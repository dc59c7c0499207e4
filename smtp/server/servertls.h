#pragma once

#include "smtp/server/serversettings.h"
#include "smtp/session/tlshandle.h"

#include <QByteArray>
#include <QList>
#include <QSslCertificate>
#include <QSslSocket>

namespace glasspost::smtp {

/// What a handshake came to, for the engine.
struct TlsEstablished
{
    QByteArray description; ///< "TLSv1.3 TLS_AES_256_GCM_SHA384"
    QList<QByteArray> events = {}; ///< further lines for the transcript
    ChannelBindings bindings = ChannelBindings();
    QSslCertificate peer = QSslCertificate(); ///< the client's certificate; null when there is none
};

/// The listener's TLS as a binding asks for it.
QSslConfiguration serverTlsConfiguration(const ServerSettings &settings, const Binding &binding);

/// What is known once the socket is encrypted; milliseconds: how long the handshake took.
TlsEstablished tlsEstablishedOn(const QSslSocket &socket, const TlsHandle &handle, qint64 milliseconds);

/// What a client's certificate is checked against. Without authorities any one will do: it is known by its
/// fingerprint alone then.
struct ClientCertificateDemands
{
    ClientCertificate wanted = ClientCertificate::NotAsked;
    bool hasAuthorities = false;

    static ClientCertificateDemands of(const ServerSettings &settings, const Binding &binding);
};

/// What becomes of it: Refused ends the handshake.
enum class ClientCertificateVerdict { Accepted, Refused };

/// errors: why it does not fit the authorities, or that there is none. Pure.
ClientCertificateVerdict judge(const ClientCertificateDemands &demands, const QList<QSslError> &errors);

} // namespace glasspost::smtp
