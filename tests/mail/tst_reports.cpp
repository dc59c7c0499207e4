#include "mail/message/mdn.h"
#include "mail/message/messagereader.h"
#include "mail/message/notification.h"
#include "mail/message/statusreport.h"
#include "mail/queue/attempttranscript.h"
#include "mail/queue/queueevent.h"
#include "mail/queue/queuefiles.h"
#include "mail/queue/reportfolding.h"
#include "mail/queue/statefile.h"
#include "tests/mail/reportreaders.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

smtp::RecipientReport refusedBob()
{
    smtp::RecipientReport report;
    report.recipient = {"bob", "example.net"};
    report.result = smtp::DeliveryResult::Refused;
    report.stage = smtp::DeliveryStage::Rcpt;
    report.reply = {550, {5, 1, 1}, {"No such\r\nX: user", "again"}};
    report.status = {5, 1, 1};
    report.command = "RCPT TO:<bob@example.net>";
    report.remoteHost = "mx.example.net";
    report.remoteAddress = QHostAddress(QStringLiteral("192.0.2.7"));
    report.at = 1700000000000000;
    return report;
}

NotificationFacts aboutBob(ReportAction action)
{
    NotificationFacts facts;
    facts.hostName = "laptop.example";
    facts.sender = "alice@example.org";
    facts.envelopeId = "QQ314159";
    facts.logId = "Q7";
    facts.arrivedAt = QDateTime::fromSecsSinceEpoch(1699990000);
    NotifiedRecipient bob;
    bob.action = action;
    bob.report = refusedBob();
    bob.originalRecipient = "rfc822;Bob+x@example.com";
    facts.recipients = {bob};
    facts.original = "From: alice@example.org\nSubject: hi\nMessage-ID: <1@x.example>\n\nsecret body\n";
    return facts;
}

NotificationFacts internationalized()
{
    NotificationFacts facts = aboutBob(ReportAction::Failed);
    facts.sender = "\xd0\xb6@\xd0\xb6.example";
    facts.recipients[0].report.recipient = {"\xd0\xb1\xd0\xbe\xd0\xb1", "example.net"};
    facts.original.replace("Subject: hi", "Subject: \xd0\xbf\xd1\x80\xd0\xb8");
    return facts;
}

NotificationFacts withEverything()
{
    NotificationFacts facts = aboutBob(ReportAction::Failed);
    facts.returned = NotificationFacts::Returned::Whole;
    facts.transcript = "12:00:00.000 C: RCPT TO:<bob@example.net>\n12:00:00.100 S: 550 5.1.1 no\n";
    NotifiedRecipient carol = facts.recipients.first();
    carol.report.recipient = {"carol", "example.net"};
    carol.report.reply = {};
    carol.report.status = {4, 4, 1};
    carol.report.reason = "connection refused";
    carol.originalRecipient.clear();
    carol.gaveUp = true;
    facts.recipients.append(carol);
    return facts;
}

NotificationFacts delayed()
{
    NotificationFacts facts = aboutBob(ReportAction::Delayed);
    facts.recipients[0].retryUntil = QDateTime::fromSecsSinceEpoch(1700300000);
    facts.recipients[0].report.status = {4, 2, 1};
    facts.recipients[0].report.reply = {451, {4, 2, 1}, {"greylisted"}};
    return facts;
}

} // namespace

/// Reports of every kind as they are written, and as three readers take them: our own (GMime), Python's email
/// package and Perl's Email::MIME.
class TestReports : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void fields_data();
    void fields();
    void otherReadersAgree_data();
    void otherReadersAgree();
    void returnsHeaderOrWhole();
    void nothingASaidServerSaysEndsALine();
    void ourReaderKnowsOurReports_data();
    void ourReaderKnowsOurReports();
    void otherMailIsNoReport_data();
    void otherMailIsNoReport();
    void foreignReport();
    void foldsIntoTheEntry();
    void forgedReports_data();
    void forgedReports();
    void transcriptIsOfThisMessageAlone();
    void mdnRequests_data();
    void mdnRequests();
    void mdnThereAndBack();
};

