#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"

#include <utility>

namespace glasspost::smtp {

SaslParty ServerEngine::saslParty() const
{
    return {*m_credentials, m_channelBindings, m_peerCertificate, offer().allowedMechanisms(), m_now.wall};
}

Reply ServerEngine::authMissing(QByteArrayView) const
{
    if (!offer().hasAuth())
        return makeReply(502, {5, 5, 1}, "AUTH is not offered");
    return offer().mayAuthNow() ? Reply() : makeReply(538, {5, 7, 11}, "Encryption required for sign-in");
}

void ServerEngine::auth(QByteArrayView argument)
{
    SignIn::Begun begun = SignIn::begin(argument, saslParty());
    if (!begun.exchange) {
        say(begun.reply);
        return;
    }
    m_signIn = std::move(begun.exchange);
    accepted(Verb::Auth);
    take(m_signIn->first());
}

void ServerEngine::takeAuthLine(QByteArrayView line, qint64 size, bool tooLong)
{
    record(Speaker::Client, line == "*" ? QByteArray("*") : QByteArray("***"));
    take(m_signIn->takeLine(line, size, tooLong));
}

void ServerEngine::take(const SignIn::Step &step)
{
    if (const auto *challenge = std::get_if<SignIn::Challenge>(&step))
        sayPlain(challenge->reply);
    else if (const auto *derive = std::get_if<SignIn::Derive>(&step))
        ask(Pending::Keys, KeysNeeded{derive->request});
    else if (const auto *failure = std::get_if<SignIn::Failed>(&step))
        signInFailed(*failure);
    else
        signedIn();
}

void ServerEngine::keysDerived(const std::optional<ScramKeys> &keys, Moment now)
{
    if (m_pending != Pending::Keys)
        return;
    m_now = now;
    m_pending = Pending::Nothing;
    take(m_signIn->keysDerived(keys));
    run();
}

void ServerEngine::signedIn()
{
    const std::unique_ptr<SignIn> exchange = std::move(m_signIn);
    m_facts.user = exchange->user();
    m_identity = m_facts.user.isEmpty() ? ClientIdentity::Anonymous : ClientIdentity::User;
    m_facts.isUserUnchecked = m_identity == ClientIdentity::User && m_credentials->takesAnybody();
    note("signed in with " + exchange->mechanism() + (m_facts.user.isEmpty() ? ", without a user name" : "")
        + (m_facts.isUserUnchecked ? ", not checked: any name and password is accepted here" : ""));
    advance(ServerTrigger::SignInOver);
    m_budget.signedIn();
    factsChanged();
    say(makeReply(235, {2, 7, 0}, "Signed in"));
}

void ServerEngine::signInFailed(const SignIn::Failed &failure)
{
    m_signIn.reset();
    advance(ServerTrigger::SignInOver);
    const bool isRefused = failure.kind == SignIn::Failed::Kind::Refused;
    if (isRefused)
        m_budget.countFailedSignIn();
    say(failure.reply);
    if (!isRefused)
        return;
    slowDown();
    if (m_budget.hasTooManyFailedSignIns() && m_state != ServerState::Closed)
        sayAndClose({4, 7, 0}, " Too many failed sign-ins");
}

} // namespace glasspost::smtp
