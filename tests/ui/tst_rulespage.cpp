#include "mail/rules/sieve.h"
#include "tests/support/fakelistener.h"
#include "tests/support/fakeoutbox.h"
#include "tests/support/fakerules.h"
#include "tests/support/fakesettings.h"
#include "ui/settings/editabletable.h"
#include "ui/settings/preferences.h"
#include "ui/settings/ruleeditor.h"
#include "ui/settings/ruleform.h"
#include "ui/settings/rulespage.h"
#include "ui/widgets/inlinebar.h"

#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace glasspost;

/// The rules in the preferences: as rows and as Sieve, and their way to the mail system.
class RulesPageTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rowsAndSieve_data();
    void rowsAndSieve();
    void showsWhatRowsCannotSay_data();
    void showsWhatRowsCannotSay();
    void offersEveryWord();
    void editsRows();
    void editsSieve();
    void keepsHalfARuleInSight();
    void ordersAndSwitches();
    void savesWithTheSettings();
    void keepsBrokenRulesFromBeingSaved();
    void takesWhatChangesElsewhere();
};

namespace {

const QByteArray everything
    = "require [\"fileinto\", \"copy\", \"envelope\", \"imap4flags\", \"body\", \"environment\", "
      "\"enotify\", "
      "\"vnd.dovecot.pipe\", \"vnd.glasspost.tag\", \"vnd.glasspost.release\", "
      "\"comparator-i;unicode-casemap\"];\n";

QList<mail::Rule> rulesOf(const QByteArray &script)
{
    const auto rules = mail::readSieve(everything + script);
    if (!rules)
        qWarning("%s: %s", qPrintable(rules.error().subject), qPrintable(rules.error().systemText));
    return rules.value_or(QList<mail::Rule>());
}

QStringList row(const char *what, const char *how, const char *text)
{
    return {QString::fromUtf8(what), QString::fromUtf8(how), QString::fromUtf8(text)};
}

} // namespace

void RulesPageTest::rowsAndSieve_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QList<QStringList>>("conditions");
    QTest::addColumn<QList<QStringList>>("actions");
    const QList<QStringList> keep{{QStringLiteral("keep"), QString()}};
    const auto condition = [&keep](const char *name, const char *test, const QStringList &wanted) {
        QTest::newRow(name) << QByteArray("if ") + test + " { keep; }" << QList<QStringList>{wanted} << keep;
    };
    QTest::newRow("every message") << QByteArray("keep;") << QList<QStringList>() << keep;
    condition("from", "header :contains \"From\" \"ann\"", row("from", "contains", "ann"));
    condition("is from", "address :is \"From\" \"a@b.test\"", row("from", "is", "a@b.test"));
    condition("to", "not header :contains [\"To\", \"Cc\"] \"x\"", row("to", "contains-not", "x"));
    condition("subject", "header :matches \"Subject\" \"*x?\"", row("subject", "matches", "*x?"));
    condition("beyond ASCII", "header :comparator \"i;unicode-casemap\" :contains \"Subject\" \"\xC3\xA4\"",
        row("subject", "contains", "\xC3\xA4"));
    condition("list", "header :contains \"List-Id\" \"qt\"", row("list", "contains", "qt"));
    condition("another field", "header :is \"X-Spam\" \"yes\"", row("field", "is", "X-Spam: yes"));
    condition("envelope", "not envelope :is \"to\" \"a@b\"", row("envelope-to", "is-not", "a@b"));
    condition("text", "body :text :contains \"x\"", row("text", "contains", "x"));
    condition("larger", "size :over 5000", row("larger", "is", "5000"));
    condition("smaller", "size :under 5000", row("smaller", "is", "5000"));
    condition("listener", "environment :is \"vnd.glasspost.listener\" \"x:1\"", row("listener", "is", "x:1"));
    condition(
        "sign-in", "environment :contains \"vnd.glasspost.sign-in\" \"x\"", row("sign-in", "contains", "x"));
    condition("known", "environment :is \"vnd.glasspost.sender-known\" \"no\"", row("known", "is", "no"));
    QTest::newRow("actions") << QByteArray(
        "fileinto \"A\"; fileinto :copy \"B\"; redirect :copy \"a@b.test\"; redirect \"c@d.test\";"
        "addflag \"\\\\Seen\"; addflag \"\\\\Flagged\"; tag \"two words\"; notify :message \"x\" "
        "\"glasspost:window\"; pipe :copy \"/bin/x\" [\"a b\", \"c\"]; release [\"*@a\", \"*@b\"]; discard; "
        "stop;") << QList<QStringList>()
                             << QList<QStringList>{{QStringLiteral("file"), QStringLiteral("A")},
                                    {QStringLiteral("copy"), QStringLiteral("B")},
                                    {QStringLiteral("forward"), QStringLiteral("a@b.test")},
                                    {QStringLiteral("redirect"), QStringLiteral("c@d.test")},
                                    {QStringLiteral("read"), QString()}, {QStringLiteral("flag"), QString()},
                                    {QStringLiteral("tag"), QStringLiteral("two words")},
                                    {QStringLiteral("notify"), QStringLiteral("x")},
                                    {QStringLiteral("program"), QStringLiteral("/bin/x \"a b\" c")},
                                    {QStringLiteral("release"), QStringLiteral("*@a *@b")},
                                    {QStringLiteral("discard"), QString()},
                                    {QStringLiteral("stop"), QString()}};
}

