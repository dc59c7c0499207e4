// Whose time it was that a message took, and when each recipient is tried again. What is said of replies:
// tst_waterfall.cpp.
#include "tests/support/journeys.h"
#include "ui/message/whynot.h"

#include <QTest>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

constexpr qint64 minute = 60'000;

/// Came at noon and was taken so many milliseconds later.
mail::Journey takenAfter(qint64 milliseconds)
{
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"bob"});
    smtp::RecipientReport report = test::reportOf("bob", smtp::DeliveryResult::Delivered, test::taken);
    report.at = (test::noon + milliseconds) * 1000;
    journey.entry.recipients[0].progress = mail::Ended{mail::Ended::Outcome::Delivered, 1, report};
    return journey;
}

} // namespace

class TestWhyNot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void timeInHoldIsNobodysDelay_data();
    void timeInHoldIsNobodysDelay();
    void eachIsTriedInItsTime();
};

void TestWhyNot::timeInHoldIsNobodysDelay_data()
{
    QTest::addColumn<QList<mail::JourneyEvent>>("events");
    QTest::addColumn<QString>("words"); ///< empty: nothing is said
    using Events = QList<mail::JourneyEvent>;
    const auto held = [](qint64 at) { return mail::JourneyEvent{test::noon + at, mail::Held()}; };
    const auto released = [](qint64 at) { return mail::JourneyEvent{test::noon + at, mail::Released()}; };
    QTest::newRow("never held") << Events{} << QStringLiteral("10 min 0 s after it was due.");
    QTest::newRow("held for all but half a minute") << Events{held(0), released(9 * minute + 30'000)} << "";
    QTest::newRow("held twice") << Events{held(minute), released(2 * minute), held(4 * minute),
        released(6 * minute)} << QStringLiteral("7 min 0 s after it was due, not counting the 3 min 0 s");
    QTest::newRow("held again while it was held") << Events{held(minute), held(2 * minute),
        released(4 * minute)} << QStringLiteral("7 min 0 s after it was due, not counting the 3 min 0 s");
    QTest::newRow("came to be held") << Events{released(4 * minute)}
                                     << QStringLiteral("6 min 0 s after it was due, not counting the 4 min");
    QTest::newRow("released twice") << Events{held(minute), released(2 * minute), released(5 * minute)}
                                    << QStringLiteral("9 min 0 s after it was due, not counting the 1 min");
    QTest::newRow("held before it was due") << Events{held(-3 * minute), released(minute)}
                                            << QStringLiteral("9 min 0 s after it was due, not counting");
}

void TestWhyNot::timeInHoldIsNobodysDelay()
{
    QFETCH(QList<mail::JourneyEvent>, events);
    QFETCH(QString, words);
    mail::Journey journey = takenAfter(10 * minute);
    journey.events = events;
    const QString said = whyNotArrived(journey, {}, QDateTime());
    QVERIFY2(words.isEmpty() ? said.isEmpty() : said.contains(words), qPrintable(said));
}

/// The same was said of all of them, but one was put off until later.
void TestWhyNot::eachIsTriedInItsTime()
{
    const smtp::RecipientReport report = test::reportOf("bob", smtp::DeliveryResult::Deferred, test::notNow);
    mail::Journey journey;
    journey.entry = test::entryTo("1J1B9AUMIJ5AAAAAA", {"a", "b", "c"});
    const QList<qint64> waits{10 * minute, 5 * minute, 30 * minute};
    for (int i = 0; i < waits.size(); ++i) {
        journey.entry.recipients[i].progress = mail::Deferred{1, report};
        journey.entry.recipients[i].nextAttemptAt = test::noon + waits[i];
    }
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(test::noon);
    const QString said = whyNotArrived(journey, {}, now);
    QVERIFY2(said.contains(QStringLiteral("the first in 5 min, the last in 30 min")), qPrintable(said));
    for (mail::QueueRecipient &one : journey.entry.recipients)
        one.nextAttemptAt = test::noon + 5 * minute;
    QVERIFY(whyNotArrived(journey, {}, now).contains(QStringLiteral("The next attempt: in 5 min.")));
}

QTEST_GUILESS_MAIN(TestWhyNot)
#include "tst_whynot.moc"
