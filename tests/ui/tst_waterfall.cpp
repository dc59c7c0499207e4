// The waterfall of a message: whose rows stand in it, that they are to scale on one axis with gaps folded,
// and that mouse, keyboard and a screen reader get at them. And why a message did not arrive, in words.
#include "tests/support/journeys.h"
#include "ui/message/deliverypane.h"
#include "ui/message/waterfallview.h"
#include "ui/message/whynot.h"

#include <QClipboard>
#include <QHelpEvent>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

const QByteArray session = "1J1B9AUMIJ5GHHBMQ";
constexpr qint64 start = test::noon * 1000;
constexpr qint64 milli = 1000;

/// Two attempts in one session, the second ten seconds after the first.
mail::Journey twoAttempts()
{
    using Result = smtp::DeliveryResult;
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    smtp::RecipientReport taken = test::reportOf("bob", Result::Delivered, test::taken);
    taken.at = start + 10'107 * milli;
    const QList<mail::JourneyEvent> events{{test::noon, mail::AttemptBegan{0, 0}},
        {test::noon, mail::SessionOpened{session}},
        {test::noon + 500,
            mail::Attempted{
                0, test::reportOf("bob", Result::Deferred, test::notNow), mail::AttemptOutcome::Deferred}},
        {test::noon + 9000, mail::AttemptBegan{0, 0}}, {test::noon + 9999, mail::SessionOpened{session}},
        {test::noon + 10'200, mail::Attempted{0, taken, mail::AttemptOutcome::Delivered}}};
    for (const mail::JourneyEvent &event : events) {
        journey.events.append(event);
        journey.entry = mail::apply(journey.entry, event.what);
    }
    journey.traces = {smtp::joined(test::traceOf(session), test::traceOf(session, 1))};
    return journey;
}

QStringList labelsOf(const QList<WaterfallRow> &rows)
{
    QStringList labels;
    for (const WaterfallRow &row : rows)
        labels.append(row.label);
    return labels;
}

QString whyNot(const mail::Journey &journey, const QDateTime &now = QDateTime())
{
    return whyNotArrived(journey, waterfallOf(journey), now);
}

mail::Journey endedWith(const smtp::RecipientReport &report, mail::Ended::Outcome outcome)
{
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    journey.entry.recipients[0].progress = mail::Ended{outcome, 1, report};
    return journey;
}

} // namespace

class TestWaterfall : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsAreThisMessagesAlone();
    void onlyWhatIsLostIsAmber();
    void aStrangersMessageIsLeftOut();
    void gapsAreFolded();
    void barsAreToScale_data();
    void barsAreToScale();
    void keysReadAndZoom();
    void aClickAsksForItsLines();
    void aClickDoesNotGoToTheFirstRow();
    void factsUnderThePointer();
    void thePaneKeepsItsPlace();
    void saysWhy_data();
    void saysWhy();
    void sameCauseOnce();
    void saysWhyItWasSlow();
    void saysNothingOfWhatWentWell();
};

void TestWaterfall::rowsAreThisMessagesAlone()
{
    const QList<WaterfallRow> rows = waterfallOf(twoAttempts());
    QCOMPARE(labelsOf(rows),
        (QStringList{QStringLiteral("Attempt 1"), QStringLiteral("Look-up"), QStringLiteral("Connection"),
            QStringLiteral("Greeting"), QStringLiteral("EHLO"), QStringLiteral("MAIL"),
            QStringLiteral("bob@example.org"), QStringLiteral("DATA"), QStringLiteral("Message"),
            QStringLiteral("End of the message"), QStringLiteral("Attempt 2"), QStringLiteral("MAIL"),
            QStringLiteral("bob@example.org"), QStringLiteral("DATA"), QStringLiteral("Message"),
            QStringLiteral("End of the message")}));
    QCOMPARE(rows[3].to - rows[3].from, 300 * milli);
    QVERIFY(rows[3].spent == smtp::TimeSpent::Waiting && rows[8].spent == smtp::TimeSpent::Either);
    QVERIFY(factsOf(rows[3]).contains(QStringLiteral("S: 220 mx1.example.org ESMTP")));
    QVERIFY(factsOf(rows[1]).join(u'\n').contains(
        QStringLiteral("MX example.org: 10 mx1.example.org (DNSSEC: secure)")));
    QCOMPARE(rows[10].attempt, 2);
    QVERIFY(waterfallText(rows).contains(QStringLiteral("  Greeting: 300 ms, 220 mx1.example.org ESMTP")));
}

