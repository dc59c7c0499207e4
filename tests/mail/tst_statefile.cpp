// The state file of a queue entry: what it keeps, to the octet where a recipient's state is concerned.
#include "mail/queue/statefile.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

namespace {

QueueEntry entryTo(const smtp::Mailbox &recipient)
{
    QueueEntry entry;
    entry.id = "Q1";
    entry.envelope.reversePath = {"alice", "example.net"};
    QueueRecipient one;
    one.recipient.forwardPath = recipient;
    entry.recipients.append(one);
    entry.envelope.recipients = {one.recipient};
    return entry;
}

/// A whole file, of an entry with one recipient of whom these members are written.
QByteArray fileWith(const QByteArray &members, bool held)
{
    return R"({"id":"Q1","envelope":{"reversePath":{"local":"alice","domain":"example.net"},"body":0,)"
           R"("smtpUtf8":false,"declaredSize":-1,"return":0,"envelopeId":"","requireTls":false,"holdUntil":0},)"
           R"("recipients":[{"local":"bob","domain":"example.org","notify":0,"originalRecipient":"",)"
        + members
        + R"(}],"queuedAt":0,"notBefore":0,"size":0,"subject":"","messageId":"","originSession":"",)"
          R"("attemptSessions":[],"sentCopy":{"user":"","folder":"","unique":""},"age":0,"seenAt":0,"inQueue":0,)"
          R"("held":)"
        + (held ? "true}\n" : "false}\n");
}

const QByteArray reported
    = R"(,"lastReport":{"result":1,"stage":8,"reply":{"code":451,"enhanced":"4.3.0","lines":["try later"]},)"
      R"("command":"RCPT TO:<bob@example.org>","status":"4.3.0","reason":"","host":"mx.example.org",)"
      R"("address":"192.0.2.1","port":25,"at":1700000000123456,"session":"S1","offered":32})";
QByteArray stated(int state, int attempts)
{
    return R"("state":)" + QByteArray::number(state) + R"(,"attempts":)" + QByteArray::number(attempts)
        + R"(,"nextAttemptAt":500,"told":0)";
}

QByteArray bare(int result, const QByteArray &status)
{
    return R"(,"lastReport":{"result":)" + QByteArray::number(result)
        + R"(,"stage":0,"reply":{"code":0,"enhanced":"","lines":[]},"command":"","status":")" + status
        + R"(","reason":"","host":"","address":"","port":0,"at":0,"session":"","offered":0})";
}

const QByteArray ours
    = R"(,"lastReport":{"result":1,"stage":0,"reply":{"code":0,"enhanced":"","lines":[]},"command":"",)"
      R"("status":"5.4.7","reason":"given up","host":"","address":"","port":0,"at":1700000000000000,)"
      R"("session":"","offered":0})";

} // namespace

class TestStateFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsEverything();
    void keepsOctets_data();
    void keepsOctets();
    void keepsChoices_data();
    void keepsChoices();
    void keepsEachState_data();
    void keepsEachState();
    void readsWhatItCanOnlyMean_data();
    void readsWhatItCanOnlyMean();
    void oldFiles_data();
    void oldFiles();
    void damagedFiles_data();
    void damagedFiles();
};

