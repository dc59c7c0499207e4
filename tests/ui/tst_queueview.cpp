#include "ui/queue/queuemodel.h"
#include "ui/queue/queueview.h"
#include "ui/sessions/sessionsmodel.h"
#include "ui/sessions/sessionsview.h"
#include "ui/words/deliverytext.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace glasspost;
using mail::RecipientState;

namespace {

mail::QueueEntry entry(const QByteArray &id, const QList<RecipientState> &states)
{
    mail::QueueEntry made;
    made.id = id;
    made.subject = QString::fromUtf8(id);
    made.size = 1000;
    for (const RecipientState state : states) {
        mail::QueueRecipient recipient;
        recipient.recipient.forwardPath = {"bob", "example.net"};
        recipient.state = state;
        if (state == RecipientState::Failed) {
            recipient.attempts = 1;
            recipient.lastReport.at = 1;
            recipient.lastReport.result = smtp::DeliveryResult::Refused;
            recipient.lastReport.stage = smtp::DeliveryStage::Rcpt;
            recipient.lastReport.command = "RCPT TO:<bob@example.net>";
            recipient.lastReport.reply.code = 550;
            recipient.lastReport.reply.lines = {"No \x1b[31msuch user"};
            recipient.lastReport.status = {5, 1, 1};
            recipient.lastReport.sessionId = "session1";
        }
        made.recipients.append(recipient);
    }
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
    const smtp::RecipientReport report = entry("a", {RecipientState::Failed}).recipients[0].lastReport;
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
    model.merge({entry("a", {RecipientState::Waiting}),
        entry("b", {RecipientState::Waiting, RecipientState::Failed})});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(model.rowCount(model.indexOf("b")), 2);
    const QPersistentModelIndex child = model.index(1, 0, model.indexOf("b"));
    model.merge({entry("c", {RecipientState::Held})});
    QCOMPARE(model.recipient(child)->state, RecipientState::Failed);
    model.remove({"a"});
    QCOMPARE(model.entry(QModelIndex(child))->id, QByteArray("b"));
    model.merge({entry("b", {RecipientState::Delivered})});
    QCOMPARE(model.rowCount(model.indexOf("b")), 1);
    model.setEntries({});
    QCOMPARE(model.rowCount(), 0);
}

void QueueViewTest::offersWhatCanBeDone()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    ui::QueueView view(system);
    view.show();
    QVERIFY(view.list()->isHidden() || !view.list()->isVisible());
    mail::QueueEntry held = entry("h", {RecipientState::Held});
    held.held = true;
    Q_EMIT system.queueChanged({entry("w", {RecipientState::Waiting}), held});
    QVERIFY(view.list()->isVisible());
    view.select("w");
    QVERIFY(button(view, QStringLiteral("Hold"))->isEnabled());
    QVERIFY(!button(view, QStringLiteral("Release"))->isEnabled());
    view.select("h");
    QVERIFY(!button(view, QStringLiteral("Hold"))->isEnabled());
    QVERIFY(button(view, QStringLiteral("Release"))->isEnabled());
    Q_EMIT system.queueRemoved({"h", "w"});
    QVERIFY(!view.list()->isVisible());
}

void QueueViewTest::asksForTheTranscript()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    ui::QueueView view(system);
    view.show();
    QSignalSpy wanted(&view, &ui::QueueView::sessionWanted);
    Q_EMIT system.queueChanged({entry("f", {RecipientState::Failed})});
    view.select("f");
    QTest::mouseClick(button(view, QStringLiteral("Show in transcript")), Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted[0][0].toByteArray(), QByteArray("session1"));
}

void QueueViewTest::takesAwayWithUndo()
{
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    ui::QueueView view(system);
    view.show();
    Q_EMIT system.queueChanged({entry("w", {RecipientState::Waiting})});
    view.select("w");
    QTest::mouseClick(button(view, QStringLiteral("Remove")), Qt::LeftButton);
    QCOMPARE(view.model()->rowCount(), 0);
    QVERIFY(button(view, QStringLiteral("Undo")));
    // A change of the held entry does not bring it back into sight.
    Q_EMIT system.queueChanged({entry("w", {RecipientState::Held})});
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
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    ui::SessionsView view(system);
    view.show();
    mail::TranscriptBatch batch;
    batch.sessions = {session("in", smtp::SessionRole::Server, smtp::SessionOutcome::Completed),
        session("out", smtp::SessionRole::Client, smtp::SessionOutcome::Refused),
        session("broken", smtp::SessionRole::Server, smtp::SessionOutcome::Broken)};
    Q_EMIT system.transcriptsRecorded(batch);
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
    QTemporaryDir folder;
    mail::MailSystem system(folder.path());
    ui::SessionsView view(system);
    view.resize(900, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QSignalSpy chosen(&view, &ui::SessionsView::sessionChosen);
    mail::TranscriptBatch batch;
    batch.sessions = {session("one", smtp::SessionRole::Server, smtp::SessionOutcome::Completed)};
    Q_EMIT system.transcriptsRecorded(batch);
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
