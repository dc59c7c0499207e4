#include "mail/accept/receptionreplies.h"

namespace glasspost::mail {

namespace {

/// Relaying asked for inside a local-part: "user%domain", "domain!user", "user@domain" in quotes (S41).
bool looksLikeRelay(const QByteArray &localPart)
{
    return localPart.contains('%') || localPart.contains('!') || localPart.contains('@');
}

} // namespace

smtp::Reply replyOf(int code, int subject, int detail, const QByteArray &text)
{
    return {code, {code / 100, subject, detail}, {text}};
}

smtp::Reply errorReply(const Error &error)
{
    if (error.code == ErrorCode::NoSpace)
        return replyOf(452, 3, 1, "Insufficient system storage");
    return replyOf(451, 3, 0, "Local error in processing; try again later");
}

smtp::Reply rcptReply(
    const AcceptanceRules &rules, const smtp::EnvelopeRecipient &recipient, Relaying relaying)
{
    if (rules.policy == RecipientPolicy::CatchAll)
        return rules.rejected.matches(recipient.forwardPath)
            ? replyOf(550, 7, 1, "Recipient address rejected: Access denied")
            : smtp::Reply();
    const Destination destination = rules.router.destination(recipient.forwardPath);
    switch (destination.kind) {
    case Destination::Kind::Local:
        return {};
    case Destination::Kind::Forwarded:
        if (destination.remote.isEmpty())
            return {};
        return replyOf(
            251, 1, 5, "User not local; will forward to <" + destination.remote.constFirst().toBytes() + '>');
    case Destination::Kind::Remote:
        return relaying == Relaying::Allowed ? smtp::Reply() : replyOf(550, 7, 1, "Relaying denied");
    case Destination::Kind::NoSuchUser:
        if (looksLikeRelay(recipient.forwardPath.localPart))
            return replyOf(550, 7, 1, "Relaying denied");
        return replyOf(550, 1, 1, "No such user here");
    case Destination::Kind::Loop:
        return replyOf(550, 4, 6, "Aliases of this name form a loop");
    }
    return {};
}

smtp::Reply vrfyReply(const AcceptanceRules &rules, const QByteArray &text, Relaying relaying)
{
    if (rules.policy == RecipientPolicy::CatchAll)
        return {};
    const Verification found = rules.router.verify(text);
    switch (found.kind) {
    case Verification::Kind::Found: {
        const smtp::Reply said = rcptReply(rules, {found.mailbox, {}, {}}, relaying);
        return said.isNull() ? replyOf(250, 1, 5, '<' + found.mailbox.toBytes() + '>') : said;
    }
    case Verification::Kind::Ambiguous:
        return replyOf(553, 1, 4, "User ambiguous");
    case Verification::Kind::Unknown:
        return replyOf(550, 1, 1, "No such user here");
    case Verification::Kind::Elsewhere:
        break;
    }
    return {};
}

smtp::Reply expnReply(const AcceptanceRules &rules, const QByteArray &list)
{
    if (rules.policy == RecipientPolicy::CatchAll)
        return {};
    const QStringList members = rules.router.members(QString::fromUtf8(list));
    if (members.isEmpty())
        return replyOf(550, 1, 1, "No such list here");
    smtp::Reply reply = replyOf(250, 1, 5, {});
    reply.lines.clear();
    for (const QString &member : members) {
        const QByteArray address = member.toUtf8();
        reply.lines += '<' + (address.contains('@') ? address : address + '@' + rules.hostName) + '>';
    }
    return reply;
}

} // namespace glasspost::mail
