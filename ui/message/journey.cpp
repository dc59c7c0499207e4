#include "ui/message/journey.h"

#include "ui/queue/queuestate.h"
#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>
#include <QDateTime>

namespace glasspost::ui {

namespace {

struct JourneyWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Journey)
};

QString journeyStage(smtp::DeliveryStage stage)
{
    switch (stage) {
    case smtp::DeliveryStage::Local:
        return JourneyWords::tr("before connecting");
    case smtp::DeliveryStage::Lookup:
        return JourneyWords::tr("looking up the mail exchanger");
    case smtp::DeliveryStage::Connect:
        return JourneyWords::tr("connecting");
    case smtp::DeliveryStage::Greeting:
        return JourneyWords::tr("at the greeting");
    case smtp::DeliveryStage::Hello:
        return JourneyWords::tr("at EHLO");
    case smtp::DeliveryStage::StartTls:
        return JourneyWords::tr("starting TLS");
    case smtp::DeliveryStage::Auth:
        return JourneyWords::tr("signing in");
    case smtp::DeliveryStage::Mail:
        return JourneyWords::tr("at MAIL");
    case smtp::DeliveryStage::Rcpt:
        return JourneyWords::tr("at RCPT");
    case smtp::DeliveryStage::Data:
        return JourneyWords::tr("at DATA");
    case smtp::DeliveryStage::Body:
        return JourneyWords::tr("sending the message");
    case smtp::DeliveryStage::EndOfData:
        return JourneyWords::tr("after the final dot");
    }
    return {};
}

QString journeyResult(const smtp::RecipientReport &report)
{
    switch (report.result) {
    case smtp::DeliveryResult::Delivered:
        return JourneyWords::tr("Accepted");
    case smtp::DeliveryResult::Deferred:
        return JourneyWords::tr("Not now, will be tried again");
    case smtp::DeliveryResult::Refused:
        return JourneyWords::tr("Refused permanently");
    case smtp::DeliveryResult::Unknown:
        return JourneyWords::tr("Connection lost after the dot: it may have been accepted");
    }
    return {};
}

JourneyStep arrivalStep(const mail::MessageView &message, const std::optional<smtp::SessionFacts> &session)
{
    JourneyStep step;
    step.tone = Tone::Accepted;
    step.sessionId = message.sessionId;
    if (!session) {
        step.title = JourneyWords::tr("Brought by an SMTP session of which nothing is kept here");
        step.facts.append(JourneyWords::tr("Session %1").arg(QString::fromLatin1(message.sessionId)));
        return step;
    }
    const QString peer = session->peerAddress.toString();
    const QString name = QString::fromUtf8(session->peerName);
    step.title = name.isEmpty() ? JourneyWords::tr("Brought by %1").arg(peer)
                                : JourneyWords::tr("Brought by %1 (%2)").arg(name, peer);
    step.state = JourneyWords::tr("accepted");
    step.at = session->startedAt / 1000;
    step.facts.append(session->tls.isEmpty()
            ? JourneyWords::tr("In the clear")
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
            ? JourneyWords::tr("From the null reverse-path <> (a report, never answered)")
            : JourneyWords::tr("From %1").arg(QString::fromUtf8(message.returnPath)));
    for (const QByteArray &address : message.deliveredTo)
        step.facts.append(JourneyWords::tr("Delivered to %1").arg(QString::fromUtf8(address)));
    for (const QByteArray &parameters : message.parameters)
        step.facts.append(JourneyWords::tr("Asked for: %1").arg(QString::fromUtf8(parameters)));
    for (const QByteArray &tolerated : message.tolerated)
        step.facts.append(
            JourneyWords::tr("A strict server refuses this: %1").arg(QString::fromUtf8(tolerated)));
    return step;
}

QString laterWords(const mail::LaterReport &later)
{
    const QString server = shownBytes(later.server).text;
    QString words;
    switch (later.action) {
    case mail::ReportAction::Failed:
        words = JourneyWords::tr("%1 reported later: could not be delivered").arg(server);
        break;
    case mail::ReportAction::Delayed:
        words = JourneyWords::tr("%1 reported later: delayed, it goes on trying").arg(server);
        break;
    case mail::ReportAction::Delivered:
        words = JourneyWords::tr("%1 reported later: delivered to the mailbox").arg(server);
        break;
    case mail::ReportAction::Relayed:
        words = JourneyWords::tr("%1 reported later: passed on to a server that reports no success")
                    .arg(server);
        break;
    case mail::ReportAction::Expanded:
        words = JourneyWords::tr("%1 reported later: passed on to several recipients").arg(server);
        break;
    }
    const QString said = shownBytes(later.diagnostic).text;
    return said.isEmpty() ? words : words + QStringLiteral(" (") + said + QLatin1Char(')');
}

