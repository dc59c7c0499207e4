// What "glasspost journey --compare" prints: an object with each row and its differences, and the same as
// lines, in which nothing that a server said is more than text.
#include "app/console/comparisonlines.h"
#include "app/messages/comparisonjson.h"
#include "tests/support/comparisons.h"

#include <QJsonArray>
#include <QTest>

using namespace glasspost;
using namespace glasspost::app;
using smtp::TraceStage;

namespace {

mail::Comparison comparisonWith(void (*change)(smtp::SessionTrace &))
{
    smtp::SessionTrace other = test::wholeTrace();
    change(other);
    return mail::compared(test::deliveryOf(test::wholeTrace()), test::deliveryOf(other));
}

QByteArrayList marked(const mail::Comparison &comparison)
{
    QByteArrayList lines = comparisonLines(comparisonJson(comparison)).split('\n');
    lines.removeIf([](const QByteArray &line) { return !line.startsWith('!'); });
    return lines;
}

} // namespace

class TestComparisonLines : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void equalOnesAreSaidToBeSo();
    void aRefusedRecipient();
    void anExtensionIsNamed();
    void whatHappenedOtherwise();
    void whatIsMissingOnOneSide();
    void whatIsNotKnown();
    void peersWriteNoControls();
    void lossAndDamageAreSaid();
};

void TestComparisonLines::equalOnesAreSaidToBeSo()
{
    const mail::Comparison same = comparisonWith([](smtp::SessionTrace &) {});
    QVERIFY(marked(same).isEmpty());
    QVERIFY(comparisonLines(comparisonJson(same)).endsWith("\nno differences"));
    QCOMPARE(comparisonJson(same)[QStringLiteral("differences")].toInt(), 0);
    QCOMPARE(comparisonJson(same)[QStringLiteral("rows")].toArray().size(), same.rows.size());
}

void TestComparisonLines::aRefusedRecipient()
{
    const mail::Comparison refused = comparisonWith(
        [](smtp::SessionTrace &trace) { test::stageIn(trace, TraceStage::Rcpt).reply = test::never; });
    QCOMPARE(marked(refused),
        QByteArrayList{"!   rcpt (refusal): RCPT TO:<bob@example.org>, 250 2.1.5 Ok, 15 ms | "
                       "RCPT TO:<bob@example.org>, 550 5.1.1 no such user, 15 ms"});
    QVERIFY(comparisonLines(comparisonJson(refused)).endsWith("\n1 line differs"));
    for (const auto value : comparisonJson(refused)[QStringLiteral("rows")].toArray()) {
        const QJsonObject row = value.toObject();
        if (row[QStringLiteral("differences")].toArray().isEmpty())
            continue;
        QCOMPARE(row[QStringLiteral("kind")].toString(), QStringLiteral("stage"));
        QCOMPARE(row[QStringLiteral("name")].toString(), QStringLiteral("rcpt"));
        QCOMPARE(row[QStringLiteral("left")].toObject()[QStringLiteral("took")].toDouble(), 15.0);
        QCOMPARE(row[QStringLiteral("right")].toObject()[QStringLiteral("reply")].toString(),
            QStringLiteral("550 5.1.1 no such user"));
    }
}

void TestComparisonLines::anExtensionIsNamed()
{
    const QByteArray lines = comparisonLines(comparisonJson(comparisonWith([](smtp::SessionTrace &trace) {
        test::stageIn(trace, TraceStage::Hello).reply.lines.removeLast();
    })));
    QVERIFY2(lines.contains("\n      only left: CHUNKING\n"), lines.constData());
    QVERIFY2(!lines.contains("only right"), lines.constData());
}

void TestComparisonLines::whatHappenedOtherwise()
{
    const mail::Comparison other = comparisonWith([](smtp::SessionTrace &trace) {
        test::stageIn(trace, TraceStage::Lookup).notes = {{trace.startedAt, "no MX: \x1b[2J"}};
    });
    const QByteArray lines = comparisonLines(comparisonJson(other));
    QVERIFY2(lines.contains("!   lookup (event): "), lines.constData());
    QVERIFY2(lines.contains("\n      left: MX example.org: 10 mx1.example.org (DNSSEC: secure)"),
        lines.constData());
    QVERIFY2(lines.contains("\n      right: no MX: "), lines.constData());
    QVERIFY(!lines.contains('\x1b'));
}

void TestComparisonLines::whatIsMissingOnOneSide()
{
    const QByteArrayList lines = marked(comparisonWith(
        [](smtp::SessionTrace &trace) { trace.stages.remove(test::placeOf(trace, TraceStage::StartTls)); }));
    QCOMPARE(lines, QByteArrayList{"!   starttls (missing-stage): STARTTLS, 220 2.0.0 go, 5 ms | -"});
}

void TestComparisonLines::whatIsNotKnown()
{
    mail::ComparedDelivery said = test::deliveryOf(test::wholeTrace());
    said.sessions[0].isFromTranscript = true;
    const QByteArray lines
        = comparisonLines(comparisonJson(mail::compared(said, test::deliveryOf(test::wholeTrace()))));
    QVERIFY2(lines.contains("\n    choice: not known | 1 of 1 host, preference 10\n"), lines.constData());
    QVERIFY2(lines.endsWith("\nno differences"), lines.constData());
}

void TestComparisonLines::peersWriteNoControls()
{
    const QByteArray lines = comparisonLines(comparisonJson(comparisonWith([](smtp::SessionTrace &trace) {
        test::stageIn(trace, TraceStage::Greeting).reply.lines = {"\x1b[2J"};
    })));
    QVERIFY(!lines.contains('\x1b'));
}

void TestComparisonLines::lossAndDamageAreSaid()
{
    mail::Comparison lost = comparisonWith([](smtp::SessionTrace &) {});
    lost.leftOut = 7;
    lost.isDamaged = true;
    const QByteArray lines = comparisonLines(comparisonJson(lost));
    QVERIFY2(lines.contains("7 stages and notes"), lines.constData());
    QVERIFY2(lines.contains("damaged"), lines.constData());
}

QTEST_APPLESS_MAIN(TestComparisonLines)
#include "tst_comparisonlines.moc"
