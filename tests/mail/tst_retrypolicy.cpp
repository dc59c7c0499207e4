#include "mail/queue/reportpolicy.h"
#include "mail/queue/retrypolicy.h"
#include "mail/queue/statefile.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;
using namespace std::chrono_literals;

namespace {

QueueEntry entryWith(RecipientState state, const smtp::Mailbox &sender, smtp::NotifyFlags notify)
{
    QueueEntry entry;
    entry.envelope.reversePath = sender;
    QueueRecipient one;
    one.recipient = {{"bob", "example.org"}, notify, {}};
    one.state = state;
    entry.recipients.append(one);
    return entry;
}

const smtp::Mailbox alice{"alice", "example.net"};

} // namespace

class TestRetryPolicy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void waits_data();
    void waits();
    void states_data();
    void states();
    void reports_data();
    void reports();
    void delays_data();
    void delays();
    void deliverByIsOver();
    void groupsByDomainWithoutCase();
    void stateFileKeepsEverything();
    void stateFileKeepsOctets_data();
    void stateFileKeepsOctets();
    void stateFileKeepsChoices_data();
    void stateFileKeepsChoices();
    void oldStateFiles_data();
    void oldStateFiles();
    void damagedStateFiles_data();
    void damagedStateFiles();
};

void TestRetryPolicy::waits_data()
{
    QTest::addColumn<int>("failed");
    QTest::addColumn<int>("minutes");
    QTest::newRow("C55 first retry within 5 to 15 min") << 1 << 5;
    QTest::newRow("second") << 2 << 10;
    QTest::newRow("fourth") << 4 << 30;
    QTest::newRow("fifth") << 5 << 60;
    QTest::newRow("seventh") << 7 << 180;
    QTest::newRow("the last repeats") << 40 << 180;
    QTest::newRow("none yet") << 0 << 5;
}

void TestRetryPolicy::waits()
{
    QFETCH(int, failed);
    QFETCH(int, minutes);
    QCOMPARE(waitAfter(RetrySchedule::standard(), failed).count(), qint64(minutes) * 60 * 1000);
    QCOMPARE(waitAfter(RetrySchedule{{}, 1h}, failed).count(), qint64(minutes) * 60 * 1000);
    QCOMPARE(waitAfter(RetrySchedule{{0s}, 1h}, failed).count(), qint64(1000));
}

void TestRetryPolicy::states_data()
{
    QTest::addColumn<smtp::DeliveryResult>("result");
    QTest::addColumn<smtp::DeliveryStage>("stage");
    QTest::addColumn<qint64>("hours");
    QTest::addColumn<AttemptOutcome>("state");
    using R = smtp::DeliveryResult;
    using S = smtp::DeliveryStage;
    QTest::newRow("delivered") << R::Delivered << S::EndOfData << qint64(0) << AttemptOutcome::Delivered;
    QTest::newRow("delivered late") << R::Delivered << S::EndOfData << qint64(999)
                                    << AttemptOutcome::Delivered;
    QTest::newRow("550 to RCPT") << R::Refused << S::Rcpt << qint64(0) << AttemptOutcome::Failed;
    QTest::newRow("C56 null MX") << R::Refused << S::Lookup << qint64(0) << AttemptOutcome::Failed;
    QTest::newRow("C52 535 keeps the message")
        << R::Refused << S::Auth << qint64(0) << AttemptOutcome::Deferred;
    QTest::newRow("C1 refused connection")
        << R::Deferred << S::Connect << qint64(0) << AttemptOutcome::Deferred;
    QTest::newRow("C28 lost after the dot")
        << R::Unknown << S::EndOfData << qint64(0) << AttemptOutcome::Deferred;
    QTest::newRow("C65 a moment before five days")
        << R::Deferred << S::Rcpt << qint64(119) << AttemptOutcome::Deferred;
    QTest::newRow("C65 five days of T") << R::Deferred << S::Rcpt << qint64(120) << AttemptOutcome::Expired;
    QTest::newRow("sign-in refused for five days")
        << R::Refused << S::Auth << qint64(120) << AttemptOutcome::Expired;
}

void TestRetryPolicy::states()
{
    QFETCH(smtp::DeliveryResult, result);
    QFETCH(smtp::DeliveryStage, stage);
    QFETCH(qint64, hours);
    smtp::RecipientReport report;
    report.result = result;
    report.stage = stage;
    QTEST(outcomeOf(report, std::chrono::hours(hours), RetrySchedule::standard()), "state");
}