/// A server may close the connection in place of a reply to QUIT; one that leaves the dot unanswered fails.
void TestWaterfall::onlyWhatIsLostIsAmber()
{
    mail::Journey journey = twoAttempts();
    smtp::TracedStage quit = journey.traces[0].stages.last();
    quit.stage = smtp::TraceStage::Quit;
    quit.message = 0;
    quit.command = "QUIT";
    quit.reply = {};
    quit.from = quit.to;
    journey.traces[0].stages.append(quit);
    QCOMPARE(waterfallOf(journey).last().label, QStringLiteral("QUIT"));
    QCOMPARE(waterfallOf(journey).last().tone, Tone::Transit);
    journey.traces[0].stages.removeLast();
    journey.traces[0].stages.last().reply = {};
    QCOMPARE(waterfallOf(journey).last().tone, Tone::Deferred);
}

/// The connection carried others before and after: they and its opening belong to them.
void TestWaterfall::aStrangersMessageIsLeftOut()
{
    mail::Journey journey = twoAttempts();
    journey.events.remove(0, 3);
    const QList<WaterfallRow> rows = waterfallOf(journey);
    QCOMPARE(rows.size(), 6);
    QCOMPARE(rows[1].from, start + 10'000 * milli);
    journey.traces.clear();
    QVERIFY(waterfallOf(journey).isEmpty());
}

void TestWaterfall::gapsAreFolded()
{
    const FoldedAxis axis(waterfallOf(twoAttempts()));
    constexpr qint64 busy = (477 + 107) * milli;
    constexpr qint64 fold = busy / 25;
    QCOMPARE(axis.length(), busy + fold);
    QCOMPARE(axis.folds().size(), 1);
    QCOMPARE(axis.folds()[0], (FoldedAxis::Fold{477 * milli, fold, (10'000 - 477) * milli}));
    QCOMPARE(axis.place(start), 0);
    QCOMPARE(axis.place(start + 60 * milli), 60 * milli);
    QCOMPARE(axis.place(start + 5000 * milli), 477 * milli);
    QCOMPARE(axis.place(start + 10'000 * milli), 477 * milli + fold);
    QCOMPARE(FoldedAxis(QList<WaterfallRow>()).length(), 1);
}

void TestWaterfall::barsAreToScale_data()
{
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::newRow("left to right") << Qt::LeftToRight;
    QTest::newRow("right to left") << Qt::RightToLeft;
}

void TestWaterfall::barsAreToScale()
{
    QFETCH(Qt::LayoutDirection, direction);
    const QList<WaterfallRow> rows = waterfallOf(twoAttempts());
    const FoldedAxis axis(rows);
    WaterfallView view(rows);
    view.setLayoutDirection(direction);
    view.resize(900, view.sizeHint().height());
    const double chart = view.barOf(3).width() * double(axis.length()) / (300.0 * milli);
    for (int row = 0; row < rows.size(); ++row) {
        if (rows[row].kind != WaterfallRow::Kind::Stage || rows[row].to - rows[row].from < 5 * milli)
            continue;
        const double expected = double(rows[row].to - rows[row].from) / double(axis.length()) * chart;
        QVERIFY2(std::abs(view.barOf(row).width() - expected) <= 3, qPrintable(rows[row].label));
    }
    const bool isMirrored = direction == Qt::RightToLeft;
    QVERIFY((view.barOf(1).left() < view.barOf(9).left()) != isMirrored);
    const QImage image = view.grab().toImage();
    QVERIFY(image.pixelColor(view.barOf(3).center()) != view.palette().color(QPalette::Base));
    QVERIFY(
        image.pixelColor(view.barOf(3).center()) != image.pixelColor(view.barOf(3).topLeft() + QPoint(4, 0)));
}

void TestWaterfall::keysReadAndZoom()
{
    const QList<WaterfallRow> rows = waterfallOf(twoAttempts());
    WaterfallView view(rows);
    view.resize(900, view.sizeHint().height());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy requested(&view, &WaterfallView::linesRequested);
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.currentRow(), 0);
    QTest::keyClick(&view, Qt::Key_Return); // a heading has no lines
    QCOMPARE(requested.count(), 0);
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.currentRow(), 3);
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("300 ms")));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("220 mx1.example.org ESMTP")));
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested[0][0].toByteArray(), session);
    QCOMPARE(requested[0][1].toLongLong(), rows[3].from);
    const int before = view.barOf(3).width();
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(view.zoom() > 1 && view.barOf(3).width() > before);
    QTest::keyClick(&view, Qt::Key_0);
    QCOMPARE(view.zoom(), 1.0);
    QCOMPARE(view.barOf(3).width(), before);
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), waterfallText(rows));
    QTest::keyClick(&view, Qt::Key_End);
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.currentRow(), int(rows.size()) - 1);
}

