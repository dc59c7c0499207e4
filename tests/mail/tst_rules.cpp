#include "mail/rules/errand.h"
#include "mail/rules/rulematching.h"
#include "mail/rules/sieve.h"
#include "mail/rules/verdict.h"
#include "tests/support/awaited.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// What rules find in a message, and what becomes of it.
class RulesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void conditions_data();
    void conditions();
    void unknownConditions_data();
    void unknownConditions();
    void actions_data();
    void actions();
    void namesFolders_data();
    void namesFolders();
    void stopsLoops();
    void boundsForwards();
    void releasesToAddressesAlone();
    void releasesToNobodyUnknown();
    void tellsWhatItDid();
    void keepsErrands();
    void keepsTheLog();
};

namespace {

const QByteArray everything = "require [\"fileinto\", \"copy\", \"envelope\", \"imap4flags\", \"body\", "
                              "\"environment\", \"enotify\", "
                              "\"vnd.dovecot.pipe\", \"vnd.glasspost.tag\", \"vnd.glasspost.release\", "
                              "\"comparator-i;octet\", "
                              "\"comparator-i;unicode-casemap\"];\n";
const QString alice = QStringLiteral("alice");
const RuleTerms terms{"here.example", 50};

RuleMessage sampleMessage()
{
    RuleMessage message;
    message.octets = "Return-Path: <bounce@lists.example>\n"
                     "Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0000\n"
                     "From: =?UTF-8?Q?=C3=84nne?= <Anne.Smith@Work.example>\n"
                     "To: alice@here.example, Bob <bob@far.example>\n"
                     "Subject:  Order\n number 17 \n"
                     "List-Id: <qt.lists.example>\n"
                     "Content-Type: text/html; charset=utf-8\n"
                     "\n"
                     "<p>The <b>price</b> is &euro; 5</p>\n";
    message.size = 1000;
    message.reversePath = "bounce@lists.example";
    message.recipients = QList<QByteArray>{"alice@here.example", "sales@here.example"};
    smtp::SessionFacts session;
    session.localAddress = QHostAddress(QHostAddress::LocalHost);
    session.localPort = 2525;
    session.peerAddress = QHostAddress(QStringLiteral("192.0.2.7"));
    session.user = "shop";
    message.session = session;
    message.isSenderKnown = false;
    return message;
}

QList<Rule> rulesOf(const QByteArray &script)
{
    const Result<QList<Rule>> rules = readSieve(everything + script);
    if (!rules)
        qWarning("%s: %s", qPrintable(rules.error().subject), qPrintable(rules.error().systemText));
    return rules.value_or(QList<Rule>());
}

RuleVerdict verdictOf(const QByteArray &script, const RuleMessage &message = sampleMessage())
{
    RuleReading reading(message);
    return judge(rulesOf(script), reading, alice, terms);
}

/// "Inbox \\Seen work; Lists.qt": each place with what is given there.
QString wordsOf(const QList<RulePlacement> &placements)
{
    QStringList texts;
    for (const RulePlacement &one : placements) {
        QStringList words{one.folder.user == alice ? QString() : one.folder.user + u'/'};
        words.last() += one.folder.folder.isEmpty() ? QStringLiteral("Inbox") : one.folder.folder;
        if (one.flags.testFlag(MessageFlag::Seen))
            words.append(QStringLiteral("seen"));
        if (one.flags.testFlag(MessageFlag::Flagged))
            words.append(QStringLiteral("flagged"));
        if (one.flags.testFlag(MessageFlag::Replied))
            words.append(QStringLiteral("answered"));
        texts.append((words + one.tags).join(u' '));
    }
    return texts.join(QStringLiteral("; "));
}

} // namespace

