#include "smtp/server/serveroffer.h"

#include "smtp/server/messagecheck.h"
#include "smtp/server/serverreplies.h"
#include "smtp/session/credentials.h"
#include "smtp/syntax/xclient.h"

#include <QDateTime>

namespace glasspost::smtp {

bool ServerOffer::hasTls() const
{
    return binding.tls != TlsMode::None && binding.tls != TlsMode::Implicit && settings.identity.has_value();
}

bool ServerOffer::hasBinaryMime() const
{
    return settings.offerChunking && settings.offerBinaryMime;
}

bool ServerOffer::hasAuth() const
{
    return settings.offerAuth && credentials != nullptr;
}

/// RFC 4954 4: passwords cross only TLS, or never leave this machine, unless the settings say otherwise; and
/// nothing is announced that would be answered with 530.
bool ServerOffer::mayAuthNow() const
{
    const bool mayInTheClear = binding.tls != TlsMode::Required
        && (settings.clearAuth == ClearAuth::Anywhere
            || (settings.clearAuth == ClearAuth::Loopback && facts.peerAddress.isLoopback()));
    return hasAuth() && (isSecured() || mayInTheClear);
}

/// Who may be told who has a mailbox here, and have the queue hold mail (RFC 5321 7.3, RFC 4865 11).
bool ServerOffer::isToKnownClient() const
{
    return identity == ClientIdentity::User || facts.peerAddress.isLoopback();
}

/// RFC 8689 2: offered where TLS stands already.
bool ServerOffer::hasRequireTls() const
{
    return settings.offerRequireTls && isSecured();
}

ParameterExtensions ServerOffer::extensions() const
{
    ParameterExtensions offered;
    offered.setFlag(ParameterExtension::SmtpUtf8, settings.offerSmtpUtf8);
    offered.setFlag(ParameterExtension::Dsn, settings.offerDsn);
    offered.setFlag(ParameterExtension::BinaryMime, hasBinaryMime());
    // In the clear REQUIRETLS is known and answered with 530, not with 555.
    offered.setFlag(ParameterExtension::RequireTls, settings.offerRequireTls);
    offered.setFlag(ParameterExtension::DeliverBy, settings.offerDeliverBy);
    offered.setFlag(ParameterExtension::FutureRelease, settings.offerFutureRelease && isToKnownClient());
    offered.setFlag(ParameterExtension::MtPriority, settings.offerMtPriority);
    // Asks for nothing that needs a sign-in, or TLS: a relay on the network says it as well.
    offered.setFlag(ParameterExtension::Auth, hasAuth());
    return offered;
}

QList<QByteArray> ServerOffer::allowedMechanisms() const
{
    QList<QByteArray> allowed;
    for (const QByteArray &mechanism : credentials->mechanisms()) {
        if (settings.mechanisms.isEmpty() || settings.mechanisms.contains(mechanism))
            allowed.append(mechanism);
    }
    // Nobody's credentials decide that nobody signs in: the settings do.
    if (settings.mechanisms.contains("ANONYMOUS") && !allowed.contains("ANONYMOUS"))
        allowed.append("ANONYMOUS");
    return allowed;
}

namespace {

/// RFC 4865 2: the longest hold in seconds, and as a moment.
QByteArray futureReleaseLine(const ServerLimits &limits, qint64 now)
{
    const qint64 seconds = limits.longestHold.count();
    const QDateTime latest = QDateTime::fromSecsSinceEpoch(now + seconds, Qt::UTC);
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

QList<QByteArray> ServerOffer::ehloLines(const QList<QByteArray> &mechanisms, bool isTrusted) const
{
    const ServerLimits &limits = settings.limits;
    const qint64 leastBy = limits.leastDeliverBy.count();
    QList<QByteArray> lines{settings.hostName};
    const auto offer = [&lines](bool isOffered, const QByteArray &line) {
        if (isOffered)
            lines.append(line);
    };
    offer(true, "PIPELINING");
    offer(true, "SIZE " + QByteArray::number(limits.messageSize));
    offer(true, "8BITMIME");
    offer(true, "ENHANCEDSTATUSCODES");
    offer(settings.offerChunking, "CHUNKING");
    offer(hasBinaryMime(), "BINARYMIME"); // RFC 3030 3: only together with CHUNKING
    offer(settings.offerSmtpUtf8, "SMTPUTF8");
    offer(settings.offerDsn, "DSN");
    offer(hasRequireTls(), "REQUIRETLS");
    offer(settings.offerDeliverBy,
        withArgument("DELIVERBY", leastBy > 0 ? QByteArray::number(leastBy) : QByteArray()));
    offer(settings.offerFutureRelease && isToKnownClient(), futureReleaseLine(limits, now));
    offer(settings.offerMtPriority, withArgument("MT-PRIORITY", settings.priorityProfile));
    offer(hasTls() && !isSecured(), "STARTTLS");
    offer(mayAuthNow() && identity == ClientIdentity::Unknown && !mechanisms.isEmpty(),
        "AUTH " + mechanisms.join(' '));
    offer(settings.announceLimits, limitsLine(limits)); // RFC 9422
    offer(settings.offerXclient && isTrusted, QByteArray("XCLIENT ") + xclientAttributeNames);
    offer(settings.verifyAllowed && isToKnownClient(), "VRFY");
    offer(settings.expandAllowed && isToKnownClient(), "EXPN"); // RFC 5321 3.5.2
    offer(true, "HELP");
    return lines;
}

Reply ServerOffer::refusalOf(const Envelope &envelope) const
{
    const ServerLimits &limits = settings.limits;
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