void TestStateFile::keepsEverything()
{
    QueueEntry entry;
    entry.id = "Q1";
    entry.envelope.reversePath = {"\"odd \\\" one\"", "example.net"};
    entry.envelope.body = smtp::BodyType::EightBitMime;
    entry.envelope.smtpUtf8 = true;
    entry.envelope.declaredSize = 1234567890123LL;
    entry.envelope.dsnReturn = smtp::DsnReturn::Full;
    entry.envelope.envelopeId = "id\xff\x00 not UTF-8";
    entry.envelope.requireTls = true;
    entry.envelope.deliverBy = smtp::DeliverBy{-120, smtp::DeliverBy::Mode::Notify, true};
    entry.envelope.holdUntil = 1800000000;
    entry.envelope.priority = -3;
    QueueRecipient one;
    one.recipient = {{"\xd0\xb6", "example.org"}, smtp::Notify::Failure | smtp::Notify::Delay, "rfc822;b@c"};
    one.nextAttemptAt = 1800000000000;
    one.notified = DsnKind::Failure | DsnKind::Delay;
    one.later
        = LaterReport{ReportAction::Relayed, {2, 1, 9}, "mx.far.example", "said \xff so", 1800000000001};
    one.receipt = ReadReceipt{"displayed", 1800000000002};
    const smtp::RecipientReport report{one.recipient.forwardPath, smtp::DeliveryResult::Unknown,
        smtp::DeliveryStage::EndOfData, {451, {4, 3, 0}, {"first line", "base64:looks like ours", "\xfe"}},
        "RCPT TO:<b@c>", {4, 3, 0}, "connection lost", "mx1.example.org",
        QHostAddress(QStringLiteral("2001:db8::1")), 2525, 1700000000123456, "S1",
        smtp::Capability::Dsn | smtp::Capability::Size};
    one.progress = Ended{Ended::Outcome::Expired, 17, report};
    entry.recipients = {one, QueueRecipient()};
    entry.recipients[1].recipient.forwardPath = {"postmaster", {}};
    entry.envelope.recipients = {one.recipient, entry.recipients.at(1).recipient};
    entry.queuedAt = 1700000000001;
    entry.notBefore = 1700000005001;
    entry.size = 99;
    entry.subject = QStringLiteral("Grüße, \u202Eevil\n");
    entry.messageIdField = "x@y";
    entry.originSessionId = "S0";
    entry.attemptSessionIds = {"S1", "S2"};
    entry.sentCopy = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "123.M4P5.host"};
    entry.age = 77;
    entry.seenAt = 1700000000002;
    entry.inQueue = 78;
    entry.held = true;
    OutgoingRoute route;
    route.kind = OutgoingRoute::Kind::Smarthost;
    route.host = QStringLiteral("smtp.example.org");
    route.port = 587;
    route.tls = smtp::TlsMode::Required;
    route.verifyCertificate = true;
    route.user = QStringLiteral("alice");
    route.nameserver = QHostAddress(QStringLiteral("127.0.0.53"));
    route.allowPrivateAddresses = false;
    route.protocol = smtp::ClientProtocol::Lmtp;
    route.authorityFile = QStringLiteral("/a.pem");
    route.fingerprint = QStringLiteral("00ff");
    route.certificateFile = QStringLiteral("/c.pem");
    route.keyFile = QStringLiteral("/k.pem");
    route.passedOver = smtp::Capability::Chunking;
    route.mechanisms = {QStringLiteral("PLAIN"), QStringLiteral("LOGIN")};
    route.authInClear = smtp::ClearAuth::Anywhere;
    route.dane = smtp::TlsPolicyUse::Off;
    route.mtaSts = smtp::TlsPolicyUse::Off;
    route.mtaStsPort = 8443;
    route.nameserverPort = 5353;
    route.trustAnchorFile = QStringLiteral("/root.key");
    entry.route = route;
    entry.madeFrom = MadeFrom{MadeFrom::How::ReleasedByRule,
        {{QStringLiteral("alice"), QStringLiteral("Lists")}, "1.M1P1.host"}, "1@far.example",
        QStringLiteral("to \"bob\"")};
    const Result<QueueEntry> read = readState(writeState(entry));
    QVERIFY(read);
    QCOMPARE(read->recipients.first().lastReport(), std::optional(report));
    QCOMPARE(*read, entry);
}

void TestStateFile::keepsOctets_data()
{
    QTest::addColumn<QByteArray>("octets");
    QTest::newRow("none") << QByteArray();
    QTest::newRow("quotation mark and reverse solidus") << QByteArray(R"("a\"b\\c" \u0041 /)");
    QTest::newRow("controls with a short escape") << QByteArray("\b\t\n\f\r");
    QTest::newRow("other controls") << QByteArray("a\0b\x01\x1b\x1f\x7f", 7);
    QTest::newRow("UTF-8") << QByteArray("Gr\xc3\xbc\xc3\x9f \xe4\xb8\x96 \xf0\x9f\x93\xae");
    QTest::newRow("UTF-8 and an escape") << QByteArray("\xc3\xbc\t\"\xc3\x9f\"");
    QTest::newRow("ISO 8859-1") << QByteArray("Gr\xfc\xdf");
    QTest::newRow("UTF-8 cut off") << QByteArray("Gr\xc3");
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfhi");
    QTest::newRow("looks like ours") << QByteArray("base64:aGk=");
    QTest::newRow("looks like JSON") << QByteArray(R"("},{"id":"Q2)");
}

