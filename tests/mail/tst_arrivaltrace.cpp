// What a session of the listener has of one message: its own stages alone, whose time each was, and nothing
// that the transcript does not tell.
#include "mail/journey/arrivaltrace.h"
#include "mail/maildir/maildirname.h"
#include "tests/support/arrivals.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;
using smtp::Speaker;
using smtp::TimeSpent;
using smtp::TraceStage;

namespace {

QList<TraceStage> kindsOf(const smtp::SessionTrace &trace)
{
    QList<TraceStage> kinds;
    for (const smtp::TracedStage &stage : trace.stages)
        kinds.append(stage.stage);
    return kinds;
}

QStringList saidIn(const smtp::SessionTrace &trace)
{
    QStringList said;
    for (const smtp::TracedStage &stage : trace.stages) {
        if (!stage.command.isEmpty())
            said.append(QString::fromLatin1(stage.command));
    }
    return said;
}

const QList<TraceStage> whole{TraceStage::Connect, TraceStage::Greeting, TraceStage::ClientTurn,
    TraceStage::Hello, TraceStage::ClientTurn, TraceStage::Mail, TraceStage::ClientTurn, TraceStage::Rcpt,
    TraceStage::ClientTurn, TraceStage::Data, TraceStage::Body, TraceStage::EndOfData, TraceStage::ClientTurn,
    TraceStage::Quit};

} // namespace

class TestArrivalTrace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsWhoseTimeItWas();
    void othersAreLeftOut_data();
    void othersAreLeftOut();
    void theLastChunkEndsIt();
    void whatIsNotKnownIsNotClaimed();
    void namesTellTheirMoment_data();
    void namesTellTheirMoment();
};

/// The time from a command to its reply went to work here, that from the reply to the next command is the
/// client's; together they make up the session.
void TestArrivalTrace::tellsWhoseTimeItWas()
{
    const smtp::SessionTrace trace
        = arrivalTrace(sessionWith({"first"}), {arrivalSession, {keptName("first")}, 0});
    QCOMPARE(kindsOf(trace), whole);
    QVERIFY(trace.role == smtp::SessionRole::Server);
    qint64 until = trace.stages.first().from;
    for (const smtp::TracedStage &stage : trace.stages) {
        QCOMPARE(stage.from, until);
        until = stage.to;
        const TimeSpent spent = smtp::timeSpentIn(stage.stage, trace.role);
        const bool isShared = stage.stage == TraceStage::Connect || stage.stage == TraceStage::Body;
        const bool isClients = stage.stage == TraceStage::ClientTurn;
        QVERIFY(spent
            == (isShared        ? TimeSpent::Either
                    : isClients ? TimeSpent::Waiting
                                : TimeSpent::Working));
        if (isClients)
            QCOMPARE(stage.to - stage.from, clientTakes);
        else if (!stage.command.isEmpty())
            QCOMPARE(stage.to - stage.from, serverTakes);
    }
    QCOMPARE(takenOverWith(trace).toBytes(), QByteArray("250 2.0.0 Ok: kept as " + keptName("first")));
    for (const TraceStage shared : {TraceStage::Auth, TraceStage::Handshake})
        QVERIFY(smtp::timeSpentIn(shared, smtp::SessionRole::Server) == TimeSpent::Either);
    QVERIFY(
        smtp::timeSpentIn(TraceStage::Mail) == TimeSpent::Waiting); // at a client's end it is the server's
}

void TestArrivalTrace::othersAreLeftOut_data()
{
    QTest::addColumn<ArrivedMessage>("message");
    QTest::addColumn<QStringList>("said");
    const QStringList first{QStringLiteral("EHLO client.example.net"),
        QStringLiteral("MAIL FROM:<first@example.net>"), QStringLiteral("RCPT TO:<first@example.org>"),
        QStringLiteral("DATA"), QStringLiteral(".")};
    const QStringList second{QStringLiteral("MAIL FROM:<second@example.net>"),
        QStringLiteral("RCPT TO:<second@example.org>"), QStringLiteral("DATA"), QStringLiteral("."),
        QStringLiteral("QUIT")};
    QTest::newRow("first, by the reply") << ArrivedMessage{arrivalSession, {keptName("first")}, 0} << first;
    QTest::newRow("second, by the reply")
        << ArrivedMessage{arrivalSession, {keptName("second")}, 0} << second;
    // A copy for another mailbox has a name that was not said, made at the same time.
    const Transcript both = sessionWith({"first", "second"});
    const auto endOf = [&both](const QByteArray &name) {
        for (const smtp::TranscriptEntry &entry : both.second) {
            if (entry.bytes.endsWith(keptName(name)))
                return entry.at;
        }
        return qint64(0);
    };
    QTest::newRow("first, by the time")
        << ArrivedMessage{arrivalSession, {"another"}, endOf("first") - 1} << first;
    QTest::newRow("second, by the time")
        << ArrivedMessage{arrivalSession, {"another"}, endOf("second") - 1} << second;
    QTest::newRow("not to be told") << ArrivedMessage{arrivalSession, {"another"}, 0} << QStringList();
}

