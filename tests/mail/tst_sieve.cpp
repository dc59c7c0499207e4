#include "mail/rules/rulesfile.h"
#include "mail/rules/sieve.h"
#include "mail/rules/sievesyntax.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// Sieve read and written: RFC 5228 and the extensions that rules have.
class SieveReadingTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads_data();
    void reads();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void keepsWhatRulesHave();
    void givesEachRuleItsWholeCondition();
    void boundsElsif();
    void keepsFiles();
    void refusesNewerFiles();
};

namespace {

Rule ruleOf(const RuleTest &test, const QList<RuleAction> &actions, const char *name = "1")
{
    return {QString::fromUtf8(name), true, test, actions};
}

RuleTest headerTest(RuleTest::Match match, const QStringList &names, const QStringList &keys)
{
    RuleTest test;
    test.kind = RuleTest::Kind::Header;
    test.match = match;
    test.names = names;
    test.keys = keys;
    return test;
}

RuleAction doing(RuleAction::Kind kind, const char *text = "", const QStringList &words = {})
{
    RuleAction action;
    action.kind = kind;
    action.text = QString::fromUtf8(text);
    action.words = words;
    return action;
}

const RuleAction discard = doing(RuleAction::Kind::Discard);
const RuleAction keep = doing(RuleAction::Kind::Keep);

void addConditions()
{
    using Match = RuleTest::Match;
    QTest::newRow("nothing") << QByteArray("# a comment\n/* and\nanother */") << QList<Rule>();
    QTest::newRow("without a condition") << QByteArray("discard;") << QList<Rule>{ruleOf({}, {discard})};
    QTest::newRow("words in any case, without blanks") << QByteArray(
        "IF NOT TRUE{DISCARD;}") << QList<Rule>{ruleOf({RuleTest::Kind::Not, {RuleTest()}}, {discard})};
    QTest::newRow("a name") << QByteArray("# rule:[From the boss]\r\nif false {\r\n keep;\r\n}\r\n")
                            << QList<Rule>{ruleOf({RuleTest::Kind::False}, {keep}, "From the boss")};
    QTest::newRow("switched off") << QByteArray("# rule:[x]\nif allof(false, true) { keep; }")
                                  << QList<Rule>{{QStringLiteral("x"), false, {}, {keep}}};
    QTest::newRow("a header") << QByteArray(
        "if header :contains [\"Subject\", \"X-A\"] \"caf\xC3\xA9 \\\"x\\\\\" { keep; stop; }")
                              << QList<Rule>{ruleOf(headerTest(Match::Contains,
                                                        {QStringLiteral("Subject"), QStringLiteral("X-A")},
                                                        {QStringLiteral("café \"x\\")}),
                                     {keep, doing(RuleAction::Kind::Stop)})};
    QTest::newRow("a text of several lines")
        << QByteArray("if header :is \"a\" text: # here\r\n..b\r\nc\r\n.\r\n { keep; }")
        << QList<Rule>{
               ruleOf(headerTest(Match::Is, {QStringLiteral("a")}, {QStringLiteral(".b\nc\n")}), {keep})};
    RuleTest size;
    size.kind = RuleTest::Kind::Size;
    size.isOver = false;
    size.size = 2 * 1024 * 1024;
    QTest::newRow("a size") << QByteArray("if size :under 2M { keep; }") << QList<Rule>{ruleOf(size, {keep})};
    RuleTest address;
    address.kind = RuleTest::Kind::Address;
    address.part = RuleTest::Part::Domain;
    address.comparator = RuleTest::Comparator::Octet;
    address.names = QStringList{QStringLiteral("from")};
    address.keys = QStringList{QStringLiteral("b.test")};
    QTest::newRow("an address") << QByteArray(
        "if address :comparator \"i;octet\" :domain \"from\" \"b.test\" { keep; }")
                                << QList<Rule>{ruleOf(address, {keep})};
    RuleTest body;
    body.kind = RuleTest::Kind::Body;
    body.match = Match::Matches;
    body.isRaw = true;
    body.keys = QStringList{QStringLiteral("*x?")};
    QTest::newRow("a body") << QByteArray("require \"body\"; if body :raw :matches \"*x?\" { keep; }")
                            << QList<Rule>{ruleOf(body, {keep})};
    RuleTest signIn;
    signIn.kind = RuleTest::Kind::Environment;
    signIn.names = QStringList{QLatin1String(RuleEnvironment::signIn)};
    signIn.keys = QStringList{QStringLiteral("shop")};
    QTest::newRow("a sign-in") << QByteArray(
        "require \"environment\"; if environment \"vnd.glasspost.sign-in\" \"shop\" { keep; }")
                               << QList<Rule>{ruleOf(signIn, {keep})};
}

void addActions()
{
    using Do = RuleAction::Kind;
    RuleAction file = doing(Do::File, "Lists/qt");
    file.isCopy = true;
    file.flags = QStringList{QStringLiteral("\\Seen"), QStringLiteral("work")};
    QTest::newRow("fileinto") << QByteArray("require [\"fileinto\", \"copy\", \"mailbox\", \"imap4flags\"];\n"
                                            "fileinto :create :copy :flags \"\\\\Seen work\" \"Lists/qt\";")
                              << QList<Rule>{ruleOf({}, {file})};
    QTest::newRow("flags") << QByteArray("require \"imap4flags\"; setflag \"a  b\"; removeflag [\"a\"];")
                           << QList<Rule>{ruleOf({},
                                  {doing(Do::SetFlags, "", {QStringLiteral("a"), QStringLiteral("b")}),
                                      doing(Do::RemoveFlags, "", {QStringLiteral("a")})})};
    QTest::newRow("tag, pipe, notify, redirect")
        << QByteArray("require [\"vnd.glasspost.tag\", \"vnd.dovecot.pipe\", \"copy\", \"enotify\"];\n"
                      "tag \"two words\"; pipe :copy \"/bin/x\" [\"a\", \"b\"];\n"
                      "notify :message \"look\" \"glasspost:window\"; redirect \"a@b.test\";")
        << QList<Rule>{ruleOf({},
               {doing(Do::AddFlags, "", {QStringLiteral("two words")}),
                   doing(
                       Do::Program, "", {QStringLiteral("/bin/x"), QStringLiteral("a"), QStringLiteral("b")}),
                   doing(Do::Notify, "look"), doing(Do::Forward, "a@b.test")})};
    QTest::newRow("release")
        << QByteArray("require \"vnd.glasspost.release\"; release [\"*@a\", \"b@*\"];")
        << QList<Rule>{ruleOf({}, {doing(Do::Release, "", {QStringLiteral("*@a"), QStringLiteral("b@*")})})};
}

} // namespace

