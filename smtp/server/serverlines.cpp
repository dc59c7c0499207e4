#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/otherprotocol.h"

#include <algorithm>

namespace glasspost::smtp {

namespace {

// A line that goes on past this without an end is no mistake.
constexpr qint64 endlessLine = 256 * 1024;
constexpr char tlsHandshakeRecord = 0x16; // RFC 8446 5.1

} // namespace

void ServerEngine::takeLine(QByteArrayView &input)
{
    if (m_pending == Pending::Connected) {
        // RFC 5321 4.3.1: the client waits for the greeting.
        recordUnserved("said before the greeting");
        sayAndClose(makeReply(554, {5, 5, 0}, "You spoke before the greeting"));
        return;
    }
    if (m_framer.pendingSize() == 0 && looksLikeTls(input))
        return;
    const auto line = m_framer.next(input);
    if (!line) {
        if (m_framer.pendingSize() > endlessLine)
            refuseEndlessLine();
        return;
    }
    if (m_state == ServerState::Auth)
        takeAuthLine(line->octets, line->size, line->tooLong);
    else
        takeCommand(line->octets, line->size);
}

void ServerEngine::refuseEndlessLine()
{
    recordUnserved("no end of the line came");
    sayAndClose(makeReply(500, {5, 5, 2}, "Line too long"));
}

/// What came and is not served any more, into the transcript: a line whose end never came, and what stood
/// behind the last command.
void ServerEngine::recordUnserved(const QByteArray &why)
{
    constexpr qsizetype mostKept = 8 * 1024;
    const QByteArrayView begun
        = m_state == ServerState::Proxy ? QByteArrayView(m_proxyOctets) : m_framer.pending();
    const qint64 size = std::max<qint64>(m_framer.pendingSize(), begun.size()) + m_input.size();
    if (size == 0)
        return;
    QByteArray octets = begun.first(std::min(begun.size(), mostKept)).toByteArray();
    octets += m_input.first(std::min(m_input.size(), mostKept - octets.size()));
    const bool isText = m_state != ServerState::Proxy && !octets.startsWith(tlsHandshakeRecord);
    const QList<QByteArray> lines = isText ? octets.split('\n') : QList<QByteArray>{octets};
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const bool isEnded = i + 1 < lines.size();
        QByteArray line = lines.at(i);
        if (line.isEmpty() && !isEnded)
            break;
        line += isEnded && !line.endsWith('\r') ? "\n" : "";
        if (isEnded && line.endsWith('\r'))
            line.chop(1);
        record(Speaker::Client,
            m_state == ServerState::Auth ? QByteArray("***") : m_blotter.shown(parseCommand(line), line));
    }
    note(why + (size > octets.size() ? ", " + QByteArray::number(size) + " octets in all" : QByteArray()));
    m_framer.clear();
    m_proxyOctets.clear();
    m_input = {};
}

/// A TLS ClientHello on a port that speaks in the clear: one sentence, then the end (S14).
bool ServerEngine::looksLikeTls(QByteArrayView input)
{
    if (input.front() != tlsHandshakeRecord)
        return false;
    recordUnserved("a TLS handshake where a command was expected");
    sayAndClose(makeReply(501, {5, 5, 1}, "This port does not begin with TLS; use STARTTLS"));
    return true;
}

namespace {

/// A bare CR or LF within the brackets of a path is the path's fault (S36), elsewhere the line's (S83).
bool isInsidePath(QByteArrayView line)
{
    const auto isLineEnd = [](char c) { return c == '\r' || c == '\n'; };
    const qsizetype at = std::find_if(line.begin(), line.end(), isLineEnd) - line.begin();
    return line.first(at).contains('<') && !line.first(at).contains('>') && line.sliced(at).contains('>');
}

} // namespace

void ServerEngine::takeCommand(QByteArrayView line, qint64 size)
{
    const Command command = parseCommand(line);
    record(Speaker::Client, m_blotter.shown(command, line));
    if (size > line.size())
        note("the line had " + QByteArray::number(size) + " octets");
    const int limit = command.verb == Verb::Auth ? saslLineLimit : m_settings.limits.commandLine;
    if (size + 2 > limit) {
        say(makeReply(500, {5, 5, command.verb == Verb::Auth ? 6 : 2}, "Line too long"));
        return;
    }
    if (line.contains('\n') || line.contains('\r')) {
        const bool path = (command.verb == Verb::Mail || command.verb == Verb::Rcpt) && isInsidePath(line);
        say(path ? syntaxReply(
                SyntaxError::ControlOctet, command.verb == Verb::Mail ? PathKind::Reverse : PathKind::Forward)
                 : makeReply(500, {5, 5, 2}, "Bare <CR> or <LF> in a command"));
        return;
    }
    if (command.word.isEmpty()) {
        say(makeReply(500, {5, 5, 2}, "Syntax error"));
        return;
    }
    if (command.verb == Verb::Unknown && isOtherProtocol(command.word)) {
        sayAndClose({4, 7, 0}, " This is SMTP");
        return;
    }
    if (hasPast7F(line) && !isUtf8(line)) {
        say(makeReply(500, {5, 5, 2}, "Command is not UTF-8"));
        return;
    }
    dispatch(command);
}

/// Null: the command is served.
Reply ServerEngine::refusal(const Rule &rule, QByteArrayView argument) const
{
    using Order = CommandOrder::Kind;
    const Order order = orderOf(m_state, rule.verb).kind;
    if (order == Order::NoService)
        return makeReply(503, {5, 5, 1}, "No service here; say QUIT");
    if (rule.verb == Verb::Unknown)
        return makeReply(500, {5, 5, 2}, "Command not recognized");
    if (rule.run == nullptr || (rule.offered != nullptr && !(m_settings.*rule.offered)))
        return makeReply(502, {5, 5, 1}, "Command not offered");
    const bool tlsMissing = m_listenAddress.tls == TlsMode::Required && !isSecured();
    if (tlsMissing && rule.clear == Rule::Clear::Refused)
        return makeReply(530, {5, 7, 0}, "Say STARTTLS first");
    if (rule.missing != nullptr) {
        if (const Reply missing = (this->*rule.missing)(argument); !missing.isNull())
            return missing;
    }
    const bool isSignedIn = m_identity != ClientIdentity::Unknown;
    if (order == Order::OutOfOrder || (isSignedIn && rule.authentication == Rule::Authentication::Missing))
        return makeReply(503, {5, 5, 1}, "Bad sequence of commands");
    if (m_listenAddress.requireAuth && !isSignedIn && rule.authentication == Rule::Authentication::Needed)
        return makeReply(530, {5, 7, 0}, "Sign in first");
    return {};
}

void ServerEngine::dispatch(const Command &command)
{
    const Rule &rule = ruleFor(command.verb);
    if (rule.kind == Rule::Kind::Junk)
        m_budget.countJunk();
    const Reply refused = refusal(rule, command.argument);
    if (refused.isNull())
        (this->*rule.run)(command.argument);
    else if (rule.follows == Rule::Follows::Chunk)
        skipChunk(command.argument, refused);
    else
        say(refused);
    closeIfExhausted();
    if (rule.kind == Rule::Kind::Junk && m_budget.slowsJunk())
        slowDown();
}

} // namespace glasspost::smtp
