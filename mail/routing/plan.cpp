#include "mail/routing/plan.h"

#include "mail/message/headerfields.h"
#include "mail/message/mime.h"
#include "mail/message/trace.h"
#include "mail/routing/capturefiling.h"
#include "smtp/syntax/path.h"

#include <QDateTime>

#include <algorithm>

namespace glasspost::mail {

namespace {

// RFC 5321 3.9.2: what a list sends on has its owner as reverse-path, so that errors come to who keeps the
// list.
smtp::Mailbox pathFor(const Destination &destination, const smtp::Mailbox &sender)
{
    if (destination.owner.isEmpty() || sender.isNull())
        return sender;
    const qsizetype at = destination.owner.lastIndexOf('@');
    return at < 0 ? smtp::Mailbox{destination.owner, {}}
                  : smtp::Mailbox{destination.owner.left(at), destination.owner.mid(at + 1)};
}

void addRelay(Plan &plan, const smtp::Envelope &envelope, const smtp::Mailbox &reversePath,
    const smtp::EnvelopeRecipient &recipient)
{
    // RFC 3461 5.2.7.3: what a list sends on is the list's own message; its sender is told of the list alone.
    const bool isFromList = reversePath != envelope.reversePath;
    auto place = std::find_if(plan.relays.begin(), plan.relays.end(),
        [&](const Relay &one) { return one.envelope.reversePath == reversePath; });
    if (place == plan.relays.end()) {
        plan.relays.append({envelope, std::nullopt});
        place = plan.relays.end() - 1;
        place->envelope.reversePath = reversePath;
        place->envelope.recipients.clear();
        if (isFromList) {
            place->envelope.envelopeId.clear();
            place->envelope.dsnReturn = smtp::DsnReturn::Unspecified;
        }
    }
    QList<smtp::EnvelopeRecipient> &recipients = place->envelope.recipients;
    const bool known = std::any_of(recipients.begin(), recipients.end(),
        [&](const smtp::EnvelopeRecipient &one) { return one.forwardPath == recipient.forwardPath; });
    if (!known)
        recipients.append(isFromList ? smtp::EnvelopeRecipient{recipient.forwardPath, {}, {}} : recipient);
}

void addMailboxes(Plan &plan, const QList<FolderId> &folders, const QByteArray &recipient)
{
    for (const FolderId &folder : folders) {
        plan.recipientsOf[folder].append(recipient);
        if (!plan.mailboxes.contains(folder))
            plan.mailboxes.append(folder);
    }
}

// What is left of them when another server keeps our mailboxes: it reports on what it takes over.
bool isOwedSuccess(const Destination &destination, bool isHandedOn)
{
    return destination.folders.isEmpty() ? !destination.owner.isEmpty() : !isHandedOn;
}

/// The decision of the router for each recipient, put together.
Plan distribute(const Router &router, const smtp::Envelope &envelope,
    const std::optional<OutgoingRoute> &handOn = std::nullopt)
{
    Plan plan;
    Relay handedOn{envelope, handOn};
    handedOn.envelope.recipients.clear();
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients) {
        const Destination destination = router.destination(recipient.forwardPath);
        if (destination.kind == Destination::Kind::Remote) {
            addRelay(plan, envelope, envelope.reversePath, recipient);
            continue;
        }
        if (destination.folders.isEmpty() && destination.remote.isEmpty()) {
            plan.unknown.append(recipient);
            continue;
        }
        if (!destination.folders.isEmpty()) {
            plan.deliveredTo.append(recipient.forwardPath.toBytes());
            if (handOn)
                handedOn.envelope.recipients.append(recipient);
            else
                addMailboxes(plan, destination.folders, recipient.forwardPath.toBytes());
        }
        const bool isAsked = recipient.notify.testFlag(smtp::Notify::Success);
        if (isAsked && !envelope.reversePath.isNull() && isOwedSuccess(destination, handOn.has_value()))
            plan.successReports.append(recipient);
        for (const smtp::Mailbox &target : destination.remote) {
            smtp::EnvelopeRecipient onward = recipient;
            onward.forwardPath = target;
            addRelay(plan, envelope, pathFor(destination, envelope.reversePath), onward);
        }
    }
    if (!handedOn.envelope.recipients.isEmpty())
        plan.relays.append(handedOn);
    return plan;
}

// Everything through the queue: it is not time yet, or it has a route of its own.
Plan throughQueue(const IncomingMessage &message)
{
    Plan plan;
    plan.relays = {{message.envelope, message.route}};
    return plan;
}

// RFC 4865: the queue keeps all of it until then, mail for names here too.
bool isEarly(const IncomingMessage &message, qint64 now)
{
    return std::max(message.notBefore, message.envelope.holdUntil * 1000) > now;
}

// Return-Path and, for a single recipient, Delivered-To. Several share one file, and none may learn of the
// others from it (Bcc).
QByteArray deliveryTrace(const smtp::Mailbox &reversePath, const QList<QByteArray> &deliveredTo)
{
    QByteArray fields = returnPathField(reversePath);
    if (deliveredTo.size() == 1)
        fields += deliveredToField(deliveredTo.first());
    return fields;
}

Plan withTrace(Plan plan, const IncomingMessage &message)
{
    if (!plan.mailboxes.isEmpty())
        plan.mailboxHead = deliveryTrace(message.envelope.reversePath, plan.deliveredTo);
    return plan;
}

// Kept once, and never passed on. Who it was for stands on top, each on a line: what a developer looks for.
Plan capturing(const IncomingMessage &message)
{
    Plan plan;
    plan.mailboxes = {message.folder};
    plan.mailboxHead = returnPathField(message.envelope.reversePath);
    for (const smtp::EnvelopeRecipient &recipient : message.envelope.recipients)
        plan.mailboxHead += deliveredToField(recipient.forwardPath.toBytes());
    plan.mailboxHead += parametersFields(message.envelope);
    return plan;
}

IncomingMessage withoutDiscarded(IncomingMessage message, const RecipientPatterns &discarded)
{
    message.envelope.recipients.removeIf(
        [&discarded](const smtp::EnvelopeRecipient &one) { return discarded.matches(one.forwardPath); });
    return message;
}

Plan ofSession(const IncomingMessage &message, const AcceptanceRules &rules, qint64 now)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(now, Qt::UTC);
    const smtp::SessionFacts &session = message.session;
    Plan plan;
    if (rules.policy == RecipientPolicy::CatchAll) {
        const IncomingMessage kept = withoutDiscarded(message, rules.discarded);
        if (kept.envelope.recipients.isEmpty()) {
            plan.isDiscarded = true;
            return plan;
        }
        plan = capturing(kept);
        plan.isCaptured = true;
        plan.mailboxes = captureFolders(rules.captureRule, kept);
        plan.relayHead = capturedReceivedField(session, rules.hostName, kept.envelope, when);
    } else {
        plan = withTrace(distribute(rules.router, message.envelope, rules.handOn), message);
        // What another server keeps waits as its relay does.
        if (isEarly(message, now) && plan.unknown.isEmpty() && !rules.handOn)
            plan = throughQueue(message);
        plan.relayHead = receivedField(session, rules.hostName, session.esmtp, message.envelope, when);
    }
    for (const QByteArray &tolerated : message.envelope.tolerated)
        plan.mailboxHead += toleratedField(tolerated);
    plan.mailboxHead += plan.relayHead;
    return plan;
}

