// The server engine's time is what its owner tells: no sleep, no timer, no clock.
#include "smtp/server/anycredentials.h"
#include "smtp/server/serverengine.h"

#include <QTest>

#include <chrono>

using namespace glasspost::smtp;
using namespace std::chrono_literals;

namespace {

/// An engine whose owner takes everything at once, or not before it is told to.
class Clocked
{
public:
    Clocked() : engine(settings, {}, {}, nullptr)
    {
        settings.hostName = "mail.example.test";
        settings.limits.idle = 300s;
        settings.limits.withoutMessage = 1800s;
        settings.limits.minimumRate = 500;
        settings.limits.errorDelay = 1000ms;
        settings.limits.slowAfterErrors = 1;
        engine.start(now);
        take();
    }

    QByteArray say(const QByteArray &octets)
    {
        engine.receive(octets, now);
        return take();
    }
    QByteArray pass(std::chrono::milliseconds time)
    {
        now.steady += time;
        now.wall += std::chrono::microseconds(time).count();
        engine.timeoutPassed(now);
        return take();
    }
    void answer()
    {
        engine.octetsTaken(now);
        engine.reply({}, now);
    }
    QByteArray take()
    {
        QList<ServerEvent> events;
        for (engine.takeEvents(events); !events.isEmpty(); engine.takeEvents(events)) {
            for (const ServerEvent &event : events) {
                if (const auto *closed = std::get_if<SessionClosed>(&event))
                    facts = closed->facts;
            }
            if (answersAtOnce)
                answer();
        }
        return engine.takeOutput();
    }
    [[nodiscard]] std::chrono::milliseconds untilTimeout() const
    {
        return std::chrono::duration_cast<std::chrono::milliseconds>(*engine.nextTimeout() - now.steady);
    }

    ServerSettings settings;
    Moment now{1'700'000'000'000'000, Moment::Steady() + 1h};
    bool answersAtOnce = true;
    SessionFacts facts; ///< of a session that has ended
    ServerEngine engine;
};

} // namespace

class TestServerTime : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void silence()
    {
        Clocked server;
        QCOMPARE(server.untilTimeout(), 300000ms);
        QCOMPARE(server.pass(299999ms), QByteArray());
        QCOMPARE(server.untilTimeout(), 1ms);
        QVERIFY(server.pass(1ms).startsWith("421 4.4.2 mail.example.test Time-out"));
        QCOMPARE(server.facts.ending, QByteArray("time-out in wait for a command"));
        QCOMPARE(server.facts.endedAt, server.now.wall);
        QVERIFY(!server.engine.nextTimeout());
    }

    /// An octet now and then is not enough: a command takes no longer than the idle time, and at least so
    /// many octets a second are expected.
    void oneOctetAtATime()
    {
        Clocked server;
        QByteArray said;
        for (int i = 0; i < 40 && said.isEmpty(); ++i) {
            said = server.say("N");
            if (said.isEmpty())
                said = server.pass(10s);
        }
        QVERIFY2(said.startsWith("421 4.4.2 mail.example.test Too slow"), said.constData());
    }

    void commandsAlone()
    {
        Clocked server;
        QByteArray said;
        int minutes = 0;
        for (; minutes < 60 && !said.startsWith("421"); ++minutes) {
            server.say(minutes % 2 == 0 ? "EHLO a.example\r\n" : "RSET\r\n");
            said = server.pass(60s);
        }
        QCOMPARE(minutes, 30);
        QVERIFY2(said.contains("No message for too long"), said.constData());
    }

    /// What the owner takes is not counted against the client, before or after.
    void ownersTimeIsNotTheClients()
    {
        Clocked server;
        server.say("EHLO a.example\r\n");
        server.pass(200s);
        server.answersAtOnce = false;
        QCOMPARE(server.say("MAIL FROM:<a@example.org>\r\n"), QByteArray());
        QVERIFY(!server.engine.isReading());
        QVERIFY(!server.engine.nextTimeout());
        QCOMPARE(server.pass(1000s), QByteArray());
        server.answer();
        QVERIFY(server.take().startsWith("250 "));
        QCOMPARE(server.untilTimeout(), 300000ms);
    }

    void slowedDown()
    {
        Clocked server;
        QVERIFY(server.say("XYZZY\r\n").startsWith("500"));
        QCOMPARE(server.say("XYZZY\r\nNOOP\r\n"), QByteArray());
        QVERIFY(server.engine.isSlowedDown());
        QCOMPARE(server.untilTimeout(), 1000ms);
        QCOMPARE(server.pass(999ms), QByteArray());
        const QByteArray said = server.pass(1ms);
        QVERIFY2(said.startsWith("500") && said.contains("\r\n250 "), said.constData());
    }

    /// RFC 4865 4: a moment too far away is measured by the time that the owner tells.
    void timeOfDay()
    {
        Clocked server;
        server.settings.offerFutureRelease = true;
        server.settings.limits.longestHold = 60s;
        SessionFacts facts;
        facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
        ServerEngine engine(server.settings, {}, facts, nullptr);
        engine.start(server.now);
        engine.reply({}, server.now);
        engine.takeOutput();
        engine.receive("EHLO a.example\r\n", server.now);
        const QByteArray hello = engine.takeOutput();
        QVERIFY2(hello.contains("FUTURERELEASE 60 2023-11-14T22:14:20Z\r\n"), hello.constData());
    }

    /// RFC 2195 2: a challenge of CRAM-MD5 has a random number and the time, which is the owner's here too.
    void timeInChallenge()
    {
        Clocked server;
        server.settings.offerAuth = true;
        AnyCredentials credentials;
        SessionFacts facts;
        facts.peerAddress = QHostAddress(QHostAddress::LocalHost);
        ServerEngine engine(server.settings, {}, facts, &credentials);
        engine.start(server.now);
        engine.reply({}, server.now);
        engine.receive("EHLO a.example\r\n", server.now);
        engine.takeOutput();
        engine.receive("AUTH CRAM-MD5\r\n", server.now);
        const QByteArray said = engine.takeOutput();
        QVERIFY2(said.startsWith("334 "), said.constData());
        const QByteArray challenge = QByteArray::fromBase64(said.mid(4).trimmed());
        QVERIFY2(challenge.endsWith(".1700000000000000@localhost>"), challenge.constData());
    }
};

QTEST_GUILESS_MAIN(TestServerTime)
#include "tst_servertime.moc"
