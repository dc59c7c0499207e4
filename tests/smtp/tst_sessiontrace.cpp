// What a session tells of the time that it took: every stage with its command and its reply, one ending where
// the next begins, as the server saw it; in pieces, and bounded.
#include "smtp/client/clientsession.h"
#include "smtp/client/sessiontracer.h"
#include "smtp/session/wallclock.h"
#include "tests/support/memorysource.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace glasspost;
using namespace glasspost::smtp;

namespace {

constexpr qint64 tolerance = 2000; // microseconds

using Stage = TraceStage;

/// Keeps what one session tells.
class TraceKeeper : public TranscriptSink
{
public:
    void opened(const SessionFacts &) override { }
    void recorded(const QByteArray &, TranscriptEntry) override { }
    void changed(const SessionFacts &) override { }
    void closed(const SessionFacts &session) override { facts = session; }
    void traced(const SessionTrace &piece) override
    {
        numbers.append(piece.piece);
        trace = joined(trace, piece);
    }

    SessionFacts facts;
    SessionTrace trace;
    QList<int> numbers;
};

/// A server that takes its time, and writes down when each of its replies left. Where several commands come
/// at once it answers one after another.
class SlowServer : public QObject
{
public:
    struct Said
    {
        qint64 at;
        QByteArray command; ///< empty: the greeting
        QByteArray reply;
    };

    explicit SlowServer(bool pipelines) : m_pipelines(pipelines)
    {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            m_socket = m_server.nextPendingConnection();
            connect(m_socket, &QTcpSocket::readyRead, this, &SlowServer::read);
            m_waiting.append(QByteArray());
            answerNext();
        });
    }

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    [[nodiscard]] const QList<Said> &said() const { return m_said; }
    [[nodiscard]] QByteArray replyTo(const QByteArray &command) const
    {
        const QByteArray verb = command.left(4);
        if (command.isEmpty())
            return "220 mx.example.org";
        if (verb == "EHLO")
            return m_pipelines ? "250-mx.example.org\r\n250 PIPELINING" : "250 mx.example.org";
        if (verb == "DATA")
            return "354 go on";
        if (command.contains("<carol@"))
            return "550 5.1.1 no such user";
        return verb == "QUIT" ? "221 bye" : "250 ok";
    }

private:
    void read()
    {
        while (m_socket->canReadLine()) {
            const QByteArray line = m_socket->readLine().trimmed();
            if (m_isMessage && line != ".")
                continue;
            m_isMessage = line == "DATA";
            m_waiting.append(line);
            if (m_waiting.size() == 1)
                answerNext();
        }
    }
    void answerNext()
    {
        QTimer::singleShot(10 + 5 * int(m_said.size() % 3), Qt::PreciseTimer, this, [this] {
            const QByteArray command = m_waiting.takeFirst();
            m_socket->write(replyTo(command) + "\r\n");
            m_socket->flush();
            m_said.append({microsecondsNow(), command, replyTo(command)});
            if (!m_waiting.isEmpty())
                answerNext();
        });
    }

    bool m_pipelines;
    QTcpServer m_server;
    QTcpSocket *m_socket = nullptr;
    QList<QByteArray> m_waiting; ///< commands without a reply
    QList<Said> m_said;
    bool m_isMessage = false;
};

Envelope envelopeTo(const QList<QByteArray> &names)
{
    Envelope envelope;
    envelope.reversePath = {"alice", "example.net"};
    for (const QByteArray &name : names)
        envelope.recipients.append(EnvelopeRecipient{{name, "example.org"}, {}, {}});
    return envelope;
}

/// Carries two messages there: the second on the same connection.
void carryTwo(const SlowServer &server, TraceKeeper &keeper)
{
    ClientSettings settings;
    settings.heloName = "client.example.net";
    settings.tls = TlsMode::None;
    ClientSession session(settings, keeper);
    const auto message = [] { return std::make_shared<test::MemorySource>(QByteArray("text\n"), 3); };
    QSignalSpy over(&session, &ClientSession::sessionFinished);
    int carried = 0;
    QObject::connect(&session, &ClientSession::transactionFinished, &session, [&] {
        if (++carried == 1)
            session.send(envelopeTo({"dave"}), message());
        else
            session.quit();
    });
    session.send(envelopeTo({"bob", "carol"}), message());
    Endpoint endpoint;
    endpoint.host = "localhost";
    endpoint.address = QHostAddress::LocalHost;
    endpoint.port = server.port();
    session.connectToServer(endpoint);
    QTRY_COMPARE_WITH_TIMEOUT(over.count(), 1, 30000);
}

QList<TracedStage> answeredOnes(const SessionTrace &trace)
{
    QList<TracedStage> stages;
    for (const TracedStage &stage : trace.stages) {
        if (!stage.reply.isNull())
            stages.append(stage);
    }
    return stages;
}

} // namespace

