#include "tests/support/dialogues.h"
#include "tests/support/fakelistener.h"
#include "tests/support/fakesessions.h"
#include "ui/sessions/sessionplots.h"
#include "ui/sessions/sessionseries.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/sessions/sessionsview.h"
#include "ui/words/format.h"
#include "ui/words/sessiontext.h"

#include <QAbstractItemModelTester>
#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace glasspost;
using namespace glasspost::ui;
using smtp::SessionFacts;
using smtp::SessionOutcome;

namespace {

constexpr qint64 second = 1'000'000;
constexpr qint64 minute = 60 * second;
constexpr qint64 now = 1'700'000'000 * second;

SessionFacts session(const QByteArray &id, SessionOutcome outcome, qint64 startedAt, qint64 lasted = second)
{
    SessionFacts facts = test::sessionFacts(id, outcome);
    facts.startedAt = startedAt;
    facts.endedAt = startedAt + lasted;
    return facts;
}

} // namespace

class SessionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resultsAreSaid_data()
    {
        QTest::addColumn<int>("refused");
        QTest::addColumn<int>("deferred");
        QTest::addColumn<QString>("words");
        QTest::addColumn<Tone>("tone");
        QTest::newRow("all accepted") << 0 << 0 << QStringLiteral("completed") << Tone::Accepted;
        QTest::newRow("two refused") << 2 << 0 << QStringLiteral("completed, 2 refused") << Tone::Refused;
        QTest::newRow("one deferred") << 0 << 1 << QStringLiteral("completed, 1 deferred") << Tone::Deferred;
        QTest::newRow("both") << 1 << 3 << QStringLiteral("completed, 1 refused, 3 deferred")
                              << Tone::Refused;
    }
    void resultsAreSaid()
    {
        QFETCH(const int, refused);
        QFETCH(const int, deferred);
        SessionFacts facts = test::sessionFacts("a", SessionOutcome::Completed);
        facts.ending = "QUIT";
        facts.messages = 1;
        facts.refusedRecipients = refused;
        facts.deferredRecipients = deferred;
        QTEST(outcomeText(facts), "words");
        QTEST(outcomeTone(facts), "tone");
        facts.octets = 2048;
        QVERIFY(sessionLine(facts, QDateTime::currentDateTime()).contains(sizeText(2048)));
    }

    void seriesCounts()
    {
        SessionFacts first = session("a", SessionOutcome::Completed, now - 30 * minute, 4 * second),
                     other = session("b", SessionOutcome::Refused, now - 30 * minute, 2 * second),
                     third = session("c", SessionOutcome::Completed, now - 30 * minute, 9 * second),
                     open = session("d", SessionOutcome::Open, now);
        first.messages = 3;
        first.octets = 5000;
        third.messages = 1;
        third.refusedRecipients = 2;
        third.deferredRecipients = 1;
        open.endedAt = 0;
        const SessionSeries series = sessionSeries({open, third, other, first}, now);
        QCOMPARE(series.step, minute);
        QCOMPARE(series.buckets.size(), 31);
        const SessionBucket &busy = series.buckets.constFirst();
        QCOMPARE(busy.sessions, 3);
        QCOMPARE(busy.messages, 4);
        QCOMPARE(busy.refusals, 1 + 3);
        QCOMPARE(busy.octets, qint64(5000));
        QCOMPARE(busy.latency, 4 * second);
        QCOMPARE(series.buckets.constLast().sessions, 1);
        QCOMPARE(series.buckets.constLast().latency, qint64(-1));
        QVERIFY(bucketText(series, 0).contains(QStringLiteral("Refusals: 4")));
        QVERIFY(!bucketText(series, 30).contains(QStringLiteral("Median")));
        QVERIFY(bucketText(series, 31).isEmpty());
    }

    void seriesIsBounded_data()
    {
        QTest::addColumn<qint64>("age");
        QTest::newRow("now") << qint64(0);
        QTest::newRow("a minute") << minute;
        QTest::newRow("a day") << 24 * 60 * minute;
        QTest::newRow("a year") << 365 * 24 * 60 * minute;
        QTest::newRow("twenty years") << 20 * 365 * 24 * 60 * minute;
        QTest::newRow("from the future") << -minute;
    }
    void seriesIsBounded()
    {
        QFETCH(const qint64, age);
        const SessionSeries series = sessionSeries({session("b", SessionOutcome::Completed, now),
                                                       session("a", SessionOutcome::Completed, now - age)},
            now);
        QVERIFY(!series.buckets.isEmpty() && series.buckets.size() <= mostBuckets);
        int sessions = 0;
        for (const SessionBucket &bucket : series.buckets)
            sessions += bucket.sessions;
        QCOMPARE(sessions, 2);
        QVERIFY(sessionSeries({}, now).buckets.isEmpty());
        QVERIFY(sessionSeries({session("c", SessionOutcome::Open, 0)}, now).buckets.isEmpty());
    }

    void plotsAreReadByKeyAndPointer()
    {
        SessionPlots plots;
        plots.resize(1000, plots.sizeHint().height());
        plots.show();
        QVERIFY(QTest::qWaitForWindowActive(&plots));
        plots.setSeries(sessionSeries({session("b", SessionOutcome::Completed, now),
                                          session("a", SessionOutcome::Completed, now - 9 * second)},
            now));
        const int last = int(plots.series().buckets.size()) - 1;
        QCOMPARE(last, 9);
        plots.setFocus();
        QTest::keyClick(&plots, Qt::Key_Home);
        QCOMPARE(plots.current(), 0);
        QTest::keyClick(&plots, Qt::Key_Left);
        QCOMPARE(plots.current(), 0);
        QTest::keyClick(&plots, Qt::Key_Right);
        QCOMPARE(plots.accessibleDescription(), bucketText(plots.series(), 1));
        QTest::keyClick(&plots, Qt::Key_End);
        QCOMPARE(plots.current(), last);
        QCOMPARE(plots.bucketAt({0, 5}), -1);
        QCOMPARE(plots.bucketAt({plots.width() - 30, plots.height() / 2}), last);
        plots.setSeries({});
        QCOMPARE(plots.current(), -1);
        QVERIFY(!plots.grab().isNull());
    }

    void plotsShowWhatThereIs()
    {
        SessionPlots plots;
        plots.resize(1000, plots.sizeHint().height());
        const QImage empty = plots.grab().toImage();
        plots.setSeries(sessionSeries({session("a", SessionOutcome::Completed, now - 5 * second)}, now));
        QVERIFY(plots.grab().toImage() != empty);
    }

    void findsSessionsByWords_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("rows");
        QTest::newRow("none") << QString() << 2;
        QTest::newRow("a name") << QStringLiteral("OTHER.") << 1;
        QTest::newRow("a user and a result") << QStringLiteral("alice refused") << 1;
        QTest::newRow("why it ended") << QStringLiteral("greylisted") << 1;
        QTest::newRow("nothing") << QStringLiteral("other. greylisted") << 0;
    }
    void findsSessionsByWords()
    {
        QFETCH(const QString, words);
        QFETCH(const int, rows);
        test::FakeSessions sessions;
        const test::FakeListener listener;
        SessionsView view(sessions, listener);
        const QAbstractItemModelTester tester(view.model());
        const QAbstractItemModelTester listed(view.list()->model());
        view.show();
        SessionFacts one = session("0ABCDEFGHIJ000001", SessionOutcome::Completed, now),
                     two = session("0ABCDEKLMNO000001", SessionOutcome::Refused, now);
        one.user = "alice";
        one.refusedRecipients = 1;
        one.peerName = "one.test";
        two.peerName = "other.test";
        two.ending = "450 4.7.1 no";
        one.ending = "greylisted";
        sessions.record(mail::TranscriptBatch{{one, two}, {}});
        QTRY_COMPARE(view.list()->model()->rowCount(), 2);
        view.setWords(words);
        QCOMPARE(view.list()->model()->rowCount(), rows);
    }

    void partlyRefusedIsTrouble()
    {
        test::FakeSessions sessions;
        const test::FakeListener listener;
        SessionsView view(sessions, listener);
        view.show();
        SessionFacts fine = session("a", SessionOutcome::Completed, now), partly = fine;
        partly.id = "b";
        partly.refusedRecipients = 1;
        sessions.record(mail::TranscriptBatch{{fine, partly}, {}});
        QTRY_COMPARE(view.list()->model()->rowCount(), 2);
        view.setShown(SessionsView::Show::Trouble);
        QCOMPARE(view.list()->model()->rowCount(), 1);
    }

    void aRowOpensItsMessages()
    {
        test::FakeSessions sessions;
        const test::FakeListener listener;
        SessionsView view(sessions, listener);
        view.resize(1000, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        SessionFacts one = session("a", SessionOutcome::Completed, now);
        one.messages = 1;
        sessions.record(mail::TranscriptBatch{{one}, {}});
        QTRY_COMPARE(view.list()->model()->rowCount(), 1);
        QSignalSpy wanted(&view, &SessionsView::messagesRequested);
        const QPoint place = view.list()->visualRect(view.list()->model()->index(0, 0)).center();
        QContextMenuEvent asked(QContextMenuEvent::Mouse, place, view.list()->viewport()->mapToGlobal(place));
        QCoreApplication::sendEvent(view.list()->viewport(), &asked);
        auto *menu = view.findChild<QMenu *>();
        QVERIFY(menu != nullptr);
        for (QAction *action : menu->actions()) {
            if (action->text() == QStringLiteral("Show &messages"))
                action->trigger();
        }
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toByteArray(), QByteArray("a"));
    }
};

QTEST_MAIN(SessionsTest)
#include "tst_sessions.moc"
