#include "mail/queue/queueevent.h"

#include <algorithm>

namespace glasspost::mail {

namespace {

void forgetPlans(QueueEntry &entry)
{
    for (QueueRecipient &one : entry.recipients)
        one.nextAttemptAt = 0;
}

smtp::RecipientReport reportAt(
    qint64 at, const smtp::Mailbox &recipient, smtp::DeliveryResult result, const QByteArray &reason)
{
    smtp::RecipientReport report;
    report.recipient = recipient;
    report.result = result;
    report.status = {5, 4, 7};
    report.reason = reason;
    report.at = at * 1000;
    return report;
}

// What was never reported on has no report to show but ours.
void giveUp(QueueEntry &entry, qint64 at, smtp::DeliveryResult result, const QByteArray &reason)
{
    for (QueueRecipient &one : entry.recipients) {
        if (!one.isPending())
            continue;
        const auto ours = reportAt(at, one.recipient.forwardPath, result, reason);
        one.progress = Ended{Ended::Outcome::Expired, one.attempts(), one.lastReport().value_or(ours)};
    }
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
        one.progress = Delivering{one.attempts() + 1, one.lastReport()};
        one.nextAttemptAt = event.nextAttemptAt;
    }

    void operator()(const AttemptUndone &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        one.progress = pendingAfter(one.attempts() - 1, one.lastReport());
        one.nextAttemptAt = event.nextAttemptAt;
    }

    void operator()(const Attempted &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        switch (event.outcome) {
        case AttemptOutcome::Delivered:
            one.progress = Ended{Ended::Outcome::Delivered, one.attempts(), event.report};
            break;
        case AttemptOutcome::Deferred:
            one.progress = pendingAfter(one.attempts(), event.report);
            break;
        case AttemptOutcome::Failed:
            one.progress = Ended{Ended::Outcome::Failed, one.attempts(), event.report};
            break;
        case AttemptOutcome::Expired:
            one.progress = Ended{Ended::Outcome::Expired, one.attempts(), event.report};
            break;
        }
    }

    void operator()(const AttemptInterrupted &event) const
    {
        QueueRecipient &one = recipient(event.recipient);
        one.progress = pendingAfter(one.attempts(), event.report);
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
        giveUp(entry, event.at, smtp::DeliveryResult::Refused, "not delivered within the requested time");
    }

    void operator()(const Notified &event) const { recipient(event.recipient).notified |= event.what; }

    void operator()(const TryRequested &) const { forgetPlans(entry); }

    void operator()(const Held &) const { entry.held = true; }

    void operator()(const Released &) const { entry.held = false; }

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
        giveUp(entry, event.at, smtp::DeliveryResult::Deferred, "given up by hand before the first attempt");
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
            if (one.isDelivering())
                one.progress = pendingAfter(one.attempts(), one.lastReport());
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
