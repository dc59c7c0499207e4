// The Delivery tab of a message that came: its session's stages, and where it was sent from here both ends of
// that session below each other on the one axis; the same in the report.
#include "mail/journey/arrivaltrace.h"
#include "tests/support/arrivals.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"
#include "ui/message/deliverypane.h"
#include "ui/message/deliveryrows.h"
#include "ui/message/messagepane.h"
#include "ui/message/reportpage.h"
#include "ui/message/waterfallview.h"

#include <QClipboard>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr qint64 milli = 1000;
const QByteArray clientSession = "1J1B9AUMIJ5GHHBMQ";

/// Taken by our own listener in its second attempt.
mail::Journey sentHere()
{
    using Result = smtp::DeliveryResult;
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    journey.traces = {smtp::joined(test::traceOf(clientSession), test::traceOf(clientSession, 1))};
    smtp::RecipientReport taken = test::reportOf("bob", Result::Delivered, test::taken);
    taken.at = journey.traces[0].stages.last().to;
    const QList<mail::JourneyEvent> events{{test::noon, mail::AttemptBegan{0, 0}},
        {test::noon, mail::SessionOpened{clientSession}},
        {test::noon + 500,
            mail::Attempted{
                0, test::reportOf("bob", Result::Deferred, test::notNow), mail::AttemptOutcome::Deferred}},
        {test::noon + 9000, mail::AttemptBegan{0, 0}},
        {test::noon + 9999, mail::SessionOpened{clientSession}},
        {test::noon + 10'200, mail::Attempted{0, taken, mail::AttemptOutcome::Delivered}}};
    for (const mail::JourneyEvent &event : events) {
        journey.events.append(event);
        journey.entry = mail::apply(journey.entry, event.what);
    }
    journey.traces[0].stages.last().reply = {250, {2, 0, 0}, {"Ok: kept as " + test::keptName("bob")}};
    return journey;
}

smtp::SessionTrace receivedHere(const QByteArray &name = "bob")
{
    constexpr qint64 tenSeconds = 10'000 * milli;
    return mail::arrivalTrace(test::sessionWith({name}, tenSeconds), {test::arrivalSession, {}, 0});
}

QStringList headingsOf(const QList<WaterfallRow> &rows)
{
    QStringList headings;
    for (const WaterfallRow &row : rows) {
        if (row.kind == WaterfallRow::Kind::Attempt)
            headings.append(row.label);
    }
    return headings;
}

QString said(DeliveryPane &pane)
{
    auto *view = pane.findChild<WaterfallView *>();
    if (view == nullptr)
        return {};
    QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
    return QGuiApplication::clipboard()->text();
}

QList<mail::MessageRow> rowsOf(mail::MailSystem &system, const QString &user, const QString &folder)
{
    return test::rowsOnceThere(system, {user, folder}).rows;
}

const QString received = QStringLiteral("Received in session #");

} // namespace

class TestBothEnds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theListenersEndStandsBelow();
    void theSendersEndStandsAbove();
    void anothersReplyIsNoEnd();
    void barsOfBothLieOnOneAxis();
    void theReportHasThem();
    void strangersInTheSessionAreLeftOut();
    void theTestMessageIsSeenAtBothEnds();
};

void TestBothEnds::theListenersEndStandsBelow()
{
    const QList<WaterfallRow> own = waterfallOf(sentHere());
    const DeliveryRows rows = deliveryRows({own}, {{receivedHere()}, {}});
    QVERIFY(rows.came.isEmpty());
    const QStringList headings = headingsOf(rows.left.value(0));
    QCOMPARE(headings.size(), 3);
    QCOMPARE(headings.first(2), (QStringList{QStringLiteral("Attempt 1"), QStringLiteral("Attempt 2")}));
    QVERIFY2(headings[2].startsWith(received), qPrintable(headings[2]));
    QCOMPARE(rows.left[0].first(own.size()), own);
    const WaterfallRow &quit = rows.left[0].constLast();
    QVERIFY(quit.role == smtp::SessionRole::Server && quit.spent == smtp::TimeSpent::Working);
    QCOMPARE(quit.sessionId, test::arrivalSession);
    const QStringList facts = factsOf(quit);
    QVERIFY(facts.contains(QStringLiteral("Work on this computer")));
    QVERIFY2(facts.join(u'\n').contains(QStringLiteral("Client: client.example.net (#")),
        qPrintable(facts.join(u'\n')));
}