void TestStateFile::keepsOctets()
{
    QFETCH(QByteArray, octets);
    const smtp::Mailbox mailbox{octets, octets};
    QueueRecipient one;
    one.recipient = {mailbox, {}, octets};
    one.later = LaterReport{ReportAction::Failed, {5, 1, 1}, octets, octets, 1};
    one.receipt = ReadReceipt{octets, 2};
    const smtp::RecipientReport report{mailbox, smtp::DeliveryResult::Refused, smtp::DeliveryStage::Rcpt,
        {550, {5, 1, 1}, {octets, octets}}, octets, {5, 1, 1}, octets, octets, {}, 25, 3, octets, {}};
    one.progress = Deferred{1, report};
    QueueEntry entry;
    entry.id = "Q" + octets;
    entry.envelope.reversePath = mailbox;
    entry.envelope.envelopeId = octets;
    entry.envelope.recipients = {one.recipient};
    entry.recipients = {one};
    entry.subject = QString::fromUtf8(octets);
    entry.messageIdField = octets;
    entry.originSessionId = octets;
    entry.attemptSessionIds = {octets, octets};
    entry.sentCopy = {{entry.subject, entry.subject}, octets};
    const Result<QueueEntry> read = readState(writeState(entry));
    QVERIFY(read);
    QCOMPARE(*read, entry);
}

/// What may be there or not, each alone.
void TestStateFile::keepsChoices_data()
{
    QTest::addColumn<QueueEntry>("entry");
    using Change = void (*)(QueueEntry &, QueueRecipient &);
    const auto row = [](const char *name, Change change) {
        QueueEntry entry = entryTo({"bob", "example.org"});
        change(entry, entry.recipients.first());
        QTest::newRow(name) << entry;
    };
    row("none", [](QueueEntry &, QueueRecipient &) {});
    row("null reverse-path", [](QueueEntry &entry, QueueRecipient &) { entry.envelope.reversePath = {}; });
    row("BY", [](QueueEntry &entry, QueueRecipient &) {
        entry.envelope.deliverBy = smtp::DeliverBy{0, smtp::DeliverBy::Mode::Return, false};
    });
    row("MT-PRIORITY=0", [](QueueEntry &entry, QueueRecipient &) { entry.envelope.priority = 0; });
    row("MT-PRIORITY=-9", [](QueueEntry &entry, QueueRecipient &) { entry.envelope.priority = -9; });
    row("route", [](QueueEntry &entry, QueueRecipient &) { entry.route = OutgoingRoute(); });
    row("held", [](QueueEntry &entry, QueueRecipient &) { entry.held = true; });
    row("later", [](QueueEntry &, QueueRecipient &one) { one.later = LaterReport(); });
    row("receipt", [](QueueEntry &, QueueRecipient &one) { one.receipt = ReadReceipt{"deleted", 1}; });
    row("report of our own", [](QueueEntry &, QueueRecipient &one) {
        smtp::RecipientReport report;
        report.recipient = one.recipient.forwardPath;
        report.at = 1;
        one.progress = Ended{Ended::Outcome::Expired, 0, report};
    });
}

void TestStateFile::keepsChoices()
{
    QFETCH(QueueEntry, entry);
    const Result<QueueEntry> read = readState(writeState(entry));
    QVERIFY(read);
    QCOMPARE(*read, entry);
}

/// As all versions write it, octet for octet.
void TestStateFile::keepsEachState_data()
{
    QTest::addColumn<bool>("held");
    QTest::addColumn<QByteArray>("members");
    const auto row = [](const char *name, bool held, const QByteArray &members) {
        QTest::newRow(name) << held << members;
    };
    row("waiting", false, R"("state":0,"attempts":0,"nextAttemptAt":0,"told":0)");
    row("waiting, put off", false, R"("state":0,"attempts":0,"nextAttemptAt":500,"told":0)");
    row("delivering", false, R"("state":1,"attempts":1,"nextAttemptAt":500,"told":0)");
    row("delivering again", false, R"("state":1,"attempts":2,"nextAttemptAt":500,"told":2)" + reported);
    row("delivering while held", true, R"("state":1,"attempts":1,"nextAttemptAt":500,"told":0)");
    row("deferred", false, R"("state":3,"attempts":1,"nextAttemptAt":500,"told":0)" + reported);
    row("deferred by a crash", false, R"("state":3,"attempts":1,"nextAttemptAt":500,"told":0)");
    row("held before the first attempt", true, R"("state":6,"attempts":0,"nextAttemptAt":0,"told":0)");
    row("held after one", true, R"("state":6,"attempts":1,"nextAttemptAt":500,"told":0)" + reported);
    row("delivered", false, R"("state":2,"attempts":1,"nextAttemptAt":500,"told":4)" + reported);
    row("delivered while held", true, R"("state":2,"attempts":1,"nextAttemptAt":500,"told":0)" + reported);
    row("delivered here at once", false, R"("state":2,"attempts":0,"nextAttemptAt":0,"told":4)" + ours);
    row("failed", false, R"("state":4,"attempts":1,"nextAttemptAt":500,"told":1)" + reported);
    row("expired", false, R"("state":5,"attempts":17,"nextAttemptAt":500,"told":3)" + reported);
    row("given up before the first", false, R"("state":5,"attempts":0,"nextAttemptAt":0,"told":1)" + ours);
}