void TestRetryPolicy::reports_data()
{
    QTest::addColumn<QueueEntry>("entry");
    QTest::addColumn<int>("owed");
    const auto row = [](const char *name, const QueueEntry &entry, ToldFlags owed) {
        QTest::newRow(name) << entry << int(owed);
    };
    using State = RecipientState;
    using smtp::Notify;
    row("failed", entryWith(State::Failed, alice, {}), Told::Failure);
    row("C65 expired", entryWith(State::Expired, alice, {}), Told::Failure);
    row("delivered", entryWith(State::Delivered, alice, {}), {});
    row("deferred", entryWith(State::Deferred, alice, {}), {});
    QueueEntry relayed = entryWith(State::Failed, {}, {});
    relayed.originSessionId = "S1";
    row("null reverse-path", relayed, {});
    row("T14 a report of ours is told to the postmaster", entryWith(State::Failed, {}, Notify::Never),
        Told::Failure);
    row("T14 a report of ours that expired", entryWith(State::Expired, {}, Notify::Never), Told::Failure);
    row("success for the null reverse-path", entryWith(State::Delivered, {}, Notify::Success), {});
    row("failed, NOTIFY=NEVER", entryWith(State::Failed, alice, Notify::Never), {});
    row("failed, NOTIFY=SUCCESS", entryWith(State::Failed, alice, Notify::Success), {});
    row("failed, NOTIFY=FAILURE", entryWith(State::Failed, alice, Notify::Failure), Told::Failure);
    row("delivered, NOTIFY=SUCCESS", entryWith(State::Delivered, alice, Notify::Success), Told::Success);
    row("delivered, NOTIFY=FAILURE", entryWith(State::Delivered, alice, Notify::Failure), {});
    QueueEntry told = entryWith(State::Failed, alice, {});
    told.recipients[0].told = Told::Failure;
    row("told already", told, {});
    told.recipients[0].told = Told::Delay;
    row("told of the delay before", told, Told::Failure);
    QueueEntry passedOn = entryWith(State::Delivered, alice, Notify::Success);
    passedOn.recipients[0].lastReport.offered = smtp::Capability::Dsn;
    row("the next server reports success", passedOn, {});
}

void TestRetryPolicy::reports()
{
    QFETCH(QueueEntry, entry);
    QFETCH(int, owed);
    QCOMPARE(int(owedNow(entry, 0)), owed);
    QCOMPARE(isOwedAnyReport(entry), owed != 0);
}

void TestRetryPolicy::delays_data()
{
    QTest::addColumn<QueueEntry>("entry");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<bool>("owed");
    using State = RecipientState;
    using smtp::Notify;
    const QueueEntry waits = entryWith(State::Deferred, alice, {});
    QTest::newRow("a minute before four hours") << waits << 239 << false;
    QTest::newRow("four hours") << waits << 240 << true;
    QTest::newRow("delivered meanwhile") << entryWith(State::Delivered, alice, {}) << 240 << false;
    QTest::newRow("null reverse-path") << entryWith(State::Deferred, {}, {}) << 240 << false;
    QTest::newRow("NOTIFY=FAILURE") << entryWith(State::Deferred, alice, Notify::Failure) << 240 << false;
    QTest::newRow("NOTIFY=DELAY") << entryWith(State::Deferred, alice, Notify::Delay) << 240 << true;
    QueueEntry told = waits;
    told.recipients[0].told = Told::Delay;
    QTest::newRow("once") << told << 600 << false;
    QueueEntry by = waits;
    by.envelope.deliverBy = smtp::DeliverBy{600, smtp::DeliverBy::Mode::Notify, false};
    QTest::newRow("DELIVERBY with N, in time") << by << 9 << false;
    QTest::newRow("DELIVERBY with N, over") << by << 10 << true;
}

void TestRetryPolicy::delays()
{
    QFETCH(QueueEntry, entry);
    QFETCH(int, minutes);
    const std::chrono::minutes time(minutes);
    QTEST(isOwedDelay(entry, 0, time, time, RetrySchedule::standard()), "owed");
    RetrySchedule silent = RetrySchedule::standard();
    silent.delayAfter = 0s;
    QCOMPARE(isOwedDelay(entry, 0, time, 0s, silent), false);
}

void TestRetryPolicy::deliverByIsOver()
{
    QueueEntry entry = entryWith(RecipientState::Deferred, alice, {});
    QVERIFY(!mustReturn(entry, 100h));
    entry.envelope.deliverBy = smtp::DeliverBy{60, smtp::DeliverBy::Mode::Return, false};
    QVERIFY(!mustReturn(entry, 59s));
    QVERIFY(mustReturn(entry, 60s));
    QCOMPARE(timeLeft(entry, 70s), std::optional<std::chrono::milliseconds>(-10s));
    entry.envelope.deliverBy->mode = smtp::DeliverBy::Mode::Notify;
    QVERIFY(!mustReturn(entry, 61s));
}