void TestReports::fields_data()
{
    QTest::addColumn<QByteArray>("report");
    QTest::addColumn<QByteArray>("line");
    const QByteArray failed = makeNotification(aboutBob(ReportAction::Failed));
    const auto row = [](const char *name, const QByteArray &report, const char *line) {
        QTest::newRow(name) << report << QByteArray(line);
    };
    row("Reporting-MTA", failed, "Reporting-MTA: dns; laptop.example");
    row("Original-Envelope-Id", failed, "Original-Envelope-Id: QQ314159");
    row("Original-Recipient", failed, "Original-Recipient: rfc822; Bob+x@example.com");
    row("Final-Recipient", failed, "Final-Recipient: rfc822; bob@example.net");
    row("Action", failed, "Action: failed");
    row("Status", failed, "Status: 5.1.1");
    row("Remote-MTA", failed, "Remote-MTA: dns; mx.example.net");
    row("Final-Log-ID", failed, "Final-Log-ID: Q7");
    row("delayed", makeNotification(delayed()), "Action: delayed");
    row("delayed is class 4", makeNotification(delayed()), "Status: 4.2.1");
    row("relayed", makeNotification(aboutBob(ReportAction::Relayed)), "Action: relayed");
    row("relayed is class 2", makeNotification(aboutBob(ReportAction::Relayed)), "Status: 2.1.1");
    row("delivered", makeNotification(aboutBob(ReportAction::Delivered)), "Action: delivered");
    row("expanded", makeNotification(aboutBob(ReportAction::Expanded)), "Action: expanded");
    row("given up is class 5", makeNotification(withEverything()), "Status: 5.4.1");
    row("RFC 6533 utf-8", makeNotification(internationalized()),
        "Final-Recipient: utf-8; \xd0\xb1\xd0\xbe\xd0\xb1@example.net");
}

void TestReports::fields()
{
    QFETCH(QByteArray, report);
    QFETCH(QByteArray, line);
    const QByteArray machine = readPart(report, 2).value_or(QByteArray());
    QVERIFY2(('\n' + machine).contains('\n' + line + '\n'), machine);
    QVERIFY(machine.contains("\nLast-Attempt-Date: "));
    QVERIFY(machine.contains("\nArrival-Date: "));
    QCOMPARE(machine.contains("\nWill-Retry-Until: "), machine.contains("Action: delayed"));
}

void TestReports::otherReadersAgree_data()
{
    QTest::addColumn<QByteArray>("report");
    QTest::addColumn<QString>("actions");
    using Action = ReportAction;
    QTest::newRow("failed") << makeNotification(aboutBob(Action::Failed)) << QStringLiteral("failed");
    QTest::newRow("whole message and transcript")
        << makeNotification(withEverything()) << QStringLiteral("failed failed");
    QTest::newRow("delayed") << makeNotification(delayed()) << QStringLiteral("delayed");
    QTest::newRow("relayed") << makeNotification(aboutBob(Action::Relayed)) << QStringLiteral("relayed");
    QTest::newRow("internationalized") << makeNotification(internationalized()) << QStringLiteral("failed");
}

