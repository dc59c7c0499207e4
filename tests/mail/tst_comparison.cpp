// Two deliveries, or two sessions, compared: what is the same in both shows no difference, each kind of
// difference that is planted into one of them is found where it is and nothing else, and stages belong
// together by what they mean, whatever their number. Bounded.
#include "mail/journey/alignment.h"
#include "mail/journey/comparison.h"
#include "tests/support/comparisons.h"

#include <QElapsedTimer>
#include <QtTest>

#include <algorithm>
#include <random>

using namespace glasspost;
using namespace glasspost::mail;
using namespace glasspost::test;
using smtp::TraceStage;

namespace {

constexpr qint64 milli = 1000;

Comparison mirrored(Comparison comparison)
{
    for (ComparisonRow &row : comparison.rows)
        std::swap(row.left, row.right);
    return comparison;
}

/// What is changed in one of two equal deliveries, and what is found then.
struct Planted
{
    const char *name;
    void (*plant)(smtp::SessionTrace &);
    const char *differences;
};
using Trace = smtp::SessionTrace;
const Planted plants[] = {
    {"host", [](Trace &t) { t.host = "mx2.example.org"; }, "fact: host"},
    {"address", [](Trace &t) { t.address = QHostAddress(QStringLiteral("192.0.2.9")); }, "fact: address"},
    {"port", [](Trace &t) { t.port = 587; }, "fact: port"},
    {"choice", [](Trace &t) { t.choice = "2 of 2 hosts, preference 20"; }, "fact: choice"},
    {"demand", [](Trace &t) { t.demand = "DANE"; }, "fact: demand"},
    {"TLS version", [](Trace &t) { t.tls->summary = "TLSv1.2 TLS_AES_256_GCM_SHA384"; }, "fact: tls-version"},
    {"cipher", [](Trace &t) { t.tls->summary = "TLSv1.3 TLS_AES_128_GCM_SHA256"; }, "fact: cipher"},
    {"resumption", [](Trace &t) { t.tls->isResumed = true; }, "fact: resumption"},
    {"certificate", [](Trace &t) { t.tls->chain[0].sha256 = "de:ad"; }, "fact: certificate"},
    {"issuer's certificate",
        [](Trace &t) {
            t.tls->chain.append({"An authority", "Itself", 0, "aa"});
        },
        "fact: certificate"},
    {"verification", [](Trace &t) { t.tls->errors.clear(); }, "fact: verification"},
    {"sign-in mechanism",
        [](Trace &t) {
            t.mechanism = "SCRAM-SHA-256";
            stageIn(t, TraceStage::Auth).command = "AUTH SCRAM-SHA-256 ***";
        },
        "fact: mechanism|AUTH: mechanism"},
    {"user", [](Trace &t) { t.user = "bob"; }, "fact: user"},
    {"stage missing",
        [](Trace &t) {
            const int place = placeOf(t, TraceStage::StartTls);
            t.stages.remove(place);
        },
        "STARTTLS: missing-stage"},
    {"order of commands",
        [](Trace &t) {
            const int place = placeOf(t, TraceStage::Rcpt);
            std::swap(t.stages[place].command, t.stages[place + 1].command);
        },
        "RCPT: order"},
    {"recipient", [](Trace &t) { stageIn(t, TraceStage::Rcpt).command = "RCPT TO:<dave@example.org>"; },
        "RCPT: recipient"},
    {"parameters of MAIL", [](Trace &t) { stageIn(t, TraceStage::Mail).command += " BODY=8BITMIME"; },
        "MAIL: command"},
    {"parameters of RCPT", [](Trace &t) { stageIn(t, TraceStage::Rcpt).command += " NOTIFY=NEVER"; },
        "RCPT: command"},
    {"HELO for EHLO", [](Trace &t) { stageIn(t, TraceStage::Hello).command = "HELO client.example.net"; },
        "EHLO: command"},
    {"extension missing", [](Trace &t) { stageIn(t, TraceStage::Hello).reply.lines.removeLast(); },
        "EHLO: extension"},
    {"extension's parameter", [](Trace &t) { stageIn(t, TraceStage::Hello).reply.lines[2] = "SIZE 9"; },
        "EHLO: extension"},
    {"recipient refused", [](Trace &t) { stageIn(t, TraceStage::Rcpt).reply = test::never; },
        "RCPT: refusal"},
    {"recipient deferred", [](Trace &t) { stageIn(t, TraceStage::Rcpt).reply = test::notNow; },
        "RCPT: refusal"},
    {"reply code", [](Trace &t) { stageIn(t, TraceStage::Mail).reply.code = 251; }, "MAIL: reply-code"},
    {"enhanced status code",
        [](Trace &t) {
            stageIn(t, TraceStage::Mail).reply.enhanced = {2, 0, 0};
        },
        "MAIL: reply-code"},
    {"no reply", [](Trace &t) { stageIn(t, TraceStage::Quit).reply = {}; }, "QUIT: reply-code"},
    {"reply text", [](Trace &t) { stageIn(t, TraceStage::EndOfData).reply.lines = {"queued as 7"}; },
        ".: reply-text"},
    {"text of the greeting", [](Trace &t) { stageIn(t, TraceStage::Greeting).reply.lines = {"mx9 ESMTP"}; },
        "2: reply-text"},
    {"name in the reply to EHLO",
        [](Trace &t) { stageIn(t, TraceStage::Hello).reply.lines[0] = "mx9.example.org"; },
        "EHLO: reply-text"},
    {"look-up answers",
        [](Trace &t) { stageIn(t, TraceStage::Lookup).notes[0].text = "MX example.org: none"; }, "0: event"},
    {"an address that did not answer",
        [](Trace &t) {
            stageIn(t, TraceStage::Connect).notes.append({t.startedAt, "192.0.2.7:25: connection refused"});
        },
        "1: event"},
    {"size", [](Trace &t) { stageIn(t, TraceStage::Body).octets = 99; }, "12: octets"},
    {"slower stage",
        [](Trace &t) {
            stageIn(t, TraceStage::EndOfData).to += 200 * milli;
            for (int i = placeOf(t, TraceStage::EndOfData) + 1; i < t.stages.size(); ++i) {
                t.stages[i].from += 200 * milli;
                t.stages[i].to += 200 * milli;
            }
        },
        ".: time"},
};

} // namespace

