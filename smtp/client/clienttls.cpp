// TLS of a session: the handshake, the certificate, and what follows when either fails.

#include "smtp/client/clientsessionprivate.h"
#include "smtp/client/tlsfacts.h"
#include "smtp/session/certificatename.h"

#include <QSslConfiguration>

#include <algorithm>

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
    if (!settings.ownCertificate.isEmpty()) {
        configuration.setLocalCertificateChain(settings.ownCertificate);
        configuration.setPrivateKey(settings.ownKey);
    }
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    // A resumed session shows no chain that could be held against TLSA records.
    if (!settings.tlsSession.isEmpty() && settings.dane.isEmpty())
        configuration.setSessionTicket(settings.tlsSession);
    socket.setSslConfiguration(configuration);
    socket.setPeerVerifyName(QString::fromUtf8(endpoint.host));
    handshakeTime.start();
    tlsHandle = TlsHandle::during([this] { socket.startClientEncryption(); });
}

TlsFacts ClientSession::Private::examine() const
{
    TlsFacts shown = tlsFacts(socket, sslErrors);
    shown.host = endpoint.host;
    // Qt takes the common name, and a DNS name that looks like an address, for more than they are.
    if (sslErrors.isEmpty() && !certificateNames(socket.peerCertificate(), endpoint.host))
        shown.errors.append("the names in the certificate do not include " + endpoint.host);
    shown.handshakeTime = handshakeTime.elapsed();
    if (tlsHandle.session() == TlsHandle::Session::Resumed)
        shown.resumption = TlsFacts::Resumption::Resumed;
    return shown;
}

/// Whole, and before anything follows from it: a person decides by it.
void ClientSession::Private::showTls(const TlsFacts &shown)
{
    for (const QByteArray &line : tlsLines(shown))
        note(line);
    Q_EMIT q->tlsExamined(shown);
}

/// A session is resumed without its certificate being looked at again: one that did not fit is never kept,
/// nor one that fits by TLSA records alone, which may be others tomorrow.
void ClientSession::Private::keepTlsSession()
{
    if (engine.isSecure() && settings.dane.isEmpty() && isVerified())
        tlsSession = socket.sslConfiguration().sessionTicket();
}

bool ClientSession::Private::isVerified() const
{
    if (!settings.dane.isEmpty()) // RFC 7672 2.2: neither authorities nor the name's word count then
        return daneVerdict().result == DaneVerdict::Result::Matched;
    if (isAcceptedByPerson())
        return true;
    if (!settings.pinnedFingerprint.isEmpty())
        return isSameFingerprint(settings.pinnedFingerprint, peerFingerprint(socket));
    return sslErrors.isEmpty() && certificateNames(socket.peerCertificate(), endpoint.host);
}

bool ClientSession::Private::isAcceptedByPerson() const
{
    const QByteArray shown = peerFingerprint(socket);
    return std::any_of(settings.acceptedFingerprints.begin(), settings.acceptedFingerprints.end(),
        [&shown](const QByteArray &accepted) { return isSameFingerprint(accepted, shown); });
}

/// RFC 8314 3.3, RFC 7817 3: a password or token is for a server that proved its name alone, however little
/// its mail asks for.
bool ClientSession::Private::guardsSecret() const
{
    const ClientCredentials &credentials = settings.credentials;
    return credentials.isWanted() && credentials.hasSecret()
        && !credentials.mayGoInClearTo({endpoint.host, endpoint.address, endpoint.port, facts.id});
}

bool ClientSession::Private::mustVerify() const
{
    return settings.verifyCertificate || !settings.pinnedFingerprint.isEmpty() || !settings.dane.isEmpty()
        || guardsSecret();
}

void ClientSession::Private::onSslErrors(const QList<QSslError> &errors)
{
    sslErrors = errors;
    if (!mustVerify() || isVerified())
        return socket.ignoreSslErrors();
    refuseCertificate();
}

void ClientSession::Private::refuseCertificate()
{
    TlsFacts shown = examine();
    shown.fault = certificateFault(shown);
    showTls(shown);
    tlsFailed({4, 7, 5}, shown.fault); // C46
}

DaneVerdict ClientSession::Private::daneVerdict() const
{
    return matchDane(settings.dane.records, settings.dane.names, socket.peerCertificateChain());
}

QByteArray ClientSession::Private::certificateFault(const TlsFacts &shown) const
{
    if (!settings.dane.isEmpty())
        return daneVerdict().line;
    if (!settings.pinnedFingerprint.isEmpty())
        return "the certificate is not the pinned one";
    const QByteArray fault = "the certificate does not fit: " + shown.errors.join("; ");
    return guardsSecret() ? fault + "; the password was not sent" : fault;
}

void ClientSession::Private::onEncrypted()
{
    if (engine.state() != ClientState::Handshake)
        return;
    if (mustVerify() && !isVerified())
        return refuseCertificate();
    const TlsFacts shown = examine();
    showTls(shown);
    if (!settings.dane.isEmpty())
        note(daneVerdict().line);
    else if (isAcceptedByPerson())
        note("this certificate was accepted for this server by hand");
    facts.tls = shown.summary;
    transcripts.changed(facts);
    using Certificate = ClientEngine::Certificate;
    engine.encrypted(
        isVerified() ? Certificate::Verified : Certificate::Unverified, tlsHandle.channelBindings());
    keepTlsSession();
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
    dropUnsaid();
    socket.abort();
    QTimer::singleShot(0, q, [this] {
        socket.blockSignals(false);
        if (engine.state() != ClientState::Connecting)
            return;
        if (!endpoint.socketPath.isEmpty())
            return connectToSocket();
        connectTime.start();
        socket.connectToHost(endpoint.address, endpoint.port);
    });
    pump();
}

void ClientSession::Private::tlsFailed(EnhancedStatusCode status, const QByteArray &reason)
{
    if (settings.tls == TlsMode::Opportunistic && !mustVerify())
        return retryInClear("no TLS with " + endpoint.host + ": " + reason);
    engine.connectionFailed(
        outcomeOf(DeliveryStage::StartTls, status, "no TLS with " + endpoint.host + ": " + reason));
    pump();
}

} // namespace glasspost::smtp
