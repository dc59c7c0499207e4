#include "mail/checks/spamcheck.h"
#include "tests/support/scriptedspamd.h"

#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace glasspost;
using namespace glasspost::mail;
using test::ScriptedSpamd;

namespace {

using After = ScriptedSpamd::After;

const QByteArray message = "From: a@client.example\r\n\r\nHello\r\n";
const QByteArray rules = " 5.0 BAYES_99               BODY: Bayes spam probability is 99 to\n"
                         "                            100% <b>[score: 0.9]</b>\n"
                         "-0.1 DKIM_VALID             Message has a valid signature\n"
                         " 1.2 A_NAME_LONGER_THAN_ITS_COLUMN 2.0 is in its words\n";

std::optional<SpamReport> asked(
    const QString &spamd, std::chrono::milliseconds limit = std::chrono::seconds(60))
{
    const auto address = spamdAddress(spamd);
    if (!address)
        return {};
    SpamdClient client(*address);
    client.setTimeLimit(limit);
    std::optional<SpamReport> report;
    client.report(message).andThen(&client, [&report](const SpamReport &given) { report = given; });
    return QTest::qWaitFor([&report] { return report.has_value(); }, 30000) ? report : std::nullopt;
}

} // namespace

/// What a spamd is asked, and what becomes of what it answers, right and wrong.
class SpamCheckTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAddresses_data();
    void readsAddresses();
    void takesTheReport();
    void asksOverAUnixSocket();
    void readsAnswers_data();
    void readsAnswers();
    void saysWhyThereIsNone_data();
    void saysWhyThereIsNone();
    void endsWithTheTimeLimit();
    void takesNoEndlessAnswer();
    void givesNoHugeMessage();
    void makesFindings();
};

void SpamCheckTest::readsAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<std::optional<SpamdAddress>>("expected");
    const auto row = [](const char *text, const std::optional<SpamdAddress> &expected) {
        QTest::newRow(text) << QString::fromLatin1(text) << expected;
    };
    row("127.0.0.1:783", SpamdAddress{QStringLiteral("127.0.0.1"), 783, {}});
    row("[::1]:783", SpamdAddress{QStringLiteral("::1"), 783, {}});
    row("mail.example:11333", SpamdAddress{QStringLiteral("mail.example"), 11333, {}});
    row("/run/spamd.sock", SpamdAddress{{}, 0, QStringLiteral("/run/spamd.sock")});
    for (const char *text : {"", "783", ":783", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
             "::1:783", "a b:783", "host:x"})
        row(text, {});
}

void SpamCheckTest::readsAddresses()
{
    QFETCH(QString, text);
    QFETCH(std::optional<SpamdAddress>, expected);
    QVERIFY(spamdAddress(text) == expected);
}

void SpamCheckTest::takesTheReport()
{
    const SpamReport expected{{}, true, 6.1, 5,
        {{QStringLiteral("BAYES_99"), 5.0,
             QStringLiteral("BODY: Bayes spam probability is 99 to 100% <b>[score: 0.9]</b>")},
            {QStringLiteral("DKIM_VALID"), -0.1, QStringLiteral("Message has a valid signature")},
            {QStringLiteral("A_NAME_LONGER_THAN_ITS_COLUMN"), 1.2, QStringLiteral("2.0 is in its words")}}};
    for (const After after : {After::Closes, After::StaysOpen}) {
        ScriptedSpamd spamd(test::spamdAnswer("True ; 6.1 / 5.0", rules), after);
        const auto report = asked(spamd.address());
        QVERIFY(report.has_value());
        QVERIFY2(*report == expected, qPrintable(report->failure));
        QCOMPARE(spamd.request(),
            "REPORT SPAMC/1.5\r\nContent-length: " + QByteArray::number(message.size()) + "\r\n\r\n"
                + message);
    }
}

void SpamCheckTest::asksOverAUnixSocket()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("spamd"));
    const auto nobody = asked(path);
    QVERIFY(nobody && !nobody->failure.isEmpty());
    ScriptedSpamd spamd(test::spamdAnswer("False ; -0.1 / 5.0", rules));
    QVERIFY(spamd.listenAt(path));
    const auto report = asked(path);
    QVERIFY(report.has_value());
    QCOMPARE(report->failure, QString());
    QVERIFY(!report->isSpam);
    QCOMPARE(report->score, -0.1);
    QCOMPARE(report->rules.size(), 3);
}

void SpamCheckTest::readsAnswers_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("isSpam");
    QTest::addColumn<double>("score");
    QTest::addColumn<QStringList>("names");
    QTest::newRow("no length") << QByteArray("SPAMD/1.0 0 EX_OK\r\nSpam: Yes ; 15.0 / 5.0\r\n\r\nHello\r\n")
                               << true << 15.0 << QStringList();
    QTest::newRow("names alone, as rspamd has them") << QByteArray(
        "SPAMD/1.1 0 EX_OK\r\nContent-length: 18\r\nSpam: False ; 1.50 / 15.00\r\n\r\nMISSING_TO,R_DKIM\n")
                                                     << false << 1.5
                                                     << QStringList{QStringLiteral("MISSING_TO"),
                                                            QStringLiteral("R_DKIM")};
    QTest::newRow("no rules") << test::spamdAnswer("False ; 0.0 / 5.0", {}) << false << 0.0 << QStringList();
}

