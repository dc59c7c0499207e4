#include "smtp/server/serverengine.h"

#include "smtp/server/serverreplies.h"
#include "smtp/syntax/xclient.h"

#include <QDateTime>

// What this session is offered, and the refusals of what an extension's parameter asks beyond it.

namespace glasspost::smtp {

bool ServerEngine::offersTls() const
{
    return m_binding.tls != TlsMode::None && m_binding.tls != TlsMode::Implicit
        && !m_settings.certificate.isNull();
}

bool ServerEngine::offersBinaryMime() const
{
    return m_settings.offerChunking && m_settings.offerBinaryMime;
}

bool ServerEngine::offersAuth() const
{
    return m_settings.offerAuth && m_owner.credentials != nullptr;
}

/// RFC 4954 4: passwords cross only TLS, or never leave this machine, unless the settings say otherwise; and
/// nothing is announced that would be answered with 530.
bool ServerEngine::mayAuthNow() const
{
    const bool mayInTheClear = m_binding.tls != TlsMode::Required
        && (m_settings.clearAuth == ClearAuth::Anywhere
            || (m_settings.clearAuth == ClearAuth::Loopback && m_facts.peerAddress.isLoopback()));
    return offersAuth() && (isSecured() || mayInTheClear);
}

/// Who may be told who has a mailbox here, and have the queue hold mail (RFC 5321 7.3, RFC 4865 11).
bool ServerEngine::isKnownClient() const
{
    return m_signIn == SignIn::User || m_facts.peerAddress.isLoopback();
}

/// RFC 8689 2: offered where TLS stands already.
bool ServerEngine::offersRequireTls() const
{
    return m_settings.offerRequireTls && isSecured();
}

ParameterExtensions ServerEngine::extensions() const
{
    ParameterExtensions offered;
    offered.setFlag(ParameterExtension::SmtpUtf8, m_settings.offerSmtpUtf8);
    offered.setFlag(ParameterExtension::Dsn, m_settings.offerDsn);
    offered.setFlag(ParameterExtension::BinaryMime, offersBinaryMime());
    // In the clear REQUIRETLS is known and answered with 530, not with 555.
    offered.setFlag(ParameterExtension::RequireTls, m_settings.offerRequireTls);
    offered.setFlag(ParameterExtension::DeliverBy, m_settings.offerDeliverBy);
    offered.setFlag(ParameterExtension::FutureRelease, m_settings.offerFutureRelease && isKnownClient());
    offered.setFlag(ParameterExtension::MtPriority, m_settings.offerMtPriority);
    // Asks for nothing that needs a sign-in, or TLS: a relay on the network says it as well.
    offered.setFlag(ParameterExtension::Auth, offersAuth());
    return offered;
}

namespace {

/// RFC 4865 2: the longest hold in seconds, and as a moment.
QByteArray futureReleaseLine(const ServerLimits &limits)
{
    const qint64 seconds = limits.longestHold.count();
    const QDateTime latest = QDateTime::currentDateTimeUtc().addSecs(seconds);
    return "FUTURERELEASE " + QByteArray::number(seconds) + ' '
        + latest.toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss'Z'")).toLatin1();
}

QByteArray limitsLine(const ServerLimits &limits)
{
    QByteArray line = "LIMITS RCPTMAX=" + QByteArray::number(limits.recipients);
    if (limits.mailsPerSession > 0)
        line += " MAILMAX=" + QByteArray::number(limits.mailsPerSession);
    return line;
}

QByteArray withArgument(const QByteArray &keyword, const QByteArray &argument)
{
    return argument.isEmpty() ? keyword : keyword + ' ' + argument;
}

} // namespace

/// RFC 5321 4.1.1.1: our name, then a line for each extension.
QList<QByteArray> ServerEngine::ehloLines() const
{
    const ServerLimits &limits = m_settings.limits;
    const qint64 leastBy = limits.leastDeliverBy.count();
    QList<QByteArray> lines{m_settings.hostName};
    const auto offer = [&lines](bool isOffered, const QByteArray &line) {
        if (isOffered)
            lines.append(line);
    };
    offer(true, "PIPELINING");
    offer(true, "SIZE " + QByteArray::number(limits.messageSize));
    offer(true, "8BITMIME");
    offer(true, "ENHANCEDSTATUSCODES");
    offer(m_settings.offerChunking, "CHUNKING");
    offer(offersBinaryMime(), "BINARYMIME"); // RFC 3030 3: only together with CHUNKING
    offer(m_settings.offerSmtpUtf8, "SMTPUTF8");
    offer(m_settings.offerDsn, "DSN");
    offer(offersRequireTls(), "REQUIRETLS");
    offer(m_settings.offerDeliverBy,
        withArgument("DELIVERBY", leastBy > 0 ? QByteArray::number(leastBy) : QByteArray()));
    offer(m_settings.offerFutureRelease && isKnownClient(), futureReleaseLine(limits));
    offer(m_settings.offerMtPriority, withArgument("MT-PRIORITY", m_settings.priorityProfile));
    offer(offersTls() && !isSecured(), "STARTTLS");
    const QList<QByteArray> canSignIn = mechanisms();
    offer(mayAuthNow() && m_signIn == SignIn::None && !canSignIn.isEmpty(), "AUTH " + canSignIn.join(' '));
    offer(m_settings.announceLimits, limitsLine(limits)); // RFC 9422
    offer(m_settings.offerXclient && isTrusted(), QByteArray("XCLIENT ") + xclientAttributeNames);
    offer(m_settings.verifyAllowed && isKnownClient(), "VRFY");
    offer(m_settings.expandAllowed && isKnownClient(), "EXPN"); // RFC 5321 3.5.2
    offer(true, "HELP");
    return lines;
}

/// Parameters that are well-formed and offered, and still ask too much; null when they do not.
Reply ServerEngine::parameterRefusal(const Envelope &envelope, qint64 now) const
{
    const ServerLimits &limits = m_settings.limits;
    if (envelope.declaredSize > limits.messageSize) // RFC 1870 6.1
        return tooLargeReply(limits);
    if (envelope.reversePath.needsSmtpUtf8() && !envelope.smtpUtf8) // RFC 6531 3.5
        return makeReply(553, {5, 6, 7}, "SMTPUTF8 is required for this address");
    if (envelope.requireTls && !isSecured()) // RFC 8689 4.1
        return makeReply(530, {5, 7, 10}, "REQUIRETLS needs TLS here, too");
    const auto &by = envelope.deliverBy;
    const bool returnsTooSoon
        = by && by->mode == DeliverBy::Mode::Return && by->seconds < limits.leastDeliverBy.count();
    if (returnsTooSoon) // RFC 2852 4.1; RFC 3463 3.5: delivery time expired
        return makeReply(550, {5, 4, 7},
            "BY is shorter than " + QByteArray::number(limits.leastDeliverBy.count()) + " seconds");
    if (envelope.holdUntil > now + limits.longestHold.count()) // RFC 4865 4
        return makeReply(501, {5, 5, 4},
            "Held for at most " + QByteArray::number(limits.longestHold.count()) + " seconds");
    return {};
}

} // namespace glasspost::smtp
