#include "smtp/server/serverengine.h"

#include <array>

namespace glasspost::smtp {

/// The whole order of commands (RFC 5321 4.1.4): a verb in a state that is not in its row is answered with
/// 503. Nothing else decides which command may follow which.
const ServerEngine::Rule &ServerEngine::ruleFor(Verb verb)
{
    using enum ServerState;
    using E = ServerEngine;
    constexpr auto allowed = Rule::Clear::Allowed;
    constexpr auto refused = Rule::Clear::Refused;
    constexpr auto anyone = Rule::Anonymous::Allowed;
    constexpr auto signedIn = Rule::Anonymous::Refused;
    constexpr auto inOrder = Rule::Behind::InOrder;
    constexpr auto dropped = Rule::Behind::Dropped;
    constexpr auto mailKind = Rule::Kind::Mail;
    constexpr auto idleKind = Rule::Kind::Idle;
    constexpr auto nothing = Rule::Follows::Nothing;
    constexpr auto chunk = Rule::Follows::Chunk;

    static const ServerStates anyTime = Greeted | Identified | MailGiven | RcptGiven | Chunks | ChunksFailed;
    static const ServerStates transaction = MailGiven | RcptGiven;
    static const std::array<Rule, verbCount> table{{
        // verb, states in which it is allowed, before TLS, before sign-in, what stands behind it, kind,
        // octets that
        // follow the line, what it does
        {Verb::Ehlo, anyTime, allowed, anyone, inOrder, idleKind, nothing, &E::ehlo},
        {Verb::Helo, anyTime, refused, anyone, inOrder, idleKind, nothing, &E::helo},
        {Verb::Mail, Identified, refused, signedIn, inOrder, mailKind, nothing, &E::mail},
        {Verb::Rcpt, transaction, refused, signedIn, inOrder, mailKind, nothing, &E::rcpt},
        {Verb::Data, transaction, refused, signedIn, inOrder, mailKind, nothing, &E::data},
        {Verb::Bdat, RcptGiven | Chunks, refused, signedIn, inOrder, mailKind, chunk, &E::bdat},
        {Verb::Rset, anyTime, refused, anyone, inOrder, idleKind, nothing, &E::rset},
        {Verb::Noop, anyTime, allowed, anyone, inOrder, idleKind, nothing, &E::noop},
        {Verb::Quit, anyTime | TurnedAway, allowed, anyone, dropped, mailKind, nothing, &E::quit},
        {Verb::Vrfy, anyTime, refused, signedIn, inOrder, idleKind, nothing, &E::vrfy},
        {Verb::Expn, anyTime, refused, signedIn, inOrder, idleKind, nothing, &E::expn},
        {Verb::Help, anyTime, refused, anyone, inOrder, idleKind, nothing, &E::help},
        {Verb::StartTls, Greeted | Identified, allowed, anyone, dropped, mailKind, nothing, &E::startTls},
        {Verb::Auth, Identified, refused, anyone, inOrder, mailKind, nothing, &E::auth},
        {Verb::Etrn, {}, allowed, anyone, inOrder, mailKind, nothing, nullptr},
        {Verb::Turn, {}, allowed, anyone, inOrder, mailKind, nothing, nullptr},
        {Verb::Send, {}, allowed, anyone, inOrder, mailKind, nothing, nullptr},
        {Verb::Soml, {}, allowed, anyone, inOrder, mailKind, nothing, nullptr},
        {Verb::Saml, {}, allowed, anyone, inOrder, mailKind, nothing, nullptr},
        {Verb::Xclient, Greeted | Identified, refused, anyone, inOrder, mailKind, nothing, &E::xclient},
        {Verb::Unknown, {}, allowed, anyone, inOrder, mailKind, nothing, nullptr},
    }};
    return table[static_cast<std::size_t>(verb)];
}

} // namespace glasspost::smtp
