// The client engine's time is what its owner tells: no sleep, no timer, no clock.
#include "smtp/client/clientengine.h"
#include "tests/support/memorysource.h"

#include <QTest>

#include <chrono>

using namespace glasspost;
using namespace glasspost::smtp;
using namespace std::chrono_literals;

namespace {

ClientSettings settingsForTime()
{
    ClientSettings settings;
    settings.heloName = "client.example.net";
    settings.tls = TlsMode::None;
    return settings;
}

/// An engine that is connected and has a message to send.
class Clocked
{
public:
    explicit Clocked(qint64 lines = 1, qint64 holdUntil = 0) : engine(settingsForTime())
    {
        Envelope envelope;
        envelope.reversePath = {"alice", "example.net"};
        envelope.recipients = {EnvelopeRecipient{{"bob", "example.org"}, {}, {}}};
        envelope.holdUntil = holdUntil;
        engine.connecting(now);
        engine.connectionOpened({}, now);
        engine.send(envelope, std::make_shared<test::MemorySource>(QByteArray(70, 'x') + "\n", lines), now);
    }

    /// Gives what the engine says then.
    QByteArray hear(const QByteArray &line)
    {
        engine.receive(line + "\r\n", now);
        return engine.takeOutput(blockSize, now);
    }
    void pass(std::chrono::milliseconds time)
    {
        now.steady += time;
        now.wall += std::chrono::microseconds(time).count();
        engine.timeoutPassed(now);
    }
    [[nodiscard]] std::chrono::milliseconds untilTimeout() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(*engine.nextTimeout() - now.steady);
    }
    RecipientReport report()
    {
        for (const ClientEvent &event : engine.takeEvents()) {
            if (const auto *done = std::get_if<TransactionDone>(&event))
                return done->report.recipients.constFirst();
        }
        return {};
    }

    static constexpr qint64 blockSize = 1000;
    ClientEngine engine;
    Moment now{1'700'000'000'000'000, Moment::Steady() + 1h};
};

} // namespace

class TestClientTime : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingToWaitFor()
    {
        ClientEngine engine(settingsForTime());
        QVERIFY(!engine.nextTimeout());
        engine.abort("enough", {});
        QVERIFY(!engine.nextTimeout());
    }

    /// RFC 5321 4.5.3.2.1: five minutes for the greeting, and not a millisecond less.
    void silence()
    {
        Clocked client;
        QCOMPARE(client.untilTimeout(), 300000ms);
        client.pass(299999ms);
        QCOMPARE(client.untilTimeout(), 1ms);
        QCOMPARE(int(client.engine.state()), int(ClientState::Greeting));
        client.pass(1ms);
        QCOMPARE(int(client.engine.state()), int(ClientState::Closed));
        QVERIFY(!client.engine.nextTimeout());
        const RecipientReport report = client.report();
        QCOMPARE(report.reason, QByteArray("time-out after 300 s while waiting for the greeting"));
        QCOMPARE(report.at, client.now.wall);
    }

    /// Each state has the time of its row, from the moment in which it is entered.
    void eachStateItsOwn()
    {
        Clocked client;
        client.pass(200s);
        QVERIFY(client.hear("220 mx").startsWith("EHLO"));
        QCOMPARE(client.untilTimeout(), std::chrono::milliseconds(ClientTimeouts().hello));
        client.pass(10s);
        QVERIFY(client.hear("250 mx").startsWith("MAIL"));
        QCOMPARE(client.untilTimeout(), std::chrono::milliseconds(ClientTimeouts().mail));
        client.hear("250 ok");
        client.hear("250 ok");
        client.hear("354 go");
        QVERIFY(client.engine.takeOutput(Clocked::blockSize, client.now).endsWith(".\r\n"));
        QCOMPARE(client.untilTimeout(), std::chrono::milliseconds(ClientTimeouts().dataTermination));
        client.pass(1s);
        QVERIFY(client.hear("250 kept").isEmpty());
        QVERIFY(!client.engine.nextTimeout());
        QCOMPARE(client.report().at, client.now.wall);
    }

    /// RFC 5321 4.5.3.2.5: three minutes for each block, not for the message.
    void eachBlockItsOwn()
    {
        Clocked client(100);
        for (const char *reply : {"220 mx", "250 mx", "250 ok", "250 ok"})
            client.hear(reply);
        QVERIFY(!client.hear("354 go").isEmpty());
        for (int i = 0; i < 3; ++i) {
            client.pass(100s);
            QCOMPARE(client.untilTimeout(), 80000ms);
            QVERIFY(!client.engine.takeOutput(Clocked::blockSize, client.now).isEmpty());
            QCOMPARE(client.untilTimeout(), 180000ms);
        }
        client.pass(180s);
        QCOMPARE(client.report().reason, QByteArray("time-out after 180 s while sending the message"));
    }

    void timeOfDay_data()
    {
        QTest::addColumn<qint64>("holdUntil");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("RFC 4865 4.1 a hold that is over is not asked for")
            << qint64(1'700'000'000) << QByteArray("MAIL FROM:<alice@example.net>\r\n");
        QTest::newRow("RFC 4865 4.1 a hold that is to come") << qint64(
            1'700'000'060) << QByteArray("MAIL FROM:<alice@example.net> HOLDUNTIL=2023-11-14T22:14:20Z\r\n");
        QTest::newRow("RFC 4865 4.1 a hold past the server's longest")
            << qint64(1'700'000'061) << QByteArray();
    }
    void timeOfDay()
    {
        QFETCH(qint64, holdUntil);
        QFETCH(QByteArray, line);
        Clocked client(1, holdUntil);
        client.hear("220 mx");
        QCOMPARE(client.hear("250-mx\r\n250 FUTURERELEASE 60 2030-01-01T00:00:00Z"), line);
    }
};

QTEST_GUILESS_MAIN(TestClientTime)
#include "tst_clienttime.moc"
