#include "app/messages/journeyjson.h"

#include "app/console/jsonvalues.h"
#include "app/messages/tracejson.h"
#include "mail/journey/eventjson.h"

#include <QJsonArray>

namespace glasspost::app {

namespace {

QString words(const QByteArray &octets)
{
    return QString::fromUtf8(octets);
}

QString isoMilliseconds(qint64 milliseconds)
{
    return isoTime(milliseconds * 1000);
}

QString toldWord(mail::DsnKind kind)
{
    switch (kind) {
    case mail::DsnKind::Failure:
        return QStringLiteral("failure");
    case mail::DsnKind::Delay:
        return QStringLiteral("delay");
    case mail::DsnKind::Success:
        break;
    }
    return QStringLiteral("success");
}

QString howWord(mail::MadeFrom::How how)
{
    switch (how) {
    case mail::MadeFrom::How::Forwarded:
        return QStringLiteral("forwarded");
    case mail::MadeFrom::How::ForwardedByRule:
        return QStringLiteral("forwarded-by-rule");
    case mail::MadeFrom::How::ReleasedByRule:
        return QStringLiteral("released-by-rule");
    case mail::MadeFrom::How::Released:
        break;
    }
    return QStringLiteral("released");
}

/// Adds what one event has; one function each.
struct EventMembers
{
    const mail::QueueEntry &entry;
    QJsonObject &object;

    void operator()(const mail::AttemptBegan &event) const { planned(event.recipient, event.nextAttemptAt); }
    void operator()(const mail::AttemptUndone &event) const { planned(event.recipient, event.nextAttemptAt); }
    void operator()(const mail::Attempted &event) const { reported(event.recipient, event.report); }
    void operator()(const mail::AttemptInterrupted &event) const { reported(event.recipient, event.report); }
    void operator()(const mail::PutOff &event) const { planned(event.recipient, event.nextAttemptAt); }
    void operator()(const mail::SessionOpened &event) const
    {
        object[QStringLiteral("session")] = words(event.sessionId);
    }
    void operator()(const mail::Returned &) const { }
    void operator()(const mail::Notified &event) const
    {
        name(event.recipient);
        object[QStringLiteral("what")] = toldWord(event.what);
    }
    void operator()(const mail::TryRequested &) const { }
    void operator()(const mail::Held &) const { }
    void operator()(const mail::Released &) const { }
    void operator()(const mail::Postponed &event) const
    {
        object[QStringLiteral("notBefore")] = isoMilliseconds(event.notBefore);
    }
    void operator()(const mail::Rerouted &event) const
    {
        object[QStringLiteral("host")] = event.route ? event.route->host : QString();
    }
    void operator()(const mail::Expired &) const { }
    void operator()(const mail::ReportFolded &event) const
    {
        QJsonArray recipients;
        for (const mail::ReportedRecipient &one : event.report.recipients)
            recipients += QJsonObject{{QStringLiteral("address"), words(one.finalRecipient)},
                {QStringLiteral("action"), QString::fromLatin1(mail::actionWord(one.action))},
                {QStringLiteral("status"), words(one.status.toBytes())},
                {QStringLiteral("diagnostic"), words(one.diagnostic)}};
        object[QStringLiteral("reported")] = recipients;
        object[QStringLiteral("server")] = words(event.report.reportingServer);
        object[QStringLiteral("disposition")] = words(event.receipt.disposition);
    }
    void operator()(const mail::ClockSet &) const { }
    void operator()(const mail::Restarted &) const { }

