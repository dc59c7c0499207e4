// Certificates that a person decides about: the questions, and how far a decision reaches.
#include "mail/queue/certificateapprovals.h"
#include "mail/queue/deliveryagent.h"
#include "mail/queue/messagesources.h"
#include "mail/settings/settingsfile.h"
#include "tests/support/memoryserver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;

namespace {

CertificateQuestion questionAt(const QByteArray &server)
{
    CertificateQuestion question;
    question.facts.host = server;
    question.facts.fingerprint = "\x01\x02";
    return question;
}

QueueEntry entryIn(const QByteArray &id, const DeliveryProgress &progress)
{
    QueueEntry entry;
    entry.id = id;
    QueueRecipient one;
    one.progress = progress;
    entry.recipients.append(one);
    return entry;
}

/// Every domain's exchanger is the one server, which the domain's policy may bind.
class OneExchanger : public smtp::ExchangerLookup
{
public:
    explicit OneExchanger(smtp::TlsDemand::Kind kind) { m_demand.kind = kind; }
    void lookup(const QByteArray &, QObject *context, std::function<void(const QByteArray &)>,
        std::function<void(const smtp::ExchangerResult &)> done) override
    {
        const QList<smtp::Exchanger> one{
            {0, "mx.example.test", {QHostAddress(QHostAddress::LocalHost)}, m_demand}};
        QTimer::singleShot(0, context, [done, one] { done(one); });
    }
    void lookupHost(const QByteArray &host, QObject *context, std::function<void(const QByteArray &)> note,
        std::function<void(const smtp::ExchangerResult &)> done) override
    {
        lookup(host, context, std::move(note), std::move(done));
    }

private:
    smtp::TlsDemand m_demand;
};

} // namespace