void TestRetryPolicy::groupsByDomainWithoutCase()
{
    const QList<smtp::EnvelopeRecipient> recipients{{{"a", "One.example"}, {}, {}},
        {{"b", "two.example"}, {}, {}}, {{"c", "one.EXAMPLE"}, {}, {}}, {{"d", "two.example"}, {}, {}}};
    const QList<DestinationGroup> expected{{"one.example", {0, 2}}, {"two.example", {1}}};
    QCOMPARE(groupByDomain(recipients, {0, 1, 2}), expected);
    QVERIFY(groupByDomain(recipients, {}).isEmpty());
}

void TestRetryPolicy::stateFileKeepsEverything()
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
    one.state = RecipientState::Expired;
    one.attempts = 17;
    one.nextAttemptAt = 1800000000000;
    one.told = Told::Failure | Told::Delay;
    one.later
        = LaterReport{ReportAction::Relayed, {2, 1, 9}, "mx.far.example", "said \xff so", 1800000000001};
    one.receipt = ReadReceipt{"displayed", 1800000000002};
    one.lastReport
        = {one.recipient.forwardPath, smtp::DeliveryResult::Unknown, smtp::DeliveryStage::EndOfData,
            {451, {4, 3, 0}, {"first line", "base64:looks like ours", "\xfe"}}, "RCPT TO:<b@c>", {4, 3, 0},
            "connection lost", "mx1.example.org", QHostAddress(QStringLiteral("2001:db8::1")), 2525,
            1700000000123456, "S1", smtp::Capability::Dsn | smtp::Capability::Size};
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
    const Result<QueueEntry> read = readState(writeState(entry));
    QVERIFY(read);
    QCOMPARE(read->recipients.first().lastReport, one.lastReport);
    QCOMPARE(*read, entry);
}

void TestRetryPolicy::stateFileKeepsOctets_data()
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

void TestRetryPolicy::stateFileKeepsOctets()
{
    QFETCH(QByteArray, octets);
    const smtp::Mailbox mailbox{octets, octets};
    QueueRecipient one;
    one.recipient = {mailbox, {}, octets};
    one.later = LaterReport{ReportAction::Failed, {5, 1, 1}, octets, octets, 1};
    one.receipt = ReadReceipt{octets, 2};
    one.lastReport = {mailbox, smtp::DeliveryResult::Refused, smtp::DeliveryStage::Rcpt,
        {550, {5, 1, 1}, {octets, octets}}, octets, {5, 1, 1}, octets, octets, {}, 25, 3, octets, {}};
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
void TestRetryPolicy::stateFileKeepsChoices_data()
{
    QTest::addColumn<QueueEntry>("entry");
    using Change = void (*)(QueueEntry &, QueueRecipient &);
    const auto row = [](const char *name, Change change) {
        QueueEntry entry = entryWith(RecipientState::Waiting, alice, {});
        entry.id = "Q1";
        change(entry, entry.recipients.first());
        entry.envelope.recipients = {entry.recipients.constFirst().recipient};
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
        one.lastReport.recipient = one.recipient.forwardPath;
        one.lastReport.at = 1;
    });
}

void TestRetryPolicy::stateFileKeepsChoices()
{
    QFETCH(QueueEntry, entry);
    const Result<QueueEntry> read = readState(writeState(entry));
    QVERIFY(read);
    QCOMPARE(*read, entry);
}

/// As earlier versions wrote them: members in the alphabet's order, null for what is not there.
void TestRetryPolicy::oldStateFiles_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nulls") << QByteArray(
        R"({"envelope":{"deliverBy":null,"priority":null,"reversePath":{"domain":"","local":""}},)"
        R"("id":"Q1","recipients":[],"route":null,"size":7})");
    QTest::newRow("members missing") << QByteArray(R"({"id":"Q1","recipients":[],"size":7})");
}

void TestRetryPolicy::oldStateFiles()
{
    QFETCH(QByteArray, json);
    QueueEntry expected;
    expected.id = "Q1";
    expected.size = 7;
    const Result<QueueEntry> read = readState(json);
    QVERIFY(read);
    QCOMPARE(*read, expected);
}

void TestRetryPolicy::damagedStateFiles_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("half") << writeState(entryWith(RecipientState::Failed, alice, {})).left(40);
    QTest::newRow("array") << QByteArray("[1,2]");
    QTest::newRow("no id") << QByteArray("{\"recipients\":[]}");
    QTest::newRow("no recipients") << QByteArray("{\"id\":\"Q1\"}");
}

void TestRetryPolicy::damagedStateFiles()
{
    QFETCH(QByteArray, json);
    const Result<QueueEntry> read = readState(json);
    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Damaged);
}

QTEST_GUILESS_MAIN(TestRetryPolicy)
#include "tst_retrypolicy.moc"
