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

/// Whether errors of the client's certificate end the handshake: a binding without authorities takes any
/// certificate, since it is then known by its fingerprint alone, but one there must be where it is required.
bool areTlsErrorsTolerable(
    const ServerSettings &settings, const Binding &binding, const QList<QSslError> &errors);

} // namespace glasspost::smtp
