#include "smtp/server/signin.h"

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

SignIn::Failed broken(const Reply &reply)
{
    return {reply, SignIn::Failed::Kind::Broken};
}

SignIn::Failed refused(const EnhancedStatusCode &status, const QByteArray &text)
{
    return {makeReply(535, status, text), SignIn::Failed::Kind::Refused};
}

} // namespace

SignIn::Begun SignIn::begin(QByteArrayView argument, const SaslParty &party)
{
    const qsizetype blank = argument.indexOf(' ');
    const QByteArrayView mechanism = blank < 0 ? argument : argument.first(blank);
    if (mechanism.isEmpty())
        return {nullptr, makeReply(501, {5, 5, 4}, "Syntax: AUTH mechanism [initial-response]")};
    auto sasl = SaslServer::make(mechanism, party);
    if (!sasl)
        return {nullptr, makeReply(504, {5, 5, 4}, "Mechanism not offered")};
    std::unique_ptr<SignIn> exchange(new SignIn(std::move(sasl), mechanism));
    if (blank >= 0)
        exchange->m_initial = argument.sliced(blank + 1).toByteArray();
    return {std::move(exchange), {}};
}

SignIn::Step SignIn::first()
{
    if (!m_initial && m_sasl->isClientFirst())
        return Challenge{makeReply(334, QByteArray())}; // an empty challenge, with its blank
    if (!m_initial)
        return stepOf(m_sasl->step({}));
    // RFC 4954 4: a single "=" is an initial response of no octets.
    return *m_initial == "=" ? stepOf(m_sasl->step(QByteArray(""))) : respond(*m_initial);
}

SignIn::Step SignIn::takeLine(QByteArrayView octets, qint64 size, bool tooLong)
{
    if (tooLong || size + 2 > saslLineLimit)
        return broken(makeReply(500, {5, 5, 6}, "Response too long"));
    if (octets == "*")
        return broken(makeReply(501, {5, 7, 0}, "Sign-in cancelled"));
    return respond(octets);
}

SignIn::Step SignIn::respond(QByteArrayView base64)
{
    if (const auto response = decodeBase64(base64))
        return stepOf(m_sasl->step(*response));
    return broken(makeReply(501, {5, 5, 2}, "Malformed base64"));
}

SignIn::Step SignIn::keysDerived(const std::optional<ScramKeys> &keys)
{
    if (keys)
        return stepOf(m_sasl->derived(*keys));
    return broken(makeReply(454, {4, 7, 0}, "Too many sign-ins at once, try again later")); // RFC 4954 6
}

SignIn::Step SignIn::stepOf(const SaslServer::Result &result)
{
    switch (result.status) {
    case SaslServer::Status::Challenge:
        return Challenge{makeReply(334, result.challenge.toBase64())};
    case SaslServer::Status::Derive:
        return Derive{result.request};
    case SaslServer::Status::Done:
        return Done{};
    case SaslServer::Status::Malformed:
        break;
    case SaslServer::Status::OtherIdentity:
        return refused(
            {5, 7, 8}, "Acting for another user is not supported: leave the authorization identity empty");
    case SaslServer::Status::BadBinding:
        return refused({5, 7, 7}, "Channel binding does not match");
    case SaslServer::Status::Refused:
        return refused({5, 7, 8}, "Wrong user name or password");
    }
    return broken(makeReply(501, {5, 5, 2}, "Malformed response"));
}

} // namespace glasspost::smtp
