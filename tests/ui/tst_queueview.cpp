#include "tests/support/fakecertificates.h"
#include "tests/support/fakelistener.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/fakesessions.h"
#include "tests/support/fakesettings.h"
#include "ui/queue/queuemodel.h"
#include "ui/queue/queueview.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/sessions/sessionsview.h"
#include "ui/words/deliverytext.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace glasspost;
using mail::DeliveryProgress;
using mail::Ended;
using mail::Waiting;

namespace {

smtp::RecipientReport refusal()
{
    smtp::RecipientReport report;
    report.at = 1;
    report.result = smtp::DeliveryResult::Refused;
    report.stage = smtp::DeliveryStage::Rcpt;
    report.command = "RCPT TO:<bob@example.net>";
    report.reply.code = 550;
    report.reply.lines = {"No \x1b[31msuch user"};
    report.status = {5, 1, 1};
    report.sessionId = "session1";
    return report;
}

Ended failed()
{
    return {Ended::Outcome::Failed, 1, refusal()};
}

mail::QueueEntry entry(const QByteArray &id, const QList<DeliveryProgress> &recipients)
{
    mail::QueueEntry made;
    made.id = id;
    made.subject = QString::fromUtf8(id);
    made.size = 1000;
    for (const DeliveryProgress &progress : recipients) {
        mail::QueueRecipient recipient;
        recipient.recipient.forwardPath = {"bob", "example.net"};
        recipient.progress = progress;
        made.recipients.append(recipient);
    }
    return made;
}

mail::QueueEntry heldEntry(const QByteArray &id)
{
    mail::QueueEntry made = entry(id, {Waiting()});
    made.held = true;
    return made;
}

smtp::SessionFacts session(const QByteArray &id, smtp::SessionRole role, smtp::SessionOutcome outcome)
{
    smtp::SessionFacts facts;
    facts.id = id;
    facts.role = role;
    facts.outcome = outcome;
    facts.startedAt = 1700000000000000;
    facts.endedAt = outcome == smtp::SessionOutcome::Open ? 0 : facts.startedAt + 2500;
    return facts;
}

QPushButton *button(const QWidget &view, const QString &text)
{
    for (QPushButton *one : view.findChildren<QPushButton *>()) {
        if (QString(one->text()).remove(QLatin1Char('&')) == text)
            return one;
    }
    return nullptr;
}

/// What a queue view works with.
struct Parts
{
    test::FakeOutbox outbox;
    test::FakeCertificates certificates;
    test::FakeSettings settings;
};

} // namespace

class QueueViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsAResult();
    void keepsTheTreeWhole();
    void offersWhatCanBeDone();
    void asksForTheTranscript();
    void takesAwayWithUndo();
    void listsSessionsNewestFirst();
    void filtersSessions();
    void choosesASession();
};

void QueueViewTest::wordsAResult()
{
    const smtp::RecipientReport report = refusal();
    QCOMPARE(ui::resultText(report),
        QStringLiteral("Refused permanently (550 5.1.1): the mailbox does not exist"));
    QCOMPARE(ui::wireText(report),
        QStringLiteral("C  RCPT TO:<bob@example.net>\nS  550 5.1.1 No \\x1B[31msuch user"));
    QVERIFY(ui::resultText({}).isEmpty());
}

void QueueViewTest::keepsTheTreeWhole()
{
    ui::QueueModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.merge({entry("a", {Waiting()}), entry("b", {Waiting(), failed()})});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.rowCount(model.indexOf("b")), 2);
    const QPersistentModelIndex child = model.index(1, 0, model.indexOf("b"));
    model.merge({heldEntry("c")});
    QCOMPARE(model.recipient(child)->progress, DeliveryProgress(failed()));
    model.remove({"a"});
    QCOMPARE(model.entry(QModelIndex(child))->id, QByteArray("b"));
    model.merge({entry("b", {Ended{Ended::Outcome::Delivered, 1, {}}})});
    QCOMPARE(model.rowCount(model.indexOf("b")), 1);
    model.setEntries({});
    QCOMPARE(model.rowCount(), 0);
}

void QueueViewTest::offersWhatCanBeDone()
{
    Parts parts;
    ui::QueueView view(parts.outbox, parts.certificates, parts.settings);
    view.show();
    QTRY_COMPARE(parts.outbox.answers(), 1);
    QVERIFY(!view.list()->isVisible());
    parts.outbox.change({entry("w", {Waiting()}), heldEntry("h")});
    QVERIFY(view.list()->isVisible());
    view.select("w");
    QVERIFY(button(view, QStringLiteral("Hold"))->isEnabled());
    QVERIFY(!button(view, QStringLiteral("Release"))->isEnabled());
    view.select("h");
    QVERIFY(!button(view, QStringLiteral("Hold"))->isEnabled());
    QVERIFY(button(view, QStringLiteral("Release"))->isEnabled());
    parts.outbox.takeOut({"h", "w"});
    QVERIFY(!view.list()->isVisible());
}

