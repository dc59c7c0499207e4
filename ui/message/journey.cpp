#include "ui/message/journey.h"

#include "ui/queue/queuestate.h"
#include "ui/words/deliverytext.h"
#include "ui/words/foldertext.h"
#include "ui/words/format.h"
#include "ui/words/ruletext.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>
#include <QDateTime>

namespace glasspost::ui {

namespace {

constexpr qint64 microsecondsOfSecond = 1'000'000;

struct JourneyWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Journey)
};

JourneyStep arrivalStep(const mail::MessageView &message, const std::optional<smtp::SessionFacts> &session)
{
    JourneyStep step;
    step.tone = Tone::Accepted;
    step.sessionId = message.sessionId;
    if (!session) {
        step.title = JourneyWords::tr("Received in an SMTP session that has no record here");
        step.facts.append(JourneyWords::tr("Session %1").arg(QString::fromLatin1(message.sessionId)));
        return step;
    }
    step.title = JourneyWords::tr("Received from %1").arg(peerText(*session));
    step.state = JourneyWords::tr("accepted");
    step.at = session->startedAt / 1000;
    step.facts.append(session->tls.isEmpty()
            ? JourneyWords::tr("Not encrypted")
            : JourneyWords::tr("Encrypted: %1").arg(QString::fromLatin1(session->tls)));
    if (!session->user.isEmpty())
        step.facts.append((session->isUserUnchecked
                ? JourneyWords::tr("Signed in as %1 (not checked: any name and password is accepted)")
                : JourneyWords::tr("Signed in as %1"))
                              .arg(QString::fromUtf8(session->user)));
    return step;
}

JourneyStep envelopeStep(const mail::MessageView &message)
{
    JourneyStep step;
    step.title = JourneyWords::tr("Envelope");
    step.facts.append(message.returnPath.isEmpty() || message.returnPath == "<>"
            ? JourneyWords::tr("From the null reverse-path <> (a report, which takes no reply)")
            : JourneyWords::tr("From %1").arg(QString::fromUtf8(message.returnPath)));
    for (const QByteArray &address : message.deliveredTo)
        step.facts.append(JourneyWords::tr("Delivered to %1").arg(QString::fromUtf8(address)));
    for (const QByteArray &parameters : message.parameters)
        step.facts.append(JourneyWords::tr("Requested: %1").arg(QString::fromUtf8(parameters)));
    for (const QByteArray &tolerated : message.tolerated)
        step.facts.append(
            JourneyWords::tr("A strict server would refuse this: %1").arg(QString::fromUtf8(tolerated)));
    return step;
}

QString laterWords(const mail::LaterReport &later)
{
    const QString server = shownBytes(later.server).text;
    const QString words = JourneyWords::tr("%1 reported later: %2", "server and what became of the message")
                              .arg(server, reportActionText(later.action));
    const QString said = shownBytes(later.diagnostic).text;
    return said.isEmpty() ? words : words + QStringLiteral(" (") + said + QLatin1Char(')');
}

QString receiptWords(const mail::ReadReceipt &receipt)
{
    const QString when = exactTime(receipt.at / 1000);
    if (receipt.disposition == "displayed")
        return JourneyWords::tr("Read receipt: displayed, %1").arg(when);
    if (receipt.disposition == "deleted")
        return JourneyWords::tr("Read receipt: deleted, %1").arg(when);
    return JourneyWords::tr("Read receipt: %1, %2").arg(shownBytes(receipt.disposition).text, when);
}

/// What the attempts before the last came to, a line each.
QStringList earlierAttempts(const mail::Journey &journey, int recipient)
{
    QStringList lines;
    for (const mail::JourneyEvent &event : journey.events) {
        const auto *attempted = std::get_if<mail::Attempted>(&event.what);
        if (attempted != nullptr && attempted->recipient == recipient)
            lines.append(JourneyWords::tr("%1: %2", "time, what came of an attempt")
                             .arg(exactTime(attempted->report.at / microsecondsOfSecond),
                                 resultText(attempted->report)));
    }
    return lines.isEmpty() ? lines : lines.first(lines.size() - 1);
}

