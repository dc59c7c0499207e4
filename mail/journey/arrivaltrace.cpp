#include "mail/journey/arrivaltrace.h"

#include "mail/journey/dialoguetrace.h"

#include <algorithm>
#include <utility>

namespace glasspost::mail {

namespace {

bool hasName(const smtp::Reply &reply, const QList<QByteArray> &names)
{
    const QByteArray said = reply.toBytes();
    return std::any_of(names.begin(), names.end(),
        [&said](const QByteArray &name) { return !name.isEmpty() && said.contains(name); });
}

/// How many lines of the session the transcript has not, as it says itself.
qint64 linesLeftOut(const Transcript &transcript)
{
    qint64 lines = 0;
    for (const smtp::TranscriptEntry &entry : transcript.second) {
        const qsizetype words = entry.bytes.indexOf(" lines left out: ");
        if (entry.speaker == smtp::Speaker::Event && words > 0)
            lines += entry.bytes.left(words).toLongLong();
    }
    return lines;
}

/// Which message of the session it is, from 1; 0: that cannot be told.
int numberOf(const smtp::SessionTrace &trace, const ArrivedMessage &message, int acceptedInAll)
{
    int inTime = 0;
    int last = 0;
    int accepted = 0;
    for (const smtp::TracedStage &stage : trace.stages) {
        if (!endsMessage(stage) || !stage.reply.isPositive())
            continue;
        if (hasName(stage.reply, message.names))
            return stage.message;
        if (message.keptAt > 0 && stage.from <= message.keptAt && message.keptAt <= stage.to)
            inTime = stage.message;
        last = stage.message;
        ++accepted;
    }
    if (inTime > 0)
        return inTime;
    return accepted == 1 && acceptedInAll <= 1 ? last : 0;
}

/// Who makes mistake after mistake waits for our answer, which is written down before it leaves.
bool isClientsTurn(const smtp::TracedStage &before, const smtp::TracedStage &next)
{
    const bool mayBeSlowed = before.reply.isPermanent() || before.stage == smtp::TraceStage::Reset;
    return next.from > before.to && !mayBeSlowed;
}

smtp::TracedStage clientsTurn(const smtp::TracedStage &before, const smtp::TracedStage &next)
{
    smtp::TracedStage turn;
    turn.stage = smtp::TraceStage::ClientTurn;
    turn.from = before.to;
    turn.to = next.from;
    turn.message = next.message;
    return turn;
}

QList<smtp::TracedStage> stagesOf(int own, const QList<smtp::TracedStage> &all, bool areAllKept)
{
    int last = 0;
    for (const smtp::TracedStage &stage : all)
        last = std::max(last, stage.message);
    QList<smtp::TracedStage> stages;
    const smtp::TracedStage *before = nullptr; // the stage just before, where it is one of these
    int passed = 0; // the message whose stages came last
    for (const smtp::TracedStage &stage : all) {
        passed = std::max(passed, stage.message);
        const bool isOpening = stage.message == 0 && passed == 0 && own == 1;
        const bool isEnd = stage.message == 0 && passed == own && own == last;
        if (stage.message != own && !isOpening && !isEnd) {
            before = nullptr;
            continue;
        }
        if (before != nullptr && areAllKept && isClientsTurn(*before, stage))
            stages.append(clientsTurn(*before, stage));
        stages.append(stage);
        before = &stage;
    }
    return stages;
}

} // namespace

bool endsMessage(const smtp::TracedStage &stage)
{
    return stage.stage == smtp::TraceStage::EndOfData
        || (stage.stage == smtp::TraceStage::Body && stage.command.trimmed().toUpper().endsWith(" LAST"));
}

smtp::Reply takenOverWith(const smtp::SessionTrace &trace)
{
    const auto end = std::find_if(trace.stages.begin(), trace.stages.end(),
        [](const smtp::TracedStage &stage) { return endsMessage(stage) && stage.reply.isPositive(); });
    return end == trace.stages.end() ? smtp::Reply() : end->reply;
}

smtp::SessionTrace arrivalTrace(const Transcript &transcript, const ArrivedMessage &message)
{
    smtp::SessionTrace trace = traceOfDialogue(transcript);
    const int own = numberOf(trace, message, transcript.first.messages);
    const QList<smtp::TracedStage> all = std::exchange(trace.stages, {});
    trace.leftOut = linesLeftOut(transcript);
    if (own > 0)
        trace.stages = stagesOf(own, all, trace.leftOut == 0);
    return trace;
}

} // namespace glasspost::mail
