#include "ui/message/waterfall.h"

#include "ui/words/deliverytext.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"
#include "ui/words/shownbytes.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace glasspost::ui {

namespace {

constexpr qint64 foldShare = 25; // a fold takes this part of what goes on

struct WaterfallWords
{
    Q_DECLARE_TR_FUNCTIONS(glasspost::ui::Waterfall)
};

/// What one attempt opened, and until when it heard of each session.
struct AttemptSessions
{
    struct Opened
    {
        QByteArray id;
        qint64 at = 0;
        qint64 decidedAt = 0; ///< 0: its report is not among those that count
    };
    qint64 at = 0; ///< milliseconds
    QList<Opened> sessions;
    bool isUnderWay = false; ///< something came of it: what begins now is another
};

void take(QList<AttemptSessions> &attempts, const mail::JourneyEvent &event)
{
    if (std::holds_alternative<mail::AttemptBegan>(event.what)) {
        if (attempts.isEmpty() || attempts.last().isUnderWay)
            attempts.append({event.at, {}, false});
        return;
    }
    if (attempts.isEmpty())
        return;
    AttemptSessions &last = attempts.last();
    if (const auto *opened = std::get_if<mail::SessionOpened>(&event.what)) {
        last.isUnderWay = true;
        last.sessions.append({opened->sessionId, event.at * oneMillisecond, 0});
    }
    const auto *attempted = std::get_if<mail::Attempted>(&event.what);
    if (attempted == nullptr)
        return;
    last.isUnderWay = true;
    for (AttemptSessions::Opened &one : last.sessions) {
        if (one.id == attempted->report.sessionId)
            one.decidedAt = std::max(one.decidedAt, attempted->report.at);
    }
}

QList<AttemptSessions> attemptsOf(const mail::Journey &journey)
{
    QList<AttemptSessions> attempts;
    for (const mail::JourneyEvent &event : journey.events)
        take(attempts, event);
    return attempts;
}

/// Which messages of the session were this one: as a rule one, more where the server takes few recipients at
/// a time.
QList<int> messagesIn(const smtp::SessionTrace &trace, const AttemptSessions::Opened &opened)
{
    QList<int> messages;
    for (const smtp::TracedStage &stage : trace.stages) {
        if (stage.message == 0 || messages.contains(stage.message) || stage.from < opened.at)
            continue;
        if (!messages.isEmpty() && stage.from > opened.decidedAt)
            break;
        const bool isFirst
            = std::none_of(trace.stages.begin(), trace.stages.end(), [&](const smtp::TracedStage &one) {
                  return one.message == stage.message && one.from < stage.from;
              });
        if (isFirst)
            messages.append(stage.message);
    }
    return messages;
}

/// Its stages: those of its messages, and what opened and closed the connection where nobody else was
/// carried.
QList<smtp::TracedStage> stagesFor(const smtp::SessionTrace &trace, const AttemptSessions::Opened &opened)
{
    const QList<int> own = messagesIn(trace, opened);
    int last = 0;
    for (const smtp::TracedStage &stage : trace.stages)
        last = std::max(last, stage.message);
    const int firstOwn = own.isEmpty() ? last + 1 : own.first();
    const int lastOwn = own.isEmpty() ? last : own.last();
    QList<smtp::TracedStage> stages;
    int before = 0; // the message whose stages were passed last
    for (const smtp::TracedStage &stage : trace.stages) {
        before = std::max(before, stage.message);
        const bool isOpening = stage.message == 0 && before == 0 && firstOwn <= 1;
        const bool isEnd = stage.message == 0 && before > 0 && before == lastOwn && lastOwn == last;
        const bool isPause = stage.stage == smtp::TraceStage::Between; // no time of this message
        if ((own.contains(stage.message) || isOpening || isEnd) && !isPause)
            stages.append(stage);
    }
    return stages;
}

Tone toneOf(const smtp::TracedStage &stage, bool isLast)
{
    if (stage.reply.isPermanent())
        return Tone::Refused;
    const bool isNeeded = stage.stage != smtp::TraceStage::Quit; // nothing is lost by a QUIT without reply
    if (stage.reply.isTransient() || (isLast && isNeeded && stage.reply.isNull())) // it came to nothing
        return Tone::Deferred;
    return stage.reply.isNull() ? Tone::Transit : Tone::Accepted;
}

QString recipientIn(const QByteArray &command)
{
    const qsizetype from = command.indexOf('<');
    const qsizetype to = command.indexOf('>', from);
    return from < 0 || to < 0 ? shownBytes(command).text
                              : shownBytes(command.mid(from + 1, to - from - 1)).text;
}

QString labelOf(const smtp::TracedStage &stage)
{
    const bool isLane = stage.stage == smtp::TraceStage::Rcpt && !stage.command.isEmpty();
    return isLane ? recipientIn(stage.command) : stageText(stage.stage);
}

QString spentText(smtp::TimeSpent spent)
{
    switch (spent) {
    case smtp::TimeSpent::Waiting:
        break;
    case smtp::TimeSpent::Working:
        return WaterfallWords::tr("Work on this computer");
    case smtp::TimeSpent::Either:
        return WaterfallWords::tr("Work on this computer or waiting for the other end: not told apart");
    }
    return WaterfallWords::tr("Waiting for the other end");
}

WaterfallRow rowOf(const smtp::SessionTrace &trace, const smtp::TracedStage &stage, int attempt)
{
    WaterfallRow row;
    row.attempt = attempt;
    row.label = labelOf(stage);
    row.tone = toneOf(stage, &stage == &trace.stages.constLast());
    row.spent = smtp::timeSpentIn(stage.stage, trace.role);
    row.role = trace.role;
    row.from = stage.from;
    row.to = stage.to;
    row.sessionId = trace.sessionId;
    row.stage = stage;
    row.host = trace.host;
    row.choice = trace.choice;
    return row;
}

/// What is missing may be of another message on the same connection: nobody counted it apart.
WaterfallRow headingOf(const QList<WaterfallRow> &rows, int attempt, qint64 leftOut)
{
    WaterfallRow heading;
    heading.role = rows.first().role;
    heading.kind = WaterfallRow::Kind::Attempt;
    heading.attempt = attempt;
    heading.from = rows.first().from;
    heading.to = rows.first().to;
    for (const WaterfallRow &row : rows) {
        heading.from = std::min(heading.from, row.from);
        heading.to = std::max(heading.to, row.to);
    }
    heading.label = leftOut > 0 ? WaterfallWords::tr("Attempt %1, not complete").arg(attempt)
                                : WaterfallWords::tr("Attempt %1").arg(attempt);
    heading.leftOut = leftOut;
    heading.tone = Tone::Neutral;
    return heading;
}

QString headingText(const WaterfallRow &heading)
{
    QString text = WaterfallWords::tr("%1, %2", "when it began, how long it took")
                       .arg(exactTime(heading.from / oneSecond), durationText(heading.to - heading.from));
    if (heading.leftOut > 0)
        text += QStringLiteral(", ")
            + (heading.role == smtp::SessionRole::Server
                    ? WaterfallWords::tr("%Ln line(s) of it not kept", nullptr, int(heading.leftOut))
                    : WaterfallWords::tr("%Ln stage(s) and note(s) of its connections not kept", nullptr,
                        int(heading.leftOut)));
    return text;
}

/// Of a session that came to us.
QString clientText(const WaterfallRow &row)
{
    const QString session = sessionLabel(row.sessionId);
    return row.host.isEmpty() ? WaterfallWords::tr("Session: %1").arg(session)
                              : WaterfallWords::tr("Client: %1 (%2)", "name that it gave, session")
                                    .arg(shownBytes(row.host).text, session);
}

QList<WaterfallRow> rowsOf(const mail::Journey &journey, const AttemptSessions &attempt, int number)
{
    QList<WaterfallRow> rows;
    qint64 leftOut = 0;
    for (const AttemptSessions::Opened &opened : attempt.sessions) {
        const auto trace = std::find_if(journey.traces.begin(), journey.traces.end(),
            [&opened](const smtp::SessionTrace &one) { return one.sessionId == opened.id; });
        if (trace == journey.traces.end())
            continue;
        leftOut += trace->leftOut;
        smtp::SessionTrace own = *trace;
        own.stages = stagesFor(*trace, opened);
        for (const smtp::TracedStage &stage : std::as_const(own.stages))
            rows.append(rowOf(own, stage, number));
    }
    std::stable_sort(rows.begin(), rows.end(),
        [](const WaterfallRow &a, const WaterfallRow &b) { return a.from < b.from; });
    if (!rows.isEmpty())
        rows.prepend(headingOf(rows, number, leftOut));
    return rows;
}

/// When something goes on: apart from each other, in their order.
QList<std::pair<qint64, qint64>> busySpans(const QList<WaterfallRow> &rows)
{
    QList<std::pair<qint64, qint64>> stages;
    for (const WaterfallRow &row : rows) {
        if (row.kind == WaterfallRow::Kind::Stage)
            stages.append({row.from, row.to});
    }
    std::sort(stages.begin(), stages.end());
    QList<std::pair<qint64, qint64>> spans;
    for (const auto &[from, to] : std::as_const(stages)) {
        if (spans.isEmpty() || from > spans.last().second)
            spans.append({from, from});
        spans.last().second = std::max(spans.last().second, to);
    }
    return spans;
}

} // namespace