class TestCertificates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isAskedOnce()
    {
        CertificateApprovals approvals;
        QVERIFY(approvals.ask(questionAt("mx.example.test")));
        QVERIFY(!approvals.ask(questionAt("mx.example.test")));
        QVERIFY(approvals.ask(questionAt("mx2.example.test")));
        approvals.refuse(certificateOf(questionAt("mx.example.test")));
        QVERIFY(!approvals.ask(questionAt("mx.example.test")));
        QCOMPARE(approvals.questions().constFirst().answer, CertificateQuestion::Answer::Refused);
        approvals.close(certificateOf(questionAt("mx.example.test")));
        QCOMPARE(approvals.questions().size(), 1);
        for (int i = 0; i < 500; ++i)
            approvals.ask(questionAt("mx" + QByteArray::number(i) + ".example.net"));
        QCOMPARE(approvals.questions().size(), 100);
    }

    void onceIsAnAttempt()
    {
        CertificateApprovals approvals;
        approvals.acceptOnce(certificateOf(questionAt("mx.example.test")), {"a", "b", "c"});
        QCOMPARE(approvals.acceptedOnce().size(), 1);
        QVERIFY(!approvals.attempted({entryIn("a", Deferred())})); // asked for, not tried yet
        QVERIFY(!approvals.attempted({entryIn("a", Delivering())}));
        QVERIFY(!approvals.attempted({entryIn("a", Deferred())}));
        QVERIFY(!approvals.attempted({entryIn("b", Ended())}));
        QVERIFY(!approvals.gone({"x"}));
        QVERIFY(approvals.gone({"c"}));
        QVERIFY(approvals.acceptedOnce().isEmpty());
    }

    void isKeptInTheSettings()
    {
        QTemporaryDir folder;
        Settings settings = Settings::forFirstStart();
        settings.acceptedCertificates = {{QStringLiteral("mx.example.test"), QStringLiteral("ab12")},
            {QStringLiteral("mx2.example.test"), QStringLiteral("cd34")}};
        QVERIFY(saveSettings(folder.path(), settings));
        QCOMPARE(loadSettings(folder.path()).value(), settings);
    }

    void howFarItReaches_data()
    {
        QTest::addColumn<smtp::TlsDemand::Kind>("demand");
        QTest::addColumn<QString>("server");
        QTest::addColumn<bool>("delivered");
        using Kind = smtp::TlsDemand::Kind;
        QTest::newRow("the server's") << Kind::None << QStringLiteral("MX.example.test") << true;
        QTest::newRow("another server's") << Kind::None << QStringLiteral("mx.example.net") << false;
        QTest::newRow("MTA-STS asks for one that fits")
            << Kind::MtaSts << QStringLiteral("mx.example.test") << false;
    }
    void howFarItReaches()
    {
        QFETCH(smtp::TlsDemand::Kind, demand);
        QFETCH(QString, server);
        QFETCH(bool, delivered);
        const House house(withCertificate);
        DeliverySettings settings;
        settings.heloName = "client.example.test";
        settings.route.port = house.bound.port;
        settings.route.tls = smtp::TlsMode::Required;
        settings.route.verifyCertificate = true;
        settings.acceptedCertificates = {{server,
            QString::fromLatin1(ownCertificate().certificate.digest(QCryptographicHash::Sha256).toHex())}};
        StubTranscripts transcripts;
        DeliveryAgent agent(
            settings, [demand](const OutgoingRoute &) { return std::make_shared<OneExchanger>(demand); },
            transcripts);
        QSignalSpy refused(&agent, &DeliveryAgent::certificateRefused);
        QSignalSpy finished(&agent, &DeliveryAgent::finished);
        smtp::Envelope envelope;
        envelope.reversePath = {"alice", "a.example"};
        envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "b.example"}, {}, {}});
        agent.deliver(envelope, [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); });
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(house.mail.messages.size(), delivered ? 1 : 0);
        QCOMPARE(refused.count(), delivered ? 0 : 1);
        QCOMPARE(transcripts.lines().contains("-: this certificate was accepted for this server by hand"),
            delivered);
        if (delivered)
            return;
        const auto question = refused.constFirst().constFirst().value<CertificateQuestion>();
        QCOMPARE(question.ground,
            demand == smtp::TlsDemand::Kind::None ? CertificateQuestion::Ground::Settings
                                                  : CertificateQuestion::Ground::Policy);
        QCOMPARE(question.facts.host, QByteArray("mx.example.test"));
        const auto report = finished.constFirst().at(1).value<smtp::DeliveryReport>();
        QueueRecipient one;
        one.progress = Deferred{1, report.recipients.constFirst()};
        QVERIFY(waitsForCertificate(one, "mx.example.test"));
        QVERIFY(!waitsForCertificate(one, "mx.example.net"));
    }

    void signInAsks_data()
    {
        QTest::addColumn<smtp::TlsMode>("tls");
        QTest::newRow("T75 STARTTLS when offered") << smtp::TlsMode::Opportunistic;
        QTest::newRow("T75 STARTTLS required") << smtp::TlsMode::Required;
    }

    /// A route that asks for no certificate at all, but signs in: the person is asked, and the sign-in waits.
    void signInAsks()
    {
        QFETCH(smtp::TlsMode, tls);
        House house([](smtp::ServerSettings &server) {
            withCertificate(server);
            server.offerAuth = true;
        });
        house.mail.passwords.insert("alice", "secret");
        DeliverySettings settings;
        settings.heloName = "client.example.test";
        settings.route.kind = OutgoingRoute::Kind::Smarthost;
        settings.route.host = QStringLiteral("mx.example.test");
        settings.route.port = house.bound.port;
        settings.route.tls = tls;
        settings.route.user = QStringLiteral("alice");
        settings.passwords.insert(Account::of(settings.route), "secret");
        StubTranscripts transcripts;
        const auto lookups = [](const OutgoingRoute &) {
            return std::make_shared<OneExchanger>(smtp::TlsDemand::Kind::None);
        };
        DeliveryAgent agent(settings, lookups, transcripts);
        QSignalSpy refused(&agent, &DeliveryAgent::certificateRefused);
        QSignalSpy finished(&agent, &DeliveryAgent::finished);
        smtp::Envelope envelope;
        envelope.reversePath = {"alice", "a.example"};
        envelope.recipients.append(smtp::EnvelopeRecipient{{"bob", "b.example"}, {}, {}});
        agent.deliver(envelope, [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); });
        QTRY_COMPARE(finished.count(), 1);
        QCOMPARE(refused.count(), 1);
        QVERIFY(!transcripts.lines().join('\n').contains("C: AUTH"));
        QCOMPARE(house.mail.messages.size(), 0);
        const auto question = refused.constFirst().constFirst().value<CertificateQuestion>();
        QCOMPARE(question.ground, CertificateQuestion::Ground::Settings);
        QueueRecipient one;
        const auto report = finished.constFirst().at(1).value<smtp::DeliveryReport>();
        one.progress = Deferred{1, report.recipients.constFirst()};
        QVERIFY(waitsForCertificate(one, "mx.example.test"));
        settings.acceptedCertificates = {certificateOf(question)};
        agent.configure(settings, lookups);
        agent.deliver(envelope, [](const std::stop_token &) { return bytesSource("Subject: x\n\ntext\n"); });
        QTRY_COMPARE(finished.count(), 2);
        QCOMPARE(house.mail.messages.size(), 1);
        QVERIFY(transcripts.lines().join('\n').contains("C: AUTH"));
    }
};

QTEST_MAIN(TestCertificates)
#include "tst_certificates.moc"