JourneyStep recipientStep(const mail::Journey &journey, int index, const QDateTime &now)
{
    const mail::QueueEntry &entry = journey.entry;
    const mail::QueueRecipient &recipient = entry.recipients[index];
    const StateChip chip = recipientChip(entry, recipient, now);
    const auto report = recipient.lastReport();
    JourneyStep step;
    step.tone = chip.tone;
    step.title = QString::fromUtf8(recipient.recipient.forwardPath.toBytes());
    step.state = chip.text;
    if (recipient.attempts() > 0)
        step.facts.append(JourneyWords::tr("%Ln attempt(s)", nullptr, recipient.attempts()));
    step.facts += earlierAttempts(journey, index);
    if (!report)
        return step;
    step.at = report->at / 1000;
    step.sessionId = report->sessionId;
    step.facts.append(resultText(*report));
    QStringList where{serverText(*report)};
    if (report->result != smtp::DeliveryResult::Delivered)
        where << stageText(report->stage);
    where.removeAll(QString());
    if (!where.isEmpty())
        step.facts.append(where.join(QStringLiteral(", ")));
    if (!report->reply.isNull())
        step.wire = QString::fromUtf8(report->reply.toBytes());
    if (recipient.notified)
        step.facts.append(JourneyWords::tr("The sender was notified"));
    if (recipient.later)
        step.facts.append(laterWords(*recipient.later));
    if (recipient.receipt)
        step.facts.append(receiptWords(*recipient.receipt));
    return step;
}

JourneyStep queuedStep(const mail::QueueEntry &entry)
{
    JourneyStep step;
    step.title = JourneyWords::tr("Queued for delivery");
    step.tone = Tone::Transit;
    step.at = entry.queuedAt;
    step.facts.append(JourneyWords::tr("%1, for %2")
                          .arg(sizeText(entry.size),
                              JourneyWords::tr("%Ln recipient(s)", nullptr, int(entry.recipients.size()))));
    step.sessionId = entry.originSessionId;
    return step;
}

JourneyStep removedStep(const mail::Journey &journey)
{
    JourneyStep step;
    step.title = JourneyWords::tr("Removed from the queue");
    step.at = journey.removedAt;
    return step;
}

JourneyStep damagedStep()
{
    JourneyStep step;
    step.tone = Tone::Refused;
    step.title = JourneyWords::tr("The record of this delivery is damaged");
    step.facts.append(JourneyWords::tr("What is shown was read from it; something may be missing."));
    return step;
}

/// At the original.
QString madeTitle(const mail::MadeFrom &made)
{
    switch (made.how) {
    case mail::MadeFrom::How::Forwarded:
        return JourneyWords::tr("Forwarded");
    case mail::MadeFrom::How::ForwardedByRule:
        return JourneyWords::tr("Forwarded by the rule “%1”").arg(made.rule);
    case mail::MadeFrom::How::ReleasedByRule:
        return JourneyWords::tr("Released by the rule “%1”").arg(made.rule);
    case mail::MadeFrom::How::Released:
        break;
    }
    return JourneyWords::tr("Released");
}

/// At what was made from it.
QString originalTitle(const mail::MadeFrom &made)
{
    switch (made.how) {
    case mail::MadeFrom::How::Forwarded:
        return JourneyWords::tr("Forwarded from another message");
    case mail::MadeFrom::How::ForwardedByRule:
        return JourneyWords::tr("Forwarded from another message by the rule “%1”").arg(made.rule);
    case mail::MadeFrom::How::ReleasedByRule:
        return JourneyWords::tr("Released from a captured message by the rule “%1”").arg(made.rule);
    case mail::MadeFrom::How::Released:
        break;
    }
    return JourneyWords::tr("Released from a captured message");
}