void TestReports::otherReadersAgree()
{
    QFETCH(QByteArray, report);
    QFETCH(QString, actions);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("1.eml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(report);
    file.close();
    for (const test::ReportReader reader : test::reportReaders) {
        const test::ReadByOthers read = test::readReports(reader, {file.fileName()});
        QCOMPARE(read.trouble, QString());
        QCOMPARE(read.actions, QStringList{actions});
    }
}

void TestReports::returnsHeaderOrWhole()
{
    const QByteArray header = makeNotification(aboutBob(ReportAction::Failed));
    QVERIFY(readPart(header, 3).value().contains("Subject: hi"));
    QVERIFY(!header.contains("secret body"));
    const QByteArray whole = makeNotification(withEverything());
    QVERIFY(whole.contains("Content-Type: message/rfc822"));
    QVERIFY(whole.contains("\nsecret body\n"));
    QVERIFY(whole.contains("C: RCPT TO:<bob@example.net>"));
    QVERIFY(makeNotification(internationalized()).contains("message/global-delivery-status"));
    NotificationFacts global = internationalized();
    global.returned = NotificationFacts::Returned::Whole;
    QVERIFY(makeNotification(global).contains("Content-Type: message/global\n"));
}

void TestReports::nothingASaidServerSaysEndsALine()
{
    NotificationFacts facts = aboutBob(ReportAction::Failed);
    facts.envelopeId = "a\nX-Evil: 1";
    facts.recipients[0].originalRecipient = "rfc822;b\r\n\r\nX-Evil: 2";
    facts.recipients[0].report.remoteHost = "mx\nX-Evil: 3";
    const QByteArray report = makeNotification(facts);
    QVERIFY(!report.contains("\nX: user"));
    QVERIFY(!report.contains("\nX-Evil"));
    for (const char *word : {"bob@example.net", "550 5.1.1", "RCPT TO", "192.0.2.7"})
        QVERIFY2(readMessage(report).text.contains(QLatin1String(word)), word);
    QVERIFY(report.contains("\nAuto-Submitted: auto-replied\n"));
}

void TestReports::ourReaderKnowsOurReports_data()
{
    otherReadersAgree_data();
}

void TestReports::ourReaderKnowsOurReports()
{
    QFETCH(QByteArray, report);
    QFETCH(QString, actions);
    const auto read = readStatusReport(report);
    QVERIFY(read);
    QCOMPARE(read->recipients.size(), actions.split(u' ').size());
    QCOMPARE(read->envelopeId, QByteArray("QQ314159"));
    QCOMPARE(read->originalMessageId, QByteArray("1@x.example"));
    QCOMPARE(read->reportingServer, QByteArray("laptop.example"));
    QCOMPARE(read->recipients.first().originalRecipient, QByteArray("Bob+x@example.com"));
    QCOMPARE(read->recipients.first().remoteServer, QByteArray("mx.example.net"));
}

void TestReports::otherMailIsNoReport_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("words alone") << QByteArray("Subject: delivery-status\n\nmultipart/report\n");
    QTest::newRow("no recipients") << QByteArray(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
        "message/delivery-status\n\nReporting-MTA: dns; x\n--b--\n");
    QTest::newRow("a report of another kind") << makeMdn({});
}

void TestReports::otherMailIsNoReport()
{
    QFETCH(QByteArray, message);
    QVERIFY(!readStatusReport(message));
}

// As Postfix writes them: CRLF, the message whole, names in other cases.
void TestReports::foreignReport()
{
    QByteArray report
        = "From: MAILER-DAEMON@far.example\nMIME-Version: 1.0\nContent-Type: multipart/report; "
          "report-type=delivery-status;\n boundary=\"A/far\"\n\n--A/far\nContent-Type: "
          "text/plain\n\nsorry\n\n--A/far\nContent-Type: message/delivery-status\n\n"
          "Reporting-MTA: dns; far.example\nX-Postfix-Queue-ID: A\n\nFinal-Recipient: rfc822; "
          "bob@far.example\nOriginal-Recipient: rfc822;bob@example.net\nAction: FAILED\nStatus: "
          "5.2.2 (full)\nRemote-MTA: dns; in.far.example\nDiagnostic-Code: smtp; 552 5.2.2 the\n"
          "    mailbox is full\n\n--A/far\nContent-Type: message/rfc822\n\nMessage-Id: "
          "<m1@laptop.example>\nSubject: x\n\ntext\n--A/far--\n";
    report.replace("\n", "\r\n");
    const auto read = readStatusReport(report);
    QVERIFY(read);
    const ReportedRecipient bob{"bob@example.net", "bob@far.example", ReportAction::Failed, {5, 2, 2},
        "in.far.example", "552 5.2.2 the mailbox is full"};
    QCOMPARE(*read, (StatusReport{"far.example", {}, "m1@laptop.example", {bob}}));
}

