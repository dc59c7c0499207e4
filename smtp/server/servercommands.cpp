#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/syntax/addressliteral.h"
#include "smtp/syntax/octets.h"
#include "smtp/syntax/path.h"

#include <utility>

namespace glasspost::smtp {

namespace {

Reply noArguments(const QByteArray &verb)
{
    return makeReply(501, {5, 5, 4}, verb + " takes no argument");
}

} // namespace

void ServerEngine::answerConnected(const Reply &reply)
{
    const QByteArray greeting = m_settings.hostName + " ESMTP Glasspost";
    const Reply said = reply.isNull() ? makeReply(220, greeting) : reply;
    if (!said.isPositive())
        advance(ServerTrigger::Rejected);
    say(said);
    if (said.isPositive())
        advance(ServerTrigger::Admitted);
}

/// EHLO and HELO alike: the name, and RFC 5321 4.1.4: a new one drops the transaction.
bool ServerEngine::identify(QByteArrayView name, Verb verb)
{
    if (name.isEmpty()) {
        say(makeReply(501, {5, 5, 4}, "A domain or an address literal is expected"));
        return false;
    }
    dropTransaction(verb);
    // RFC 5321 4.1.4: mail is not refused for this name.
    m_toleratedName = isDomainOrLiteral(name)
        ? QByteArray()
        : tolerate(verbName(verb).toByteArray() + ' ' + name.toByteArray(),
            "neither a domain nor an address literal");
    m_facts.peerName = name.toByteArray();
    m_facts.esmtp = verb == Verb::Ehlo;
    factsChanged();
    tell(ClientIdentified{m_facts});
    return true;
}

/// Notes what a strict server refuses in the transcript, and gives the words for the message.
QByteArray ServerEngine::tolerate(const QByteArray &command, const QByteArray &why)
{
    constexpr qsizetype shown = 256;
    note("accepted, though a strict server refuses it: " + why);
    return (command.size() > shown ? command.left(shown) + "..." : command) + " (" + why + ')';
}

void ServerEngine::helo(QByteArrayView argument)
{
    if (identify(argument, Verb::Helo))
        say(makeReply(250, m_settings.hostName));
}

void ServerEngine::ehlo(QByteArrayView argument)
{
    if (!identify(argument, Verb::Ehlo))
        return;
    // What EHLO lists: the strongest first, and nothing that cannot succeed here.
    const QList<QByteArray> mechanisms
        = offer().hasAuth() ? SaslServer::mechanismsFor(saslParty()) : QList<QByteArray>();
    const Reply reply{250, {}, offer().ehloLines(mechanisms, isTrusted())};
    say(reply);
}

void ServerEngine::mail(QByteArrayView argument)
{
    const int most = m_settings.limits.mailsPerSession;
    if (most > 0 && m_mails >= most) { // RFC 9422 4.1
        sayAndClose({4, 7, 0}, " Too many messages in this session");
        return;
    }
    if (!startsWithIgnoringCase(argument, "FROM:")) {
        say(syntaxReply(SyntaxError::BadKeyword, PathKind::Reverse));
        return;
    }
    const auto path = parseReversePath(argument.sliced(5), m_settings.paths);
    if (!path) {
        // "MAIL FROM:" alone lacks its argument; a path that is there is malformed.
        const auto error = path.error() == SyntaxError::Missing ? SyntaxError::BadKeyword : path.error();
        say(syntaxReply(error, PathKind::Reverse));
        return;
    }
    Envelope envelope;
    envelope.reversePath = path->mailbox;
    if (const auto error = parseMailParameters(path->rest, offer().extensions(), secondsNow(), envelope)) {
        say(syntaxReply(*error, PathKind::Reverse));
        return;
    }
    const Reply refusal = offer().refusalOf(envelope);
    if (!refusal.isNull()) {
        tell(MessageRefused{envelope, refusal});
        say(refusal);
        return;
    }
    if (!m_toleratedName.isEmpty())
        envelope.tolerated.append(m_toleratedName);
    if (path->departure)
        envelope.tolerated.append(tolerate("MAIL " + argument.toByteArray(), faultWords(*path->departure)));
    m_envelope = std::move(envelope);
    ask(Pending::Mail, MailAsked{m_facts, m_envelope});
}

void ServerEngine::answerMail(const Reply &reply)
{
    const Reply said = reply.isNull() ? makeReply(250, {2, 1, 0}, "Sender ok") : reply;
    if (said.isPositive()) {
        ++m_mails;
        accepted(Verb::Mail);
    } else {
        m_envelope = {};
    }
    say(said);
}

void ServerEngine::rcpt(QByteArrayView argument)
{
    if (!startsWithIgnoringCase(argument, "TO:")) {
        refuseRcpt(syntaxReply(SyntaxError::BadKeyword, PathKind::Forward));
        return;
    }
    const auto path = parseForwardPath(argument.sliced(3), m_settings.paths);
    if (!path) {
        const bool nothing = withoutBlanksBefore(argument.sliced(3)).isEmpty();
        refuseRcpt(syntaxReply(nothing ? SyntaxError::BadKeyword : path.error(), PathKind::Forward));
        return;
    }
    EnvelopeRecipient recipient;
    recipient.forwardPath = path->mailbox;
    if (const auto error = parseRcptParameters(path->rest, offer().extensions(), recipient)) {
        refuseRcpt(syntaxReply(*error, PathKind::Forward));
        return;
    }
    if (recipient.forwardPath.needsSmtpUtf8() && !m_envelope.smtpUtf8) {
        refuseRcpt(makeReply(553, {5, 6, 7}, "SMTPUTF8 is required for this address"));
        return;
    }
    if (m_envelope.recipients.size() >= m_settings.limits.recipients) { // RFC 5321 4.5.3.1.10
        refuseRcpt(makeReply(452, {4, 5, 3}, "Too many recipients"));
        return;
    }
    m_toleratedRecipient = path->departure
        ? tolerate("RCPT " + argument.toByteArray(), faultWords(*path->departure))
        : QByteArray();
    m_recipient = std::move(recipient);
    ask(Pending::Rcpt, RcptAsked{m_recipient});
}

void ServerEngine::answerRcpt(const Reply &reply)
{
    const Reply said = reply.isNull() ? makeReply(250, {2, 1, 5}, "Recipient ok") : reply;
    if (said.isPositive()) {
        m_envelope.recipients.append(std::exchange(m_recipient, {}));
        if (!m_toleratedRecipient.isEmpty())
            m_envelope.tolerated.append(m_toleratedRecipient);
        accepted(Verb::Rcpt);
        say(said);
    } else {
        refuseRcpt(said);
    }
}

void ServerEngine::refuseRcpt(const Reply &reply)
{
    countRefused(reply, 1);
    say(reply);
}

void ServerEngine::countRefused(const Reply &reply, qsizetype recipients)
{
    (reply.isTransient() ? m_facts.deferredRecipients : m_facts.refusedRecipients) += int(recipients);
}

/// EHLO, HELO and RSET forget sender, recipients and data; the owner hears of it when there was something.
void ServerEngine::dropTransaction(Verb verb)
{
    using enum ServerState;
    const bool wasOpen = m_state == MailGiven || m_state == RcptGiven || m_state == Chunks;
    m_envelope = {};
    m_recipient = {};
    accepted(verb);
    if (wasOpen)
        tell(TransactionReset{});
}

void ServerEngine::rset(QByteArrayView argument)
{
    if (!argument.isEmpty()) {
        say(noArguments("RSET"));
        return;
    }
    dropTransaction(Verb::Rset);
    say(makeReply(250, {2, 0, 0}, "Ok"));
}

void ServerEngine::noop(QByteArrayView)
{
    say(makeReply(250, {2, 0, 0}, "Ok")); // RFC 5321 4.1.1.9: the argument is ignored
}

void ServerEngine::quit(QByteArrayView argument)
{
    if (!argument.isEmpty()) {
        say(noArguments("QUIT"));
        return;
    }
    sayPlain(makeReply(221, {2, 0, 0}, m_settings.hostName + " Closing connection"));
    if (m_facts.messages == 0 && !m_lastRefusal.isEmpty())
        closeSession(SessionOutcome::Refused, m_lastRefusal);
    else
        closeSession(SessionOutcome::Completed, "QUIT");
}

namespace {

/// RFC 6531 3.7.4.1: VRFY and EXPN may carry SMTPUTF8 behind their string.
QByteArray withoutSmtpUtf8(QByteArrayView argument)
{
    const QByteArrayView suffix = " SMTPUTF8";
    if (argument.size() > suffix.size() && equalIgnoringCase(argument.last(suffix.size()), suffix))
        argument.chop(suffix.size());
    return argument.toByteArray();
}

} // namespace

void ServerEngine::vrfy(QByteArrayView argument)
{
    if (!m_settings.verifyAllowed) {
        say(makeReply(502, {5, 5, 1}, "VRFY is switched off"));
    } else if (argument.isEmpty() || hasControl(argument)) {
        say(makeReply(501, {5, 5, 4}, "Syntax: VRFY address"));
    } else if (!offer().isToKnownClient()) { // RFC 5321 3.5.3
        say(makeReply(252, {2, 5, 0}, "Cannot verify, but will take the message and try"));
    } else {
        ask(Pending::Verify, VerifyAsked{m_facts, withoutSmtpUtf8(argument)});
    }
}

void ServerEngine::expn(QByteArrayView argument)
{
    if (!m_settings.expandAllowed) {
        say(makeReply(502, {5, 5, 1}, "EXPN is switched off"));
    } else if (argument.isEmpty() || hasControl(argument)) {
        say(makeReply(501, {5, 5, 4}, "Syntax: EXPN list"));
    } else if (!offer().isToKnownClient()) { // RFC 5321 3.5.1
        say(makeReply(550, {5, 7, 1}, "Access denied"));
    } else {
        ask(Pending::Expand, ExpandAsked{m_facts, withoutSmtpUtf8(argument)});
    }
}

void ServerEngine::help(QByteArrayView)
{
    say(makeReply(214, {2, 0, 0},
        "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY EXPN HELP STARTTLS AUTH; see RFC 5321"));
}

Reply ServerEngine::startTlsMissing(QByteArrayView argument) const
{
    if (isSecured())
        return makeReply(503, {5, 5, 1}, "TLS is already active");
    if (!offer().hasTls()) // RFC 3207 4: 454 where it should be there and is not
        return m_listenAddress.tls == TlsMode::Required
            ? makeReply(454, {4, 7, 0}, "TLS is not available now")
            : makeReply(502, {5, 5, 1}, "STARTTLS is not offered");
    return argument.isEmpty() ? Reply() : noArguments("STARTTLS");
}

void ServerEngine::startTls(QByteArrayView)
{
    sayPlain(makeReply(220, {2, 0, 0}, "Ready to start TLS"));
    accepted(Verb::StartTls);
    // Octets behind the command were said in the clear and never count inside TLS (CVE-2011-0411).
    recordUnserved("dropped: sent in the clear after STARTTLS");
    tell(HandshakeNeeded{});
}

} // namespace glasspost::smtp
