#include "tests/support/rulerig.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// Rules within the one transaction that accepts a message.
class ArrivalRulesTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void files_data();
    void files();
    void forwards_data();
    void forwards();
    void comesBack();
    void refusesWhatTheDiskRefuses();
    void passesOver();
    void knowsSenders();
};

namespace {

using Origin = IncomingMessage::Origin;
using test::alice;
using test::messageTo;
using test::text;
using Rig = test::RuleRig;

QByteArray spooledContent(const Rig &rig, MessageOctets &octets)
{
    const QByteArray whole = text + QByteArray("line\n").repeated(100'000);
    OctetsWriter writer(rig.folder.filePath(QStringLiteral("spool")));
    writer.write(whole);
    octets = writer.finish().value_or(MessageOctets());
    return whole;
}

} // namespace

void ArrivalRulesTest::files_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QStringList>("files");
    const auto row = [](const char *name, const char *script, const QStringList &files) {
        QTest::newRow(name) << QByteArray(script) << files;
    };
    const QString bob = QStringLiteral("bob/new ");
    row("no rules", "", {QStringLiteral("alice/new "), bob});
    row("a rule that does not apply", "if header :is \"subject\" \"Two\" { discard; }",
        {QStringLiteral("alice/new "), bob});
    row("for one of the two mailboxes",
        "require [\"fileinto\", \"environment\", \"imap4flags\"];\n"
        "if environment \"vnd.glasspost.mailbox\" \"alice\" { addflag \"\\\\Seen\"; fileinto \"Lists/qt\"; }",
        {QStringLiteral("alice/.Lists.qt/cur S"), bob});
    row("flags where it comes in", "require \"imap4flags\"; addflag \"\\\\Flagged\";",
        {QStringLiteral("alice/cur F"), QStringLiteral("bob/cur F")});
    row("a copy", "require [\"fileinto\", \"copy\"]; fileinto :copy \"/alice/All\";",
        {QStringLiteral("alice/.All/new "), QStringLiteral("alice/new "), bob});
    row("discarded in one",
        "require \"environment\";\n"
        "if environment \"vnd.glasspost.mailbox\" \"alice\" { discard; }",
        {bob});
    row("discarded", "discard;", {});
    row("by envelope, listener and sign-in that there are",
        "require [\"envelope\", \"environment\"];\n"
        "if allof(envelope \"from\" \"ann@far.example\", environment \"vnd.glasspost.sign-in\" \"\")\n"
        "{ discard; }",
        {});
    row("by the recipient that led there",
        "require \"envelope\"; if envelope \"to\" \"alice@here.example\" { discard; }", {bob});
    row("into what can be no folder", "require \"fileinto\"; fileinto \"a//b\";",
        {QStringLiteral("alice/new "), bob});
}

void ArrivalRulesTest::files()
{
    QFETCH(QByteArray, script);
    QFETCH(QStringList, files);
    QVERIFY(readSieve(script));
    Rig rig(script);
    const Result<Accepted> accepted = rig.accept(messageTo({"alice", "bob"}));
    QVERIFY(accepted);
    QCOMPARE(rig.files(), files);
    QCOMPARE(accepted->mailboxes.size(), files.size());
    QCOMPARE(accepted->isDiscarded, files.isEmpty());
}

void ArrivalRulesTest::forwards_data()
{
    QTest::addColumn<bool>("isCopy");
    QTest::addColumn<bool>("isLarge");
    QTest::addColumn<bool>("isEarly"); // spooled for its mailbox alone, before the rule was there
    QTest::newRow("moved on") << false << false << false;
    QTest::newRow("a copy") << true << false << false;
    QTest::newRow("moved on, a large one") << false << true << false;
    QTest::newRow("a copy of a large one") << true << true << false;
    QTest::newRow("moved on, a large one that began before the rule") << false << true << true;
}