void TestReports::foldsIntoTheEntry()
{
    QueueEntry entry;
    for (const char *name : {"bob", "carol"}) {
        QueueRecipient one;
        one.recipient.forwardPath = {name, "Example.net"};
        one.progress = Ended{Ended::Outcome::Delivered, 1, {}};
        entry.recipients.append(one);
    }
    StatusReport report{"far.example", {}, {}, {}};
    report.recipients.append(ReportedRecipient{
        "carol@example.NET", "c@elsewhere.example", ReportAction::Delivered, {2, 0, 0}, {}, {}});
    const QueueEntry now = apply(entry, ReportFolded{report, {}, 77});
    QVERIFY(!now.recipients.at(0).later);
    const LaterReport expected{ReportAction::Delivered, {2, 0, 0}, "far.example", {}, 77};
    QCOMPARE(now.recipients.at(1).later, std::optional<LaterReport>(expected));
    entry.recipients.removeLast(); // the only one it can be about
    QCOMPARE(apply(entry, ReportFolded{report, {}, 77}).recipients.at(0).later,
        std::optional<LaterReport>(expected));
}

void TestReports::forgedReports_data()
{
    QTest::addColumn<QByteArray>("messageId");
    QTest::addColumn<QByteArray>("doneId");
    QTest::newRow("T93 of nothing that is here") << QByteArray("forged@far.example") << QByteArray();
    QTest::newRow("T93 of one that is") << QByteArray("m250@example.org") << QByteArray("q250");
    QTest::newRow("T93 of one that came meanwhile") << QByteArray("m700@example.org") << QByteArray("q700");
    QTest::newRow("T93 of one that has gone") << QByteArray("m9@example.org") << QByteArray();
}

/// However many come, each record is read once.
void TestReports::forgedReports()
{
    QFETCH(QByteArray, messageId);
    QFETCH(QByteArray, doneId);
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(QStringLiteral("queue/done")));
    const auto put = [&folder](int number) {
        QueueEntry entry;
        entry.id = "q" + QByteArray::number(number);
        entry.messageIdField = "m" + QByteArray::number(number) + "@example.org";
        QFile file(folder.filePath(queueDonePath(entry.id)));
        return file.open(QIODevice::WriteOnly) && file.write(writeState(entry)) > 0;
    };
    for (int i = 0; i < 500; ++i)
        QVERIFY(put(i));
    DoneRecords records(folder.path());
    FoundReport report;
    report.report.originalMessageId = "m1@example.org";
    QCOMPARE(records.idFor(report), QByteArray("q1"));
    QCOMPARE(records.recordsRead(), 500);
    QVERIFY(put(700));
    QVERIFY(QFile::remove(folder.filePath(queueDonePath("q9"))));
    report.report.originalMessageId = messageId;
    for (int i = 0; i < 200; ++i)
        QCOMPARE(records.idFor(report), doneId);
    QCOMPARE(records.recordsRead(), 501);
    FoundReport receipt;
    receipt.receipt.originalMessageId = messageId;
    QCOMPARE(records.idFor(receipt), doneId);
    FoundReport outside;
    outside.report.envelopeId = "../../secret";
    QVERIFY(records.idFor(outside).isEmpty());
}