// A name here that nobody has is an error of whoever writes to it.
Plan ofSubmission(const IncomingMessage &message, const AcceptanceRules &rules, qint64 now)
{
    if (message.route)
        return throughQueue(message);
    const Plan plan = distribute(rules.router, message.envelope);
    const bool waits = (message.held || isEarly(message, now)) && plan.unknown.isEmpty();
    return waits ? throughQueue(message) : withTrace(plan, message);
}

// Into an Inbox here when it is for an address of ours, though its domain be another's and by whatever route
// other mail leaves. RFC 5321 4.5.1: of a name that nobody has, postmaster is told, who is always somebody,
// here or (an alias) elsewhere; else the first user.
Plan ofReport(const IncomingMessage &message, const AcceptanceRules &rules)
{
    const smtp::Mailbox &reader = message.envelope.recipients.first().forwardPath;
    Plan plan;
    plan.mailboxes = rules.router.ownInboxes(reader);
    plan.deliveredTo = {reader.toBytes()};
    if (plan.mailboxes.isEmpty())
        plan = distribute(rules.router, message.envelope);
    if (!plan.unknown.isEmpty()) {
        smtp::Envelope toPostmaster = message.envelope;
        toPostmaster.recipients = {{{QByteArrayLiteral("postmaster"), {}}, smtp::Notify::Never, {}}};
        plan = distribute(rules.router, toPostmaster);
    }
    if (!plan.unknown.isEmpty()) {
        plan = {};
        plan.mailboxes = rules.router.firstInbox();
        plan.deliveredTo = {QByteArrayLiteral("postmaster")};
    }
    return withTrace(plan, message);
}

Plan filedAlone(const IncomingMessage &message)
{
    const bool isDeleted
        = message.origin == IncomingMessage::Origin::Import && message.flags.testFlag(MessageFlag::Trashed);
    Plan plan;
    plan.mailboxes = {isDeleted ? FolderId{message.folder.user, QStringLiteral("Trash")} : message.folder};
    plan.flags = message.flags;
    return plan;
}