void RulesTest::conditions_data()
{
    QTest::addColumn<QByteArray>("test");
    QTest::addColumn<bool>("isMet");
    const auto row = [](const char *test, bool isMet) { QTest::newRow(test) << QByteArray(test) << isMet; };
    row("true", true);
    row("false", false);
    row("not false", true);
    row("allof(true, false)", false);
    row("allof(true, true)", true);
    row("anyof(false, true)", true);
    row("anyof(false, false)", false);
    // RFC 5228 2.4.2.2, 5.7: unfolded, without blanks at the ends, decoded
    row("header :is \"subject\" \"order number 17\"", true);
    row("header :is \"Subject\" \"Order\"", false);
    row("header :contains \"subject\" \"NUMBER\"", true);
    row("header :comparator \"i;octet\" :contains \"subject\" \"NUMBER\"", false);
    row("header :matches \"subject\" \"order*1?\"", true);
    row("header :matches \"subject\" \"order*1\"", false);
    row("header :matches \"subject\" \"order\\\\*\"", false);
    row("header :contains [\"x-none\", \"subject\"] [\"none\", \"17\"]", true);
    row("header :contains \"x-none\" \"\"", false);
    row("header :contains \"from\" \"\xC3\x84nne\"", true);
    row("header :contains \"from\" \"\xC3\xA4nne\"", false);
    row("header :comparator \"i;unicode-casemap\" :contains \"from\" \"\xC3\xA4nne\"", true);
    row("address :is \"from\" \"anne.smith@work.example\"", true);
    row("address :localpart :is \"from\" \"anne.smith\"", true);
    row("address :domain :is \"to\" \"far.example\"", true);
    row("address :domain :is \"to\" \"example\"", false);
    row("address :all :contains [\"to\", \"cc\"] \"bob\"", true);
    row("envelope :is \"from\" \"bounce@lists.example\"", true);
    row("envelope :domain :is \"from\" \"work.example\"", false);
    row("envelope :localpart :is \"to\" \"sales\"", true);
    row("exists [\"list-id\", \"to\"]", true);
    row("exists [\"list-id\", \"cc\"]", false);
    row("size :over 999", true);
    row("size :over 1000", false);
    row("size :under 1001", true);
    row("size :under 1K", true);
    row("body :contains \"the price is \xE2\x82\xAC 5\"", true);
    row("body :contains \"<b>\"", false);
    row("body :raw :contains \"<b>price</b>\"", true);
    row("environment \"vnd.glasspost.listener\" \"127.0.0.1:2525\"", true);
    row("environment :contains \"vnd.glasspost.listener\" \":25\"", true);
    row("environment \"vnd.glasspost.listener\" \"127.0.0.1:25\"", false);
    row("environment \"vnd.glasspost.sign-in\" \"shop\"", true);
    row("environment \"vnd.glasspost.sign-in\" \"\"", false);
    row("environment \"remote-ip\" \"192.0.2.7\"", true);
    row("environment \"vnd.glasspost.mailbox\" \"alice\"", true);
    row("environment \"vnd.glasspost.mailbox\" \"bob\"", false);
    row("environment \"vnd.glasspost.sender-known\" \"no\"", true);
    row("environment \"vnd.glasspost.sender-known\" \"yes\"", false);
}

void RulesTest::conditions()
{
    QFETCH(QByteArray, test);
    QFETCH(bool, isMet);
    const QList<Rule> rules = rulesOf("if " + test + " { discard; }");
    QCOMPARE(rules.size(), 1);
    const RuleMessage message = sampleMessage();
    RuleReading reading(message);
    QCOMPARE(meets(rules.first().test, reading, alice), isMet ? RuleTruth::Yes : RuleTruth::No);
    QCOMPARE(verdictOf("if " + test + " { discard; }").placements.isEmpty(), isMet);
}

void RulesTest::unknownConditions_data()
{
    QTest::addColumn<QByteArray>("test");
    QTest::addColumn<bool>("isKnown");
    QTest::addColumn<bool>("isMet");
    const QByteArray unknown = "environment \"vnd.glasspost.sign-in\" \"shop\"";
    QTest::newRow("alone") << unknown << false << false;
    QTest::newRow("not") << "not " + unknown << false << false;
    QTest::newRow("with one that is not met") << "allof(" + unknown + ", false)" << true << false;
    QTest::newRow("with one that is met") << "allof(" + unknown + ", true)" << false << false;
    QTest::newRow("or one that is met") << "anyof(" + unknown + ", true)" << true << true;
    QTest::newRow("or one that is not met") << "anyof(" + unknown + ", false)" << false << false;
}