class TestComparison : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void equalOnesShowNone();
    void onePlantedDifference_data();
    void onePlantedDifference();
    void everyKindIsPlanted();
    void timesThatVaryAreNoDifference();
    void sessionsBelongTogetherByHost();
    void stagesBelongTogetherByMeaning();
    void aRecipientMoreIsNoOther();
    void longestCommonSubsequence();
    void manyStagesInTime();
    void damageAndLossAreSaid();
};

void TestComparison::equalOnesShowNone()
{
    const smtp::SessionTrace trace = wholeTrace();
    const Comparison comparison = compared(deliveryOf(trace), deliveryOf(trace));
    QCOMPARE(found(comparison), QStringList());
    QCOMPARE(comparison.differences(), 0);
    const auto stages = std::count_if(comparison.rows.begin(), comparison.rows.end(),
        [](const ComparisonRow &row) { return row.kind == ComparisonRow::Kind::Stage; });
    QCOMPARE(int(stages), int(trace.stages.size()));
    QVERIFY(comparison.rows.first().kind == ComparisonRow::Kind::Session);
    // This week's and last's: another day, another session.
    smtp::SessionTrace later = trace;
    later.sessionId = "1J9B9AUMIJ5GHHBMQ";
    constexpr qint64 week = 7 * 86'400'000'000;
    later.startedAt += week;
    for (smtp::TracedStage &stage : later.stages) {
        stage.from += week;
        stage.to += week;
    }
    QCOMPARE(found(compared(deliveryOf(trace), deliveryOf(later))), QStringList());
}

