#pragma once

// A message's way, made up: with each kind of event.

#include "mail/journey/journey.h"

namespace glasspost::test {

inline constexpr qint64 noon = 1'795'867'200'000; // 2026-11-28 12:00 UTC

inline mail::QueueEntry entryTo(const QByteArray &id, const QList<QByteArray> &names)
{
    mail::QueueEntry entry;
    entry.id = id;
    entry.messageIdField = id + "@example.net";
    entry.envelope.reversePath = {"alice", "example.net"};
    entry.queuedAt = noon;
    entry.subject = QStringLiteral("{\"journey\":\"no head\"}");
    for (const QByteArray &name : names) {
        mail::QueueRecipient one;
        one.recipient.forwardPath = {name, "example.org"};
        entry.recipients.append(one);
        entry.envelope.recipients.append(one.recipient);
    }
    return entry;
}

inline smtp::RecipientReport reportOf(
    const QByteArray &name, smtp::DeliveryResult result, const smtp::Reply &reply)
{
    smtp::RecipientReport report;
    report.recipient = {name, "example.org"};
    report.result = result;
    report.stage = smtp::DeliveryStage::Rcpt;
    report.reply = reply;
    report.status = reply.enhanced;
    report.command = "RCPT TO:<" + name + "@example.org> \xff";
    report.remoteHost = "mx1.example.org";
    report.remoteAddress = QHostAddress(QStringLiteral("192.0.2.1"));
    report.remotePort = 25;
    report.at = (noon + 1234) * 1000 + 567;
    report.sessionId = "1J1B9AUMIJ5GHHBMQ";
    return report;
}

/// A piece of the trace of a session, of so many messages: whole milliseconds, one stage after another.
inline smtp::SessionTrace traceOf(const QByteArray &sessionId, int piece = 0, int messages = 1)
{
    using Stage = smtp::TraceStage;
    smtp::SessionTrace trace;
    trace.sessionId = sessionId;
    trace.piece = piece;
    trace.startedAt = noon * 1000;
    qint64 at = (noon + piece * 10'000LL) * 1000;
    const auto add = [&](Stage stage, int milliseconds, int message, const QByteArray &command,
                         const smtp::Reply &reply) {
        smtp::TracedStage one;
        one.stage = stage;
        one.from = at;
        at += milliseconds * 1000LL;
        one.to = at;
        one.message = message;
        one.command = command;
        one.reply = reply;
        trace.stages.append(one);
    };
    if (piece == 0) {
        trace.host = "mx1.example.org";
        trace.address = QHostAddress(QStringLiteral("192.0.2.1"));
        trace.port = 25;
        trace.choice = "1 of 1 host, preference 10";
        trace.demand = "MTA-STS";
        trace.tls = smtp::TracedTls{"TLSv1.3 TLS_AES_256_GCM_SHA384", false,
            {{"mx1.example.org", "An authority", noon / 1000, "c0:ff:ee"}}, {"self-signed \xff"}, {}};
        trace.mechanism = "PLAIN";
        trace.user = "alice";
        add(Stage::Lookup, 40, 0, {}, {});
        trace.stages.last().notes
            = {{noon * 1000 + 7, "MX example.org: 10 mx1.example.org (DNSSEC: secure)"}};
        add(Stage::Connect, 20, 0, {}, {});
        add(Stage::Greeting, 300, 0, {}, {220, {}, {"mx1.example.org ESMTP"}});
        add(Stage::Hello, 10, 0, "EHLO client.example.net", {250, {}, {"mx1.example.org", "PIPELINING"}});
    }
    for (int message = piece * messages + 1; message <= (piece + 1) * messages; ++message) {
        add(Stage::Mail, 5, message, "MAIL FROM:<alice@example.net>", {250, {2, 1, 0}, {"Ok"}});
        add(Stage::Rcpt, 15, message, "RCPT TO:<bob@example.org>", {250, {2, 1, 5}, {"Ok"}});
        add(Stage::Data, 5, message, "DATA", {354, {}, {"go on"}});
        add(Stage::Body, 2, message, {}, {});
        trace.stages.last().octets = 1234;
        add(Stage::EndOfData, 80, message, ".", {250, {2, 0, 0}, {"Ok"}});
    }
    return trace;
}

inline const smtp::Reply notNow{452, {4, 2, 2}, {"mailbox full"}};
inline const smtp::Reply never{550, {5, 1, 1}, {"no such user"}};
inline const smtp::Reply taken{250, {2, 0, 0}, {"Ok"}};

inline mail::StatusReport bounceOf(const QByteArray &name)
{
    return {"mx9.example.org", "Q", "m@example.net",
        {{name + "@example.org", name + "@example.org", mail::ReportAction::Failed, {5, 2, 2},
            "mx9.example.org", "552 quota"}}};
}

/// Each kind of event, all of which are possible in that order.
inline mail::QueueEvents everything()
{
    using Result = smtp::DeliveryResult;
    return {mail::AttemptBegan{0, noon + 60'000}, mail::SessionOpened{"1J1B9AUMIJ5GHHBMQ"},
        mail::Attempted{0, reportOf("bob", Result::Deferred, notNow), mail::AttemptOutcome::Deferred},
        mail::AttemptBegan{1, noon + 60'000}, mail::AttemptUndone{1, 0}, mail::PutOff{1, noon + 5000},
        mail::Held(), mail::Released(), mail::TryRequested(), mail::Postponed{noon + 9000},
        mail::Rerouted{mail::OutgoingRoute()}, mail::Rerouted{std::nullopt}, mail::AttemptBegan{1, 0},
        mail::AttemptInterrupted{1, reportOf("carol", Result::Deferred, notNow)},
        mail::Notified{0, mail::DsnKind::Delay}, mail::AttemptBegan{0, 0},
        mail::Attempted{0, reportOf("bob", Result::Delivered, taken), mail::AttemptOutcome::Delivered},
        mail::AttemptBegan{1, 0},
        mail::Attempted{1, reportOf("carol", Result::Refused, never), mail::AttemptOutcome::Failed},
        mail::Notified{1, mail::DsnKind::Failure}, mail::Expired{noon + 99'000},
        mail::Returned{noon + 99'500}, mail::ReportFolded{bounceOf("bob"), {}, noon + 100'000},
        mail::ReportFolded{{}, {"m@example.net", "bob@example.org", "displayed"}, noon + 200'000}};
}

} // namespace glasspost::test