void SpamCheckTest::readsAnswers()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, isSpam);
    QFETCH(double, score);
    QFETCH(QStringList, names);
    const SpamReport report = readSpamdAnswer(answer);
    QCOMPARE(report.failure, QString());
    QCOMPARE(report.isSpam, isSpam);
    QCOMPARE(report.score, score);
    QStringList found;
    for (const SpamRule &rule : report.rules)
        found += rule.name;
    QCOMPARE(found, names);
}

void SpamCheckTest::saysWhyThereIsNone_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("words");
    const QByteArray good = test::spamdAnswer("True ; 6.1 / 5.0", rules);
    QTest::newRow("another protocol") << QByteArray("220 mail.example ESMTP\r\n")
                                      << QStringLiteral("not an answer of spamd: 220 mail.example ESMTP");
    QTest::newRow("nonsense") << QByteArray(1000, '\xff') << QStringLiteral("not an answer of spamd: ");
    QTest::newRow("refused") << QByteArray("SPAMD/1.0 76 Bad header line: x\r\n")
                             << QStringLiteral("76 Bad header line: x");
    QTest::newRow("cut off") << good.chopped(10) << QStringLiteral("the answer is cut off");
    QTest::newRow("cut off in the head") << good.left(30) << QStringLiteral("the answer is cut off");
    QTest::newRow("no verdict") << QByteArray("SPAMD/1.1 0 PONG\r\n\r\n")
                                << QStringLiteral("no verdict in the answer: ");
    QTest::newRow("no number") << QByteArray("SPAMD/1.1 0 EX_OK\r\nSpam: True ; much / 5\r\n\r\n")
                               << QStringLiteral("no verdict in the answer: ");
}

void SpamCheckTest::saysWhyThereIsNone()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, words);
    ScriptedSpamd spamd(answer);
    const auto report = asked(spamd.address());
    QVERIFY(report.has_value());
    QVERIFY2(report->failure.startsWith(words), qPrintable(report->failure));
    QVERIFY(report->rules.isEmpty() && !report->isSpam);
}

void SpamCheckTest::endsWithTheTimeLimit()
{
    ScriptedSpamd silent({}, After::StaysOpen);
    const auto report = asked(silent.address(), std::chrono::milliseconds(200));
    QVERIFY(report.has_value());
    QCOMPARE(report->failure, QStringLiteral("time-out"));
}

void SpamCheckTest::takesNoEndlessAnswer()
{
    ScriptedSpamd spamd("SPAMD/1.1 0 EX_OK\r\nSpam: True ; 6.1 / 5.0\r\n\r\n" + QByteArray(1024 * 1024, 'x'),
        After::StaysOpen);
    const auto report = asked(spamd.address());
    QVERIFY(report.has_value());
    QCOMPARE(report->failure, QStringLiteral("the answer is too large"));
}

void SpamCheckTest::givesNoHugeMessage()
{
    ScriptedSpamd spamd(test::spamdAnswer("False ; 0.0 / 5.0", {}));
    const auto failureOf = [&spamd](qsizetype size) {
        QObject context;
        std::optional<SpamReport> report;
        askSpamd(spamd.address(), MessageOctets(QByteArray(size, 'x')), &context)
            .andThen(&context, [&report](const SpamReport &given) { report = given; });
        const bool came = QTest::qWaitFor([&report] { return report.has_value(); }, 30000);
        return came ? report->failure : QStringLiteral("nothing came");
    };
    QCOMPARE(failureOf(2 * 1024 * 1024), QString());
    QCOMPARE(failureOf(2 * 1024 * 1024 + 1), QStringLiteral("the message is larger than 2 MiB"));
}

void SpamCheckTest::makesFindings()
{
    SpamReport report;
    report.score = 1.5;
    report.threshold = 5;
    report.rules = {{QStringLiteral("ONE"), 1.5, QStringLiteral("Words")}, {QStringLiteral("OTHER"), {}, {}}};
    const QList<Finding> expected
        = {{FindingKind::SpamScored, {QStringLiteral("1.5"), QStringLiteral("5")}, -1, 0, 0},
            {FindingKind::SpamRuleMet,
                {QStringLiteral("ONE"), QStringLiteral("1.5"), QStringLiteral("Words")}, -1, 0, 0},
            {FindingKind::SpamRuleMet, {QStringLiteral("OTHER"), QString(), QString()}, -1, 0, 0}};
    QCOMPARE(spamFindings(report), expected);
    report.isSpam = true;
    QVERIFY(spamFindings(report).constFirst().kind == FindingKind::SpamFound);
    report.failure = QStringLiteral("time-out");
    QCOMPARE(spamFindings(report),
        (QList<Finding>{{FindingKind::SpamNotAsked, {QStringLiteral("time-out")}, -1, 0, 0}}));
}

QTEST_GUILESS_MAIN(SpamCheckTest)
#include "tst_spamcheck.moc"
