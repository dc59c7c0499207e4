#include "mail/base/posix.h"
#include "mail/rules/sieve.h"
#include "tests/support/rulerig.h"

#include <QSignalSpy>
#include <QtTest>

using namespace glasspost;
using namespace glasspost::mail;

/// What rules want done with a message after the transaction that keeps it.
class RuleErrandsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void givesTags();
    void runsPrograms_data();
    void runsPrograms();
    void takesUpWhatIsOwed();
    void leavesWhatIsUndoneAlone();
    void takesUpWhatTwoMailboxesAreOwed();
    void takesUpWhatAnEarlierVersionLeft();
    void saysWhatItCannotRead_data();
    void saysWhatItCannotRead();
    void tellsTheWindow();
};

namespace {

using test::alice;
using test::messageTo;
using Rig = test::RuleRig;

} // namespace

void RuleErrandsTest::givesTags()
{
    Rig rig("require [\"imap4flags\", \"vnd.glasspost.tag\"]; addflag \"work\"; tag \"two words\";");
    for (int count = 0; count < 20; ++count)
        QVERIFY(rig.accept(messageTo({"alice"})));
    QVERIFY(test::awaited(rig.store->settle()));
    QTRY_COMPARE(rig.tagsOf({alice, {}}).count(QStringLiteral("work")), 20);
    QTRY_COMPARE(rig.tagsOf({alice, {}}).count(QStringLiteral("two words")), 20);
    QTRY_VERIFY(rig.owed().isEmpty());
}

void RuleErrandsTest::runsPrograms_data()
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

void RuleErrandsTest::runsPrograms()
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
void RuleErrandsTest::takesUpWhatIsOwed()
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

/// While the tags cannot be given the program is not run again.
void RuleErrandsTest::leavesWhatIsUndoneAlone()
{
    const QTemporaryDir runs;
    Rule rule{QStringLiteral("r"), true, {}, {}};
    rule.actions = {RuleAction{RuleAction::Kind::AddFlags, {}, {QStringLiteral("work")}},
        RuleAction{RuleAction::Kind::Program, {},
            {QStringLiteral("/bin/sh"), QStringLiteral("-c"),
                QStringLiteral("mktemp -p '%1'").arg(runs.path())}}};
    const QByteArray script = writeSieve({rule});
    Rig rig;
    rig.close();
    const QString tags
        = rig.folder.filePath(QStringLiteral("tags/alice")); // a folder: no file that can be read
    QVERIFY(QDir().mkpath(tags));
    rig.open(script);
    QVERIFY(rig.accept(messageTo({"alice"})));
    QCOMPARE(rig.logged(4).size(), 4); // two deeds, the end of the program, and that there are no tags
    for (int start = 0; start < 2; ++start) {
        rig.close();
        rig.open({});
        const QSignalSpy troubled(rig.errands.get(), &RuleErrands::troubled);
        rig.errands->resume();
        QTRY_COMPARE(troubled.size(), 1);
    }
    QCOMPARE(rig.owed().size(), 1);
    rig.close();
    QVERIFY(QDir().rmdir(tags));
    rig.open({});
    rig.errands->resume();
    QTRY_COMPARE(rig.tagsOf({alice, {}}), QStringList{QStringLiteral("work")});
    QTRY_VERIFY(rig.owed().isEmpty());
    QCOMPARE(QDir(runs.path()).entryList(QDir::Files).size(), 1);
}

/// Each of them runs its program, though rules file both copies in one folder.
void RuleErrandsTest::takesUpWhatTwoMailboxesAreOwed()
{
    Rig rig("require [\"fileinto\", \"vnd.dovecot.pipe\", \"copy\"];\n"
            "fileinto \"/alice/All\"; pipe :copy \"/bin/sh\" [\"-c\", \"exit 0\"];");
    const IncomingMessage message = messageTo({"alice", "bob"});
    const Promised promised = rig.acceptor->accept(message, rig.acceptor->planFor(message), {});
    QVERIFY(test::awaited(promised.durable));
    rig.acceptor.reset(); // nobody is told that it is filed
    rig.close();
    QCOMPARE(rig.files(), QStringList{QStringLiteral("alice/.All/new ")});
    QCOMPARE(rig.owed().size(), 2);
    rig.open({});
    rig.errands->resume();
    QStringList mailboxes;
    for (const RuleLogLine &line : rig.logged(6)) {
        if (line.action == QStringLiteral("program-end"))
            mailboxes += line.mailbox;
    }
    mailboxes.sort();
    QCOMPARE(mailboxes, (QStringList{alice, QStringLiteral("bob")}));
    QTRY_VERIFY(rig.owed().isEmpty());
}

/// Which named the file by the message alone: that file goes when all is done.
void RuleErrandsTest::takesUpWhatAnEarlierVersionLeft()
{
    Rig rig;
    RuleErrand errand;
    errand.copies = {{{{alice, {}}, "1.M2"}, {QStringLiteral("work")}}};
    errand.mailbox = alice;
    const QString path = rig.folder.filePath(QStringLiteral("rules/pending/1.M2.json"));
    QVERIFY(replaceFile(path, toJson(errand)));
    rig.errands->resume();
    const QList<RuleLogLine> log = rig.logged(1); // the message is gone
    QCOMPARE(log.size(), 1);
    QCOMPARE(log.first().action, QStringLiteral("add-flags"));
    QTRY_VERIFY(!QFile::exists(path));
}

void RuleErrandsTest::saysWhatItCannotRead_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("half of it") << QByteArray("{\"version\":1,\"cop");
    QTest::newRow("another version") << QByteArray("{\"version\":2}");
}

/// It stays for whoever can, and what stands beside it is done.
void RuleErrandsTest::saysWhatItCannotRead()
{
    QFETCH(QByteArray, content);
    Rig rig;
    RuleErrand errand;
    errand.copies = {{{{alice, {}}, "1.M3"}, {QStringLiteral("work")}}};
    errand.mailbox = alice;
    QVERIFY(replaceFile(rig.folder.filePath(errandPath(errand)), toJson(errand)));
    const QString path = rig.folder.filePath(QStringLiteral("rules/pending/alice/1.M2.json"));
    QVERIFY(replaceFile(path, content));
    const QSignalSpy troubled(rig.errands.get(), &RuleErrands::troubled);
    rig.errands->resume();
    QTRY_COMPARE(rig.owed(), QStringList{QStringLiteral("alice/1.M2.json")});
    QCOMPARE(troubled.size(), 1);
    const auto error = troubled.first().first().value<Error>();
    QCOMPARE(error.code, ErrorCode::Damaged);
    QCOMPARE(error.subject, path);
}

void RuleErrandsTest::tellsTheWindow()
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

QTEST_GUILESS_MAIN(RuleErrandsTest)
#include "tst_ruleerrands.moc"