class TestSessionTrace : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatTheServerSaid_data();
    void tellsWhatTheServerSaid();
    void timesAreTheServers();
    void aLookUpComesFirst();
    void aChallengeIsKeptBack();
    void whatNeverCameIsTheLastStage();
    void chunksAddUp();
    void isBounded();
};

void TestSessionTrace::tellsWhatTheServerSaid_data()
{
    QTest::addColumn<bool>("pipelines");
    QTest::newRow("one after another") << false;
    QTest::newRow("pipelined") << true;
}

void TestSessionTrace::tellsWhatTheServerSaid()
{
    QFETCH(bool, pipelines);
    const SlowServer server(pipelines);
    TraceKeeper keeper;
    carryTwo(server, keeper);
    const SessionTrace &trace = keeper.trace;
    QCOMPARE(trace.sessionId, keeper.facts.id);
    QCOMPARE(trace.startedAt, keeper.facts.startedAt);
    QCOMPARE(trace.host, QByteArray("localhost"));
    QCOMPARE(trace.address, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(trace.port, server.port());
    QCOMPARE(keeper.numbers, (QList<int>{0, 1, 2})); // after each message, and at the end
    const QList<TracedStage> answered = answeredOnes(trace);
    QCOMPARE(answered.size(), server.said().size());
    for (qsizetype i = 0; i < answered.size(); ++i) {
        QCOMPARE(answered[i].command, server.said()[i].command);
        QCOMPARE(answered[i].reply.code, server.said()[i].reply.left(3).toInt());
    }
    QList<Stage> stages;
    QList<int> messages;
    for (const TracedStage &stage : trace.stages) {
        stages.append(stage.stage);
        messages.append(stage.message);
    }
    const QList<Stage> expected{Stage::Connect, Stage::Greeting, Stage::Hello, Stage::Mail, Stage::Rcpt,
        Stage::Rcpt, Stage::Data, Stage::Body, Stage::EndOfData, Stage::Between, Stage::Mail, Stage::Rcpt,
        Stage::Data, Stage::Body, Stage::EndOfData, Stage::Between, Stage::Quit};
    // What takes no time between two messages may be no stage of its own.
    stages.removeAll(Stage::Between);
    QList<Stage> withoutGaps = expected;
    withoutGaps.removeAll(Stage::Between);
    QCOMPARE(stages, withoutGaps);
    QCOMPARE(messages.count(1), 6);
    QCOMPARE(messages.count(2), 5);
    for (const TracedStage &stage : trace.stages)
        QVERIFY((stage.octets > 0) == (stage.stage == Stage::Body));
}

/// The bars make up the session, and each ends when the server's reply left. A scheduler may hold a process
/// up: one of some runs is undisturbed.
void TestSessionTrace::timesAreTheServers()
{
    constexpr int runs = 20;
    qint64 least = std::numeric_limits<qint64>::max();
    for (int run = 0; run < runs && least > tolerance; ++run) {
        const SlowServer server(run % 2 == 0);
        TraceKeeper keeper;
        carryTwo(server, keeper);
        const QList<TracedStage> &stages = keeper.trace.stages;
        QCOMPARE(stages.first().from, keeper.facts.startedAt);
        qint64 sum = 0;
        for (qsizetype i = 0; i < stages.size(); ++i) {
            sum += stages[i].to - stages[i].from;
            QVERIFY(i == 0 || stages[i].from == stages[i - 1].to);
        }
        qint64 worst = std::abs(keeper.facts.endedAt - keeper.facts.startedAt - sum);
        const QList<TracedStage> answered = answeredOnes(keeper.trace);
        QCOMPARE(answered.size(), server.said().size());
        for (qsizetype i = 0; i + 1 < answered.size(); ++i) // the last lasts until the connection is closed
            worst = std::max(worst, std::abs(answered[i].to - server.said()[i].at));
        least = std::min(least, worst);
    }
    QVERIFY2(least <= tolerance, qPrintable(QStringLiteral("%1 microseconds").arg(least)));
}

void TestSessionTrace::aLookUpComesFirst()
{
    SessionTracer tracer;
    tracer.setOrigin(
        {1000, {{1200, "MX example.org: 10 mx1.example.org"}}, "1 of 1 host, preference 10", "DANE"});
    tracer.begin("1", "mx1.example.org", 5000);
    tracer.entered({ClientState::Idle, ClientState::Connecting}, 5001);
    tracer.noted("connecting to 192.0.2.1:25", 5002);
    tracer.entered({ClientState::Connecting, ClientState::Greeting}, 9000);
    const auto trace = tracer.take();
    QVERIFY(trace);
    QCOMPARE(trace->choice, QByteArray("1 of 1 host, preference 10"));
    QCOMPARE(trace->demand, QByteArray("DANE"));
    QCOMPARE(trace->stages.size(), 2);
    QCOMPARE(trace->stages[0].stage, Stage::Lookup);
    QCOMPARE(trace->stages[0].from, 1000);
    QCOMPARE(trace->stages[0].to, 5000);
    QCOMPARE(trace->stages[0].notes.value(0).at, 1200);
    QCOMPARE(trace->stages[1].to, 9000);
    QCOMPARE(trace->stages[1].notes.value(0).text, QByteArray("connecting to 192.0.2.1:25"));
    QVERIFY(!tracer.take()); // the greeting has not come yet
}

void TestSessionTrace::aChallengeIsKeptBack()
{
    SessionTracer tracer;
    tracer.begin("1", "mx1.example.org", 1000);
    tracer.entered({ClientState::Ehlo, ClientState::Auth}, 1000);
    tracer.answered({ClientState::Auth, "AUTH CRAM-MD5", {334, {}, {"c2VjcmV0"}}}, 2000);
    tracer.answered({ClientState::Auth, "(response)", {235, {2, 7, 0}, {"Welcome"}}}, 3000);
    tracer.signedIn({"alice", "CRAM-MD5"});
    tracer.entered({ClientState::Auth, ClientState::Ready}, 3000);
    const auto trace = tracer.take();
    QVERIFY(trace);
    QCOMPARE(trace->stages.size(), 1);
    QCOMPARE(trace->stages[0].command, QByteArray("AUTH CRAM-MD5"));
    QCOMPARE(trace->stages[0].reply.code, 235);
    QCOMPARE(trace->stages[0].to, 3000);
    QCOMPARE(trace->mechanism, QByteArray("CRAM-MD5"));
}

/// The second recipient's reply did not come for a minute.
void TestSessionTrace::whatNeverCameIsTheLastStage()
{
    SessionTracer tracer;
    tracer.begin("1", "mx1.example.org", 1000);
    tracer.entered({ClientState::Ready, ClientState::Mail}, 1000);
    tracer.answered({ClientState::Mail, "MAIL FROM:<a@b>", {250, {}, {}}}, 2000);
    tracer.entered({ClientState::Mail, ClientState::Rcpt}, 2000);
    tracer.answered({ClientState::Rcpt, "RCPT TO:<c@d>", {250, {}, {}}}, 3000);
    tracer.noted("time-out", 60'003'000);
    tracer.entered({ClientState::Rcpt, ClientState::Closed}, 60'003'000);
    tracer.end(60'003'001);
    const auto trace = tracer.take();
    QVERIFY(trace);
    QCOMPARE(trace->stages.size(), 3);
    QCOMPARE(trace->stages[2].stage, Stage::Rcpt);
    QVERIFY(trace->stages[2].reply.isNull());
    QCOMPARE(trace->stages[2].from, 3000);
    QCOMPARE(trace->stages[2].to, 60'003'001);
    QCOMPARE(trace->stages[2].message, 1);
}

/// Two chunks at once, the last after the reply to both: each octet is told of once, in the body.
void TestSessionTrace::chunksAddUp()
{
    SessionTracer tracer;
    tracer.begin("1", "mx1.example.org", 1000);
    tracer.entered({ClientState::Rcpt, ClientState::Chunk}, 1000);
    tracer.dataSent(10);
    tracer.dataSent(20);
    tracer.answered({ClientState::Chunk, "BDAT 10", {250, {}, {}}}, 2000);
    tracer.answered({ClientState::Chunk, "BDAT 20", {250, {}, {}}}, 3000);
    tracer.dataSent(5);
    tracer.entered({ClientState::Chunk, ClientState::EndOfData}, 4000);
    tracer.answered({ClientState::EndOfData, "BDAT 5 LAST", {250, {}, {}}}, 9000);
    const auto trace = tracer.take();
    QVERIFY(trace);
    qint64 octets = 0;
    for (const TracedStage &stage : trace->stages)
        octets += stage.stage == Stage::Body ? stage.octets : 0;
    QCOMPARE(octets, 35);
    QCOMPARE(trace->stages.last().stage, Stage::EndOfData);
    QCOMPARE(trace->stages.last().from, 4000);
    QCOMPARE(trace->stages.last().octets, 0);
}

void TestSessionTrace::isBounded()
{
    constexpr int many = 6000;
    SessionTracer tracer;
    tracer.begin("1", "mx1.example.org", 1000);
    for (int i = 0; i < many; ++i) {
        tracer.noted(QByteArray(5000, 'x'), 1000);
        tracer.answered({ClientState::Rcpt, QByteArray(5000, 'y'), {250, {}, {QByteArray(5000, 'z')}}}, 1000);
    }
    const auto trace = tracer.take();
    QVERIFY(trace);
    QCOMPARE(trace->stages.size(), 5000);
    QCOMPARE(trace->leftOut, (many - 5000) + (many - 1000));
    for (const TracedStage &stage : trace->stages) {
        QVERIFY(stage.command.size() < 1100);
        QVERIFY(stage.reply.lines.first().size() < 1100);
    }
}

QTEST_GUILESS_MAIN(TestSessionTrace)
#include "tst_sessiontrace.moc"