QList<WaterfallRow> waterfallOf(const mail::Journey &journey)
{
    QList<WaterfallRow> rows;
    const QList<AttemptSessions> attempts = attemptsOf(journey);
    for (int i = 0; i < attempts.size(); ++i)
        rows += rowsOf(journey, attempts[i], i + 1);
    return rows;
}

QList<WaterfallRow> arrivalRows(const smtp::SessionTrace &arrival)
{
    QList<WaterfallRow> rows;
    for (const smtp::TracedStage &stage : arrival.stages)
        rows.append(rowOf(arrival, stage, 0));
    if (rows.isEmpty())
        return rows;
    WaterfallRow heading = headingOf(rows, 0, arrival.leftOut);
    const QString session = sessionLabel(arrival.sessionId);
    heading.label = arrival.leftOut > 0
        ? WaterfallWords::tr("Received in session %1, not complete").arg(session)
        : WaterfallWords::tr("Received in session %1").arg(session);
    rows.prepend(heading);
    return rows;
}

QString resultOf(const WaterfallRow &row)
{
    if (row.kind == WaterfallRow::Kind::Attempt)
        return headingText(row);
    QString text = durationText(row.to - row.from);
    if (!row.stage.reply.isNull())
        text += QStringLiteral(", ") + shownBytes(row.stage.reply.toBytes()).text;
    return text;
}