void TestArrivalTrace::othersAreLeftOut()
{
    QFETCH(ArrivedMessage, message);
    QFETCH(QStringList, said);
    QCOMPARE(saidIn(arrivalTrace(sessionWith({"first", "second"}), message)), said);
}

/// RFC 3030: no dot comes, and a chunk with its reply is the time of both ends.
void TestArrivalTrace::theLastChunkEndsIt()
{
    Transcript transcript = sessionWith({"first", "second"});
    for (smtp::TranscriptEntry &entry : transcript.second) {
        if (entry.bytes == "DATA")
            entry.bytes = "BDAT 4000";
        else if (entry.bytes == "354 go on")
            entry.bytes = "250 2.0.0 4000 octets received";
    }
    for (qsizetype i = transcript.second.size() - 1; i >= 0; --i) {
        if (transcript.second[i].bytes == ".")
            transcript.second.remove(i);
        else if (transcript.second[i].isData)
            transcript.second.insert(
                i, {transcript.second[i].at, Speaker::Client, false, "bdat 321 last", 0});
    }
    const smtp::SessionTrace trace = arrivalTrace(transcript, {arrivalSession, {keptName("second")}, 0});
    QCOMPARE(saidIn(trace),
        (QStringList{QStringLiteral("MAIL FROM:<second@example.net>"),
            QStringLiteral("RCPT TO:<second@example.org>"), QStringLiteral("BDAT 4000"),
            QStringLiteral("bdat 321 last"), QStringLiteral("QUIT")}));
    QCOMPARE(takenOverWith(trace).toBytes(), QByteArray("250 2.0.0 Ok: kept as " + keptName("second")));
    QVERIFY(!kindsOf(trace).contains(TraceStage::EndOfData));
}

void TestArrivalTrace::whatIsNotKnownIsNotClaimed()
{
    const ArrivedMessage message{arrivalSession, {keptName("first")}, 0};
    // One message alone needs no name.
    QVERIFY(!arrivalTrace(sessionWith({"first"}), {arrivalSession, {}, 0}).stages.isEmpty());
    Transcript others = sessionWith({"first"});
    others.first.messages = 2; // of the other one no line is kept
    QVERIFY(arrivalTrace(others, {arrivalSession, {}, 0}).stages.isEmpty());
    // After a refusal the listener may have let the client wait.
    Transcript refused = sessionWith({"first"});
    for (smtp::TranscriptEntry &entry : refused.second) {
        if (entry.bytes == "250 2.1.5 Ok")
            entry.bytes = "550 5.1.1 no such user";
    }
    QList<TraceStage> kinds = whole;
    kinds.removeAt(8);
    QCOMPARE(kindsOf(arrivalTrace(refused, message)), kinds);
    // Where lines are missing, nobody knows who had the turn.
    Transcript cut = sessionWith({"first"});
    cut.second.append(
        {cut.first.endedAt, Speaker::Event, false, "17 lines left out: the disk was too slow", 0});
    const smtp::SessionTrace trace = arrivalTrace(cut, message);
    QCOMPARE(trace.leftOut, qint64(17));
    QVERIFY(!kindsOf(trace).contains(TraceStage::ClientTurn));
    QVERIFY(kindsOf(trace).contains(TraceStage::EndOfData));
}

void TestArrivalTrace::namesTellTheirMoment_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<qint64>("moment");
    QTest::newRow("ours") << QByteArray("1795867200.M42P17Q3.host,S=9,W=10") << qint64(1'795'867'200'000'042);
    QTest::newRow("no fraction") << QByteArray("1795867200.17_3.host") << qint64(0);
    QTest::newRow("too large a fraction") << QByteArray("1795867200.M1000000P17Q3.host") << qint64(0);
    QTest::newRow("no number") << QByteArray("1795867200.MxP17Q3.host") << qint64(0);
    QTest::newRow("nothing") << QByteArray() << qint64(0);
    QTest::newRow("a dot") << QByteArray(".") << qint64(0);
}

void TestArrivalTrace::namesTellTheirMoment()
{
    QFETCH(QByteArray, name);
    QFETCH(qint64, moment);
    QCOMPARE(momentOf(name), moment);
}

QTEST_APPLESS_MAIN(TestArrivalTrace)
#include "tst_arrivaltrace.moc"
