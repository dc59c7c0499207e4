// Two deliveries or sessions side by side: what differs is marked, lit and spoken, keys and mouse get at it
// and at the lines that were said, and the ways there from the Delivery tab and from the list of sessions.
#include "mail/message/messagereader.h"
#include "tests/support/comparisons.h"
#include "tests/support/controls.h"
#include "tests/support/fakelistener.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/fakesessions.h"
#include "tests/support/runningmail.h"
#include "ui/compare/comparisonmodel.h"
#include "ui/compare/comparisonview.h"
#include "ui/compare/comparisonwindow.h"
#include "ui/compare/sessioncomparer.h"
#include "ui/message/deliverychooser.h"
#include "ui/message/deliverypane.h"
#include "ui/message/messagepane.h"
#include "ui/sessions/sessionsview.h"
#include "ui/theme/theme.h"
#include "ui/words/comparisontext.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextDocument>
#include <QTreeView>

using namespace glasspost;
using namespace glasspost::ui;
using smtp::TraceStage;

namespace {

const QByteArray leftSession = "1J1B9AUMIJ5GHHBMQ";
const QByteArray rightSession = "1J1B9AUMIJ5GHHBMR";
constexpr qint64 start = test::noon * 1000;

smtp::SessionTrace refusedTrace()
{
    smtp::SessionTrace trace = test::wholeTrace();
    trace.sessionId = rightSession;
    test::stageIn(trace, TraceStage::Rcpt).reply = test::never;
    return trace;
}

mail::Comparison acceptedAndRefused()
{
    return mail::compared(test::deliveryOf(test::wholeTrace()), test::deliveryOf(refusedTrace()));
}

/// Delivered in one attempt in that session.
mail::Journey journeyOf(const QByteArray &id, smtp::SessionTrace trace, const QByteArray &sessionId)
{
    mail::Journey journey;
    journey.entry = test::entryTo(id, {"bob"});
    journey.entry.subject = QString::fromLatin1(id);
    trace.sessionId = sessionId;
    smtp::RecipientReport report = test::reportOf("bob", smtp::DeliveryResult::Delivered, test::taken);
    report.sessionId = sessionId;
    report.at = start + 900'000;
    const QList<mail::JourneyEvent> events{{test::noon, mail::AttemptBegan{0, 0}},
        {test::noon, mail::SessionOpened{sessionId}},
        {test::noon + 900, mail::Attempted{0, report, mail::AttemptOutcome::Delivered}}};
    for (const mail::JourneyEvent &event : events) {
        journey.events.append(event);
        journey.entry = mail::apply(journey.entry, event.what);
    }
    journey.traces = {trace};
    return journey;
}

int differingRow(const ComparisonModel &model)
{
    return model.differenceFrom(-1, 1);
}

int seenItems(const QListWidget &list)
{
    int seen = 0;
    for (int i = 0; i < list.count(); ++i)
        seen += int(!list.item(i)->isHidden());
    return seen;
}

smtp::SessionFacts factsOf(const QByteArray &id, qint64 startedAt)
{
    smtp::SessionFacts facts;
    facts.id = id;
    facts.startedAt = startedAt;
    return facts;
}

} // namespace

class TestCompare : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatDiffersIsLitAndSpoken();
    void everyDifferenceHasAWord();
    void extensionsAreNamed();
    void peersTextIsShownSafely();
    void keysGoToDifferencesAndLines();
    void onlyDifferences();
    void theEdgeMarksWhatDiffers_data();
    void theEdgeMarksWhatDiffers();
    void everyControlHasAName();
    void theChooserOffersTheOthers();
    void theDeliveryTabComparesMessages();
    void twoSelectedSessionsAreCompared();
    void aSessionThatIsNotKeptIsSaid();
};

