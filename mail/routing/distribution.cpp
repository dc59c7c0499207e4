#include "mail/routing/distribution.h"

#include "mail/message/trace.h"

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

void addRemote(Distribution &result, const smtp::Envelope &envelope, const smtp::Mailbox &reversePath,
    const smtp::EnvelopeRecipient &recipient)
{
    // RFC 3461 5.2.7.3: what a list sends on is the list's own message; its sender is told of the list alone.
    const bool isFromList = reversePath != envelope.reversePath;
    auto place = std::find_if(result.remote.begin(), result.remote.end(),
        [&](const smtp::Envelope &one) { return one.reversePath == reversePath; });
    if (place == result.remote.end()) {
        result.remote.append(envelope);
        place = result.remote.end() - 1;
        place->reversePath = reversePath;
        place->recipients.clear();
        if (isFromList) {
            place->envelopeId.clear();
            place->dsnReturn = smtp::DsnReturn::Unspecified;
        }
    }
    const bool known = std::any_of(place->recipients.begin(), place->recipients.end(),
        [&](const smtp::EnvelopeRecipient &one) { return one.forwardPath == recipient.forwardPath; });
    if (!known)
        place->recipients.append(
            isFromList ? smtp::EnvelopeRecipient{recipient.forwardPath, {}, {}} : recipient);
}

} // namespace

Distribution distribute(const Router &router, const smtp::Envelope &envelope)
{
    Distribution result;
    for (const smtp::EnvelopeRecipient &recipient : envelope.recipients) {
        const Destination destination = router.destination(recipient.forwardPath);
        if (destination.kind == Destination::Kind::Remote) {
            addRemote(result, envelope, envelope.reversePath, recipient);
            continue;
        }
        if (destination.folders.isEmpty() && destination.remote.isEmpty()) {
            result.unknown.append(recipient);
            continue;
        }
        for (const FolderId &folder : destination.folders) {
            if (!result.folders.contains(folder))
                result.folders.append(folder);
        }
        if (!destination.folders.isEmpty()) {
            result.local.append(recipient);
            result.deliveredTo.append(recipient.forwardPath.toBytes());
        }
        if (!destination.folders.isEmpty() || !destination.owner.isEmpty())
            result.served.append(recipient);
        for (const smtp::Mailbox &target : destination.remote) {
            smtp::EnvelopeRecipient onward = recipient;
            onward.forwardPath = target;
            addRemote(result, envelope, pathFor(destination, envelope.reversePath), onward);
        }
    }
    return result;
}

Distribution distributeReport(const Router &router, const smtp::Envelope &report)
{
    const smtp::EnvelopeRecipient &recipient = report.recipients.first();
    const QList<FolderId> inboxes = router.ownInboxes(recipient.forwardPath);
    if (inboxes.isEmpty())
        return distribute(router, report);
    Distribution result;
    result.folders = inboxes;
    result.deliveredTo = {recipient.forwardPath.toBytes()};
    result.local = {recipient};
    return result;
}

QByteArray deliveryTrace(const smtp::Mailbox &reversePath, const QList<QByteArray> &deliveredTo)
{
    QByteArray fields = returnPathField(reversePath);
    if (deliveredTo.size() == 1)
        fields += deliveredToField(deliveredTo.first());
    return fields;
}

} // namespace glasspost::mail