void TestComparison::onePlantedDifference_data()
{
    QTest::addColumn<int>("place");
    for (int i = 0; i < int(std::size(plants)); ++i)
        QTest::newRow(plants[i].name) << i;
}

void TestComparison::onePlantedDifference()
{
    QFETCH(const int, place);
    smtp::SessionTrace other = wholeTrace();
    plants[place].plant(other);
    const QStringList expected = QString::fromLatin1(plants[place].differences).split(u'|');
    QCOMPARE(found(compared(deliveryOf(wholeTrace()), deliveryOf(other))), expected);
    // And with the sides changed.
    const QStringList back = found(mirrored(compared(deliveryOf(other), deliveryOf(wholeTrace()))));
    QCOMPARE(back.size(), expected.size());
    for (int i = 0; i < back.size(); ++i)
        QCOMPARE(back[i].section(u':', 1), expected[i].section(u':', 1));
}

/// No kind of difference is without a plant; a session that is missing has a test of its own.
void TestComparison::everyKindIsPlanted()
{
    QList<Difference> seen{Difference::MissingSession};
    for (const Planted &one : plants) {
        smtp::SessionTrace other = wholeTrace();
        one.plant(other);
        for (const ComparisonRow &row : compared(deliveryOf(wholeTrace()), deliveryOf(other)).rows)
            seen += row.differences;
    }
    for (const Difference difference : allDifferences)
        QVERIFY2(seen.contains(difference), differenceName(difference).constData());
}

/// Of the same network: a person need not look at them.
void TestComparison::timesThatVaryAreNoDifference()
{
    QVERIFY(!isMuchSlower(99 * milli, 0));
    QVERIFY(isMuchSlower(100 * milli, 0));
    QVERIFY(!isMuchSlower(1100 * milli, 1000 * milli));
    QVERIFY(isMuchSlower(1500 * milli, 1000 * milli));
    QVERIFY(!isMuchSlower(1000 * milli, 1500 * milli));
}

void TestComparison::sessionsBelongTogetherByHost()
{
    const auto with = [](const QByteArray &host) {
        ComparedSession one{wholeTrace(), false};
        one.trace.host = host;
        return one;
    };
    // The first exchanger was not reached, only last week.
    const ComparedDelivery left{{with("mx1"), with("MX2")}, false};
    const ComparedDelivery right{{with("mx2")}, false};
    const Comparison comparison = compared(left, right);
    QCOMPARE(found(comparison), QStringList{u"session: missing-session"_qs});
    QVERIFY(comparison.rows.first().left.value == "mx1" && !comparison.rows.first().right.isThere);
    const auto isPair = [](const ComparisonRow &row) {
        return row.kind == ComparisonRow::Kind::Session && row.left.isThere && row.right.isThere;
    };
    QCOMPARE(int(std::count_if(comparison.rows.begin(), comparison.rows.end(), isPair)), 1);
    // Other servers altogether: in their order.
    const Comparison others = compared(left, {{with("mx8"), with("mx9")}, false});
    QCOMPARE(int(std::count_if(others.rows.begin(), others.rows.end(), isPair)), 2);
    QCOMPARE(found(others), (QStringList{u"fact: host"_qs, u"fact: host"_qs}));
    // None at all on one side.
    QCOMPARE(found(compared({}, right)), QStringList{u"session: missing-session"_qs});
    QVERIFY(compared({}, {}).rows.isEmpty());
}

/// One signs in before it sends, the other does not: what follows is compared with what it is.
void TestComparison::stagesBelongTogetherByMeaning()
{
    smtp::SessionTrace plain = wholeTrace();
    plain.stages.removeIf([](const smtp::TracedStage &stage) {
        return stage.stage == TraceStage::StartTls || stage.stage == TraceStage::Handshake
            || stage.stage == TraceStage::Auth;
    });
    const Comparison comparison = compared(deliveryOf(plain), deliveryOf(wholeTrace()));
    QCOMPARE(found(comparison),
        (QStringList{u"STARTTLS: missing-stage"_qs, u"5: missing-stage"_qs, u"AUTH: missing-stage"_qs}));
    for (const ComparisonRow &row : comparison.rows) {
        if (row.left.isThere && row.right.isThere)
            QCOMPARE(row.left.stage.stage, row.right.stage.stage);
    }
}

