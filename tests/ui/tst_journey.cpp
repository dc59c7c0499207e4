#include "ui/message/journey.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

class TestJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void localMailHasNoSession()
    {
        QVERIFY(journeyOf(mail::MessageView(), std::nullopt, std::nullopt, QDateTime()).isEmpty());
    }

    void arrivalNamesPeerTlsAndEnvelope()
    {
        mail::MessageView message;
        message.sessionId = "s1";
        message.returnPath = "bob@example.org";
        message.deliveredTo = {"alice@example.test"};
        message.tolerated = {"MAIL FROM: <a@b> (there is a blank before it)"};
        message.parameters = {"RCPT TO:<c@d> NOTIFY=NEVER"};
        smtp::SessionFacts session;
        session.id = "s1";
        session.peerAddress = QHostAddress(QHostAddress::LocalHost);
        session.peerName = "client.example";
        session.tls = "TLSv1.3";
        const QList<JourneyStep> steps = journeyOf(message, session, std::nullopt, QDateTime());
        QCOMPARE(steps.size(), 2);
        QVERIFY(steps[0].title.contains(QStringLiteral("client.example")));
        QVERIFY(steps[0].facts.join(QLatin1Char('\n')).contains(QStringLiteral("TLSv1.3")));
        QCOMPARE(steps[0].sessionId, QByteArray("s1"));
        QVERIFY(steps[1].facts.join(QLatin1Char('\n')).contains(QStringLiteral("alice@example.test")));
        QVERIFY(steps[1].facts.contains(QStringLiteral("Asked for: RCPT TO:<c@d> NOTIFY=NEVER")));
        QVERIFY(steps[1].facts.contains(
            QStringLiteral("A strict server refuses this: MAIL FROM: <a@b> (there is a blank before it)")));
    }

    void eachRecipientKeepsItsOwnFacts()
    {
        mail::QueueEntry entry;
        entry.queuedAt = 1;
        mail::QueueRecipient taken;
        taken.recipient.forwardPath = {"a", "example.org"};
        taken.state = mail::RecipientState::Delivered;
        mail::QueueRecipient refused;
        refused.recipient.forwardPath = {"b", "example.org"};
        refused.state = mail::RecipientState::Failed;
        refused.attempts = 2;
        refused.lastReport.at = 5000;
        refused.lastReport.result = smtp::DeliveryResult::Refused;
        refused.lastReport.stage = smtp::DeliveryStage::Rcpt;
        refused.lastReport.reply = {550, {5, 1, 1}, {"No such user"}};
        refused.lastReport.sessionId = "s2";
        refused.lastReport.remoteHost = "mx1.example.org";
        entry.recipients = {taken, refused};
        const QList<JourneyStep> steps = journeyOf({}, std::nullopt, entry, QDateTime::currentDateTime());
        QCOMPARE(steps.size(), 3);
        QCOMPARE(steps[1].tone, Tone::Accepted);
        QCOMPARE(steps[2].tone, Tone::Refused);
        QCOMPARE(steps[2].sessionId, QByteArray("s2"));
        QCOMPARE(steps[2].wire, QStringLiteral("550 5.1.1 No such user"));
        const QString facts = steps[2].facts.join(QLatin1Char('\n'));
        QVERIFY2(facts.contains(QStringLiteral("Refused permanently (550 5.1.1)")), qPrintable(facts));
        QVERIFY(facts.contains(QStringLiteral("mx1.example.org")));
    }

    void withoutAReplyTheReasonIsSaid()
    {
        smtp::RecipientReport report;
        report.result = smtp::DeliveryResult::Deferred;
        report.stage = smtp::DeliveryStage::Connect;
        report.status = {4, 4, 1};
        report.reason = "connection refused";
        const QString words = reportWords(report);
        QVERIFY2(words.contains(QStringLiteral("connection refused")), qPrintable(words));
        QVERIFY(words.contains(QStringLiteral("4.4.1")));
    }
};

QTEST_MAIN(TestJourney)
#include "tst_journey.moc"