    void name(int recipient) const
    {
        object[QStringLiteral("recipient")]
            = words(entry.recipients.value(recipient).recipient.forwardPath.toBytes());
    }
    void planned(int recipient, qint64 nextAttemptAt) const
    {
        name(recipient);
        object[QStringLiteral("next")] = isoMilliseconds(nextAttemptAt);
    }
    void reported(int recipient, const smtp::RecipientReport &report) const
    {
        name(recipient);
        object[QStringLiteral("report")] = toJson(report);
    }
};

/// What came back of a recipient later.
void addLater(QJsonObject &object, const mail::QueueRecipient &one)
{
    if (one.later)
        object[QStringLiteral("later")] = QJsonObject{
            {QStringLiteral("action"), QString::fromLatin1(mail::actionWord(one.later->action))},
            {QStringLiteral("status"), words(one.later->status.toBytes())},
            {QStringLiteral("server"), words(one.later->server)},
            {QStringLiteral("diagnostic"), words(one.later->diagnostic)},
            {QStringLiteral("at"), isoMilliseconds(one.later->at)}};
    if (one.receipt)
        object[QStringLiteral("receipt")]
            = QJsonObject{{QStringLiteral("disposition"), words(one.receipt->disposition)},
                {QStringLiteral("at"), isoMilliseconds(one.receipt->at)}};
}

} // namespace

QJsonObject journeySummaryJson(const mail::Journey &journey)
{
    const mail::QueueEntry &entry = journey.entry;
    QJsonObject object = toJson(entry);
    QJsonArray recipients = object[QStringLiteral("recipients")].toArray();
    for (int i = 0; i < entry.recipients.size(); ++i) {
        QJsonObject one = recipients.at(i).toObject();
        addLater(one, entry.recipients[i]);
        recipients[i] = one;
    }
    object[QStringLiteral("recipients")] = recipients;
    object[QStringLiteral("removed")] = isoMilliseconds(journey.removedAt);
    object[QStringLiteral("damaged")] = journey.isDamaged;
    return object;
}

QJsonObject journeyJson(const mail::Journey &journey)
{
    const mail::QueueEntry &entry = journey.entry;
    QJsonObject object = journeySummaryJson(journey);
    QJsonArray events;
    for (const mail::JourneyEvent &event : journey.events) {
        QJsonObject one{{QStringLiteral("at"), isoMilliseconds(event.at)},
            {QStringLiteral("event"), words(mail::eventName(event.what))}};
        std::visit(EventMembers{entry, one}, event.what);
        events += one;
    }
    QJsonArray sessions;
    for (const smtp::SessionFacts &facts : journey.sessions)
        sessions += toJson(facts);
    QJsonArray traces;
    for (const smtp::SessionTrace &trace : journey.traces)
        traces += toJson(trace);
    QJsonArray attempts;
    for (const QByteArray &id : entry.attemptSessionIds)
        attempts += words(id);
    object[QStringLiteral("events")] = events;
    object[QStringLiteral("sessions")] = sessions;
    object[QStringLiteral("traces")] = traces;
    object[QStringLiteral("attemptSessions")] = attempts;
    object[QStringLiteral("originSession")] = words(entry.originSessionId);
    return object;
}

QJsonObject ruleJson(const mail::RuleLogLine &line)
{
    return {{QStringLiteral("at"), isoMilliseconds(line.at)},
        {QStringLiteral("occasion"),
            line.occasion == mail::RuleLogLine::Occasion::ByHand ? QStringLiteral("by-hand")
                                                                 : QStringLiteral("arrival")},
        {QStringLiteral("rule"), line.rule}, {QStringLiteral("action"), line.action},
        {QStringLiteral("detail"), line.detail},
        {QStringLiteral("problem"), words(mail::wordOf(line.problem))}};
}

QJsonObject linkJson(const mail::MadeLink &link)
{
    const mail::QueueEntry &entry = link.journey.entry;
    const mail::MadeFrom made = entry.madeFrom.value_or(mail::MadeFrom());
    QJsonArray recipients;
    for (const mail::QueueRecipient &one : entry.recipients)
        recipients += words(one.recipient.forwardPath.toBytes());
    const QString &folder = link.other.folder.folder;
    QJsonObject other;
    if (!link.other.isNull())
        other = {{QStringLiteral("id"), words(link.other.unique)},
            {QStringLiteral("mailbox"), link.other.folder.user},
            {QStringLiteral("folder"), folder.isEmpty() ? QStringLiteral("Inbox") : folder}};
    return {{QStringLiteral("to"),
                link.to == mail::MadeLink::To::Made ? QStringLiteral("made") : QStringLiteral("original")},
        {QStringLiteral("how"), howWord(made.how)}, {QStringLiteral("rule"), made.rule},
        {QStringLiteral("at"), isoMilliseconds(entry.queuedAt)},
        {QStringLiteral("removed"), isoMilliseconds(link.journey.removedAt)},
        {QStringLiteral("entry"), words(entry.id)}, {QStringLiteral("recipients"), recipients},
        {QStringLiteral("messageId"), words(link.otherMessageId)}, {QStringLiteral("message"), other}};
}

} // namespace glasspost::app
