// The checks of a captured message in its pane: the rows, and the way from one to its line in the source.
#include "tests/support/awaited.h"
#include "tests/support/controls.h"
#include "tests/support/runningmail.h"
#include "tests/support/scriptedspamd.h"
#include "tests/support/webserver.h"
#include "ui/message/checksview.h"
#include "ui/message/messagepane.h"
#include "ui/message/screensview.h"
#include "ui/message/textview.h"

#include <QLabel>
#include <QPushButton>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>
#include <QTreeWidget>

#include <algorithm>

using namespace glasspost;
using namespace glasspost::ui;

namespace {

using View = MessagePane::View;

const QByteArray faultyMessage
    = "From: a@client.example\nTo: b@example.test\nSubject: <b>One</b>\n"
      "MIME-Version: 1.0\nContent-Type: text/html\n\n<p lang=en>Hello\n"
      "<a href=\"javascript:x('<img src=a>')\">words</a>\n<img src=\"cid:none\">\n";

smtp::Envelope envelope()
{
    smtp::Envelope envelope;
    envelope.reversePath = {"sender", "client.example"};
    envelope.recipients = {smtp::EnvelopeRecipient{{"bob", "example.test"}, {}, {}}};
    return envelope;
}

/// The first row whose reason has these words.
QTreeWidgetItem *rowWith(const QTreeWidget &rows, const QString &words)
{
    for (int i = 0; i < rows.topLevelItemCount(); ++i)
        if (rows.topLevelItem(i)->text(3).contains(words))
            return rows.topLevelItem(i);
    return nullptr;
}

} // namespace

class ChecksTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void listsWhatIsWrong();
    void goesToTheLine_data();
    void goesToTheLine();
    void listsLinksAndPictures();
    void asksServersOnRequest();
    void showsWhatTheSpamFilterSays();
    void isThereForCapturedMailAlone();
    void goesToALineOnceItIsThere();
    void showsTheScreens();

private:
    std::unique_ptr<MessagePane> open(const mail::MessageId &id);
    mail::MessageId capture(const QByteArray &message);
    static QTreeWidget &rowsOf(const MessagePane &pane, const char *name);

    QTemporaryDir m_folder;
    std::unique_ptr<mail::MailSystem> m_system;
};

void ChecksTest::initTestCase()
{
    m_system = std::make_unique<mail::MailSystem>(m_folder.path());
    mail::StartOptions options;
    options.adjust = [](mail::Settings settings) {
        settings.users = {{QStringLiteral("alice"), QStringLiteral("Alice")}};
        settings.listener.enabled = false;
        return settings;
    };
    QVERIFY(test::start(*m_system, options));
}

mail::MessageId ChecksTest::capture(const QByteArray &message)
{
    return test::awaited(m_system->mailboxes().capture({QStringLiteral("captured"), {}}, envelope(), message))
        .value_or(mail::MessageId());
}

std::unique_ptr<MessagePane> ChecksTest::open(const mail::MessageId &id)
{
    auto pane = std::make_unique<MessagePane>(
        m_system->mailboxes(), m_system->outbox(), m_system->sessions(), m_system->settings());
    pane->resize(800, 700);
    pane->setVisible(true);
    pane->open(id);
    if (!QTest::qWaitFor([&pane] { return !pane->message().id.isNull(); }, 20000))
        return nullptr;
    return pane;
}

QTreeWidget &ChecksTest::rowsOf(const MessagePane &pane, const char *name)
{
    for (QTreeWidget *rows : pane.checks().findChildren<QTreeWidget *>())
        if (rows->accessibleName() == QLatin1String(name))
            return *rows;
    qFatal("no such list");
}