void TestCompare::whatDiffersIsLitAndSpoken()
{
    const ComparisonModel model(acceptedAndRefused());
    const int row = differingRow(model);
    QVERIFY(row >= 0);
    QCOMPARE(model.differenceFrom(row, 1), -1);
    const mail::ComparisonRow &one = model.row(row);
    const LitText left = comparedText(one, Side::Left);
    const LitText right = comparedText(one, Side::Right);
    QCOMPARE(left.lit.size(), 1);
    QCOMPARE(left.text.mid(left.lit[0].first, left.lit[0].second), QStringLiteral("250 2.1.5 Ok"));
    QCOMPARE(
        right.text.mid(right.lit[0].first, right.lit[0].second), QStringLiteral("550 5.1.1 no such user"));
    const QString spoken = model.data(model.index(row, 0), Qt::AccessibleTextRole).toString();
    QVERIFY2(
        spoken.startsWith(QStringLiteral("bob@example.org. Different: accepted on one side only. Left: ")),
        qUtf8Printable(spoken));
    QVERIFY2(spoken.contains(QStringLiteral("Time: 15 ms, 15 ms, +0 ms")), qUtf8Printable(spoken));
    QCOMPARE(model.data(model.index(row, ComparisonModel::Differences), Qt::DisplayRole).toString(),
        QStringLiteral("accepted on one side only"));
    for (int other = 0; other < model.rowCount(); ++other) {
        if (other == row)
            continue;
        QVERIFY(comparedText(model.row(other), Side::Left).lit.isEmpty());
        QVERIFY(!model.data(model.index(other, 0), Qt::AccessibleTextRole)
                     .toString()
                     .contains(QStringLiteral("Different")));
    }
    QVERIFY(comparisonText(model.rows()).contains(QStringLiteral("\n! bob@example.org: ")));
}

void TestCompare::everyDifferenceHasAWord()
{
    for (const mail::Difference difference : mail::allDifferences)
        QVERIFY(!differenceText(difference).isEmpty());
    const mail::ComparedDelivery same = test::deliveryOf(test::wholeTrace());
    QCOMPARE(comparisonSummary(mail::compared(same, same)), QStringLiteral("No differences"));
    mail::Comparison lost = acceptedAndRefused();
    lost.leftOut = 2;
    lost.isDamaged = true;
    QVERIFY(comparisonSummary(lost).contains(QStringLiteral("not kept")));
    QVERIFY(comparisonSummary(lost).contains(QStringLiteral("cannot be read")));
}

void TestCompare::extensionsAreNamed()
{
    smtp::SessionTrace other = test::wholeTrace();
    test::stageIn(other, TraceStage::Hello).reply.lines.removeLast();
    const ComparisonModel model(
        mail::compared(test::deliveryOf(test::wholeTrace()), test::deliveryOf(other)));
    const mail::ComparisonRow &row = model.row(differingRow(model));
    QCOMPARE(differencesText(row), QStringLiteral("extensions (only left CHUNKING)"));
    const LitText left = comparedText(row, Side::Left);
    QCOMPARE(left.text.mid(left.lit[0].first, left.lit[0].second), QStringLiteral("CHUNKING"));
    QVERIFY(comparedText(row, Side::Right).lit.isEmpty());
}

/// A server that turns the line around, or writes HTML, is shown for what it is.
void TestCompare::peersTextIsShownSafely()
{
    smtp::SessionTrace other = test::wholeTrace();
    test::stageIn(other, TraceStage::Greeting).reply.lines = {"<b>mx</b> \xE2\x80\xAE txt.exe \x1b[31m"};
    const ComparisonModel model(
        mail::compared(test::deliveryOf(test::wholeTrace()), test::deliveryOf(other)));
    const int row = differingRow(model);
    const QString shown = model.data(model.index(row, ComparisonModel::Right), Qt::DisplayRole).toString();
    QVERIFY2(shown.contains(QStringLiteral("<b>mx</b> \\u202E txt.exe \\x1B[31m")), qUtf8Printable(shown));
    // What happened meanwhile stands in the tip.
    test::stageIn(other, TraceStage::Lookup).notes = {{start, "<i>no MX</i>"}};
    const ComparisonModel lookup(
        mail::compared(test::deliveryOf(test::wholeTrace()), test::deliveryOf(other)));
    const QModelIndex first = lookup.index(differingRow(lookup), ComparisonModel::Right);
    const QString tip = first.data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("no MX")) && !Qt::mightBeRichText(tip), qUtf8Printable(tip));
}

