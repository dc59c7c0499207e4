// What the client's engine makes of a handshake that comes to nothing: it alone decides whether to go on in
// the clear (C47).
#include "smtp/client/clientengine.h"
#include "tests/support/memorysource.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::smtp;
using namespace std::chrono_literals;

namespace {

enum class Depends {
    Nothing,
    Certificate, ///< it is to be verified
    Password, ///< that is not for everybody's eyes
    LocalPassword ///< so is that one, but it may go to this machine in the clear
};

const QHostAddress loopback(QHostAddress::LocalHost);

ClientSettings settingsFor(TlsMode tls, Depends depends)
{
    ClientSettings settings;
    settings.heloName = "client.example.net";
    settings.tls = tls;
    settings.verifyCertificate = depends == Depends::Certificate;
    if (depends == Depends::Password)
        settings.credentials = {"user", "secret", ClearAuth::Never};
    if (depends == Depends::LocalPassword)
        settings.credentials = {"user", "secret", ClearAuth::Loopback};
    return settings;
}

/// An engine with a message to send, whose handshake has begun; what it told since.
class InHandshake
{
public:
    InHandshake(TlsMode tls, Depends depends) : engine(settingsFor(tls, depends))
    {
        Envelope envelope;
        envelope.reversePath = {"alice", "example.net"};
        envelope.recipients = {EnvelopeRecipient{{"bob", "example.org"}, {}, {}}};
        engine.setPeer({"mx.example.org", loopback, 2525, "S"});
        engine.connecting(now);
        engine.connectionOpened({}, now);
        engine.send(envelope, std::make_shared<test::MemorySource>("x\n"), now);
        if (tls != TlsMode::Implicit) {
            hear("220 mx");
            hear("250-mx\r\n250 STARTTLS");
            hear("220 go");
        }
        engine.takeEvents();
    }

    QByteArray hear(const QByteArray &line)
    {
        engine.receive(line + "\r\n", now);
        return engine.takeOutput(1000, now);
    }
    void passTime()
    {
        now.steady = *engine.nextTimeout();
        engine.timeoutPassed(now);
    }
    void takeEvents()
    {
        for (const ClientEvent &event : engine.takeEvents()) {
            reconnects += std::holds_alternative<ReconnectInClear>(event) ? 1 : 0;
            if (const auto *line = std::get_if<LineSpoken>(&event); line && line->speaker == Speaker::Event)
                notes.append(line->bytes);
            if (const auto *done = std::get_if<TransactionDone>(&event))
                reports.append(done->report.recipients.constFirst());
        }
    }

    ClientEngine engine;
    Moment now{1'700'000'000'000'000, Moment::Steady() + 1h};
    int reconnects = 0;
    QList<QByteArray> notes;
    QList<RecipientReport> reports;
};

} // namespace

class TestClientHandshake : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void failed_data()
    {
        QTest::addColumn<TlsMode>("tls");
        QTest::addColumn<Depends>("depends");
        QTest::addColumn<bool>("goesOn");
        using enum TlsMode;
        using enum Depends;
        QTest::newRow("C47 may") << Opportunistic << Nothing << true;
        QTest::newRow("C47 may, a password that may go there in the clear")
            << Opportunistic << LocalPassword << true;
        QTest::newRow("C47 may, but verified") << Opportunistic << Certificate << false;
        QTest::newRow("C47 may, but with a password") << Opportunistic << Password << false;
        QTest::newRow("C47 must") << Required << Nothing << false;
        QTest::newRow("C47 from the start") << Implicit << Nothing << false;
    }
    void failed()
    {
        QFETCH(TlsMode, tls);
        QFETCH(Depends, depends);
        QFETCH(bool, goesOn);
        InHandshake client(tls, depends);
        QCOMPARE(int(client.engine.state()), int(ClientState::Handshake));
        client.engine.handshakeFailed({4, 7, 5}, "cut", client.now);
        client.takeEvents();
        QCOMPARE(client.reconnects, goesOn ? 1 : 0);
        QCOMPARE(int(client.engine.state()), int(goesOn ? ClientState::Connecting : ClientState::Closed));
        QCOMPARE(client.reports.size(), goesOn ? 0 : 1);
        const QByteArray why = "no TLS with mx.example.org: cut";
        QCOMPARE(client.notes, QList<QByteArray>{goesOn ? why + "; trying again in the clear" : why});
        if (goesOn)
            return;
        const RecipientReport &report = client.reports.constFirst();
        QCOMPARE(report.stage, DeliveryStage::StartTls);
        QCOMPARE(report.result, DeliveryResult::Deferred);
        QCOMPARE(report.status.toBytes(), QByteArray("4.7.5"));
        QCOMPARE(report.reason, why);
    }

    /// The second connection asks for no TLS, though the server offers it again, and a third there is not.
    void clearToTheEnd()
    {
        InHandshake client(TlsMode::Opportunistic, Depends::Nothing);
        client.engine.handshakeFailed({4, 7, 5}, "cut", client.now);
        client.engine.connectionOpened({}, client.now);
        QVERIFY(client.hear("220 mx").startsWith("EHLO"));
        QVERIFY(client.hear("250-mx\r\n250 STARTTLS").startsWith("MAIL"));
        QVERIFY(!client.engine.isSecure());
        client.engine.handshakeFailed({4, 7, 5}, "cut again", client.now);
        client.takeEvents();
        QCOMPARE(client.reconnects, 1);
        QCOMPARE(int(client.engine.state()), int(ClientState::Closed));
    }

    void timedOut_data()
    {
        QTest::addColumn<TlsMode>("tls");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("C47 may")
            << TlsMode::Opportunistic
            << QByteArray("no TLS with mx.example.org: time-out in the handshake; trying again in the clear");
        QTest::newRow("C63 from the start")
            << TlsMode::Implicit
            << QByteArray(
                   "no TLS with mx.example.org: the server is silent; does it speak TLS on this port?");
        QTest::newRow("C47 must") << TlsMode::Required
                                  << QByteArray("time-out after 120 s while making the TLS connection");
    }
    void timedOut()
    {
        QFETCH(TlsMode, tls);
        QFETCH(QByteArray, said);
        InHandshake client(tls, Depends::Nothing);
        client.passTime();
        client.takeEvents();
        QCOMPARE(client.notes, QList<QByteArray>{said});
        QCOMPARE(client.reconnects, tls == TlsMode::Opportunistic ? 1 : 0);
        QCOMPARE(client.reports.isEmpty(), tls == TlsMode::Opportunistic);
        if (!client.reports.isEmpty())
            QCOMPARE(client.reports.constFirst().status.toBytes(), QByteArray("4.4.2"));
    }
};

QTEST_GUILESS_MAIN(TestClientHandshake)
#include "tst_clienthandshake.moc"
