// The delivery of a message to 500 recipients in 30 attempts opens at once: no words are made and nothing is
// built of what nobody looks at.
#include "tests/support/journeys.h"
#include "ui/message/deliverypane.h"
#include "ui/message/waterfallview.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QScrollBar>
#include <QTest>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr int recipients = 500;
constexpr int attempts = 30;
constexpr qint64 start = test::noon * 1000;
constexpr qint64 milli = 1000;
constexpr qint64 hour = 3'600'000; // milliseconds

QByteArray nameOf(int recipient)
{
    return "recipient" + QByteArray::number(recipient);
}

/// Each attempt has a session of its own, in which every RCPT is refused for now.
smtp::SessionTrace traceOf(int attempt)
{
    smtp::SessionTrace trace;
    trace.sessionId = "1J1B9AUMIJ5S" + QByteArray::number(attempt);
    trace.startedAt = start + attempt * hour * milli;
    trace.host = "mx1.example.org";
    for (int i = 0; i < recipients; ++i) {
        smtp::TracedStage stage;
        stage.stage = smtp::TraceStage::Rcpt;
        stage.message = 1;
        stage.from = trace.startedAt + i * milli;
        stage.to = stage.from + milli;
        stage.command = "RCPT TO:<" + nameOf(i) + "@example.org>";
        stage.reply = test::notNow;
        trace.stages.append(stage);
    }
    return trace;
}

mail::Journey longJourney()
{
    QList<QByteArray> names;
    for (int i = 0; i < recipients; ++i)
        names.append(nameOf(i));
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", names);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const smtp::SessionTrace trace = traceOf(attempt);
        journey.traces.append(trace);
        journey.events.append({test::noon + attempt * hour, mail::AttemptBegan{0, 0}});
        journey.events.append({test::noon + attempt * hour, mail::SessionOpened{trace.sessionId}});
        journey.entry.attemptSessionIds.append(trace.sessionId);
    }
    for (int i = 0; i < recipients; ++i) {
        smtp::RecipientReport report
            = test::reportOf(nameOf(i), smtp::DeliveryResult::Deferred, test::notNow);
        report.sessionId = journey.traces.last().sessionId;
        journey.entry.recipients[i].progress = mail::Deferred{attempts, report};
    }
    return journey;
}

bool isShown(const DeliveryPane &pane, const QString &text)
{
    const QList<QLabel *> labels = pane.findChildren<QLabel *>();
    return std::any_of(
        labels.begin(), labels.end(), [&text](const QLabel *label) { return label->text() == text; });
}

} // namespace

class TestLongJourney : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void manyRowsOpenAtOnce();
    void stationsComeWhenTheyAreInSight();
};

/// From the record to what is painted: the bound is for a build that checks itself, on a machine at work.
void TestLongJourney::manyRowsOpenAtOnce()
{
    const mail::Journey journey = longJourney();
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon + attempts * hour);
    DeliveryPane pane;
    pane.resize(900, 600);
    QElapsedTimer time;
    time.start();
    const DeliverySummary summary = summaryOf({journey}, now);
    pane.show(journeyOf({}, std::nullopt, {journey}, now), {}, summary);
    static_cast<QWidget &>(pane).show();
    QVERIFY(!pane.grab().isNull());
    const qint64 opened = time.restart();
    pane.verticalScrollBar()->setValue(100'000);
    QVERIFY(!pane.grab().isNull());
    const qint64 scrolled = time.elapsed();
    QCOMPARE(summary.waterfall.size(), (recipients + 1) * attempts);
    QVERIFY2(opened < 2000, qPrintable(QString::number(opened)));
    QVERIFY2(scrolled < 1000, qPrintable(QString::number(scrolled)));
    QVERIFY(pane.findChildren<QWidget *>().size() < 1000);
}

void TestLongJourney::stationsComeWhenTheyAreInSight()
{
    const mail::Journey journey = longJourney();
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon + attempts * hour);
    const QList<JourneyStep> steps = journeyOf({}, std::nullopt, {journey}, now);
    DeliveryPane pane;
    pane.resize(900, 600);
    pane.show(steps, {}, summaryOf({journey}, now));
    static_cast<QWidget &>(pane).show();
    QVERIFY(QTest::qWaitForWindowExposed(&pane));
    QVERIFY(isShown(pane, steps.first().title));
    QVERIFY(!isShown(pane, steps.last().title));
    QScrollBar *bar = pane.verticalScrollBar();
    const auto isAllShown = [&] {
        bar->setValue(bar->maximum());
        return isShown(pane, steps.last().title);
    };
    QTRY_VERIFY_WITH_TIMEOUT(isAllShown(), 20'000);
    // Told anew, nobody loses the place.
    pane.show(steps, {}, summaryOf({journey}, now));
    QVERIFY(isShown(pane, steps.last().title));
}

QTEST_MAIN(TestLongJourney)
#include "tst_longjourney.moc"