void TestCompare::keysGoToDifferencesAndLines()
{
    ComparisonWindow window(acceptedAndRefused(), QStringLiteral("one"), QStringLiteral("other"));
    window.setAttribute(Qt::WA_DeleteOnClose, false);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    ComparisonView *view = window.view();
    QSignalSpy asked(&window, &ComparisonWindow::linesRequested);
    const int row = differingRow(*view->comparisonModel());
    QTest::keyClick(view, Qt::Key_N);
    QCOMPARE(view->currentIndex().row(), row);
    QTest::keyClick(view, Qt::Key_N); // there is no other
    QTest::keyClick(view, Qt::Key_P);
    QCOMPARE(view->currentIndex().row(), row);
    const mail::ComparisonRow one = view->comparisonModel()->row(row);
    QTest::keyClick(view, Qt::Key_Return);
    QTest::keyClick(view, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked[0][0].toByteArray(), leftSession);
    QCOMPARE(asked[0][1].toLongLong(), one.left.from);
    QCOMPARE(asked[1][0].toByteArray(), rightSession);
    QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), comparisonText(view->comparisonModel()->rows()));
    QTest::keyClick(view, Qt::Key_Escape);
    QVERIFY(!window.isVisible());
}

void TestCompare::onlyDifferences()
{
    ComparisonWindow window(acceptedAndRefused(), QStringLiteral("one"), QStringLiteral("other"));
    window.setAttribute(Qt::WA_DeleteOnClose, false);
    window.show();
    const auto *model = window.view()->comparisonModel();
    const QAbstractItemModelTester tester(window.view()->comparisonModel());
    const int all = model->rowCount();
    auto *only = window.findChild<QCheckBox *>();
    only->click();
    QCOMPARE(model->rowCount(), 2); // the session, and what differs in it
    QVERIFY(window.view()->currentIndex().isValid());
    only->click();
    QCOMPARE(model->rowCount(), all);
    QVERIFY(window.findChild<QLabel *>(QStringLiteral("comparisonSummary"))
                ->text()
                .startsWith(QStringLiteral("1 row")));
}

void TestCompare::theEdgeMarksWhatDiffers_data()
{
    QTest::addColumn<bool>("dark");
    QTest::addColumn<bool>("mirrored");
    QTest::newRow("light") << false << false;
    QTest::newRow("dark") << true << false;
    QTest::newRow("mirrored") << false << true;
}

/// On the leading side, where the color of the ground is not needed to see it.
void TestCompare::theEdgeMarksWhatDiffers()
{
    QFETCH(const bool, dark);
    QFETCH(const bool, mirrored);
    ComparisonView view(acceptedAndRefused());
    view.setPalette(dark ? darkPalette() : lightPalette());
    view.setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
    view.resize(1000, 700);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QImage picture = view.viewport()->grab().toImage();
    const int differing = differingRow(*view.comparisonModel());
    for (const int row : {differing - 1, differing}) {
        const QRect place = view.visualRect(view.comparisonModel()->index(row, 0));
        const QPoint edge(mirrored ? place.right() - 1 : place.left() + 1, place.center().y());
        const QColor marked = toneColor(view.palette(), Tone::Deferred);
        QCOMPARE(
            picture.pixelColor(edge * picture.devicePixelRatio()).rgb() == marked.rgb(), row == differing);
    }
}

void TestCompare::everyControlHasAName()
{
    ComparisonWindow window(acceptedAndRefused(), QStringLiteral("one"), QStringLiteral("other"));
    window.setAttribute(Qt::WA_DeleteOnClose, false);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QCOMPARE(test::nameless(window), QStringList());
    QCOMPARE(test::tipless(window), QStringList());
    QCOMPARE(test::shared(test::mnemonics(window)), QStringList());
    QCOMPARE(test::notReachedByTab(window), QStringList());
}

void TestCompare::theChooserOffersTheOthers()
{
    auto *chooser = new DeliveryChooser({QStringLiteral("Attempt 1"), QStringLiteral("Attempt 2")});
    QSignalSpy attempts(chooser, &DeliveryChooser::attemptChosen);
    QSignalSpy messages(chooser, &DeliveryChooser::messageChosen);
    chooser->addMessages({{QStringLiteral("Minutes, to bob@example.org"), QStringLiteral("sent"), "Q1"},
        {QStringLiteral("Offer, to carol@example.org"), QStringLiteral("sent"), "Q2"}});
    chooser->open();
    QVERIFY(QTest::qWaitForWindowActive(chooser));
    QCOMPARE(test::nameless(*chooser), QStringList());
    QCOMPARE(test::tipless(*chooser), QStringList());
    QCOMPARE(test::shared(test::mnemonics(*chooser)), QStringList());
    auto *list = chooser->findChild<QListWidget *>();
    QCOMPARE(seenItems(*list), 3); // not the attempt that is compared
    QVERIFY(list->item(1)->isHidden());
    QTest::keyClicks(chooser->findChild<QLineEdit *>(), QStringLiteral("CAROL"));
    QCOMPARE(seenItems(*list), 1);
    list->setCurrentRow(3);
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(messages.size(), 1); // once, though Enter presses the button as well
    QCOMPARE(messages[0][0].toInt(), 1);
    QCOMPARE(messages[0][1].toByteArray(), QByteArray("Q2"));
    QVERIFY(attempts.isEmpty());
}