void SieveReadingTest::reads_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QList<Rule>>("rules");
    addConditions();
    addActions();
}

void SieveReadingTest::reads()
{
    QFETCH(QByteArray, script);
    QFETCH(QList<Rule>, rules);
    const Result<QList<Rule>> read = readSieve(script);
    QVERIFY2(read, read ? "" : qPrintable(read.error().subject + u' ' + read.error().systemText));
    QCOMPARE(writeSieve(*read), writeSieve(rules));
    QVERIFY(*read == rules);
    QVERIFY(readSieve(writeSieve(rules)) == rules);
}

void SieveReadingTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("what"); // within the words
    const auto row = [](const char *name, const char *script, const char *line, const char *what) {
        QTest::newRow(name) << QByteArray(script) << QString::fromLatin1(line) << QString::fromLatin1(what);
    };
    row("no semicolon", "keep", "line 1", "\";\"");
    row("a string without an end", "keep;\nredirect \"a", "line 2", "no end");
    row("a comment without an end", "\n\n/* x", "line 3", "no end");
    row("not required", "fileinto \"a\";", "line 1", "require \"fileinto\"");
    row("not supported", "require \"vacation\";", "line 1", "vacation");
    row("an unknown command", "\nreject \"no\";", "line 2", "reject");
    row("an unknown test", "if spamtest \"1\" { keep; }", "line 1", "spamtest");
    row("an unknown tag", "if header :regex \"a\" \"b\" { keep; }", "line 1", ":regex");
    row("two ways to match", "if header :is :contains \"a\" \"b\" { keep; }", "line 1", "excludes");
    row("two parts of an address", "if address :domain :localpart \"a\" \"b\" { keep; }", "line 1",
        "excludes");
    row("an unknown comparator", "if header :comparator \"x\" \"a\" \"b\" { keep; }", "line 1", "comparator");
    row("else without if", "else { keep; }", "line 1", "without an if");
    row("else after else", "if true { keep; } else { keep; } else { keep; }", "line 1", "without an if");
    row("no address", "redirect \"nobody\";", "line 1", "no address");
    row("pipe that takes the message away", "require \"vnd.dovecot.pipe\"; pipe \"/bin/x\";", "line 1",
        ":copy");
    row("another way to notify", "require \"enotify\"; notify \"mailto:a@b\";", "line 1", "mailto");
    row("an argument too many", "keep \"x\";", "line 1", "too many");
    row("a number that is too large", "if size :over 99999999999999999999 { keep; }", "line 1", "too large");
    row("a number that is too large in gigabytes", "if size :over 9999999999G { keep; }", "line 1",
        "too large");
    row("an envelope part", "require \"envelope\"; if envelope \"auth\" \"x\" { keep; }", "line 1", "auth");
    row("an environment item", "require \"environment\"; if environment \"host\" \"x\" { keep; }", "line 1",
        "host");
    row("a stray character", "keep; %", "line 1", "character");
    row("a stray bracket", "keep; }", "line 1", "unexpected");
    QTest::newRow("too deep") << QByteArray("if not ").append(QByteArray("not ").repeated(40))
            + "true { keep; }" << QStringLiteral("line 1")
                              << QStringLiteral("too deep");
    QTest::newRow("another character set") << QByteArray("if header \"Subject\" \"caf\xE9\" { keep; }")
                                           << QStringLiteral("line 1") << QStringLiteral("UTF-8");
    QTest::newRow("too long") << QByteArray(longestSieve + 1, ' ') << QStringLiteral("line 1")
                              << QStringLiteral("longer");
}