void TestComparison::aRecipientMoreIsNoOther()
{
    smtp::SessionTrace more = wholeTrace();
    smtp::TracedStage rcpt = stageIn(more, TraceStage::Rcpt);
    rcpt.command = "RCPT TO:<eve@example.org>";
    more.stages.insert(placeOf(more, TraceStage::Rcpt) + 1, rcpt);
    const Comparison comparison = compared(deliveryOf(wholeTrace()), deliveryOf(more));
    QCOMPARE(found(comparison), QStringList{u"RCPT: missing-stage"_qs});
    const auto alone = std::find_if(comparison.rows.begin(), comparison.rows.end(),
        [](const ComparisonRow &row) { return !row.differences.isEmpty(); });
    QVERIFY(!alone->left.isThere && alone->right.stage.command == rcpt.command);
}

/// As long as the plain recursion finds, of equal keys that rise on both sides.
void TestComparison::longestCommonSubsequence()
{
    std::mt19937 random(7); // NOLINT: the same each time
    for (int round = 0; round < 300; ++round) {
        QList<QByteArray> sides[2];
        for (QList<QByteArray> &side : sides) {
            for (unsigned i = random() % 12; i > 0; --i)
                side.append(QByteArray(1, char('a' + random() % 4)));
        }
        const auto pairs = commonSubsequence(sides[0], sides[1]);
        std::pair<int, int> last(-1, -1);
        for (const auto &[i, j] : pairs) {
            QCOMPARE(sides[0][i], sides[1][j]);
            QVERIFY(i > last.first && j > last.second);
            last = {i, j};
        }
        const auto length = [&](const auto &self, int i, int j) -> int {
            if (i == sides[0].size() || j == sides[1].size())
                return 0;
            return sides[0][i] == sides[1][j] ? 1 + self(self, i + 1, j + 1)
                                              : std::max(self(self, i + 1, j), self(self, i, j + 1));
        };
        QCOMPARE(int(pairs.size()), length(length, 0, 0));
    }
}

/// A mailing of very many recipients, in another order each: bounded, and every one is there.
void TestComparison::manyStagesInTime()
{
    constexpr int many = mostComparedStages + 100;
    smtp::SessionTrace traces[2] = {wholeTrace(), wholeTrace()};
    std::mt19937 random(11); // NOLINT: the same each time
    for (smtp::SessionTrace &trace : traces) {
        const smtp::TracedStage rcpt = stageIn(trace, TraceStage::Rcpt);
        trace.stages.clear();
        for (int i = 0; i < many; ++i) {
            trace.stages.append(rcpt);
            trace.stages.last().command = "RCPT TO:<" + QByteArray::number(i) + "@example.org>";
        }
        std::shuffle(trace.stages.begin(), trace.stages.end(), random);
    }
    QElapsedTimer timer;
    timer.start();
    const Comparison comparison = compared(deliveryOf(traces[0]), deliveryOf(traces[1]));
    QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(comparison.leftOut, qint64(200));
    const auto lefts = std::count_if(comparison.rows.begin(), comparison.rows.end(),
        [](const ComparisonRow &row) { return row.kind == ComparisonRow::Kind::Stage && row.left.isThere; });
    QCOMPARE(int(lefts), mostComparedStages);
}

void TestComparison::damageAndLossAreSaid()
{
    smtp::SessionTrace cut = wholeTrace();
    cut.leftOut = 3;
    QCOMPARE(compared(deliveryOf(cut), deliveryOf(wholeTrace())).leftOut, qint64(3));
    QVERIFY(compared({{{cut, false}}, true}, deliveryOf(cut)).isDamaged);
    QVERIFY(!compared(deliveryOf(cut), deliveryOf(cut)).isDamaged);
}

QTEST_APPLESS_MAIN(TestComparison)
#include "tst_comparison.moc"
