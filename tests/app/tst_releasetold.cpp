// A message of three recipients, one of whom is refused: the chip in the message list, the chips of the
// recipients and the journey as programs are given it tell the same.
#include "app/messages/journeyjson.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/journeys.h"
#include "ui/mailbox/messagelistmodel.h"
#include "ui/mailbox/pastdeliveries.h"
#include "ui/queue/queuestate.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

const QByteArray releasedId = "1J1B9AUMIJ5AAAAAA";

mail::Journey twoOfThree()
{
    using Result = smtp::DeliveryResult;
    mail::Journey journey;
    journey.entry = test::entryTo(releasedId, {"one", "two", "three"});
    const mail::QueueEvents events{mail::AttemptBegan{0, 0}, mail::AttemptBegan{1, 0},
        mail::AttemptBegan{2, 0}, mail::SessionOpened{"1J1B9AUMIJ5GHHBMQ"},
        mail::Attempted{
            0, test::reportOf("one", Result::Delivered, test::taken), mail::AttemptOutcome::Delivered},
        mail::Attempted{1, test::reportOf("two", Result::Refused, test::never), mail::AttemptOutcome::Failed},
        mail::Attempted{
            2, test::reportOf("three", Result::Delivered, test::taken), mail::AttemptOutcome::Delivered}};
    for (const mail::QueueEvent &event : events) {
        journey.events.append({test::noon, event});
        journey.entry = mail::apply(journey.entry, event);
    }
    return journey;
}

mail::RowQuery sentQuery()
{
    mail::RowQuery query;
    query.folder = {QStringLiteral("alice"), QStringLiteral("Sent")};
    return query;
}

mail::Task<mail::RowPage> oneRow(const mail::RowQuery &query, const std::stop_token & /*stop*/)
{
    mail::MessageRow row;
    row.id = {sentQuery().folder, "1"};
    row.queueId = releasedId;
    mail::RowPage page;
    page.query = query;
    page.total = 1;
    page.rows = {row};
    return mail::Result<mail::RowPage>(page);
}

} // namespace

class ReleaseToldTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theRowTellsWhatTheJourneyTells();
};

void ReleaseToldTest::theRowTellsWhatTheJourneyTells()
{
    const mail::Journey journey = twoOfThree();
    test::FakeOutbox outbox;
    outbox.keep({journey});
    MessageListModel model({oneRow, {}});
    const PastDeliveries past(outbox, model, nullptr);
    model.setQuery(sentQuery());
    QTRY_VERIFY(model.rowCount() == 1 && model.chip(*model.row(0)));

    const QJsonArray told = app::journeyJson(journey)[QStringLiteral("recipients")].toArray();
    QCOMPARE(told.size(), 3);
    int refused = 0;
    for (int i = 0; i < 3; ++i) {
        const bool isRefused = told[i].toObject()[QStringLiteral("state")] == QStringLiteral("failed");
        refused += int(isRefused);
        const StateChip chip
            = recipientChip(journey.entry, journey.entry.recipients[i], QDateTime::currentDateTime());
        QCOMPARE(chip.text, isRefused ? QStringLiteral("refused") : QStringLiteral("delivered"));
    }
    QCOMPARE(refused, 1);
    const StateChip row = *model.chip(*model.row(0));
    QCOMPARE(row.text, QStringLiteral("%1 of %2 refused").arg(refused).arg(told.size()));
    QVERIFY(row.tone == Tone::Refused);
}

QTEST_MAIN(ReleaseToldTest)
#include "tst_releasetold.moc"
