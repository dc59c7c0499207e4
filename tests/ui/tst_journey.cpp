#include "ui/message/journey.h"
#include "ui/queue/queuemodel.h"
#include "ui/words/deliverytext.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

class TestJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void localMailHasNoSession()
    {
        QVERIFY(journeyOf(mail::MessageView(), std::nullopt, {}, QDateTime()).isEmpty());
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
        const QList<JourneyStep> steps = journeyOf(message, session, {}, QDateTime());
        QCOMPARE(steps.size(), 2);
        QVERIFY(steps[0].title.contains(QStringLiteral("client.example")));
        QVERIFY(steps[0].facts.join(QLatin1Char('\n')).contains(QStringLiteral("TLSv1.3")));
        QCOMPARE(steps[0].sessionId, QByteArray("s1"));
        QVERIFY(steps[1].facts.join(QLatin1Char('\n')).contains(QStringLiteral("alice@example.test")));
        QVERIFY(steps[1].facts.contains(QStringLiteral("Requested: RCPT TO:<c@d> NOTIFY=NEVER")));
        QVERIFY(steps[1].facts.contains(QStringLiteral(
            "A strict server would refuse this: MAIL FROM: <a@b> (there is a blank before it)")));
    }

    /// Which rule did what with it, and what else was made of it; a program that ended well is no news.
    void rulesAndWhatTheyMadeAreSteps()
    {
        mail::DeliveryEnds ends;
        QVERIFY(laterSteps(ends).isEmpty());
        mail::RuleLogLine filed;
        filed.at = 1'700'000'000'000;
        filed.rule = QStringLiteral("lists");
        filed.action = QStringLiteral("file");
        filed.detail = QStringLiteral("Lists/qt");
        mail::RuleLogLine ended = filed;
        ended.action = QStringLiteral("program-end");
        mail::RuleLogLine tagged = filed;
        tagged.action = QStringLiteral("add-flags");
        tagged.detail = QStringLiteral("work");
        tagged.occasion = mail::RuleLogLine::Occasion::ByHand;
        ends.ruled = {filed, ended, tagged};
        mail::MadeLink forward;
        forward.journey.entry.id = "Q1";
        forward.journey.entry.recipients.resize(1);
        forward.journey.entry.recipients[0].recipient.forwardPath = {"bob", "away.example"};
        forward.journey.entry.madeFrom
            = mail::MadeFrom{mail::MadeFrom::How::ForwardedByRule, {}, {}, QStringLiteral("to bob")};
        forward.otherMessageId = "1@far.example";
        mail::MadeLink release = forward;
        release.to = mail::MadeLink::To::Original;
        release.journey.entry.madeFrom->how = mail::MadeFrom::How::Released;
        release.journey.removedAt = filed.at;
        ends.links = {forward, release};

        const QList<JourneyStep> steps = laterSteps(ends);
        QCOMPARE(steps.size(), 3);
        QCOMPARE(steps[0].facts.size(), 2);
        QVERIFY2(steps[0].facts[0].contains(QStringLiteral("lists: move to Lists/qt")),
            qUtf8Printable(steps[0].facts[0]));
        QVERIFY2(steps[0].facts[1].contains(QStringLiteral("by hand: lists: add work")),
            qUtf8Printable(steps[0].facts[1]));
        QCOMPARE(steps[1].title, QStringLiteral("Forwarded by the rule “to bob”"));
        QVERIFY(steps[1].facts.contains(QStringLiteral("To bob@away.example")));
        QVERIFY(steps[1].facts.contains(QStringLiteral("Message-ID <1@far.example>")));
        QVERIFY(steps[1].other.isNull());
        QCOMPARE(steps[2].title, QStringLiteral("Released from a captured message"));
        QVERIFY(steps[2].facts.contains(QStringLiteral("The original is no longer here.")));
        QVERIFY(steps[2].facts.contains(QStringLiteral("Removed from the queue")));
        QVERIFY(!steps[1].facts.contains(QStringLiteral("Removed from the queue")));
    }

    void eachRecipientKeepsItsOwnFacts()
    {
        mail::QueueEntry entry;
        entry.queuedAt = 1;
        mail::QueueRecipient taken;
        taken.recipient.forwardPath = {"a", "example.org"};
        taken.progress = mail::Ended{mail::Ended::Outcome::Delivered, 1, {}};
        mail::QueueRecipient refused;
        refused.recipient.forwardPath = {"b", "example.org"};
        smtp::RecipientReport refusal;
        refusal.at = 5000;
        refusal.result = smtp::DeliveryResult::Refused;
        refusal.stage = smtp::DeliveryStage::Rcpt;
        refusal.reply = {550, {5, 1, 1}, {"No such user"}};
        refusal.sessionId = "s2";
        refusal.remoteHost = "mx1.example.org";
        refused.progress = mail::Ended{mail::Ended::Outcome::Failed, 2, refusal};
        entry.recipients = {taken, refused};
        const QList<JourneyStep> steps
            = journeyOf({}, std::nullopt, {{entry, {}, {}, 0, false}}, QDateTime::currentDateTime());
        QCOMPARE(steps.size(), 3);
        QCOMPARE(steps[1].tone, Tone::Accepted);
        QCOMPARE(steps[2].tone, Tone::Refused);
        QCOMPARE(steps[2].sessionId, QByteArray("s2"));
        QCOMPARE(steps[2].wire, QStringLiteral("550 5.1.1 No such user"));
        const QString facts = steps[2].facts.join(QLatin1Char('\n'));
        QVERIFY2(facts.contains(QStringLiteral("Refused permanently (550 5.1.1)")), qPrintable(facts));
        QVERIFY(facts.contains(QStringLiteral("mx1.example.org")));
    }

    void saysTheResultAsTheQueueDoes_data()
    {
        QTest::addColumn<smtp::DeliveryResult>("result");
        QTest::addColumn<smtp::Reply>("reply");
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<QString>("words");
        using Result = smtp::DeliveryResult;
        QTest::newRow("T70 delivered") << Result::Delivered << smtp::Reply{250, {2, 0, 0}, {"queued"}}
                                       << QByteArray() << QStringLiteral("Delivered (250 2.0.0)");
        QTest::newRow("T70 deferred, in words of the status code")
            << Result::Deferred << smtp::Reply{452, {4, 2, 2}, {"later"}} << QByteArray()
            << QStringLiteral("Deferred (452 4.2.2): the mailbox is full");
        QTest::newRow("T70 refused, in words of the reply code")
            << Result::Refused << smtp::Reply{521, {}, {"go away"}} << QByteArray()
            << QStringLiteral("Refused permanently (521): This host does not accept mail");
        QTest::newRow("T70 nobody answered")
            << Result::Deferred << smtp::Reply() << QByteArray("connection refused")
            << QStringLiteral("Deferred: connection refused");
        QTest::newRow("T70 lost after the dot")
            << Result::Unknown << smtp::Reply() << QByteArray("lost")
            << QStringLiteral("Connection lost after the message: it may have been accepted, and may arrive "
                              "twice: lost");
    }

    void saysTheResultAsTheQueueDoes()
    {
        QFETCH(smtp::DeliveryResult, result);
        QFETCH(smtp::Reply, reply);
        QFETCH(QByteArray, reason);
        mail::QueueRecipient recipient;
        recipient.recipient.forwardPath = {"a", "example.org"};
        smtp::RecipientReport report;
        report.at = 5000;
        report.result = result;
        report.reply = reply;
        report.status = reply.enhanced;
        report.reason = reason;
        recipient.progress = mail::Deferred{1, report};
        mail::QueueEntry entry;
        entry.id = "q1";
        entry.recipients = {recipient};
        QTEST(resultText(report), "words");
        const QList<JourneyStep> steps
            = journeyOf({}, std::nullopt, {{entry, {}, {}, 0, false}}, QDateTime::currentDateTime());
        QFETCH(QString, words);
        QVERIFY2(steps.constLast().facts.contains(words), qPrintable(steps.constLast().facts.join(u'\n')));
        QueueModel queue;
        queue.setEntries({entry});
        QCOMPARE(queue.index(0, QueueModel::LastReply).data().toString(), words);
    }

    void withoutAReplyTheReasonIsSaid()
    {
        smtp::RecipientReport report;
        report.at = 1;
        report.result = smtp::DeliveryResult::Deferred;
        report.stage = smtp::DeliveryStage::Connect;
        report.status = {4, 4, 1};
        report.reason = "connection refused";
        const QString words = resultText(report);
        QVERIFY2(words.contains(QStringLiteral("connection refused")), qPrintable(words));
        QVERIFY(words.contains(QStringLiteral("4.4.1")));
    }
};

QTEST_MAIN(TestJourney)
#include "tst_journey.moc"
