#include "mail/base/posix.h"
#include "mail/rules/rulesfile.h"
#include "mail/rules/sieve.h"
#include "mail/system/mailsystem.h"
#include "tests/support/awaited.h"
#include "tests/support/runningmail.h"

#include <QtTest>

#include <fcntl.h>

using namespace glasspost;
using namespace glasspost::mail;

/// The rules of a mail system that runs: kept, in force, and run over mail that is there.
class RuleRunsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keepsRules();
    void refusesWhatCannotBeRead();
    void setsAsideWhatIsDamaged();
    void keepsWhatIsDamagedUntilItSaves();
    void dryRunChangesNothing();
    void believesItsOwnFieldsAlone();
    void knowsNoEnvelopeWithoutItsFields_data();
    void knowsNoEnvelopeWithoutItsFields();
    void appliesToWhatIsThere_data();
    void appliesToWhatIsThere();
    void forwardsWithSmtpUtf8_data();
    void forwardsWithSmtpUtf8();
    void goesOnAfterAFailure();
};

namespace {

const FolderId inbox{QStringLiteral("alice"), {}};

StartOptions options()
{
    StartOptions options;
    options.outgoing = StartOptions::Outgoing::Rest;
    options.adjust = [](Settings settings) {
        settings.hostName = QStringLiteral("here.example");
        settings.users = {{QStringLiteral("alice"), {}}, {QStringLiteral("bob"), {}}};
        return settings;
    };
    return options;
}

QList<Rule> rulesOf(const QByteArray &script)
{
    const Result<QList<Rule>> rules = readSieve(script);
    if (!rules)
        qWarning("%s: %s", qPrintable(rules.error().subject), qPrintable(rules.error().systemText));
    return rules.value_or(QList<Rule>());
}

QList<MessageRow> rowsIn(MailSystem &system, const FolderId &folder)
{
    if (!test::awaited(system.mailboxes().settle()))
        return {};
    RowQuery query;
    query.folder = folder;
    return test::awaited(system.mailboxes().rows(query)).value_or(RowPage()).rows;
}

MessageId keepOne(MailSystem &system, const QByteArray &subject = "One")
{
    const QByteArray text = "Return-Path: <ann@far.example>\nDelivered-To: alice@here.example\n"
                            "From: <ann@far.example>\nSubject: "
        + subject + "\n\nbody\n";
    if (!test::awaited(system.mailboxes().keepMessages(inbox, {{text, {}}})))
        return {};
    const QList<MessageRow> rows = rowsIn(system, inbox);
    return rows.isEmpty() ? MessageId() : rows.first().id;
}

} // namespace

void RuleRunsTest::keepsRules()
{
    const QTemporaryDir folder;
    const QList<Rule> rules = rulesOf("# rule:[x]\nif exists \"From\" { keep; }");
    {
        MailSystem system(folder.path());
        QVERIFY(test::start(system, options()));
        QVERIFY(test::awaited(system.rules().rules()) == RuleSet());
        const QSignalSpy changed(&system.rules(), &Rules::changed);
        QVERIFY(test::awaited(system.rules().set(rules)));
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(changed.first().first().value<RuleSet>().rules == rules);
    }
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    QVERIFY(test::awaited(system.rules().rules()) == (RuleSet{rules, std::nullopt}));
}

void RuleRunsTest::refusesWhatCannotBeRead()
{
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    Rule rule{QStringLiteral("x"), true, {}, {}};
    rule.actions = {RuleAction{RuleAction::Kind::Forward, QStringLiteral("nobody")}};
    const Result<void> set = test::awaited(system.rules().set({rule}));
    QVERIFY(!set);
    QVERIFY(set.error().systemText.contains(QStringLiteral("nobody")));
    QVERIFY(test::awaited(system.rules().rules()) == RuleSet());
    QVERIFY(!QFile::exists(rulesPath(folder.path())));
}