/// Of a message that came, the attempt alone that brought it.
void TestBothEnds::theSendersEndStandsAbove()
{
    const DeliveryRows rows = deliveryRows({}, {{receivedHere()}, {sentHere()}});
    QVERIFY(rows.left.isEmpty());
    const QStringList headings = headingsOf(rows.came);
    QCOMPARE(headings.size(), 2);
    QCOMPARE(headings[0], QStringLiteral("Sent from here, attempt 2"));
    QVERIFY2(headings[1].startsWith(received), qPrintable(headings[1]));
}

void TestBothEnds::anothersReplyIsNoEnd()
{
    const QList<WaterfallRow> own = waterfallOf(sentHere());
    const DeliveryRows rows = deliveryRows({own}, {{receivedHere("carol")}, {}});
    QCOMPARE(rows.left, QList<QList<WaterfallRow>>{own});
    QCOMPARE(headingsOf(rows.came).size(), 1);
    QCOMPARE(headingsOf(deliveryRows({}, {{receivedHere("carol")}, {sentHere()}}).came).size(), 1);
}

/// By the clock that both have.
void TestBothEnds::barsOfBothLieOnOneAxis()
{
    const QList<WaterfallRow> rows = deliveryRows({}, {{receivedHere()}, {sentHere()}}).came;
    WaterfallView view(rows);
    view.resize(1200, view.sizeHint().height());
    const FoldedAxis axis(rows);
    const auto rowOf = [&rows](smtp::SessionRole role, smtp::TraceStage stage) {
        const auto row = std::find_if(rows.begin(), rows.end(), [&](const WaterfallRow &one) {
            return one.kind == WaterfallRow::Kind::Stage && one.role == role && one.stage.stage == stage;
        });
        return int(row - rows.begin());
    };
    const int client = rowOf(smtp::SessionRole::Client, smtp::TraceStage::Mail);
    const int server = rowOf(smtp::SessionRole::Server, smtp::TraceStage::Greeting);
    QVERIFY(client < server && server < rows.size());
    QCOMPARE(rows[client].from, rows[server].from); // both ten seconds after noon
    QCOMPARE(view.barOf(client).left(), view.barOf(server).left());
    QCOMPARE(axis.place(rows[server].to) - axis.place(rows[server].from), test::serverTakes);
    QVERIFY(view.showMoment(test::arrivalSession, rows[server].to));
    QCOMPARE(view.currentRow(), server);
}