JourneyStep linkStep(const mail::MadeLink &link)
{
    const mail::QueueEntry &entry = link.journey.entry;
    const mail::MadeFrom made = entry.madeFrom.value_or(mail::MadeFrom());
    JourneyStep step;
    step.tone = Tone::Transit;
    step.title = link.to == mail::MadeLink::To::Made ? madeTitle(made) : originalTitle(made);
    step.at = entry.queuedAt;
    for (const mail::QueueRecipient &one : entry.recipients)
        step.facts.append(
            JourneyWords::tr("To %1").arg(QString::fromUtf8(one.recipient.forwardPath.toBytes())));
    if (!link.otherMessageId.isEmpty())
        step.facts.append(JourneyWords::tr("Message-ID <%1>").arg(shownBytes(link.otherMessageId).text));
    step.facts.append(JourneyWords::tr("Queue entry %1").arg(QString::fromLatin1(entry.id)));
    if (link.journey.removedAt > 0)
        step.facts.append(JourneyWords::tr("Removed from the queue"));
    if (link.other.isNull() && link.to == mail::MadeLink::To::Original)
        step.facts.append(JourneyWords::tr("The original is no longer here."));
    step.other = link.other;
    step.otherMessageId = link.otherMessageId;
    return step;
}

/// A line for each thing that one of them did; none where no rule touched it.
JourneyStep rulesStep(const QList<mail::RuleLogLine> &lines)
{
    JourneyStep step;
    step.title = JourneyWords::tr("Rules");
    for (const mail::RuleLogLine &line : lines) {
        const QString words = ruleLineText(line);
        if (words.isEmpty())
            continue;
        const QString when = exactTime(line.at / 1000);
        step.facts.append(line.occasion == mail::RuleLogLine::Occasion::ByHand
                ? JourneyWords::tr("%1, run by hand: %2", "time, what a rule did").arg(when, words)
                : JourneyWords::tr("%1: %2", "time, what a rule did").arg(when, words));
    }
    return step;
}

QList<JourneyStep> deliverySteps(const mail::Journey &journey, const QDateTime &now)
{
    QList<JourneyStep> steps;
    if (!journey.entry.recipients.isEmpty()) // of a record that cannot be read there are none
        steps.append(queuedStep(journey.entry));
    for (int i = 0; i < journey.entry.recipients.size(); ++i)
        steps.append(recipientStep(journey, i, now));
    if (journey.removedAt > 0)
        steps.append(removedStep(journey));
    if (journey.isDamaged)
        steps.append(damagedStep());
    return steps;
}

} // namespace

QList<JourneyStep> journeyOf(const mail::MessageView &message,
    const std::optional<smtp::SessionFacts> &arrival, const QList<mail::Journey> &journeys,
    const QDateTime &now)
{
    QList<JourneyStep> steps;
    if (!message.sessionId.isEmpty())
        steps.append(arrivalStep(message, arrival));
    if (!message.returnPath.isEmpty() || !message.deliveredTo.isEmpty())
        steps.append(envelopeStep(message));
    for (const mail::Journey &journey : journeys)
        steps += deliverySteps(journey, now);
    return steps;
}

QList<JourneyStep> laterSteps(const mail::DeliveryEnds &ends)
{
    QList<JourneyStep> steps;
    if (const JourneyStep rules = rulesStep(ends.ruled); !rules.facts.isEmpty())
        steps.append(rules);
    for (const mail::MadeLink &link : ends.links)
        steps.append(linkStep(link));
    return steps;
}

mail::DeliveredMessage deliveredMessage(
    const mail::MessageView &message, const QList<mail::Journey> &journeys)
{
    return {message.id.unique, message.sessionId, message.messageIdField, journeys};
}

QList<QByteArray> sessionsOf(const mail::MessageView &message, const QList<mail::Journey> &journeys)
{
    QList<QByteArray> sessions;
    const auto add = [&sessions](const QByteArray &id) {
        if (!id.isEmpty() && !sessions.contains(id))
            sessions.append(id);
    };
    add(message.sessionId);
    for (const mail::Journey &journey : journeys) {
        add(journey.entry.originSessionId);
        for (const QByteArray &id : journey.entry.attemptSessionIds)
            add(id);
    }
    return sessions;
}

QString noJourneyText(const mail::MessageView &message, bool isKnown)
{
    if (!message.queueId.isEmpty())
        return isKnown ? JourneyWords::tr("The record of this delivery is no longer kept.") : QString();
    if (!message.messageIdField.isEmpty() && !isKnown)
        return {};
    return showsRecipients(message.id.folder)
        ? JourneyWords::tr(
            "This message did not leave by SMTP: all its recipients are local, or it was never sent.")
        : JourneyWords::tr("This message did not arrive by SMTP: it was imported, or stored here by a "
                           "program on this computer.");
}

} // namespace glasspost::ui