/// No rule is in force then, and what stands in the file is not lost by the next change.
void RuleRunsTest::setsAsideWhatIsDamaged()
{
    const QTemporaryDir folder;
    QFile file(rulesPath(folder.path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("discard;\nbroken");
    file.close();
    MailSystem system(folder.path());
    const QSignalSpy troubled(&system, &MailSystem::troubled);
    QVERIFY(test::start(system, options()));
    QTRY_COMPARE(troubled.size(), 1);
    const RuleSet set = test::awaited(system.rules().rules()).value_or(RuleSet());
    QVERIFY(set.rules.isEmpty());
    QVERIFY(set.fault);
    QCOMPARE(set.fault->code, ErrorCode::Damaged);
    QVERIFY(set.fault->systemText.contains(QStringLiteral("line 2")));
    QVERIFY(test::awaited(system.rules().set(rulesOf("keep;"))));
    QFile aside(rulesPath(folder.path()) + QStringLiteral(".damaged"));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), QByteArray("discard;\nbroken"));
}

/// A start after a change that could not be written finds the fault, not a folder without rules.
void RuleRunsTest::keepsWhatIsDamagedUntilItSaves()
{
    const QTemporaryDir folder;
    QVERIFY(replaceFile(rulesPath(folder.path()), "discard;\nbroken"));
    const QString inTheWay = rulesPath(folder.path()) + QStringLiteral(".part"); // nothing can be written
    QVERIFY(QDir().mkpath(inTheWay));
    {
        MailSystem system(folder.path());
        QVERIFY(test::start(system, options()));
        QVERIFY(!test::awaited(system.rules().set(rulesOf("keep;"))));
        QVERIFY(!test::awaited(system.rules().set(rulesOf("keep;"))));
    }
    {
        MailSystem system(folder.path());
        QVERIFY(test::start(system, options()));
        QVERIFY(test::awaited(system.rules().rules()).value_or(RuleSet()).fault);
        QVERIFY(QDir().rmdir(inTheWay));
        QVERIFY(test::awaited(system.rules().set(rulesOf("keep;"))));
    }
    const auto aside = readFileAt(AT_FDCWD, QFile::encodeName(rulesPath(folder.path())) + ".damaged");
    QCOMPARE(aside.value_or(QByteArray()), QByteArray("discard;\nbroken"));
    QCOMPARE(loadRules(folder.path()).value_or(QList<Rule>()).size(), 1);
}

void RuleRunsTest::dryRunChangesNothing()
{
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    const MessageId id = keepOne(system);
    QVERIFY(!id.isNull());
    const QList<Rule> rules = rulesOf("require [\"envelope\", \"fileinto\"];\n# rule:[Ann]\n"
                                      "if envelope \"from\" \"ann@far.example\" { fileinto \"Ann\"; }\n"
                                      "if header :is \"Subject\" \"Two\" { discard; }");
    const auto results = test::awaited(system.rules().run({id}, RuleRunMode::DryRun, rules));
    QVERIFY(results);
    QCOMPARE(results->size(), 1);
    QVERIFY(results->first().id == id);
    QCOMPARE(results->first().subject, QStringLiteral("One"));
    QCOMPARE(results->first().deeds.size(), 1);
    QCOMPARE(results->first().deeds.first().rule, QStringLiteral("Ann"));
    QCOMPARE(rowsIn(system, inbox).size(), 1);
    QVERIFY(test::awaited(system.rules().log(10)).value().isEmpty());
    // Those in force, of which there are none, do nothing.
    QVERIFY(test::awaited(system.rules().run({id}, RuleRunMode::DryRun)).value().isEmpty());
}

/// A sender may write who it was delivered to, but not above our Received field.
void RuleRunsTest::believesItsOwnFieldsAlone()
{
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    const QByteArray text
        = "Return-Path: <ann@far.example>\nDelivered-To: alice@here.example\n"
          "Received: by here.example; Mon, 23 Nov 2026 10:00:00 +0000\n"
          "Delivered-To: victim@far.example\nFrom: <ann@far.example>\nSubject: One\n\nbody\n";
    QVERIFY(test::awaited(system.mailboxes().keepMessages(inbox, {{text, {}}})));
    const QList<MessageRow> rows = rowsIn(system, inbox);
    QCOMPARE(rows.size(), 1);
    const auto results = test::awaited(system.rules().run({rows.first().id}, RuleRunMode::DryRun,
        rulesOf("require \"envelope\";\n# rule:[ours]\nif envelope \"to\" \"alice@here.example\" { keep; }\n"
                "# rule:[theirs]\nif envelope \"to\" \"victim@far.example\" { discard; }")));
    QVERIFY(results);
    QCOMPARE(results->size(), 1);
    QCOMPARE(results->first().deeds.size(), 1);
    QCOMPARE(results->first().deeds.first().rule, QStringLiteral("ours"));
}

