#include "ui/message/deliveryattempts.h"

#include "ui/message/waterfall.h"
#include "ui/words/format.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace glasspost::ui {

namespace {

struct AttemptWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::DeliveryAttempt)
};

/// What the record has of the row's session but for its stages.
mail::ComparedSession withoutStages(const mail::Journey &journey, const QByteArray &sessionId)
{
    mail::ComparedSession session;
    session.trace.sessionId = sessionId;
    for (const smtp::SessionTrace &trace : journey.traces) {
        if (trace.sessionId == sessionId)
            session.trace = trace;
    }
    session.trace.stages.clear();
    return session;
}

void addStage(DeliveryAttempt &attempt, const mail::Journey &journey, const WaterfallRow &row)
{
    QList<mail::ComparedSession> &sessions = attempt.delivery.sessions;
    auto session = std::find_if(sessions.begin(), sessions.end(),
        [&row](const mail::ComparedSession &one) { return one.trace.sessionId == row.sessionId; });
    if (session == sessions.end())
        session = sessions.insert(sessions.end(), withoutStages(journey, row.sessionId));
    session->trace.stages.append(row.stage);
}

} // namespace

QList<DeliveryAttempt> attemptsIn(const mail::Journey &journey)
{
    QList<DeliveryAttempt> attempts;
    for (const WaterfallRow &row : waterfallOf(journey)) {
        if (row.kind == WaterfallRow::Kind::Attempt)
            attempts.append({row.attempt, row.from, {{}, journey.isDamaged}});
        else
            addStage(attempts.last(), journey, row);
    }
    return attempts;
}

QString attemptText(const DeliveryAttempt &attempt)
{
    QStringList hosts;
    for (const mail::ComparedSession &session : attempt.delivery.sessions) {
        const QString host = shownBytes(session.trace.host).text;
        if (!host.isEmpty() && !hosts.contains(host))
            hosts << host;
    }
    const QString when = exactTime(attempt.at / oneSecond);
    return hosts.isEmpty()
        ? AttemptWords::tr("Attempt %1, %2", "number, when").arg(attempt.number).arg(when)
        : AttemptWords::tr("Attempt %1 with %2, %3", "number, hosts, when")
              .arg(QString::number(attempt.number), hosts.join(QStringLiteral(", ")), when);
}

} // namespace glasspost::ui