void ArrivalRulesTest::forwards()
{
    QFETCH(bool, isCopy);
    QFETCH(bool, isLarge);
    QFETCH(bool, isEarly);
    Rig rig(
        isCopy ? "require \"copy\"; redirect :copy \"bob@away.example\";" : "redirect \"bob@away.example\";");
    MessageOctets octets(text);
    const QByteArray whole = isLarge ? spooledContent(rig, octets) : text;
    QCOMPARE(octets.isSpooled(), isLarge);
    IncomingMessage message = messageTo({"alice"}, octets);
    if (isEarly) {
        const QByteArray head = rig.acceptor->planFor(message).mailboxHead;
        QVERIFY(head.contains("Delivered-To"));
        const auto under = withHead(head, octets, rig.folder.filePath(QStringLiteral("spool")));
        message.content = MessageCopies{under.value_or(MessageOctets()), {}, head.size()};
    }
    const Result<Accepted> accepted = rig.accept(message);
    QVERIFY(accepted);
    QCOMPARE(rig.files().size(), isCopy ? 1 : 0);
    QCOMPARE(rig.queue->entries().size(), 1);
    const QueueEntry entry = rig.queue->entries().first();
    QCOMPARE(entry.envelope.reversePath.toBytes(), QByteArray("ann@far.example"));
    QCOMPARE(entry.recipients.size(), 1);
    QCOMPARE(entry.recipients.first().recipient.forwardPath.toBytes(), QByteArray("bob@away.example"));
    QCOMPARE(entry.subject, QStringLiteral("One"));
    QVERIFY(entry.madeFrom && entry.madeFrom->how == MadeFrom::How::ForwardedByRule);
    QCOMPARE(entry.madeFrom->message, accepted->mailboxes.value(0)); // null where it is only moved on
    const QStringList messages = QDir(rig.folder.filePath(QStringLiteral("queue")))
                                     .entryList({QStringLiteral("*.msg")}, QDir::Files);
    QCOMPARE(messages.size(), 1);
    QFile file(rig.folder.filePath(QStringLiteral("queue/")) + messages.first());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray sent = file.readAll();
    QVERIFY(sent.startsWith("X-Glasspost-Forwarded: alice@here.example\nReceived: "));
    QVERIFY(sent.endsWith('\n' + whole));
    QVERIFY(!sent.contains("Delivered-To"));
}

/// What comes back is kept, and not forwarded again.
void ArrivalRulesTest::comesBack()
{
    Rig rig("redirect \"bob@away.example\";");
    QVERIFY(rig.accept(messageTo(
        {"alice"}, MessageOctets(QByteArray("X-Glasspost-Forwarded: alice@here.example\n") + text))));
    QCOMPARE(rig.files(), QStringList{QStringLiteral("alice/new ")});
    QVERIFY(rig.queue->entries().isEmpty());
    const QList<RuleLogLine> log = rig.logged(1);
    QCOMPARE(log.size(), 1);
    QCOMPARE(log.first().problem, RuleProblem::Loop);
    QCOMPARE(log.first().mailbox, alice);
    QCOMPARE(log.first().subject, QStringLiteral("One"));
}

/// The message is not read, so no rule is guessed at: whoever brought it has it still.
void ArrivalRulesTest::refusesWhatTheDiskRefuses()
{
    Rig rig("redirect \"bob@away.example\";");
    const MessageOctets gone = MessageOctets::inFile(rig.folder.filePath(QStringLiteral("gone")));
    QVERIFY(!rig.accept(messageTo({"alice"}, gone)));
    QVERIFY(rig.files().isEmpty());
    QVERIFY(rig.queue->entries().isEmpty());
}

/// Drafts and import have their place; what a program hands in to be looked at is kept there.
void ArrivalRulesTest::passesOver()
{
    Rig rig("discard;");
    for (const Origin origin : {Origin::Draft, Origin::Import, Origin::Capture}) {
        IncomingMessage message = messageTo({"alice"});
        message.origin = origin;
        message.folder = {alice, origin == Origin::Draft ? QStringLiteral("Drafts") : QString()};
        QVERIFY(rig.accept(message));
    }
    QCOMPARE(rig.files(),
        (QStringList{QStringLiteral("alice/.Drafts/new "), QStringLiteral("alice/new "),
            QStringLiteral("alice/new ")}));
}

void ArrivalRulesTest::knowsSenders()
{
    Rig rig("require [\"environment\", \"fileinto\"];\n"
            "if environment \"vnd.glasspost.sender-known\" \"no\" { fileinto \"New\"; }");
    QVERIFY(test::awaited(rig.store->settle()));
    QVERIFY(rig.accept(messageTo({"alice"})));
    QCOMPARE(rig.files(), QStringList{QStringLiteral("alice/.New/new ")});
    IncomingMessage sent;
    sent.origin = Origin::Import;
    sent.folder = {alice, QStringLiteral("Sent")};
    sent.content = MessageOctets("From: alice@here.example\nTo: ann@far.example\nSubject: x\n\nx\n");
    QVERIFY(rig.accept(sent));
    QVERIFY(test::awaited(rig.store->settle()));
    QVERIFY(rig.accept(messageTo({"alice"})));
    QCOMPARE(rig.files().filter(QStringLiteral("alice/new")).size(), 1);
}

QTEST_GUILESS_MAIN(ArrivalRulesTest)
#include "tst_arrivalrules.moc"