void RuleRunsTest::knowsNoEnvelopeWithoutItsFields_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<QByteArray>("test");
    QTest::addColumn<QString>("outcome");
    const QString unknown = QStringLiteral("unknown"), met = QStringLiteral("met");
    const QByteArray path = "Return-Path: <ann@far.example>\n", null = "Return-Path: <>\n";
    const QByteArray to = "envelope :is \"to\" \"alice@here.example\"";
    QTest::newRow("to, without Delivered-To") << path << to << unknown;
    QTest::newRow("not to, without Delivered-To") << path << "not " + to << unknown;
    QTest::newRow("from, without Return-Path")
        << QByteArray() << QByteArray("envelope \"from\" \"ann@far.example\"") << unknown;
    QTest::newRow("the null path, without Return-Path")
        << QByteArray() << QByteArray("envelope \"from\" \"\"") << unknown;
    QTest::newRow("the null path") << null << QByteArray("envelope \"from\" \"\"") << met;
    QTest::newRow("one of both, which is known")
        << path << QByteArray("envelope [\"to\", \"from\"] \"ann@far.example\"") << met;
    QTest::newRow("neither of both, of which one is known")
        << path << QByteArray("not envelope [\"to\", \"from\"] \"bob@far.example\"") << unknown;
}

/// A rule that asks for what is not known any more does not apply, and that is said.
void RuleRunsTest::knowsNoEnvelopeWithoutItsFields()
{
    QFETCH(QByteArray, head);
    QFETCH(QByteArray, test);
    QFETCH(QString, outcome);
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    const QByteArray text = head + "From: <ann@far.example>\nSubject: One\n\nbody\n";
    QVERIFY(test::awaited(system.mailboxes().keepMessages(inbox, {{text, {}}})));
    const QList<MessageRow> rows = rowsIn(system, inbox);
    QCOMPARE(rows.size(), 1);
    const auto results = test::awaited(system.rules().run({rows.first().id}, RuleRunMode::Apply,
        rulesOf("require \"envelope\";\nif " + test + " { discard; }")));
    QVERIFY(results);
    QCOMPARE(results->size(), 1);
    const RuleProblem problem = outcome == QStringLiteral("met") ? RuleProblem::None : RuleProblem::NotKnown;
    QCOMPARE(results->first().deeds.first().problem, problem);
    QCOMPARE(rowsIn(system, inbox).isEmpty(), problem == RuleProblem::None);
}

void RuleRunsTest::appliesToWhatIsThere_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QStringList>("places"); // folders that have it
    QTest::addColumn<int>("queued");
    const auto row = [](const char *name, const char *script, const QStringList &places, int queued = 0) {
        QTest::newRow(name) << QByteArray(script) << places << queued;
    };
    const QString here = QStringLiteral("alice:"), trash = QStringLiteral("alice:Trash");
    row("files", "require \"fileinto\"; fileinto \"Lists/qt\";", {QStringLiteral("alice:Lists.qt")});
    row("files a copy", "require [\"fileinto\", \"copy\"]; fileinto :copy \"Lists\";",
        {here, QStringLiteral("alice:Lists")});
    row("files into another mailbox", "require \"fileinto\"; fileinto \"/bob\";",
        {trash, QStringLiteral("bob:")});
    row("discards", "discard;", {trash});
    row("flags", "require \"imap4flags\"; addflag [\"\\\\Seen\", \"\\\\Flagged\", \"work\"];",
        {QStringLiteral("alice: seen flagged work")});
    row("forwards a copy", "require \"copy\"; redirect :copy \"b@away.example\";", {here}, 1);
}

