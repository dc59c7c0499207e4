#pragma once

// A session as our listener writes it down, with the messages that it took.

#include "mail/transcripts/transcriptbatch.h"
#include "tests/support/journeys.h"

namespace glasspost::test {

inline const QByteArray arrivalSession = "1J1B9AUMIJ6LISTEN";
inline constexpr qint64 clientTakes = 7'000; ///< microseconds: to say the next command
inline constexpr qint64 serverTakes = 3'000; ///< likewise: to answer it

/// Of the copy that was kept.
inline QByteArray keptName(const QByteArray &message)
{
    return "1795867200.M42P17Q3." + message + ",S=900,W=910";
}

/// From name@example.net to name@example.org, one message after another; from so many microseconds after
/// noon.
inline mail::Transcript sessionWith(const QList<QByteArray> &names, qint64 after = 0)
{
    using smtp::Speaker;
    mail::Transcript transcript;
    smtp::SessionFacts &facts = transcript.first;
    facts.id = arrivalSession;
    facts.role = smtp::SessionRole::Server;
    facts.peerName = "client.example.net";
    facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
    facts.startedAt = noon * 1000 + after;
    facts.messages = int(names.size());
    qint64 at = facts.startedAt;
    const auto add = [&](Speaker speaker, const QByteArray &line, qint64 data = 0) {
        transcript.second.append({at, speaker, data > 0, line, data});
    };
    const auto answer = [&](const QByteArray &line) {
        at += serverTakes;
        add(Speaker::Server, line);
    };
    const auto ask = [&](const QByteArray &command, const QByteArray &reply) {
        at += clientTakes;
        add(Speaker::Client, command);
        answer(reply);
    };
    add(Speaker::Event, "connected from 127.0.0.1 port 50123");
    answer("220 mx.example.org ESMTP");
    ask("EHLO client.example.net", "250 mx.example.org");
    for (const QByteArray &name : names) {
        ask("MAIL FROM:<" + name + "@example.net>", "250 2.1.0 Ok");
        ask("RCPT TO:<" + name + "@example.org>", "250 2.1.5 Ok");
        ask("DATA", "354 go on");
        at += clientTakes;
        add(Speaker::Client, "Subject: x\r\n", 4321);
        add(Speaker::Client, ".");
        answer("250 2.0.0 Ok: kept as " + keptName(name));
    }
    ask("QUIT", "221 2.0.0 Bye");
    facts.endedAt = at;
    return transcript;
}

} // namespace glasspost::test