/// A rule whose condition cannot be told does not apply, and that is said.
void RulesTest::unknownConditions()
{
    QFETCH(QByteArray, test);
    QFETCH(bool, isKnown);
    QFETCH(bool, isMet);
    RuleMessage message = sampleMessage();
    message.session.reset();
    const RuleVerdict verdict = verdictOf("if " + test + " { discard; }", message);
    QCOMPARE(verdict.placements.isEmpty(), isMet);
    const bool isSaid = !verdict.deeds.isEmpty() && verdict.deeds.first().problem == RuleProblem::NotKnown;
    QCOMPARE(isSaid, !isKnown);
}

void RulesTest::actions_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("places");
    QTest::addColumn<QString>("forwards");
    const auto row = [](const char *name, const char *script, const char *places, const char *forwards = "") {
        QTest::newRow(name) << QByteArray(script) << QString::fromUtf8(places) << QString::fromUtf8(forwards);
    };
    row("no rule", "", "Inbox");
    row("keep", "keep;", "Inbox");
    row("discard", "discard;", "");
    row("discard and keep", "discard; keep;", "Inbox");
    row("file", "fileinto \"Lists/qt\";", "Lists.qt");
    row("file a copy", "fileinto :copy \"Lists\";", "Lists; Inbox");
    row("file into two", "fileinto \"A\"; fileinto \"B\";", "A; B");
    row("file twice into one", "fileinto \"A\"; addflag \"\\\\Seen\"; fileinto \"A\";", "A seen");
    row("into another mailbox", "fileinto \"/bob/Lists\";", "bob/Lists");
    row("into the Inbox by its name", "fileinto \"inbox\";", "Inbox");
    row("into what can be no folder", "fileinto \"a//b\";", "Inbox");
    row("discard, and into what can be no folder", "discard; fileinto \"a//b\";", "Inbox");
    row("forward", "redirect \"a@b.test\";", "", "a@b.test");
    row("forward a copy", "redirect :copy \"a@b.test\";", "Inbox", "a@b.test");
    row("forward twice", "redirect \"a@b.test\"; redirect \"A@b.test\";", "", "a@b.test");
    row("release to recipients that may", "release [\"sales@*\", \"*@away.example\"];", "Inbox",
        "sales@here.example");
    row("release to all, though it is discarded", "discard; release \"*\";", "",
        "alice@here.example sales@here.example");
    row("release to nobody", "release \"*@away.example\";", "Inbox");
    row("flag and mark as read", "addflag \"\\\\Flagged \\\\Seen\";", "Inbox seen flagged");
    row("flags then file", "addflag \"\\\\Seen\"; fileinto \"A\";", "A seen");
    row("file then flags", "fileinto :copy \"A\"; addflag \"\\\\Seen\";", "A; Inbox seen");
    row("flags of its own", "addflag \"\\\\Seen\"; keep :flags \"x\";", "Inbox x");
    row("other flags", "addflag \"\\\\Seen a\"; setflag \"\\\\Answered b\";", "Inbox answered b");
    row("fewer flags", "addflag [\"\\\\Seen\", \"a\", \"b\"]; removeflag \"\\\\seen A\";", "Inbox b");
    row("no flags that a Maildir lacks", "addflag \"\\\\Deleted \\\\Recent\";", "Inbox");
    row("tags", "tag [\"two words\", \"x\"]; addflag \"X\";", "Inbox two words x");
    row("stop", "stop; discard;", "Inbox");
    row("stop in a rule that does not apply", "if false { stop; } discard;", "");
    row("switched off", "if allof(false, true) { discard; }", "Inbox");
    row("a program keeps it", "pipe :copy \"/bin/true\"; discard;", "Inbox");
    row("a notice keeps nothing", "notify \"glasspost:window\"; discard;", "");
}

