#include "smtp/server/serverengine.h"
#include "smtp/syntax/enumtable.h"

#include <array>

namespace glasspost::smtp {

const ServerEngine::Rule &ServerEngine::ruleFor(Verb verb)
{
    using E = ServerEngine;
    using S = ServerSettings;
    using enum Rule::Authentication;
    constexpr auto allowed = Rule::Clear::Allowed;
    constexpr auto refused = Rule::Clear::Refused;
    constexpr auto productive = Rule::Kind::Productive;
    constexpr auto junk = Rule::Kind::Junk;
    constexpr auto nothing = Rule::Follows::Nothing;
    constexpr auto chunk = Rule::Follows::Chunk;

    // clang-format off
    static constexpr std::array rules{
        // verb, before TLS, signed in, kind, octets that follow the line, offered, what is missing, what it does
        Rule{Verb::Ehlo,     allowed, Any,     junk,       nothing, {}, {}, &E::ehlo},
        Rule{Verb::Helo,     refused, Any,     junk,       nothing, {}, {}, &E::helo},
        Rule{Verb::Mail,     refused, Needed,  productive, nothing, {}, {}, &E::mail},
        Rule{Verb::Rcpt,     refused, Needed,  productive, nothing, {}, {}, &E::rcpt},
        Rule{Verb::Data,     refused, Needed,  productive, nothing, {}, {}, &E::data},
        Rule{Verb::Bdat,     refused, Needed,  productive, chunk,   &S::offerChunking, {}, &E::bdat},
        Rule{Verb::Rset,     refused, Any,     junk,       nothing, {}, {}, &E::rset},
        Rule{Verb::Noop,     allowed, Any,     junk,       nothing, {}, {}, &E::noop},
        Rule{Verb::Quit,     allowed, Any,     productive, nothing, {}, {}, &E::quit},
        Rule{Verb::Vrfy,     refused, Needed,  junk,       nothing, {}, {}, &E::vrfy},
        Rule{Verb::Expn,     refused, Needed,  junk,       nothing, {}, {}, &E::expn},
        Rule{Verb::Help,     refused, Any,     junk,       nothing, {}, {}, &E::help},
        Rule{Verb::StartTls, allowed, Any,     productive, nothing, {}, &E::startTlsMissing, &E::startTls},
        Rule{Verb::Auth,     refused, Missing, productive, nothing, {}, &E::authMissing, &E::auth},
        Rule{Verb::Etrn,     allowed, Any,     productive, nothing, {}, {}, {}},
        Rule{Verb::Turn,     allowed, Any,     productive, nothing, {}, {}, {}},
        Rule{Verb::Send,     allowed, Any,     productive, nothing, {}, {}, {}},
        Rule{Verb::Soml,     allowed, Any,     productive, nothing, {}, {}, {}},
        Rule{Verb::Saml,     allowed, Any,     productive, nothing, {}, {}, {}},
        Rule{Verb::Xclient,  refused, Any,     productive, nothing, &S::offerXclient, {}, &E::xclient},
        Rule{Verb::Unknown,  allowed, Any,     productive, nothing, {}, {}, {}},
    };
    // clang-format on
    static_assert(isInEnumOrder(rules, verbCount, &Rule::verb));
    return rules[std::size_t(verb)];
}

} // namespace glasspost::smtp
