#include "mail/queue/queueevent.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

bool isWaiting(const QueueRecipient &one)
{
    return one.state == RecipientState::Waiting || one.state == RecipientState::Deferred
        || one.state == RecipientState::Held;
}

// What a recipient that can be tried again is.
RecipientState stateBetween(const QueueEntry &entry, const QueueRecipient &one)
{
    if (entry.held)
        return RecipientState::Held;
    return one.attempts == 0 ? RecipientState::Waiting : RecipientState::Deferred;
}

void setHeld(QueueEntry &entry, bool held)
{
    entry.held = held;
    for (QueueRecipient &one : entry.recipients) {
        if (isWaiting(one))
            one.state = stateBetween(entry, one);
    }
}

void forgetPlans(QueueEntry &entry)
{
    for (QueueRecipient &one : entry.recipients)
        one.nextAttemptAt = 0;
}

// One that was never tried has no report to show but ours.
void giveUp(QueueRecipient &one, qint64 at, smtp::DeliveryResult result, const QByteArray &reason)
{
    one.state = RecipientState::Expired;
    if (one.lastReport.at != 0)
        return;
    one.lastReport.recipient = one.recipient.forwardPath;
    one.lastReport.result = result;
    one.lastReport.status = {5, 4, 7};
    one.lastReport.reason = reason;
    one.lastReport.at = at * 1000;
}

bool isSameAddress(const QByteArray &address, const smtp::Mailbox &mailbox)
{
    const qsizetype at = address.lastIndexOf('@');
    return at > 0 && address.left(at) == mailbox.localPart
        && address.mid(at + 1).compare(mailbox.domain, Qt::CaseInsensitive) == 0;
}

bool isAbout(const ReportedRecipient &reported, const smtp::EnvelopeRecipient &recipient)
{
    const QByteArray &original = recipient.originalRecipient;
    const QByteArray ours = original.mid(original.indexOf(';') + 1);
    return isSameAddress(reported.originalRecipient, recipient.forwardPath)
        || isSameAddress(reported.finalRecipient, recipient.forwardPath)
        || (!ours.isEmpty() && reported.originalRecipient.compare(ours, Qt::CaseInsensitive) == 0);
}

/// Changes the entry; one function an event.
struct Change
{
    QueueEntry &entry;

    QueueRecipient &recipient(int index) const { return entry.recipients[index]; }

    void operator()(const AttemptBegan &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        one.state = RecipientState::Delivering;
        ++one.attempts;
        one.nextAttemptAt = event.nextAttemptAt;
    }

    void operator()(const AttemptUndone &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        --one.attempts;
        one.state = stateBetween(entry, one);
        one.nextAttemptAt = event.nextAttemptAt;
    }

    void operator()(const Attempted &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        one.lastReport = event.report;
        switch (event.outcome) {
        case AttemptOutcome::Delivered:
            one.state = RecipientState::Delivered;
            break;
        case AttemptOutcome::Deferred:
            one.state = stateBetween(entry, one);
            break;
        case AttemptOutcome::Failed:
            one.state = RecipientState::Failed;
            break;
        case AttemptOutcome::Expired:
            one.state = RecipientState::Expired;
            break;
        }
    }

    void operator()(const AttemptInterrupted &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        one.lastReport = event.report;
        one.state = stateBetween(entry, one);
        one.nextAttemptAt = 0;
    }

    void operator()(const PutOff &event) const
    {
        recipient(event.recipient).nextAttemptAt = event.nextAttemptAt;
    }

    void operator()(const SessionOpened &event) const
    {
        if (!entry.attemptSessionIds.contains(event.sessionId))
            entry.attemptSessionIds.append(event.sessionId);
    }

    void operator()(const Returned &event) const
    {
        for (QueueRecipient &one : entry.recipients) {
            if (isWaiting(one))
                giveUp(one, event.at, smtp::DeliveryResult::Refused,
                    "not delivered within the time that was asked for");
        }
    }

    void operator()(const Notified &event) const { recipient(event.recipient).told |= event.what; }

    void operator()(const TryRequested &) const { forgetPlans(entry); }

    void operator()(const Held &) const { setHeld(entry, true); }

    void operator()(const Released &) const { setHeld(entry, false); }

    void operator()(const Postponed &event) const
    {
        entry.notBefore = event.notBefore;
        forgetPlans(entry);
    }

    void operator()(const Rerouted &event) const
    {
        entry.route = event.route;
        forgetPlans(entry);
    }

    void operator()(const Expired &event) const
    {
        entry.held = false; // the report of it is made at once
        for (QueueRecipient &one : entry.recipients) {
            if (isWaiting(one))
                giveUp(one, event.at, smtp::DeliveryResult::Deferred, "given up by hand before it was tried");
        }
    }

    void operator()(const ReportFolded &event) const
    {
        const bool isAlone = entry.recipients.size() == 1;
        const bool isOnly = isAlone && event.report.recipients.size() == 1;
        for (QueueRecipient &one : entry.recipients) {
            for (const ReportedRecipient &reported : event.report.recipients) {
                if (isOnly || isAbout(reported, one.recipient))
                    one.later = laterReport(event, reported);
            }
            const MdnReceipt &receipt = event.receipt;
            if (!receipt.originalMessageId.isEmpty()
                && (isAlone || isSameAddress(receipt.finalRecipient, one.recipient.forwardPath)))
                one.receipt = ReadReceipt{receipt.disposition, event.at};
        }
    }

    static LaterReport laterReport(const ReportFolded &event, const ReportedRecipient &reported)
    {
        const QByteArray &server = event.report.reportingServer;
        return {reported.action, reported.status, server.isEmpty() ? reported.remoteServer : server,
            reported.diagnostic, event.at};
    }

    void operator()(const ClockSet &event) const
    {
        for (int i = 0; i < entry.recipients.size(); ++i)
            recipient(i).nextAttemptAt = event.nextAttemptAt.value(i);
    }

    void operator()(const Restarted &) const
    {
        for (QueueRecipient &one : entry.recipients) {
            if (one.state == RecipientState::Delivering)
                one.state = stateBetween(entry, one);
        }
    }
};

} // namespace

QueueEntry apply(QueueEntry entry, const QueueEvent &event)
{
    std::visit(Change{entry}, event);
    return entry;
}

QueueEntry applyAll(QueueEntry entry, const QueueEvents &events)
{
    for (const QueueEvent &event : events)
        std::visit(Change{entry}, event);
    return entry;
}

bool isOnlySeen(const QueueEvent &event)
{
    return std::holds_alternative<SessionOpened>(event) || std::holds_alternative<PutOff>(event)
        || std::holds_alternative<TryRequested>(event) || std::holds_alternative<ClockSet>(event)
        || std::holds_alternative<Restarted>(event);
}

} // namespace glasspost::mail