void TestWaterfall::aClickAsksForItsLines()
{
    const QList<WaterfallRow> rows = waterfallOf(twoAttempts());
    WaterfallView view(rows);
    view.resize(900, view.sizeHint().height());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy requested(&view, &WaterfallView::linesRequested);
    QTest::mouseClick(&view, Qt::LeftButton, {}, view.barOf(6).center());
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested[0][1].toLongLong(), rows[6].from);
    QVERIFY(view.showMoment(session, rows[9].to));
    QCOMPARE(view.currentRow(), 9);
    QVERIFY(!view.showMoment("another", rows[9].to));
    QVERIFY(!view.showMoment(session, rows[9].to + 5'000 * milli));
    QCOMPARE(view.currentRow(), 9);
    QCOMPARE(requested.count(), 1); // a line's bar does not ask for the line again
}

/// That would scroll it away from under the pointer.
void TestWaterfall::aClickDoesNotGoToTheFirstRow()
{
    WaterfallView view(waterfallOf(twoAttempts()));
    QSignalSpy current(&view, &WaterfallView::becameCurrent);
    QFocusEvent clicked(QEvent::FocusIn, Qt::MouseFocusReason);
    QCoreApplication::sendEvent(&view, &clicked);
    QCOMPARE(current.count(), 0);
    QFocusEvent tabbed(QEvent::FocusIn, Qt::TabFocusReason);
    QCoreApplication::sendEvent(&view, &tabbed);
    QCOMPARE(current.count(), 1);
    QCOMPARE(view.currentRow(), 0);
}

void TestWaterfall::factsUnderThePointer()
{
    WaterfallView view(waterfallOf(twoAttempts()));
    view.resize(900, view.sizeHint().height());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QPoint where = view.barOf(1).center();
    QHelpEvent help(QEvent::ToolTip, where, view.mapToGlobal(where));
    QVERIFY(QCoreApplication::sendEvent(&view, &help));
    QVERIFY(QToolTip::text().contains(QStringLiteral("DNSSEC: secure")));
    QToolTip::hideText();
}

/// What is told anew of the same delivery leaves zoom and row where they were.
void TestWaterfall::thePaneKeepsItsPlace()
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon + 20'000);
    DeliveryPane pane;
    pane.resize(900, 600);
    pane.show(journeyOf({}, std::nullopt, {twoAttempts()}, now), {}, summaryOf({twoAttempts()}, now));
    static_cast<QWidget &>(pane).show();
    auto *view = pane.findChild<WaterfallView *>();
    QVERIFY(view != nullptr && view->isVisible());
    QSignalSpy requested(&pane, &DeliveryPane::sessionRequested);
    QTest::keyClick(view, Qt::Key_Plus);
    pane.showMoment(session, start + 100 * milli);
    QCOMPARE(view->currentRow(), 3);
    pane.show(journeyOf({}, std::nullopt, {twoAttempts()}, now), {}, summaryOf({twoAttempts()}, now));
    QCOMPARE(pane.findChild<WaterfallView *>(), view);
    QVERIFY(view->isVisible() && view->zoom() > 1);
    QCOMPARE(view->currentRow(), 3);
    QTest::keyClick(view, Qt::Key_Return);
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested[0][1].toLongLong(), start + 60 * milli);
    pane.show({}, QStringLiteral("nothing"));
    QVERIFY(pane.findChild<WaterfallView *>() == nullptr);
}