void TestReports::transcriptIsOfThisMessageAlone()
{
    smtp::SessionFacts session;
    session.id = "S1";
    QList<smtp::TranscriptEntry> entries;
    const auto say = [&entries](qint64 at, smtp::Speaker speaker, const char *text, qint64 size = 0) {
        entries.append(smtp::TranscriptEntry{at, speaker, size > 0, text, size});
    };
    using smtp::Speaker;
    say(1, Speaker::Server, "220 mx");
    say(2, Speaker::Client, "EHLO a");
    say(3, Speaker::Client, "MAIL FROM:<x@a>");
    say(4, Speaker::Client, "RCPT TO:<stranger@b>");
    say(5, Speaker::Client, "MAIL FROM:<alice@a>");
    say(6, Speaker::Client, "Subject: of alice", 4711);
    say(7, Speaker::Server, "550 5.7.1 \x1b[31mno");
    say(8, Speaker::Client, "MAIL FROM:<y@a>");
    say(9, Speaker::Client, "RCPT TO:<other@b>");
    const QByteArray text = attemptText(session, entries, 7);
    QVERIFY(text.contains("220 mx"));
    QVERIFY(text.contains("EHLO a"));
    QVERIFY(text.contains("MAIL FROM:<alice@a>"));
    QVERIFY(text.contains("550 5.7.1  [31mno"));
    QVERIFY(text.contains("(4711 octets of the message)"));
    for (const char *other : {"stranger", "other@b", "Subject", "x@a", "y@a"})
        QVERIFY2(!text.contains(other), other);
    entries.resize(2); // it never came to a transaction
    QVERIFY(attemptText(session, entries, 7).contains("EHLO a"));
}

void TestReports::mdnRequests_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("to");
    QTest::addColumn<bool>("differs");
    QTest::addColumn<bool>("may");
    const auto row = [](const char *name, const char *header, const char16_t *to, bool differs, bool may) {
        QTest::newRow(name) << QByteArray(header) << QString::fromUtf16(to) << differs << may;
    };
    row("not asked", "Return-Path: <a@b>\n\n", u"", false, false);
    row("asked", "Return-Path: <a@b>\nDisposition-Notification-To: A <a@b>\n\n", u"a@b", false, true);
    row("by another", "Return-Path: <x@b>\nDisposition-Notification-To: a@b\n\n", u"a@b", true, true);
    row("for two", "Return-Path: <a@b>\nDisposition-Notification-To: a@b, c@d\n\n", u"a@b", false, false);
    row("by a report", "Return-Path: <>\nDisposition-Notification-To: a@b\n\n", u"a@b", true, false);
}

void TestReports::mdnRequests()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, to);
    const MdnRequest request = readMdnRequest(header);
    QCOMPARE(request.notifyTo, to);
    QTEST(request.differsFromReturnPath, "differs");
    QTEST(request.mayAnswer, "may");
}

void TestReports::mdnThereAndBack()
{
    MdnAnswer answer;
    answer.hostName = "laptop.example";
    answer.from = "bob@example.net";
    answer.to = "alice@example.org";
    answer.finalRecipient = "bob@example.net";
    answer.original
        = "Subject: hi\nMessage-ID: <m1@x>\nDisposition-Notification-To: alice@example.org\n\nsecret\n";
    const QByteArray mdn = makeMdn(answer);
    QVERIFY(mdn.contains("report-type=disposition-notification"));
    QVERIFY(mdn.contains("\nDisposition: manual-action/MDN-sent-manually; displayed\n"));
    QVERIFY(!mdn.contains("secret"));
    QCOMPARE(readMdn(mdn), (MdnReceipt{"m1@x", "bob@example.net", "displayed"}));
    QCOMPARE(readMessage(mdn).receipt, std::optional(MdnReceipt{"m1@x", "bob@example.net", "displayed"}));
    QVERIFY(!readMessage(answer.original).receipt);
    QVERIFY(readMdn(answer.original).originalMessageId.isEmpty());
    QVERIFY(!readMdnRequest(mdn).mayAnswer);
}

QTEST_GUILESS_MAIN(TestReports)
#include "tst_reports.moc"
