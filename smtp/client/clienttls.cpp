// TLS of a session: the handshake, the certificate, and what follows when either fails.

#include "smtp/client/certificateverdict.h"
#include "smtp/client/clientsessionprivate.h"
#include "smtp/client/tlsfacts.h"
#include "smtp/session/certificatename.h"

#include <QSslConfiguration>

namespace glasspost::smtp {

void ClientSession::Private::startTls()
{
    if (socket.bytesAvailable() > 0) // C45
        return engine.receive(socket.readAll(), Moment::now());
    QSslConfiguration configuration = socket.sslConfiguration();
    if (!settings.authorities.isEmpty())
        configuration.addCaCertificates(settings.authorities);
    // Errors come to onSslErrors whatever the settings, for the transcript; judge() decides.
    configuration.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!settings.ownCertificate.isEmpty()) {
        configuration.setLocalCertificateChain(settings.ownCertificate);
        configuration.setPrivateKey(settings.ownKey);
    }
    configuration.setSslOption(QSsl::SslOptionDisableSessionPersistence, false);
    // A resumed session shows no chain that could be checked against TLSA records.
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
    tracer.tlsShown(shown);
    for (const QByteArray &line : tlsLines(shown))
        note(line);
    Q_EMIT q->tlsExamined(shown);
}

CertificateDemands ClientSession::Private::demands() const
{
    return CertificateDemands::of(settings, {endpoint.host, endpoint.address, endpoint.port, facts.id});
}

/// A session is resumed without its certificate being looked at again: one that did not fit is never kept,
/// nor one that fits by TLSA records alone, which may be others tomorrow.
void ClientSession::Private::keepTlsSession()
{
    const bool isVerified = judge(examine(), demands()).result == CertificateVerdict::Result::Verified;
    if (engine.isSecure() && settings.dane.isEmpty() && isVerified)
        tlsSession = socket.sslConfiguration().sessionTicket();
}

void ClientSession::Private::onSslErrors(const QList<QSslError> &errors)
{
    sslErrors = errors;
    const CertificateVerdict verdict = judge(examine(), demands());
    if (verdict.result != CertificateVerdict::Result::Refused)
        return socket.ignoreSslErrors();
    refuseCertificate(verdict);
}

void ClientSession::Private::refuseCertificate(const CertificateVerdict &verdict)
{
    TlsFacts shown = examine();
    shown.fault = verdict.line;
    showTls(shown);
    tlsFailed({4, 7, 5}, shown.fault); // C46
}

void ClientSession::Private::onEncrypted()
{
    if (engine.state() != ClientState::Handshake)
        return;
    const TlsFacts shown = examine();
    const CertificateVerdict verdict = judge(shown, demands());
    if (verdict.result == CertificateVerdict::Result::Refused)
        return refuseCertificate(verdict);
    showTls(shown);
    if (!verdict.line.isEmpty())
        note(verdict.line);
    facts.tls = shown.summary;
    transcripts.changed(facts);
    using Certificate = ClientEngine::Certificate;
    const bool isVerified = verdict.result == CertificateVerdict::Result::Verified;
    engine.encrypted(isVerified ? Certificate::Verified : Certificate::Unverified,
        tlsHandle.channelBindings(), Moment::now());
    keepTlsSession();
    pump();
    readAll();
}

void ClientSession::Private::tlsFailed(EnhancedStatusCode status, const QByteArray &reason)
{
    // What this connection still has to say of its end is not about the one that may follow.
    socket.blockSignals(true);
    engine.handshakeFailed(status, reason, Moment::now());
    pump();
}

void ClientSession::Private::handle(const ReconnectInClear &)
{
    sslErrors.clear();
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
}

} // namespace glasspost::smtp
