// What the facts of a client's session say of its messages and recipients.
#include "tests/support/courier.h"

#include <QTcpServer>
#include <QTest>

using namespace glasspost;
using namespace glasspost::test;
using Question = StubMail::Question;

class ClientCountsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void someAreRefused()
    {
        House house(Certified(), smtp::TlsMode::None);
        house.mail.answers[Question::Rcpt]["bad@example.test"] = replyFrom("550 5.1.1 No such user");
        house.mail.answers[Question::Rcpt]["later@example.test"] = replyFrom("451 4.3.0 Later");
        smtp::Envelope envelope = Courier::plainEnvelope();
        for (const char *name : {"bad", "later"})
            envelope.recipients.append({smtp::Mailbox{name, "example.test"}, {}, {}});
        Courier courier(settingsFor(smtp::TlsMode::None), Courier::loopback(house.port), envelope);
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.transcripts.sessions.size(), 1);
        const smtp::SessionFacts &facts = courier.transcripts.sessions.constFirst();
        QCOMPARE(facts.outcome, smtp::SessionOutcome::Completed);
        QCOMPARE(facts.messages, 1);
        QCOMPARE(facts.refusedRecipients, 1);
        QCOMPARE(facts.deferredRecipients, 1);
        QTRY_COMPARE(house.transcripts.sessions.size(), 1);
        QCOMPARE(house.transcripts.sessions.constFirst().octets, qint64(21));
        QCOMPARE(facts.octets, qint64(21));
    }

    /// A recipient of whom no server said anything got no 4yz.
    void nobodyAnswered()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const quint16 port = server.serverPort();
        server.close();
        Courier courier(settingsFor(smtp::TlsMode::None), port);
        QTRY_VERIFY(courier.finished);
        QCOMPARE(courier.recipient.result, smtp::DeliveryResult::Deferred);
        QVERIFY(courier.recipient.reply.isNull());
        QCOMPARE(courier.transcripts.sessions.size(), 1);
        const smtp::SessionFacts &facts = courier.transcripts.sessions.constFirst();
        QCOMPARE(facts.deferredRecipients, 0);
        QCOMPARE(facts.refusedRecipients, 0);
    }
};

QTEST_MAIN(ClientCountsTest)
#include "tst_clientcounts.moc"
