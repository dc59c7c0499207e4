#include "tests/support/fakerules.h"
#include "ui/mailbox/rulerundialog.h"
#include "ui/words/ruletext.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

QList<mail::MessageId> messages(int count)
{
    QList<mail::MessageId> ids;
    for (int number = 0; number < count; ++number)
        ids.append({{QStringLiteral("alice"), QStringLiteral("")}, QByteArray::number(number)});
    return ids;
}

mail::RuleDeed filing(const char *folder, mail::RuleProblem problem = mail::RuleProblem::None)
{
    return {QStringLiteral("Lists"),
        mail::RuleAction{mail::RuleAction::Kind::File, QString::fromUtf8(folder)}, problem};
}

} // namespace

/// Rules by hand in the window: tried first, applied when a person says so.
class RuleRunTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsWhatTheyDo();
    void appliesThemAfterwards();
    void saysThatThereIsNothingToDo();
    void saysWhatFails();
    void listsNoMoreThanAPersonReads();
    void endsWhenItIsClosed();
    void wordsOfDeeds_data();
    void wordsOfDeeds();
    void wordsOfFailures();
};

void RuleRunTest::showsWhatTheyDo()
{
    test::FakeRules rules;
    rules.deeds = {filing("Lists/qt"), filing("a//b", mail::RuleProblem::NoSuchFolder)};
    RuleRunDialog dialog(rules, messages(3));
    QVERIFY(!dialog.applyButton()->isEnabled());
    QTRY_VERIFY(dialog.applyButton()->isEnabled());
    QCOMPARE(dialog.list()->topLevelItemCount(), 3);
    const QTreeWidgetItem *first = dialog.list()->topLevelItem(0);
    QCOMPARE(first->text(0), QStringLiteral("0"));
    QCOMPARE(first->text(1), QStringLiteral("ann@b.test"));
    QVERIFY(first->text(2).startsWith(QStringLiteral("Lists: move to Lists/qt; Lists: move to a//b (")));
    QVERIFY(dialog.words().contains(QStringLiteral("3 message")));
    using Runs = QList<std::pair<mail::RuleRunMode, int>>;
    QCOMPARE(rules.runs, (Runs{{mail::RuleRunMode::DryRun, 3}}));
}

void RuleRunTest::appliesThemAfterwards()
{
    test::FakeRules rules;
    rules.deeds = {filing("Lists")};
    RuleRunDialog dialog(rules, messages(450));
    dialog.show();
    const QSignalSpy applied(&dialog, &RuleRunDialog::applied);
    QTRY_VERIFY(dialog.applyButton()->isEnabled());
    dialog.applyButton()->click();
    QVERIFY(!dialog.applyButton()->isEnabled());
    QTRY_COMPARE(applied.size(), 1);
    QCOMPARE(applied.first().first().toInt(), 450);
    QTRY_VERIFY(!dialog.isVisible());
    const auto dry = mail::RuleRunMode::DryRun, real = mail::RuleRunMode::Apply;
    using Runs = QList<std::pair<mail::RuleRunMode, int>>;
    QCOMPARE(rules.runs, (Runs{{dry, 200}, {dry, 200}, {dry, 50}, {real, 200}, {real, 200}, {real, 50}}));
}

void RuleRunTest::saysThatThereIsNothingToDo()
{
    test::FakeRules rules;
    RuleRunDialog dialog(rules, messages(2));
    QTRY_VERIFY(dialog.words().contains(QStringLiteral("No rule")));
    QVERIFY(!dialog.applyButton()->isEnabled());
    QCOMPARE(dialog.list()->topLevelItemCount(), 0);
}

void RuleRunTest::saysWhatFails()
{
    test::FakeRules rules;
    rules.error
        = mail::Error{mail::ErrorCode::InputOutput, QStringLiteral("rules"), QStringLiteral("bad sector")};
    RuleRunDialog dialog(rules, messages(2));
    QTRY_VERIFY(dialog.words().contains(QStringLiteral("bad sector")));
    QVERIFY(!dialog.applyButton()->isEnabled());
}

void RuleRunTest::listsNoMoreThanAPersonReads()
{
    test::FakeRules rules;
    rules.deeds = {filing("Lists")};
    RuleRunDialog dialog(rules, messages(5000));
    QTRY_VERIFY(dialog.applyButton()->isEnabled());
    QCOMPARE(dialog.list()->topLevelItemCount(), 2000);
    QVERIFY(
        dialog.words().contains(QStringLiteral("5,000")) || dialog.words().contains(QStringLiteral("5000")));
}

void RuleRunTest::endsWhenItIsClosed()
{
    test::FakeRules rules;
    {
        const RuleRunDialog dialog(rules, messages(450));
    }
    QCoreApplication::sendPostedEvents();
    QCOMPARE(rules.runs.size(), 1);
}

void RuleRunTest::wordsOfDeeds_data()
{
    using Do = mail::RuleAction::Kind;
    QTest::addColumn<mail::RuleAction>("action");
    QTest::addColumn<QString>("words");
    const auto row = [](const char *words, mail::RuleAction action) {
        QTest::newRow(words) << action << QStringLiteral("x: ") + QString::fromUtf8(words);
    };
    row("keep in the Inbox", {Do::Keep});
    row("move to A", {Do::File, QStringLiteral("A")});
    row("copy to A", {Do::File, QStringLiteral("A"), {}, true});
    row("forward to a@b", {Do::Forward, QStringLiteral("a@b")});
    row("forward a copy to a@b", {Do::Forward, QStringLiteral("a@b"), {}, true});
    row("release to recipients like *@a *@b",
        {Do::Release, {}, {QStringLiteral("*@a"), QStringLiteral("*@b")}});
    row("discard", {Do::Discard});
    row("add \\Seen work", {Do::AddFlags, {}, {QStringLiteral("\\Seen"), QStringLiteral("work")}});
    row("set a", {Do::SetFlags, {}, {QStringLiteral("a")}});
    row("remove a", {Do::RemoveFlags, {}, {QStringLiteral("a")}});
    row("run /bin/x y", {Do::Program, {}, {QStringLiteral("/bin/x"), QStringLiteral("y")}});
    row("show a notice", {Do::Notify, QStringLiteral("look")});
    row("stop", {Do::Stop});
}

void RuleRunTest::wordsOfDeeds()
{
    QFETCH(const mail::RuleAction, action);
    QFETCH(const QString, words);
    QCOMPARE(ruleDeedText({QStringLiteral("x"), action, mail::RuleProblem::None}), words);
}

void RuleRunTest::wordsOfFailures()
{
    mail::RuleLogLine line;
    line.rule = QStringLiteral("Program");
    line.subject = QStringLiteral("One");
    line.problem = mail::RuleProblem::Failed;
    line.output = QStringLiteral("exit code 3\nno such file");
    QCOMPARE(ruleFailureText(line),
        QStringLiteral("The rule “Program” failed for “One”, which was kept: exit code 3"));
    line.output.clear();
    line.problem = mail::RuleProblem::Loop;
    QVERIFY(ruleFailureText(line).endsWith(QStringLiteral("forwarded from here before")));
    QVERIFY(ruleDeedText({QStringLiteral("x"), std::nullopt, mail::RuleProblem::NotKnown})
                .startsWith(QStringLiteral("x: not applied")));
}

QTEST_MAIN(RuleRunTest)
#include "tst_rulerun.moc"