void RulesPageTest::rowsAndSieve()
{
    QFETCH(QByteArray, script);
    QFETCH(QList<QStringList>, conditions);
    QFETCH(QList<QStringList>, actions);
    const QList<mail::Rule> rules = rulesOf(script);
    QCOMPARE(rules.size(), 1);
    const auto form = ui::formOf(rules.first());
    QVERIFY(form);
    QCOMPARE(form->conditions, conditions);
    QCOMPARE(form->actions, actions);
    mail::Rule again = ui::ruleOf(*form);
    again.name = rules.first().name;
    QVERIFY(again == rules.first());
}

void RulesPageTest::showsWhatRowsCannotSay_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("nested") << QByteArray("if allof(true, anyof(true, false)) { keep; }");
    QTest::newRow("several words") << QByteArray("if header :is \"Subject\" [\"a\", \"b\"] { keep; }");
    QTest::newRow("part of an address") << QByteArray("if address :domain \"From\" \"b.test\" { keep; }");
    QTest::newRow("fewer flags") << QByteArray("removeflag \"x\";");
    QTest::newRow("flags of its own") << QByteArray("keep :flags \"x\";");
    QTest::newRow("no words") << QByteArray("if environment \"vnd.glasspost.sign-in\" \"\" { keep; }");
    QTest::newRow("not to match") << QByteArray("if not header :matches \"Subject\" \"a\" { keep; }");
}

void RulesPageTest::showsWhatRowsCannotSay()
{
    QFETCH(QByteArray, script);
    const QList<mail::Rule> rules = rulesOf(script);
    QCOMPARE(rules.size(), 1);
    QVERIFY(!ui::formOf(rules.first()));
    ui::RuleEditor editor;
    editor.load(rules.first());
    QVERIFY(editor.isSieve());
    QCOMPARE(editor.sieve()->toPlainText().toUtf8(), mail::writeSieve(rules));
    QVERIFY(editor.rule() == rules.first());
}

void RulesPageTest::offersEveryWord()
{
    for (const auto &[what, words] : ui::conditionChoices()) {
        for (const auto &[how, how_] : ui::comparisonChoices()) {
            const mail::Rule rule = ui::ruleOf({ui::RuleForm::Join::All,
                {{what, how, QStringLiteral("X-A: 1")}}, {{QStringLiteral("keep"), QString()}}});
            mail::Rule named = rule;
            named.name = QStringLiteral("x");
            QVERIFY2(mail::readSieve(mail::writeSieve({named})) == QList<mail::Rule>{named},
                qPrintable(what + u' ' + how));
        }
    }
}