void TestStateFile::keepsEachState()
{
    QFETCH(bool, held);
    QFETCH(QByteArray, members);
    const QByteArray file = fileWith(members, held);
    const Result<QueueEntry> read = readState(file);
    QVERIFY(read);
    QCOMPARE(writeState(*read), file);
}

/// What no version writes, but damage, a hand or a version to come may.
void TestStateFile::readsWhatItCanOnlyMean_data()
{
    QTest::addColumn<bool>("held");
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("meaning");
    const auto row = [](const char *name, bool held, const QByteArray &members, const QByteArray &meaning) {
        QTest::newRow(name) << held << members << meaning;
    };
    row("waiting after an attempt", false, stated(0, 1), stated(3, 1));
    row("waiting with a report", false, stated(0, 0) + reported, stated(0, 0));
    row("waiting, the entry is held", true, stated(0, 0), stated(6, 0));
    row("delivering without an attempt", false, stated(1, 0), stated(0, 0));
    row("deferred without an attempt", false, stated(3, 0), stated(0, 0));
    row("deferred, the entry is held", true, stated(3, 1), stated(6, 1));
    row("fewer attempts than none", false, stated(3, -1), stated(0, 0));
    row("held, the entry is not", false, stated(6, 1) + reported, stated(3, 1) + reported);
    row("an unknown state", false, stated(7, 1) + reported, stated(3, 1) + reported);
    row("an unknown state without an attempt", false, stated(7, 0), stated(0, 0));
    row("delivered without a report", false, stated(2, 1), stated(2, 1) + bare(0, "2.0.0"));
    row("failed without a report", false, stated(4, 1), stated(4, 1) + bare(2, "5.0.0"));
    row("expired without a report", false, stated(5, 1), stated(5, 1) + bare(2, "5.0.0"));
}

void TestStateFile::readsWhatItCanOnlyMean()
{
    QFETCH(bool, held);
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, meaning);
    const Result<QueueEntry> read = readState(fileWith(members, held));
    QVERIFY(read);
    QCOMPARE(writeState(*read), fileWith(meaning, held));
}

/// As earlier versions wrote them: members in the alphabet's order, null for what is not there.
void TestStateFile::oldFiles_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nulls") << QByteArray(
        R"({"envelope":{"deliverBy":null,"priority":null,"reversePath":{"domain":"","local":""}},)"
        R"("id":"Q1","recipients":[],"route":null,"size":7})");
    QTest::newRow("members missing") << QByteArray(R"({"id":"Q1","recipients":[],"size":7})");
}

void TestStateFile::oldFiles()
{
    QFETCH(QByteArray, json);
    QueueEntry expected;
    expected.id = "Q1";
    expected.size = 7;
    const Result<QueueEntry> read = readState(json);
    QVERIFY(read);
    QCOMPARE(*read, expected);
}

void TestStateFile::damagedFiles_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half") << writeState(entryTo({"bob", "example.org"})).left(40);
    QTest::newRow("array") << QByteArray("[1,2]");
    QTest::newRow("no id") << QByteArray("{\"recipients\":[]}");
    QTest::newRow("no recipients") << QByteArray("{\"id\":\"Q1\"}");
}

void TestStateFile::damagedFiles()
{
    QFETCH(QByteArray, json);
    const Result<QueueEntry> read = readState(json);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Damaged);
}

QTEST_GUILESS_MAIN(TestStateFile)
#include "tst_statefile.moc"