void RulesTest::actions()
{
    QFETCH(QByteArray, script);
    QFETCH(QString, places);
    QFETCH(QString, forwards);
    const RuleVerdict verdict = verdictOf(script);
    QCOMPARE(wordsOf(verdict.placements), places);
    QStringList addresses;
    for (const RuleForward &forward : verdict.forwards)
        addresses.append(forward.address);
    QCOMPARE(addresses.join(u' '), forwards);
}

void RulesTest::namesFolders_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("folder"); // user and folder; empty: none
    const auto row = [](const char *text, const char *folder) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(folder);
    };
    row("Archive", "alice:Archive");
    row("Lists/qt", "alice:Lists.qt");
    row("Lists.qt", "alice:Lists.qt");
    row("INBOX", "alice:");
    row("INBOX.Sent", "alice:Sent");
    row("Inboxes", "alice:Inboxes");
    row("/bob", "bob:");
    row("/bob/INBOX", "bob:");
    row("/bob/A/B", "bob:A.B");
    row("", "");
    row("/", "");
    row("//A", "");
    row("a//b", "");
    row("../bob", "");
    row("a\nb", "");
}

void RulesTest::namesFolders()
{
    QFETCH(QString, text);
    QFETCH(QString, folder);
    const auto found = folderOfRule(alice, text);
    QCOMPARE(found ? found->user + u':' + found->folder : QString(), folder);
}

void RulesTest::stopsLoops()
{
    RuleMessage message = sampleMessage();
    message.octets.prepend(forwardedField(alice, terms.hostName));
    const RuleVerdict loop = verdictOf("redirect \"a@b.test\";", message);
    QCOMPARE(wordsOf(loop.placements), QStringLiteral("Inbox"));
    QVERIFY(loop.forwards.isEmpty());
    QCOMPARE(loop.deeds.first().problem, RuleProblem::Loop);

    message = sampleMessage();
    message.octets.prepend(forwardedField(QStringLiteral("bob"), terms.hostName));
    QCOMPARE(verdictOf("redirect \"a@b.test\";", message).forwards.size(), 1);

    message.octets.prepend(QByteArray("Received: by x; Mon, 23 Nov 2026 10:00:00 +0000\n").repeated(50));
    const RuleVerdict tooFar = verdictOf("redirect \"a@b.test\";", message);
    QCOMPARE(wordsOf(tooFar.placements), QStringLiteral("Inbox"));
    QCOMPARE(tooFar.deeds.first().problem, RuleProblem::TooManyHops);
}

void RulesTest::boundsForwards()
{
    QByteArray script;
    for (int at = 0; at < 7; ++at)
        script += "redirect \"a" + QByteArray::number(at) + "@b.test\";";
    const RuleVerdict verdict = verdictOf(script);
    QCOMPARE(verdict.forwards.size(), mostForwards);
    QCOMPARE(verdict.deeds.last().problem, RuleProblem::TooManyForwards);
}

/// A session may be let send to a name without a domain.
void RulesTest::releasesToAddressesAlone()
{
    RuleMessage message = sampleMessage();
    message.recipients = QList<QByteArray>{"bob", "bob@away.example"};
    const RuleVerdict verdict = verdictOf("release \"*\";", message);
    QCOMPARE(verdict.forwards.size(), 1);
    QCOMPARE(verdict.forwards.first().address, QStringLiteral("bob@away.example"));
    QCOMPARE(verdict.deeds.first().problem, RuleProblem::Failed);
}

/// By hand, of a message that does not say who it was sent to: the rest of such a rule is not done either.
void RulesTest::releasesToNobodyUnknown()
{
    RuleMessage message = sampleMessage();
    message.recipients.reset();
    const RuleVerdict verdict = verdictOf("release \"*\"; discard;", message);
    QVERIFY(verdict.forwards.isEmpty());
    QCOMPARE(verdict.placements.size(), 1);
    QCOMPARE(verdict.deeds.size(), 1);
    QCOMPARE(verdict.deeds.first().problem, RuleProblem::NotKnown);
}

