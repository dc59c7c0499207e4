// A message tells how it left when the queue has long forgotten it: in the Delivery tab, in the chips, in the
// sessions of "This message".
#include "mail/journey/journeyfiles.h"
#include "mail/message/messagereader.h"
#include "tests/support/awaited.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/journeys.h"
#include "tests/support/runningmail.h"
#include "ui/actions/actions.h"
#include "ui/mailbox/messagelistmodel.h"
#include "ui/mailbox/pastdeliveries.h"
#include "ui/message/deliverypane.h"
#include "ui/message/messagepane.h"
#include "ui/queue/queuestate.h"
#include "ui/readingactions.h"
#include "ui/widgets/chip.h"

#include <QAction>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

const QByteArray sentId = "1J1B9AUMIJ5AAAAAA";

/// What becomes of the one recipient in the attempt of session 1J1B9AUMIJ5GHHBMQ.
mail::QueueEvents eventsTo(const QString &outcome)
{
    using Result = smtp::DeliveryResult;
    mail::QueueEvents events{mail::AttemptBegan{0, 0}, mail::SessionOpened{"1J1B9AUMIJ5GHHBMQ"},
        mail::Attempted{
            0, test::reportOf("bob", Result::Deferred, test::notNow), mail::AttemptOutcome::Deferred},
        mail::AttemptBegan{0, 0}};
    if (outcome == QLatin1String("refused"))
        events += {mail::Attempted{
                       0, test::reportOf("bob", Result::Refused, test::never), mail::AttemptOutcome::Failed},
            mail::Notified{0, mail::DsnKind::Failure}};
    else
        events.append(mail::Attempted{
            0, test::reportOf("bob", Result::Delivered, test::taken), mail::AttemptOutcome::Delivered});
    if (outcome == QLatin1String("bounced later"))
        events.append(mail::ReportFolded{test::bounceOf("bob"), {}, test::noon});
    return events;
}

mail::Journey journeyTo(const QString &outcome)
{
    mail::Journey journey;
    journey.entry = test::entryTo(sentId, {"bob"});
    for (const mail::QueueEvent &event : eventsTo(outcome)) {
        journey.events.append({test::noon, event});
        journey.entry = mail::apply(journey.entry, event);
    }
    return journey;
}

void writeTo(const QString &dataFolder, const mail::Journey &journey)
{
    QVERIFY(QDir(dataFolder).mkpath(QStringLiteral("journeys")));
    mail::JourneyFiles files(dataFolder + QStringLiteral("/journeys"));
    using Kind = mail::JourneyNote::Kind;
    QList<mail::JourneyNote> notes{{Kind::Came, test::noon, test::entryTo(sentId, {"bob"}), {}}};
    for (const mail::JourneyEvent &event : journey.events)
        notes.append({Kind::Events, event.at, journey.entry, {event.what}});
    QVERIFY(!files.append(notes, {}).error);
}

mail::RowQuery sentOnes()
{
    mail::RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("Sent")};
    return query;
}

mail::Task<mail::RowPage> listOfOne(const mail::RowQuery &query, const std::stop_token & /*stop*/)
{
    mail::MessageRow sent;
    sent.id = {sentOnes().folder, "1"};
    sent.queueId = sentId;
    mail::RowPage page;
    page.query = query;
    page.total = 1;
    page.rows = {sent};
    return mail::Result<mail::RowPage>(page);
}

QString told(const MessagePane &pane)
{
    QStringList said;
    for (const QLabel *label : pane.findChild<DeliveryPane *>()->findChildren<QLabel *>())
        said.append(label->text());
    return said.join(u'\n');
}

} // namespace

class TestJourneyKept : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsHowItLeft_data();
    void tellsHowItLeft();
    void saysThatItIsDamaged();
    void theMenuHasItsReport();
    void leadsToWhatWasMadeOfIt();
    void itsRecordIsDeleted();
    void theRowKeepsItsChip_data();
    void theRowKeepsItsChip();
    void theQueueWasToldBeforeTheRowCame();
};