void TestBothEnds::theReportHasThem()
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon + 60'000);
    const mail::DeliveryEnds ends{{receivedHere()}, {sentHere()}};
    using Addresses = AddressMask::Addresses;
    const QString page = QString::fromUtf8(
        reportPage({{}, {test::sessionWith({"bob"}, 10'000 * milli)}, now, ends}, Addresses::Shown));
    for (const char *part :
        {"How it came", "Sent from here, attempt 2", "Received in session #", "Client’s turn",
            "Client: client.example.net", "C: RCPT TO:&lt;bob@example.org&gt;", "TLS with mx1.example.org"})
        QVERIFY2(page.contains(QString::fromUtf8(part)), part);
    const QString masked = QString::fromUtf8(reportPage({{}, {}, now, ends}, Addresses::Masked));
    QVERIFY(masked.contains(QStringLiteral("How it came")) && !masked.contains(QStringLiteral("bob@")));
    DeliveryPane pane;
    pane.show({}, {}, summaryOf({}, now, ends));
    QCOMPARE(pane.findChildren<QToolButton *>().size(), 3); // a report, saved, as PDF or in the browser
}

/// What the listener serves in one go has one time: the lines cannot be told apart by it.
void TestBothEnds::strangersInTheSessionAreLeftOut()
{
    mail::Transcript transcript = test::sessionWith({"bob", "mallory"});
    const auto isStrangers
        = [](const smtp::TranscriptEntry &entry) { return entry.bytes.contains("<mallory@"); };
    const auto end = std::find_if(transcript.second.begin(), transcript.second.end(),
        [](const smtp::TranscriptEntry &entry) { return entry.bytes.endsWith(test::keptName("bob")); });
    for (smtp::TranscriptEntry &entry : transcript.second) {
        if (isStrangers(entry))
            entry.at = end->at;
    }
    const mail::DeliveryEnds ends{
        {mail::arrivalTrace(transcript, {test::arrivalSession, {test::keptName("bob")}, 0})}, {}};
    const QString page = QString::fromUtf8(reportPage(
        {{}, {transcript}, QDateTime::fromMSecsSinceEpoch(test::noon), ends}, AddressMask::Addresses::Shown));
    QVERIFY(page.contains(QStringLiteral("C: RCPT TO:&lt;bob@example.org&gt;")));
    QVERIFY(page.contains(QStringLiteral("of the message)")));
    QVERIFY(!page.contains(QStringLiteral("mallory")));
}

/// From the captured copy and from the one in Sent.
void TestBothEnds::theTestMessageIsSeenAtBothEnds()
{
    const QTemporaryDir data;
    mail::MailSystem system(data.path());
    mail::ListenerState listener;
    connect(&system.listener(), &mail::ListenerSwitch::changed, this,
        [&listener](const mail::ListenerState &state) { listener = state; });
    mail::StartOptions options;
    options.adjust = [](mail::Settings settings) {
        settings.users = {{QStringLiteral("alice"), QStringLiteral("Alice")}};
        settings.identities
            = {{QStringLiteral("Alice"), QStringLiteral("alice@example.test"), QStringLiteral("alice")}};
        settings.listener.policy = mail::RecipientPolicy::CatchAll;
        settings.listener.bindings.first().port = 0;
        settings.undoSeconds = 0;
        return settings;
    };
    QVERIFY(test::start(system, options));
    system.listener().start(system.settings().value().listener);
    QTRY_COMPARE_WITH_TIMEOUT(int(listener.kind), int(mail::ListenerState::Kind::Listening), 20000);
    const mail::ListenerBinding binding = listener.bindings.value(0);
    mail::OutgoingRoute route;
    route.kind = mail::OutgoingRoute::Kind::Smarthost;
    route.host = QStringLiteral("127.0.0.1");
    route.port = binding.port;
    route.tls = smtp::TlsMode::None;
    mail::Draft draft;
    draft.id = mail::newDraftId();
    draft.from = QStringLiteral("Alice <alice@example.test>");
    draft.to = QStringLiteral("someone@elsewhere.example");
    draft.subject = QStringLiteral("Test message");
    draft.text = QStringLiteral("text");
    QVERIFY(test::awaited(system.outbox().submit(draft, {0, route})).has_value());

    const QList<mail::MessageRow> captured = rowsOf(system, binding.captureMailbox, {});
    const QList<mail::MessageRow> sent = rowsOf(system, QStringLiteral("alice"), QStringLiteral("Sent"));
    QVERIFY(captured.size() == 1 && sent.size() == 1);
    const QString kept = QStringLiteral(" kept as %1").arg(QString::fromUtf8(captured.first().id.unique));
    for (const mail::MessageRow &row : {captured.first(), sent.first()}) {
        MessagePane pane(system.mailboxes(), system.outbox(), system.sessions(), system.settings());
        pane.resize(1000, 700);
        QWidget &widget = pane;
        widget.show();
        const bool isCaptured = row.id == captured.first().id;
        const QString title
            = isCaptured ? QStringLiteral("Sent from here, attempt 1: ") : QStringLiteral("Attempt 1: ");
        const auto hasBoth = [&] {
            const QString rows = said(pane.delivery());
            return rows.contains(title) && rows.contains(received)
                && rows.indexOf(title) < rows.indexOf(received) && rows.count(kept) == 2;
        };
        // What the client's end has of it is written down some times a second.
        const auto showsBoth = [&] {
            pane.show(test::awaited(system.mailboxes().message(row.id)).value_or(mail::MessageView()));
            pane.turnTo(MessagePane::View::Delivery);
            return QTest::qWaitFor(hasBoth, 1000);
        };
        QTRY_VERIFY_WITH_TIMEOUT(showsBoth(), 20000);
        QVERIFY(pane.hasDeliveryReport());
        QCOMPARE(pane.hasDeliveryRecord(), !isCaptured);
    }
}

QTEST_MAIN(TestBothEnds)
#include "tst_bothends.moc"