QStringList factsOf(const WaterfallRow &row)
{
    if (row.kind == WaterfallRow::Kind::Attempt)
        return {row.label, resultOf(row)};
    const smtp::TracedStage &stage = row.stage;
    QStringList facts{WaterfallWords::tr("%1: %2", "stage, how long it took")
                          .arg(stageText(stage.stage), durationText(row.to - row.from)),
        spentText(row.spent)};
    if (row.role == smtp::SessionRole::Server)
        facts << clientText(row);
    else if (!row.host.isEmpty())
        facts << WaterfallWords::tr("Host: %1 (%2)", "name, why it was chosen")
                     .arg(shownBytes(row.host).text,
                         row.choice.isEmpty() ? sessionLabel(row.sessionId) : shownBytes(row.choice).text);
    if (!stage.command.isEmpty())
        facts << QStringLiteral("C: ") + shownBytes(stage.command).text;
    for (const QByteArray &line : stage.reply.wireLines())
        facts << QStringLiteral("S: ") + shownBytes(line).text;
    if (stage.octets > 0)
        facts << sizeText(stage.octets);
    for (const smtp::TraceNote &note : stage.notes)
        facts << QStringLiteral("%1  %2").arg(durationText(note.at - row.from), shownBytes(note.text).text);
    return facts;
}

QString waterfallText(const QList<WaterfallRow> &rows)
{
    QStringList lines;
    for (const WaterfallRow &row : rows) {
        const QString indent = row.kind == WaterfallRow::Kind::Attempt ? QString() : QStringLiteral("  ");
        lines << indent + row.label + QStringLiteral(": ") + resultOf(row);
    }
    return lines.join(u'\n');
}

FoldedAxis::FoldedAxis(const QList<WaterfallRow> &rows)
{
    const QList<std::pair<qint64, qint64>> spans = busySpans(rows);
    qint64 busy = 0;
    for (const auto &[from, to] : spans)
        busy += to - from;
    const qint64 width = std::max<qint64>(busy / foldShare, 1);
    for (const auto &[from, to] : spans) {
        const qint64 gap = m_pieces.isEmpty() ? 0 : from - m_pieces.last().to;
        if (gap > width) {
            m_folds.append({m_length, width, gap});
            m_length += width;
        }
        if (m_pieces.isEmpty() || gap > width)
            m_pieces.append({from, to, m_length});
        m_pieces.last().to = to;
        m_length = m_pieces.last().at + to - m_pieces.last().from;
    }
    m_length = std::max<qint64>(m_length, 1);
}

qint64 FoldedAxis::place(qint64 time) const
{
    const auto next = std::upper_bound(m_pieces.begin(), m_pieces.end(), time,
        [](qint64 moment, const Piece &piece) { return moment < piece.from; });
    if (next == m_pieces.begin())
        return 0;
    const Piece &piece = *std::prev(next);
    return piece.at + std::min(time, piece.to) - piece.from;
}

QList<FoldedAxis::Tick> FoldedAxis::ticks(qint64 from, qint64 to, qint64 step) const
{
    QList<Tick> ticks;
    for (const Piece &piece : m_pieces) {
        const qint64 begun = piece.from - m_pieces.first().from;
        const qint64 end = std::min(piece.to - piece.from, to - piece.at);
        const qint64 hidden = std::max<qint64>(0, from - piece.at);
        for (qint64 lasted = (hidden + step - 1) / step * step; lasted <= end; lasted += step) {
            const qint64 at = piece.at + lasted;
            const bool isNear = !ticks.isEmpty() && at - ticks.last().at < step;
            if (isNear && (lasted > 0 || ticks.last().after == 0))
                continue;
            if (isNear) // where something begins is worth more than how long something went on
                ticks.removeLast();
            ticks.append({at, begun, lasted});
        }
    }
    return ticks;
}

} // namespace glasspost::ui
