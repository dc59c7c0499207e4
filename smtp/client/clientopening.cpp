// How a session opens: greeting, EHLO or HELO, TLS, sign-in.

#include "smtp/client/certificateverdict.h"
#include "smtp/client/clientengine.h"
#include "smtp/client/greetingname.h"

namespace glasspost::smtp {

void ClientEngine::connectionOpened(const QHostAddress &ourAddress, Moment now)
{
    m_now = now;
    m_greetingName = greetingName(m_settings.heloName, ourAddress);
    if (!isSafeWord(m_greetingName)) { // C42
        const QByteArray reason = "our own name cannot be used in a command";
        return failSession(outcomeOf(DeliveryStage::Local, {4, 3, 5}, reason), reason);
    }
    if (speaksLmtp() && m_peer.port == 25) { // RFC 2033 5
        const QByteArray reason = "LMTP does not belong on port 25";
        return failSession(outcomeOf(DeliveryStage::Local, {4, 3, 5}, reason), reason);
    }
    if (m_settings.tls == TlsMode::Implicit) { // RFC 8314 3.3
        enter(ClientState::Handshake);
        m_events.append(TlsNeeded{});
        return;
    }
    await({ClientState::Greeting, {}, -1, true});
}

/// C47: a server whose TLS is broken still gets its mail, unless somebody relies on the certificate.
void ClientEngine::handshakeFailed(EnhancedStatusCode status, const QByteArray &reason, Moment now)
{
    if (m_state == ClientState::Closed)
        return;
    m_now = now;
    const QByteArray shown = "no TLS with " + m_peer.host + ": " + reason;
    const bool isStrict = CertificateDemands::of(m_settings, m_peer).areStrict();
    if (m_settings.tls == TlsMode::Opportunistic && !isStrict)
        return reconnectInClear(shown);
    failSession(outcomeOf(DeliveryStage::StartTls, status, shown), shown);
}

void ClientEngine::reconnectInClear(const QByteArray &reason)
{
    m_events.append(ReconnectInClear{});
    note(reason + "; trying again in the clear");
    m_settings.tls = TlsMode::None;
    m_parser.reset();
    m_capabilities = {};
    m_awaited.clear();
    m_out.clear();
    enter(ClientState::Connecting);
}

void ClientEngine::encrypted(Certificate certificate, const ChannelBindings &bindings, Moment now)
{
    m_now = now;
    m_channelBindings = bindings;
    m_channel
        = certificate == Certificate::Verified ? ChannelProtection::Verified : ChannelProtection::Encrypted;
    m_parser.reset();
    m_capabilities = {}; // RFC 3207 4.2: what was learnt in the clear is void
    if (m_settings.tls == TlsMode::Implicit)
        await({ClientState::Greeting, {}, -1, true});
    else
        say(ClientState::Ehlo, helloLine());
}

/// RFC 2033 4.1: LHLO is EHLO in every other respect.
QByteArray ClientEngine::helloLine() const
{
    return (speaksLmtp() ? "LHLO " : "EHLO ") + m_greetingName;
}

void ClientEngine::takeCapabilities(const Capabilities &told)
{
    if (const CapabilityFlags unused = told.flags & m_settings.passedOver; unused)
        note("not used, as set: " + Capabilities::keywordsOf(unused));
    m_capabilities = told.without(m_settings.passedOver);
}

void ClientEngine::onHello(Verdict verdict, const Reply &reply, const Awaited &answered)
{
    if (verdict == Verdict::Accept) {
        takeCapabilities(answered.state == ClientState::Ehlo ? Capabilities::fromEhlo(reply)
                                                             : Capabilities::fromHelo(reply));
        return afterHello();
    }
    Outcome outcome = outcomeOf(reply, DeliveryStage::Hello, answered.line);
    if (reply.code == 501 || reply.code == 504) // our own name is at fault, which a person can mend
        outcome.result = DeliveryResult::Deferred;
    if (verdict != Verdict::FallBack || speaksLmtp()) // RFC 2033 4.1: there is nothing humbler than LHLO
        return refuseSession(outcome);
    // C6: HELO brings neither TLS nor sign-in; where one of them must be, it is no way out.
    if (m_settings.tls == TlsMode::Required && !isSecure()) {
        return refuseSession(outcomeOf(DeliveryStage::StartTls, {4, 7, 4},
            "TLS is required, and the server refused EHLO: " + reply.toBytes()));
    }
    if (m_settings.credentials.isWanted())
        return signInFailed(reply, answered.line, "a sign-in is required, and the server refused EHLO");
    say(ClientState::Helo, "HELO " + m_greetingName); // RFC 5321 3.2
}

void ClientEngine::afterHello()
{
    const bool ownName = m_capabilities.greetingName.compare(m_settings.heloName, Qt::CaseInsensitive) == 0;
    if (m_settings.refuseOwnName && ownName) { // C61
        return refuseSession(
            outcomeOf(DeliveryStage::Hello, {5, 4, 6}, "mail loop: the server has our own name"));
    }
    const bool wanted = m_settings.tls == TlsMode::Opportunistic || m_settings.tls == TlsMode::Required;
    if (!wanted || isSecure())
        return beginAuth();
    if (m_capabilities.has(Capability::StartTls))
        return say(ClientState::StartTls, "STARTTLS");
    withoutTls({}, "the server does not offer STARTTLS");
}

/// XCLIENT name=value ...: the server takes what follows as said by somebody else, and greets anew.
void ClientEngine::sayXClient()
{
    m_xclientSaid = true;
    QList<QByteArray> missing;
    for (const QByteArray &attribute : std::as_const(m_settings.xclient)) {
        const QByteArray name = attribute.left(attribute.indexOf('='));
        if (!isSafeWord(attribute) || !m_capabilities.xclientAttributes.contains(name.toUpper()))
            missing.append(name);
    }
    if (m_capabilities.has(Capability::XClient) && missing.isEmpty())
        return say(ClientState::XClient, "XCLIENT " + m_settings.xclient.join(' '));
    // Going on would show the server the wrong client.
    refuseSession(outcomeOf(DeliveryStage::Hello, {4, 3, 5},
        "XCLIENT is requested, and the server does not accept it from us: " + missing.join(' ')));
}

void ClientEngine::onXClient(Verdict verdict, const Reply &reply, const Awaited &answered)
{
    if (verdict != Verdict::Accept)
        return refuseSession(outcomeOf(reply, DeliveryStage::Hello, answered.line));
    m_capabilities = {};
    say(ClientState::Ehlo, helloLine());
}

void ClientEngine::onStartTls(Verdict verdict, const Reply &reply, const Awaited &)
{
    if (verdict != Verdict::Accept)
        return withoutTls(reply, "the server refused STARTTLS");
    enter(ClientState::Handshake);
    if (!m_parser.rest().isEmpty()) // C45
        return breach("octets after the reply to STARTTLS, before the handshake");
    m_events.append(TlsNeeded{});
}

/// C43, C44: go on in the clear only where the settings let us, and say so.
void ClientEngine::withoutTls(const Reply &reply, const QByteArray &reason)
{
    if (m_settings.tls != TlsMode::Required) {
        note(reason + "; the session goes on in the clear");
        return beginAuth();
    }
    Outcome outcome = outcomeOf(DeliveryStage::StartTls, {4, 7, 4}, "TLS is required: " + reason);
    outcome.reply = reply;
    if (!reply.isNull())
        outcome.command = "STARTTLS";
    refuseSession(outcome);
}

void ClientEngine::beginAuth()
{
    if (!m_settings.xclient.isEmpty() && !m_xclientSaid)
        return sayXClient();
    if (!m_settings.credentials.isWanted() || m_signedIn) {
        enter(ClientState::Ready);
        return proceed();
    }
    if (!m_capabilities.has(Capability::Auth)) // C54
        return signInFailed({}, {}, "a sign-in is required, and the server offers none");
    m_signIn = std::make_unique<ClientSignIn>(m_settings.credentials,
        ClientSignIn::Server{m_peer, m_channel, m_channelBindings, m_capabilities.authMechanisms,
            isSecure() && !m_settings.ownCertificate.isEmpty()});
    take(m_signIn->begin());
}

void ClientEngine::take(const ClientSignIn::Step &step)
{
    if (const auto *next = std::get_if<ClientSignIn::Say>(&step)) {
        if (next->secret != m_settings.credentials.user) // the name alone is no secret
            m_blotter.add(next->secret);
        return saySecret(ClientState::Auth, next->line, next->shown);
    }
    if (const auto *needed = std::get_if<ResponseNeeded>(&step)) {
        m_events.append(*needed);
        return;
    }
    if (const auto *failure = std::get_if<ClientSignIn::Failed>(&step))
        return refuseSession(failure->outcome);
    m_signedIn = true;
    m_events.append(SignedIn{m_settings.credentials.user, std::get<ClientSignIn::Done>(step).mechanism});
    beginAuth();
}

void ClientEngine::responded(const std::optional<QByteArray> &response, Moment now)
{
    m_now = now;
    if (m_signIn && m_signIn->isResponding() && m_state == ClientState::Auth)
        take(m_signIn->responded(response));
}

void ClientEngine::signInFailed(const Reply &reply, const QByteArray &command, const QByteArray &reason)
{
    refuseSession(ClientSignIn::outcome(reply, command, reason));
}

} // namespace glasspost::smtp
