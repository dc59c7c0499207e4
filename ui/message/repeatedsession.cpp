#include "ui/message/repeatedsession.h"

#include "ui/message/waterfall.h"

#include <algorithm>

namespace glasspost::ui {

namespace {

bool isCommand(const smtp::TracedStage &stage, const char *verb)
{
    return stage.command.left(qstrlen(verb)).toUpper() == verb;
}

QString pathIn(const QByteArray &command)
{
    const qsizetype from = command.indexOf('<');
    const qsizetype to = command.indexOf('>', from);
    return from < 0 || to < from ? QString() : QString::fromUtf8(command.mid(from + 1, to - from - 1));
}

/// Those behind the path.
QStringList parametersOf(const QByteArray &command)
{
    QStringList keywords;
    for (const QByteArray &word : command.mid(command.indexOf('>') + 1).split(' ')) {
        if (!word.isEmpty())
            keywords << QString::fromUtf8(word).section(u'=', 0, 0).toUpper();
    }
    return keywords;
}

/// The last one in which a sender was named.
const smtp::SessionTrace *lastWithMail(const mail::Journey &journey)
{
    const smtp::SessionTrace *last = nullptr;
    for (const smtp::SessionTrace &trace : journey.traces) {
        const bool has = std::any_of(trace.stages.begin(), trace.stages.end(),
            [](const smtp::TracedStage &stage) { return stage.stage == smtp::TraceStage::Mail; });
        if (has && (last == nullptr || trace.startedAt > last->startedAt))
            last = &trace;
    }
    return last;
}

/// Of the whole session, whose opening may have been another message's.
RepeatedSession openingOf(const smtp::SessionTrace &trace)
{
    RepeatedSession session;
    session.host = QString::fromUtf8(trace.host);
    session.address = trace.address;
    session.port = trace.port;
    session.mechanism = QString::fromUtf8(trace.mechanism);
    session.user = QString::fromUtf8(trace.user);
    bool hasStartTls = false;
    for (const smtp::TracedStage &stage : trace.stages) {
        hasStartTls |= stage.stage == smtp::TraceStage::StartTls && stage.reply.isPositive();
        if (isCommand(stage, "EHLO ") || isCommand(stage, "HELO ") || isCommand(stage, "LHLO ")) {
            session.verb = QString::fromUtf8(stage.command.left(4)).toUpper();
            session.name = QString::fromUtf8(stage.command.mid(5));
        }
        if (isCommand(stage, "AUTH "))
            session.hasInitialResponse = stage.command.count(' ') > 1;
    }
    if (trace.tls && !trace.tls->summary.isEmpty()) {
        session.tls = hasStartTls ? RepeatedSession::Tls::StartTls : RepeatedSession::Tls::Implicit;
        session.isVerified = trace.tls->errors.isEmpty();
    }
    return session;
}

void addUnique(QStringList &list, const QStringList &more)
{
    for (const QString &one : more) {
        if (!list.contains(one))
            list << one;
    }
}

void takeStage(RepeatedSession &session, const smtp::TracedStage &stage)
{
    const bool isSender = isCommand(stage, "MAIL FROM:");
    if (isSender)
        session.senders << pathIn(stage.command);
    else if (isCommand(stage, "RCPT TO:"))
        addUnique(session.recipients, {pathIn(stage.command)});
    else
        session.hasChunks |= isCommand(stage, "BDAT ");
    if (isSender || isCommand(stage, "RCPT TO:"))
        addUnique(session.parameters, parametersOf(stage.command));
}

} // namespace

std::optional<RepeatedSession> lastSession(const mail::Journey &journey)
{
    const smtp::SessionTrace *trace = lastWithMail(journey);
    if (trace == nullptr)
        return {};
    RepeatedSession session = openingOf(*trace);
    QStringList elsewhere;
    for (const WaterfallRow &row : waterfallOf(journey)) {
        if (row.kind != WaterfallRow::Kind::Stage)
            continue;
        if (row.sessionId == trace->sessionId)
            takeStage(session, row.stage);
        else if (isCommand(row.stage, "RCPT TO:"))
            elsewhere << pathIn(row.stage.command);
    }
    if (session.senders.isEmpty() || session.recipients.isEmpty())
        return {};
    session.isWhole = std::all_of(elsewhere.begin(), elsewhere.end(),
        [&session](const QString &one) { return session.recipients.contains(one); });
    return session;
}

} // namespace glasspost::ui
