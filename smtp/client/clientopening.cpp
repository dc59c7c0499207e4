// How a session opens: greeting, EHLO or HELO, TLS, sign-in.

#include "smtp/client/clientengine.h"
#include "smtp/client/greetingname.h"

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr int challengeLimit = 5; // C53: no mechanism of ours needs more
constexpr qsizetype commandLineLimit = 512; // octets with CRLF, RFC 5321 4.5.3.1.4

} // namespace

void ClientEngine::connectionOpened(const QHostAddress &ourAddress)
{
    m_greetingName = greetingName(m_settings.heloName, ourAddress);
    if (!isSafeWord(m_greetingName)) { // C42
        const QByteArray reason = "our own name cannot stand in a command";
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

void ClientEngine::reconnectingInClear(const QByteArray &reason)
{
    note(reason + "; trying again in the clear");
    m_settings.tls = TlsMode::None;
    m_parser.reset();
    m_capabilities = {};
    m_awaited.clear();
    m_out.clear();
    enter(ClientState::Connecting);
}

void ClientEngine::encrypted(Certificate certificate, const ChannelBindings &bindings)
{
    m_bindings = bindings;
    m_channel = certificate == Certificate::Verified ? Protection::Verified : Protection::Encrypted;
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
        return signInFailed(reply, answered.line, "a sign-in is asked for, and the server refused EHLO");
    say(ClientState::Helo, "HELO " + m_greetingName); // RFC 5321 3.2
}

void ClientEngine::afterHello()
{
    const bool ownName = m_capabilities.greetingName.compare(m_settings.heloName, Qt::CaseInsensitive) == 0;
    if (m_settings.refuseOwnName && ownName) { // C61
        return refuseSession(
            outcomeOf(DeliveryStage::Hello, {5, 4, 6}, "mail loops: the server bears our own name"));
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
        "XCLIENT is asked for, and the server does not take it from us: " + missing.join(' ')));
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
        return signInFailed({}, {}, "a sign-in is asked for, and the server offers none");
    const ClientCredentials &credentials = m_settings.credentials;
    m_mechanisms = commonMechanisms(
        m_capabilities.authMechanisms, signInMeans(), passwordGuard(), credentials.mechanisms);
    if (m_mechanisms.isEmpty()) { // C51
        return signInFailed({}, {},
            "no way to sign in that keeps the password safe; the server offers: "
                + m_capabilities.authMechanisms.join(' '));
    }
    if (m_mechanisms.removeOne(credentials.preferred))
        m_mechanisms.prepend(credentials.preferred);
    nextMechanism();
}

/// RFC 8314 3.3, RFC 7817 3: a secret goes to nobody whose certificate was not verified. Even a response that
/// hides the password lets whoever has it try passwords at leisure.
PasswordGuard ClientEngine::passwordGuard() const
{
    if (m_channel == Protection::Verified || m_settings.credentials.mayGoInClearTo(m_peer))
        return PasswordGuard::PlainAllowed;
    const bool staysHere = m_channel == Protection::Clear && m_peer.isThisMachine();
    return staysHere ? PasswordGuard::NeverPlain : PasswordGuard::NoSecret;
}

SaslMeansFlags ClientEngine::signInMeans() const
{
    const ClientCredentials &credentials = m_settings.credentials;
    SaslMeansFlags means;
    means.setFlag(SaslMeans::Password, !credentials.user.isEmpty() && !credentials.password.isEmpty());
    means.setFlag(SaslMeans::PreparedPassword,
        isPreparable(credentials.user) && isPreparable(credentials.password)); // RFC 4013
    means.setFlag(SaslMeans::ChannelBinding, !m_bindings.isEmpty());
    means.setFlag(SaslMeans::Token, !credentials.token.isEmpty());
    means.setFlag(SaslMeans::Certificate, isSecure() && !m_settings.ownCertificate.isEmpty());
    means.setFlag(SaslMeans::Nothing, credentials.mechanisms.contains("ANONYMOUS"));
    return means;
}

void ClientEngine::nextMechanism()
{
    m_mechanism = m_mechanisms.takeFirst();
    m_initialResponse = InitialResponse::WithCommand;
    beginMechanism();
}

void ClientEngine::beginMechanism()
{
    const QByteArray &mechanism = m_mechanism;
    // RFC 5802 6 would have the plain form say "y" where no -PLUS is offered; GNU SASL 2.2 says "n" or fails.
    const ChannelBindings bindings = mechanism.endsWith("-PLUS") ? m_bindings : ChannelBindings();
    m_sasl = makeSaslClient(mechanism,
        {m_settings.credentials.user, m_settings.credentials.password, m_settings.credentials.token,
            m_peer.host, m_peer.port, bindings});
    m_challenges = 0;
    m_heldResponse.reset();
    const QByteArray line = "AUTH " + mechanism;
    if (!m_sasl->isClientFirst())
        return say(ClientState::Auth, line);
    const auto response = m_sasl->respond({});
    if (!response)
        return signInFailed({}, line, "the name or the password cannot be used with " + mechanism);
    hide(*response);
    // RFC 4954 4: an empty initial response is "=", and one that makes the line too long waits for a 334.
    const QByteArray whole = line + ' ' + (response->isEmpty() ? "=" : response->toBase64());
    if (m_initialResponse == InitialResponse::WithCommand && whole.size() + 2 <= commandLineLimit)
        return saySecret(ClientState::Auth, whole, line + " ***");
    m_initialResponse = InitialResponse::Withheld;
    m_heldResponse = response;
    say(ClientState::Auth, line);
}

void ClientEngine::onAuth(Verdict verdict, const Reply &reply, const Awaited &answered)
{
    if (!m_cancelReason.isEmpty())
        return signInFailed({}, answered.line, m_cancelReason);
    if (verdict == Verdict::Continue)
        return onChallenge(reply, answered);
    if (verdict == Verdict::Accept) {
        if (!m_sasl->isComplete()) // RFC 5802 3: the server must prove that it knows the password
            return signInFailed({}, answered.line, "the server did not prove that it knows the password");
        m_signedIn = true;
        m_events.append(SignedIn{m_settings.credentials.user, m_mechanism});
        return beginAuth();
    }
    mechanismRefused(reply, answered);
}

/// A server that offers CRAM-MD5 or SCRAM may have nothing to check it with, and says 535 as for a wrong
/// password: what follows in the list is as safe here. 500 and 501 may mean the initial response alone, which
/// older servers do not know.
void ClientEngine::mechanismRefused(const Reply &reply, const Awaited &answered)
{
    const bool notUnderstood = reply.code == 500 || reply.code == 501;
    const bool sentAtOnce = m_sasl->isClientFirst() && m_initialResponse == InitialResponse::WithCommand;
    if (notUnderstood && sentAtOnce) {
        m_initialResponse = InitialResponse::Withheld;
        return beginMechanism();
    }
    const bool passwordRefused = reply.code == 535;
    if (passwordRefused) {
        m_passwordRefusal = signInOutcome(reply, answered.line, {});
        // One wrong answer is enough from a family that checks the same secret: accounts get locked.
        if (m_mechanism.startsWith("SCRAM-"))
            m_mechanisms.removeIf([](const QByteArray &other) { return other.startsWith("SCRAM-"); });
    }
    if (!m_mechanisms.isEmpty())
        return nextMechanism();
    const bool ofMechanism = notUnderstood || reply.code == 504 || reply.code == 534;
    m_sasl.reset();
    refuseSession(
        ofMechanism && m_passwordRefusal ? *m_passwordRefusal : signInOutcome(reply, answered.line, {}));
}

void ClientEngine::onChallenge(const Reply &reply, const Awaited &)
{
    if (++m_challenges > challengeLimit)
        return cancelAuth("the server asks for more than the sign-in has to say");
    const auto decoded = QByteArray::fromBase64Encoding(
        reply.lines.join().trimmed(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return cancelAuth("the server's challenge is not base64");
    if (m_heldResponse)
        return respond(std::exchange(m_heldResponse, {}));
    if (const QByteArray objection = m_sasl->objection(*decoded); !objection.isEmpty())
        return cancelAuth(objection);
    if (!m_sasl->isSlow(*decoded))
        return respond(m_sasl->respond(*decoded));
    m_responding = true;
    m_events.append(ResponseNeeded{m_sasl, *decoded});
}

void ClientEngine::responded(const std::optional<QByteArray> &response)
{
    if (std::exchange(m_responding, false) && m_state == ClientState::Auth)
        respond(response);
}

void ClientEngine::respond(const std::optional<QByteArray> &response)
{
    if (!response)
        return cancelAuth("the server's challenge makes no sense");
    hide(*response);
    saySecret(ClientState::Auth, response->toBase64(), "***");
}

/// The server may say it back. The name alone is no secret.
void ClientEngine::hide(const QByteArray &response)
{
    if (response != m_settings.credentials.user)
        m_blotter.add(response);
}

/// RFC 4954 4: "*" gives the exchange up; the server answers 501.
void ClientEngine::cancelAuth(const QByteArray &reason)
{
    m_cancelReason = reason;
    say(ClientState::Auth, "*");
}

/// C52: whatever the digit, the message stays: a person can mend a password.
Outcome ClientEngine::signInOutcome(const Reply &reply, const QByteArray &command, const QByteArray &reason)
{
    Outcome outcome = outcomeOf(DeliveryStage::Auth, {4, 7, 8}, reason);
    if (!reply.isNull()) {
        outcome.reply = reply;
        outcome.status
            = reply.enhanced.isNull() ? EnhancedStatusCode{reply.code / 100, 7, 8} : reply.enhanced;
    }
    outcome.command = command;
    return outcome;
}

void ClientEngine::signInFailed(const Reply &reply, const QByteArray &command, const QByteArray &reason)
{
    m_sasl.reset();
    refuseSession(signInOutcome(reply, command, reason));
}

} // namespace glasspost::smtp