void RulesTest::tellsWhatItDid()
{
    const RuleVerdict verdict = verdictOf("# rule:[Lists]\nif exists \"List-Id\" { fileinto \"Lists\"; "
                                          "pipe :copy \"/bin/x\" \"y\"; notify :message \"z\" "
                                          "\"glasspost:window\"; }\nif false { discard; }");
    QCOMPARE(verdict.deeds.size(), 3);
    const RuleLogLine line = lineOf(verdict.deeds.first());
    QCOMPARE(line.rule, QStringLiteral("Lists"));
    QCOMPARE(line.action, QStringLiteral("file"));
    QCOMPARE(line.detail, QStringLiteral("Lists"));
    QCOMPARE(lineOf(verdict.deeds.at(1)).detail, QStringLiteral("/bin/x y"));
    QCOMPARE(verdict.notices, QStringList{QStringLiteral("z")});
    QVERIFY((verdict.programs
        == QList<RuleProgram>{{QStringLiteral("Lists"), {QStringLiteral("/bin/x"), QStringLiteral("y")}}}));
}

void RulesTest::keepsErrands()
{
    RuleErrand errand;
    errand.copies = {{{{alice, QStringLiteral("Lists")}, "1.M2"}, {QStringLiteral("two words")}}};
    errand.programs = {{QStringLiteral("r"), {QStringLiteral("/bin/x"), QStringLiteral("ä")}}};
    errand.mailbox = alice;
    errand.subject = QStringLiteral("\"s\"");
    errand.sender = QStringLiteral("a@b.test");
    QVERIFY(ruleErrand(toJson(errand)) == errand);
    QCOMPARE(errandPath(errand), QStringLiteral("rules/pending/alice/1.M2.json"));
    QVERIFY(!ruleErrand("{\"version\":2}"));
    QVERIFY(!ruleErrand("half of i"));
    errand.programs.clear();
    errand.copies.first().tags.clear();
    QVERIFY(!errand.isOwed());
}

void RulesTest::keepsTheLog()
{
    const QTemporaryDir folder;
    RuleLogLine first = lineOf({QStringLiteral("r"),
        RuleAction{RuleAction::Kind::Forward, QStringLiteral("a@b")}, RuleProblem::Loop});
    first.mailbox = alice;
    first.message = "1700000000.M2P1.host";
    first.copies = {"1700000000.M3P1.host", "1700000000.M4P1.host"};
    first.subject = QStringLiteral("line\n\"two\"");
    first.sender = QStringLiteral("ä@b");
    first.output = QStringLiteral("x");
    RuleLogLine second = lineOf({QStringLiteral("s"), std::nullopt, RuleProblem::NotKnown});
    second.occasion = RuleLogLine::Occasion::ByHand;
    {
        RuleLog log(folder.path());
        log.note({first});
        log.note({second});
        QVERIFY(test::awaited(log.newest(10)) == (QList<RuleLogLine>{second, first}));
        QVERIFY(test::awaited(log.newest(1)) == QList<RuleLogLine>{second});
        log.note({first});
    }
    RuleLog log(folder.path());
    QCOMPARE(test::awaited(log.newest(10)).value().size(), 3);
    const QList<RuleLogLine> both{first, first};
    for (const char *name : {"1700000000.M2P1.host", "1700000000.M4P1.host"})
        QVERIFY2(test::awaited(log.ofMessage(name)) == both, name);
    for (const char *name :
        {"1700000000.M2P1", "line", "32500000000.M2P1.host"}) // the last one is not there yet
        QVERIFY2(test::awaited(log.ofMessage(name)).value_or(both).isEmpty(), name);
    const auto action = actionOf(first);
    QVERIFY(action && action->kind == RuleAction::Kind::Forward);
    QCOMPARE(action->text, QStringLiteral("a@b"));
    QVERIFY(!actionOf(second));
}

QTEST_GUILESS_MAIN(RulesTest)
#include "tst_rules.moc"
