#include "smtp/client/clientsignin.h"

#include <utility>

namespace glasspost::smtp {

namespace {

constexpr int challengeLimit = 5; // C53: no mechanism of ours needs more
constexpr qsizetype commandLineLimit = 512; // octets with CRLF, RFC 5321 4.5.3.1.4

ClientSignIn::Failed failed(const QByteArray &command, const QByteArray &reason)
{
    return {ClientSignIn::outcome({}, command, reason)};
}

} // namespace

ClientSignIn::ClientSignIn(const ClientCredentials &credentials, Server server)
    : m_credentials(credentials), m_server(std::move(server))
{ }

Outcome ClientSignIn::outcome(const Reply &reply, const QByteArray &command, const QByteArray &reason)
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

ClientSignIn::Step ClientSignIn::begin()
{
    m_mechanisms = commonMechanisms(m_server.offered, means(), guard(), m_credentials.mechanisms);
    if (m_mechanisms.isEmpty()) { // C51
        return failed({},
            "no way to sign in that keeps the password safe; the server offers: "
                + m_server.offered.join(' '));
    }
    if (m_mechanisms.removeOne(m_credentials.preferred))
        m_mechanisms.prepend(m_credentials.preferred);
    return nextMechanism();
}

/// RFC 8314 3.3, RFC 7817 3: a secret goes to nobody whose certificate was not verified. Even a response that
/// hides the password lets whoever has it try passwords at leisure.
PasswordGuard ClientSignIn::guard() const
{
    if (m_server.channel == ChannelProtection::Verified || m_credentials.mayGoInClearTo(m_server.peer))
        return PasswordGuard::PlainAllowed;
    const bool staysHere = m_server.channel == ChannelProtection::Clear && m_server.peer.isThisMachine();
    return staysHere ? PasswordGuard::NeverPlain : PasswordGuard::NoSecret;
}

CredentialKinds ClientSignIn::means() const
{
    CredentialKinds means;
    means.setFlag(
        CredentialKind::Password, !m_credentials.user.isEmpty() && !m_credentials.password.isEmpty());
    means.setFlag(CredentialKind::PreparedPassword,
        isPreparable(m_credentials.user) && isPreparable(m_credentials.password)); // RFC 4013
    means.setFlag(CredentialKind::ChannelBinding, !m_server.bindings.isEmpty());
    means.setFlag(CredentialKind::Token, !m_credentials.token.isEmpty());
    means.setFlag(CredentialKind::Certificate, m_server.hasOurCertificate);
    means.setFlag(CredentialKind::Nothing, m_credentials.mechanisms.contains("ANONYMOUS"));
    return means;
}

ClientSignIn::Step ClientSignIn::nextMechanism()
{
    m_mechanism = m_mechanisms.takeFirst();
    m_initialResponse = InitialResponse::WithCommand;
    return beginMechanism();
}

ClientSignIn::Step ClientSignIn::beginMechanism()
{
    // RFC 5802 6 would have the plain form say "y" where no -PLUS is offered; GNU SASL 2.2 says "n" or fails.
    const ChannelBindings bindings = m_mechanism.endsWith("-PLUS") ? m_server.bindings : ChannelBindings();
    m_sasl = makeSaslClient(m_mechanism,
        {m_credentials.user, m_credentials.password, m_credentials.token, m_server.peer.host,
            m_server.peer.port, bindings});
    m_challenges = 0;
    m_heldResponse.reset();
    const QByteArray line = "AUTH " + m_mechanism;
    if (!m_sasl->isClientFirst())
        return Say{line, line, {}};
    const auto response = m_sasl->respond({});
    if (!response)
        return failed(line, "the name or the password cannot be used with " + m_mechanism);
    // RFC 4954 4: an empty initial response is "=", and one that makes the line too long waits for a 334.
    const QByteArray whole = line + ' ' + (response->isEmpty() ? "=" : response->toBase64());
    if (m_initialResponse == InitialResponse::WithCommand && whole.size() + 2 <= commandLineLimit)
        return Say{whole, line + " ***", *response};
    m_initialResponse = InitialResponse::Withheld;
    m_heldResponse = response;
    return Say{line, line, *response};
}

ClientSignIn::Step ClientSignIn::takeReply(Verdict verdict, const Reply &reply, const QByteArray &command)
{
    if (!m_cancelReason.isEmpty())
        return failed(command, m_cancelReason);
    if (verdict == Verdict::Continue)
        return answerChallenge(reply);
    if (verdict != Verdict::Accept)
        return mechanismRefused(reply, command);
    if (!m_sasl->isComplete()) // RFC 5802 3: the server must prove that it knows the password
        return failed(command, "the server did not prove that it knows the password");
    return Done{m_mechanism};
}

/// A server that offers CRAM-MD5 or SCRAM may have nothing to check it with, and says 535 as for a wrong
/// password: what follows in the list is as safe here. 500 and 501 may mean the initial response alone, which
/// older servers do not know.
ClientSignIn::Step ClientSignIn::mechanismRefused(const Reply &reply, const QByteArray &command)
{
    const bool notUnderstood = reply.code == 500 || reply.code == 501;
    const bool sentAtOnce = m_sasl->isClientFirst() && m_initialResponse == InitialResponse::WithCommand;
    if (notUnderstood && sentAtOnce) {
        m_initialResponse = InitialResponse::Withheld;
        return beginMechanism();
    }
    if (reply.code == 535) {
        m_passwordRefusal = outcome(reply, command, {});
        // One wrong answer is enough from a family that checks the same secret: accounts get locked.
        if (m_mechanism.startsWith("SCRAM-"))
            m_mechanisms.removeIf([](const QByteArray &other) { return other.startsWith("SCRAM-"); });
    }
    if (!m_mechanisms.isEmpty())
        return nextMechanism();
    const bool ofMechanism = notUnderstood || reply.code == 504 || reply.code == 534;
    return Failed{ofMechanism && m_passwordRefusal ? *m_passwordRefusal : outcome(reply, command, {})};
}

ClientSignIn::Step ClientSignIn::answerChallenge(const Reply &reply)
{
    if (++m_challenges > challengeLimit)
        return cancel("the server asks for more than the sign-in has to say");
    const auto decoded = QByteArray::fromBase64Encoding(
        reply.lines.join().trimmed(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return cancel("the server's challenge is not base64");
    if (m_heldResponse)
        return say(std::exchange(m_heldResponse, {}));
    if (const QByteArray objection = m_sasl->objection(*decoded); !objection.isEmpty())
        return cancel(objection);
    if (!m_sasl->isSlow(*decoded))
        return say(m_sasl->respond(*decoded));
    m_isResponding = true;
    return ResponseNeeded{m_sasl, *decoded};
}

ClientSignIn::Step ClientSignIn::responded(const std::optional<QByteArray> &response)
{
    m_isResponding = false;
    return say(response);
}

ClientSignIn::Step ClientSignIn::say(const std::optional<QByteArray> &response)
{
    if (!response)
        return cancel("the server's challenge is invalid");
    return Say{response->toBase64(), "***", *response};
}

/// RFC 4954 4: "*" gives the exchange up; the server answers 501.
ClientSignIn::Step ClientSignIn::cancel(const QByteArray &reason)
{
    m_cancelReason = reason;
    return Say{"*", "*", {}};
}

} // namespace glasspost::smtp