/// RFC 5228 4.2: the reverse-path stays. What the sender asked to be told of was for the mailbox here.
Relay relayTo(const IncomingMessage &message, const RuleForward &forward, const QString &mailbox)
{
    Relay relay{message.envelope, std::nullopt};
    smtp::Envelope &envelope = relay.envelope;
    const auto target = smtp::parseMailbox(forward.address.toUtf8());
    envelope.recipients = {{target.value_or(smtp::Mailbox()), {}, {}}};
    envelope.dsnReturn = smtp::DsnReturn::Unspecified;
    envelope.envelopeId.clear();
    envelope.deliverBy.reset();
    envelope.holdUntil = 0;
    envelope.tolerated.clear();
    envelope.smtpUtf8 = envelope.smtpUtf8 || envelope.recipients.constFirst().forwardPath.needsSmtpUtf8();
    relay.forwardedBy = mailbox;
    return relay;
}

RuleErrand errandOf(const RuleVerdict &verdict, const QString &mailbox, const RuleMessage &read)
{
    RuleErrand errand;
    for (const RulePlacement &placement : verdict.placements)
        errand.copies.append({{placement.folder, {}}, placement.tags});
    errand.programs = verdict.programs;
    errand.notices = verdict.notices;
    errand.mailbox = mailbox;
    errand.subject = decodedText(readHeader(read.octets).value("Subject"));
    errand.sender = senderOf(read.octets);
    return errand;
}

QList<RuleLogLine> logOf(const RuleVerdict &verdict, const RuleErrand &errand)
{
    QList<RuleLogLine> lines;
    for (const RuleDeed &deed : verdict.deeds) {
        RuleLogLine line = lineOf(deed);
        line.mailbox = errand.mailbox;
        line.subject = errand.subject;
        line.sender = errand.sender;
        lines.append(line);
    }
    return lines;
}

} // namespace

Plan planFor(const IncomingMessage &message, const AcceptanceRules &rules, qint64 now)
{
    using Origin = IncomingMessage::Origin;
    switch (message.origin) {
    case Origin::Session:
        return ofSession(message, rules, now);
    case Origin::Composer:
    case Origin::CommandLine:
    case Origin::Receipt:
        return ofSubmission(message, rules, now);
    case Origin::Capture:
        return capturing(message);
    case Origin::Report:
        return ofReport(message, rules);
    case Origin::Queue:
        return withTrace(distribute(rules.router, message.envelope), message);
    case Origin::Draft:
    case Origin::Import:
        return filedAlone(message);
    }
    return {};
}

Plan withTolerated(Plan plan, const QByteArray &words)
{
    plan.mailboxHead.prepend(toleratedField(words));
    return plan;
}

Plan completed(Plan plan, const IncomingMessage &message, const AcceptanceRules &rules, const Admit &admit)
{
    if (!plan.isCaptured)
        return plan;
    if (rules.captureRule.by == CaptureRule::By::Header)
        plan.mailboxes = captureFolders(rules.captureRule, message);
    plan.mailboxes = admit(plan.mailboxes);
    return plan;
}

Plan withVerdicts(
    Plan plan, const IncomingMessage &message, const QList<RuleVerdict> &verdicts, const RuleMessage &read)
{
    const QList<FolderId> before = std::exchange(plan.mailboxes, {});
    QStringList forwards; // of all of them: who is to have it gets it once
    for (qsizetype at = 0; at < before.size(); ++at) {
        const RuleVerdict &verdict = verdicts.at(at);
        for (const RulePlacement &placement : verdict.placements) {
            if (!plan.mailboxes.contains(placement.folder))
                plan.mailboxes.append(placement.folder);
            if (placement.flags)
                plan.flagsIn[placement.folder] |= placement.flags;
        }
        for (const RuleForward &forward : verdict.forwards) {
            if (forwards.contains(forward.address, Qt::CaseInsensitive))
                continue;
            forwards.append(forward.address);
            plan.relays.append(relayTo(message, forward, before.at(at).user));
            plan.relays.last().madeFrom = madeBy(forward, read.octets);
        }
        if (verdict.deeds.isEmpty())
            continue;
        const RuleErrand errand = errandOf(verdict, before.at(at).user, read);
        plan.ruled.log += logOf(verdict, errand);
        if (errand.isOwed() || !errand.notices.isEmpty())
            plan.ruled.errands.append(errand);
    }
    // Whoever hands one in for a look is told where it is.
    if (message.origin == IncomingMessage::Origin::Capture && plan.mailboxes.isEmpty())
        plan.mailboxes = before;
    plan.ruled.isDiscarded = plan.mailboxes.isEmpty() && plan.relays.isEmpty();
    return plan;
}

} // namespace glasspost::mail
