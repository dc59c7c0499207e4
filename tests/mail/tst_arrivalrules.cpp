#include "mail/accept/acceptor.h"
#include "mail/rules/sieve.h"
#include "tests/support/awaited.h"

#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// Rules within the one transaction that accepts a message, and what they want done after it.
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
    void givesTags();
    void runsPrograms_data();
    void runsPrograms();
    void takesUpWhatIsOwed();
    void tellsTheWindow();
};

namespace {

using Origin = IncomingMessage::Origin;

const QString alice = QStringLiteral("alice");
const QByteArray text = "From: <ann@far.example>\nSubject: One\nMessage-ID: <1@far.example>\n\nbody\n";

Settings sampleSettings()
{
    Settings settings;
    settings.hostName = QStringLiteral("here.example");
    settings.users = {{alice, {}}, {QStringLiteral("bob"), {}}};
    return settings;
}

IncomingMessage messageTo(const QList<QByteArray> &users, const MessageOctets &octets = text)
{
    IncomingMessage message;
    message.origin = Origin::Session;
    message.envelope.reversePath = {"ann", "far.example"};
    for (const QByteArray &user : users)
        message.envelope.recipients += smtp::EnvelopeRecipient{{user, "here.example"}, {}, {}};
    message.content = octets;
    message.session.id = "S1";
    return message;
}

/// A data folder that is opened and closed as the mail system does.
struct Rig
{
    QTemporaryDir folder;
    std::unique_ptr<Journal> journal;
    std::unique_ptr<Store> store;
    std::unique_ptr<Queue> queue;
    std::unique_ptr<RuleLog> log;
    std::unique_ptr<ArrivalRules> arrival;
    std::unique_ptr<RuleErrands> errands;
    std::unique_ptr<Acceptor> acceptor;
    std::chrono::milliseconds longestProgram;

    explicit Rig(const QByteArray &script = {}, std::chrono::milliseconds longest = std::chrono::minutes(1))
        : longestProgram(longest)
    {
        open(script);
    }
    ~Rig() { close(); }
    void open(const QByteArray &script)
    {
        journal = std::move(*Journal::open(folder.path()));
        store = std::move(*Store::open(folder.path(), *journal));
        queue = std::move(*Queue::open(folder.path(), *journal));
        log = std::make_unique<RuleLog>(folder.path());
        arrival = std::make_unique<ArrivalRules>(*store);
        arrival->setTerms({"here.example", 50});
        arrival->setRules(readSieve(script).value_or(QList<Rule>()));
        errands = std::make_unique<RuleErrands>(
            RuleErrands::Parts{folder.path(), *store, *journal, *log}, ProgramLimits{2, longestProgram});
        acceptor = std::make_unique<Acceptor>(*store, *queue,
            AcceptanceRules{Router(sampleSettings()), RecipientPolicy::Mailboxes, "here.example"});
        acceptor->pass({*arrival, *errands});
    }
    void close()
    {
        acceptor.reset();
        errands.reset();
        arrival.reset();
        log.reset();
        queue.reset();
        store.reset();
        journal.reset();
    }