void ChecksTest::listsWhatIsWrong()
{
    const auto pane = open(capture(faultyMessage));
    QVERIFY(pane);
    pane->setView(View::Checks);
    const QTreeWidget &rows = rowsOf(*pane, "Checks");
    QTRY_VERIFY_WITH_TIMEOUT(rows.topLevelItemCount() > 0, 20000);
    QCOMPARE(test::nameless(pane->checks()).join(u'\n'), QString());
    QCOMPARE(rows.topLevelItem(0)->text(0), QStringLiteral("Error"));
    QVERIFY(!rows.topLevelItem(0)->icon(0).isNull());
    QCOMPARE(rows.topLevelItem(rows.topLevelItemCount() - 1)->text(0), QStringLiteral("Note"));
    const QTreeWidgetItem *date = rowWith(rows, QStringLiteral("no Date field"));
    QVERIFY(date);
    QCOMPARE(date->text(1), QStringLiteral("Message"));
    QCOMPARE(date->text(2), QStringLiteral("Header"));
    rows.topLevelItem(0)->treeWidget()->setCurrentItem(rowWith(rows, QStringLiteral("no Date field")));
    const auto labels = pane->checks().findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.cbegin(), labels.cend(), [](const QLabel *label) {
        return label->isVisible() && label->text().startsWith(u"The whole message: There is no Date field");
    }));
    const auto *summary = pane->checks().findChild<QLabel *>();
    QVERIFY2(summary->text().contains(u"caniemail.com") && summary->text().startsWith(u"Errors: "),
        qPrintable(summary->text()));
    QCOMPARE(summary->textFormat(), Qt::PlainText);
}

void ChecksTest::goesToTheLine_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("line");
    QTest::newRow("a link") << QStringLiteral("target of the link")
                            << QStringLiteral("<a href=\"javascript:x('<img src=a>')\">words</a>");
    QTest::newRow("a picture") << QStringLiteral("Content-ID of this picture")
                               << QStringLiteral("<img src=\"cid:none\">");
}

void ChecksTest::goesToTheLine()
{
    QFETCH(QString, words);
    QFETCH(QString, line);
    const auto pane = open(capture(faultyMessage));
    QVERIFY(pane);
    pane->setView(View::Checks);
    QTreeWidget &rows = rowsOf(*pane, "Checks");
    QTRY_VERIFY_WITH_TIMEOUT(rowWith(rows, words) != nullptr, 20000);
    QTreeWidgetItem *row = rowWith(rows, words);
    rows.scrollToItem(row);
    QTest::mouseClick(rows.viewport(), Qt::LeftButton, {}, rows.visualItemRect(row).center());
    QCOMPARE(pane->view(), View::Source);
    const auto views = pane->findChildren<TextView *>();
    const auto marksIt = [&views, &line] {
        return std::any_of(views.cbegin(), views.cend(),
            [&line](const TextView *view) { return view->textCursor().selectedText() == line; });
    };
    QTRY_VERIFY_WITH_TIMEOUT(marksIt(), 20000);
    QCOMPARE(pane->preferredView(), View::Checks); // the next message opens with them again
}

void ChecksTest::listsLinksAndPictures()
{
    const auto pane = open(capture(faultyMessage));
    QVERIFY(pane);
    pane->setView(View::Checks);
    const QTreeWidget &rows = rowsOf(*pane, "Links and pictures");
    QTRY_COMPARE_WITH_TIMEOUT(rows.topLevelItemCount(), 2, 20000);
    QCOMPARE(rows.topLevelItem(0)->text(0), QStringLiteral("Link"));
    QCOMPARE(rows.topLevelItem(0)->text(2), QStringLiteral("words"));
    QCOMPARE(rows.topLevelItem(1)->text(0), QStringLiteral("Picture"));
    QCOMPARE(rows.topLevelItem(1)->text(3), QStringLiteral("cid:none"));
}