void RulesPageTest::editsRows()
{
    ui::RulesPage page;
    const QSignalSpy changed(&page, &ui::SettingsPage::changed);
    page.addRule();
    QCOMPARE(page.rules().size(), 1);
    ui::RuleEditor *editor = page.editor();
    QVERIFY(!editor->isSieve());
    editor->name()->clear();
    QTest::keyClicks(editor->name(), QStringLiteral("Lists"));
    editor->conditions()->setRows({row("list", "contains", "qt")});
    editor->actions()->setRows({{QStringLiteral("file"), QStringLiteral("Lists")}});
    QTest::keyClicks(editor->name(), QStringLiteral("!"));
    QVERIFY(changed.size() >= 7);
    QList<mail::Rule> wanted = rulesOf("if header :contains \"List-Id\" \"qt\" { fileinto \"Lists\"; }");
    wanted.first().name = QStringLiteral("Lists!");
    QVERIFY(page.rules() == wanted);
    QCOMPARE(page.list()->item(0)->text(), QStringLiteral("Lists!"));
    QVERIFY(page.problem().isEmpty());
    // A condition without words would be met by everything.
    editor->conditions()->addRow();
    QVERIFY(!page.problem().isEmpty());
    QVERIFY(page.rules() == wanted);
    editor->conditions()->removeRow();
    QVERIFY(page.problem().isEmpty());
    // Some actions have no words.
    editor->actions()->setRows({{QStringLiteral("read"), QString()}, {QStringLiteral("stop"), QString()}});
    QTest::keyClicks(editor->name(), QStringLiteral("!"));
    QCOMPARE(page.rules().first().actions.size(), 2);
}

void RulesPageTest::editsSieve()
{
    ui::RulesPage page;
    page.setRules(rulesOf("if header :is \"Subject\" [\"a\", \"b\"] { keep; }"));
    QVERIFY(page.editor()->isSieve());
    page.editor()->sieve()->setPlainText(
        QStringLiteral("if header :is \"Subject\" [\"a\", \"c\"] { discard"));
    QVERIFY(page.problem().contains(QStringLiteral("line 1")));
    QVERIFY(page.rules() == rulesOf("if header :is \"Subject\" [\"a\", \"b\"] { keep; }"));
    page.editor()->sieve()->setPlainText(QStringLiteral("keep; if true { stop; }"));
    QVERIFY(!page.problem().isEmpty());
    page.editor()->sieve()->setPlainText(
        QStringLiteral("if header :is \"Subject\" [\"a\", \"c\"] { discard; }"));
    QVERIFY(page.problem().isEmpty());
    QVERIFY(page.rules() == rulesOf("if header :is \"Subject\" [\"a\", \"c\"] { discard; }"));
}

/// Left behind, a rule whose condition has no words yet would be one for every message.
void RulesPageTest::keepsHalfARuleInSight()
{
    ui::RulesPage page;
    page.setRules(rulesOf("# rule:[a]\nif true { keep; }\n# rule:[b]\nif true { discard; }\n"
                          "# rule:[c]\nif true { stop; }"));
    page.list()->setCurrentRow(1);
    const auto enabledButtons = [&page] {
        QStringList texts;
        for (const auto *button : page.findChildren<QPushButton *>()) {
            if (button->parentWidget() == page.list()->parentWidget() && button->isEnabled())
                texts.append(button->text().remove(u'&'));
        }
        texts.sort();
        return texts.join(QStringLiteral(", "));
    };
    QCOMPARE(enabledButtons(), QStringLiteral("Add rule, Move down, Move up, Remove rule"));
    page.editor()->conditions()->addRow();
    QCOMPARE(enabledButtons(), QStringLiteral("Remove rule"));
    QVERIFY(!page.list()->isEnabled());
    page.editor()->conditions()->removeRow();
    QCOMPARE(enabledButtons(), QStringLiteral("Add rule, Move down, Move up, Remove rule"));
    QVERIFY(page.list()->isEnabled());
    page.editor()->conditions()->addRow();
    page.removeRule();
    QVERIFY(page.list()->isEnabled());
    QCOMPARE(page.rules().size(), 2);
}