QString receiptWords(const mail::ReadReceipt &receipt)
{
    const QString when = exactTime(receipt.at / 1000);
    if (receipt.disposition == "displayed")
        return JourneyWords::tr("The reader sent a receipt: displayed, %1").arg(when);
    if (receipt.disposition == "deleted")
        return JourneyWords::tr("The reader sent a receipt: deleted, %1").arg(when);
    return JourneyWords::tr("The reader sent a receipt: %1, %2")
        .arg(shownBytes(receipt.disposition).text, when);
}

JourneyStep recipientStep(const mail::QueueRecipient &recipient, const QDateTime &now)
{
    const StateChip chip = recipientChip(recipient, now);
    const smtp::RecipientReport &report = recipient.lastReport;
    JourneyStep step;
    step.tone = chip.tone;
    step.title = QString::fromUtf8(recipient.recipient.forwardPath.toBytes());
    step.state = chip.text;
    step.at = report.at / 1000;
    step.sessionId = report.sessionId;
    if (recipient.attempts > 0)
        step.facts.append(JourneyWords::tr("%Ln attempt(s)", nullptr, recipient.attempts));
    if (report.at == 0)
        return step;
    step.facts.append(reportWords(report));
    if (!report.remoteHost.isEmpty())
        step.facts.append(JourneyWords::tr("At %1 (%2, port %3)")
                              .arg(QString::fromUtf8(report.remoteHost), report.remoteAddress.toString())
                              .arg(report.remotePort));
    if (!report.reply.isNull())
        step.wire = QString::fromUtf8(report.reply.toBytes());
    if (recipient.told)
        step.facts.append(JourneyWords::tr("The sender was told"));
    if (recipient.later)
        step.facts.append(laterWords(*recipient.later));
    if (recipient.receipt)
        step.facts.append(receiptWords(*recipient.receipt));
    return step;
}

JourneyStep queuedStep(const mail::QueueEntry &entry)
{
    JourneyStep step;
    step.title = JourneyWords::tr("Put into the outgoing queue");
    step.tone = Tone::Transit;
    step.at = entry.queuedAt;
    step.facts.append(JourneyWords::tr("%1, for %2")
                          .arg(sizeText(entry.size),
                              JourneyWords::tr("%Ln recipient(s)", nullptr, int(entry.recipients.size()))));
    step.sessionId = entry.originSessionId;
    return step;
}

} // namespace

QString reportWords(const smtp::RecipientReport &report)
{
    const QString code = report.reply.isNull()
        ? QString::fromLatin1(report.status.toBytes())
        : QStringLiteral("%1 %2")
              .arg(report.reply.code)
              .arg(QString::fromLatin1(report.reply.enhanced.toBytes()))
              .trimmed();
    QString words = journeyResult(report);
    if (!code.isEmpty())
        words = JourneyWords::tr("%1 (%2)").arg(words, code);
    if (report.result != smtp::DeliveryResult::Delivered)
        words = JourneyWords::tr("%1, %2").arg(words, journeyStage(report.stage));
    if (report.reply.isNull() && !report.reason.isEmpty())
        words = JourneyWords::tr("%1: %2").arg(words, QString::fromUtf8(report.reason));
    return words;
}

QList<JourneyStep> journeyOf(const mail::MessageView &message,
    const std::optional<smtp::SessionFacts> &arrival, const std::optional<mail::QueueEntry> &entry,
    const QDateTime &now)
{
    QList<JourneyStep> steps;
    if (!message.sessionId.isEmpty())
        steps.append(arrivalStep(message, arrival));
    if (!message.returnPath.isEmpty() || !message.deliveredTo.isEmpty())
        steps.append(envelopeStep(message));
    if (entry) {
        steps.append(queuedStep(*entry));
        for (const mail::QueueRecipient &recipient : entry->recipients)
            steps.append(recipientStep(recipient, now));
    }
    return steps;
}

} // namespace glasspost::ui
