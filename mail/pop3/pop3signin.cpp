// The sign-in of a POP3 session: USER and PASS, and AUTH (RFC 5034).
#include "mail/pop3/pop3engine.h"

namespace glasspost::mail {

smtp::SaslParty Pop3Engine::party() const
{
    QList<QByteArray> allowed = m_credentials.mechanisms();
    if (!m_offer.mechanisms.isEmpty())
        allowed.removeIf([this](const QByteArray &one) { return !m_offer.mechanisms.contains(one); });
    if (!m_isSecured && !m_offer.signInInClear)
        allowed.clear();
    return {m_credentials, m_bindings, m_certificate, allowed, m_now};
}

QList<QByteArray> Pop3Engine::mechanisms() const
{
    return smtp::SaslServer::mechanismsFor(party());
}

void Pop3Engine::user(const QByteArray &argument)
{
    if (!mechanisms().contains("PLAIN"))
        return error("[AUTH] USER is not offered here");
    m_user = argument;
    accepted(Pop3Verb::User);
    ok("Send the password");
}

/// As AUTH PLAIN would say it: who judges the one judges the other.
void Pop3Engine::pass(const QByteArray &argument)
{
    m_sasl = smtp::SaslServer::make("PLAIN", party());
    accepted(Pop3Verb::Pass);
    take(m_sasl->step('\0' + m_user + '\0' + argument));
}

void Pop3Engine::auth(const QByteArray &argument)
{
    const qsizetype blank = argument.indexOf(' ');
    m_sasl = smtp::SaslServer::make(blank < 0 ? argument : argument.first(blank), party());
    if (!m_sasl)
        return error("[AUTH] Mechanism not offered");
    accepted(Pop3Verb::Auth);
    if (blank >= 0)
        return respond(QByteArrayView(argument).sliced(blank + 1));
    if (m_sasl->isClientFirst())
        m_output += "+ \r\n";
    else
        take(m_sasl->step({}));
}

void Pop3Engine::takeResponse(QByteArrayView line)
{
    if (line == "*")
        signInFailed("Sign-in cancelled");
    else
        respond(line);
}

void Pop3Engine::respond(QByteArrayView base64)
{
    // RFC 5034 4: a single "=" is an initial response of no octets.
    const QByteArray text = base64 == "=" ? QByteArray() : base64.toByteArray();
    const auto decoded = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || text.size() % 4 != 0)
        return signInFailed("Malformed base64");
    take(m_sasl->step(decoded.decoded.isNull() ? QByteArray("") : decoded.decoded)); // null: nothing was said
}

void Pop3Engine::take(const smtp::SaslServer::Result &result)
{
    switch (result.status) {
    case smtp::SaslServer::Status::Challenge:
        m_output += "+ " + result.challenge.toBase64() + "\r\n";
        advance(Pop3Trigger::Challenged);
        return;
    case smtp::SaslServer::Status::Derive:
        advance(Pop3Trigger::KeysAsked);
        tell(pop3::KeysNeeded{result.request});
        return;
    case smtp::SaslServer::Status::Done:
        advance(Pop3Trigger::SignedIn);
        tell(pop3::DropNeeded{m_sasl->user()});
        m_sasl.reset();
        return;
    case smtp::SaslServer::Status::Malformed:
        return signInFailed("Malformed response");
    case smtp::SaslServer::Status::OtherIdentity:
        return signInFailed("[AUTH] Nobody acts for another here");
    case smtp::SaslServer::Status::BadBinding:
        return signInFailed("[AUTH] Channel binding does not match");
    case smtp::SaslServer::Status::Refused:
        return signInFailed("[AUTH] Wrong user name or password");
    }
}

void Pop3Engine::keysDerived(const std::optional<smtp::ScramKeys> &keys)
{
    if (keys)
        take(m_sasl->derived(*keys));
    else
        signInFailed("[SYS/TEMP] Too many sign-ins at once, try again later");
    run();
}

void Pop3Engine::signInFailed(const QByteArray &why)
{
    m_sasl.reset();
    m_user.clear();
    advance(Pop3Trigger::SignInFailed);
    error(why);
    if (++m_signIns >= mostSignIns && m_state != Pop3State::Closed)
        close();
}

void Pop3Engine::opened(const Maildrop &drop)
{
    m_drop = drop;
    advance(Pop3Trigger::Opened);
    ok(QByteArray::number(messagesLeft()) + " messages (" + QByteArray::number(octetsLeft()) + " octets)");
    run();
}

void Pop3Engine::notOpened(const QByteArray &why)
{
    m_user.clear();
    advance(Pop3Trigger::NotOpened);
    error(why);
    run();
}

} // namespace glasspost::mail
