// The stages of a session that are told by its transcript alone: each command with its own reply, pipelined
// or not, whatever was damaged; and that what a transcript cannot tell is no difference.
#include "mail/journey/dialoguetrace.h"
#include "tests/support/comparisons.h"

#include <QtTest>

#include <random>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;
using smtp::TraceStage;

namespace {

constexpr qint64 milli = 1000;

/// As our listener writes it down, with a pipelined group.
Transcript dialogue()
{
    Transcript transcript;
    transcript.first.id = "1J1B9AUMIJ5GHHBMQ";
    transcript.first.peerName = "client.example.net";
    transcript.first.peerAddress = QHostAddress(QStringLiteral("192.0.2.3"));
    transcript.first.peerPort = 50123;
    transcript.first.tls = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    transcript.first.user = "alice";
    transcript.first.startedAt = noon * 1000;
    qint64 at = transcript.first.startedAt;
    const auto say = [&](smtp::Speaker speaker, const QByteArray &line, qint64 data = 0) {
        at += 10 * milli;
        transcript.second.append({at, speaker, data > 0, line, data});
    };
    using smtp::Speaker;
    say(Speaker::Event, "connected from 192.0.2.3 port 50123");
    say(Speaker::Server, "220 mx.example.org ESMTP");
    say(Speaker::Client, "EHLO client.example.net");
    say(Speaker::Server, "250-mx.example.org");
    say(Speaker::Server, "250 STARTTLS");
    say(Speaker::Client, "STARTTLS");
    say(Speaker::Server, "220 2.0.0 go");
    say(Speaker::Event, "TLSv1.3 TLS_AES_256_GCM_SHA384");
    say(Speaker::Client, "EHLO client.example.net");
    say(Speaker::Server, "250 mx.example.org");
    say(Speaker::Client, "AUTH LOGIN");
    say(Speaker::Server, "334 VXNlcm5hbWU6");
    say(Speaker::Client, "***");
    say(Speaker::Server, "235 2.7.0 welcome");
    say(Speaker::Client, "MAIL FROM:<alice@example.net>");
    say(Speaker::Client, "RCPT TO:<bob@example.org>");
    say(Speaker::Server, "250 2.1.0 Ok");
    say(Speaker::Server, "550 5.1.1 no such user");
    say(Speaker::Client, "DATA");
    say(Speaker::Server, "354 go on");
    say(Speaker::Client, "Subject: x\r\n", 4321);
    transcript.second.append({at, Speaker::Client, false, ".", 0});
    say(Speaker::Server, "250 2.0.0 Ok");
    say(Speaker::Client, "QUIT");
    say(Speaker::Server, "221 2.0.0 Bye");
    transcript.first.endedAt = at;
    return transcript;
}

} // namespace

class TestDialogueTrace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void dialogueTellsItsStages();
    void dialogueIsNotComparedInWhatItLacks();
    void mutatedOnesEndWithEveryStageOnce();
};

void TestDialogueTrace::dialogueTellsItsStages()
{
    const smtp::SessionTrace trace = traceOfDialogue(dialogue());
    QList<TraceStage> stages;
    qint64 until = trace.stages.first().from;
    for (const smtp::TracedStage &stage : trace.stages) {
        stages.append(stage.stage);
        QVERIFY(stage.from >= until && stage.to >= stage.from);
        until = stage.to;
    }
    QCOMPARE(stages,
        (QList<TraceStage>{TraceStage::Connect, TraceStage::Greeting, TraceStage::Hello, TraceStage::StartTls,
            TraceStage::Handshake, TraceStage::Hello, TraceStage::Auth, TraceStage::Mail, TraceStage::Rcpt,
            TraceStage::Data, TraceStage::Body, TraceStage::EndOfData, TraceStage::Quit}));
    QCOMPARE(trace.stages[2].reply.lines, (QList<QByteArray>{"mx.example.org", "STARTTLS"}));
    QCOMPARE(trace.stages[6].reply.code, 235);
    QCOMPARE(trace.mechanism, QByteArray("LOGIN"));
    QCOMPARE(trace.stages[7].reply.code, 250);
    QCOMPARE(trace.stages[8].reply.code, 550); // of a pipelined group each has its own
    QCOMPARE(trace.stages[10].octets, qint64(4321));
    QCOMPARE(trace.stages[11].command, QByteArray("."));
    QCOMPARE(trace.stages[12].reply.code, 221); // the dot's own line takes no reply away
    QCOMPARE(trace.host, QByteArray("client.example.net"));
    QCOMPARE(trace.port, quint16(0)); // a client's is another one each time
    QCOMPARE(found(compared({{{trace, true}}, false}, {{{trace, true}}, false})), QStringList());
}

/// Certificates, the choice of a host and a look-up are not in a transcript: that is no difference.
void TestDialogueTrace::dialogueIsNotComparedInWhatItLacks()
{
    smtp::SessionTrace trace = wholeTrace();
    smtp::SessionTrace said = trace;
    said.choice.clear();
    said.demand.clear();
    said.tls->chain.clear();
    said.tls->errors.clear();
    said.stages.remove(placeOf(said, TraceStage::Lookup));
    QCOMPARE(found(compared({{{said, true}}, false}, deliveryOf(trace))), QStringList());
    QVERIFY(!found(compared(deliveryOf(said), deliveryOf(trace))).isEmpty());
    said.tls->summary = "TLSv1.2 TLS_AES_256_GCM_SHA384";
    QCOMPARE(
        found(compared({{{said, true}}, false}, deliveryOf(trace))), QStringList{u"fact: tls-version"_qs});
}

/// Of any two there is each stage once, and what was not changed is in no difference that is not there.
void TestDialogueTrace::mutatedOnesEndWithEveryStageOnce()
{
    std::mt19937 random(5); // NOLINT: the same each time
    for (int round = 0; round < 2000; ++round) {
        Transcript transcript = dialogue();
        for (unsigned changes = 1 + random() % 6; changes > 0; --changes) {
            const auto place = qsizetype(random() % unsigned(transcript.second.size()));
            smtp::TranscriptEntry &entry = transcript.second[place];
            switch (random() % 4) {
            case 0:
                entry.speaker = smtp::Speaker(random() % 3);
                break;
            case 1:
                entry.bytes = entry.bytes.left(qsizetype(random() % 8)) + char(random() % 256);
                break;
            case 2:
                entry.at -= qint64(random() % 100'000);
                break;
            default:
                if (transcript.second.size() > 1)
                    transcript.second.remove(place);
            }
        }
        const smtp::SessionTrace left = traceOfDialogue(transcript);
        const smtp::SessionTrace right = wholeTrace();
        int lefts = 0;
        int rights = 0;
        for (const ComparisonRow &row : compared({{{left, true}}, false}, deliveryOf(right)).rows) {
            lefts += int(row.kind == ComparisonRow::Kind::Stage && row.left.isThere);
            rights += int(row.kind == ComparisonRow::Kind::Stage && row.right.isThere);
        }
        QCOMPARE(lefts, int(left.stages.size()));
        QCOMPARE(rights, int(right.stages.size()));
    }
}

QTEST_APPLESS_MAIN(TestDialogueTrace)
#include "tst_dialoguetrace.moc"
