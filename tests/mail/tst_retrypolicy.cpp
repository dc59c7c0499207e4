#include "mail/queue/reportpolicy.h"
#include "mail/queue/retrypolicy.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;
using namespace std::chrono_literals;

namespace {

QueueEntry entryWith(const DeliveryProgress &progress, const smtp::Mailbox &sender, smtp::NotifyFlags notify)
{
    QueueEntry entry;
    entry.envelope.reversePath = sender;
    QueueRecipient one;
    one.recipient = {{"bob", "example.org"}, notify, {}};
    one.progress = progress;
    entry.recipients.append(one);
    return entry;
}

Ended ended(Ended::Outcome outcome)
{
    return {outcome, 1, {}};
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
    const auto row = [](const char *name, const QueueEntry &entry, DsnKinds owed) {
        QTest::newRow(name) << entry << int(owed);
    };
    using Outcome = Ended::Outcome;
    using smtp::Notify;
    row("failed", entryWith(ended(Outcome::Failed), alice, {}), DsnKind::Failure);
    row("C65 expired", entryWith(ended(Outcome::Expired), alice, {}), DsnKind::Failure);
    row("delivered", entryWith(ended(Outcome::Delivered), alice, {}), {});
    row("deferred", entryWith(Deferred(), alice, {}), {});
    QueueEntry relayed = entryWith(ended(Outcome::Failed), {}, {});
    relayed.originSessionId = "S1";
    row("null reverse-path", relayed, {});
    row("T14 a report of ours is told to the postmaster",
        entryWith(ended(Outcome::Failed), {}, Notify::Never), DsnKind::Failure);
    row("T14 a report of ours that expired", entryWith(ended(Outcome::Expired), {}, Notify::Never),
        DsnKind::Failure);
    row("success for the null reverse-path", entryWith(ended(Outcome::Delivered), {}, Notify::Success), {});
    row("failed, NOTIFY=NEVER", entryWith(ended(Outcome::Failed), alice, Notify::Never), {});
    row("failed, NOTIFY=SUCCESS", entryWith(ended(Outcome::Failed), alice, Notify::Success), {});
    row("failed, NOTIFY=FAILURE", entryWith(ended(Outcome::Failed), alice, Notify::Failure),
        DsnKind::Failure);
    row("delivered, NOTIFY=SUCCESS", entryWith(ended(Outcome::Delivered), alice, Notify::Success),
        DsnKind::Success);
    row("delivered, NOTIFY=FAILURE", entryWith(ended(Outcome::Delivered), alice, Notify::Failure), {});
    QueueEntry told = entryWith(ended(Outcome::Failed), alice, {});
    told.recipients[0].notified = DsnKind::Failure;
    row("told already", told, {});
    told.recipients[0].notified = DsnKind::Delay;
    row("told of the delay before", told, DsnKind::Failure);
    Ended passedOn = ended(Outcome::Delivered);
    passedOn.lastReport.offered = smtp::Capability::Dsn;
    row("the next server reports success", entryWith(passedOn, alice, Notify::Success), {});
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
    using smtp::Notify;
    const QueueEntry waits = entryWith(Deferred(), alice, {});
    QTest::newRow("a minute before four hours") << waits << 239 << false;
    QTest::newRow("four hours") << waits << 240 << true;
    QTest::newRow("delivered meanwhile")
        << entryWith(ended(Ended::Outcome::Delivered), alice, {}) << 240 << false;
    QTest::newRow("null reverse-path") << entryWith(Deferred(), {}, {}) << 240 << false;
    QTest::newRow("NOTIFY=FAILURE") << entryWith(Deferred(), alice, Notify::Failure) << 240 << false;
    QTest::newRow("NOTIFY=DELAY") << entryWith(Deferred(), alice, Notify::Delay) << 240 << true;
    QueueEntry told = waits;
    told.recipients[0].notified = DsnKind::Delay;
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
    QueueEntry entry = entryWith(Deferred(), alice, {});
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

QTEST_GUILESS_MAIN(TestRetryPolicy)
#include "tst_retrypolicy.moc"