    Result<Accepted> accept(const IncomingMessage &message)
    {
        const Promised promised = acceptor->accept(message, acceptor->planFor(message), {});
        const Result<Accepted> durable = test::awaited(promised.durable);
        return durable ? test::awaited(promised.filed) : durable;
    }
    /// "alice/cur 1": the folders of mail/ that hold files.
    [[nodiscard]] QStringList files() const
    {
        QStringList found;
        QDirIterator each(folder.filePath(QStringLiteral("mail")), QDir::Files | QDir::Hidden,
            QDirIterator::Subdirectories);
        while (each.hasNext()) {
            each.next();
            const QString place
                = QDir(folder.filePath(QStringLiteral("mail"))).relativeFilePath(each.fileInfo().path());
            if (place.endsWith(u"/cur") || place.endsWith(u"/new"))
                found += place + each.fileName().section(QStringLiteral(":2,"), 1).prepend(u' ');
        }
        found.sort();
        return found;
    }
    /// The actions in the log, oldest first, once there are so many.
    QList<RuleLogLine> logged(int count)
    {
        QList<RuleLogLine> lines;
        for (int tries = 0; lines.size() < count && tries < 2000; ++tries) {
            lines = test::awaited(log->newest(100)).value_or(QList<RuleLogLine>());
            if (lines.size() < count)
                QTest::qWait(5);
        }
        std::reverse(lines.begin(), lines.end());
        return lines;
    }
    [[nodiscard]] QStringList owed() const
    {
        return QDir(folder.filePath(QStringLiteral("rules/pending"))).entryList(QDir::Files);
    }
    QStringList tagsOf(const FolderId &place)
    {
        RowQuery query;
        query.folder = place;
        QStringList tags;
        for (const MessageRow &row : test::awaited(store->rows(query)).value_or(RowPage()).rows)
            tags += row.tags;
        return tags;
    }
};

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

void ArrivalRulesTest::givesTags()
{
    Rig rig("require [\"imap4flags\", \"vnd.glasspost.tag\"]; addflag \"work\"; tag \"two words\";");
    for (int count = 0; count < 20; ++count)
        QVERIFY(rig.accept(messageTo({"alice"})));
    QVERIFY(test::awaited(rig.store->settle()));
    QTRY_COMPARE(rig.tagsOf({alice, {}}).count(QStringLiteral("work")), 20);
    QTRY_COMPARE(rig.tagsOf({alice, {}}).count(QStringLiteral("two words")), 20);
    QTRY_VERIFY(rig.owed().isEmpty());
}

void ArrivalRulesTest::runsPrograms_data()
{
    QTest::addColumn<QString>("program"); // for sh
    QTest::addColumn<RuleProblem>("problem");
    QTest::addColumn<QString>("output");
    QTest::newRow("reads the message") << QStringLiteral("grep -c '^body$'; test -n \"$GLASSPOST_ID\"")
                                       << RuleProblem::None << QStringLiteral("1");
    QTest::newRow("fails") << QStringLiteral("echo no >&2; exit 3") << RuleProblem::Failed
                           << QStringLiteral("exit code 3\nno");
    QTest::newRow("hangs") << QStringLiteral("exec sleep 600") << RuleProblem::Failed
                           << QStringLiteral("it took too long and was ended");
    QTest::newRow("reads nothing") << QStringLiteral("exit 0") << RuleProblem::None << QString();
    QTest::newRow("writes without end") << QStringLiteral("exec yes") << RuleProblem::Failed
                                        << QStringLiteral("it took too long and was ended");
}

void ArrivalRulesTest::runsPrograms()
{
    QFETCH(QString, program);
    QFETCH(RuleProblem, problem);
    QFETCH(QString, output);
    Rule rule{QStringLiteral("r"), true, {}, {}};
    rule.actions = {RuleAction{
        RuleAction::Kind::Program, {}, {QStringLiteral("/bin/sh"), QStringLiteral("-c"), program}}};
    const bool isEnded = output.contains(QLatin1String("too long")); // the others have all the time they need
    Rig rig(writeSieve({rule}), isEnded ? std::chrono::milliseconds(500) : std::chrono::minutes(1));
    const QSignalSpy failed(rig.errands.get(), &RuleErrands::failed);
    QVERIFY(rig.accept(messageTo({"alice"})));
    const QList<RuleLogLine> log = rig.logged(2);
    QCOMPARE(failed.size(), problem == RuleProblem::None ? 0 : 1);
    QCOMPARE(log.size(), 2);
    QCOMPARE(log.last().action, QStringLiteral("program-end"));
    QCOMPARE(log.last().rule, QStringLiteral("r"));
    QCOMPARE(log.last().problem, problem);
    QVERIFY2(log.last().output.startsWith(output), qPrintable(log.last().output));
    QCOMPARE(rig.files(), QStringList{QStringLiteral("alice/new ")});
    QTRY_VERIFY(rig.owed().isEmpty());
}

/// As after a crash between the 250 and the program.
void ArrivalRulesTest::takesUpWhatIsOwed()
{
    const QByteArray script = "require [\"vnd.dovecot.pipe\", \"copy\", \"imap4flags\"];\n"
                              "addflag \"work\"; pipe :copy \"/bin/sh\" [\"-c\", \"exit 0\"];";
    Rig rig(script);
    const IncomingMessage message = messageTo({"alice"});
    const Promised promised = rig.acceptor->accept(message, rig.acceptor->planFor(message), {});
    QVERIFY(test::awaited(promised.durable));
    rig.acceptor.reset(); // nobody is told that it is filed
    rig.close();
    QCOMPARE(rig.owed().size(), 1);
    rig.open({});
    rig.errands->resume();
    QCOMPARE(rig.logged(3).last().action, QStringLiteral("program-end"));
    QTRY_COMPARE(rig.tagsOf({alice, {}}), QStringList{QStringLiteral("work")});
    QTRY_VERIFY(rig.owed().isEmpty());
}

void ArrivalRulesTest::tellsTheWindow()
{
    Rig rig("require \"enotify\"; notify :message \"look\" \"glasspost:window\"; discard;");
    const QSignalSpy noticed(rig.errands.get(), &RuleErrands::noticed);
    QVERIFY(rig.accept(messageTo({"alice"})));
    QCOMPARE(noticed.size(), 1);
    const auto notice = noticed.first().first().value<RuleNotice>();
    QCOMPARE(notice.text, QStringLiteral("look"));
    QCOMPARE(notice.subject, QStringLiteral("One"));
    QCOMPARE(notice.sender, QStringLiteral("ann@far.example"));
    QVERIFY(rig.owed().isEmpty());
}

QTEST_GUILESS_MAIN(ArrivalRulesTest)
#include "tst_arrivalrules.moc"
