// TLS of a session: the handshake, the certificate, and what follows when either fails.

#include "smtp/client/clientsessionprivate.h"
#include "smtp/client/tlsfacts.h"

#include <QSslConfiguration>

namespace glasspost::smtp {

void ClientSession::Private::startTls()
{
    if (socket.bytesAvailable() > 0) // C45
        return engine.receive(socket.readAll());
    QSslConfiguration configuration = socket.sslConfiguration();
    if (!settings.authorities.isEmpty())
        configuration.addCaCertificates(settings.authorities);
    // Errors come to onSslErrors whatever the settings, for the transcript; acceptsCertificate() decides.
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    socket.setSslConfiguration(configuration);
    socket.setPeerVerifyName(QString::fromUtf8(endpoint.host));
    socket.startClientEncryption();
}

bool ClientSession::Private::acceptsCertificate() const
{
    if (!settings.dane.isEmpty()) // RFC 7672 2.2: neither authorities nor the name's word count then
        return daneVerdict().result == DaneVerdict::Result::Matched;
    if (!settings.pinnedFingerprint.isEmpty())
        return isSameFingerprint(settings.pinnedFingerprint, peerFingerprint(socket));
    return !settings.verifyCertificate || sslErrors.isEmpty();
}

void ClientSession::Private::onSslErrors(const QList<QSslError> &errors)
{
    sslErrors = errors;
    if (acceptsCertificate())
        return socket.ignoreSslErrors();
    for (const QByteArray &line : tlsLines(socket, errors))
        note(line);
    tlsFailed({4, 7, 5}, certificateFault()); // C46
}

DaneVerdict ClientSession::Private::daneVerdict() const
{
    return matchDane(settings.dane.records, settings.dane.names, socket.peerCertificateChain());
}

QByteArray ClientSession::Private::certificateFault() const
{
    if (!settings.dane.isEmpty())
        return daneVerdict().line;
    if (!settings.pinnedFingerprint.isEmpty())
        return "the certificate is not the pinned one";
    return "the certificate does not fit: " + errorLine(sslErrors);
}

void ClientSession::Private::onEncrypted()
{
    if (engine.state() != ClientState::Handshake)
        return;
    for (const QByteArray &line : tlsLines(socket, sslErrors))
        note(line);
    if (!acceptsCertificate())
        return tlsFailed({4, 7, 5}, certificateFault());
    if (!settings.dane.isEmpty())
        note(daneVerdict().line);
    facts.tls = tlsSummary(socket);
    transcripts.changed(facts);
    engine.encrypted();
    pump();
    readAll();
}

/// C47: a server whose TLS is broken still gets its mail where TLS was only wished for.
void ClientSession::Private::retryInClear(const QByteArray &reason)
{
    settings.tls = TlsMode::None;
    engine.reconnectingInClear(reason);
    sslErrors.clear();
    // What the old connection still has to say of its end is not about the new one.
    socket.blockSignals(true);
    socket.abort();
    QTimer::singleShot(0, q, [this] {
        socket.blockSignals(false);
        if (engine.state() != ClientState::Connecting)
            return;
        connectTime.start();
        socket.connectToHost(endpoint.address, endpoint.port);
    });
    pump();
}

void ClientSession::Private::tlsFailed(EnhancedStatusCode status, const QByteArray &reason)
{
    const bool careless
        = !settings.verifyCertificate && settings.pinnedFingerprint.isEmpty() && settings.dane.isEmpty();
    if (settings.tls == TlsMode::Opportunistic && careless)
        return retryInClear("no TLS with " + endpoint.host + ": " + reason);
    engine.connectionFailed(
        outcomeOf(DeliveryStage::StartTls, status, "no TLS with " + endpoint.host + ": " + reason));
    pump();
}

} // namespace glasspost::smtp
