#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"

#include <utility>

namespace glasspost::smtp {

namespace {

/// Strict base64 (RFC 4648 4); nothing when it is not.
std::optional<QByteArray> decodeBase64(QByteArrayView text)
{
    auto decoded
        = QByteArray::fromBase64Encoding(text.toByteArray(), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || text.size() % 4 != 0)
        return {};
    return decoded.decoded.isNull() ? QByteArray("") : decoded.decoded; // null would mean: nothing was said
}

} // namespace

SaslParty ServerEngine::saslParty() const
{
    SaslParty party{*m_owner.credentials, m_bindings, m_peerCertificate, {}};
    for (const QByteArray &mechanism : m_owner.credentials->mechanisms()) {
        if (m_settings.mechanisms.isEmpty() || m_settings.mechanisms.contains(mechanism))
            party.allowed.append(mechanism);
    }
    // Nobody's credentials decide that nobody signs in: the settings do.
    if (m_settings.mechanisms.contains("ANONYMOUS") && !party.allowed.contains("ANONYMOUS"))
        party.allowed.append("ANONYMOUS");
    return party;
}

/// What EHLO lists: the strongest first, and nothing that cannot succeed here.
QList<QByteArray> ServerEngine::mechanisms() const
{
    return offersAuth() ? SaslServer::mechanismsFor(saslParty()) : QList<QByteArray>();
}

Reply ServerEngine::authMissing(QByteArrayView) const
{
    if (!offersAuth())
        return makeReply(502, {5, 5, 1}, "AUTH is not offered");
    return mayAuthNow() ? Reply() : makeReply(538, {5, 7, 11}, "Encryption required for sign-in");
}

void ServerEngine::auth(QByteArrayView argument)
{
    const qsizetype blank = argument.indexOf(' ');
    const QByteArrayView mechanism = blank < 0 ? argument : argument.first(blank);
    if (mechanism.isEmpty()) {
        say(makeReply(501, {5, 5, 4}, "Syntax: AUTH mechanism [initial-response]"));
    } else if (m_sasl = SaslServer::make(mechanism, saslParty()); !m_sasl) {
        say(makeReply(504, {5, 5, 4}, "Mechanism not offered"));
    } else if (m_mechanism = mechanism.toByteArray().toUpper(); blank < 0) {
        accepted(Verb::Auth);
        if (m_sasl->isClientFirst())
            sayPlain(makeReply(334, QByteArray())); // an empty challenge, with its blank
        else
            takeAuthResult(m_sasl->step({}));
    } else {
        accepted(Verb::Auth);
        const QByteArrayView initial = argument.sliced(blank + 1);
        // RFC 4954 4: a single "=" is an initial response of no octets.
        const auto response = initial == "=" ? std::optional(QByteArray("")) : decodeBase64(initial);
        if (response)
            takeAuthResult(m_sasl->step(*response));
        else
            authFailed(makeReply(501, {5, 5, 2}, "Malformed base64"));
    }
}

void ServerEngine::takeAuthLine(QByteArrayView line, qint64 size, bool tooLong)
{
    const bool cancelled = line == "*";
    record(Speaker::Client, cancelled ? QByteArray("*") : QByteArray("***"));
    if (tooLong || size + 2 > saslLineLimit) {
        authFailed(makeReply(500, {5, 5, 6}, "Response too long"));
        return;
    }
    if (cancelled) {
        authFailed(makeReply(501, {5, 7, 0}, "Sign-in cancelled"));
        return;
    }
    if (const auto response = decodeBase64(line))
        takeAuthResult(m_sasl->step(*response));
    else
        authFailed(makeReply(501, {5, 5, 2}, "Malformed base64"));
}

void ServerEngine::takeAuthResult(const SaslServer::Result &result)
{
    switch (result.status) {
    case SaslServer::Status::Challenge:
        sayPlain(makeReply(334, result.challenge.toBase64()));
        return;
    case SaslServer::Status::Derive:
        m_deriving = true;
        m_transport.deriveKeys(result.request);
        return;
    case SaslServer::Status::Done:
        signedIn();
        return;
    case SaslServer::Status::Malformed:
        authFailed(makeReply(501, {5, 5, 2}, "Malformed response"));
        return;
    case SaslServer::Status::OtherIdentity:
        signInRefused(makeReply(
            535, {5, 7, 8}, "Nobody acts for another here: leave the authorization identity empty"));
        return;
    case SaslServer::Status::BadBinding:
        signInRefused(makeReply(535, {5, 7, 7}, "Channel binding does not match"));
        return;
    case SaslServer::Status::Refused:
        signInRefused(makeReply(535, {5, 7, 8}, "Wrong user name or password"));
        return;
    }
}

void ServerEngine::keysDerived(const std::optional<ScramKeys> &keys)
{
    if (!std::exchange(m_deriving, false) || m_state == ServerState::Closed)
        return;
    if (keys)
        takeAuthResult(m_sasl->derived(*keys));
    else // RFC 4954 6
        authFailed(makeReply(454, {4, 7, 0}, "Too many sign-ins at once, try again later"));
    continueAfterAnswer();
}

void ServerEngine::signedIn()
{
    m_facts.user = m_sasl->user();
    m_signIn = m_facts.user.isEmpty() ? SignIn::Anonymous : SignIn::User;
    m_facts.isUserUnchecked = m_signIn == SignIn::User && m_owner.credentials->takesAnybody();
    note("signed in with " + m_mechanism + (m_facts.user.isEmpty() ? " as nobody" : "")
        + (m_facts.isUserUnchecked ? ", not checked: any name and password is accepted here" : ""));
    m_sasl.reset();
    advance(ServerTrigger::SignInOver);
    m_authFailures = 0;
    factsChanged();
    say(makeReply(235, {2, 7, 0}, "Signed in"));
}

void ServerEngine::signInRefused(const Reply &reply)
{
    ++m_authFailures;
    authFailed(reply);
    delayReply();
    if (m_authFailures >= m_settings.limits.authFailures && m_state != ServerState::Closed)
        sayAndClose(makeReply(421, {4, 7, 0}, m_settings.hostName + " Too many failed sign-ins"));
}

void ServerEngine::authFailed(const Reply &reply)
{
    m_sasl.reset();
    advance(ServerTrigger::SignInOver);
    say(reply);
}

} // namespace glasspost::smtp