void TestCompare::theDeliveryTabComparesMessages()
{
    const QTemporaryDir data;
    mail::MailSystem system(data.path());
    QVERIFY(test::start(system));
    test::FakeOutbox outbox;
    const mail::Journey other = journeyOf("1J1B9AUMIJ5BBBBBB", refusedTrace(), rightSession);
    outbox.keep({journeyOf("1J1B9AUMIJ5AAAAAA", test::wholeTrace(), leftSession), other});
    outbox.change({other.entry});
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1"};
    message.queueId = "1J1B9AUMIJ5AAAAAA";
    MessagePane pane(system.mailboxes(), outbox, system.sessions(), system.settings());
    QSignalSpy lines(&pane, &MessagePane::sessionRequested);
    pane.show(message);
    QTRY_VERIFY(pane.hasDeliveryRecord());
    pane.delivery().compare();
    auto *chooser = pane.findChild<DeliveryChooser *>();
    QVERIFY(chooser != nullptr);
    auto *list = chooser->findChild<QListWidget *>();
    QTRY_COMPARE(seenItems(*list), 1);
    list->setCurrentRow(1);
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(pane.findChild<ComparisonWindow *>() != nullptr);
    const auto *window = pane.findChild<ComparisonWindow *>();
    const ComparisonModel &model = *window->view()->comparisonModel();
    QCOMPARE(model.comparison().differences(), 1);
    QVERIFY(model.row(differingRow(model)).differences == QList<mail::Difference>{mail::Difference::Refusal});
    window->view()->goToDifference(1);
    window->view()->actions().constFirst()->trigger();
    QCOMPARE(lines.size(), 1);
    QCOMPARE(lines[0][0].toByteArray(), leftSession);
}

void TestCompare::twoSelectedSessionsAreCompared()
{
    test::FakeSessions sessions;
    const test::FakeListener listener;
    SessionsView view(sessions, listener);
    view.resize(900, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    mail::TranscriptBatch batch;
    batch.sessions
        = {factsOf(rightSession, start), factsOf("between", start + 1), factsOf(leftSession, start + 2)};
    sessions.record(batch);
    QTRY_COMPARE(view.list()->model()->rowCount(), 3);
    const auto *compare = view.list()->actions().constFirst();
    const auto click = [&view](int row, Qt::KeyboardModifiers keys) {
        const QRect place = view.list()->visualRect(view.list()->model()->index(row, 0));
        QTest::mouseClick(view.list()->viewport(), Qt::LeftButton, keys, place.center());
    };
    QSignalSpy asked(&view, &SessionsView::compareRequested);
    click(2, {});
    QVERIFY(!compare->isEnabled());
    click(0, Qt::ControlModifier);
    QVERIFY(compare->isEnabled());
    view.compareSelected();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked[0][0].toByteArray(), leftSession); // the upper one, the newest
    QCOMPARE(asked[0][1].toByteArray(), rightSession);
    click(1, Qt::ControlModifier);
    QVERIFY(!compare->isEnabled());
    // And the window.
    test::FakeOutbox outbox;
    outbox.keep({journeyOf("1J1B9AUMIJ5AAAAAA", test::wholeTrace(), leftSession),
        journeyOf("1J1B9AUMIJ5BBBBBB", refusedTrace(), rightSession)});
    SessionComparer comparer(outbox, sessions, &view);
    comparer.compare(leftSession, rightSession);
    QTRY_VERIFY(view.findChild<ComparisonWindow *>() != nullptr);
    QCOMPARE(view.findChild<ComparisonWindow *>()->view()->comparisonModel()->comparison().differences(), 1);
}

void TestCompare::aSessionThatIsNotKeptIsSaid()
{
    test::FakeSessions sessions;
    test::FakeOutbox outbox;
    QWidget parent;
    SessionComparer comparer(outbox, sessions, &parent);
    QSignalSpy failed(&comparer, &SessionComparer::failed);
    comparer.compare(leftSession, rightSession);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(parent.findChild<ComparisonWindow *>() == nullptr);
}

QTEST_MAIN(TestCompare)
#include "tst_compare.moc"