void RuleRunsTest::appliesToWhatIsThere()
{
    QFETCH(QByteArray, script);
    QFETCH(QStringList, places);
    QFETCH(int, queued);
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    const MessageId id = keepOne(system);
    QVERIFY(!id.isNull());
    const auto results = test::awaited(system.rules().run({id}, RuleRunMode::Apply, rulesOf(script)));
    QVERIFY(results);
    QCOMPARE(results->size(), 1);
    QStringList found;
    for (const char *user : {"alice", "bob"}) {
        for (const char *name : {"", "Lists", "Lists.qt", "Trash"}) {
            const FolderId place{QLatin1String(user), QLatin1String(name)};
            for (const MessageRow &one : rowsIn(system, place)) {
                QStringList words{place.user + u':' + place.folder};
                if (one.flags.testFlag(MessageFlag::Seen))
                    words += QStringLiteral("seen");
                if (one.flags.testFlag(MessageFlag::Flagged))
                    words += QStringLiteral("flagged");
                found += (words + one.tags).join(u' ');
            }
        }
    }
    QCOMPARE(found, places);
    QCOMPARE(test::awaited(system.outbox().entries()).value().size(), queued);
    QDirIterator sent(folder.filePath(QStringLiteral("queue")), {QStringLiteral("*.msg")}, QDir::Files);
    for (int i = 0; i < queued; ++i) {
        QVERIFY(sent.hasNext());
        QFile file(sent.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        // Nobody learns from it whom else it was for.
        QCOMPARE(file.readAll(),
            QByteArray("X-Glasspost-Forwarded: alice@here.example\nFrom: <ann@far.example>\nSubject: One\n\n"
                       "body\n"));
    }
    const auto log = test::awaited(system.rules().log(10));
    QVERIFY(log && !log->isEmpty());
    QCOMPARE(log->first().occasion, RuleLogLine::Occasion::ByHand);
}

void RuleRunsTest::forwardsWithSmtpUtf8_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<bool>("isNeeded");
    QTest::newRow("neither") << QByteArray("ann@far.example") << QByteArray("b@away.example") << false;
    QTest::newRow("the sender") << QByteArray("\xC3\xA4nn@far.example") << QByteArray("b@away.example")
                                << true;
    QTest::newRow("the target") << QByteArray("ann@far.example") << QByteArray("b\xC3\xB6@away.example")
                                << true;
}

/// As on arrival (RFC 6531 3.4): or a server takes the path for a malformed one.
void RuleRunsTest::forwardsWithSmtpUtf8()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(bool, isNeeded);
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    const QByteArray text = "Return-Path: <" + from + ">\nFrom: <ann@far.example>\nSubject: One\n\nbody\n";
    QVERIFY(test::awaited(system.mailboxes().keepMessages(inbox, {{text, {}}})));
    const QList<MessageRow> rows = rowsIn(system, inbox);
    QCOMPARE(rows.size(), 1);
    QVERIFY(test::awaited(system.rules().run(
        {rows.first().id}, RuleRunMode::Apply, rulesOf("require \"copy\"; redirect :copy \"" + to + "\";"))));
    const auto entries = test::awaited(system.outbox().entries());
    QVERIFY(entries);
    QCOMPARE(entries->size(), 1);
    QCOMPARE(entries->first().envelope.reversePath.toBytes(), from);
    QCOMPARE(entries->first().envelope.smtpUtf8, isNeeded);
    const auto &made = entries->first().madeFrom;
    QVERIFY(made && made->how == MadeFrom::How::ForwardedByRule);
    QCOMPARE(made->message, rows.first().id);
}

/// A message for which something fails stays where it is; what is to be done with the others is done.
void RuleRunsTest::goesOnAfterAFailure()
{
    const QTemporaryDir folder;
    MailSystem system(folder.path());
    QVERIFY(test::start(system, options()));
    const QList<MessageId> ids{keepOne(system), keepOne(system, "Two")};
    QVERIFY(ids.first() != ids.last());
    const auto results = test::awaited(system.rules().run(ids, RuleRunMode::Apply,
        rulesOf("require \"fileinto\";\n"
                "if header :is \"Subject\" \"One\" { redirect \"nobody@here.example\"; }\n"
                "else { fileinto \"Lists\"; }")));
    QVERIFY(!results);
    QCOMPARE(results.error().code, ErrorCode::NoMailbox);
    const QList<MessageRow> stayed = rowsIn(system, inbox);
    QCOMPARE(stayed.size(), 1);
    QCOMPARE(stayed.first().subject, QStringLiteral("One"));
    const QList<MessageRow> filed = rowsIn(system, {QStringLiteral("alice"), QStringLiteral("Lists")});
    QCOMPARE(filed.size(), 1);
    QCOMPARE(filed.first().subject, QStringLiteral("Two"));
}

QTEST_GUILESS_MAIN(RuleRunsTest)
#include "tst_ruleruns.moc"