void TestWaterfall::saysWhy_data()
{
    QTest::addColumn<smtp::DeliveryResult>("result");
    QTest::addColumn<smtp::DeliveryStage>("stage");
    QTest::addColumn<smtp::Reply>("reply");
    QTest::addColumn<smtp::EnhancedStatusCode>("status");
    QTest::addColumn<QByteArray>("reason");
    QTest::addColumn<QString>("words"); ///< each after a bar
    using Result = smtp::DeliveryResult;
    using Stage = smtp::DeliveryStage;
    const auto row = [](const char *name, Result result, Stage stage, const smtp::Reply &reply,
                         const smtp::EnhancedStatusCode &status, const char *reason, const char *words) {
        QTest::newRow(name) << result << stage << reply << status << QByteArray(reason)
                            << QString::fromUtf8(words);
    };
    row("no such user", Result::Refused, Stage::Rcpt, test::never, {5, 1, 1}, "",
        "mx1.example.org (192.0.2.1:25) permanently refused the message for bob@example.org|after RCPT TO|"
        "“550 5.1.1 no such user”|The code 5.1.1 means|no further attempt|Check the spelling of the address");
    row("greylisted", Result::Deferred, Stage::Rcpt, {451, {4, 7, 1}, {"come again"}}, {4, 7, 1}, "",
        "for now|“451 4.7.1 come again”|greylisting");
    row("full", Result::Refused, Stage::Rcpt, {552, {5, 2, 2}, {"quota"}}, {5, 2, 2}, "",
        "“552 5.2.2 quota”|make room");
    row("too large", Result::Refused, Stage::Mail, {552, {5, 3, 4}, {"too big"}}, {5, 3, 4}, "",
        "after MAIL FROM|smaller message");
    row("no detailed code", Result::Refused, Stage::EndOfData, {554, {}, {"no"}}, {5, 0, 0}, "",
        "“554 no”|gave no detailed code; 554 means");
    row("no connection", Result::Deferred, Stage::Connect, {}, {4, 4, 1}, "192.0.2.1:25: connection refused",
        "stopped at mx1.example.org|connecting|connection refused|port 25");
    row("lost after the dot", Result::Unknown, Stage::EndOfData, {}, {4, 4, 2}, "connection lost",
        "got the whole message|may have arrived|Ask whether it arrived");
    row("certificate", Result::Deferred, Stage::StartTls, {}, {4, 7, 5}, "no TLS with mx1: self-signed",
        "starting TLS|self-signed|fingerprint");
    row("password", Result::Deferred, Stage::Auth, {535, {5, 7, 8}, {"bad credentials"}}, {5, 7, 8}, "",
        "“535 5.7.8 bad credentials”|Enter the user name");
    row("port", Result::Deferred, Stage::Greeting, {}, {4, 4, 2}, "time-out after 300 s", "does not greet");
}

void TestWaterfall::saysWhy()
{
    QFETCH(smtp::DeliveryResult, result);
    QFETCH(smtp::DeliveryStage, stage);
    QFETCH(smtp::Reply, reply);
    QFETCH(smtp::EnhancedStatusCode, status);
    QFETCH(QByteArray, reason);
    QFETCH(QString, words);
    smtp::RecipientReport report = test::reportOf("bob", result, reply);
    report.stage = stage;
    report.status = status;
    report.reason = reason;
    const QString said
        = whyNot(endedWith(report, mail::Ended::Outcome::Failed), QDateTime::currentDateTime());
    for (const QString &one : words.split(u'|'))
        QVERIFY2(said.contains(one), qPrintable(one + QStringLiteral(" / ") + said));
}

void TestWaterfall::sameCauseOnce()
{
    const smtp::RecipientReport report = test::reportOf("bob", smtp::DeliveryResult::Refused, test::never);
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"a", "b", "c", "d", "e", "f"});
    for (mail::QueueRecipient &one : journey.entry.recipients)
        one.progress = mail::Ended{mail::Ended::Outcome::Failed, 1, report};
    smtp::RecipientReport another = report;
    another.reply = test::notNow;
    another.result = smtp::DeliveryResult::Deferred;
    journey.entry.recipients[5].progress = mail::Deferred{1, another};
    journey.entry.recipients[5].nextAttemptAt = test::noon + 300'000;
    const QStringList said = whyNot(journey, QDateTime::fromMSecsSinceEpoch(test::noon)).split(u'\n');
    QCOMPARE(said.size(), 2);
    QVERIFY(said[0].contains(QStringLiteral("a@example.org, b@example.org, c@example.org and 2 ")));
    QVERIFY(said[1].contains(QStringLiteral("in 5 min")));
    journey.removedAt = test::noon;
    QVERIFY(whyNot(journey, QDateTime()).contains(QStringLiteral("removed from the queue")));
}

void TestWaterfall::saysWhyItWasSlow()
{
    mail::Journey journey = twoAttempts();
    journey.entry.queuedAt = test::noon - 600'000;
    const QString said = whyNot(journey, QDateTime());
    QVERIFY2(said.contains(QStringLiteral("10 min 10 s after it was due")), qPrintable(said));
    QVERIFY(said.contains(QStringLiteral("2 attempts")));
    QVERIFY(said.contains(QStringLiteral("“Greeting” in attempt 1: 300 ms")));
}

void TestWaterfall::saysNothingOfWhatWentWell()
{
    QCOMPARE(whyNot(twoAttempts()), QString());
    QCOMPARE(whyNot(mail::Journey(), QDateTime()), QString());
}

QTEST_MAIN(TestWaterfall)
#include "tst_waterfall.moc"