void TestJourneyKept::tellsHowItLeft_data()
{
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<bool>("isImported");
    QTest::newRow("T48 taken") << QStringLiteral("delivered") << QStringLiteral("Sent") << false;
    QTest::newRow("T48 refused") << QStringLiteral("refused") << QStringLiteral("Sent") << false;
    QTest::newRow("T48 bounced later") << QStringLiteral("bounced later") << QStringLiteral("Sent") << false;
    QTest::newRow("T48 moved") << QStringLiteral("delivered") << QStringLiteral("Archive") << false;
    QTest::newRow("T48 imported again") << QStringLiteral("delivered") << QStringLiteral("Sent") << true;
}

/// With nothing in queue/ and queue/done.
void TestJourneyKept::tellsHowItLeft()
{
    QFETCH(QString, outcome);
    QFETCH(QString, folder);
    QFETCH(bool, isImported);
    const QTemporaryDir data;
    writeTo(data.path(), journeyTo(outcome));
    mail::MailSystem system(data.path());
    QVERIFY(test::start(system));
    mail::MessageView message
        = mail::readMessage("Message-ID: <" + sentId + "@example.net>\nSubject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), folder}, "1"};
    if (!isImported)
        message.queueId = sentId;
    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    const QSignalSpy sessions(&pane, &MessagePane::sessionsKnown);
    pane.show(message);
    pane.setView(MessagePane::View::Delivery);
    QTRY_VERIFY2(told(pane).contains(QLatin1String("bob@example.org")), qUtf8Printable(told(pane)));
    const QString said = told(pane);
    QVERIFY2(!said.contains(QLatin1String("did not leave by SMTP")), qUtf8Printable(said));
    QVERIFY2(!said.contains(QLatin1String("no longer kept")), qUtf8Printable(said));
    QVERIFY2(!said.contains(QLatin1String("is damaged")), qUtf8Printable(said));
    QVERIFY2(said.contains(QLatin1String("452")), qUtf8Printable(said)); // the attempt before the last
    QVERIFY2(said.contains(outcome == QLatin1String("refused") ? QLatin1String("no such user")
                                                               : QLatin1String("250 2.0.0 Ok")),
        qUtf8Printable(said));
    QCOMPARE(said.contains(QLatin1String("reported later")), outcome == QLatin1String("bounced later"));
    QCOMPARE(
        sessions.constLast().constFirst().value<QList<QByteArray>>(), QList<QByteArray>{"1J1B9AUMIJ5GHHBMQ"});
}

void TestJourneyKept::saysThatItIsDamaged()
{
    const QTemporaryDir data;
    writeTo(data.path(), journeyTo(QStringLiteral("refused")));
    QFile file(data.filePath(QStringLiteral("journeys/2026-11-28.jsonl")));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const QByteArray octets = file.readAll();
    QVERIFY(file.seek(octets.indexOf("no such user")) && file.write("so") == 2);
    file.close();
    mail::MailSystem system(data.path());
    QVERIFY(test::start(system));
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1"};
    message.queueId = sentId;
    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    pane.show(message);
    pane.setView(MessagePane::View::Delivery);
    QTRY_VERIFY2(told(pane).contains(QLatin1String("is damaged")), qUtf8Printable(told(pane)));
    QVERIFY2(!told(pane).contains(QLatin1String("such user")), qUtf8Printable(told(pane)));
}

/// From a message to its forward, which the composer sends, and back.
void TestJourneyKept::leadsToWhatWasMadeOfIt()
{
    const QTemporaryDir data;
    mail::MailSystem system(data.path());
    QVERIFY(test::startWithSmarthost(system, {QStringLiteral("alice"), QStringLiteral("Alice")}, 1));
    const mail::FolderId inbox{QStringLiteral("alice"), {}};
    const mail::FolderId sentFolder{QStringLiteral("alice"), QStringLiteral("Sent")};
    const QByteArray text = "From: ann@far.example\nMessage-ID: <one@far.example>\nSubject: One\n\nbody\n";
    QVERIFY(test::awaited(system.mailboxes().keepMessages(inbox, {{text, {}}})));
    const mail::RowPage received = test::rowsOnceThere(system, inbox);
    QCOMPARE(received.rows.size(), 1);
    const mail::MessageId original = received.rows.first().id;
    mail::Draft draft;
    draft.id = mail::newDraftId();
    draft.from = QStringLiteral("alice@mail.example.test");
    draft.to = QStringLiteral("bob@away.example");
    draft.subject = QStringLiteral("Fwd: One");
    draft.text = QStringLiteral("look");
    draft.origin = original;
    QVERIFY(test::awaited(system.outbox().submit(draft, {.held = true})));
    const mail::RowPage sent = test::rowsOnceThere(system, sentFolder);
    QCOMPARE(sent.rows.size(), 1);

    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    pane.setView(MessagePane::View::Delivery);
    const auto leadsTo = [&pane](const QString &title, const mail::MessageId &other) {
        QSignalSpy requested(&pane, &MessagePane::messageRequested);
        QToolButton *button = nullptr;
        const bool isThere = QTest::qWaitFor([&] {
            for (auto *one : pane.findChild<DeliveryPane *>()->findChildren<QToolButton *>()) {
                if (one->text() == QLatin1String("Show message") && one->accessibleName().contains(title))
                    button = one;
            }
            return button != nullptr;
        });
        if (!isThere)
            return false;
        button->click();
        return requested.size() == 1
            && requested.first().at(0).value<mail::MessageId>().unique == other.unique;
    };
    const auto open = [&pane, &system](const mail::MessageId &id) {
        const auto message = test::awaited(system.mailboxes().message(id));
        if (message)
            pane.show(*message);
        return message.has_value();
    };
    QVERIFY(open(original));
    pane.setView(MessagePane::View::Delivery);
    QVERIFY2(leadsTo(QStringLiteral("Forwarded"), sent.rows.first().id), qUtf8Printable(told(pane)));
    QVERIFY2(told(pane).contains(QLatin1String("To bob@away.example")), qUtf8Printable(told(pane)));
    QVERIFY(open(sent.rows.first().id));
    pane.setView(MessagePane::View::Delivery);
    QVERIFY2(leadsTo(QStringLiteral("from another message"), original), qUtf8Printable(told(pane)));
    QVERIFY2(told(pane).contains(QLatin1String("<one@far.example>")), qUtf8Printable(told(pane)));

    // Where the original is gone there is nothing to click.
    QVERIFY(test::awaited(system.mailboxes().remove({original})));
    QVERIFY(test::awaited(system.mailboxes().settle()));
    MessagePane again(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    const auto message = test::awaited(system.mailboxes().message(sent.rows.first().id));
    QVERIFY(message);
    again.show(*message);
    again.setView(MessagePane::View::Delivery);
    QTRY_VERIFY2(told(again).contains(QLatin1String("no longer here")), qUtf8Printable(told(again)));
}

/// Once the person has said so; the message stays, and says that there is no record.
void TestJourneyKept::itsRecordIsDeleted()
{
    const QTemporaryDir data;
    writeTo(data.path(), journeyTo(QStringLiteral("delivered")));
    mail::MailSystem system(data.path());
    QVERIFY(test::start(system));
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1"};
    message.queueId = sentId;
    QWidget window;
    const Actions actions(&window);
    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    ReadingActions reading(actions, pane, nullptr);
    pane.show(message);
    pane.setView(MessagePane::View::Delivery);
    reading.update(true);
    QAction *remove = actions[ActionId::DeleteDeliveryRecord];
    QTRY_VERIFY(remove->isEnabled());
    remove->trigger();
    QPushButton *confirmed = nullptr;
    for (auto *button : pane.findChildren<QPushButton *>()) {
        if (button->text() == QLatin1String("Delete record"))
            confirmed = button;
    }
    QVERIFY(confirmed != nullptr);
    QVERIFY(!test::awaited(system.outbox().journeys({sentId, {}, {}}))
                 .value_or(QList<mail::Journey>())
                 .isEmpty());
    confirmed->click();
    QTRY_VERIFY2(told(pane).contains(QLatin1String("no longer kept")), qUtf8Printable(told(pane)));
    QVERIFY(!remove->isEnabled());
    const auto left = test::awaited(system.outbox().journeys({sentId, {}, {}}));
    QVERIFY(left && left->isEmpty());
}

void TestJourneyKept::theMenuHasItsReport()
{
    const QTemporaryDir data;
    writeTo(data.path(), journeyTo(QStringLiteral("refused")));
    mail::MailSystem system(data.path());
    QVERIFY(test::start(system));
    mail::MessageView message = mail::readMessage("Subject: x\n\ntext\n");
    message.id = {{QStringLiteral("alice"), QStringLiteral("Sent")}, "1"};
    message.queueId = sentId;
    QWidget window;
    const Actions actions(&window);
    MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
    ReadingActions reading(actions, pane, nullptr);
    pane.show(message);
    reading.update(true);
    const QAction *save = actions[ActionId::SaveDeliveryReport];
    QVERIFY(!save->isEnabled()); // the record was not read yet
    QTRY_VERIFY(save->isEnabled());
    QVERIFY(actions[ActionId::SaveDeliveryPdf]->isEnabled());
    QMenu *menu = reading.menus().constLast()->menu();
    menu->popup(QPoint());
    for (const ActionId copy :
        {ActionId::CopySwaksCommand, ActionId::CopyCurlCommand, ActionId::CopyOpensslCommand}) {
        QVERIFY(!actions[copy]->isEnabled()); // of that session nothing is kept
        QVERIFY(actions[copy]->toolTip().contains(QLatin1String("no session")));
    }
    menu->close();
    actions[ActionId::SaveDeliveryReport]->trigger();
    const auto *dialog = pane.findChild<QFileDialog *>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
    reading.update(false);
    QVERIFY(!save->isEnabled());
}

void TestJourneyKept::theRowKeepsItsChip_data()
{
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("tone");
    QTest::newRow("T48 taken") << QStringLiteral("delivered") << QStringLiteral("delivered")
                               << int(Tone::Accepted);
    QTest::newRow("T48 refused") << QStringLiteral("refused") << QStringLiteral("bounced")
                                 << int(Tone::Refused);
    QTest::newRow("T48 bounced later")
        << QStringLiteral("bounced later") << QStringLiteral("bounced") << int(Tone::Refused);
}

void TestJourneyKept::theRowKeepsItsChip()
{
    QFETCH(QString, outcome);
    QFETCH(QString, words);
    QFETCH(int, tone);
    test::FakeOutbox outbox;
    outbox.keep({journeyTo(outcome)});
    MessageListModel model({listOfOne, {}});
    PastDeliveries past(outbox, model, nullptr);
    model.setQuery(sentOnes());
    QTRY_VERIFY(model.rowCount() == 1 && model.chip(*model.row(0)));
    QCOMPARE(model.chip(*model.row(0))->text, words);
    QCOMPARE(int(model.chip(*model.row(0))->tone), tone);
    // One that is in the queue is known better there; and once it has left it stays as it was then.
    mail::QueueEntry held = test::entryTo(sentId, {"bob"});
    held.held = true;
    past.setQueueEntries({{sentId, held}});
    QCOMPARE(model.chip(*model.row(0))->text, QStringLiteral("held"));
    past.setQueueEntries({{sentId, journeyTo(QStringLiteral("refused")).entry}});
    past.setQueueEntries({});
    QCOMPARE(model.chip(*model.row(0))->text, QStringLiteral("bounced"));
}

void TestJourneyKept::theQueueWasToldBeforeTheRowCame()
{
    test::FakeOutbox outbox;
    MessageListModel model({listOfOne, {}});
    PastDeliveries past(outbox, model, nullptr);
    mail::QueueEntry held = test::entryTo(sentId, {"bob"});
    held.held = true;
    past.setQueueEntries({{sentId, held}});
    model.setQuery(sentOnes());
    QTRY_VERIFY(model.rowCount() == 1 && model.chip(*model.row(0)));
    QCOMPARE(model.chip(*model.row(0))->text, QStringLiteral("held"));
}

QTEST_MAIN(TestJourneyKept)
#include "tst_journeykept.moc"
