// What the facts of a server's session say of its messages and recipients.
#include "tests/support/memoryserver.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::test;
using Question = StubMail::Question;

namespace {

/// A server that refuses bad@ and defers later@.
void refuseSome(StubMail &mail)
{
    mail.answers[Question::Rcpt]["bad@example.test"] = replyFrom("550 5.1.1 No such user");
    mail.answers[Question::Rcpt]["later@example.test"] = replyFrom("451 4.3.0 Later");
}

} // namespace

class ServerCountsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofTheServer()
    {
        MemoryServer server([](MemoryServer &made) { refuseSome(made.mail); });
        for (const char *line :
            {"EHLO c.example.test", "MAIL FROM:<a@example.org>", "RCPT TO:<good@example.test>",
                "RCPT TO:<bad@example.test>", "RCPT TO:<later@example.test>", "RCPT nobody", "DATA"})
            server.say(QByteArray(line) + "\r\n");
        QVERIFY(server.say("Subject: x\r\n\r\nhi\r\n.\r\n").startsWith("250"));
        const smtp::SessionFacts &facts = server.conversation.facts();
        QCOMPARE(facts.messages, 1);
        QCOMPARE(facts.octets, qint64(18));
        QCOMPARE(facts.refusedRecipients, 2);
        QCOMPARE(facts.deferredRecipients, 1);
    }

    void ofAMessageThatIsRefused()
    {
        MemoryServer server(
            [](MemoryServer &made) { made.mail.answers[Question::End]["*"] = replyFrom("451 4.3.0 Later"); });
        for (const char *line : {"EHLO c.example.test", "MAIL FROM:<a@example.org>",
                 "RCPT TO:<one@example.test>", "RCPT TO:<two@example.test>", "DATA"})
            server.say(QByteArray(line) + "\r\n");
        QVERIFY(server.say("Subject: x\r\n\r\nhi\r\n.\r\n").startsWith("451"));
        const smtp::SessionFacts &facts = server.conversation.facts();
        QCOMPARE(facts.messages, 0);
        QCOMPARE(facts.octets, qint64(0));
        QCOMPARE(facts.refusedRecipients, 0);
        QCOMPARE(facts.deferredRecipients, 2);
    }
};

QTEST_MAIN(ServerCountsTest)
#include "tst_servercounts.moc"