void ChecksTest::asksServersOnRequest()
{
    test::WebServer server;
    const QByteArray link = "<a href=\"" + server.address(QStringLiteral("/a")).toLatin1() + "\">a</a>\n";
    const auto pane = open(capture("Subject: x\nContent-Type: text/html\n\n" + link));
    QVERIFY(pane);
    pane->setView(View::Checks);
    const QTreeWidget &rows = rowsOf(*pane, "Links and pictures");
    QTRY_COMPARE_WITH_TIMEOUT(rows.topLevelItemCount(), 1, 20000);
    auto *ask = pane->checks().findChild<QPushButton *>();
    QVERIFY(ask && ask->isEnabled());
    QCOMPARE(rows.topLevelItem(0)->text(4), QString());
    ask->click();
    QVERIFY(!ask->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(rows.topLevelItem(0)->text(4).startsWith(u"Not asked: "), 20000);
    QVERIFY(ask->isEnabled());
    QCOMPARE(server.connections(), 0); // one of this network
}

void ChecksTest::showsWhatTheSpamFilterSays()
{
    test::ScriptedSpamd spamd(test::spamdAnswer("True ; 6.1 / 5.0", " 6.1 BAYES_99 <b>Words</b>\r\n"));
    const mail::Settings before = m_system->settings().value();
    mail::Settings settings = before;
    settings.spamd = spamd.address();
    QVERIFY(test::awaited(m_system->settings().set(settings)));
    const auto pane = open(capture(faultyMessage));
    QVERIFY(pane);
    QVERIFY(spamd.request().isEmpty());
    pane->setView(View::Checks);
    const QTreeWidget &rows = rowsOf(*pane, "Checks");
    QTRY_VERIFY_WITH_TIMEOUT(rowWith(rows, QStringLiteral("BAYES_99")) != nullptr, 20000);
    QCOMPARE(rowWith(rows, QStringLiteral("BAYES_99"))->text(3),
        QStringLiteral("A rule of the spam filter: BAYES_99, score 6.1: <b>Words</b>"));
    QCOMPARE(rowWith(rows, QStringLiteral("for spam: score 6.1, of 5"))->text(0), QStringLiteral("Warning"));
    QVERIFY(rowWith(rows, QStringLiteral("no Date field")));
    QVERIFY(test::awaited(m_system->settings().set(before)));
}

void ChecksTest::isThereForCapturedMailAlone()
{
    const auto pane = open(capture(faultyMessage));
    QVERIFY(pane);
    const auto *tabs = pane->findChild<QTabBar *>();
    QVERIFY(tabs->isTabVisible(int(View::Checks)));
    pane->setView(View::Checks);
    const mail::FolderId inbox{QStringLiteral("alice"), {}};
    QVERIFY(test::awaited(m_system->mailboxes().keepMessages(inbox, {{"Subject: Hers\n\nHello\n", {}}})));
    const mail::RowPage page = test::rowsOnceThere(*m_system, inbox);
    QVERIFY(!page.rows.isEmpty());
    pane->open(page.rows.constFirst().id);
    QTRY_COMPARE_WITH_TIMEOUT(pane->message().subject, QStringLiteral("Hers"), 20000);
    QVERIFY(!tabs->isTabVisible(int(View::Checks)));
    QCOMPARE(pane->view(), View::Message);
}

/// A long text is filled in piece by piece, and its long lines are broken.
void ChecksTest::goesToALineOnceItIsThere()
{
    TextView view(TextView::Look::Source);
    QString text = QString(60'000, u'x') + u'\n';
    for (int line = 2; line <= 20'000; ++line)
        text += QStringLiteral("line %1\n").arg(line);
    view.showText(text);
    QVERIFY(view.isFilling());
    view.goToLine(15'000);
    QTRY_COMPARE_WITH_TIMEOUT(view.textCursor().selectedText(), QStringLiteral("line 15000"), 20000);
    view.goToLine(2);
    QCOMPARE(view.textCursor().selectedText(), QStringLiteral("line 2"));
    view.goToLine(1'000'000);
    QCOMPARE(view.textCursor().selectedText(), QStringLiteral("line 2"));
}

void ChecksTest::showsTheScreens()
{
    const auto pane = open(capture(faultyMessage));
    QVERIFY(pane);
    pane->setView(View::Checks);
    const QList<QToolButton *> pictures = pane->checks().screens().findChildren<QToolButton *>();
    QVERIFY(!pictures.isEmpty());
    QVERIFY(std::none_of(
        pictures.cbegin(), pictures.cend(), [](const QToolButton *one) { return one->isEnabled(); }));
    pane->checks().showScreens();
    const auto areDrawn = [&pictures] {
        return std::all_of(
            pictures.cbegin(), pictures.cend(), [](const QToolButton *one) { return one->isEnabled(); });
    };
    QTRY_VERIFY_WITH_TIMEOUT(areDrawn(), 60000);
    QCOMPARE(test::nameless(pane->checks()).join(u'\n'), QString());
    QCOMPARE(test::tipless(pane->checks()).join(u'\n'), QString());
}

QTEST_MAIN(ChecksTest)
#include "tst_checks.moc"