void RulesPageTest::ordersAndSwitches()
{
    ui::RulesPage page;
    page.setRules(rulesOf("# rule:[a]\nif true { keep; }\n# rule:[b]\nif true { stop; }"));
    page.list()->setCurrentRow(1);
    page.moveRule(-1);
    QCOMPARE(page.rules().first().name, QStringLiteral("b"));
    QCOMPARE(page.list()->currentRow(), 0);
    page.moveRule(-1);
    QCOMPARE(page.rules().first().name, QStringLiteral("b"));
    page.list()->setFocus();
    page.list()->item(0)->setCheckState(Qt::Unchecked);
    QVERIFY(!page.rules().first().isEnabled);
    QTest::keyClicks(page.editor()->name(), QStringLiteral("x"));
    QVERIFY(!page.rules().first().isEnabled);
    page.removeRule();
    QCOMPARE(page.rules().size(), 1);
    QCOMPARE(page.rules().first().name, QStringLiteral("a"));
    page.removeRule();
    page.removeRule();
    QVERIFY(page.rules().isEmpty());
    QVERIFY(!page.editor()->isEnabled());
}

void RulesPageTest::savesWithTheSettings()
{
    test::FakeSettings settings(mail::Settings::forFirstStart());
    test::FakeOutbox outbox;
    test::FakeListener listener;
    test::FakeRules rules;
    rules.set(rulesOf("# rule:[a]\nif true { keep; }"));
    ui::Preferences dialog(settings, outbox, listener);
    dialog.editRules(rules);
    auto *page = static_cast<ui::RulesPage *>(dialog.page(ui::Preferences::Page::Rules));
    QTRY_COMPARE(page->rules().size(), 1);
    QVERIFY(!dialog.applyButton()->isEnabled());
    page->list()->item(0)->setCheckState(Qt::Unchecked);
    QVERIFY(dialog.applyButton()->isEnabled());
    dialog.applyButton()->click();
    QTRY_VERIFY(!rules.now().first().isEnabled);
    QTRY_COMPARE(dialog.bar()->kind(), ui::InlineBar::Kind::Success);
}

void RulesPageTest::keepsBrokenRulesFromBeingSaved()
{
    test::FakeSettings settings(mail::Settings::forFirstStart());
    test::FakeOutbox outbox;
    test::FakeListener listener;
    test::FakeRules rules;
    ui::Preferences dialog(settings, outbox, listener);
    dialog.editRules(rules);
    auto *page = static_cast<ui::RulesPage *>(dialog.page(ui::Preferences::Page::Rules));
    page->addRule();
    dialog.applyButton()->click();
    QCOMPARE(dialog.bar()->kind(), ui::InlineBar::Kind::Error);
    QVERIFY(dialog.bar()->words().contains(QStringLiteral("New rule")));
    page->editor()->actions()->setRows({{QStringLiteral("forward"), QStringLiteral("nobody")}});
    QTest::keyClicks(page->editor()->name(), QStringLiteral("!"));
    dialog.applyButton()->click();
    QVERIFY(dialog.bar()->words().contains(QStringLiteral("nobody")));
    QVERIFY(rules.now().isEmpty());
}

void RulesPageTest::takesWhatChangesElsewhere()
{
    test::FakeSettings settings(mail::Settings::forFirstStart());
    test::FakeOutbox outbox;
    test::FakeListener listener;
    test::FakeRules rules;
    ui::Preferences dialog(settings, outbox, listener);
    dialog.editRules(rules);
    auto *page = static_cast<ui::RulesPage *>(dialog.page(ui::Preferences::Page::Rules));
    rules.set(rulesOf("keep;"));
    QTRY_COMPARE(page->rules().size(), 1);
    page->addRule();
    rules.set({});
    QCoreApplication::sendPostedEvents();
    QCOMPARE(page->rules().size(), 2);
}

QTEST_MAIN(RulesPageTest)
#include "tst_rulespage.moc"