void QueueViewTest::asksForTheTranscript()
{
    Parts parts;
    ui::QueueView view(parts.outbox, parts.certificates, parts.settings);
    view.show();
    QTRY_COMPARE(parts.outbox.answers(), 1);
    QSignalSpy wanted(&view, &ui::QueueView::sessionRequested);
    parts.outbox.change({entry("f", {failed()})});
    view.select("f");
    QTest::mouseClick(button(view, QStringLiteral("Show in transcript")), Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toByteArray(), QByteArray("session1"));
}

void QueueViewTest::takesAwayWithUndo()
{
    Parts parts;
    ui::QueueView view(parts.outbox, parts.certificates, parts.settings);
    view.show();
    QTRY_COMPARE(parts.outbox.answers(), 1);
    parts.outbox.change({entry("w", {Waiting()})});
    view.select("w");
    QTest::mouseClick(button(view, QStringLiteral("Remove")), Qt::LeftButton);
    QCOMPARE(view.model()->rowCount(), 0);
    QVERIFY(button(view, QStringLiteral("Undo")));
    using Request = test::FakeOutbox::Request;
    QCOMPARE(parts.outbox.requests(), (QList<Request>{{mail::QueueAction::Hold, {"w"}}}));
    // A change of the held entry does not bring it back into sight.
    parts.outbox.change({heldEntry("w")});
    QCOMPARE(view.model()->rowCount(), 0);
}

void QueueViewTest::listsSessionsNewestFirst()
{
    ui::SessionsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    using smtp::SessionOutcome;
    using smtp::SessionRole;
    model.append({session("b", SessionRole::Server, SessionOutcome::Completed),
        session("a", SessionRole::Client, SessionOutcome::Refused)});
    model.merge({session("c", SessionRole::Server, SessionOutcome::Open),
        session("d", SessionRole::Server, SessionOutcome::Open),
        session("c", SessionRole::Server, SessionOutcome::Broken)});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.rowOf("d"), 0);
    QCOMPARE(model.rowOf("c"), 1);
    QCOMPARE(model.facts(1).outcome, SessionOutcome::Broken);
    QCOMPARE(model.rowOf("a"), 3);
    model.append({session("a", SessionRole::Client, SessionOutcome::Refused)});
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.rowOf("nobody"), -1);
}

void QueueViewTest::filtersSessions()
{
    test::FakeSessions sessions;
    const test::FakeListener listener;
    ui::SessionsView view(sessions, listener);
    view.show();
    mail::TranscriptBatch batch;
    batch.sessions = {session("in", smtp::SessionRole::Server, smtp::SessionOutcome::Completed),
        session("out", smtp::SessionRole::Client, smtp::SessionOutcome::Refused),
        session("broken", smtp::SessionRole::Server, smtp::SessionOutcome::Broken)};
    sessions.record(batch);
    QTRY_COMPARE(view.list()->model()->rowCount(), 3);
    view.setShown(ui::SessionsView::Show::In);
    QCOMPARE(view.list()->model()->rowCount(), 2);
    view.setShown(ui::SessionsView::Show::Out);
    QCOMPARE(view.list()->model()->rowCount(), 1);
    view.setShown(ui::SessionsView::Show::Trouble);
    QCOMPARE(view.list()->model()->rowCount(), 2);
}

void QueueViewTest::choosesASession()
{
    test::FakeSessions sessions;
    const test::FakeListener listener;
    ui::SessionsView view(sessions, listener);
    view.resize(900, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy chosen(&view, &ui::SessionsView::sessionChosen);
    mail::TranscriptBatch batch;
    batch.sessions = {session("one", smtp::SessionRole::Server, smtp::SessionOutcome::Completed)};
    sessions.record(batch);
    QTRY_COMPARE(view.list()->model()->rowCount(), 1);
    view.select("one");
    QCOMPARE(chosen.size(), 0);
    view.select({});
    const QRect place = view.list()->visualRect(view.list()->model()->index(0, 0));
    QTest::mouseClick(view.list()->viewport(), Qt::LeftButton, {}, place.center());
    QVERIFY(!chosen.isEmpty());
    QCOMPARE(chosen[0][0].toByteArray(), QByteArray("one"));
}

QTEST_MAIN(QueueViewTest)
#include "tst_queueview.moc"
