#pragma once

// Deliveries that are compared.

#include "mail/journey/comparison.h"
#include "tests/support/journeys.h"

#include <QStringList>

#include <algorithm>

namespace glasspost::test {

/// A delivery to two recipients over TLS, signed in, with every stage that is compared.
inline smtp::SessionTrace wholeTrace()
{
    smtp::SessionTrace trace = traceOf("1J1B9AUMIJ5GHHBMQ");
    const auto insert
        = [&trace](int place, smtp::TraceStage stage, const QByteArray &command, const smtp::Reply &reply) {
              smtp::TracedStage one = trace.stages[place];
              one.stage = stage;
              one.command = command;
              one.reply = reply;
              one.octets = 0;
              one.message = stage < smtp::TraceStage::Mail ? 0 : 1;
              one.notes.clear();
              trace.stages.insert(place, one);
          };
    trace.stages[3].reply.lines = {"mx1.example.org", "PIPELINING", "SIZE 1000", "CHUNKING"};
    insert(4, smtp::TraceStage::StartTls, "STARTTLS", {220, {2, 0, 0}, {"go"}});
    insert(5, smtp::TraceStage::Handshake, {}, {});
    insert(6, smtp::TraceStage::Auth, "AUTH PLAIN ***", {235, {2, 7, 0}, {"welcome"}});
    const auto rcpt = std::find_if(trace.stages.begin(), trace.stages.end(),
        [](const smtp::TracedStage &stage) { return stage.stage == smtp::TraceStage::Rcpt; });
    insert(int(rcpt - trace.stages.begin()) + 1, smtp::TraceStage::Rcpt, "RCPT TO:<carol@example.org>",
        {250, {2, 1, 5}, {"Ok"}});
    smtp::TracedStage quit = trace.stages.last();
    quit.stage = smtp::TraceStage::Quit;
    quit.message = 0;
    quit.command = "QUIT";
    quit.reply = {221, {2, 0, 0}, {"Bye"}};
    trace.stages.append(quit);
    // One after another again.
    qint64 at = trace.startedAt;
    for (smtp::TracedStage &stage : trace.stages) {
        const qint64 took = stage.to - stage.from;
        stage.from = at;
        stage.to = at += took;
    }
    return trace;
}

inline mail::ComparedDelivery deliveryOf(const smtp::SessionTrace &trace)
{
    return {{{trace, false}}, false};
}

inline int placeOf(const smtp::SessionTrace &trace, smtp::TraceStage stage)
{
    const auto found = std::find_if(trace.stages.begin(), trace.stages.end(),
        [stage](const smtp::TracedStage &one) { return one.stage == stage; });
    return int(found - trace.stages.begin());
}

inline smtp::TracedStage &stageIn(smtp::SessionTrace &trace, smtp::TraceStage stage)
{
    return trace.stages[placeOf(trace, stage)];
}

/// What differs, each with the words for its row: "rcpt: refusal".
inline QStringList found(const mail::Comparison &comparison)
{
    QStringList lines;
    for (const mail::ComparisonRow &row : comparison.rows) {
        for (const mail::Difference difference : row.differences) {
            const smtp::TracedStage &stage = (row.left.isThere ? row.left : row.right).stage;
            const QByteArray where = row.kind == mail::ComparisonRow::Kind::Session ? "session"
                : row.kind == mail::ComparisonRow::Kind::Fact                       ? "fact"
                : stage.command.isEmpty() ? QByteArray::number(int(stage.stage))
                                          : stage.command.split(' ').first();
            lines.append(QString::fromLatin1(where + ": " + mail::differenceName(difference)));
        }
    }
    return lines;
}

} // namespace glasspost::test
