#include "mail/pop3/pop3engine.h"

#include "smtp/syntax/enumtable.h"
#include "smtp/syntax/otherprotocol.h"

#include <algorithm>
#include <array>

namespace glasspost::mail {

const Pop3Engine::Rule &Pop3Engine::ruleFor(Pop3Verb verb)
{
    using enum Rule::Argument;
    static constexpr std::array rules{
        Rule{Pop3Verb::User, Needed, &Pop3Engine::user},
        Rule{Pop3Verb::Pass, Optional, &Pop3Engine::pass},
        Rule{Pop3Verb::Auth, Needed, &Pop3Engine::auth},
        Rule{Pop3Verb::Stls, None, &Pop3Engine::stls},
        Rule{Pop3Verb::Capa, None, &Pop3Engine::capa},
        Rule{Pop3Verb::Stat, None, &Pop3Engine::stat},
        Rule{Pop3Verb::List, Optional, &Pop3Engine::list},
        Rule{Pop3Verb::Retr, Needed, &Pop3Engine::retr},
        Rule{Pop3Verb::Dele, Needed, &Pop3Engine::dele},
        Rule{Pop3Verb::Noop, None, &Pop3Engine::noop},
        Rule{Pop3Verb::Rset, None, &Pop3Engine::rset},
        Rule{Pop3Verb::Top, Needed, &Pop3Engine::top},
        Rule{Pop3Verb::Uidl, Optional, &Pop3Engine::uidl},
        Rule{Pop3Verb::Quit, None, &Pop3Engine::quit},
        Rule{Pop3Verb::Unknown, Optional, nullptr},
    };
    static_assert(smtp::isInEnumOrder(rules, pop3VerbCount, &Rule::verb));
    return rules[std::size_t(verb)];
}

Pop3Engine::Pop3Engine(const Pop3Offer &offer, smtp::CredentialStore &credentials)
    : m_offer(offer), m_credentials(credentials), m_framer(smtp::saslLineLimit)
{ }

void Pop3Engine::start()
{
    ok(m_offer.hostName + " Glasspost POP3 server");
}

void Pop3Engine::receive(QByteArrayView octets, qint64 now)
{
    m_now = now;
    m_input.append(octets);
    run();
}

void Pop3Engine::run()
{
    while (isReading() && m_taken < m_input.size() && m_output.size() <= mostOutput) {
        QByteArrayView rest = QByteArrayView(m_input).sliced(m_taken);
        const auto line = m_framer.next(rest);
        m_taken = m_input.size() - rest.size();
        if (line)
            takeLine(line->octets, line->size, line->tooLong);
    }
    m_input.remove(0, std::exchange(m_taken, 0));
    if (m_state != Pop3State::Handshake)
        return;
    m_input.clear(); // RFC 2595 4: what was said in the clear must not be taken for what TLS protects
    m_framer.clear();
}

void Pop3Engine::takeLine(QByteArrayView line, qint64 size, bool isTooLong)
{
    if (m_state == Pop3State::Responding) {
        if (isTooLong)
            signInFailed("Response too long");
        else
            takeResponse(line);
    } else if (isTooLong || size + 2 > commandLimit) {
        error("Line too long");
    } else if (const qsizetype blank = line.indexOf(' ');
               smtp::isOtherProtocol(blank < 0 ? line : line.first(blank))) {
        m_output += "-ERR This is POP3\r\n"; // nothing of what follows is done
        close();
    } else {
        dispatch(parsePop3Command(line));
    }
}

void Pop3Engine::dispatch(const Pop3Command &command)
{
    const Rule &rule = ruleFor(command.verb);
    if (!rule.run)
        error("Unknown command");
    else if (!stateAfter(m_state, command.verb))
        error(m_state == Pop3State::Transaction ? "Signed in already" : "Sign in first");
    else if (rule.argument == Rule::Argument::Needed && command.argument.isEmpty())
        error("An argument is missing");
    else if (rule.argument == Rule::Argument::None && !command.argument.trimmed().isEmpty())
        error("No argument belongs there");
    else
        (this->*rule.run)(command.argument);
}

void Pop3Engine::enter(std::optional<Pop3State> state)
{
    Q_ASSERT(state);
    m_state = state.value_or(Pop3State::Closed);
}

void Pop3Engine::advance(Pop3Trigger trigger)
{
    enter(stateAfter(m_state, trigger));
}

void Pop3Engine::accepted(Pop3Verb verb)
{
    enter(stateAfter(m_state, verb));
}

void Pop3Engine::ok(const QByteArray &text)
{
    m_errors = 0;
    m_output += "+OK " + text + "\r\n";
}

void Pop3Engine::error(const QByteArray &text)
{
    m_output += "-ERR " + text + "\r\n";
    if (++m_errors >= mostErrors)
        close();
}

void Pop3Engine::close()
{
    advance(Pop3Trigger::Ended);
    tell(pop3::CloseNeeded{});
}

void Pop3Engine::capa(const QByteArray &)
{
    ok("Capability list follows");
    const QList<QByteArray> offered = mechanisms();
    for (const char *line : {"TOP", "UIDL", "PIPELINING", "RESP-CODES", "AUTH-RESP-CODE"})
        m_output += QByteArray(line) + "\r\n";
    if (offered.contains("PLAIN"))
        m_output += "USER\r\n";
    if (!offered.isEmpty())
        m_output += "SASL " + offered.join(' ') + "\r\n";
    if (m_offer.stls && !m_isSecured && m_state != Pop3State::Transaction)
        m_output += "STLS\r\n";
    m_output += "IMPLEMENTATION Glasspost\r\n.\r\n";
}

void Pop3Engine::stls(const QByteArray &)
{
    if (!m_offer.stls)
        return error("TLS is not offered");
    if (m_isSecured)
        return error("TLS is there already");
    ok("Begin TLS");
    accepted(Pop3Verb::Stls);
    tell(pop3::HandshakeNeeded{});
}

void Pop3Engine::secured(const smtp::TlsEstablished &tls)
{
    m_isSecured = true;
    m_bindings = tls.bindings;
    m_certificate = tls.peer;
    m_user.clear();
    advance(Pop3Trigger::Secured);
}

} // namespace glasspost::mail