void SieveReadingTest::saysWhatIsWrong()
{
    QFETCH(QByteArray, script);
    QFETCH(QString, line);
    QFETCH(QString, what);
    const Result<QList<Rule>> read = readSieve(script);
    QVERIFY(!read);
    QCOMPARE(read.error().subject, line);
    QVERIFY2(read.error().systemText.contains(what), qPrintable(read.error().systemText));
}

/// What a person may type into the fields of a rule.
void SieveReadingTest::keepsWhatRulesHave()
{
    Rule rule = ruleOf(headerTest(RuleTest::Match::Is, {QStringLiteral("Subject")},
                           {QStringLiteral("\"] { discard; } \\"), QStringLiteral("line\nline"),
                               QStringLiteral("*/ # %1 %2")}),
        {doing(RuleAction::Kind::File, "a\"; discard; \"%1")}, "a ] b [ %1 # c");
    rule.actions.append(doing(RuleAction::Kind::AddFlags, "", {QStringLiteral("two words"), QString()}));
    const Result<QList<Rule>> read = readSieve(writeSieve({rule}));
    QVERIFY(read);
    QVERIFY(*read == QList<Rule>{rule});
    QCOMPARE(sieveCapabilities({rule}),
        (QStringList{QStringLiteral("fileinto"), QStringLiteral("vnd.glasspost.tag")}));
}

void SieveReadingTest::givesEachRuleItsWholeCondition()
{
    const QByteArray script = "if header :is \"a\" \"1\" { keep; if header :is \"b\" \"2\" { discard; } }\n"
                              "elsif header :is \"c\" \"3\" { discard; } else { keep; }";
    const auto is = [](const char *name, const char *key) {
        return headerTest(RuleTest::Match::Is, {QLatin1String(name)}, {QLatin1String(key)});
    };
    const auto isNot = [is](const char *name, const char *key) {
        return RuleTest{RuleTest::Kind::Not, {is(name, key)}};
    };
    const QList<Rule> wanted{ruleOf(is("a", "1"), {keep}),
        ruleOf({RuleTest::Kind::AllOf, {is("a", "1"), is("b", "2")}}, {discard}, "2"),
        ruleOf({RuleTest::Kind::AllOf, {isNot("a", "1"), is("c", "3")}}, {discard}, "3"),
        ruleOf({RuleTest::Kind::AllOf, {isNot("a", "1"), isNot("c", "3")}}, {keep}, "4")};
    const Result<QList<Rule>> read = readSieve(script);
    QVERIFY(read);
    QCOMPARE(writeSieve(*read), writeSieve(wanted));
}

/// Each elsif repeats the conditions before it: a long chain would grow with its square.
void SieveReadingTest::boundsElsif()
{
    for (const char *block : {"{ keep; }", "{}"}) {
        QByteArray script = "if true {}";
        for (int at = 0; at < 20'000; ++at)
            script += QByteArray("\nelsif true ") + block;
        const Result<QList<Rule>> read = readSieve(script);
        QVERIFY(!read);
        QVERIFY(read.error().systemText.contains(QLatin1String("more than")));
    }
}

void SieveReadingTest::keepsFiles()
{
    const QTemporaryDir folder;
    QVERIFY(loadRules(folder.path()) == QList<Rule>());
    const QList<Rule> rules{ruleOf({RuleTest::Kind::False}, {keep}, "x")};
    QVERIFY(saveRules(folder.path(), rules));
    QVERIFY(loadRules(folder.path()) == rules);
}

void SieveReadingTest::refusesNewerFiles()
{
    const QTemporaryDir folder;
    QFile file(rulesPath(folder.path()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("# glasspost rules 2\nkeep;\n");
    file.close();
    const Result<QList<Rule>> loaded = loadRules(folder.path());
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().code, ErrorCode::Damaged);
    QCOMPARE(loaded.error().subject, rulesPath(folder.path()));
}

QTEST_GUILESS_MAIN(SieveReadingTest)
#include "tst_sieve.moc"
