// Every window by the keyboard alone: each letter of Alt does what it is written on, Tab gets to every
// control, and each has a name for who hears it.
#include "tests/support/alicewindow.h"
#include "tests/support/certificates.h"
#include "tests/support/fakerules.h"
#include "tests/support/mnemonicpress.h"
#include "ui/centralarea.h"
#include "ui/compose/composewindow.h"
#include "ui/mailbox/messagelist.h"
#include "ui/mailbox/rulerundialog.h"
#include "ui/queue/certificatewindow.h"

#include <QPushButton>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

class KeyboardTest : public QObject, private test::AliceWindow
{
    Q_OBJECT
private Q_SLOTS:
    void init() { openWindow(); }
    void cleanup()
    {
        m_other.reset();
        delete composer();
        closeWindow();
    }
    void everyWindowIsWorkedByKeys_data();
    void everyWindowIsWorkedByKeys();

private:
    /// The window of that name, shown; null: it did not come.
    QWidget *open(const QString &name);
    QWidget *openMain(const QString &name);
    QWidget *openComposer();
    /// The one that is open.
    static QWidget *composer();

    test::FakeRules m_rules;
    std::unique_ptr<QWidget> m_other; ///< a window without the main one
};

QWidget *KeyboardTest::openMain(const QString &name)
{
    m_window->resize(1400, 900);
    if (name == QLatin1String("list")) {
        m_system->mailboxes().keepMessages(
            inbox, {{"From: a@b.example\nTo: alice@example.test\nSubject: One\n\ntext\n", {}}});
        MessageList *list = page().list();
        if (!QTest::qWaitFor([list] { return list->model()->rowCount() == 1; }, 20000))
            return nullptr;
        list->selectRow(0);
        if (!QTest::qWaitFor([this] { return !page().message().id.isNull(); }, 20000))
            return nullptr;
    } else {
        part<CentralArea>().go(
            {name == QLatin1String("queue") ? Place::Kind::Outgoing : Place::Kind::Sessions, {}});
    }
    return m_window.get();
}

QWidget *KeyboardTest::composer()
{
    const QWidgetList windows = QApplication::topLevelWidgets();
    const auto found = std::find_if(windows.begin(), windows.end(),
        [](QWidget *window) { return qobject_cast<ComposeWindow *>(window) != nullptr; });
    return found == windows.end() ? nullptr : *found;
}

QWidget *KeyboardTest::openComposer()
{
    m_window->compose(QUrl(QStringLiteral("mailto:a@example.org?cc=b@example.org&subject=s&body=text")));
    return QTest::qWaitFor([] { return composer() != nullptr; }, 20000) ? composer() : nullptr;
}

QWidget *KeyboardTest::open(const QString &name)
{
    if (name == QLatin1String("composer"))
        return openComposer();
    if (name == QLatin1String("rule run")) {
        m_rules.deeds = {
            {QStringLiteral("Lists"), mail::RuleAction{mail::RuleAction::Kind::File, QStringLiteral("Lists")},
                mail::RuleProblem::None}};
        auto dialog = std::make_unique<RuleRunDialog>(m_rules, QList<mail::MessageId>{{inbox, "1"}});
        const RuleRunDialog *shown = dialog.get();
        m_other = std::move(dialog);
        if (!QTest::qWaitFor([shown] { return shown->applyButton()->isEnabled(); }))
            return nullptr;
    } else if (name == QLatin1String("certificate")) {
        mail::CertificateQuestion question;
        question.facts.host = "mx.example.net";
        question.facts.chain = {test::makeCertificate({"other.example.test"}).certificate};
        question.facts.errors = {"The host name did not match"};
        question.facts.fault = "the certificate could not be verified: The host name did not match";
        m_other = std::make_unique<CertificateWindow>(question);
    } else if (name.startsWith(QLatin1String("preferences"))) {
        auto preferences
            = std::make_unique<Preferences>(m_system->settings(), m_system->outbox(), m_system->listener());
        preferences->editRules(m_system->rules());
        preferences->showPage(Preferences::Page(name.right(1).toInt()));
        m_other = std::move(preferences);
    } else {
        return openMain(name);
    }
    m_other->show();
    return m_other.get();
}

void KeyboardTest::everyWindowIsWorkedByKeys_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"list", "queue", "sessions", "composer", "rule run", "certificate",
             "preferences 0", "preferences 1", "preferences 2", "preferences 3", "preferences 4",
             "preferences 5", "preferences 6", "preferences 7", "preferences 8"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void KeyboardTest::everyWindowIsWorkedByKeys()
{
    QFETCH(const QString, name);
    QWidget *window = open(name);
    QVERIFY(window != nullptr);
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window));
    QCOMPARE(test::nameless(*window).join(u'\n'), QString());
    const QMultiMap<QString, QString> letters = test::mnemonics(*window);
    QVERIFY(!letters.isEmpty());
    QCOMPARE(test::shared(letters).join(u'\n'), QString());
    if (name == QLatin1String("list"))
        page().list()->setFocus();
    else if (QApplication::focusWidget() == nullptr)
        QTest::keyClick(window, Qt::Key_Tab);
    QVERIFY(QApplication::focusWidget() != nullptr);
    QCOMPARE(test::notReachedByTab(*window).join(u'\n'), QString());
    QCOMPARE(test::deadMnemonics(*window).join(u'\n'), QString());
}

QTEST_MAIN(KeyboardTest)
#include "tst_keyboard.moc"
